/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Query shapes over seeded simulated networks: servers with one fault each, whose id is found and
 * no other, and a sound one, of which nothing is found; at no loss, at 10%, and with loss in
 * bursts. SIM_RUNS changes the number of networks of each.
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
#define DEFAULT_RUNS 1 /* the sanitizers look at the code, not at the statistics */
#else
#define DEFAULT_RUNS 4
#endif

enum { RTT = 20000, RATE_OUT_OF = 1000, EXACT_LEAST = 990 };

static const struct sim_zone zones[] = {
	{ "z.test.", "z.test. SOA ns.z.test. h.z.test. 1 7200 900 1209600 300\n"
		     "z.test. NS ns.z.test.\nz.test. A 192.0.2.9\nz.test. AAAA 2001:db8::9\n"
		     "z.test. TXT \\# 3 026869\nz.test. MX 10 mail.z.test.\n"
		     "ns.z.test. A 192.0.2.1\nmail.z.test. A 192.0.2.2\n"
		     "a.b.z.test. A 192.0.2.3\n" },
	{ NULL, NULL },
};
static const struct sim_zone root[] = {
	{ ".", ". SOA a.test. h.test. 1 7200 900 1209600 300\n. NS a.test.\n. A 192.0.2.9\n" },
	{ NULL, NULL },
};

/* What a server does not bear. */
static bool has_option(const struct ask *a, uint16_t code)
{
	return a->shape.edns && shape_find(&a->shape, code);
}

static bool edns(const struct ask *a)
{
	return a->shape.edns;
}

static bool unknown_option(const struct ask *a)
{
	return has_option(a, 100);
}

static bool cookie(const struct ask *a)
{
	return has_option(a, EDNS_COOKIE);
}

static bool version(const struct ask *a)
{
	return a->shape.edns && a->shape.edns_version;
}

static bool unknown_flag(const struct ask *a)
{
	return a->shape.edns && (a->shape.edns_flags & ~EDNS_DO);
}

static bool ad(const struct ask *a)
{
	return a->shape.flags & FLAG_AD;
}

static bool tlsa(const struct ask *a)
{
	return a->question.type == RR_TLSA;
}

static bool aaaa(const struct ask *a)
{
	return a->question.type == RR_AAAA;
}

static bool txt(const struct ask *a)
{
	return a->question.type == RR_TXT && a->question.class == CLASS_IN;
}

static bool tcp(const struct ask *a)
{
	return a->transport == TRANSPORT_TCP;
}

static bool capitals(const struct ask *a)
{
	for (size_t i = 0; a->question.name && i < a->question.name->len; i++)
		if (a->question.name->wire[i] >= 'A' && a->question.name->wire[i] <= 'Z')
			return true;
	return false;
}

static bool inner(const struct ask *a)
{
	return a->question.name && a->question.name->len == strlen("b.z.test.") + 1 &&
	       a->question.name->wire[1] == 'b';
}

static bool never(const struct ask *a)
{
	(void)a;
	return false;
}

enum { DROPS = -1 };

static const struct lie {
	const char *what;
	bool (*when)(const struct ask *a);
	int rcode;	/* or DROPS */
	const char *id; /* "": none */
	const char *name;
} lies[] = {
	{ "a sound server", never, DROPS, "", "z.test." },
	{ "EDNS dropped", edns, DROPS, "edns-drop", "z.test." },
	{ "EDNS FORMERR", edns, RCODE_FORMERR, "edns-formerr", "z.test." },
	{ "EDNS SERVFAIL", edns, RCODE_SERVFAIL, "edns-error", "z.test." },
	{ "option 100 dropped", unknown_option, DROPS, "edns-option-drop", "z.test." },
	{ "COOKIE dropped", cookie, DROPS, "edns-option-drop", "z.test." },
	{ "option 100 FORMERR", unknown_option, RCODE_FORMERR, "edns-option-mishandled",
		"z.test." },
	{ "COOKIE NXDOMAIN", cookie, RCODE_NXDOMAIN, "cookie-changes-answer", "z.test." },
	{ "version 1 dropped", version, DROPS, "edns-version-mishandled", "z.test." },
	{ "version 1 FORMERR", version, RCODE_FORMERR, "edns-version-mishandled", "z.test." },
	{ "an EDNS flag dropped", unknown_flag, DROPS, "edns-flags-mishandled", "z.test." },
	{ "AD dropped", ad, DROPS, "flags-mishandled", "z.test." },
	{ "AD REFUSED", ad, RCODE_REFUSED, "flags-mishandled", "z.test." },
	{ "TLSA dropped", tlsa, DROPS, "qtype-drop", "z.test." },
	{ "TLSA NOTIMP", tlsa, RCODE_NOTIMP, "qtype-error", "z.test." },
	{ "AAAA dropped", aaaa, DROPS, "aaaa-broken", "mail.z.test." },
	{ "AAAA NXDOMAIN", aaaa, RCODE_NXDOMAIN, "aaaa-broken", "mail.z.test." },
	{ "TXT FORMERR", txt, RCODE_FORMERR, "txt-broken", "z.test." },
	{ "TCP dropped", tcp, DROPS, "tcp-blocked", "z.test." },
	{ "capitals dropped", capitals, DROPS, "case-changes-answer", "z.test." },
	{ "capitals NXDOMAIN", capitals, RCODE_NXDOMAIN, "case-changes-answer", "z.test." },
	{ "an empty non-terminal denied", inner, RCODE_NXDOMAIN, "empty-nonterminal-nxdomain",
		"a.b.z.test." },
};

struct liar {
	const struct lie *lie;
	const struct sim_zone *zones;
};

/* As a sound server does, but for the lie. */
static void answer(
	const struct sim_server *s, const struct ask *ask, uint16_t id, struct buf *ret_reply)
{
	const struct liar *l = s->user;
	struct sim_server sound = *s;
	size_t start = ret_reply->n;

	sound.user = (void *)l->zones;
	if (!l->lie->when(ask)) {
		sim_answer_zones(&sound, ask, id, ret_reply);
		return;
	}
	if (l->lie->rcode == DROPS)
		return;
	sim_answer_empty(&sound, ask, id, ret_reply);
	ret_reply->p[start + 3] =
		(uint8_t)((ret_reply->p[start + 3] & 0xf0) | (uint8_t)l->lie->rcode);
}

struct network {
	double loss;
	bool bursty;
	uint64_t seed;
};

static void build(struct sim_net *net, const struct network *n)
{
	net->rtt = RTT;
	if (n->bursty)
		sim_add_bursts(net, n->loss);
	else
		net->loss = n->loss;
}

/* The ids that are found, each once. */
static const char *ids_of(struct arena *a, const struct facts *f)
{
	struct findings findings = { .arena = a };
	struct check_input in = { f, infer_all(a, f) };
	struct buf b = { .arena = a };

	check_run(&in, &findings);
	vec_each (const struct finding, x, findings.list)
		if (!strstr(buf_text(&b), x->id))
			buf_printf(&b, "%s%s", b.n ? " " : "", x->id);
	return buf_text(&b);
}

/* One run; its ids. */
static const char *ask(struct arena *a, const struct lie *lie, const struct network *n)
{
	static const struct lie sound = { "", never, DROPS, "", "" };
	struct liar user = { lie, zones }, other = { &sound, root };
	struct sim_server servers[] = {
		{ .addr = address("192.0.2.1#53"), .answer = answer, .user = &user },
		{ .addr = address("198.51.100.1#53"), .answer = answer, .user = &other },
	};
	struct sim_net net = { .servers = servers, .nservers = ARRAY_LEN(servers) };
	struct shaping_target target = { .server = servers[0].addr };
	struct place_control control = { .server = servers[1].addr,
		.question = { &name_root, RR_SOA, CLASS_IN } };
	struct rng rng = rng_seed(n->seed);
	struct facts *f = facts_new(a);
	struct drive d = { .facts = f };
	struct shaping_plan plan = {
		.targets = &target, .ntargets = 1, .controls = &control, .ncontrols = 1
	};
	struct name name;

	if (name_parse(lie->name, &name) < 0)
		abort();
	plan.shapes = (struct shapes_plan){ .question = { name_keep(a, &name), 0, CLASS_IN },
		.timeout = 2000000,
		.spacing = 250000,
		.rng = rng_seed(n->seed + 1) };
	build(&net, n);
	f->command = "shapes";
	vec_push(a, &f->targets, target.server);
	d.wire = sim_new(a, &rng, &net);
	if (drive_run(&d, shaping_probe(shaping_new(a, f, &plan))) < 0)
		return "stopped";
	d.wire->ops->free(d.wire);
	return ids_of(a, f);
}

static void row(const struct lie *lie, struct network n, unsigned int runs)
{
	unsigned int exact = 0;
	const char *other = "";
	struct arena *keep = arena_new();

	for (unsigned int i = 0; i < runs; i++) {
		struct arena *a = arena_new();
		const char *got;

		n.seed = 1000 * i + 7;
		got = ask(a, lie, &n);
		if (strcmp(got, lie->id) == 0)
			exact++;
		else
			other = arena_str(keep, got);
		arena_free(a);
	}
	ok(exact * RATE_OUT_OF >= runs * EXACT_LEAST, "%s, %g%% lost%s: %u of %u are \"%s\" (%s)",
		lie->what, 100 * n.loss, n.bursty ? " in bursts" : "", exact, runs, lie->id, other);
	arena_free(keep);
}

int main(void)
{
	const char *given = getenv("SIM_RUNS");
	unsigned int runs = given ? (unsigned int)atoi(given) : DEFAULT_RUNS;

	for (size_t i = 0; i < ARRAY_LEN(lies); i++) {
		row(&lies[i], (struct network){ 0 }, 1);
		row(&lies[i], (struct network){ .loss = 0.1 }, runs);
		row(&lies[i], (struct network){ .loss = 0.05, .bursty = true }, runs);
	}
	return tap_done();
}
