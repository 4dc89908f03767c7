/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Choosing them. */
#include "probe/controls.h"

#include "dns/rr.h"

static bool has_replied(const struct facts *f, const struct addr *a)
{
	for (size_t i = 0; i < f->n; i++)
		if (addr_equal(&f->v[i]->ask.server, a) && observation_replied(f->v[i]))
			return true;
	return false;
}

static bool is_target(const struct controls_search *s, const struct addr *a)
{
	vec_each (const struct addr, t, s->targets)
		if (addr_same_host(t, a))
			return true;
	return false;
}

static bool is_control(const struct controls *list, const struct addr *a)
{
	vec_each (const struct place_control, c, *list)
		if (addr_same_host(&c->server, a))
			return true;
	return false;
}

static size_t of_zone(const struct controls *list, const struct name *zone)
{
	size_t n = 0;

	vec_each (const struct place_control, c, *list)
		n += name_equal(c->question.name, zone);
	return n;
}

void controls_walked(struct arena *a, const struct controls_search *s, struct controls *list)
{
	const struct walk_other *others;
	size_t n = walk_others(s->walk, &others);

	for (size_t most = 1; most <= CONTROLS_MOST; most++)
		for (size_t i = 0; i < n && list->n < CONTROLS_MOST; i++) {
			const struct walk_other *o = &others[i];

			if (o->addr.family != s->family || of_zone(list, o->zone) >= most ||
				is_target(s, &o->addr) || is_control(list, &o->addr) ||
				!has_replied(s->facts, &o->addr))
				continue;
			vec_push(a, list,
				(struct place_control){ .server = o->addr,
					.question = { o->zone, RR_SOA, CLASS_IN } });
		}
}
