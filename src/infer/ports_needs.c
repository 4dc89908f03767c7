/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What must be asked next: silences that are not deep enough where they stand, and ports between
 * two tested ones where a boundary still hides.
 */
#include <stdlib.h>

#include "base/stats.h"
#include "infer/ports_view.h"

enum {
	ALL_PORTS = 16,	   /* no reply from that many ports… */
	ALL_SILENCES = 32, /* … in that many tries: no port answers */
};

bool ports_tested(const struct ports_table *t, uint16_t port)
{
	return ports_open(t, port) || ports_at(t, port)->silent;
}

bool ports_is_seed(uint16_t port)
{
	unsigned int lo = 0, hi = ports_nseeds;

	while (lo < hi) {
		unsigned int mid = (lo + hi) / 2;

		if (ports_seeds[mid] < port)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < ports_nseeds && ports_seeds[lo] == port;
}

bool ports_tried_all(const struct ports_table *t)
{
	unsigned int ports = 0, tries = 0;

	for (int32_t p = portset_next(&t->asked, 0); p >= 0;
		p = portset_next(&t->asked, (uint32_t)p + 1)) {
		if (ports_open(t, (uint16_t)p))
			return false;
		ports += ports_at(t, p)->silent != 0;
		tries += ports_at(t, p)->silent;
	}
	return ports >= ALL_PORTS && tries >= ALL_SILENCES;
}

static void want_between(
	const struct view *v, const struct point *p, const struct stand *s, struct portset *ret)
{
	/*
	 * A single silent port among open ones is most often a rule for just that port, or no rule
	 * at all: look beside it first.
	 */
	bool lone = s->open_left && s->open_right;

	if (s->between_left >= 0)
		portset_add(ret, lone && view_can_ask(v, p->port - 1U) ? (uint16_t)(p->port - 1)
								       : (uint16_t)s->between_left);
	if (s->between_right >= 0)
		portset_add(ret, lone && view_can_ask(v, p->port + 1U)
					 ? (uint16_t)(p->port + 1)
					 : (uint16_t)s->between_right);
}

/*
 * Two silent seeds side by side may be two rules for one port each, so one port between them is
 * asked; in a long silent run that would be one of many and of little use.
 */
static void want_split(const struct view *v, const struct point *p, struct portset *ret)
{
	int32_t between;

	if (p[1].open || view_class(v, p) != RUN_SHORT || !ports_is_seed(p->port) ||
		!ports_is_seed(p[1].port))
		return;
	between = view_midpoint(v, p->port, p[1].port);
	if (between >= 0 && view_seems_blocked(v, p) && view_seems_blocked(v, p + 1))
		portset_add(ret, (uint16_t)between);
}

/* An open port at a boundary has to answer twice, or prove that it does not always. */
static void want_edge(const struct view *v, size_t i, struct portset *ret)
{
	const struct point *p = &v->points->v[i];
	bool left =
		i > 0 && view_seems_blocked(v, p - 1) && view_midpoint(v, p[-1].port, p->port) < 0;
	bool right = i + 1 < v->points->n && view_seems_blocked(v, p + 1) &&
		     view_midpoint(v, p->port, p[1].port) < 0;

	if ((left || right) && !ports_settled(v->t, p->port))
		portset_add(ret, p->port);
}

static void want_point(const struct view *v, size_t i, struct portset *ret)
{
	const struct point *p = &v->points->v[i];
	struct stand s = view_stand(v, i);
	bool midway = s.between_left >= 0 || s.between_right >= 0;

	if (midway ? !view_seems_blocked(v, p) : !view_deep(v, i, &s))
		portset_add(ret, p->port);
	else
		want_between(v, p, &s, ret);
	if (i + 1 < v->points->n)
		want_split(v, p, ret);
}

bool ports_too_lossy(const struct ports_table *t)
{
	return stats_rate_lower(t->steady_lost, t->steady_sent, 0.999) > 0.5;
}

void ports_needs(
	const struct ports_table *t, const struct ports_scope *scope, struct portset *ret_ports)
{
	enum ports_suspicion suspicion = ports_suspect(t, scope);
	struct view v;

	*ret_ports = (struct portset){ 0 };
	if (ports_too_lossy(t) || ports_tried_all(t) ||
		(suspicion != SUSPECT_NOTHING && suspicion != SUSPECT_CLOCK))
		return;
	v = view_new(t, scope);
	for (size_t i = 0; i < v.points->n; i++) {
		if (v.points->v[i].open)
			want_edge(&v, i, ret_ports);
		else
			want_point(&v, i, ret_ports);
	}
	free(v.points);
}

void ports_blocked(
	const struct ports_table *t, const struct ports_scope *scope, struct portset *ret)
{
	struct view v = view_new(t, scope);

	view_blocked(&v, ret);
	free(v.points);
}
