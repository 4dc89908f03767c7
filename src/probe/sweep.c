/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which source ports reach one server, in rounds of what infer/ports still needs. */
#include "probe/sweep.h"

#include <assert.h>

#include "base/err.h"
#include "probe/sweep_inner.h"

enum {
	BASELINE_TRIES = 2, /* before a server that answers none is unreachable */
	DEFAULT_WINDOW = 64,
	HELD_ROUNDS = 3,      /* times that ports held by others are asked from again… */
	HELD_PAUSE = 1000000, /* … µs apart */
	ROUNDS_MOST = 400,    /* a bound of last resort */
};

/*
 * µs. A flow without a reply is forgotten by Linux's connection tracking after 30 s
 * (nf_conntrack_udp_timeout), and so by most: after this pause every flow is a new one.
 */
#define AGAIN_PAUSE 35000000U
#define AGAIN_GAP   125000U /* between two asks then: slower than limits that matter */
#define SLOW_GAP    200000U /* … and in what follows when the rate was the cause */
/* A busy server is not a silent one. Fast: without spacing; what comes late counts, too. */
#define LEAST_TIMEOUT 100000U
#define LEAST_FAST    50000U
#define FAST_DIVISOR  4

static const char *const phase_names[] = {
	[PHASE_BASELINE] = "baseline",
	[PHASE_COOKIE] = "cookie",
	[PHASE_STEADY] = "loss",
	[PHASE_SURVEY] = "survey",
	[PHASE_REFINE] = "boundaries",
	[PHASE_SAME] = "elsewhere",
	[PHASE_VERIFY] = "verify",
	[PHASE_HELD] = "held ports",
	[PHASE_AGAIN] = "after a pause",
	[PHASE_DEEPEN] = "silent ports",
	[PHASE_TWIN] = "elsewhere",
	[PHASE_END] = "done",
};

/* What the suspicion asks for: more silence, a pause, another destination, more of the same. */
static enum phase look_into(struct sweep *s, uint64_t now)
{
	enum ports_suspicion suspicion = ports_suspect(s->log.table, &s->scope);

	s->gap = suspicion == SUSPECT_CLOCK ? SLOW_GAP : 0;
	switch (suspicion) {
	case SUSPECT_POLICER: return PHASE_END;
	case SUSPECT_NOTHING:
	case SUSPECT_CLOCK: return PHASE_REFINE;
	case SUSPECT_FLOWS:
	case SUSPECT_SCATTER:
	case SUSPECT_MIXED: break;
	}
	if (sweep_is_shallow(s))
		return PHASE_DEEPEN;
	if (suspicion == SUSPECT_FLOWS)
		return PHASE_TWIN;
	s->start_at = now + AGAIN_PAUSE;
	s->gap = AGAIN_GAP;
	return PHASE_AGAIN;
}

/* The phase behind the one whose round is over. */
static enum phase next_phase(struct sweep *s, uint64_t now)
{
	switch (s->phase) {
	case PHASE_BASELINE:
		if (s->open.n)
			return cookie_asks(&s->cookie) ? PHASE_COOKIE : PHASE_STEADY;
		s->unreachable = ++s->tries >= BASELINE_TRIES;
		return s->unreachable ? PHASE_END : PHASE_BASELINE;
	case PHASE_COOKIE: return cookie_asks(&s->cookie) ? PHASE_COOKIE : PHASE_STEADY;
	case PHASE_STEADY: return PHASE_SURVEY;
	case PHASE_AGAIN:
		return s->again_rounds < sweep_again_rounds(s) ? PHASE_AGAIN : look_into(s, now);
	case PHASE_SURVEY:
	case PHASE_SAME:
	case PHASE_VERIFY:
	case PHASE_HELD:
	case PHASE_DEEPEN:
	case PHASE_REFINE: return look_into(s, now);
	case PHASE_TWIN:
	case PHASE_END: break;
	}
	return s->phase;
}

/* Nothing is needed any more: ask at random once, and again from ports that were held. */
static void finish(struct sweep *s, uint64_t now)
{
	for (enum phase p = PHASE_SAME; p <= PHASE_VERIFY && !s->round.n && !s->plan.every; p++) {
		s->phase = p;
		sweep_fill(s);
	}
	while (!s->round.n && s->held_rounds < HELD_ROUNDS) {
		s->held_rounds++;
		s->phase = PHASE_HELD;
		s->start_at = now + HELD_PAUSE;
		sweep_fill(s);
	}
	if (!s->round.n)
		s->phase = PHASE_END;
}

/* A round is over: judge it and make the next one, or end. */
static void turn(struct sweep *s, uint64_t now)
{
	ports_log_settle(&s->log);
	if (s->spent || ++s->rounds > ROUNDS_MOST) {
		s->phase = PHASE_END;
		return;
	}
	s->phase = next_phase(s, now);
	sweep_fill(s);
	if (s->round.n || s->phase == PHASE_END)
		return;
	if (s->phase == PHASE_TWIN || s->phase == PHASE_AGAIN)
		s->phase = PHASE_END;
	else
		finish(s, now);
}

/* Long enough for what was seen so far, so that a silent port costs little. */
static uint32_t timeout(const struct sweep *s)
{
	bool fast = s->plan.spacing == 0;
	uint64_t t = s->log.table->rtt_max * 3 + (fast ? LEAST_FAST : LEAST_TIMEOUT);

	/* Before any reply; who is in a hurry gives a blocked port less at first. */
	if (!s->log.table->rtt_max)
		t = fast && !s->tries ? s->plan.timeout / FAST_DIVISOR : s->plan.timeout;
	return t > s->plan.timeout ? s->plan.timeout : (uint32_t)t;
}

static void make_twin(const struct sweep *s, struct ask *ret)
{
	if (s->twin.index < s->plan.ntwins)
		ret->server = s->plan.twins[s->twin.index];
	else
		ret->transport = TRANSPORT_TCP;
	if (ret->server.family != ret->source.family)
		ret->source = (struct addr){ .port = ret->source.port };
}

static void make_ask(struct sweep *s, const struct due *d, uint64_t now, struct ask *ret)
{
	*ret = (struct ask){
		.owner = &s->probe,
		.server = s->plan.server,
		.source = addr_with_port(s->plan.source, d->port),
		.transport = (uint8_t)s->plan.transport,
		.role = d->role,
		.brief = true,
		.timeout = timeout(s),
		.question = s->plan.questions[s->question++ % s->plan.nquestions],
		.shape = s->plan.shape,
		.zone = s->plan.zone,
	};
	if (d->role == ROLE_TWIN)
		make_twin(s, ret);
	else if (d->role == ROLE_COOKIE)
		cookie_handshake(&s->cookie, ret);
	else
		cookie_put(&s->cookie, ret, now);
	ret->connect_only = ret->transport == TRANSPORT_TCP;
	if (s->plan.transport == TRANSPORT_TCP)
		portset_add(&s->busy, d->port);
	s->asked++;
	s->flying++;
}

static bool may_go(const struct sweep *s)
{
	return s->next < s->round.n && s->flying < s->plan.window &&
	       !portset_has(&s->busy, s->round.v[s->next].port);
}

static enum want want(struct probe *p, uint64_t now, struct ask *ret_ask, uint64_t *ret_wake)
{
	struct sweep *s = (struct sweep *)p;

	*ret_wake = PROBE_NO_WAKE;
	if (s->spent)
		s->next = s->round.n;
	if (s->next == s->round.n && !s->flying && s->phase != PHASE_END) {
		if (now < s->rest_until) {
			*ret_wake = s->rest_until;
			return WANT_WAIT;
		}
		turn(s, now);
	}
	if (s->next < s->round.n && now < s->start_at) {
		*ret_wake = s->start_at;
		return WANT_WAIT;
	}
	if (may_go(s)) {
		if (s->gap)
			s->start_at = now + s->gap;
		make_ask(s, &s->round.v[s->next++], now, ret_ask);
		return WANT_ASK;
	}
	return s->phase == PHASE_END && !s->flying ? WANT_DONE : WANT_WAIT;
}

static void reply_twin(struct sweep *s, const struct observation *o)
{
	if (ports_proves_open(o))
		portset_add(&s->twin.replied, o->ask.source.port);
	if (o->outcome == OUTCOME_LATE || o->outcome == OUTCOME_STRAY)
		return;
	if (o->outcome == OUTCOME_NOT_SENT)
		portset_add(&s->twin.failed, o->ask.source.port);
	assert(s->flying > 0);
	s->flying--;
	if (o->sent && o->sent + s->plan.spacing > s->rest_until)
		s->rest_until = o->sent + s->plan.spacing;
}

/* Of its own server. */
static void learn(struct sweep *s, const struct observation *o)
{
	uint16_t port = o->ask.source.port;

	ports_log_add(&s->log, o);
	if (ports_proves_open(o) && !portset_has(&s->is_open, port)) {
		portset_add(&s->is_open, port);
		vec_push(s->arena, &s->open, port);
	}
}

static void reply(struct probe *p, const struct observation *o, uint64_t now)
{
	struct sweep *s = (struct sweep *)p;
	uint16_t port = o->ask.source.port;

	(void)now;
	if (o->ask.role == ROLE_TWIN) {
		reply_twin(s, o);
		return;
	}
	cookie_seen(&s->cookie, o);
	learn(s, o);
	if (o->outcome == OUTCOME_LATE || o->outcome == OUTCOME_STRAY)
		return;
	assert(s->flying > 0);
	s->flying--;
	portset_remove(&s->busy, port);
	/* Not for its port: then for the server, its family, the budget or the end of the run. */
	if (o->outcome == OUTCOME_NOT_SENT && !why_is_port(o->why))
		s->spent = true;
	if (o->sent && o->sent + s->plan.spacing > s->rest_until)
		s->rest_until = o->sent + s->plan.spacing;
}

/* It was over when its observations were taken down. What its twins said is in the facts. */
static void recall(struct probe *p, const struct observation *o)
{
	struct sweep *s = (struct sweep *)p;

	s->phase = PHASE_END;
	s->next = s->round.n;
	if (o && o->ask.role != ROLE_TWIN)
		learn(s, o);
	if (o)
		return;
	s->unreachable = !s->open.n;
	ports_log_settle(&s->log);
}

static void progress(const struct probe *p, struct progress *ret)
{
	const struct sweep *s = (const struct sweep *)p;
	struct portset blocked;

	ports_blocked(s->log.table, &s->scope, &blocked);
	*ret = (struct progress){
		.phase = phase_names[s->phase],
		.asked = s->asked,
		.expected = s->asked + (s->round.n - s->next),
		.found = portset_count(&blocked),
		.steady = s->log.table->steady_sent,
		.lost = s->log.table->steady_lost,
	};
}

static const struct probe_ops ops = {
	.want = want, .reply = reply, .progress = progress, .recall = recall
};

struct sweep *sweep_new(struct arena *a, const struct sweep_plan *plan)
{
	struct sweep *s = arena_alloc(a, sizeof(*s));

	assert(plan->nquestions > 0);
	s->probe.ops = &ops;
	s->plan = *plan;
	s->arena = a;
	s->ports = plan->ports ? *plan->ports : ports_all;
	portset_remove(&s->ports, 0);
	s->scope = (struct ports_scope){ .ports = &s->ports, .every = plan->every };
	s->log = (struct ports_log){ .arena = a, .table = ports_table_new(a) };
	/* Those of all ports, and some more. */
	if (plan->every)
		vec_expect(a, &s->log.moments, portset_count(&s->ports) / 8 * 9 + 64);
	if (!s->plan.window)
		s->plan.window = DEFAULT_WINDOW;
	cookie_init(&s->cookie, a, &plan->shape, &s->plan.rng);
	if (plan->transport == TRANSPORT_TCP)
		s->cookie.state = COOKIE_NONE;
	if (portset_empty(&s->ports))
		s->phase = PHASE_END;
	else
		sweep_fill(s);
	return s;
}

struct probe *sweep_probe(struct sweep *s)
{
	return &s->probe;
}

const struct addr *sweep_server(const struct sweep *s)
{
	return &s->plan.server;
}

struct question sweep_question(const struct sweep *s)
{
	return s->plan.questions[0];
}

const struct ports_table *sweep_table(const struct sweep *s)
{
	return s->log.table;
}

struct ports_scope sweep_scope(const struct sweep *s)
{
	return s->scope;
}

bool sweep_unreachable(const struct sweep *s)
{
	return s->unreachable;
}
