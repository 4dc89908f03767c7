/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The resolver's own side put together: what its configuration says it draws source ports from,
 * what was seen of it, whether the two agree, and what part of it each swept server drops.
 */
#ifndef INFER_POOLS_H
#define INFER_POOLS_H

#include "base/arena.h"
#include "base/portset.h"
#include "base/vec.h"
#include "facts/facts.h"
#include "infer/pool.h"
#include "infer/ports.h"
#include "infer/servfail.h"

/* Queries from one address as one source saw them. */
struct pool_seen {
	const struct pool_estimate *estimate;
	const struct audit *audit; /* that it is compared with; NULL: none */
	const struct pool *said;
	struct pool_fits fits; /* of the beacon's: ports as they arrive */
};

/* What a share was computed with. */
enum pool_basis {
	BASIS_NONE,
	BASIS_SAID,    /* the configuration, which nothing that was seen contradicts */
	BASIS_SEEN,    /* ports as they left the resolver's host */
	BASIS_ARRIVES, /* ports as they arrived at a beacon, behind any NAT */
};

/* Queries to one server that were seen, by the side of its blocked set that they came from. */
struct pool_toll {
	uint32_t asked, answered, silent; /* the rest of asked: not told */
};

/* What one server's blocked set costs the resolver. */
struct exposure {
	struct addr server;
	enum pool_basis basis;
	const struct audit *audit;  /* whose pool it is; NULL: only seen */
	const struct pool *said;    /* BASIS_SAID */
	const struct pool_seen *by; /* BASIS_SEEN, BASIS_ARRIVES */
	const struct portset *pool; /* that queries to the server are drawn from */
	struct portset hit;	    /* of them blocked */
	double fraction;	    /* of queries that are dropped: |hit| / |pool| */
	uint32_t unasked; /* ports of the pool that no sweep was asked for: it may be more */
	/*
	 * The pool misses the blocked set, or not all of it was tested, and yet none of the
	 * resolver's own queries was answered, and they were enough to tell: fraction is 1 by that.
	 */
	bool by_toll;
	bool untested; /* no port of the pool could be tested, and no answer to one was seen */
	/*
	 * Some of the pool is in the blocked set, and yet all of the resolver's own queries from
	 * there were answered: fraction is 0 by that, and hit is empty.
	 */
	bool refuted;
	struct pool_toll from_hit, from_rest;
	struct pool_toll tcp; /* queries and connections over TCP, from any port */
};

struct pools {
	const struct audit *audit;	       /* the first that was read; NULL: none */
	struct VEC(struct pool_seen) seen;     /* most samples first */
	struct VEC(struct exposure) exposures; /* of servers with a blocked set or a hash */
	/*
	 * What becomes of lookups that the swept servers have to answer, all of one zone; when the
	 * software is known, and something of its pool is dropped.
	 */
	bool predicted;
	struct servfail_result lookups;
	struct servfail_case asked; /* what they were predicted for */
};

/* A sweep's result, as far as exposure needs it. */
struct pools_sweep {
	struct addr server;
	const struct ports_result *ports;
	const struct portset *scope; /* ports asked for, no others were; NULL: all */
	uint32_t rtt;		     /* µs of the quickest reply; 0: unknown */
	bool upstream;		     /* of a forwarder, not a server of the zone */
};

struct pools_sweeps {
	const struct pools_sweep *v;
	size_t n;
};

/* Everything that audits and sightings of the facts allow; zeroed is nothing. */
struct pools pools_infer(
	struct arena *a, const struct facts *f, const struct pools_sweep *sweeps, size_t nsweeps);

/* The exposure to a server; NULL: nothing of its ports is blocked. */
const struct exposure *pools_exposure(const struct pools *p, const struct addr *server);

/* "config", "capture", "beacon", …: the contract's pools[].source. */
const char *pool_basis_slug(enum pool_basis b);

#endif
