/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lookups of a beacon's chains, some at a time. */
#include "probe/beacon.h"

#include <assert.h>

#include "dns/rr.h"
#include "probe/lookup.h"

struct beacon_asker {
	struct probe probe;
	struct arena *arena;
	struct beacon_plan plan;
	struct lookup **lookups;
	size_t started; /* of plan.lookups */
	size_t ended;	/* all before this one */
	uint64_t next;	/* µs: no new lookup before this */
	uint32_t seed;	/* of the first; lookups count from there */
};

static struct lookup *new_lookup(struct beacon_asker *k)
{
	const struct beacon_plan *p = &k->plan;
	struct name name;
	int err;
	uint32_t seed = (k->seed + (uint32_t)k->started) & ((1U << BEACON_SEED_BITS) - 1);
	struct lookup_plan plan = {
		.shape = shape_stub,
		.servers = &p->servers[k->started % p->nservers],
		.nservers = 1,
		.source = p->source,
		.role = ROLE_BEACON,
		.zone = p->zone,
		.tries = p->tries,
		.timeout = p->timeout,
	};

	err = beacon_first_name(p->zone, p->steps, seed, &name);
	assert(err == 0); /* beacon_asker_new() has seen to it */
	plan.question = (struct question){ name_keep(k->arena, &name), RR_TXT, CLASS_IN };
	return lookup_new(k->arena, &plan);
}

/* The first that has something to ask; else how many are under way. */
static bool ask_of_one(struct beacon_asker *k, uint64_t now, struct ask *ret, size_t *ret_busy)
{
	uint64_t wake;

	*ret_busy = 0;
	for (size_t i = k->ended; i < k->started; i++) {
		enum want w = probe_want(lookup_probe(k->lookups[i]), now, ret, &wake);

		if (w == WANT_ASK)
			return true;
		*ret_busy += w == WANT_WAIT;
		if (w == WANT_DONE && i == k->ended)
			k->ended++;
	}
	return false;
}

static enum want want(struct probe *p, uint64_t now, struct ask *ret_ask, uint64_t *ret_wake)
{
	struct beacon_asker *k = (struct beacon_asker *)p;
	size_t busy;

	if (ask_of_one(k, now, ret_ask, &busy))
		return WANT_ASK;
	*ret_wake = PROBE_NO_WAKE;
	if (k->started == k->plan.lookups)
		return busy ? WANT_WAIT : WANT_DONE;
	if (busy >= k->plan.flights)
		return WANT_WAIT;
	if (now < k->next) {
		*ret_wake = k->next;
		return WANT_WAIT;
	}
	k->lookups[k->started] = new_lookup(k);
	k->started++;
	k->next = now + k->plan.spacing;
	return probe_want(lookup_probe(k->lookups[k->started - 1]), now, ret_ask, ret_wake);
}

/* Replies go to the lookups, who own the asks. */
static void reply(struct probe *p, const struct observation *o, uint64_t now)
{
	(void)p;
	(void)o;
	(void)now;
}

static void progress(const struct probe *p, struct progress *ret)
{
	const struct beacon_asker *k = (const struct beacon_asker *)p;

	*ret = (struct progress){ .phase = "beacon",
		.asked = k->started,
		.expected = k->plan.lookups,
		.found = beacon_asker_count(k).samples };
}

struct beacon_asker *beacon_asker_new(struct arena *a, const struct beacon_plan *plan)
{
	static const struct probe_ops ops = { .want = want, .reply = reply, .progress = progress };
	struct beacon_asker *k = arena_alloc(a, sizeof(*k));
	struct beacon_plan *p = &k->plan;

	*k = (struct beacon_asker){ .probe = { &ops }, .arena = a, .plan = *plan };
	if (!p->nservers || plan->zone->len > BEACON_ZONE_MOST)
		p->lookups = 0;
	if (p->lookups > BEACON_LOOKUPS_MOST)
		p->lookups = BEACON_LOOKUPS_MOST;
	if (!p->steps || p->steps > BEACON_STEPS_MOST)
		p->steps = BEACON_STEPS;
	if (!p->spacing)
		p->spacing = BEACON_SPACING;
	if (!p->flights)
		p->flights = BEACON_FLIGHTS;
	if (!p->tries)
		p->tries = 1;
	k->seed = (uint32_t)rng_u64(&p->rng);
	k->lookups = arena_alloc(a, p->lookups * sizeof(struct lookup *));
	return k;
}

struct probe *beacon_asker_probe(struct beacon_asker *k)
{
	return &k->probe;
}

struct beacon_asked beacon_asker_count(const struct beacon_asker *k)
{
	struct beacon_asked n = { .lookups = k->started };

	for (size_t i = 0; i < k->started; i++) {
		const struct observation *o = lookup_last(k->lookups[i]);
		struct beacon_samples samples;
		size_t found;

		if (!o || !o->msg)
			continue;
		found = beacon_read(o->msg, &samples);
		n.replies++;
		n.seen += found > 0;
		n.samples += found;
	}
	return n;
}
