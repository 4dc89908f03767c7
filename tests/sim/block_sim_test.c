/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Query shapes over seeded simulated networks in which everything falls silent for a time, or
 * replies are limited: guards that block who asks much are told from limits, outages, dead servers
 * and bursts of loss, and what was asked meanwhile makes no finding. SIM_RUNS changes the number of
 * networks of each kind, SIM_WORD chooses kinds by a part of their names.
 */
#include <stdlib.h>
#include <string.h>

#include "addresses.h"
#include "base/err.h"
#include "check/check.h"
#include "dns/rr.h"
#include "net/drive.h"
#include "net/sim.h"
#include "probe/shaping.h"
#include "tap.h"

#ifndef __has_feature
#define __has_feature(x) 0 /* clang's word; gcc defines __SANITIZE_ADDRESS__ instead */
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#define DEFAULT_RUNS 1 /* the sanitizers look at the code, and a run of one has no statistics */
#else
#define DEFAULT_RUNS 20
#endif

enum {
	RUNS_LEAST = 20,
	/* for shares to be looked at */ SECOND = 1000000,
	RTT = 20000,
	BUDGET = 2000,
	WINDOW = 256
};

static const struct sim_zone zones[] = {
	{ "z.test.", "z.test. SOA ns.z.test. h.z.test. 1 7200 900 1209600 300\n"
		     "z.test. NS ns.z.test.\nz.test. A 192.0.2.9\nz.test. AAAA 2001:db8::9\n"
		     "z.test. TXT \\# 3 026869\nz.test. MX 10 mail.z.test.\n"
		     "ns.z.test. A 192.0.2.1\nmail.z.test. A 192.0.2.2\n" },
	{ NULL, NULL },
};
static const struct sim_zone root[] = {
	{ ".", ". SOA a.test. h.test. 1 7200 900 1209600 300\n. NS a.test.\n. A 192.0.2.9\n" },
	{ NULL, NULL },
};

/* After so many packets everything is dropped for so many seconds; 5 s of silence are forgiven. */
#define GUARD(packets, seconds)                                                                    \
	{                                                                                          \
		.guard_after = (packets), .guard_forgets = 5 * SECOND,                             \
		.guard_lasts = (seconds)*SECOND                                                    \
	}

/* What befalls the server; its id, and the place of ids-block. */
static const struct kind {
	const char *what;
	struct sim_filter far, near;
	struct sim_limit limit;
	double firewall; /* packets a second */
	bool tlsa;	 /* dropped besides */
	const char *ids; /* with spaces; "": none */
	enum where where;
	/* Of 100 runs so many at least have just these ids, at no loss, 10%, and 5% in bursts. */
	unsigned int least[3];
	uint32_t outage; /* s; it begins at random */
	uint32_t budget; /* 0: BUDGET */
} kinds[] = {
	{ .what = "nothing", .ids = "", .least = { 100, 100, 95 } },
	{ .what = "a guard, 50 packets",
		.far = GUARD(50, 30),
		.ids = "ids-block",
		.where = WHERE_FAR,
		.least = { 100, 90, 85 } },
	{ .what = "a guard, 90 packets, 100 s",
		.far = GUARD(90, 100),
		.ids = "ids-block",
		.where = WHERE_FAR,
		.least = { 100, 90, 85 } },
	{ .what = "a near guard, 70 packets",
		.near = GUARD(70, 25),
		.ids = "ids-block",
		.where = WHERE_NEAR,
		.least = { 100, 90, 85 } },
	{ .what = "a guard, and no budget for a second time",
		.far = GUARD(100, 30),
		.ids = "ids-block",
		.where = WHERE_FAR,
		.budget = 220,
		.least = { 100, 80, 75 } },
	{ .what = "a guard, and TLSA dropped",
		.far = GUARD(110, 30),
		.tlsa = true,
		.ids = "ids-block qtype-drop",
		.where = WHERE_FAR,
		.least = { 100, 80, 75 } },
	{ .what = "an outage of 12 s", .outage = 12, .ids = "", .least = { 100, 100, 95 } },
	{ .what = "an outage of 40 s", .outage = 40, .ids = "", .least = { 100, 100, 95 } },
	{ .what = "a server that dies", .outage = 100000, .ids = "", .least = { 100, 100, 95 } },
	{ .what = "a firewall, 10/s",
		.firewall = 10,
		.ids = "rate-limited",
		.least = { 100, 90, 85 } },
	{ .what = "a firewall, 20/s",
		.firewall = 20,
		.ids = "rate-limited",
		.least = { 100, 90, 85 } },
	{ .what = "a firewall, 10/s, and TLSA dropped",
		.firewall = 10,
		.tlsa = true,
		.ids = "rate-limited qtype-drop",
		.least = { 100, 80, 75 } },
	{ .what = "BIND 5/s",
		.limit = { SIM_LIMIT_BIND, .rate = 5, .slip = 2 },
		.ids = "rate-limited",
		.least = { 100, 90, 85 } },
	{ .what = "NSD 5/s",
		.limit = { SIM_LIMIT_NSD, .rate = 5, .slip = 2 },
		.ids = "rate-limited",
		.least = { 100, 90, 85 } },
	{ .what = "Knot 5/s",
		.limit = { SIM_LIMIT_KNOT, .rate = 5, .slip = 1 },
		.ids = "rate-limited",
		.least = { 100, 90, 85 } },
};

static void answer(
	const struct sim_server *s, const struct ask *ask, uint16_t id, struct buf *ret_reply)
{
	const struct kind *k = s->user;
	struct sim_server sound = *s;

	sound.user = (void *)(k ? zones : root);
	if (!k || !k->tlsa || ask->question.type != RR_TLSA)
		sim_answer_zones(&sound, ask, id, ret_reply);
}

struct network {
	double loss;
	bool bursty;
	uint32_t rate;
	uint64_t seed;
};

struct result {
	const char *ids;
	bool placed;   /* where ids-block has to be */
	double sure;   /* of ids-block */
	uint64_t took; /* µs */
	unsigned int sent;
	unsigned int pestered; /* asks to a server that was silent to everything, as was judged */
};

/* The ids that are found, each once. */
static void judge(struct arena *a, const struct facts *f, const struct kind *k, struct result *ret)
{
	const struct inferences *in = infer_all(a, f);
	struct findings findings = { .arena = a };
	struct check_input input = { f, in };
	struct buf b = { .arena = a };

	check_run(&input, &findings);
	vec_each (const struct finding, x, findings.list) {
		if (!strstr(buf_text(&b), x->id))
			buf_printf(&b, "%s%s", b.n ? " " : "", x->id);
		if (strcmp(x->id, "ids-block") == 0) {
			ret->placed = x->where == k->where;
			ret->sure = x->confidence;
		}
	}
	ret->ids = buf_text(&b);
	ret->sent = 0;
	ret->pestered = 0;
	for (size_t i = 0; i < f->n; i++) {
		ret->sent += f->v[i]->sent > 0;
		ret->pestered +=
			f->v[i]->sent && !in->matrices.v[0].control &&
			voids_cover(
				&(struct voids){ .blackouts = in->matrices.v[0].voids.blackouts },
				f->v[i]);
	}
}

static void run(struct arena *a, const struct kind *k, const struct network *n, struct result *ret)
{
	struct rng rng = rng_seed(n->seed);
	struct sim_server servers[] = {
		{ .addr = address("192.0.2.1#53"),
			.answer = answer,
			.user = (void *)k,
			.filter = k->far,
			.limit = k->limit.make == SIM_LIMIT_NONE ? NULL : &k->limit,
			.rate_limit = k->firewall },
		{ .addr = address("198.51.100.1#53"), .answer = answer },
	};
	struct sim_net net = {
		.servers = servers, .nservers = ARRAY_LEN(servers), .near = k->near, .rtt = RTT
	};
	struct shaping_target target = { .server = servers[0].addr };
	struct place_control control = { .server = servers[1].addr,
		.question = { &name_root, RR_SOA, CLASS_IN } };
	struct facts *f = facts_new(a);
	struct drive d = { .facts = f,
		.pace = pace_new(a, (struct pace_settings){ .rate = n->rate,
					    .window = n->rate ? 0 : WINDOW,
					    .budget = k->budget ? k->budget : BUDGET }) };
	struct shaping_plan plan = {
		.targets = &target, .ntargets = 1, .controls = &control, .ncontrols = 1
	};
	struct name name;

	if (name_parse("z.test.", &name) < 0)
		abort();
	plan.shapes = (struct shapes_plan){ .question = { name_keep(a, &name), 0, CLASS_IN },
		.timeout = 2 * SECOND,
		.spacing = n->rate ? SECOND / 4 : 0,
		.budget = k->budget ? k->budget : BUDGET,
		.rng = rng_seed(n->seed + 1) };
	if (n->bursty)
		sim_add_bursts(&net, n->loss);
	else
		net.loss = n->loss;
	if (k->outage) {
		servers[0].filter.out_from = SECOND + 100000 + rng_below(&rng, 2 * SECOND);
		servers[0].filter.out_to =
			servers[0].filter.out_from + (uint64_t)k->outage * SECOND;
	}
	f->command = "shapes";
	vec_push(a, &f->targets, target.server);
	d.wire = sim_new(a, &rng, &net);
	if (drive_run(&d, shaping_probe(shaping_new(a, f, &plan))) < 0)
		abort();
	ret->took = wire_now(d.wire) - SECOND;
	d.wire->ops->free(d.wire);
	judge(a, f, k, ret);
}

/* In whatever order they are told: two at most. */
static bool has_just(const char *got, const char *want)
{
	const char *second = strchr(want, ' ');
	size_t n = second ? (size_t)(second - want) : strlen(want);
	char first[64];

	if (strlen(got) != strlen(want) || n >= sizeof(first))
		return false;
	memcpy(first, want, n);
	first[n] = '\0';
	return strstr(got, first) && (!second || strstr(got, second + 1));
}

static unsigned int all_runs, all_wrong;

static void row(const struct kind *k, struct network n, unsigned int runs, unsigned int least)
{
	unsigned int exact = 0, wrong = 0, sure = 0, sent = 0, pestered = 0;
	struct arena *keep = arena_new();
	const char *other = "";
	double took = 0;

	for (unsigned int i = 0; i < runs; i++) {
		struct result r = { .placed = !k->where };
		struct arena *a = arena_new();

		n.seed = 1000 * i + 7;
		run(a, k, &n, &r);
		if (has_just(r.ids, k->ids) && r.placed)
			exact++;
		else
			other = arena_printf(keep, "%s%s'%s'%s", other, *other ? ", " : "; ", r.ids,
				r.placed ? "" : " elsewhere");
		/* Ids that do not belong there. */
		wrong += strstr(r.ids, "drop") && !k->tlsa;
		wrong += strstr(r.ids, "ids-block") && !strstr(k->ids, "ids-block");
		wrong += strstr(r.ids, "rate-limited") && !strstr(k->ids, "rate-limited");
		sure += r.sure > 0.9;
		took += (double)r.took / SECOND;
		sent += r.sent;
		pestered += r.pestered;
		arena_free(a);
	}
	ok(runs < RUNS_LEAST || (exact * 100 >= runs * least && wrong * 20 <= runs),
		"%s, %g%% lost%s, rate %u: %u of %u are \"%s\" (sure: %u), %u wrong; %u queries, "
		"%u in vain, %.0f s%s",
		k->what, 100 * n.loss, n.bursty ? " in bursts" : "", n.rate, exact, runs, k->ids,
		sure, wrong, sent / runs, pestered / runs, took / runs, other);
	all_runs += runs;
	all_wrong += wrong;
	arena_free(keep);
}

int main(void)
{
	static const uint32_t rates[] = { 0, 50 };
	const char *given = getenv("SIM_RUNS"), *word = getenv("SIM_WORD");
	unsigned int runs = given ? (unsigned int)atoi(given) : DEFAULT_RUNS;

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		const struct kind *k = &kinds[i];

		if (word && !strstr(k->what, word))
			continue;
		for (size_t j = 0; j < ARRAY_LEN(rates); j++) {
			/* What is asked slowly meets no limit. */
			unsigned int none = rates[j] && strstr(k->ids, "rate-limited") ? 0 : 1;

			row(k, (struct network){ .rate = rates[j] }, runs, none * k->least[0]);
			row(k, (struct network){ .loss = 0.1, .rate = rates[j] }, runs,
				none * k->least[1]);
			row(k, (struct network){ .loss = 0.05, .bursty = true, .rate = rates[j] },
				runs, none * k->least[2]);
		}
	}
	ok(all_wrong * 200 <= all_runs || runs < RUNS_LEAST,
		"%u ids that do not belong there in %u runs", all_wrong, all_runs);
	return tap_done();
}
