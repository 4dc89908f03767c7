/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sweeps over seeded simulated networks: no filter is invented where there is none, and a filter
 * is found to the port where there is one. SIM_RUNS changes the number of networks.
 */
#include <stdlib.h>

#include "dns/rr.h"
#include "infer/ports.h"
#include "net/drive.h"
#include "net/sim.h"
#include "probe/sweep.h"
#include "tap.h"

#ifndef __has_feature
#define __has_feature(x) 0 /* clang's word; gcc defines __SANITIZE_ADDRESS__ instead */
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#define DEFAULT_RUNS 100 /* the sanitizers look at the code, not at the statistics */
#else
#define DEFAULT_RUNS 1000
#endif

enum { BUDGET = 2000, LEAST_WIDTH = 512, RANGES_MOST = 5 };

struct totals {
	unsigned int runs, exact, none, false_filter, unknown, over;
	uint64_t queries, worst;
};

struct network {
	struct portset blocked;
	double loss;
	bool bursty;
};

static bool seed_in(struct portrange r, bool at_ends)
{
	bool lo = false, hi = false;

	for (unsigned int i = 0; i < ports_nseeds; i++) {
		lo |= at_ends ? ports_seeds[i] == r.lo
			      : ports_seeds[i] >= r.lo && ports_seeds[i] <= r.hi;
		hi |= ports_seeds[i] == r.hi;
	}
	return at_ends ? lo && hi : lo;
}

static bool wide_or_seeded(struct portrange r)
{
	return r.hi - r.lo + 1 >= LEAST_WIDTH || seed_in(r, true);
}

/* Every range and every gap between and around ranges can be met by the design. */
static bool fair(const struct portset *blocked)
{
	struct portset open = ports_all;
	struct portrange r;

	portset_minus(&open, blocked);
	for (uint32_t p = 0; portset_next_range(blocked, p, &r); p = (uint32_t)r.hi + 1)
		if (!wide_or_seeded(r))
			return false;
	for (uint32_t p = 0; portset_next_range(&open, p, &r); p = (uint32_t)r.hi + 1)
		if (!wide_or_seeded(r))
			return false;
	return !portset_empty(blocked) && portset_count(&open) >= 8192;
}

static struct portrange draw_range(struct rng *r)
{
	struct portrange range;
	uint32_t width = LEAST_WIDTH + rng_below(r, rng_below(r, 2) ? 1500 : 20000), lo;

	if (rng_below(r, 2)) {
		unsigned int i = rng_below(r, ports_nseeds), j = i + rng_below(r, 6);

		return (struct portrange){ ports_seeds[i], ports_seeds[j < ports_nseeds ? j : i] };
	}
	lo = 1 + rng_below(r, 65535 - width);
	range = (struct portrange){ (uint16_t)lo, (uint16_t)(lo + width - 1) };
	return range;
}

static void draw_filter(struct rng *r, struct portset *ret)
{
	do {
		unsigned int n = 1 + rng_below(r, RANGES_MOST);

		*ret = (struct portset){ 0 };
		for (unsigned int i = 0; i < n; i++)
			portset_add_range(ret, draw_range(r));
	} while (!fair(ret));
}

static void run(struct network *net, uint64_t seed, struct ports_result *ret)
{
	struct arena *a = arena_new();
	struct rng rng = rng_seed(seed), ids = rng_seed(seed + 1);
	struct sim_server server = { .filter = { .blocked = &net->blocked } };
	struct sim_net sim = { .rtt = 1000 + rng_below(&rng, 150000),
		.jitter = rng_below(&rng, 20000),
		.servers = &server,
		.nservers = 1 };
	struct question q = { &name_root, RR_NS, CLASS_IN };
	struct sweep_plan plan = { .questions = &q,
		.nquestions = 1,
		.shape = shape_iterative,
		.timeout = 2000000,
		.spacing = 250000,
		.rng = rng };
	struct drive drive = { .facts = facts_new(a),
		.pace = pace_new(a, (struct pace_settings){ .rate = 50, .budget = BUDGET }) };
	struct sweep *s;
	struct ports_subject subject;
	struct ports_scope scope;

	if (net->bursty) {
		/* Half of the loss. */
		sim.loss = net->loss / 2;
		sim_add_bursts(&sim, net->loss / 2);
	} else {
		sim.loss = net->loss;
	}
	addr_parse("192.0.2.1", &server.addr);
	server.addr.port = 53;
	plan.server = server.addr;
	drive.wire = sim_new(a, &ids, &sim);
	s = sweep_new(a, &plan);
	drive_run(&drive, sweep_probe(s));
	/* Judged from the facts alone, as a saved run would be. */
	scope = sweep_scope(s);
	subject = (struct ports_subject){ .server = server.addr };
	ports_judge(ports_tally(a, drive.facts, &subject), &scope, ret);
	drive.wire->ops->free(drive.wire);
	arena_free(a);
}

static void count(struct totals *t, const struct network *net, const struct ports_result *r)
{
	t->runs++;
	t->none += r->pattern == PATTERN_NONE;
	t->unknown += r->pattern == PATTERN_UNKNOWN;
	t->exact += r->pattern == PATTERN_RANGES && portset_equal(&r->blocked, &net->blocked);
	t->false_filter += r->pattern == PATTERN_RANGES && portset_empty(&net->blocked);
	t->over += r->sent > 1500;
	t->queries += r->sent;
	if (r->sent > t->worst)
		t->worst = r->sent;
}

static void show(const char *what, const struct totals *t)
{
	printf("# %s: %u runs, exact %u, none %u, unknown %u; queries mean %.0f, worst %u, "
	       "over 1500: %u\n",
		what, t->runs, t->exact, t->none, t->unknown,
		(double)t->queries / (t->runs ? t->runs : 1), (unsigned int)t->worst, t->over);
}

static void explain(uint64_t seed, const struct network *net, const struct ports_result *r)
{
	struct arena *a = arena_new();
	struct buf want = { .arena = a }, got = { .arena = a };

	portset_text(&net->blocked, &want);
	portset_text(&r->blocked, &got);
	printf("# seed %llu loss %.2f: %s doubt %d sent %u loss_upper %.2f\n#   want %s\n#   got  "
	       "%s\n",
		(unsigned long long)seed, net->loss, pattern_slug(r->pattern), (int)r->doubt,
		(unsigned int)r->sent, r->loss_upper, buf_text(&want), buf_text(&got));
	arena_free(a);
}

static void study(unsigned int runs, bool filtered, bool bursty, struct totals *ret)
{
	for (unsigned int i = 0; i < runs; i++) {
		uint64_t seed = 1000003ULL * (i + 1) + filtered + 2 * bursty;
		struct rng rng = rng_seed(seed);
		struct network net = { .loss = 0.3 * rng_unit(&rng), .bursty = bursty };
		struct ports_result r;

		if (filtered)
			draw_filter(&rng, &net.blocked);
		run(&net, seed, &r);
		count(ret, &net, &r);
		if (filtered ? !portset_equal(&r.blocked, &net.blocked) : r.pattern != PATTERN_NONE)
			explain(seed, &net, &r);
	}
}

int main(void)
{
	const char *n = getenv("SIM_RUNS");
	unsigned int runs = n ? (unsigned int)strtoul(n, NULL, 10) : DEFAULT_RUNS;
	struct totals none = { 0 }, filter = { 0 }, bursts = { 0 };

	study(runs, false, false, &none);
	show("no filter, 0-30% loss", &none);
	study(runs, true, false, &filter);
	show("1-5 ranges, 0-30% loss", &filter);
	study(runs / 4, false, true, &bursts);
	show("no filter, bursty loss", &bursts);
	ok(none.false_filter == 0, "no filter is invented in %u clean networks", none.runs);
	ok(none.none >= none.runs - none.runs / 100, "clean networks are called clean");
	ok(filter.exact * 1000ULL >= filter.runs * 999ULL, "%u of %u filters are exact",
		filter.exact, filter.runs);
	ok(bursts.false_filter == 0, "no filter is invented in %u bursty networks", bursts.runs);
	return tap_done();
}
