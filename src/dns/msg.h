/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The anatomy of a DNS message as it lies in its bytes: every field with its offset, names in the
 * case they came in, and, when the message breaks a rule, which byte breaks which rule and all
 * that could be read before (and, where it can be told, after) it.
 *
 *	const struct msg *m = msg_read(arena, wire);
 *	if (m->ndefects)
 *		... msg_defect_text(m->defects[0].rule), m->defects[0].offset ...
 */
#ifndef DNS_MSG_H
#define DNS_MSG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/span.h"
#include "dns/name.h"

enum msg_section { MSG_QUESTION, MSG_ANSWER, MSG_AUTHORITY, MSG_ADDITIONAL, MSG_SECTIONS };

/* A question as it is asked or echoed. */
struct question {
	const struct name *name; /* len 0 when it could not be read */
	uint16_t type, class;
};

struct rr {
	uint8_t section; /* enum msg_section */
	uint16_t type, class, rdlength;
	uint32_t ttl;
	const struct name *owner;      /* len 0 when it could not be read */
	const uint8_t *rdata;	       /* rdlength octets in the message; names perhaps packed */
	uint32_t offset, rdata_offset; /* of the owner and of the rdata in the message */
};

/* Rules a message can break; the table in msg.c has text and source of each. */
enum msg_rule {
	MSG_SHORT_HEADER,   /* fewer than 12 octets */
	MSG_NAME_CUT,	    /* a name runs past the end */
	MSG_NAME_LONG,	    /* over 255 octets */
	MSG_NAME_POINTER,   /* a compression pointer that does not point backwards */
	MSG_NAME_LABEL,	    /* label type 01 or 10 */
	MSG_QUESTION_CUT,   /* the question ends inside type or class */
	MSG_RR_CUT,	    /* a record ends inside its fixed fields */
	MSG_RDATA_CUT,	    /* rdata runs past the end of the message */
	MSG_RDATA_FORM,	    /* rdata does not have its type's form */
	MSG_COUNTS_HIGH,    /* the header promises more records than there are octets for */
	MSG_TRAILING,	    /* octets behind the last record */
	MSG_OPT_PLACE,	    /* OPT not in additional, or its owner is not the root */
	MSG_OPT_TWICE,	    /* more than one OPT */
	MSG_OPT_OPTION_CUT, /* an option runs past the OPT's rdata */
	MSG_QUESTIONS_MANY, /* QDCOUNT over 1 with opcode QUERY (RFC 9619) */
	MSG_RULES
};

struct msg_defect {
	uint8_t rule;	 /* enum msg_rule */
	uint8_t section; /* where the reader stood */
	uint32_t offset; /* of the offending octet */
};

struct edns_opt {
	uint16_t code, length;
	const uint8_t *data; /* inside the message */
	uint32_t offset;
};

struct edns {
	bool present;
	uint8_t version;
	uint16_t size;	/* requestor's UDP payload size */
	uint16_t flags; /* with EDNS_DO */
	const struct edns_opt *opts;
	size_t nopts;
};

struct msg {
	struct span wire; /* the reader's own copy, in its arena */
	bool has_header;
	uint16_t id, flags; /* flags: the header's second 16 bits, whole */
	uint8_t opcode;
	uint16_t rcode;		       /* with the upper bits from OPT (RFC 6891 6.1.3) */
	uint16_t counts[MSG_SECTIONS]; /* as the header says */
	uint32_t end;		       /* octets understood from the start */
	const struct question *questions;
	size_t nquestions;
	const struct rr *rrs; /* answer, authority, additional, in order; OPT is among them */
	size_t nrrs;
	struct edns edns;
	const struct msg_defect *defects;
	size_t ndefects;
};

/*
 * Reads a copy of wire. Never fails: a message of noise is a msg with defects and perhaps no
 * header. At most 65,535 octets are looked at. The result belongs to the arena.
 */
const struct msg *msg_read(struct arena *a, struct span wire);

/*
 * A message that only trailing octets or a second question spoil can still be used; one whose
 * counted records cannot all be read cannot.
 */
bool msg_usable(const struct msg *m);

/* One line: what the rule is ("compression pointer does not point backwards (RFC 1035 4.1.4)"). */
const char *msg_rule_text(enum msg_rule rule);
/* The rule's slug, as tapes and JSON write it ("name-pointer"); and back, -ERR_NONE. */
const char *msg_rule_slug(enum msg_rule rule);

/* Writes every defect on one line: "offset 29 (answer): rdata runs past the end …; …". */
void msg_defects_text(const struct msg *m, struct buf *b);

/*
 * The name that begins skip octets into an RR's rdata, decompressed (NS, CNAME, PTR, DNAME: 0;
 * MX: 2; SOA MNAME: 0, RNAME behind it). *skip becomes the octet of the rdata after it; skip may be
 * NULL for 0. -ERR_PARSE when it does not fit.
 */
int msg_rdata_name(const struct msg *m, const struct rr *rr, struct name *ret, uint16_t *skip);

/* SOA fields; names in the case they came in. */
struct soa {
	struct name mname, rname;
	uint32_t serial, refresh, retry, expire, minimum;
};
int msg_rdata_soa(const struct msg *m, const struct rr *rr, struct soa *ret);

/* The first RR of that type and section with that owner (NULL: any owner); NULL when none. */
struct rr_wanted {
	enum msg_section section;
	uint16_t type;		  /* 0: any */
	const struct name *owner; /* NULL: any */
};
const struct rr *msg_find(const struct msg *m, struct rr_wanted w);

/* How many such RRs there are. */
size_t msg_count(const struct msg *m, struct rr_wanted w);

/* The first option of that code; NULL when none. */
const struct edns_opt *msg_option(const struct msg *m, uint16_t code);

/* What a reply says about its question: the field's terms (RFC 9499), RFC 2308 2.1 and 2.2. */
enum msg_meaning {
	MEANS_ANSWER,	/* NOERROR, the type asked for is there */
	MEANS_ALIAS,	/* NOERROR, CNAMEs only */
	MEANS_NODATA,	/* NOERROR, name exists, type does not */
	MEANS_REFERRAL, /* NOERROR, NS of a zone below, no AA */
	MEANS_UPWARD,	/* NOERROR, NS of the root or a zone above the one asked: lame */
	MEANS_NXDOMAIN,
	MEANS_SERVFAIL,
	MEANS_REFUSED,
	MEANS_TRUNCATED, /* TC: what there is, is not all */
	MEANS_OTHER_RCODE,
	MEANS_UNREADABLE,
};

/*
 * Judges m as the reply to q. zone (may be NULL: unknown) is the zone that the server was asked
 * for: NS records of zone itself or above it in a non-answer are MEANS_UPWARD.
 */
enum msg_meaning msg_meaning(
	const struct msg *m, const struct question *q, const struct name *zone);

/* Where the alias chain from q's name ends, at most 16 steps; q's name when there is none. */
struct name msg_chain_end(const struct msg *m, const struct question *q);

#endif
