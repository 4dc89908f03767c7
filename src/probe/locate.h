/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finds the place on the path of every blocked set that sweeps found: one trace for each address
 * family and set, side by side, and then the names of the routers that were met.
 */
#ifndef PROBE_LOCATE_H
#define PROBE_LOCATE_H

#include "base/rng.h"
#include "probe/probe.h"
#include "probe/stock.h"
#include "probe/sweep.h"

struct locate_plan {
	struct sweep *const *sweeps; /* over */
	size_t nsweeps;
	const struct facts *facts; /* with all that was seen so far */
	struct addr source;
	struct shape shape;
	uint32_t timeout;	      /* µs, longest of an ask */
	bool always;		      /* trace servers of which nothing is blocked, too */
	const struct portset *ports;  /* then from one of these, if it is open; NULL: any */
	const struct addr *resolvers; /* asked for names of routers; may be none */
	size_t nresolvers;
	struct stock_lend *lend;
	struct rng rng;
};

struct locate;

/* What the plan points to is borrowed. */
struct locate *locate_new(struct arena *a, const struct locate_plan *plan);
struct probe *locate_probe(struct locate *l);

#endif
