/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What servfail.c and the makes of resolvers share: a lookup under way, and what a make does next.
 * A make is four functions over a walk; it keeps what it knows of a server from lookup to lookup in
 * struct servfail_memory, and what it knows within one in struct servfail_tried.
 */
#ifndef INFER_SERVFAIL_WALK_H
#define INFER_SERVFAIL_WALK_H

#include "base/rng.h"
#include "infer/servfail.h"

enum { SERVFAIL_STEPS = 512 }; /* tries of one lookup that are looked at */

#define SERVFAIL_MS UINT64_C(1000)    /* µs */
#define SERVFAIL_S  UINT64_C(1000000) /* µs */

/* Which tries leave from the same port. */
enum servfail_reuse {
	SERVFAIL_FRESH,	       /* none */
	SERVFAIL_WHILE_SERVER, /* those to one server, until another one is asked */
	SERVFAIL_PER_SERVER,   /* those to one server in one lookup */
	SERVFAIL_PER_LOOKUP,   /* those of one lookup */
};

/* Of one server; each make in its own unit. */
struct servfail_memory {
	bool known;	       /* asked before */
	double srtt, var, rto; /* smoothed round trip, its deviation, time-out */
	uint32_t losses;       /* in a row */
	uint64_t until;	       /* µs: left alone till then */
	uint64_t since;	       /* µs: when it was first asked, or last changed */
	uint64_t open;	       /* µs: a TCP connection to it stands till then */
};

/* Of one server in one lookup; the makes count turns and marks themselves. */
struct servfail_tried {
	uint32_t tries, silent, turns;
	bool marked; /* not to be asked in this round */
};

struct servfail_walk;

struct servfail_try {
	uint32_t server;
	bool tcp;
	uint64_t wait;	/* µs until it counts as lost */
	bool connected; /* over a TCP connection that stands */
	bool late;	/* a reply is taken later, too */
	bool partial;	/* a reply is no answer yet: it only leads on */
	bool capped;	/* the server was given less time than it is due (kresd) */
	uint64_t due;	/* µs that the time-out was computed as, over whatever (kresd) */
};

struct servfail_make {
	void (*begin)(struct servfail_walk *w);
	/* The next try, or false: gives up now. */
	bool (*next)(struct servfail_walk *w, struct servfail_try *ret);
	void (*silent)(struct servfail_walk *w, const struct servfail_try *t);
	void (*answered)(struct servfail_walk *w, const struct servfail_try *t);
	bool draws; /* it draws or remembers */
};

/* A span of versions of a software that behave alike. */
struct servfail_row {
	const char *software;
	const char *from, *before; /* versions, from <= it < before; "": open */
	const struct servfail_make *make;
	enum servfail_reuse reuse;
	uint32_t tries;	       /* to each address in one lookup (makes without code of their own) */
	uint64_t wait;	       /* µs for each of them */
	uint64_t limit;	       /* µs for all; 0: none */
	uint32_t tcp_after;    /* silences of a server until TCP; 0: never */
	uint64_t silent_after; /* µs, as in the case; 0: never */
	bool twice;	       /* each try is sent twice (Unbound) */
	bool mute;	       /* says nothing to the client when it gives up */
	bool assumed;	       /* parts are not known */
	uint32_t life;	       /* ports drawn for life, when the case does not say */
};

struct servfail_walk {
	const struct servfail_case *c;
	const struct servfail_row *row;
	struct rng rng;
	uint64_t began; /* µs: the time, at the begin of the lookup */
	uint64_t now;	/* µs since then */
	struct servfail_memory memory[SERVFAIL_SERVERS];
	struct servfail_tried tried[SERVFAIL_SERVERS];
	uint32_t sent, silences;       /* of this lookup */
	uint32_t round, turns;	       /* of it, the makes' own */
	uint32_t last;		       /* server of the last try, the makes' own */
	uint32_t asked;		       /* server of the last try */
	bool again, tcp, udp, partial; /* what a make has to remember within a lookup */
	uint32_t lost;		       /* turns in a row without a reply (Unbound) */
	uint32_t favourite, since_all; /* dnsmasq: the server that it keeps to; lookups since */
	uint64_t all_at;	       /* dnsmasq: when it asked all */
	bool parent_known;	       /* Unbound: it has the delegation as the parent has it */
};

/* The row that holds for a version (NULL: the newest); NULL: none. */
const struct servfail_row *servfail_row_of(const char *software, const char *version);

/* Makes with code of their own, in servfail_recursors.c and servfail_unbound.c. */
extern const struct servfail_make servfail_bind, servfail_kresd, servfail_pdns, servfail_unbound;
/* Those that only forward, in servfail_rows.c. */
extern const struct servfail_make servfail_plain, servfail_dnsmasq;

#endif
