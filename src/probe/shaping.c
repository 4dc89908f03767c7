/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two stages: servers, controls. */
#include "probe/shaping.h"

#include <string.h>

#include "base/vec.h"
#include "infer/matrix.h"

struct shaping {
	struct probe probe;
	struct shaping_plan plan;
	struct arena *arena;
	const struct facts *facts;
	struct VEC(struct probe *) now;
	struct VEC(const char *) dropped; /* rows */
	struct probe_group front;
	bool controls; /* the second stage */
};

static uint64_t hash_rows(uint64_t hash, const struct shapes_plan *plan)
{
	for (size_t i = 0; i < plan->nrows; i++)
		hash = stock_mix_octets(hash, plan->rows[i], strlen(plan->rows[i]) + 1);
	return stock_mix_octets(hash, &plan->control, sizeof(plan->control));
}

/* lend_of: beside rows and server. */
static void add(struct shaping *s, const struct shapes_plan *plan, uint64_t lend_of)
{
	struct shapes_plan one = *plan;
	struct stock_key key = { STOCK_SHAPES, plan->server, hash_rows(lend_of, plan) };
	struct probe *p;

	one.facts = s->facts;
	one.rng = rng_seed(rng_u64(&s->plan.shapes.rng));
	p = shapes_probe(shapes_new(s->arena, &one));
	vec_push(s->arena, &s->now, s->plan.lend ? stock_loan(s->plan.lend, &key, p) : p);
}

/* The first control of its address family. */
static const struct place_control *witness_of(const struct shaping *s, const struct addr *server)
{
	for (size_t i = 0; i < s->plan.ncontrols; i++)
		if (s->plan.controls[i].server.family == server->family)
			return &s->plan.controls[i];
	return NULL;
}

static void begin(struct probe *p, uint64_t now)
{
	struct shaping *s = (struct shaping *)p;

	for (size_t i = 0; i < s->plan.ntargets; i++) {
		struct shapes_plan plan = s->plan.shapes;

		plan.server = s->plan.targets[i].server;
		plan.open = s->plan.targets[i].open;
		plan.witness = witness_of(s, &plan.server);
		add(s, &plan, s->plan.targets[i].lend_of);
	}
	probe_group_init(&s->front, s->now.v, s->now.n);
	probe_begin(&s->front.probe, now);
}

static void add_dropped(struct shaping *s, const char *slug)
{
	vec_each (const char *, have, s->dropped)
		if (*have == slug)
			return;
	vec_push(s->arena, &s->dropped, slug);
}

/* Pairs, streams and the like need what a server of another zone need not have. */
static void collect_dropped(struct shaping *s)
{
	struct matrices all = matrix_collect(s->arena, s->facts);

	vec_each (const struct matrix, m, all)
		vec_each (const struct matrix_cell, c, m->cells)
			if (c->state == CELL_DROPPED && c->row->way == WAY_ONCE && !c->row->odd &&
				c->row->about != ABOUT_ABOVE && c->row->about != ABOUT_MISSING)
				add_dropped(s, c->row->slug);
	vec_each (const struct matrix, m, all)
		if (!m->control && m->newports && newports_judge(m->newports).found)
			add_dropped(s, shape_find_row(NEWPORTS_NEW)->slug);
}

static void begin_controls(struct shaping *s, uint64_t now)
{
	size_t chosen[2] = { 0 };

	s->controls = true;
	s->now.n = 0;
	collect_dropped(s);
	for (size_t i = 0; i < s->plan.ncontrols && s->dropped.n; i++) {
		const struct place_control *c = &s->plan.controls[i];
		struct shapes_plan plan = s->plan.shapes;

		if (chosen[c->server.family == ADDR_V6]++ >= SHAPING_CONTROLS)
			continue;
		plan.control = true;
		plan.server = c->server;
		plan.question = c->question;
		plan.rows = s->dropped.v;
		plan.nrows = s->dropped.n;
		add(s, &plan, stock_mix_octets(0, c->question.name->wire, c->question.name->len));
	}
	probe_group_init(&s->front, s->now.v, s->now.n);
	probe_begin(&s->front.probe, now);
}

static enum want want(struct probe *p, uint64_t now, struct ask *ret_ask, uint64_t *ret_wake)
{
	struct shaping *s = (struct shaping *)p;
	enum want w = probe_want(&s->front.probe, now, ret_ask, ret_wake);

	if (w != WANT_DONE || s->controls)
		return w;
	begin_controls(s, now);
	return probe_want(&s->front.probe, now, ret_ask, ret_wake);
}

static void progress(const struct probe *p, struct progress *ret)
{
	const struct shaping *s = (const struct shaping *)p;

	*ret = probe_progress(&s->front.probe);
	if (s->controls)
		ret->phase = "controls";
}

struct shaping *shaping_new(struct arena *a, const struct facts *f, const struct shaping_plan *plan)
{
	static const struct probe_ops ops = { .begin = begin, .want = want, .progress = progress };
	struct shaping *s = arena_alloc(a, sizeof(*s));

	*s = (struct shaping){ .probe = { &ops }, .arena = a, .facts = f, .plan = *plan };
	return s;
}

struct probe *shaping_probe(struct shaping *s)
{
	return &s->probe;
}
