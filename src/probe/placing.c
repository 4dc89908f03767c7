/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a sweep to the plan of its controls. */
#include "probe/placing.h"

#include "base/stats.h"

enum { SILENCES_LEAST = 3 }; /* at one control */

#define NEAR_ERROR 1e-6

/* How many silences at one control, so that all of them together leave no doubt. */
unsigned int placing_silences(const struct sweep *s, size_t controls)
{
	const struct ports_table *t = sweep_table(s);
	unsigned int all =
		stats_silences(ports_loss_upper(t) > 0.9 ? 0.9 : ports_loss_upper(t), NEAR_ERROR);
	unsigned int each = (unsigned int)((all + controls - 1) / controls) + 1;

	return each < SILENCES_LEAST ? SILENCES_LEAST : each;
}

void placing_open(const struct sweep *s, struct portset *ret)
{
	const struct ports_table *t = sweep_table(s);

	for (uint32_t p = 1; p < 65536; p++)
		if (ports_at(t, p)->replies)
			portset_add(ret, (uint16_t)p);
}

/* What is to be placed: what is blocked, or policed; a hash is on the path, whatever controls say.
 */
static void to_place(const struct sweep *s, struct portset *ret)
{
	struct ports_scope scope = sweep_scope(s);
	struct ports_result r;

	ports_judge(sweep_table(s), &scope, &r);
	*ret = r.pattern == PATTERN_POLICER ? r.policed : r.blocked;
}

/* Has an earlier sweep of that family the same set? Then its controls speak for both. */
static bool placed(const struct placing_plan *p, size_t before, const struct portset *blocked)
{
	uint8_t family = sweep_server(p->sweeps[before])->family;

	for (size_t i = 0; i < before; i++) {
		struct portset b;

		to_place(p->sweeps[i], &b);
		if (sweep_server(p->sweeps[i])->family == family && portset_equal(&b, blocked))
			return true;
	}
	return false;
}

bool placing_plan(
	struct arena *a, const struct placing_plan *p, size_t index, struct place_plan *ret)
{
	const struct sweep *s = p->sweeps[index];
	struct portset *blocked = arena_alloc(a, sizeof(*blocked));
	struct portset *open = arena_alloc(a, sizeof(*open));
	struct portset *asked = arena_dup(a, &sweep_table(s)->asked, sizeof(*asked));

	to_place(s, blocked);
	if ((portset_empty(blocked) && !sweep_unreachable(s)) || placed(p, index, blocked))
		return false;
	placing_open(s, open);
	portset_and(asked, blocked);
	*ret = (struct place_plan){
		.target = { .server = *sweep_server(s), .question = sweep_question(s) },
		.source = p->how->source,
		.transport = p->how->transport,
		.blocked = blocked,
		.asked = asked,
		.open = open,
		.timeout = p->how->timeout,
		.spacing = p->how->spacing,
		.shape = p->how->shape,
	};
	return true;
}
