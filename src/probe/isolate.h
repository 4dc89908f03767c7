/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finds out which difference between a query that fails and one that works makes it fail: runs the
 * search of infer/isolate_ends.h, one ask at a time. infer's isolate_collect() reads the facts.
 *
 *	struct isolation *x = isolation_new(arena, &plan);
 *	drive_run(&drive, isolation_probe(x));
 */
#ifndef PROBE_ISOLATE_H
#define PROBE_ISOLATE_H

#include "infer/isolate_ends.h"
#include "probe/probe.h"

struct isolation_plan {
	struct isolate_plan of;
	uint32_t timeout; /* µs, longest */
	uint32_t spacing; /* µs between a silence and the next ask, at least */
};

struct isolation;

/* The plan is copied, what it points to is borrowed. */
struct isolation *isolation_new(struct arena *a, const struct isolation_plan *plan);
struct probe *isolation_probe(struct isolation *x);

#endif
