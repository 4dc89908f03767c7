/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All that is inferred from facts, in one value. */
#include "infer/inferences.h"

#include <stdlib.h>

#include "dns/rr.h"
#include "infer/mailset.h"

enum { SWEEPS_MOST = 128 }; /* a table of ports each; a tape could name any number */

static struct server_queries *queries_of(struct arena *a, struct inferences *in, struct addr server)
{
	/* Most asks go to the server of the one before. */
	for (size_t i = in->by_server.n; i > 0; i--)
		if (addr_equal(&in->by_server.v[i - 1].server, &server))
			return &in->by_server.v[i - 1];
	vec_push(a, &in->by_server, (struct server_queries){ .server = server });
	return &in->by_server.v[in->by_server.n - 1];
}

static void count(struct arena *a, struct inferences *in, const struct observation *o)
{
	struct server_queries *q;

	if (!o->sent || o->outcome == OUTCOME_LATE || o->outcome == OUTCOME_STRAY)
		return;
	q = queries_of(a, in, o->ask.server);
	q->sent++;
	q->answered += ports_proves_open(o);
	q->lost += observation_silent(o);
	in->sent++;
	in->answered += ports_proves_open(o);
	in->answered_beyond += !observation_to_resolver(o) && ports_proves_open(o);
	in->lost += observation_silent(o);
}

static bool known(const struct inferences *in, const struct observation *o)
{
	vec_each (const struct sweep_result, s, in->sweeps)
		if (s->transport == o->ask.transport && addr_equal(&s->server, &o->ask.server))
			return true;
	return false;
}

static void judge_sweep(
	struct arena *a, const struct facts *f, struct inferences *in, struct sweep_result *s)
{
	struct ports_subject subject = { .server = s->server, .transport = s->transport };
	struct ports_scope scope = {
		.ports = f->ports ? f->ports : &ports_all,
		.every = f->full || f->ports,
	};
	const struct ports_table *t = ports_tally(a, f, &subject);

	ports_judge(t, &scope, &s->ports);
	s->scope = f->ports;
	s->why = t;
	s->unsent = t->unsent;
	s->rtt = t->rtt_min < UINT32_MAX ? (uint32_t)t->rtt_min : 0;
	for (int32_t p = portset_next(&s->ports.untested, 0); p >= 0;
		p = portset_next(&s->ports.untested, (uint32_t)p + 1))
		in->unprivileged |= ports_why(t, (uint32_t)p) == WHY_PRIVILEGE;
	if (!portset_empty(&s->ports.blocked))
		place_judge(f, &subject, &s->ports.blocked, &s->place);
	if (!portset_empty(&s->ports.policed))
		place_judge_policed(f, &subject, &s->ports.policed, &s->place);
	if (s->transport == TRANSPORT_UDP)
		limit_judge(a, f, &s->server, &s->limit);
}

static int by_server(const void *a, const void *b)
{
	const struct sweep_result *x = a, *y = b;
	int order = addr_compare(&x->server, &y->server);

	return order ? order : (int)x->transport - (int)y->transport;
}

static bool same_zone(const struct sweep_result *a, const struct sweep_result *b)
{
	return a->zone && b->zone ? name_equal(a->zone, b->zone) : a->zone == b->zone;
}

/*
 * A policer that lets very little pass may look like a filter to one sweep of several. When another
 * one of the same zone met it, over the same ports and more, it is the same policer.
 */
static void share_policer(struct inferences *in, struct sweep_result *s)
{
	if (s->ports.pattern != PATTERN_RANGES)
		return;
	vec_each (const struct sweep_result, o, in->sweeps) {
		struct portset outside = s->ports.blocked;

		portset_minus(&outside, &o->ports.policed);
		if (o->ports.pattern != PATTERN_POLICER || !portset_empty(&outside) ||
			o->ports.by_sibling || o->transport != s->transport || !same_zone(o, s))
			continue;
		s->ports.by_sibling = true;
		s->ports.pattern = PATTERN_POLICER;
		s->ports.policed = s->ports.blocked;
		s->ports.blocked = (struct portset){ 0 };
		s->place = o->place;
		return;
	}
}

static void infer_sweeps(struct arena *a, const struct facts *f, struct inferences *in)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct observation *o = f->v[i];

		if (o->ask.role != ROLE_SWEEP || in->sweeps.n == SWEEPS_MOST || known(in, o))
			continue;
		vec_push(a, &in->sweeps,
			(struct sweep_result){
				.server = o->ask.server,
				.transport = o->ask.transport,
				.zone = o->ask.zone,
				.qname = o->ask.question.name,
				.qtype = o->ask.question.type,
			});
	}
	if (in->sweeps.n)
		qsort(in->sweeps.v, in->sweeps.n, sizeof(*in->sweeps.v), by_server);
	vec_each (struct sweep_result, s, in->sweeps)
		judge_sweep(a, f, in, s);
	vec_each (struct sweep_result, s, in->sweeps)
		share_policer(in, s);
}

/* The server's own trace, else one of its family from the same ports, else any from them. */
static const struct path_result *path_of(
	const struct inferences *in, const struct sweep_result *s, enum place_verdict at)
{
	const struct path_result *best = NULL;
	int rank = 0;

	vec_each (const struct path_result, p, in->paths) {
		int r = addr_equal(&p->server, &s->server)     ? 3
			: p->server.family == s->server.family ? 2
							       : 1;

		if (!p->blocked_port || !portset_has(&s->place.at[at], p->blocked_port))
			continue;
		if (r > rank)
			best = p;
		rank = r > rank ? r : rank;
	}
	return best;
}

/* What sweeps and controls know of the direction beyond what the trace itself shows. */
static void infer_directions(struct inferences *in, const struct sweep_result *s)
{
	vec_each (struct path_result, p, in->paths) {
		if (!p->blocked_port || !portset_has(&s->ports.blocked, p->blocked_port))
			continue;
		if (s->server.family == p->server.family &&
			portset_has(&s->place.at[PLACE_NEAR], p->blocked_port))
			path_heard_near(p);
		if (s->reject.by.family && addr_equal(&s->server, &p->server))
			path_heard_reject(p);
	}
}

static void infer_paths(struct arena *a, const struct facts *f, struct inferences *in)
{
	in->paths = path_collect(a, f);
	vec_each (struct sweep_result, s, in->sweeps) {
		struct ports_subject subject = { s->server, s->transport };

		for (enum place_verdict at = 0; at < PLACES; at++)
			s->path[at] = s->transport == TRANSPORT_UDP ? path_of(in, s, at) : NULL;
		s->reject = path_rejected(f, &subject, &s->ports.blocked);
	}
	vec_each (const struct sweep_result, s, in->sweeps)
		if (s->transport == TRANSPORT_UDP)
			infer_directions(in, s);
}

/* A hash and a set of ports cost the resolver alike; over TCP its ports are others. */
static void infer_pools(struct arena *a, const struct facts *f, struct inferences *in)
{
	struct pools_sweep *sweeps = arena_alloc(a, (in->sweeps.n + 1) * sizeof(*sweeps));
	size_t n = 0;

	vec_each (const struct sweep_result, s, in->sweeps)
		if (s->transport == TRANSPORT_UDP)
			sweeps[n++] = (struct pools_sweep){ s->server, &s->ports, s->scope, s->rtt,
				.upstream = in->tree && !s->zone };
	in->pools = pools_infer(a, f, sweeps, n);
	in->collisions = nat_collide(a, f, &in->pools, &(struct pools_sweeps){ sweeps, n });
}

/* One source: a capture is the truth, dnstap tells as much. */
static void infer_nominations(struct arena *a, const struct facts *f, struct nominations *ret)
{
	enum sighting_source source = SIGHT_DNSTAP;

	vec_each (const struct sighting, s, f->sightings)
		if (s->source == SIGHT_CAPTURE)
			source = SIGHT_CAPTURE;
	if (f->sightings.n)
		nominate(a, f, source, ret);
}

static bool walked(const struct facts *f)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->v[i]->ask.role == ROLE_WALK)
			return true;
	return false;
}

const struct inferences *infer_all(struct arena *a, const struct facts *f)
{
	struct inferences *in = arena_alloc(a, sizeof(*in));

	for (size_t i = 0; i < f->n; i++)
		count(a, in, f->v[i]);
	infer_sweeps(a, f, in);
	infer_paths(a, f, in);
	in->nat_v4 = nat_judge(a, f, ADDR_V4);
	in->nat_v6 = nat_judge(a, f, ADDR_V6);
	in->arrival = nat_arrive(a, f);
	if (!in->sweeps.n)
		infer_nominations(a, f, &in->nominated);
	if (f->question.name && walked(f))
		in->tree = cut_tree(a, f);
	if (f->tree) {
		in->pass = tree_new(a, ledger_new(a, f, true));
		in->chains = chain_planned(in->pass);
		mailset_chains(in->pass, &in->chains);
	}
	in->matrices = matrix_collect(a, f);
	in->isolated = isolate_collect(a, f);
	infer_pools(a, f, in);
	resolver_infer(f, &in->resolver);
	in->opinions = opinion_collect(a, f);
	in->interception = intercept_judge(a, f);
	in->families = family_judge(a, f, in->tree, in->pass);
	return in;
}

const struct nat_result *infer_nat(const struct inferences *in, uint8_t family)
{
	return family == ADDR_V6 ? &in->nat_v6 : &in->nat_v4;
}
