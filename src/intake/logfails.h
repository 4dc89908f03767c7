/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Domains whose look-ups failed, as logs tell of them: for each what failed and how, how often,
 *when first and last. It holds a bounded number of domains: once it is full, failures of further
 *ones are counted only (left_out). None of those that it holds ever goes to make room, so that
 *every number in it is exact, and a flood of made-up domains late in a log cannot push out what
 *came before it.
 *
 *	struct logfails *f = logfails_new(arena, 100000, &rng);
 *	logfails_add(f, &(struct logfail){ .domain = name, .type = RR_MX, .what = LOGFAIL_MX,
 *						 .how = LOGFAIL_TEMPORARY }, when);
 *	const struct logfail_domain **v = logfails_sorted(f, arena);	// the most frequent first
 */
#ifndef INTAKE_LOGFAILS_H
#define INTAKE_LOGFAILS_H

#include <stdbool.h>

#include "base/addr.h"
#include "base/arena.h"
#include "base/rng.h"
#include "base/table.h"
#include "dns/name.h"

/* What failed; the type of the look-up stands beside it, where the line says it. */
enum logfail_what {
	LOGFAIL_ROUTE, /* MX of the domain or its hosts' addresses: the line does not say which */
	LOGFAIL_MX,    /* the domain's MX */
	LOGFAIL_MX_HOSTS, /* addresses of the domain's mail exchangers, which are not named */
	LOGFAIL_ADDRESS,  /* the addresses of this host */
	LOGFAIL_HELO,	  /* the addresses of the name that a client called itself */
	LOGFAIL_PTR,	  /* the name of an address: the domain is the reverse name */
	LOGFAIL_TLSA,
	LOGFAIL_SPF,
	LOGFAIL_DKIM,
	LOGFAIL_DMARC,
	LOGFAIL_TXT,	  /* another TXT record */
	LOGFAIL_NULL_MX,  /* no failure: the domain says that it takes no mail (RFC 7505) */
	LOGFAIL_MX_LOOP,  /* no failure: its MX leads back to the host that wrote the log */
	LOGFAIL_UNROUTED, /* no way was found; whether for DNS, the line does not say */
	LOGFAIL_QUERY,	  /* a resolver's look-up */
	LOGFAIL_SERVER,	  /* one of its questions to one server: others may have answered */
	LOGFAIL_WHATS,
};

/* What came back, where that is known: captures tell, lines of logs do not. */
enum logfail_came {
	LOGFAIL_REPLY_UNTOLD,
	LOGFAIL_REPLY_RCODE, /* a reply of this code */
	LOGFAIL_REPLY_NONE,
	LOGFAIL_REPLY_ICMP, /* an ICMP error, and no reply */
};

struct logfail_reply {
	uint8_t came; /* enum logfail_came */
	uint16_t rcode;
};

enum logfail_how {
	LOGFAIL_TEMPORARY, /* nobody gave an answer that counts: mail is deferred */
	LOGFAIL_PERMANENT, /* there is no such name or record: mail is bounced */
	LOGFAIL_UNKNOWN,   /* the line has one word for both */
	LOGFAIL_HOWS,
};

struct logfail {
	struct name domain;
	uint16_t type; /* enum rr_type; 0: the line does not say */
	uint8_t what;  /* enum logfail_what */
	uint8_t how;   /* enum logfail_how */
	bool theirs;   /* the other side said so in its reply: it looked up, elsewhere */
	struct logfail_reply reply;
	struct addr by; /* the server that was asked; ADDR_NONE: not told */
};

/* One way in which look-ups of a domain failed. */
struct logfail_row {
	struct logfail_row *next;
	uint16_t type;
	uint8_t what, how;
	bool theirs;
	struct logfail_reply reply;
	struct addr by;
	uint64_t count;	      /* lines, or queries */
	uint64_t first, last; /* microseconds since 1970, UTC; 0: no line had a time */
};

struct logfail_domain {
	struct table_node node;
	const struct name *name;  /* in lower case */
	struct logfail_row *rows; /* the most frequent first, once sorted */
	unsigned int n;		  /* of rows */
	uint64_t count;		  /* lines of all of them */
};

enum { LOGFAIL_ROWS_MOST = 32 }; /* of a domain */

struct logfails {
	struct arena *arena;
	struct table table;
	uint8_t key[16]; /* of its hash: names are strangers' choice */
	size_t most;
	size_t domains;	   /* held */
	uint64_t count;	   /* lines that were counted, with those left out */
	uint64_t left_out; /* lines of domains, or of rows, for which there was no room */
};

/* Has room for `most` domains, about 400 octets each, taken as they come. The arena's. */
struct logfails *logfails_new(struct arena *a, size_t most, struct rng *r);

/* Counts one line; when: microseconds, or 0. The domain is in lower case. */
void logfails_add(struct logfails *f, const struct logfail *fail, uint64_t when);

/* The domain of that name, in lower case; NULL: it is not held. */
struct logfail_domain *logfails_find(const struct logfails *f, const struct name *n);

/*
 * All domains (f->domains of them), the most frequent first, equal ones in canonical order of their
 * names, and so their rows. The list belongs to the arena; rows stay f's own.
 */
struct logfail_domain **logfails_sorted(struct logfails *f, struct arena *a);

/* Slugs: "mx-hosts", "temporary". */
const char *logfail_what_text(enum logfail_what what);
const char *logfail_how_text(enum logfail_how how);

#endif
