/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sweeps of simulated servers that limit their replies: no port is ever called blocked for it, and
 * the sweep ends in time. SIM_RUNS changes the number of networks of each kind.
 */
#include <stdlib.h>

#include "dns/rr.h"
#include "infer/limit.h"
#include "infer/ports.h"
#include "net/drive.h"
#include "net/sim.h"
#include "probe/sweep.h"
#include "tap.h"

#ifndef __has_feature
#define __has_feature(x) 0 /* clang's word; gcc defines __SANITIZE_ADDRESS__ instead */
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#define DEFAULT_RUNS 1
#else
#define DEFAULT_RUNS 5
#endif

enum { BUDGET = 2000, SECOND = 1000000, QUESTIONS = 4 };

static struct name apex, ns;
static struct question questions[QUESTIONS];

static const struct sim_zone zones[] = {
	{ "example.", "example. SOA ns.example. root.example. 1 2 3 4 5\n"
		      "example. NS ns.example.\n"
		      "example. MX 10 mx.example.\n"
		      "ns.example. A 192.0.2.1\n" },
	{ NULL, NULL },
};

struct kind {
	const char *name;
	struct sim_limit limit;
	double firewall; /* packets a second; 0: none */
	double most;	 /* s that the sweep may take on average, with the loss of 10% */
};

/* Limits for each client and name or type, so that a sweep meets several at once. */
static const struct kind kinds[] = {
	{ "none", { .make = SIM_LIMIT_NONE }, 0, 45 },
	{ "BIND 5/s", { SIM_LIMIT_BIND, .rate = 5, .slip = 2 }, 0, 80 },
	{ "BIND 20/s", { SIM_LIMIT_BIND, .rate = 20, .slip = 2 }, 0, 45 },
	{ "BIND 5/s, slip 0", { SIM_LIMIT_BIND, .rate = 5, .slip = 0 }, 0, 110 },
	{ "BIND 5/s, cookies", { SIM_LIMIT_BIND, .rate = 5, .slip = 2, .cookies = true }, 0, 50 },
	{ "NSD 5/s", { SIM_LIMIT_NSD, .rate = 5, .slip = 2 }, 0, 180 },
	{ "NSD 20/s", { SIM_LIMIT_NSD, .rate = 20, .slip = 2 }, 0, 75 },
	{ "NSD 20/s, cookies", { SIM_LIMIT_NSD, .rate = 20, .slip = 2, .cookies = true }, 0, 50 },
	{ "Knot 5/s", { SIM_LIMIT_KNOT, .rate = 5, .slip = 1 }, 0, 130 },
	{ "Knot 20/s", { SIM_LIMIT_KNOT, .rate = 20, .slip = 1 }, 0, 50 },
	{ "Knot 5/s, cookies", { SIM_LIMIT_KNOT, .rate = 5, .slip = 1, .cookies = true }, 0, 50 },
	{ "firewall 5/s", { .make = SIM_LIMIT_NONE }, 5, 200 },
	{ "firewall 20/s", { .make = SIM_LIMIT_NONE }, 20, 65 },
};

struct network {
	const struct kind *kind;
	double loss;
	uint32_t rate; /* of the sweep; 0: no limit */
	uint64_t seed;
};

struct judged {
	struct ports_result ports;
	struct limit limit;
	double took; /* s */
	unsigned int sent;
};

static void run(const struct network *n, struct judged *ret)
{
	struct arena *a = arena_new();
	struct rng rng = rng_seed(n->seed), ids = rng_seed(n->seed + 1);
	struct sim_server server = { .limit = &n->kind->limit,
		.rate_limit = n->kind->firewall,
		.answer = sim_answer_zones,
		.user = (void *)zones };
	struct sim_net sim = { .rtt = 1000 + rng_below(&rng, 100000),
		.jitter = rng_below(&rng, 10000),
		.loss = n->loss,
		.servers = &server,
		.nservers = 1 };
	struct sweep_plan plan = { .questions = questions,
		.nquestions = QUESTIONS,
		.shape = shape_iterative,
		.timeout = 2 * SECOND,
		.spacing = SECOND,
		.rng = rng };
	struct drive drive = { .facts = facts_new(a),
		.pace = pace_new(a, (struct pace_settings){ .rate = n->rate, .budget = BUDGET }) };
	struct ports_scope scope;
	struct ports_subject subject;
	struct sweep *s;

	addr_parse_port("192.0.2.1#53", &server.addr);
	plan.server = server.addr;
	drive.wire = sim_new(a, &ids, &sim);
	s = sweep_new(a, &plan);
	drive_run(&drive, sweep_probe(s));
	scope = sweep_scope(s);
	subject = (struct ports_subject){ .server = server.addr };
	ports_judge(ports_tally(a, drive.facts, &subject), &scope, &ret->ports);
	limit_judge(a, drive.facts, &server.addr, &ret->limit);
	ret->took = (double)(wire_now(drive.wire) - SECOND) / SECOND;
	ret->sent = pace_stats(drive.pace, &server.addr).sent;
	drive.wire->ops->free(drive.wire);
	arena_free(a);
}

struct totals {
	unsigned int runs, blocked, clean, sent, limiting, exempt;
	double took, rate;
};

static void study(struct network n, unsigned int runs, struct totals *ret)
{
	*ret = (struct totals){ 0 };
	for (unsigned int i = 0; i < runs; i++) {
		struct judged o;

		n.seed = 7919ULL * (i + 1) + (uint64_t)(n.loss * 100);
		run(&n, &o);
		ret->runs++;
		ret->blocked += !portset_empty(&o.ports.blocked);
		ret->clean += o.ports.pattern == PATTERN_NONE;
		ret->sent += o.sent;
		ret->took += o.took;
		ret->limiting += o.limit.limiting;
		ret->exempt += o.limit.cookie == LIMIT_COOKIE_EXEMPT;
		ret->rate += o.limit.rate;
	}
	ret->rate /= ret->limiting ? ret->limiting : 1;
	ret->sent /= runs;
	ret->took /= runs;
	printf("# %-20s loss %2.0f%%, rate %2u: %4u queries, %5.1f s; clean %u of %u, limiting "
	       "%u (%.1f/s), exempt %u\n",
		n.kind->name, 100 * n.loss, n.rate, ret->sent, ret->took, ret->clean, ret->runs,
		ret->limiting, ret->rate, ret->exempt);
}

static void test_kind(const struct kind *k, unsigned int runs)
{
	static const double losses[] = { 0, 0.1 };
	unsigned int blocked = 0, clean = 0, all = 0;
	struct totals t;

	for (size_t i = 0; i < 2; i++) {
		study((struct network){ .kind = k, .loss = losses[i], .rate = 50 }, runs, &t);
		blocked += t.blocked;
		clean += t.clean;
		all += t.runs;
	}
	ok(t.took < k->most, "%s: it ends in time", k->name);
	study((struct network){ .kind = k, .rate = 0 }, runs, &t);
	blocked += t.blocked;
	/* There a limit may look like a path too lossy to judge, until it has been recognised. */
	ok(blocked == 0, "%s: no port is called blocked", k->name);
	ok(clean == all, "%s: and the server is called clean", k->name);
}

int main(void)
{
	const char *n = getenv("SIM_RUNS");
	unsigned int runs = n ? (unsigned int)strtoul(n, NULL, 10) : DEFAULT_RUNS;

	name_parse("example.", &apex);
	name_parse("ns.example.", &ns);
	questions[0] = (struct question){ &apex, RR_SOA, CLASS_IN };
	questions[1] = (struct question){ &apex, RR_NS, CLASS_IN };
	questions[2] = (struct question){ &apex, RR_MX, CLASS_IN };
	questions[3] = (struct question){ &ns, RR_A, CLASS_IN };
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		test_kind(&kinds[i], runs);
	return tap_done();
}
