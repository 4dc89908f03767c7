/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chooses controls. */
#include "probe/controls.h"

#include "dns/rr.h"

enum { CONTROLS_MOST = 4 }; /* chosen from the walk */

static bool is_target(const struct controls_plan *p, const struct addr *a)
{
	for (size_t i = 0; i < p->ntargets; i++)
		if (addr_same_host(&p->targets[i], a))
			return true;
	return false;
}

static bool has_replied(const struct facts *f, const struct addr *a)
{
	for (size_t i = 0; i < f->n; i++)
		if (addr_equal(&f->v[i]->ask.server, a) && observation_replied(f->v[i]))
			return true;
	return false;
}

static bool is_control(const struct VEC_controls *list, const struct addr *a)
{
	vec_each (struct place_control, c, *list)
		if (addr_same_host(&c->server, a))
			return true;
	return false;
}

static size_t of_zone(const struct VEC_controls *list, const struct name *zone)
{
	size_t n = 0;

	vec_each (struct place_control, c, *list)
		n += name_equal(c->question.name, zone);
	return n;
}

static void add_control(struct arena *a, const struct controls_plan *p,
	const struct walk_other *other, struct VEC_controls *list)
{
	if (is_target(p, &other->addr) || is_control(list, &other->addr) ||
		!has_replied(p->facts, &other->addr))
		return;
	vec_push(a, list,
		(struct place_control){
			.server = other->addr, .question = { other->zone, RR_SOA, CLASS_IN } });
}

/* Servers met on the walk that answer: first one of each zone, then a second of each, and so on. */
static void walked(struct arena *a, const struct controls_plan *p, struct VEC_controls *list)
{
	const struct walk_other *others;
	size_t n = walk_others(p->walk, &others);

	for (size_t most = 1; most <= CONTROLS_MOST; most++)
		for (size_t i = 0; i < n && list->n < CONTROLS_MOST; i++)
			if (others[i].addr.family == p->family &&
				of_zone(list, others[i].zone) < most)
				add_control(a, p, &others[i], list);
}

void controls_choose(struct arena *a, const struct controls_plan *plan, struct VEC_controls *list)
{
	for (size_t i = 0; i < plan->ngiven; i++)
		if (plan->given[i].server.family == plan->family)
			vec_push(a, list, plan->given[i]);
	if (!plan->ngiven && plan->walk)
		walked(a, plan, list);
}
