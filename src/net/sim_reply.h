/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A reply of a simulated server while it is written, and the records put into it. */
#ifndef NET_SIM_REPLY_H
#define NET_SIM_REPLY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "dns/msg.h"
#include "net/sim_zone.h"

enum { SIM_EXPANDED = 4 };

struct sim_reply {
	struct buf *out;
	size_t start;	   /* of the message in out */
	size_t additional; /* where that section begins, when it can be left out; 0: it cannot */
	const struct sim_records *zone;
	bool secure; /* signatures and proofs are wanted, and the zone has them */
	uint16_t flags, counts[MSG_SECTIONS];

	/* Done when the answer is complete, as sections come one after the other. */
	struct name expanded[SIM_EXPANDED]; /* names that wildcards answered */
	size_t nexpanded;
	struct name servers; /* of which zone's servers the addresses follow; len 0: none */
};

/* Which records, and how they are told. */
struct sim_put {
	enum msg_section section;
	const struct name *owner;
	uint16_t type; /* 0: all */
	const struct name
		*as;   /* owner in the reply: a wildcard's is the name asked for; NULL: owner */
	uint32_t most; /* the TTL is this at most; 0: no bound */
};

/* Puts the set with its signatures; false when there is none. */
bool sim_reply_put(struct sim_reply *r, const struct sim_put *p);

/* What is not there, and has to be proven (RFC 4035 3.1.3, RFC 5155 7.2). */
enum sim_absence {
	SIM_NO_TYPE,	  /* the name is there, the type is not */
	SIM_NO_NAME,	  /* neither the name nor a wildcard for it */
	SIM_NO_EXACT,	  /* a wildcard answered: the name itself is not there */
	SIM_NO_WILD_TYPE, /* the same, and the wildcard has not the type */
	SIM_NO_DS,	  /* a delegation without DS */
};
void sim_reply_deny(struct sim_reply *r, enum sim_absence what, const struct name *n);

/* The deepest name at or above n that exists in the zone. */
struct name sim_reply_encloser(const struct sim_reply *r, const struct name *n);

#endif
