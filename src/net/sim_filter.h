/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What drops packets in a simulated network: rules, policers, dead members of a group, full tables,
 * guards, outages.
 */
#ifndef NET_SIM_FILTER_H
#define NET_SIM_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/portset.h"
#include "base/vec.h"
#include "facts/facts.h"

enum sim_hash {
	SIM_HASH_MIXED,	 /* as jhash or a switch with a seed: looks random */
	SIM_HASH_LINEAR, /* XOR of the address's and the port's bits: linear over GF(2) */
	SIM_HASH_PORT,	 /* the source port's bits 4.. alone, as in sets of MAP-E (RFC 7597 5.1) */
};

/*
 * A place that drops packets, in the order of the members. A policer is a bucket of one second's
 * packets (one at least), full at first. Rules and policers are for UDP; a group of members and a
 * table of flows meet TCP, too.
 */
struct sim_filter {
	const struct portset *blocked; /* NULL: none */
	const struct portset *policed; /* only these are policed; NULL with police > 0: all */
	double police;		       /* packets a second that pass the policer; 0: no policer */
	/* Flows are spread over so many members by their addresses and ports; one member is dead.
	 */
	unsigned int members; /* 0: no group; a power of two for hashes that are not mixed */
	enum sim_hash hash;
	uint64_t hash_key; /* which member is dead, how a mixed hash mixes */
	/* A table of flows, as a stateful firewall has: a new flow is dropped while it is full. */
	unsigned int flows; /* 0: no table */
	uint32_t flow_life; /* µs that a flow is kept after its last packet */
	/* A guard against scans: after so many packets it drops all for a time, TCP, too. */
	unsigned int guard_after; /* packets, none of them guard_forgets µs after the one before; 0:
				     no guard */
	uint32_t guard_forgets, guard_lasts; /* µs */
	/* An outage: nothing passes from then until then, µs; 0: none. */
	uint64_t out_from, out_to;
};

/* A bucket of one second, full at first, that holds one token at least. Zeroed to begin with. */
struct sim_bucket {
	double tokens;
	uint64_t at; /* when they were counted; 0: full */
};
bool sim_bucket_take(struct sim_bucket *b, double rate, uint64_t now);

struct sim_flow {
	uint64_t key, until;
};

/* What a filter remembers; zeroed to begin with. */
struct sim_filter_state {
	struct sim_bucket bucket;
	struct VEC(struct sim_flow) flows; /* in the arena that is handed in */
	unsigned int guarded;		   /* packets that the guard has counted */
	uint64_t guard_last, guard_until;  /* the latest of them; when it passes packets again */
};

/* One packet on its way, as a filter sees it. */
struct sim_packet {
	struct addr from, to; /* with ports */
	enum transport transport;
	uint64_t now; /* µs */
};

bool sim_filter_passes(const struct sim_filter *f, struct sim_filter_state *state, struct arena *a,
	const struct sim_packet *p);

#endif
