/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Isolation over seeded simulated networks: what is dropped is planted, one factor or two, and has
 * to be found to the letter, and so have two or three that are dropped each for itself; where
 * nothing is planted, the failing query does not fail. At no loss each time, and one cause within
 * 60 queries; with loss in 24 of 25 runs, and in no run is something else said to be all. SIM_RUNS:
 * seeds of each with loss.
 */
#include <stdlib.h>
#include <string.h>

#include "addresses.h"
#include "base/err.h"
#include "dns/rr.h"
#include "net/drive.h"
#include "net/sim.h"
#include "probe/isolate.h"
#include "tap.h"

#ifndef __has_feature
#define __has_feature(x) 0 /* clang's word; gcc defines __SANITIZE_ADDRESS__ instead */
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#define DEFAULT_RUNS 2 /* the sanitizers look at the code, not at the statistics */
#else
#define DEFAULT_RUNS 20
#endif

enum { RTT = 20000, QUERIES_MOST = 60, SEVERAL_MOST = 120, FAR_PORT = 600 };

static const uint8_t cookie[] = { 1, 2, 3, 4, 5, 6, 7, 8 };
static const uint8_t subnet[] = { 0, 1, 0, 0 };
static const uint8_t padding[16];
static const struct shape_option options[] = {
	{ EDNS_COOKIE, sizeof(cookie), cookie },
	{ EDNS_NSID, 0, NULL },
	{ EDNS_CLIENT_SUBNET, sizeof(subnet), subnet },
	{ EDNS_PADDING, sizeof(padding), padding },
	{ EDNS_KEEPALIVE, 0, NULL },
	{ 100, 0, NULL },
};

static bool option(const struct ask *a, uint16_t code)
{
	return a->shape.edns && shape_find(&a->shape, code);
}

static bool edns(const struct ask *a)
{
	return a->shape.edns;
}

static bool has_do(const struct ask *a)
{
	return a->shape.edns_flags & EDNS_DO;
}

static bool big(const struct ask *a)
{
	return a->shape.edns && a->shape.edns_size > 1232;
}

static bool z_bit(const struct ask *a)
{
	return a->shape.edns_flags & 0x4000;
}

static bool has_cookie(const struct ask *a)
{
	return option(a, EDNS_COOKIE);
}

static bool has_nsid(const struct ask *a)
{
	return option(a, EDNS_NSID);
}

static bool has_subnet(const struct ask *a)
{
	return option(a, EDNS_CLIENT_SUBNET);
}

static bool has_padding(const struct ask *a)
{
	return option(a, EDNS_PADDING);
}

static bool has_keepalive(const struct ask *a)
{
	return option(a, EDNS_KEEPALIVE);
}

static bool has_unknown(const struct ask *a)
{
	return option(a, 100);
}

static bool tlsa(const struct ask *a)
{
	return a->question.type == RR_TLSA;
}

static bool v6(const struct ask *a)
{
	return a->server.family == ADDR_V6;
}

static bool low_port(const struct ask *a)
{
	return a->source.port && a->source.port < 1024;
}

static bool tcp(const struct ask *a)
{
	return a->transport == TRANSPORT_TCP;
}

static bool udp(const struct ask *a)
{
	return !tcp(a);
}

static bool capitals(const struct ask *a)
{
	for (size_t i = 0; i < a->question.name->len; i++)
		if (a->question.name->wire[i] >= 'A' && a->question.name->wire[i] <= 'Z')
			return true;
	return false;
}

static bool ad(const struct ask *a)
{
	return a->shape.flags & FLAG_AD;
}

static bool cd(const struct ask *a)
{
	return a->shape.flags & FLAG_CD;
}

static bool rd(const struct ask *a)
{
	return a->shape.flags & FLAG_RD;
}

static bool never(const struct ask *a)
{
	return !a->question.name;
}

/* Whether the failing query goes over TCP, which the table below varies. */
struct planted {
	bool (*one)(const struct ask *a), (*two)(const struct ask *a); /* NULL: one alone */
	const char *set;
	bool tcp;
	/* Dropped, too, for itself; NULL: nothing is. */
	bool (*also)(const struct ask *a);
	bool (*third)(const struct ask *a);
};

static const struct planted planted[] = {
	{ .one = edns, .set = "edns" },
	{ .one = has_do, .set = "do" },
	{ .one = big, .set = "edns-size" },
	{ .one = z_bit, .set = "edns-flags" },
	{ .one = has_cookie, .set = "option-10" },
	{ .one = has_subnet, .set = "option-8" },
	{ .one = has_unknown, .set = "option-100" },
	{ .one = tlsa, .set = "qtype" },
	{ .one = v6, .set = "server" },
	{ .one = low_port, .set = "port" },
	{ .one = capitals, .set = "case" },
	{ .one = ad, .set = "ad" },
	{ .one = cd, .set = "cd" },
	{ .one = tcp, .set = "transport", .tcp = true },
	{ .one = big, .two = has_do, .set = "do edns-size" },
	{ .one = tlsa, .two = v6, .set = "qtype server" },
	{ .one = tcp, .two = low_port, .set = "port transport", .tcp = true },
	{ .one = has_cookie, .two = has_do, .set = "do option-10" },
	{ .one = has_nsid, .two = has_padding, .set = "option-3 option-12" },
	{ .one = has_keepalive, .two = big, .set = "option-11 edns-size" },
	{ .one = capitals, .two = rd, .set = "case rd" },
	{ .one = edns, .two = tlsa, .set = "edns qtype" },
	{ .one = cd, .two = ad, .set = "ad cd" },
	{ .one = has_do, .two = v6, .set = "do server" },
	{ .one = low_port, .two = has_unknown, .set = "option-100 port" },
	{ .one = never, .set = "" },
	{ .one = never, .set = "", .tcp = true },
	{ .one = udp, .two = never, .set = "" },
};

/* Two and three causes; what each is, in the order in which they are found. */
static const struct planted several[] = {
	{ .one = has_do, .set = "qtype, do", .also = tlsa },
	{ .one = v6, .set = "edns, server", .also = edns },
	{ .one = big, .two = has_do, .set = "qtype, do edns-size", .also = tlsa },
	{ .one = tlsa, .two = v6, .set = "cd, qtype server", .also = cd },
	{ .one = tcp,
		.two = low_port,
		.set = "option-10, port transport",
		.tcp = true,
		.also = has_cookie },
	{ .one = has_nsid, .set = "option-10, option-3", .also = has_cookie },
	{ .one = has_nsid, .two = rd, .set = "option-8, option-3 rd", .also = has_subnet },
	{ .one = has_do, .set = "qtype, do, port", .also = tlsa, .third = low_port },
};

/* As sim_answer_empty() does, but for what is planted. */
static void answer(
	const struct sim_server *s, const struct ask *ask, uint16_t id, struct buf *ret_reply)
{
	const struct planted *p = s->user;

	if ((!p->one(ask) || (p->two && !p->two(ask))) && (!p->also || !p->also(ask)) &&
		(!p->third || !p->third(ask)))
		sim_answer_empty(s, ask, id, ret_reply);
}

static const struct name *name_of(struct arena *a, const char *text)
{
	struct name n;

	if (name_parse(text, &n) < 0)
		abort();
	return name_keep(a, &n);
}

static struct isolation_plan plan_of(struct arena *a, const struct planted *p)
{
	struct isolation_plan plan = { .timeout = 2000000 };

	plan.of.servers[0] = address("2001:db8::1#53");
	plan.of.servers[1] = address("192.0.2.1#53");
	plan.of.nservers = 2;
	plan.of.works =
		(struct ask){ .question = { name_of(a, "name.z.test."), RR_SOA, CLASS_IN } };
	plan.of.fails = (struct ask){ .source = { .port = FAR_PORT },
		.transport = p->tcp ? TRANSPORT_TCP : TRANSPORT_UDP,
		.question = { name_of(a, "NaMe.z.test."), RR_TLSA, CLASS_IN },
		.shape = { .flags = FLAG_RD | FLAG_AD | FLAG_CD,
			.edns = true,
			.edns_size = 4096,
			.edns_flags = EDNS_DO | 0x4000,
			.options = options,
			.noptions = ARRAY_LEN(options) } };
	return plan;
}

/* "qtype, do edns-size": a comma between causes. */
static const char *set_text(struct arena *a, const struct isolate_result *r)
{
	struct buf b = { .arena = a };

	for (size_t c = 0; c < r->ncauses; c++) {
		const char *before = c ? ", " : "";

		for (size_t i = 0; i < r->pair.n; i++) {
			if (!(r->causes[c].set & factor_bit(i)))
				continue;
			buf_printf(&b, "%s%s", before, factor_slug(a, &r->pair.v[i]));
			before = " ";
		}
	}
	return buf_text(&b);
}

struct network {
	double loss, late;
	bool bursty;
	uint64_t seed;
	sim_answer *answer; /* NULL: as planted */
	void *user;
};

static const struct isolate_result *run(struct arena *a, const struct planted *p, struct network n)
{
	struct sim_server servers[] = {
		{ .addr = address("192.0.2.1#53"), .answer = answer, .user = (void *)p },
		{ .addr = address("2001:db8::1#53"), .answer = answer, .user = (void *)p },
	};
	struct sim_net net = {
		.rtt = RTT, .late = n.late, .servers = servers, .nservers = ARRAY_LEN(servers)
	};
	struct isolation_plan plan = plan_of(a, p);
	struct rng rng = rng_seed(n.seed);
	struct facts *f = facts_new(a);
	struct addr ends[] = { plan.of.servers[0], plan.of.servers[1] };
	struct drive d = { .facts = f };
	int err;

	for (size_t i = 0; i < ARRAY_LEN(servers) && n.answer; i++) {
		servers[i].answer = n.answer;
		servers[i].user = n.user;
	}
	vec_push(a, &f->targets, ends[0]);
	vec_push(a, &f->targets, ends[1]);
	if (n.bursty)
		sim_add_bursts(&net, n.loss);
	else
		net.loss = n.loss;
	d.wire = sim_new(a, &rng, &net);
	err = drive_run(&d, isolation_probe(isolation_new(a, &plan)));
	d.wire->ops->free(d.wire);
	return err < 0 ? NULL : isolate_collect(a, f);
}

static bool exact(struct arena *a, const struct planted *p, const struct isolate_result *r)
{
	if (!*p->set)
		return r->verdict == ISOLATE_SOUND && !r->ncauses;
	return r->verdict == ISOLATE_FOUND && strcmp(set_text(a, r), p->set) == 0;
}

static void lossless(const struct planted *p, uint32_t most)
{
	struct arena *a = arena_new();
	const struct isolate_result *r = run(a, p, (struct network){ .seed = 7 });

	ok(r && exact(a, p, r) && r->more == ISOLATE_SURE && r->trials <= most,
		"\"%s\" by %u queries of %zu factors (%s, %s)", p->set, r ? r->trials : 0,
		r ? r->pair.n : 0, r ? set_text(a, r) : "stopped",
		r ? isolate_doubt_slug((enum isolate_doubt)r->doubt) : "");
	arena_free(a);
}

struct tally {
	unsigned int right, wrong; /* wrong: something else was found, and said to be all */
	uint32_t most;
};

static void lossy(const struct planted *p, unsigned int runs, struct network n, struct tally *ret)
{

	for (unsigned int i = 0; i < runs; i++) {
		struct arena *a = arena_new();
		const struct isolate_result *r;

		n.seed = 1000 * i + 11;
		r = run(a, p, n);

		if (r && exact(a, p, r))
			ret->right++;
		else
			printf("# seed %u of \"%s\": \"%s\", %s, more: %s\n", i, p->set,
				r ? set_text(a, r) : "stopped",
				r ? isolate_doubt_slug((enum isolate_doubt)r->doubt) : "",
				r ? isolate_doubt_slug((enum isolate_doubt)r->more) : "");
		if (r && r->verdict == ISOLATE_FOUND && !r->more && !exact(a, p, r))
			ret->wrong++;
		if (r && r->trials > ret->most)
			ret->most = r->trials;
		arena_free(a);
	}
}

/* All rows over such a network. */
static void rate(unsigned int runs, struct network n)
{
	unsigned int all = runs * (unsigned int)(ARRAY_LEN(planted) + ARRAY_LEN(several));
	struct tally t = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(planted); i++)
		lossy(&planted[i], runs, n, &t);
	for (size_t i = 0; i < ARRAY_LEN(several); i++)
		lossy(&several[i], runs, n, &t);
	/* One more, because of few runs three could be too many by chance. */
	ok((t.right + 1) * 25 >= all * 24 && !t.wrong,
		"%g%% lost%s, %g%% late: %u of %u exact, %u wrong, %u queries at most",
		100 * n.loss, n.bursty ? " in bursts" : "", 100 * n.late, t.right, all, t.wrong,
		t.most);
}

/* What a filter that drops DO, but not always, is called. */
struct leak {
	double share;
	struct rng rng;
};

static void leaky(
	const struct sim_server *s, const struct ask *ask, uint16_t id, struct buf *ret_reply)
{
	struct leak *l = s->user;

	if (!has_do(ask) || rng_unit(&l->rng) < l->share)
		sim_answer_empty(s, ask, id, ret_reply);
}

/* It may be that nothing can be told, but of other factors it is hardly ever. */
static void leaking(double share, unsigned int runs)
{
	unsigned int wrong = 0, right = 0;

	for (unsigned int i = 0; i < runs; i++) {
		struct arena *a = arena_new();
		struct leak l = { share, rng_seed(i + 1) };
		const struct isolate_result *r = run(
			a, &planted[0], (struct network){ .seed = i, .answer = leaky, .user = &l });
		bool found = r && r->verdict == ISOLATE_FOUND;
		bool exactly = found && strcmp(set_text(a, r), "do") == 0;

		right += exactly;
		wrong += found && !exactly;
		arena_free(a);
	}
	ok(wrong * 25 <= runs, "%g%% of DO passes: %u of %u wrong, %u right", 100 * share, wrong,
		runs, right);
}

int main(void)
{
	static const double leaks[] = { 0.02, 0.05, 0.1, 0.2, 0.5 };
	const char *given = getenv("SIM_RUNS");
	unsigned int runs = given ? (unsigned int)atoi(given) : DEFAULT_RUNS;

	for (size_t i = 0; i < ARRAY_LEN(planted); i++)
		lossless(&planted[i], QUERIES_MOST);
	for (size_t i = 0; i < ARRAY_LEN(several); i++)
		lossless(&several[i], SEVERAL_MOST);
	rate(runs, (struct network){ .loss = 0.1 });
	rate(runs, (struct network){ .loss = 0.05, .bursty = true });
	rate(runs, (struct network){ .loss = 0.1, .bursty = true });
	rate(runs, (struct network){ .late = 0.2 });
	rate(runs, (struct network){ .loss = 0.1, .late = 0.1 });
	for (size_t i = 0; i < ARRAY_LEN(leaks); i++)
		leaking(leaks[i], 5 * runs);
	return tap_done();
}
