/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a walk has seen to exist: questions that a zone answers, and names to ask for. */
#ifndef PROBE_EXISTING_H
#define PROBE_EXISTING_H

#include "base/arena.h"
#include "facts/facts.h"

/*
 * Appends to the n questions of v (room for most) those with data in the zone that the walk's
 * facts show, none twice: mostly addresses of its servers. How many there are then.
 */
struct existing {
	struct question *v;
	size_t n, most;
};
void existing_questions(const struct facts *f, const struct name *zone, struct existing *e);

/*
 * Names that exist: the zone (NULL: none), those in it, and the zones on the way but the root. In
 * the arena.
 */
const struct name *const *existing_names(
	struct arena *a, const struct facts *f, const struct name *zone, size_t *ret_n);

#endif
