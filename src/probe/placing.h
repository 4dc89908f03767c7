/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What of a sweep is to be asked at controls (probe/place.h), and from which ports. */
#ifndef PROBE_PLACING_H
#define PROBE_PLACING_H

#include "probe/place.h"
#include "probe/sweep.h"

struct placing_plan {
	struct sweep *const *sweeps; /* all of the run, in their order */
	size_t nsweeps;
	const struct sweep_plan *how; /* source, transport, shape and times of the sweeps */
};

/*
 * Fills in all of the plan but its controls and random numbers for that sweep. false: nothing of it
 * is blocked, or an earlier one of its family has the same set. In the arena.
 */
bool placing_plan(
	struct arena *a, const struct placing_plan *p, size_t index, struct place_plan *ret);

/* How often a blocked port has to be silent at each of so many controls. */
unsigned int placing_silences(const struct sweep *s, size_t controls);

/* The ports from which a sweep was answered. */
void placing_open(const struct sweep *s, struct portset *ret);

#endif
