/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which source ports reach one server, in rounds of what infer/ports still needs. */
#include "probe/sweep.h"

#include <assert.h>

#include "base/err.h"

enum {
	BASELINE_PORTS = 20,  /* scattered over the ports in question */
	BASELINE_TRIES = 2,   /* before a server that answers none is unreachable */
	BASELINE_STEADY = 24, /* asks that measure the loss before the survey */
	STRATUM = 256,	      /* one random port in each block: no range of 511 escapes */
	VERIFY_PORTS = 48,    /* random ports asked when the set seems decided */
	STEADY_LEAST = 8,     /* a steady ask after so many others, in small rounds… */
	STEADY_MOST = 32,     /* … and in big ones: about 20 a round in between */
	STEADY_ROUND = 20,
	DEFAULT_WINDOW = 64,
	HELD_ROUNDS = 3,      /* times that ports held by others are asked from again… */
	HELD_PAUSE = 1000000, /* … µs apart */
	ROUNDS_MOST = 400,    /* a bound of last resort */
};

/* µs: a busy server is not a silent one. Fast: without spacing; what comes late counts, too. */
#define LEAST_TIMEOUT 100000U
#define LEAST_FAST    50000U
#define FAST_DIVISOR  4

enum phase {
	PHASE_BASELINE,
	PHASE_STEADY,
	PHASE_SURVEY,
	PHASE_REFINE,
	PHASE_VERIFY,
	PHASE_HELD,
	PHASE_END,
};

static const char *const phase_names[] = {
	[PHASE_BASELINE] = "baseline",
	[PHASE_STEADY] = "loss",
	[PHASE_SURVEY] = "survey",
	[PHASE_REFINE] = "boundaries",
	[PHASE_VERIFY] = "verify",
	[PHASE_HELD] = "held ports",
	[PHASE_END] = "done",
};

/* One ask of a round that is still to be made. */
struct due {
	uint16_t port;
	bool steady;
};

struct sweep {
	struct probe probe;
	struct sweep_plan plan;
	struct portset ports;
	struct ports_scope scope;
	struct arena *arena;
	struct ports_log log;
	enum phase phase;
	bool verified, spent, unreachable;
	unsigned int tries, rounds;

	struct VEC(struct due) round; /* asks of this round; the first `next` are out */
	size_t next, flying;
	struct portset busy; /* TCP: with a connection of ours, which there is one of at a time */
	uint64_t rest_until, start_at;
	unsigned int held_rounds;

	struct VEC(uint16_t) open; /* ports that answered: steady asks go from them */
	struct portset is_open;
	size_t asked, question;
};

static bool may_ask(const struct sweep *s, uint16_t port)
{
	return !portset_has(&s->log.table->untested, port);
}

static void put(struct sweep *s, uint16_t port, bool steady)
{
	vec_push(s->arena, &s->round, (struct due){ .port = port, .steady = steady });
}

/* Ports drawn evenly: one in each of `parts` equal slices of the set. */
static void draw_slices(
	struct sweep *s, const struct portset *from, unsigned int parts, struct portset *ret)
{
	uint32_t count = portset_count(from);

	for (uint32_t i = 0; i < parts; i++) {
		uint32_t lo = (uint32_t)((uint64_t)count * i / parts);
		uint32_t hi = (uint32_t)((uint64_t)count * (i + 1) / parts);

		if (hi > lo)
			portset_add(ret,
				(uint16_t)portset_nth(from, lo + rng_below(&s->plan.rng, hi - lo)));
	}
}

static void draw_strata(struct sweep *s, struct portset *ret)
{
	for (uint32_t block = 0; block < 65536; block += STRATUM) {
		struct portset here = { 0 };
		uint32_t n;

		portset_add_range(&here,
			(struct portrange){ (uint16_t)block, (uint16_t)(block + STRATUM - 1) });
		portset_and(&here, &s->ports);
		n = portset_count(&here);
		if (n)
			portset_add(ret, (uint16_t)portset_nth(&here, rng_below(&s->plan.rng, n)));
	}
}

static uint16_t steady_port(struct sweep *s)
{
	return s->open.v[rng_below(&s->plan.rng, (uint32_t)s->open.n)];
}

/*
 * Makes the round that asks each port of the set once, in random order, with steady asks between
 * and at the end, so that every silence has one before and behind it.
 */
static void fill_round(struct sweep *s, const struct portset *ports)
{
	size_t n = 0, every, total = portset_count(ports);
	uint16_t *order = arena_alloc(s->arena, (total + 1) * sizeof(*order));

	for (int32_t p = portset_next(ports, 0); p >= 0; p = portset_next(ports, (uint32_t)p + 1))
		if (may_ask(s, (uint16_t)p))
			order[n++] = (uint16_t)p;
	rng_shuffle(&s->plan.rng, order, n, sizeof(*order));
	every = n / STEADY_ROUND;
	every = every < STEADY_LEAST ? STEADY_LEAST : every > STEADY_MOST ? STEADY_MOST : every;
	for (size_t i = 0; i < n; i++) {
		if (s->open.n && i % every == 0)
			put(s, steady_port(s), true);
		put(s, order[i], false);
	}
	if (n && s->open.n)
		put(s, steady_port(s), true);
}

static void fill_survey(struct sweep *s)
{
	struct portset ports = { 0 };

	if (s->plan.every) {
		ports = s->ports;
	} else {
		for (unsigned int i = 0; i < ports_nseeds; i++)
			portset_add(&ports, ports_seeds[i]);
		portset_and(&ports, &s->ports);
		draw_strata(s, &ports);
	}
	portset_minus(&ports, &s->is_open);
	fill_round(s, &ports);
}

static void fill_verify(struct sweep *s)
{
	struct portset ports = { 0 };

	draw_slices(s, &s->ports, VERIFY_PORTS, &ports);
	portset_minus(&ports, &s->is_open);
	fill_round(s, &ports);
}

static const uint16_t let_in[] = { 53, 1024, 1025, 5353, 10053, 32768, 49152, 60000, 65535 };

static void fill_baseline(struct sweep *s)
{
	struct portset ports = { 0 };

	/* From all ports, not those in question: they may all be blocked, and others are not. */
	draw_slices(s, &ports_all, BASELINE_PORTS, &ports);
	/* Some rules let only a few ports in, and then most often these. */
	for (size_t i = 0; s->tries > 0 && i < ARRAY_LEN(let_in); i++)
		portset_add(&ports, let_in[i]);
	fill_round(s, &ports);
}

static void fill_steady(struct sweep *s)
{
	for (unsigned int i = 0; i < BASELINE_STEADY; i++)
		put(s, steady_port(s), true);
}

static void fill_refine(struct sweep *s)
{
	struct portset needs;

	ports_needs(s->log.table, &s->scope, &needs);
	fill_round(s, &needs);
}

/* Ports that another process held: a resolver on this host gives its ports back in a moment. */
static void fill_held(struct sweep *s)
{
	struct ports_table *t = s->log.table;
	struct portset held = { 0 };

	for (int32_t p = portset_next(&t->untested, 0); p >= 0;
		p = portset_next(&t->untested, (uint32_t)p + 1))
		if (t->why[p] == WHY_PORT_IN_USE && portset_has(&s->ports, (uint16_t)p))
			portset_add(&held, (uint16_t)p);
	portset_minus(&t->untested, &held);
	fill_round(s, &held);
}

/* The phase behind the one whose round is over. */
static enum phase next_phase(struct sweep *s)
{
	switch (s->phase) {
	case PHASE_BASELINE:
		if (s->open.n)
			return PHASE_STEADY;
		s->unreachable = ++s->tries >= BASELINE_TRIES;
		return s->unreachable ? PHASE_END : PHASE_BASELINE;
	case PHASE_STEADY: return PHASE_SURVEY;
	case PHASE_SURVEY:
	case PHASE_VERIFY:
	case PHASE_HELD: return PHASE_REFINE;
	case PHASE_REFINE:
	case PHASE_END: break;
	}
	return s->phase;
}

static void fill(struct sweep *s)
{
	static void (*const fills[])(struct sweep *) = {
		[PHASE_BASELINE] = fill_baseline,
		[PHASE_STEADY] = fill_steady,
		[PHASE_SURVEY] = fill_survey,
		[PHASE_REFINE] = fill_refine,
		[PHASE_VERIFY] = fill_verify,
		[PHASE_HELD] = fill_held,
	};

	s->round.n = s->next = 0;
	if (s->phase != PHASE_END)
		fills[s->phase](s);
}

/* Nothing is needed any more: ask at random once, and again from ports that were held. */
static void finish(struct sweep *s, uint64_t now)
{
	if (!s->verified && !s->plan.every) {
		s->verified = true;
		s->phase = PHASE_VERIFY;
		fill(s);
	}
	while (!s->round.n && s->held_rounds < HELD_ROUNDS) {
		s->held_rounds++;
		s->phase = PHASE_HELD;
		s->start_at = now + HELD_PAUSE;
		fill(s);
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
	s->phase = next_phase(s);
	fill(s);
	if (s->round.n || s->phase == PHASE_END)
		return;
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

static void make_ask(struct sweep *s, const struct due *d, struct ask *ret)
{
	*ret = (struct ask){
		.owner = &s->probe,
		.server = s->plan.server,
		.source = addr_with_port(s->plan.source, d->port),
		.transport = (uint8_t)s->plan.transport,
		.role = d->steady ? ROLE_STEADY : ROLE_SWEEP,
		.brief = true,
		.connect_only = s->plan.transport == TRANSPORT_TCP,
		.timeout = timeout(s),
		.question = s->plan.questions[s->question++ % s->plan.nquestions],
		.shape = s->plan.shape,
		.zone = s->plan.zone,
	};
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
	if (s->phase == PHASE_HELD && now < s->start_at) {
		*ret_wake = s->start_at;
		return WANT_WAIT;
	}
	if (may_go(s)) {
		make_ask(s, &s->round.v[s->next++], ret_ask);
		return WANT_ASK;
	}
	return s->phase == PHASE_END && !s->flying ? WANT_DONE : WANT_WAIT;
}

static void reply(struct probe *p, const struct observation *o, uint64_t now)
{
	struct sweep *s = (struct sweep *)p;
	uint16_t port = o->ask.source.port;

	(void)now;
	ports_log_add(&s->log, o);
	if (ports_proves_open(o) && !portset_has(&s->is_open, port)) {
		portset_add(&s->is_open, port);
		vec_push(s->arena, &s->open, port);
	}
	if (o->outcome == OUTCOME_LATE || o->outcome == OUTCOME_STRAY)
		return;
	assert(s->flying > 0);
	s->flying--;
	portset_remove(&s->busy, port);
	/* Not for its port: then for the server, its family, the budget or the end of the run. */
	if (o->outcome == OUTCOME_NOT_SENT && !portset_has(&s->log.table->untested, port))
		s->spent = true;
	if (o->sent && o->sent + s->plan.spacing > s->rest_until)
		s->rest_until = o->sent + s->plan.spacing;
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

static const struct probe_ops ops = { .want = want, .reply = reply, .progress = progress };

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
	s->log = (struct ports_log){ .arena = a, .table = arena_alloc(a, sizeof(*s->log.table)) };
	if (!s->plan.window)
		s->plan.window = DEFAULT_WINDOW;
	if (portset_empty(&s->ports))
		s->phase = PHASE_END;
	else
		fill(s);
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

uint32_t sweep_least(const struct sweep_plan *plan)
{
	const struct portset *ports = plan->ports ? plan->ports : &ports_all;
	uint32_t n = BASELINE_PORTS + BASELINE_STEADY;

	if (plan->every)
		return n + portset_count(ports);
	for (uint32_t block = 0; block < 65536; block += STRATUM) {
		int32_t p = portset_next(ports, block);

		n += p >= 0 && (uint32_t)p < block + STRATUM;
	}
	return n;
}

bool sweep_unreachable(const struct sweep *s)
{
	return s->unreachable;
}
