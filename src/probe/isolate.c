/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One ask at a time, so that a search can be followed in its facts. */
#include "probe/isolate.h"

enum {
	RTTS = 8,	      /* an ask waits so many times the longest RTT */
	RETRY_LEAST = 400000, /* µs, but no less */
	EXPECTED = 40,	      /* asks, about */
};

struct isolation {
	struct probe probe;
	struct isolation_plan plan;
	struct isolate_ends *search;
	bool in_flight, done;
	uint64_t not_before;
	uint32_t rtt; /* µs, the longest so far */
	size_t asked;
};

static uint32_t timeout_of(const struct isolation *x, const struct ask *ask)
{
	uint32_t wait = x->rtt < UINT32_MAX / RTTS ? x->rtt * RTTS : UINT32_MAX;

	if (!x->rtt || ask->transport == TRANSPORT_TCP)
		return x->plan.timeout;
	if (wait < RETRY_LEAST)
		wait = RETRY_LEAST;
	return wait < x->plan.timeout ? wait : x->plan.timeout;
}

static enum want want(struct probe *p, uint64_t now, struct ask *ret_ask, uint64_t *ret_wake)
{
	struct isolation *x = (struct isolation *)p;

	*ret_wake = PROBE_NO_WAKE;
	if (x->in_flight)
		return WANT_WAIT;
	if (x->done)
		return WANT_DONE;
	if (now < x->not_before) {
		*ret_wake = x->not_before;
		return WANT_WAIT;
	}
	if (isolate_ends_next(x->search, ret_ask) != ISOLATE_SEARCHING) {
		x->done = true;
		return WANT_DONE;
	}
	ret_ask->owner = p;
	ret_ask->timeout = timeout_of(x, ret_ask);
	x->in_flight = true;
	x->asked++;
	return WANT_ASK;
}

static void reply(struct probe *p, const struct observation *o, uint64_t now)
{
	struct isolation *x = (struct isolation *)p;

	if (o->outcome == OUTCOME_LATE)
		isolate_ends_late(x->search, o, SIZE_MAX);
	if (o->outcome == OUTCOME_LATE || o->outcome == OUTCOME_STRAY)
		return;
	x->in_flight = false;
	if (observation_silent(o))
		x->not_before = now + x->plan.spacing;
	else if (observation_rtt(o) > x->rtt && observation_rtt(o) < UINT32_MAX)
		x->rtt = (uint32_t)observation_rtt(o);
	isolate_ends_tell(x->search, o, SIZE_MAX);
}

static void progress(const struct probe *p, struct progress *ret)
{
	const struct isolation *x = (const struct isolation *)p;

	*ret = (struct progress){ .phase = "isolate", .asked = x->asked, .expected = EXPECTED };
}

struct isolation *isolation_new(struct arena *a, const struct isolation_plan *plan)
{
	static const struct probe_ops ops = { .want = want, .reply = reply, .progress = progress };
	struct isolation *x = arena_alloc(a, sizeof(*x));

	*x = (struct isolation){ .probe = { &ops }, .plan = *plan };
	x->search = isolate_ends_begin(a, &plan->of);
	return x;
}

struct probe *isolation_probe(struct isolation *x)
{
	return &x->probe;
}
