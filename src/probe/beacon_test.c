/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asking for a beacon's names: each once, in its time, to each resolver in turn. */
#include "probe/beacon.h"

#include "beacon/test_beacon.h"
#include "prop.h"

enum { ASKS_MOST = 256, RESOLVERS = 2 };

struct run {
	struct bench bench;
	struct facts *facts;
	struct beacon_plan plan;
	struct addr resolvers[RESOLVERS];
	struct name zone;
	uint64_t at[ASKS_MOST];
	size_t asks, flying, most;
};

static void setup(struct run *r, size_t lookups)
{
	*r = (struct run){ .bench = bench_new(5, 0) };
	name_parse("beacon.test", &r->zone);
	addr_parse_port("192.0.2.53#53", &r->resolvers[0]);
	addr_parse_port("192.0.2.54#53", &r->resolvers[1]);
	r->facts = facts_new(r->bench.arena);
	r->plan = (struct beacon_plan){ .zone = &r->zone,
		.servers = r->resolvers,
		.nservers = RESOLVERS,
		.lookups = lookups,
		.timeout = 1000000,
		.rng = rng_seed(6) };
}

/* Each resolver has an address of its own; the beacon sees it. */
static void answer(struct run *r, const struct ask *ask, uint64_t now)
{
	struct observation o = {
		.ask = *ask, .outcome = OUTCOME_ANSWERED, .sent = now, .done = now + 1000
	};

	r->bench.from.ip[3] = ask->server.ip[3];
	o.msg = bench_resolve(&r->bench, ask->question.name, true);
	probe_reply(ask->owner, facts_add(r->facts, &o), now);
	r->flying--;
}

/* Lets asks wait until nothing else goes on; then all are answered. */
static struct beacon_asked play(struct run *r)
{
	struct beacon_asker *k = beacon_asker_new(r->bench.arena, &r->plan);
	struct probe *p = beacon_asker_probe(k);
	struct ask asks[ASKS_MOST];
	uint64_t now = 1, wake = 0;

	probe_begin(p, now);
	for (;;) {
		enum want w = probe_want(p, now, &asks[r->flying], &wake);

		if (w == WANT_DONE || r->asks == ASKS_MOST)
			return beacon_asker_count(k);
		if (w == WANT_ASK) {
			r->at[r->asks++] = now;
			r->flying++;
			r->most = r->flying > r->most ? r->flying : r->most;
		} else if (wake != PROBE_NO_WAKE) {
			now = wake;
		} else if (r->flying == 0) {
			return beacon_asker_count(k);
		} else {
			answer(r, &asks[r->flying - 1], now);
		}
	}
}

static void test_run(void)
{
	struct run r;
	struct beacon_asked n;
	size_t from[256] = { 0 }, early = 0;

	setup(&r, 8);
	n = play(&r);
	is_int((int64_t)n.lookups, 8, "eight lookups");
	is_int((int64_t)n.replies, 8, "eight replies");
	is_int((int64_t)n.samples, 72, "nine samples each");
	is_int((int64_t)r.asks, 8, "no name is asked for twice");
	is_int((int64_t)r.most, BEACON_FLIGHTS, "not more at once than the plan says");
	for (size_t i = 1; i < r.asks; i++)
		early += r.at[i] - r.at[i - 1] < BEACON_SPACING;
	is_int((int64_t)early, 0, "not faster than the plan says");
	beacon_sightings(r.bench.arena, r.facts);
	is_int((int64_t)r.facts->sightings.n, 72, "all are sightings");
	vec_each (struct sighting, s, r.facts->sightings)
		from[s->from.ip[3]] += s->transport == TRANSPORT_UDP;
	is_int((int64_t)from[53], 32, "32 over UDP of the first resolver");
	is_int((int64_t)from[54], 32, "32 over UDP of the second");
	bench_done(&r.bench);
}

static void test_bounds(void)
{
	struct run r;

	setup(&r, 4);
	r.plan.nservers = 0;
	is_int((int64_t)play(&r).lookups, 0, "nobody to ask");
	bench_done(&r.bench);
	setup(&r, 4);
	r.zone.len = NAME_MAX_WIRE;
	is_int((int64_t)play(&r).lookups, 0, "a zone that leaves no room for labels");
	bench_done(&r.bench);
	setup(&r, 3);
	r.plan.steps = BEACON_STEPS_MOST;
	is_int((int64_t)play(&r).samples, 3 * (BEACON_STEPS_MOST + 1), "the longest chains");
	bench_done(&r.bench);
}

int main(void)
{
	test_run();
	test_bounds();
	return tap_done();
}
