/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Several servers asked in the shapes of the table (probe/shapes.h) side by side; then servers of
 * other operators in those that were dropped, which tells a filter here from one over there.
 */
#ifndef PROBE_SHAPING_H
#define PROBE_SHAPING_H

#include "probe/place.h"
#include "probe/shapes.h"
#include "probe/stock.h"

enum { SHAPING_CONTROLS = 2 }; /* asked of each address family */

struct shaping_target {
	struct addr server;	    /* with port */
	const struct portset *open; /* ports that reach it; NULL: unknown */
	uint64_t lend_of;	    /* what of the question its replies depend on, as a hash */
};

struct shaping_plan {
	const struct shaping_target *targets;
	size_t ntargets;
	struct shapes_plan shapes;	      /* server is filled in for each */
	const struct place_control *controls; /* in the order in which they are wanted */
	size_t ncontrols;
	struct stock_lend *lend; /* NULL: nothing is lent */
};

struct shaping;

/* The facts are where its observations go. The plan is copied, what it points to is borrowed. */
struct shaping *shaping_new(
	struct arena *a, const struct facts *f, const struct shaping_plan *plan);
struct probe *shaping_probe(struct shaping *s);

#endif
