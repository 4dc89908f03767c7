/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of the server share; nobody else includes it. */
#ifndef BEACON_BEACON_INNER_H
#define BEACON_BEACON_INNER_H

#include "base/buf.h"
#include "beacon/beacon.h"
#include "beacon/beacon_limit.h"
#include "dns/msg.h"

enum {
	BEACON_QUESTION_AT = 12, /* the question's name, where pointers point to */
	BEACON_PROOF_TEXT = 128, /* octets that hold what a proof is made over */
};

struct beacon {
	struct beacon_setup setup;
	struct name mail; /* RNAME of the SOA */
	struct beacon_limit *limit;
	struct beacon_counts counts;
	struct arena *scratch; /* of one query */
};

/* A query that can be answered. */
struct beacon_seen {
	const struct beacon_query *query;
	const struct msg *msg;
	struct question question;
	struct span cookie; /* the option's data; p NULL: none */
	struct beacon_sample sample;
	struct beacon_label label; /* of a chain, when chained is set */
	bool chained;
	bool proven; /* the sender has received a reply of ours at this address */
};

/* A reply that grows; header and OPT come at the end. */
struct beacon_draft {
	struct buf b;
	uint16_t answers, authorities, additionals, rcode;
	bool truncated;
};

/* Fills answers, authority and additional for a question about the zone's names. */
void beacon_zone_answer(struct beacon *b, const struct beacon_seen *s, struct beacon_draft *d);

/* What proves that the name with this label was given to that address in that epoch. */
uint64_t beacon_proof(const struct beacon *b, const struct beacon_label *l, const struct addr *from,
	uint64_t epoch);

#endif
