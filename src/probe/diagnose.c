/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The method of a diagnosis: resolver and walk, then sweeps, then controls, then traces. */
#include "probe/diagnose.h"

#include "base/err.h"

#include "base/vec.h"
#include "dns/rr.h"
#include "probe/consult.h"
#include "probe/controls.h"
#include "probe/existing.h"
#include "probe/locate.h"
#include "probe/placing.h"
#include "probe/sample.h"
#include "probe/shaping.h"
#include "probe/symptoms.h"
#include "probe/sources.h"

enum {
	TWINS_MOST = 2,	  /* other addresses of a site that a sweep may ask */
	LEAST_LABELS = 2, /* of a zone whose servers are swept although the lookup works */
	SHAPED_MOST = 8,  /* servers that are asked in shapes */
	PRIVILEGED = 1024,
	QUESTIONS_MOST = 8, /* in turn: each has a limit of its own at servers that limit replies */
};

#define NEAR_ERROR     1e-6
#define SAMPLE_TIMEOUT 12000000U /* µs: longer than a resolver's own patience */
#define SAMPLE_SPACING 200000U	 /* µs: five lookups a second */

enum stage {
	STAGE_WALK,
	STAGE_SWEEP,
	STAGE_SHAPES,
	STAGE_PLACE,
	STAGE_PATH,
	STAGE_AGAIN,
	STAGE_END
};

struct diagnose {
	struct probe probe;
	struct diagnose_plan plan;
	struct arena *arena;
	struct facts *facts;
	struct stock_lend lend;
	struct walk *walk;
	struct probe *side;		   /* the resolvers: runs beside everything… */
	bool told;			   /* …until it is done */
	struct VEC(struct probe *) sample; /* runs beside what follows the walk */
	struct VEC(struct probe *) now;	   /* the children of this stage */
	struct VEC(struct sweep *) sweeps;
	struct probe_group beside, front;
	enum stage stage;
};

static struct consult_plan consult(const struct diagnose *d)
{
	return (struct consult_plan){
		.question = d->plan.question,
		.resolvers = d->plan.resolvers,
		.nresolvers = d->plan.nresolvers,
		.others = d->plan.others,
		.nothers = d->plan.nothers,
		.source = d->plan.walk.source,
	};
}

static void add_walk(struct diagnose *d)
{
	struct walk_plan plan = d->plan.walk;

	if (!d->plan.question.name)
		return;
	plan.question = d->plan.question;
	d->walk = walk_new(d->arena, &plan);
	vec_push(d->arena, &d->now, walk_probe(d->walk));
	if (d->plan.chain)
		vec_push(d->arena, &d->now, d->plan.chain);
}

/* What a server is asked in a sweep: questions that exist in its zone, in turn. */
struct target {
	struct addr server;
	const struct name *zone;
	struct question questions[QUESTIONS_MOST];
	size_t n;
	const struct addr *all; /* the servers of the site, itself among them */
	size_t nall;
};

/* Others of the site, those of the same address family first: there a rule has the same ports. */
static void choose_twins(struct diagnose *d, const struct target *t, struct sweep_plan *plan)
{
	struct addr *twins = arena_alloc(d->arena, TWINS_MOST * sizeof(*twins));

	for (int other = 0; other < 2; other++)
		for (size_t i = 0; i < t->nall && plan->ntwins < TWINS_MOST; i++)
			if (!addr_equal(&t->all[i], &t->server) &&
				(t->all[i].family != t->server.family) == other)
				twins[plan->ntwins++] = t->all[i];
	plan->twins = twins;
}

static void add_sweep(struct diagnose *d, const struct target *t)
{
	struct sweep_plan plan = d->plan.sweep;
	struct sweep *s;

	plan.server = t->server;
	plan.zone = t->zone;
	choose_twins(d, t, &plan);
	if (t->n) {
		plan.questions = arena_dup(d->arena, t->questions, t->n * sizeof(t->questions[0]));
		plan.nquestions = t->n;
	}
	plan.rng = rng_seed(rng_u64(&d->plan.rng));
	s = sweep_new(d->arena, &plan);
	vec_push(d->arena, &d->sweeps, s);
	vec_push(d->arena, &d->now,
		stock_loan(&d->lend, &(struct stock_key){ STOCK_SWEEP, t->server, plan.transport },
			sweep_probe(s)));
}

static bool is_target(const struct diagnose *d, const struct addr *a)
{
	vec_each (struct sweep *, s, d->sweeps)
		if (addr_same_host(sweep_server(*s), a))
			return true;
	return false;
}

static void sweep_given(struct diagnose *d)
{
	for (size_t i = 0; i < d->plan.ntargets && i < DIAGNOSE_TARGETS; i++)
		add_sweep(d, &(struct target){ .server = d->plan.targets[i],
				     .all = d->plan.targets,
				     .nall = d->plan.ntargets });
}

static void sweep_walked(struct diagnose *d)
{
	struct walk_end end = walk_end(d->walk);
	struct target t = { .zone = end.zone, .all = end.servers, .nall = end.nservers };
	struct existing known = { t.questions, 0, QUESTIONS_MOST };

	if (!end.zone)
		return;
	d->lend.zone = end.zone;
	/* A name that a TLD denies is no reason to sweep everybody's TLD servers. */
	if (name_labels(end.zone) < LEAST_LABELS && consult_answered(d->facts))
		return;
	known.v[known.n++] = end.question;
	known.v[known.n++] = (struct question){ end.zone, RR_SOA, CLASS_IN };
	known.v[known.n++] = (struct question){ end.zone, RR_NS, CLASS_IN };
	existing_questions(d->facts, end.zone, &known);
	t.n = known.n;
	for (size_t i = 0; i < end.nservers && i < DIAGNOSE_TARGETS; i++) {
		t.server = end.servers[i];
		add_sweep(d, &t);
	}
}

static void choose_controls(struct diagnose *d, uint8_t family, struct VEC_controls *list)
{
	struct VEC(struct addr) targets = { 0 };

	vec_each (struct sweep *, s, d->sweeps)
		vec_push(d->arena, &targets, *sweep_server(*s));
	controls_choose(d->arena,
		&(struct controls_plan){
			.given = d->plan.controls,
			.ngiven = d->plan.ncontrols,
			.targets = targets.v,
			.ntargets = targets.n,
			.walk = d->walk,
			.facts = d->facts,
			.family = family,
		},
		list);
}

static void add_place(struct diagnose *d, size_t index)
{
	const struct sweep *s = d->sweeps.v[index];
	struct placing_plan all = { d->sweeps.v, d->sweeps.n, &d->plan.sweep };
	struct VEC_controls controls = { 0 };
	struct place_plan plan;

	if (!placing_plan(d->arena, &all, index, &plan))
		return;
	choose_controls(d, sweep_server(s)->family, &controls);
	if (!controls.n)
		return;
	plan.controls = controls.v;
	plan.ncontrols = controls.n;
	plan.silences = placing_silences(s, controls.n);
	plan.rng = rng_seed(rng_u64(&d->plan.rng));
	vec_push(d->arena, &d->now,
		stock_loan(&d->lend,
			&(struct stock_key){ STOCK_PLACE, *sweep_server(s),
				stock_mix_octets(0, plan.blocked, sizeof(*plan.blocked)) },
			place_probe(place_new(d->arena, &plan))));
}

/*
 * Names of the last zone and of zones on the way: some lookups go to the servers that are under
 * test, others to servers that have nothing to do with them.
 */
static void add_sample(struct diagnose *d)
{
	struct sample_plan plan = { .resolvers = d->plan.resolvers,
		.nresolvers = d->plan.nresolvers,
		.lookups = d->plan.samples,
		.source = d->plan.walk.source,
		.spacing = SAMPLE_SPACING,
		.timeout = SAMPLE_TIMEOUT };

	plan.names = existing_names(d->arena, d->facts, walk_end(d->walk).zone, &plan.nnames);
	vec_push(d->arena, &d->sample, sample_probe(sample_new(d->arena, &plan)));
}

static void start_sample(struct diagnose *d, uint64_t now)
{
	if (d->plan.samples && d->plan.nresolvers && d->walk)
		add_sample(d);
	probe_group_init(&d->beside, d->sample.v, d->sample.n);
	probe_begin(&d->beside.probe, now);
}

/* A resolver that forwards meets a filter before its upstreams; any reply of theirs will do. */
static void sweep_forwards(struct diagnose *d)
{
	struct target t = { .all = d->plan.forwards, .nall = d->plan.nforwards };

	t.questions[t.n++] = d->plan.question;
	for (size_t i = 0; i < d->plan.nforwards && d->sweeps.n < DIAGNOSE_TARGETS; i++) {
		t.server = d->plan.forwards[i];
		if (!is_target(d, &t.server))
			add_sweep(d, &t);
	}
}

static void start_sweeps(struct diagnose *d)
{
	if (d->plan.no_sweep)
		return;
	if (d->plan.ntargets)
		sweep_given(d);
	else if (d->walk)
		sweep_walked(d);
	sweep_forwards(d);
}

/* Servers that some port reaches, each asked from ports that do. */
static void start_shapes(struct diagnose *d)
{
	struct walk_end end = d->walk ? walk_end(d->walk) : (struct walk_end){ 0 };
	struct VEC_controls controls = { 0 }, v6 = { 0 };
	struct portset low = { 0 };
	struct shaping_plan plan = { .shapes = { .source = d->plan.walk.source,
					     .question = end.question,
					     .timeout = d->plan.sweep.timeout,
					     .spacing = d->plan.sweep.spacing,
					     .budget = 1, /* a blackout once is enough */
					     .rng = rng_seed(rng_u64(&d->plan.rng)) } };
	struct shaping_target *targets =
		arena_alloc(d->arena, (d->sweeps.n + 1) * sizeof(*targets));

	if (!d->plan.shapes || !end.zone)
		return;
	portset_add_range(&low, (struct portrange){ 0, PRIVILEGED - 1 });
	vec_each (struct sweep *, s, d->sweeps) {
		struct portset *open = arena_alloc(d->arena, sizeof(*open));

		placing_open(*s, open);
		portset_minus(open, &low);
		if (!portset_empty(open) && plan.ntargets < SHAPED_MOST)
			targets[plan.ntargets++] = (struct shaping_target){ *sweep_server(*s), open,
				symptoms_lend(d->facts, &(struct symptoms_at){ end.question,
								end.zone, *sweep_server(*s) }) };
	}
	choose_controls(d, ADDR_V4, &controls);
	choose_controls(d, ADDR_V6, &v6);
	vec_each (const struct place_control, c, v6)
		vec_push(d->arena, &controls, *c);
	plan.targets = targets;
	plan.controls = controls.v;
	plan.ncontrols = d->plan.no_place ? 0 : controls.n;
	plan.lend = &d->lend;
	plan.shapes.rows = symptoms_rows(d->arena, d->facts, &end.question, &plan.shapes.nrows);
	vec_push(d->arena, &d->now, shaping_probe(shaping_new(d->arena, d->facts, &plan)));
}

static void start_places(struct diagnose *d)
{
	for (size_t i = 0; i < d->sweeps.n && !d->plan.no_place; i++)
		add_place(d, i);
}

static void start_traces(struct diagnose *d)
{
	struct locate_plan plan = {
		.sweeps = d->sweeps.v,
		.nsweeps = d->sweeps.n,
		.facts = d->facts,
		.source = d->plan.sweep.source,
		.shape = d->plan.sweep.shape,
		.timeout = d->plan.sweep.timeout,
		.always = d->plan.trace,
		.ports = d->plan.trace_ports,
		.resolvers = d->plan.resolvers,
		.nresolvers = d->plan.nresolvers,
		.lend = &d->lend,
		.rng = rng_seed(rng_u64(&d->plan.rng)),
	};

	/* A TCP handshake cannot be given a TTL of its own by an ask. */
	if (!d->plan.no_place && d->sweeps.n && d->plan.sweep.transport == TRANSPORT_UDP)
		vec_push(d->arena, &d->now, locate_probe(locate_new(d->arena, &plan)));
}

/* Silence to this address of the host may be no silence to another. */
static void ask_otherwise(struct diagnose *d)
{
	struct walk_end end = walk_end(d->walk);
	struct sources_plan plan = {
		.servers = end.servers,
		.nservers = end.nservers,
		.zone = end.zone,
		.sources = d->plan.sources,
		.nsources = d->plan.nsources,
		.timeout = d->plan.walk.timeout,
	};

	vec_push(d->arena, &d->now, sources_new(d->arena, d->facts, &plan));
}

/* Why the resolver failed, now that it is known how. */
static void start_again(struct diagnose *d)
{
	struct consult_plan plan = consult(d);
	struct consult_again again = { d->walk ? walk_end(d->walk).zone : NULL, &d->plan.rng };

	vec_push(d->arena, &d->now, consult_again_new(d->arena, d->facts, &plan, &again));
	if (d->walk)
		ask_otherwise(d);
}

/* Children of the stage; a stage without any is passed through. */
static void enter(struct diagnose *d, enum stage stage, uint64_t now)
{
	d->now.v = NULL;
	d->now.n = d->now.cap = 0;
	d->stage = stage;
	if (stage == STAGE_WALK)
		add_walk(d);
	else if (stage == STAGE_SWEEP)
		start_sweeps(d);
	else if (stage == STAGE_SHAPES)
		start_shapes(d);
	else if (stage == STAGE_PLACE)
		start_places(d);
	else if (stage == STAGE_PATH)
		start_traces(d);
	else if (stage == STAGE_AGAIN)
		start_again(d);
	if (stage == STAGE_SWEEP)
		start_sample(d, now);
	probe_group_init(&d->front, d->now.v, d->now.n);
	probe_begin(&d->front.probe, now);
}

static void begin(struct probe *p, uint64_t now)
{
	struct diagnose *d = (struct diagnose *)p;

	struct consult_plan plan = consult(d);

	d->side = consult_new(d->arena, &plan);
	probe_begin(d->side, now);
	probe_group_init(&d->beside, NULL, 0);
	enter(d, STAGE_WALK, now);
}

/* Of the stages: the next one is entered when one is done, the last when the resolver has spoken.
 */
static enum want want_front(
	struct diagnose *d, uint64_t now, struct ask *ret_ask, uint64_t *ret_wake)
{
	while (d->stage != STAGE_END) {
		enum want w = probe_want(&d->front.probe, now, ret_ask, ret_wake);

		if (w != WANT_DONE)
			return w;
		if (d->stage + 1 == STAGE_AGAIN && !d->told)
			return *ret_wake = PROBE_NO_WAKE, WANT_WAIT;
		enter(d, d->stage + 1, now);
	}
	return WANT_DONE;
}

/* The stages first: what runs beside them may begin with one. */
static enum want want_all(struct diagnose *d, uint64_t now, struct ask *ret_ask, uint64_t *ret_wake)
{
	struct probe *others[] = { d->side, &d->beside.probe };
	uint64_t wake = PROBE_NO_WAKE;
	enum want all = want_front(d, now, ret_ask, &wake);

	for (size_t i = 0; i < ARRAY_LEN(others) && all != WANT_ASK; i++) {
		uint64_t at = PROBE_NO_WAKE;
		enum want w = probe_want(others[i], now, ret_ask, &at);

		if (w == WANT_ASK)
			return w;
		d->told |= w == WANT_DONE && others[i] == d->side;
		if (w == WANT_WAIT)
			all = WANT_WAIT;
		if (w == WANT_WAIT && at < wake)
			wake = at;
	}
	if (all == WANT_WAIT)
		*ret_wake = wake;
	return all;
}

/* Once more when the resolver has just spoken: a stage may wait for that. */
static enum want want(struct probe *p, uint64_t now, struct ask *ret_ask, uint64_t *ret_wake)
{
	struct diagnose *d = (struct diagnose *)p;
	bool told = d->told;
	enum want w = want_all(d, now, ret_ask, ret_wake);

	return w != WANT_ASK && d->told != told ? want_all(d, now, ret_ask, ret_wake) : w;
}

static void progress(const struct probe *p, struct progress *ret)
{
	const struct diagnose *d = (const struct diagnose *)p;

	*ret = probe_progress(&d->front.probe);
	if (d->stage == STAGE_END)
		ret->phase = "waiting for the resolver";
}

static const struct probe_ops ops = {
	.begin = begin,
	.want = want,
	.progress = progress,
};

struct diagnose *diagnose_new(struct arena *a, struct facts *f, const struct diagnose_plan *plan)
{
	struct diagnose *d = arena_alloc(a, sizeof(*d));

	d->probe.ops = &ops;
	d->plan = *plan;
	d->arena = a;
	d->facts = f;
	d->lend = (struct stock_lend){ .stock = plan->stock, .arena = a, .facts = f };
	return d;
}

struct probe *diagnose_probe(struct diagnose *d)
{
	return &d->probe;
}
