/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tested ports in a row, and how deep each silence has to be where it stands. */
#include "infer/ports_view.h"

#include <math.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/stats.h"

enum {
	SAMPLED_TESTS = 400, /* ports that a sampled sweep judges at full depth, at most */
	DNS_PORT = 53,
	LEAST_SILENCES = 2, /* a single one never makes a port blocked */
};

#define FAMILY_ERROR   1e-6
#define MIDPOINT_ERROR 1e-2
#define WORST_LOSS     0.6
#define ROUNDING       1e-3

static const struct {
	uint16_t least;	     /* tested ports in the run */
	double inside, hole; /* chance that an open port passes for silent */
} run_classes[RUN_CLASSES] = {
	[RUN_SHORT] = { 0, 1e-3, 1e-4 },
	[RUN_LONG] = { 16, 2.5e-2, 1e-6 },
	[RUN_HUGE] = { 64, 6e-2, 1e-6 },
};

static double edge_error(const struct ports_scope *scope)
{
	uint32_t tests = SAMPLED_TESTS;

	if (scope->every && portset_count(scope->ports) > SAMPLED_TESTS)
		tests = portset_count(scope->ports);
	return FAMILY_ERROR / tests;
}

static struct depths depths(const struct ports_scope *scope)
{
	struct depths d = { .edge = edge_error(scope), .midpoint = MIDPOINT_ERROR };

	for (size_t i = 0; i < RUN_CLASSES; i++) {
		d.inside[i] = run_classes[i].inside;
		d.hole[i] = run_classes[i].hole;
	}
	return d;
}

bool ports_deep(const struct port_tally *p, double error)
{
	return p->silent && p->weight + ROUNDING >= -log(error);
}

unsigned int ports_silences(const struct ports_table *t, double error)
{
	return stats_silences(fmin(ports_loss_upper(t), WORST_LOSS), error);
}

unsigned int ports_depth_edge(const struct ports_table *t, const struct ports_scope *scope)
{
	return ports_silences(t, edge_error(scope));
}

static void number_runs(struct points *ps)
{
	for (size_t i = 0, end; i < ps->n; i = end) {
		for (end = i + 1; end < ps->n && ps->v[end].open == ps->v[i].open; end++)
			;
		for (size_t j = i; j < end; j++)
			ps->v[j].run = (uint16_t)(end - i > UINT16_MAX ? UINT16_MAX : end - i);
	}
}

struct view view_new(const struct ports_table *t, const struct ports_scope *scope)
{
	struct points *ps = malloc(sizeof(*ps));
	struct view v = { .t = t, .scope = scope, .depths = depths(scope), .points = ps };
	struct portset asked = t->asked;

	if (!ps)
		err_no_memory();
	ps->n = 0;
	portset_and(&asked, scope->ports);
	for (int32_t p = portset_next(&asked, 0); p >= 0; p = portset_next(&asked, (uint32_t)p + 1))
		ps->v[ps->n++] = (struct point){
			.port = (uint16_t)p,
			.open = ports_open(t, (uint16_t)p),
			.tally = ports_at(t, p),
		};
	number_runs(ps);
	return v;
}

bool view_can_ask(const struct view *v, uint32_t port)
{
	return port < 65536 && portset_has(v->scope->ports, (uint16_t)port) &&
	       !portset_has(&v->t->untested, (uint16_t)port) && !ports_tested(v->t, (uint16_t)port);
}

int32_t view_midpoint(const struct view *v, uint16_t lo, uint16_t hi)
{
	uint32_t mid = ((uint32_t)lo + hi) / 2;

	if (v->scope->every)
		return -1;
	for (uint32_t d = 0; mid - d > lo || mid + d < hi; d++) {
		if (mid - d > lo && view_can_ask(v, mid - d))
			return (int32_t)(mid - d);
		if (mid + d < hi && view_can_ask(v, mid + d))
			return (int32_t)(mid + d);
	}
	return -1;
}

struct stand view_stand(const struct view *v, size_t i)
{
	const struct point *p = &v->points->v[i];
	struct stand s = { .between_left = -1, .between_right = -1 };

	s.end = i == 0 || i + 1 == v->points->n;
	s.open_left = i > 0 && p[-1].open;
	s.open_right = i + 1 < v->points->n && p[1].open;
	if (s.open_left)
		s.between_left = view_midpoint(v, p[-1].port, p->port);
	if (s.open_right)
		s.between_right = view_midpoint(v, p->port, p[1].port);
	return s;
}

enum run_class view_class(const struct view *v, const struct point *p)
{
	enum run_class c = RUN_SHORT;

	/* Who has every port asked wants to know of every hole. */
	while (!v->scope->every && c + 1 < RUN_CLASSES && p->run >= run_classes[c + 1].least)
		c++;
	return c;
}

/* In a short run every seed may be a hole; in longer ones only the port that rules for DNS except.
 */
static double depth_inside(const struct view *v, const struct point *p)
{
	enum run_class c = view_class(v, p);
	bool hole = c == RUN_SHORT ? ports_is_seed(p->port) : p->port == DNS_PORT;

	return hole ? v->depths.hole[c] : v->depths.inside[c];
}

static double depth_of(const struct view *v, const struct point *p, const struct stand *s)
{
	if (!s->open_left && !s->open_right)
		return s->end ? v->depths.edge : depth_inside(v, p);
	if (s->between_left >= 0 || s->between_right >= 0)
		return v->depths.midpoint;
	return v->depths.edge;
}

bool view_seems_blocked(const struct view *v, const struct point *p)
{
	return !p->open && ports_deep(p->tally, v->depths.midpoint);
}

bool view_deep(const struct view *v, size_t i, const struct stand *s)
{
	const struct point *p = &v->points->v[i];

	return p->tally->silent >= LEAST_SILENCES && ports_deep(p->tally, depth_of(v, p, s));
}

bool view_confirmed(const struct view *v, size_t i)
{
	const struct point *p = &v->points->v[i];
	struct stand s;

	if (p->open)
		return false;
	s = view_stand(v, i);
	if (s.between_left >= 0 || s.between_right >= 0)
		return ports_deep(p->tally, v->depths.edge);
	return view_deep(v, i, &s);
}

void view_blocked(const struct view *v, struct portset *ret)
{
	const struct point *last = NULL;

	*ret = (struct portset){ 0 };
	for (size_t i = 0; i < v->points->n; i++) {
		const struct point *p = &v->points->v[i];

		if (p->open)
			last = NULL;
		if (!view_confirmed(v, i))
			continue;
		portset_add_range(ret, (struct portrange){ last ? last->port : p->port, p->port });
		last = p;
	}
	portset_and(ret, v->scope->ports);
	portset_minus(ret, &v->t->untested);
}
