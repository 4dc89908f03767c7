/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Servers of other operators that a walk met and that answer: to compare with. */
#ifndef PROBE_CONTROLS_H
#define PROBE_CONTROLS_H

#include "probe/place.h"
#include "probe/walk.h"

enum { CONTROLS_MOST = 4 }; /* chosen from the walk, of an address family */

struct controls VEC(struct place_control);

struct controls_search {
	const struct facts *facts;
	const struct walk *walk;
	uint8_t family;
	struct VEC(struct addr) targets; /* these are none */
};

/* Adds first one of each zone, then a second of each, and so on, while there is room for more. */
void controls_walked(struct arena *a, const struct controls_search *s, struct controls *list);

#endif
