/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Four stages: a port comes into use, first pairs, lost ports again, second pairs. */
#include "probe/newports.h"

#include "base/err.h"
#include "base/vec.h"

enum {
	FIRST_PORT = 20000,
	LAST_PORT = 59999,
	DRAWS = 64,		 /* of a port that was not used yet */
	HOLD_TRIES = 10,	 /* until a port is in use… */
	HOLD_PAUSE = 500000,	 /* µs between two: doubled… */
	HOLD_LONGEST = 16000000, /* …up to this */
	RTTS = 8,		 /* a reply is waited for so many times the longest RTT */
	WAIT_LEAST = 500000,	 /* µs, but no less */
};

/* µs before each time that lost ports are asked again: what RFC 4787 4.3 wants kept, in all. */
static const uint64_t pauses[] = { 0, 4000000, 8000000, 16000000, 32000000, 64000000 };

enum stage { STAGE_HOLD, STAGE_FIRST, STAGE_AGAIN, STAGE_SECOND, STAGE_END };

struct fresh {
	struct probe probe;
	struct newports_plan plan;
	struct arena *arena;
	struct newports *seen;
	struct portset taken;	       /* ports of ours */
	uint16_t held[NEWPORTS_AGAIN]; /* ports in use */
	size_t nheld;
	uint16_t again[NEWPORTS_AGAIN];
	size_t nagain;
	struct VEC(struct ask) burst;
	size_t burst_at, in_flight, asked;
	enum stage stage;
	unsigned int turns; /* rounds, or tries, of this stage */
	uint64_t not_before;
	uint32_t rtt; /* µs, the longest so far */
	uint8_t streams;
};

static uint16_t any_port(struct fresh *f)
{
	const struct portset *open = f->plan.open;

	if (open && !portset_empty(open))
		return (uint16_t)portset_nth(
			open, (uint32_t)rng_below(&f->plan.rng, portset_count(open)));
	return (uint16_t)(FIRST_PORT + rng_below(&f->plan.rng, LAST_PORT - FIRST_PORT + 1));
}

/* 0: there seems to be none left. */
static uint16_t new_port(struct fresh *f)
{
	for (unsigned int i = 0; i < DRAWS; i++) {
		uint16_t port = any_port(f);

		if (portset_has(&f->taken, port))
			continue;
		portset_add(&f->taken, port);
		return port;
	}
	return 0;
}

static uint32_t wait_of(const struct fresh *f)
{
	uint32_t most = f->plan.timeout, wait = f->rtt * RTTS;

	if (!f->rtt || f->rtt > most / RTTS)
		return most;
	if (wait < WAIT_LEAST)
		wait = WAIT_LEAST;
	return wait < most ? wait : most;
}

static struct ask ask_of(struct fresh *f, bool used, uint16_t port)
{
	struct ask ask = { .owner = &f->probe,
		.server = f->plan.server,
		.source = f->plan.source,
		.transport = TRANSPORT_UDP,
		.role = f->plan.control ? ROLE_SHAPE_CONTROL : ROLE_SHAPE,
		.timeout = wait_of(f),
		.question = f->plan.question,
		.row = used ? NEWPORTS_USED : NEWPORTS_NEW,
		.zone = f->plan.zone };

	/* Ports in use should be answered: they tell how fast the server may be asked. */
	if (used)
		ask.role = ROLE_SHAPE_STEADY;
	ask.source.port = port;
	return ask;
}

/* Which of both goes first is drawn: that makes the sign test exact. */
static void put_pair(struct fresh *f, uint16_t used)
{
	uint16_t port = new_port(f);
	struct ask pair[] = { ask_of(f, false, port), ask_of(f, true, used) };
	size_t first = rng_below(&f->plan.rng, 2);

	if (!port || f->streams == UINT8_MAX)
		return;
	pair[0].stream = pair[1].stream = ++f->streams;
	vec_push(f->arena, &f->burst, pair[first]);
	vec_push(f->arena, &f->burst, pair[!first]);
}

static void put_round(struct fresh *f)
{
	for (size_t i = 0; i < NEWPORTS_PAIRS; i++)
		put_pair(f, f->held[i % f->nheld]);
}

static void enter(struct fresh *f, enum stage stage)
{
	f->stage = stage;
	f->turns = 0;
	f->not_before = 0;
}

/* A port is in use when a reply came to it; meanwhile what is in the way may have to forget. */
static void hold(struct fresh *f, uint64_t now)
{
	uint64_t pause = (uint64_t)HOLD_PAUSE << f->turns;

	if (f->nheld) {
		enter(f, STAGE_FIRST);
		return;
	}
	if (f->turns == HOLD_TRIES) {
		enter(f, STAGE_END);
		return;
	}
	f->not_before = now + (pause < HOLD_LONGEST ? pause : HOLD_LONGEST);
	f->turns++;
	vec_push(f->arena, &f->burst, ask_of(f, true, new_port(f)));
}

/* Any of them, so that no order of theirs counts. */
static void choose_again(struct fresh *f)
{
	struct portset left = f->seen->lost;

	for (f->nagain = 0; f->nagain < NEWPORTS_AGAIN && !portset_empty(&left); f->nagain++) {
		uint32_t nth = (uint32_t)rng_below(&f->plan.rng, portset_count(&left));
		uint16_t port = (uint16_t)portset_nth(&left, nth);

		portset_remove(&left, port);
		f->again[f->nagain] = port;
	}
}

static void first(struct fresh *f)
{
	if (newports_judge(f->seen).loses_new) {
		choose_again(f);
		enter(f, f->plan.control ? STAGE_END : STAGE_AGAIN);
	} else if (f->turns == NEWPORTS_FIRST) {
		enter(f, STAGE_END);
	} else {
		f->turns++;
		put_round(f);
	}
}

static void again(struct fresh *f, uint64_t now)
{
	if (f->turns && f->nheld >= NEWPORTS_HELD && newports_judge(f->seen).comes_back) {
		enter(f, STAGE_SECOND);
		return;
	}
	if (f->turns == ARRAY_LEN(pauses)) {
		enter(f, STAGE_END);
		return;
	}
	/* The pause comes before its asks: once it is over, this is reached again. */
	if (!f->not_before) {
		f->not_before = now + pauses[f->turns] + 1;
		return;
	}
	f->not_before = 0;
	f->turns++;
	f->nheld = 0;
	for (size_t i = 0; i < f->nagain; i++)
		vec_push(f->arena, &f->burst, ask_of(f, false, f->again[i]));
}

static void second(struct fresh *f)
{
	if (newports_judge(f->seen).found || f->turns == NEWPORTS_SECOND) {
		enter(f, STAGE_END);
		return;
	}
	f->turns++;
	put_round(f);
}

/* All that was asked has come back: what next? */
static void step(struct fresh *f, uint64_t now)
{
	f->burst.n = f->burst_at = 0;
	switch (f->stage) {
	case STAGE_HOLD: hold(f, now); break;
	case STAGE_FIRST: first(f); break;
	case STAGE_AGAIN: again(f, now); break;
	case STAGE_SECOND: second(f); break;
	case STAGE_END: break;
	}
}

static enum want want(struct probe *p, uint64_t now, struct ask *ret_ask, uint64_t *ret_wake)
{
	struct fresh *f = (struct fresh *)p;

	while (f->burst_at == f->burst.n) {
		if (f->stage == STAGE_END && !f->in_flight)
			return WANT_DONE;
		if (f->in_flight ||
			(f->not_before > now && !(f->stage == STAGE_HOLD && f->nheld))) {
			*ret_wake = f->in_flight ? PROBE_NO_WAKE : f->not_before;
			return WANT_WAIT;
		}
		step(f, now);
	}
	*ret_ask = f->burst.v[f->burst_at++];
	f->in_flight++;
	f->asked++;
	return WANT_ASK;
}

/* A reply to a port on its own puts it in use. */
static void reply(struct probe *p, const struct observation *o, uint64_t now)
{
	struct fresh *f = (struct fresh *)p;

	(void)now;
	newports_add(f->seen, o, 0);
	if (o->outcome == OUTCOME_STRAY || o->outcome == OUTCOME_LATE)
		return;
	f->in_flight--;
	if (!observation_spoke(o))
		return;
	if (observation_rtt(o) > f->rtt)
		f->rtt = (uint32_t)observation_rtt(o);
	if (!o->ask.stream && f->nheld < ARRAY_LEN(f->held))
		f->held[f->nheld++] = o->ask.source.port;
}

static void progress(const struct probe *p, struct progress *ret)
{
	const struct fresh *f = (const struct fresh *)p;

	*ret = (struct progress){
		.phase = "new ports", .asked = f->asked, .found = portset_count(&f->seen->lost)
	};
}

struct probe *newports_probe_new(struct arena *a, const struct newports_plan *plan)
{
	static const struct probe_ops ops = { .want = want, .reply = reply, .progress = progress };
	struct fresh *f = arena_alloc(a, sizeof(*f));

	*f = (struct fresh){
		.probe = { &ops }, .plan = *plan, .arena = a, .seen = newports_new(a)
	};
	return &f->probe;
}
