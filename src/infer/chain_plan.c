/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which questions a check of the tree validates. */
#include "dns/rr.h"
#include "infer/chain.h"

/* A name that hardly anybody has. */
static const char absent_label[] = "dnsfault-no-such-name";

static void add(struct tree *t, struct chains *list, const struct name *name, uint16_t type)
{
	vec_push(t->arena, list, chain_validate(t, name, type));
}

struct chains chain_planned(struct tree *t)
{
	const struct tree_plan *plan = t->plan;
	struct chains list = { 0 };
	struct name absent;

	if (plan->lookup.name) {
		add(t, &list, plan->lookup.name, plan->lookup.type);
		return list;
	}
	if (plan->cases.n)
		return list;
	add(t, &list, plan->zone, RR_SOA);
	/* An apex has one of these two, so the other is a type that it has not. */
	add(t, &list, plan->zone, RR_NSEC);
	add(t, &list, plan->zone, RR_NSEC3PARAM);
	if (name_prepend(plan->zone, absent_label, &absent) == 0)
		add(t, &list, tree_name(t, &absent), RR_A);
	return list;
}
