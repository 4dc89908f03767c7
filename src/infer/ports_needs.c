/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What must be asked next: how deep each silence has to be where it stands, and where a boundary
 * still hides between two tested ports.
 *
 * A silent port at a found boundary is held to a family-wise error of 1e-6. One inside a run of
 * silent ports needs less: it would have to be a hole of its own that a boundary search cannot
 * show, and the seeds are where real rules have their holes. One beside an open port at a distance
 * is only looked at closely enough to choose the next midpoint: if that was wrong, the port at the
 * boundary so found answers when it is held to the full depth, and the search goes on from there.
 */
#include "infer/ports_depth.h"

#include <math.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/stats.h"

enum {
	SAMPLED_TESTS = 400, /* ports that a sampled sweep judges at full depth, at most */
	DNS_PORT = 53,
	LEAST_SILENCES = 2, /* a single one never makes a port blocked */
	ALL_PORTS = 16,	    /* no reply from that many ports… */
	ALL_SILENCES = 32,  /* … in that many tries: no port answers */
	LONE_WIDTH = 16,    /* a range this narrow without a seed in it is met by chance only */
	LONE_MOST = 3,	    /* so this many of them are no rule of ranges */
	RUNS_MOST = 24,	    /* silent runs among the strata that no rule of ranges has */
	RUNS_FEW = 6,	    /* the same when the sweep was cut short */
	RANGES_MOST = 64,   /* the same when every port is asked */
};

/*
 * Silent tested ports in a row vouch for each other: the more there are, the less a single one of
 * them has to show, because a hole that just this one would reveal is the less likely.
 */
enum run_class { RUN_SHORT, RUN_LONG, RUN_HUGE, RUN_CLASSES };

static const struct {
	uint16_t least;	     /* tested ports in the run */
	double inside, hole; /* chance that an open port passes for silent */
} run_classes[RUN_CLASSES] = {
	[RUN_SHORT] = { 0, 1e-3, 1e-4 },
	[RUN_LONG] = { 16, 2.5e-2, 1e-3 },
	[RUN_HUGE] = { 64, 6e-2, 1e-3 },
};

#define FAMILY_ERROR   1e-6
#define MIDPOINT_ERROR 1e-2
#define WORST_LOSS     0.6
#define ROUNDING       1e-3

/* One tested port. */
struct point {
	uint16_t port;
	bool open;
	const struct port_tally *tally;
	uint16_t run; /* silent: tested ports in its silent run */
};

struct points {
	struct point v[65536];
	size_t n;
};

/* The chance that loss may have in silencing a port, by where it stands. */
struct depths {
	double edge, midpoint;
	double inside[RUN_CLASSES]; /* by the silent run it is in: any port… */
	double hole[RUN_CLASSES];   /* … and one where rules have holes */
};

struct view {
	const struct ports_table *t;
	const struct ports_scope *scope;
	struct depths depths;
	struct points *points;
};

bool ports_tested(const struct ports_table *t, uint16_t port)
{
	return ports_open(t, port) || t->v[port].silent;
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

unsigned int ports_depth_edge(const struct ports_table *t, const struct ports_scope *scope)
{
	return stats_silences(fmin(ports_loss_upper(t), WORST_LOSS), edge_error(scope));
}

bool ports_tried_all(const struct ports_table *t)
{
	unsigned int ports = 0, tries = 0;

	for (int32_t p = portset_next(&t->asked, 0); p >= 0;
		p = portset_next(&t->asked, (uint32_t)p + 1)) {
		if (ports_open(t, (uint16_t)p))
			return false;
		ports += t->v[p].silent != 0;
		tries += t->v[p].silent;
	}
	return ports >= ALL_PORTS && tries >= ALL_SILENCES;
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

static struct view view_of(const struct ports_table *t, const struct ports_scope *scope)
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
			.tally = &t->v[p],
		};
	number_runs(ps);
	return v;
}

static bool can_ask(const struct view *v, uint32_t port)
{
	return port < 65536 && portset_has(v->scope->ports, (uint16_t)port) &&
	       !portset_has(&v->t->untested, (uint16_t)port) && !ports_tested(v->t, (uint16_t)port);
}

/* The port between two tested ones that is nearest to their middle and can be asked; -1: none. */
static int32_t midpoint(const struct view *v, uint16_t lo, uint16_t hi)
{
	uint32_t mid = ((uint32_t)lo + hi) / 2;

	if (v->scope->every)
		return -1;
	for (uint32_t d = 0; mid - d > lo || mid + d < hi; d++) {
		if (mid - d > lo && can_ask(v, mid - d))
			return (int32_t)(mid - d);
		if (mid + d < hi && can_ask(v, mid + d))
			return (int32_t)(mid + d);
	}
	return -1;
}

/* How a silent point stands to its tested neighbours. */
struct stand {
	bool open_left, open_right;	     /* the neighbour answered */
	bool end;			     /* it has no neighbour on one side: the scope ends */
	int32_t between_left, between_right; /* what can be asked in between; -1: nothing */
};

static struct stand stand_of(const struct view *v, size_t i)
{
	const struct point *p = &v->points->v[i];
	struct stand s = { .between_left = -1, .between_right = -1 };

	s.end = i == 0 || i + 1 == v->points->n;
	s.open_left = i > 0 && p[-1].open;
	s.open_right = i + 1 < v->points->n && p[1].open;
	if (s.open_left)
		s.between_left = midpoint(v, p[-1].port, p->port);
	if (s.open_right)
		s.between_right = midpoint(v, p->port, p[1].port);
	return s;
}

static enum run_class class_of(const struct view *v, const struct point *p)
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
	enum run_class c = class_of(v, p);
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

/* Looked at closely enough for the next step, not for a verdict. */
static bool seems_blocked(const struct view *v, const struct point *p)
{
	return !p->open && ports_deep(p->tally, v->depths.midpoint);
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
		portset_add(ret, lone && can_ask(v, p->port - 1U) ? (uint16_t)(p->port - 1)
								  : (uint16_t)s->between_left);
	if (s->between_right >= 0)
		portset_add(ret, lone && can_ask(v, p->port + 1U) ? (uint16_t)(p->port + 1)
								  : (uint16_t)s->between_right);
}

/*
 * Two silent seeds side by side may be two rules for one port each, so one port between them is
 * asked; in a long silent run that would be one of many and of little use.
 */
static void want_split(const struct view *v, const struct point *p, struct portset *ret)
{
	int32_t between;

	if (p[1].open || class_of(v, p) != RUN_SHORT || !ports_is_seed(p->port) ||
		!ports_is_seed(p[1].port))
		return;
	between = midpoint(v, p->port, p[1].port);
	if (between >= 0 && seems_blocked(v, p) && seems_blocked(v, p + 1))
		portset_add(ret, (uint16_t)between);
}

/* An open port at a boundary has to answer twice, or prove that it does not always. */
static void want_edge(const struct view *v, size_t i, struct portset *ret)
{
	const struct point *p = &v->points->v[i];
	bool left = i > 0 && seems_blocked(v, p - 1) && midpoint(v, p[-1].port, p->port) < 0;
	bool right = i + 1 < v->points->n && seems_blocked(v, p + 1) &&
		     midpoint(v, p->port, p[1].port) < 0;

	if ((left || right) && !ports_settled(v->t, p->port))
		portset_add(ret, p->port);
}

static bool is_deep(const struct view *v, size_t i, const struct stand *s)
{
	const struct point *p = &v->points->v[i];

	return p->tally->silent >= LEAST_SILENCES && ports_deep(p->tally, depth_of(v, p, s));
}

static void want_point(const struct view *v, size_t i, struct portset *ret)
{
	const struct point *p = &v->points->v[i];
	struct stand s = stand_of(v, i);
	bool midway = s.between_left >= 0 || s.between_right >= 0;

	if (midway ? !seems_blocked(v, p) : !is_deep(v, i, &s))
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
	v = view_of(t, scope);
	for (size_t i = 0; i < v.points->n; i++) {
		if (v.points->v[i].open)
			want_edge(&v, i, ret_ports);
		else
			want_point(&v, i, ret_ports);
	}
	free(v.points);
}

/* Deep enough to be called blocked: at a boundary still to be found only the full depth will do. */
static bool confirmed(const struct view *v, size_t i)
{
	const struct point *p = &v->points->v[i];
	struct stand s;

	if (p->open)
		return false;
	s = stand_of(v, i);
	if (s.between_left >= 0 || s.between_right >= 0)
		return ports_deep(p->tally, v->depths.edge);
	return is_deep(v, i, &s);
}

/*
 * From confirmed point to confirmed point, as long as nothing in between answered: what was asked
 * there too seldom is inferred like what was not asked at all.
 */
static void blocked_in(const struct view *v, struct portset *ret)
{
	const struct point *last = NULL;

	*ret = (struct portset){ 0 };
	for (size_t i = 0; i < v->points->n; i++) {
		const struct point *p = &v->points->v[i];

		if (p->open)
			last = NULL;
		if (!confirmed(v, i))
			continue;
		portset_add_range(ret, (struct portrange){ last ? last->port : p->port, p->port });
		last = p;
	}
	portset_and(ret, v->scope->ports);
	portset_minus(ret, &v->t->untested);
}

void ports_blocked(
	const struct ports_table *t, const struct ports_scope *scope, struct portset *ret)
{
	struct view v = view_of(t, scope);

	blocked_in(&v, ret);
	free(v.points);
}

/* The silent run from point i to point end - 1 is a narrow range, found whole, without a seed. */
static bool lone_range(const struct view *v, size_t i, size_t end)
{
	const struct point *p = v->points->v;

	if (p[end - 1].port - p[i].port >= LONE_WIDTH || !confirmed(v, i) || !confirmed(v, end - 1))
		return false;
	for (size_t j = i; j < end; j++)
		if (ports_is_seed(p[j].port))
			return false;
	return stand_of(v, i).between_left < 0 && stand_of(v, end - 1).between_right < 0;
}

static unsigned int lone_ranges(const struct view *v)
{
	unsigned int n = 0;

	for (size_t i = 0, end; i < v->points->n; i = end) {
		end = i + v->points->v[i].run;
		n += !v->points->v[i].open && lone_range(v, i, end);
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
		if (!before && seems_blocked(v, p)) {
			before = true;
			runs++;
		}
		before = before && !p->open;
	}
	return runs;
}

bool ports_scattered(const struct ports_table *t, const struct ports_scope *scope)
{
	struct view v = view_of(t, scope);
	struct portset blocked;
	bool scattered;

	if (scope->every) {
		blocked_in(&v, &blocked);
		scattered = portset_ranges(&blocked) > RANGES_MOST;
	} else {
		scattered = lone_ranges(&v) >= LONE_MOST || drawn_runs(&v) > RUNS_MOST;
	}
	free(v.points);
	return scattered;
}

unsigned int ports_lone(const struct ports_table *t, const struct ports_scope *scope)
{
	struct view v = view_of(t, scope);
	unsigned int n = scope->every ? 0 : lone_ranges(&v);

	free(v.points);
	return n;
}

bool ports_loose(const struct ports_table *t, const struct ports_scope *scope)
{
	struct view v = view_of(t, scope);
	bool loose = !scope->every && drawn_runs(&v) > RUNS_FEW;

	free(v.points);
	return loose;
}
