/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * New source ports and ports in use over seeded simulated networks: tables of flows that are full
 * are found, loss, limits, filters, policers and hashes are not taken for them. SIM_RUNS changes
 * the number of networks of each.
 */
#include <stdlib.h>
#include <string.h>

#include "addresses.h"
#include "base/err.h"
#include "base/stats.h"
#include "dns/rr.h"
#include "net/drive.h"
#include "net/sim.h"
#include "probe/newports.h"
#include "tap.h"

#ifndef __has_feature
#define __has_feature(x) 0 /* clang's word; gcc defines __SANITIZE_ADDRESS__ instead */
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#define DEFAULT_RUNS 4 /* the sanitizers look at the code, not at the statistics */
#else
#define DEFAULT_RUNS 200
#endif

enum { RTT = 20000, SECOND = 1000000, RATE = 50 };

/* Of a row that is to be found. */
static const double LEAST = 0.85;

struct scene {
	const char *what;
	bool found;
	struct sim_filter near, far;
	double rate_limit;
	bool rrl;
	double loss;
	bool bursty;
	uint32_t jitter;
};

static struct portset half, most, few;

static const struct sim_limit rrl = { .make = SIM_LIMIT_BIND, .rate = 5, .slip = 2 };

#define TABLE(n, seconds)                                                                          \
	{                                                                                          \
		.flows = (n), .flow_life = (seconds)*SECOND                                        \
	}

static const struct scene scenes[] = {
	{ "nothing", .found = false },
	{ "10% loss", false, .loss = 0.1 },
	{ "30% loss", false, .loss = 0.3 },
	{ "10% loss in bursts", false, .loss = 0.1, .bursty = true },
	{ "30% loss in bursts", false, .loss = 0.3, .bursty = true },
	{ "late replies", false, .jitter = 3 * SECOND },
	{ "a limit of 10 a second", false, .rate_limit = 10 },
	{ "response rate limiting", false, .rrl = true },
	{ "half of all ports blocked", false, .far = { .blocked = &half } },
	{ "that and 10% loss", false, .far = { .blocked = &half }, .loss = 0.1 },
	{ "nine of ten ports blocked", false, .far = { .blocked = &most } },
	{ "one of eight ports blocked and 10% loss", false, .far = { .blocked = &few },
		.loss = 0.1 },
	{ "one member of 4 dead", false, .near = { .members = 4 } },
	{ "one member of 2 dead, 10% loss", false, .near = { .members = 2 }, .loss = 0.1 },
	{ "one of 8 dead, 20% loss", false, .near = { .members = 8 }, .loss = 0.2 },
	{ "a policer of all ports", false, .far = { .police = 5 } },
	{ "a policer of half the ports", false, .far = { .policed = &half, .police = 2 } },
	{ "that and 10% loss", false, .far = { .policed = &half, .police = 2 }, .loss = 0.1 },
	{ "a policer of nine of ten ports", false, .far = { .policed = &most, .police = 5 } },
	{ "a slow policer of half", false, .far = { .policed = &half, .police = 0.5 } },
	{ "a table of 200 flows", false, .near = TABLE(200, 300) },
	{ "a table of 16 flows for 8 s", true, .near = TABLE(16, 8) },
	{ "that and 10% loss", true, .near = TABLE(16, 8), .loss = 0.1 },
	{ "that and 10% loss in bursts", true, .near = TABLE(16, 8), .loss = 0.1, .bursty = true },
	{ "a table of 64 flows for 30 s", true, .near = TABLE(64, 30) },
	{ "that and 10% loss", true, .near = TABLE(64, 30), .loss = 0.1 },
	{ "a table of 64 flows for 120 s", true, .near = TABLE(64, 120) },
	{ "one of 32 for 30 s before the server", true, .far = TABLE(32, 30) },
};

static void build(struct sim_net *net, const struct scene *s)
{
	net->rtt = RTT;
	net->jitter = s->jitter;
	net->near = s->near;
	if (s->bursty)
		sim_add_bursts(net, s->loss);
	else
		net->loss = s->loss;
}

/* One run: what was found, by the facts alone. */
static struct newports_result ask(struct arena *a, const struct scene *s, uint64_t seed)
{
	struct sim_server server = { .addr = address("192.0.2.1#53"),
		.filter = s->far,
		.rate_limit = s->rate_limit,
		.limit = s->rrl ? &rrl : NULL };
	struct sim_net net = { .servers = &server, .nservers = 1 };
	struct rng rng = rng_seed(seed);
	struct facts *f = facts_new(a);
	struct pace_settings pace = { .rate = RATE };
	struct drive d = { .facts = f, .pace = pace_new(a, pace) };
	struct newports_plan plan = { .server = server.addr,
		.question = { &name_root, RR_SOA, CLASS_IN },
		.timeout = 2 * SECOND,
		.rng = rng_seed(seed + 1) };
	struct newports *n = newports_new(a);

	server.filter.hash_key = seed;
	build(&net, s);
	net.near.hash_key = seed;
	d.wire = sim_new(a, &rng, &net);
	if (drive_run(&d, newports_probe_new(a, &plan)) < 0)
		abort();
	d.wire->ops->free(d.wire);
	for (size_t i = 0; i < f->n; i++)
		newports_add(n, f->v[i], i);
	return newports_judge(n);
}

static void row(const struct scene *s, unsigned int runs)
{
	unsigned int found = 0, first = 0, back = 0;

	for (unsigned int i = 0; i < runs; i++) {
		struct arena *a = arena_new();
		struct newports_result r = ask(a, s, 1000 * i + 7);

		found += r.found;
		first += r.loses_new;
		back += r.comes_back;
		arena_free(a);
	}
	/* Few runs cannot show that it is less. */
	ok(s->found ? stats_binomial_upper(found, runs, 0.999) >= LEAST : !found,
		"%s: found in %u of %u (%u past the first pairs, %u came back), in truth %s; at "
		"95%% no more than %.4f",
		s->what, found, runs, first, back, s->found ? "there" : "not there",
		stats_binomial_upper(found, runs, 0.95));
}

int main(void)
{
	const char *given = getenv("SIM_RUNS");
	unsigned int runs = given ? (unsigned int)atoi(given) : DEFAULT_RUNS;

	for (uint32_t p = 1; p <= UINT16_MAX; p++) {
		uint32_t mixed = (p * 2654435761U) >> 16;

		if (mixed % 2 == 0)
			portset_add(&half, (uint16_t)p);
		if (mixed % 10)
			portset_add(&most, (uint16_t)p);
		if (mixed % 8 == 0)
			portset_add(&few, (uint16_t)p);
	}
	for (size_t i = 0; i < ARRAY_LEN(scenes); i++)
		row(&scenes[i], runs);
	return tap_done();
}
