/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shape of what is silent: ranges that a rule would have, or something that no rule makes. */
#include <stdlib.h>

#include "infer/ports_view.h"

enum {
	LONE_WIDTH = 16,  /* a range this narrow without a seed in it is met by chance only */
	GAP_RUN = 2,	  /* tested ports on each side of a gap that is worth a thought */
	NARROW_MOST = 8,  /* narrow ranges that a hash may have made, if there is nothing else */
	LONE_MOST = 3,	  /* so this many of them are no rule of ranges */
	RUNS_MOST = 24,	  /* silent runs among the strata that no rule of ranges has */
	RUNS_FEW = 6,	  /* the same when the sweep was cut short */
	RANGES_MOST = 64, /* the same when every port is asked */
};

/* The silent run from point i to point end - 1 is a narrow range, found whole, without a seed. */
static bool lone_range(const struct view *v, size_t i, size_t end)
{
	const struct point *p = v->points->v;

	if (p[end - 1].port - p[i].port >= LONE_WIDTH || !view_confirmed(v, i) ||
		!view_confirmed(v, end - 1))
		return false;
	for (size_t j = i; j < end; j++)
		if (ports_is_seed(p[j].port))
			return false;
	return view_stand(v, i).between_left < 0 && view_stand(v, end - 1).between_right < 0;
}

/*
 * The open run is a narrow gap between ranges, met by chance, too: nobody lets such ports in.
 * Between single ports it is what lies between two rules.
 */
static bool lone_gap(const struct view *v, size_t i, size_t end)
{
	const struct point *p = v->points->v;

	if (i == 0 || end == v->points->n || p[end - 1].port - p[i].port >= LONE_WIDTH)
		return false;
	if (p[i - 1].run < GAP_RUN || p[end].run < GAP_RUN)
		return false;
	for (size_t j = i; j < end; j++)
		if (ports_is_seed(p[j].port))
			return false;
	return view_seems_blocked(v, &p[i - 1]) && view_seems_blocked(v, &p[end]) &&
	       view_midpoint(v, p[i - 1].port, p[i].port) < 0 &&
	       view_midpoint(v, p[end - 1].port, p[end].port) < 0;
}

static unsigned int lone_ranges(const struct view *v)
{
	unsigned int n = 0;

	for (size_t i = 0, end; i < v->points->n; i = end) {
		end = i + v->points->v[i].run;
		n += v->points->v[i].open ? lone_gap(v, i, end) : lone_range(v, i, end);
	}
	return n;
}

/* Silent runs among the ports that were drawn, not chosen. */
static unsigned int drawn_runs(const struct view *v)
{
	unsigned int runs = 0;
	bool before = false;

	for (size_t i = 0; i < v->points->n; i++) {
		const struct point *p = &v->points->v[i];

		if (ports_is_seed(p->port))
			continue;
		/* A run counts once one of its ports is deep enough, and ends at an open one. */
		if (!before && view_seems_blocked(v, p)) {
			before = true;
			runs++;
		}
		before = before && !p->open;
	}
	return runs;
}

bool ports_scattered(const struct ports_table *t, const struct ports_scope *scope)
{
	struct view v = view_new(t, scope);
	struct portset blocked;
	bool scattered;

	if (scope->every) {
		view_blocked(&v, &blocked);
		scattered = portset_ranges(&blocked) > RANGES_MOST;
	} else {
		scattered = lone_ranges(&v) >= LONE_MOST || drawn_runs(&v) > RUNS_MOST;
	}
	free(v.points);
	return scattered;
}

void ports_edges(const struct ports_table *t, const struct ports_scope *scope,
	struct portset *ret_open, struct portset *ret_blocked)
{
	struct view v = view_new(t, scope);

	*ret_open = *ret_blocked = (struct portset){ 0 };
	for (size_t i = 0; i + 1 < v.points->n; i++) {
		const struct point *p = &v.points->v[i];

		if (p->open == p[1].open || view_midpoint(&v, p->port, p[1].port) >= 0)
			continue;
		portset_add(ret_open, p->open ? p->port : p[1].port);
		portset_add(ret_blocked, p->open ? p[1].port : p->port);
	}
	free(v.points);
}

void ports_narrow(const struct ports_table *t, const struct ports_scope *scope, struct portset *ret)
{
	struct portrange r;

	ports_blocked(t, scope, ret);
	/* What BIND drops by itself is no riddle. */
	for (unsigned int i = 0; i < ports_nof_named; i++)
		portset_remove(ret, ports_of_named[i].lo);
	if (scope->every || portset_ranges(ret) > NARROW_MOST)
		*ret = (struct portset){ 0 };
	for (uint32_t p = 0; portset_next_range(ret, p, &r); p = (uint32_t)r.hi + 1)
		if (r.hi - r.lo >= LONE_WIDTH)
			*ret = (struct portset){ 0 };
}

unsigned int ports_lone(const struct ports_table *t, const struct ports_scope *scope)
{
	struct view v = view_new(t, scope);
	unsigned int n = scope->every ? 0 : lone_ranges(&v);

	free(v.points);
	return n;
}

bool ports_loose(const struct ports_table *t, const struct ports_scope *scope)
{
	struct view v = view_new(t, scope);
	bool loose = !scope->every && drawn_runs(&v) > RUNS_FEW;

	free(v.points);
	return loose;
}
