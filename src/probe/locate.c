/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Traces for blocked sets, then names. */
#include "probe/locate.h"

#include "base/vec.h"
#include "dns/rr.h"
#include "infer/place.h"
#include "probe/lookup.h"
#include "probe/path.h"

enum {
	TRACES_MOST = 8,
	NAMES_MOST = 24,	/* a resolver is asked no more at once */
	NAME_TIMEOUT = 1000000, /* µs: a name is a courtesy */
	ALWAYS_LEAST = 5,	/* tries a hop of a trace that was asked for */
	CALM_FIRST = 1024,	/* ports that filters seldom name */
};

/* A set of ports that is blocked for one server, and where the controls put it. */
struct target {
	const struct sweep *sweep;
	enum place_verdict at;
	struct portset set;
};

struct locate {
	struct probe probe;
	struct locate_plan plan;
	struct arena *arena;
	struct VEC(struct target) targets;
	struct VEC(struct path *) paths;
	struct VEC(struct probe *) children;
	struct probe_group group;
	bool naming;
};

/* One of an address family is enough for the same set at the same place. */
static bool known(const struct locate *l, const struct target *t)
{
	vec_each (const struct target, x, l->targets)
		if (x->at == t->at && portset_equal(&x->set, &t->set) &&
			sweep_server(x->sweep)->family == sweep_server(t->sweep)->family)
			return true;
	return false;
}

static void add_target(struct locate *l, const struct target *t)
{
	if (l->targets.n < TRACES_MOST && !known(l, t))
		vec_push(l->arena, &l->targets, *t);
}

static void choose_of(struct locate *l, const struct sweep *s)
{
	struct ports_subject subject = { *sweep_server(s), TRANSPORT_UDP };
	struct ports_scope scope = sweep_scope(s);
	struct ports_result ports;
	struct place_result place;
	struct target t = { .sweep = s };

	ports_judge(sweep_table(s), &scope, &ports);
	if (ports.pattern != PATTERN_RANGES)
		return;
	place_judge(l->plan.facts, &subject, &ports.blocked, &place);
	for (t.at = 0; t.at < PLACES; t.at++) {
		t.set = place.at[t.at];
		if (!portset_empty(&t.set))
			add_target(l, &t);
	}
}

static bool has_target(const struct locate *l, const struct addr *server)
{
	vec_each (const struct target, t, l->targets)
		if (addr_equal(sweep_server(t->sweep), server))
			return true;
	return false;
}

static void choose(struct locate *l)
{
	for (size_t i = 0; i < l->plan.nsweeps; i++)
		choose_of(l, l->plan.sweeps[i]);
	for (size_t i = 0; l->plan.always && i < l->plan.nsweeps; i++) {
		struct target t = { .sweep = l->plan.sweeps[i] };

		if (!has_target(l, sweep_server(t.sweep)) && l->targets.n < TRACES_MOST)
			vec_push(l->arena, &l->targets, t);
	}
}

static uint16_t any_of(struct locate *l, const struct portset *s)
{
	uint32_t n = portset_count(s);

	return n ? (uint16_t)portset_nth(s, rng_below(&l->plan.rng, n)) : 0;
}

/*
 * A port that the server answered. Alone, one that was asked for; beside a blocked one, one that
 * filters seldom name if there is such.
 */
static uint16_t open_port(struct locate *l, const struct target *t)
{
	struct portset calm = { 0 }, any = { 0 }, wanted;

	for (uint32_t p = 1; p < 65536; p++)
		if (ports_open(sweep_table(t->sweep), (uint16_t)p))
			portset_add(p < CALM_FIRST ? &any : &calm, (uint16_t)p);
	wanted = any;
	portset_or(&wanted, &calm);
	if (l->plan.ports && portset_empty(&t->set)) {
		portset_and(&wanted, l->plan.ports);
		if (!portset_empty(&wanted))
			return any_of(l, &wanted);
	}
	return any_of(l, portset_empty(&calm) ? &any : &calm);
}

/* Ports that controls were asked from; of what is far, those that they answered. */
static struct portset witnesses(const struct locate *l, const struct target *t)
{
	struct portset s = { 0 };

	for (size_t i = 0; i < l->plan.facts->n; i++) {
		const struct observation *o = l->plan.facts->v[i];

		if (o->ask.role == ROLE_PLACE &&
			o->ask.server.family == sweep_server(t->sweep)->family &&
			(t->at != PLACE_FAR || ports_proves_open(o)))
			portset_add(&s, o->ask.source.port);
	}
	return s;
}

/*
 * A port between two others is blocked, and at its place, by inference: one that was asked, and
 * whose place the controls have shown, is better.
 */
static uint16_t blocked_port(struct locate *l, const struct target *t)
{
	struct portset asked = t->set, shown = witnesses(l, t);

	portset_and(&asked, &sweep_table(t->sweep)->asked);
	portset_and(&shown, &asked);
	if (!portset_empty(&shown))
		return any_of(l, &shown);
	return any_of(l, portset_empty(&asked) ? &t->set : &asked);
}

static unsigned int sharers(const struct locate *l, uint8_t family)
{
	unsigned int n = 0;

	vec_each (const struct target, t, l->targets)
		n += sweep_server(t->sweep)->family == family;
	return n;
}

static void start_traces(struct locate *l)
{
	choose(l);
	vec_each (const struct target, t, l->targets) {
		struct path_plan plan = {
			.server = *sweep_server(t->sweep),
			.source = l->plan.source,
			.blocked = blocked_port(l, t),
			.open = open_port(l, t),
			.question = sweep_question(t->sweep),
			.shape = l->plan.shape,
			.least = l->plan.always ? ALWAYS_LEAST : 0,
			.share = sharers(l, sweep_server(t->sweep)->family),
			.timeout = l->plan.timeout,
			.rng = rng_seed(rng_u64(&l->plan.rng)),
		};
		struct path *p = path_new(l->arena, &plan);

		vec_push(l->arena, &l->paths, p);
		vec_push(l->arena, &l->children,
			stock_loan(l->plan.lend,
				&(struct stock_key){ STOCK_PATH, plan.server,
					stock_mix_octets(t->at, &t->set, sizeof(t->set)) },
				path_probe(p)));
	}
}

/* Met at an earlier hop or trace, and asked for there. */
static bool met_before(const struct locate *l, const struct path_router *r)
{
	vec_each (struct path *, p, l->paths) {
		const struct path_hop *hop = path_known(*p)->hop;

		for (unsigned int t = 1; t <= PATH_HOPS; t++)
			for (unsigned int i = 0; i < hop[t].nrouters; i++) {
				if (&hop[t].routers[i] == r)
					return false;
				if (addr_equal(&hop[t].routers[i].addr, &r->addr))
					return true;
			}
	}
	return false;
}

static void ask_name(struct locate *l, const struct addr *addr)
{
	struct name name = name_reverse(addr_octets(addr));
	struct lookup_plan plan = {
		.question = { name_keep(l->arena, &name), RR_PTR, CLASS_IN },
		.shape = shape_stub,
		.servers = l->plan.resolvers,
		.nservers = 1,
		.role = ROLE_HOP_NAME,
		.tries = 1,
		.timeout = NAME_TIMEOUT,
	};

	if (l->children.n < NAMES_MOST)
		vec_push(l->arena, &l->children,
			stock_loan(l->plan.lend, &(struct stock_key){ STOCK_NAME, *addr, 0 },
				lookup_probe(lookup_new(l->arena, &plan))));
}

static void name_hop(struct locate *l, const struct path_hop *h)
{
	for (unsigned int i = 0; i < h->nrouters; i++)
		if (!met_before(l, &h->routers[i]))
			ask_name(l, &h->routers[i].addr);
}

static void start_names(struct locate *l)
{
	vec_each (struct path *, p, l->paths)
		for (unsigned int t = 1; t <= PATH_HOPS && l->plan.nresolvers; t++)
			name_hop(l, &path_known(*p)->hop[t]);
}

static void enter(struct locate *l, uint64_t now)
{
	l->children.v = NULL;
	l->children.n = l->children.cap = 0;
	if (l->naming)
		start_names(l);
	else
		start_traces(l);
	probe_group_init(&l->group, l->children.v, l->children.n);
	probe_begin(&l->group.probe, now);
}

static void begin(struct probe *probe, uint64_t now)
{
	enter((struct locate *)probe, now);
}

static enum want want(struct probe *probe, uint64_t now, struct ask *ret_ask, uint64_t *ret_wake)
{
	struct locate *l = (struct locate *)probe;
	enum want w = probe_want(&l->group.probe, now, ret_ask, ret_wake);

	if (w != WANT_DONE || l->naming)
		return w;
	l->naming = true;
	enter(l, now);
	return probe_want(&l->group.probe, now, ret_ask, ret_wake);
}

static void progress(const struct probe *probe, struct progress *ret)
{
	const struct locate *l = (const struct locate *)probe;

	*ret = probe_progress(&l->group.probe);
	ret->phase = l->naming ? "names" : "path";
}

static const struct probe_ops ops = {
	.begin = begin,
	.want = want,
	.progress = progress,
};

struct locate *locate_new(struct arena *a, const struct locate_plan *plan)
{
	struct locate *l = arena_alloc(a, sizeof(*l));

	l->probe.ops = &ops;
	l->plan = *plan;
	l->arena = a;
	return l;
}

struct probe *locate_probe(struct locate *l)
{
	return &l->probe;
}
