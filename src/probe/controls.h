/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Servers of other operators that are asked from the same ports: given, or met on the walk. */
#ifndef PROBE_CONTROLS_H
#define PROBE_CONTROLS_H

#include "probe/place.h"
#include "probe/walk.h"

struct controls_plan {
	const struct place_control *given; /* these, if any */
	size_t ngiven;
	const struct addr *targets; /* never a control */
	size_t ntargets;
	const struct walk *walk; /* NULL: none */
	const struct facts *facts;
	uint8_t family;
};

struct VEC_controls VEC(struct place_control);

/* Adds to the list: of the walk's, servers that have replied, few, and of as many zones as can be.
 */
void controls_choose(struct arena *a, const struct controls_plan *plan, struct VEC_controls *list);

#endif
