/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From a resolver's queries that others saw, and what came of them: at which servers queries from
 * which ports stay without an answer more often than others do. This nominates; asking the server
 * from these ports (`dnsfault ports`) confirms: there are other reasons why no reply was seen.
 *
 *	struct nominations n;
 *
 *	nominate(arena, facts, SIGHT_CAPTURE, &n);
 *	vec_each (const struct nominee, x, n.nominees)
 *		use(x);
 */
#ifndef INFER_NOMINATE_H
#define INFER_NOMINATE_H

#include "base/arena.h"
#include "base/portset.h"
#include "facts/facts.h"
#include "infer/pool.h"

enum {
	NOMINATE_SERVERS = 4096, /* that are looked at: those with the most queries */
	NOMINATE_LEAST = 8,	 /* queries to a server, at least */
	NOMINATE_DEAD = 64,	 /* dead servers that are kept */
};

/* P(any nominee | silence does not depend on the port), over all tests of a call together. */
#define NOMINATE_ERROR 1e-3

/* Queries of known end. */
struct nominate_count {
	uint32_t told, silent;
	double low, high; /* 95% bounds (Wilson) of the silent share; 0 and 1 for none told */
};

struct nominee {
	struct addr server;	      /* ADDR_NONE: at all servers together (near us) */
	struct portrange range;	      /* a row of pool_buckets */
	struct portset ports;	      /* of the range, that were silent and never answered */
	struct nominate_count here;   /* this server, these ports */
	struct nominate_count rest;   /* this server, other ports */
	struct nominate_count others; /* other servers that answer at all, these ports */
	double p;		      /* after Bonferroni: of the whole call */
	double weight;		      /* queries silent beyond the share of the rest */
};

struct nominations {
	struct VEC(struct nominee) nominees; /* by weight, heaviest first */
	/* Servers with at least NOMINATE_LEAST queries told and no answer from any port. */
	struct VEC(struct addr) dead; /* the first NOMINATE_DEAD by address */
	uint32_t servers, alive;      /* with queries told; that were tested */
	uint32_t tests;		      /* made */
};

/*
 * Of the sightings of one source over UDP whose end is ANSWERED or SILENT. A question that is asked
 * again from the same port is one query: answered when one of them was.
 *
 * A bucket at a server is nominated when its silent share is above that of the server's other
 * buckets, and, where these have queries enough to tell, above that of the same bucket at other
 * servers. A bucket at all servers is, when it is above the other buckets of each server, taken
 * together without the servers that are nominated alone and without that which says most.
 *
 * Buckets of a server are compared among the queries of one resolver; and where its ports depend on
 * time (a counter, a port for life), among pairs of queries one after the other, so that an outage
 * while ports were in one bucket says nothing. P is the bound of stats_strata_tail(), and each test
 * errs with NOMINATE_ERROR / tests.
 *
 * Costs n log n.
 */
void nominate(struct arena *a, const struct facts *f, enum sighting_source source,
	struct nominations *ret);

#endif
