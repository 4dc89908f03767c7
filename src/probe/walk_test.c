// SPDX-License-Identifier: GPL-3.0-or-later
// Walks of simulated trees: what is asked, how often, where it ends, and that it always ends.
#include "base/err.h"
#include "infer/cut.h"
#include "prop.h"
#include "tap.h"
#include "worlds.h"

struct asked {
	const char *server, *name;
	uint16_t type;
};

static size_t times(const struct facts *f, const struct asked *x)
{
	struct addr server = world_addr(x->server);
	struct name name;
	size_t n = 0;

	assert(name_parse(x->name, &name) == 0);
	for (size_t i = 0; i < f->n; i++) {
		const struct ask *ask = &f->v[i]->ask;

		n += addr_equal(&ask->server, &server) && ask->question.type == x->type &&
		     name_equal(ask->question.name, &name);
	}
	return n;
}

/* How often the most frequent ask was made. */
static size_t most(const struct facts *f)
{
	size_t most = 0;

	for (size_t i = 0; i < f->n; i++) {
		size_t n = 0;

		for (size_t k = 0; k < f->n; k++)
			n += addr_equal(&f->v[i]->ask.server, &f->v[k]->ask.server) &&
			     f->v[i]->ask.question.type == f->v[k]->ask.question.type &&
			     f->v[i]->ask.transport == f->v[k]->ask.transport &&
			     name_equal(f->v[i]->ask.question.name, f->v[k]->ask.question.name);
		if (n > most)
			most = n;
	}
	return most;
}

static const char *end_text(const struct walk_end *end)
{
	static char text[2 * NAME_TEXT + 32];
	char zone[NAME_TEXT], name[NAME_TEXT];

	snprintf(text, sizeof(text), "%s %s %zu", end->zone ? name_text(end->zone, zone) : "-",
		name_text(end->question.name, name), end->nservers);
	return text;
}

static const struct asked healthy_asks[] = {
	{ "192.0.2.1", "live.com.", RR_MX },
	{ "192.0.2.1", ".", RR_SOA },
	{ "192.0.2.1", ".", RR_NS },
	{ "192.0.2.2", "live.com.", RR_MX },
	{ "192.0.2.2", "com.", RR_SOA },
	{ "192.0.2.2", "com.", RR_NS },
	{ "203.0.113.11", "live.com.", RR_MX },
	{ "203.0.113.11", "live.com.", RR_SOA },
	{ "203.0.113.11", "live.com.", RR_NS },
	{ "203.0.113.12", "live.com.", RR_MX },
	{ "203.0.113.13", "live.com.", RR_SOA },
	{ "203.0.113.14", "live.com.", RR_NS },
};

static void test_healthy(void)
{
	struct arena *a = arena_new();
	const struct walk_other *others;
	struct walk_end end;
	struct walk *w;
	struct facts *f = walked_by(
		a, &healthy, &(struct walked_plan){ .name = "live.com.", .type = RR_MX }, &w);

	for (size_t i = 0; i < ARRAY_LEN(healthy_asks); i++)
		is_int((int64_t)times(f, &healthy_asks[i]), 1, healthy_asks[i].name);
	is_int((int64_t)most(f), 1, "nothing is asked twice");
	ok(f->n <= 48, "healthy: %zu asks", f->n);
	ok(f->elapsed < 300000, "healthy: all asks go out together");
	end = walk_end(w);
	is_str(end_text(&end), "live.com. live.com. 4", "healthy: end");
	is_int((int64_t)walk_others(w, &others), 2, "healthy: others");
	arena_free(a);
}

/* Truncates over UDP. */
static void answer_truncated(
	const struct sim_server *s, const struct ask *ask, uint16_t id, struct buf *ret_reply)
{
	if (ask->transport == TRANSPORT_TCP)
		sim_answer_zones(s, ask, id, ret_reply);
	else
		answer_flags(ask, id, FLAG_QR | FLAG_AA | FLAG_TC, ret_reply);
}

/* Knows no EDNS. */
static void answer_formerr(
	const struct sim_server *s, const struct ask *ask, uint16_t id, struct buf *ret_reply)
{
	if (ask->shape.edns)
		answer_flags(ask, id, FLAG_QR | RCODE_FORMERR, ret_reply);
	else
		sim_answer_zones(s, ask, id, ret_reply);
}

/* Changes to the healthy world, and where the walk of a question ends in it. */
static const struct case_end {
	const char *id, *name;
	uint16_t type;
	const char *end;
	size_t asks; /* at most */
	struct world_host changes[CHANGES];
} cases[] = {
	{ "nxdomain", "nothing.live.com.", RR_A, "live.com. nothing.live.com. 4", 52, { { 0 } } },
	{ "nodata", "live.com.", RR_TXT, "live.com. live.com. 4", 48, { { 0 } } },
	{ "ds-of-parent", "live.com.", RR_DS, "com. live.com. 1", 12, { { 0 } } },
	{ "inside", "inside.com.", RR_MX, "inside.com. inside.com. 2", 26, { { 0 } } },
	{ "lame", "live.com.", RR_MX, "live.com. live.com. 4", 48,
		{ { .addr = "203.0.113.13", .answer = answer_refused } } },
	{ "two-silent", "live.com.", RR_MX, "live.com. live.com. 4", 80,
		{ { .addr = "203.0.113.11", .dead = true },
			{ .addr = "203.0.113.14", .dead = true } } },
	{ "one-server", "www.live.com.", RR_A, "live.com. mail.live.com. 5", 70,
		{ { .addr = "192.0.2.2", .zones = { { "com.", COM_APEX }, NET, LIVE } } } },
	{ "tld-silent", "live.com.", RR_MX, "com. live.com. 1", 20,
		{ { .addr = "192.0.2.2", .dead = true } } },
	{ "root-silent", "live.com.", RR_MX, "- live.com. 0", 9,
		{ { .addr = "192.0.2.1", .dead = true } } },
	{ "all-silent", "inside.com.", RR_MX, "inside.com. inside.com. 2", 60,
		{ { .addr = "203.0.113.31", .dead = true },
			{ .addr = "203.0.113.32", .dead = true } } },
	{ "borrowed-glue", "live.com.", RR_MX, "live.com. live.com. 2", 120,
		{ { .addr = "203.0.113.11", .dead = true },
			{ .addr = "203.0.113.12", .dead = true } } },
	{ "truncated", "inside.com.", RR_MX, "inside.com. inside.com. 2", 40,
		{ { .addr = "192.0.2.2", .zones = { COM, NET }, .answer = answer_truncated },
			{ .addr = "203.0.113.31",
				.zones = { INSIDE },
				.answer = answer_truncated } } },
	{ "no-edns", "inside.com.", RR_MX, "inside.com. inside.com. 2", 40,
		{ { .addr = "192.0.2.2", .zones = { COM, NET }, .answer = answer_formerr } } },
	{ "glueless-loop", "live.com.", RR_MX, "live.com. live.com. 0", 40,
		{ { .addr = "192.0.2.2",
			.zones = { { "com.", COM_APEX "live.com. NS ns.other.com.\n"
						      "other.com. NS ns.live.com.\n" },
				NET } } } },
	{ "glue-missing", "live.com.", RR_MX, "live.com. live.com. 0", 30,
		{ { .addr = "192.0.2.2",
			.zones = { { "com.", COM_APEX "live.com. NS ns.live.com.\n" }, NET } } } },
};

static void test_case(const struct case_end *c)
{
	struct arena *a = arena_new();
	struct world world = spoiled(c->changes);
	struct walk_end end;
	struct walk *w;
	struct facts *f =
		walked_by(a, &world, &(struct walked_plan){ .name = c->name, .type = c->type }, &w);

	end = walk_end(w);
	is_str(end_text(&end), c->end, c->id);
	ok(f->n <= c->asks, "%s: %zu asks", c->id, f->n);
	arena_free(a);
}

/* Refers every question one label down, to the next host, without end. */
static void answer_deeper(
	const struct sim_server *s, const struct ask *ask, uint16_t id, struct buf *ret_reply)
{
	const struct name *q = ask->question.name, *zone = ask->zone;
	unsigned int labels = zone ? name_labels(zone) : 0;
	struct name child = name_suffix(q, labels + 1);
	size_t at = ret_reply->n;

	sim_answer_empty(s, ask, id, ret_reply);
	if (labels >= name_labels(q))
		return;
	ret_reply->p[at + 2] = (char)0x80;
	ret_reply->p[at + 9] = 1;
	ret_reply->p[at + 11] = 1;
	buf_put(ret_reply, child.wire, child.len);
	buf_put(ret_reply, "\0\2\0\1\0\0\0\1", 8);
	buf_u16(ret_reply, child.len);
	buf_put(ret_reply, child.wire, child.len);
	buf_put(ret_reply, child.wire, child.len);
	buf_put(ret_reply, "\0\1\0\1\0\0\0\1\0\4", 10);
	buf_put(ret_reply, s->addr.ip, 3);
	buf_u8(ret_reply, (uint8_t)(s->addr.ip[3] + 1));
}

static void test_deep(void)
{
	static const struct walked_plan plan = {
		.name = "a.a.a.a.a.a.a.a.a.a.a.a.a.a.",
		.type = RR_A,
		.walk.max_zones = 7,
	};
	struct arena *a = arena_new();
	struct world world = { 0 };
	struct walk_end end;
	struct facts *f;
	struct walk *w;

	for (int i = 0; i < WALKED_HOSTS - 1; i++)
		world.hosts[i] = (struct world_host){
			.addr = arena_printf(a, "192.0.2.%d", i + 1),
			.answer = answer_deeper,
		};
	f = walked_by(a, &world, &plan, &w);
	end = walk_end(w);
	is_str(end_text(&end), "a.a.a.a.a.a. a.a.a.a.a.a.a.a.a.a.a.a.a.a. 1", "deep: bounded");
	ok(f->n < 60, "deep: %zu asks", f->n);
	arena_free(a);
}

static const struct {
	const char *name, *end;
} aliases[] = {
	{ "www.live.com.", "live.com. mail.live.com. 4" },
	{ "out.live.com.", "example.org. www.example.org. 1" },
	{ "gone.live.com.", "example.org. nowhere.example.org. 1" },
	{ "out.example.org.", "example.org. www.example.org. 1" },
	{ "a.live.com.", "live.com. b.live.com. 4" },
};

static void test_aliases(void)
{
	for (size_t i = 0; i < ARRAY_LEN(aliases); i++) {
		struct arena *a = arena_new();
		struct walk_end end;
		struct walk *w;
		struct facts *f = walked_by(a, &healthy,
			&(struct walked_plan){ .name = aliases[i].name, .type = RR_A }, &w);

		end = walk_end(w);
		is_str(end_text(&end), aliases[i].end, aliases[i].name);
		is_int((int64_t)most(f), 1, "nothing is asked twice");
		arena_free(a);
	}
}

/* One silent server must not cost more than its own tries, wherever it stands. */
static void test_time(void)
{
	static const struct walked_plan plan = { .name = "live.com.", .type = RR_MX };

	for (size_t i = 3; i < 7; i++) {
		struct arena *a = arena_new();
		struct world world = healthy;
		struct facts *f;

		world.hosts[i].dead = true;
		f = walked(a, &world, &plan);
		/* Three tries of 0.5 s, one more for a look-up, and a few round trips. */
		ok(f->elapsed < 4 * 500000 + 200000, "%s silent: %" PRIu64 " ms",
			world.hosts[i].addr, f->elapsed / 1000);
		arena_free(a);
	}
}

/* 0.3^12: one question in two million stays unanswered, so the walk finds the zone each time. */
static bool case_loss(struct rng *r)
{
	struct arena *a = arena_new();
	struct walked_plan plan = {
		.name = "live.com.", .type = RR_MX, .seed = rng_u64(r), .loss = 0.3, .late = 0.1
	};
	struct walk_end end;
	struct walk *w;
	struct facts *f;
	bool good;

	plan.walk.tries = 12;
	f = walked_by(a, &healthy, &plan, &w);
	end = walk_end(w);
	good = strcmp(end_text(&end), "live.com. live.com. 4") == 0 && f->n < 300;
	if (!good)
		printf("# %s, %zu asks\n", end_text(&end), f->n);
	arena_free(a);
	return good;
}

/* A delegation to very many names without addresses makes us ask for no more than a few of them. */
static void test_wide(void)
{
	static const struct walked_plan plan = { .name = "wide.com.", .type = RR_MX };
	struct world_host changes[CHANGES] = {
		{ .addr = "192.0.2.2", .zones = { { "com.", NULL }, NET } },
	};
	struct arena *a = arena_new();
	struct buf text = { .arena = a };
	struct world world;
	struct facts *f;
	size_t victim = 0;

	buf_str(&text, COM_APEX);
	for (int i = 0; i < 60; i++)
		buf_printf(&text, "wide.com. NS n%d.example.org.\n", i);
	changes[0].zones[0].text = buf_text(&text);
	world = spoiled(changes);
	f = walked(a, &world, &plan);
	for (size_t i = 0; i < f->n; i++)
		victim += f->v[i]->ask.server.ip[3] == 21;
	ok(victim > 0 && victim <= 2 * REPLY_NAMES, "wide: %zu asks of the victim", victim);
	arena_free(a);
}

/* Hostile: every reply is a random pile of records about random names, mostly referrals. */
static struct rng hostile_rng;
static size_t hostile_most;

static struct name random_name(const struct name *below)
{
	static const char *const labels[] = { "a", "b", "com", "live", "ns1", "x" };
	struct name n = *below;

	for (uint32_t i = rng_below(&hostile_rng, 3); i > 0; i--)
		name_prepend(&n, labels[rng_below(&hostile_rng, ARRAY_LEN(labels))], &n);
	return n;
}

static void hostile_rdata(struct buf *b, uint16_t type)
{
	struct name n = random_name(&name_root);

	if (type == RR_A) {
		buf_u16(b, 4);
		buf_u32(b, 0xc0000200 + rng_below(&hostile_rng, WALKED_HOSTS));
	} else if (type == RR_SOA) {
		buf_u16(b, (uint16_t)(2 * n.len + 20));
		buf_put(b, n.wire, n.len);
		buf_put(b, n.wire, n.len);
		for (int i = 0; i < 5; i++)
			buf_u32(b, rng_below(&hostile_rng, 3));
	} else {
		buf_u16(b, n.len);
		buf_put(b, n.wire, n.len);
	}
}

static void answer_hostile(
	const struct sim_server *s, const struct ask *ask, uint16_t id, struct buf *ret_reply)
{
	static const uint16_t types[] = { RR_NS, RR_NS, RR_NS, RR_A, RR_SOA, RR_CNAME };
	static const uint16_t flags[] = { FLAG_QR, FLAG_QR | FLAG_AA, FLAG_QR | FLAG_AA | FLAG_TC,
		FLAG_QR | FLAG_AA | RCODE_NXDOMAIN, FLAG_QR | RCODE_FORMERR };
	size_t at = ret_reply->n;

	(void)s;
	answer_flags(ask, id, flags[rng_below(&hostile_rng, ARRAY_LEN(flags))], ret_reply);
	for (unsigned int section = 1; section < 4; section++) {
		uint32_t n = rng_below(&hostile_rng, 12);

		ret_reply->p[at + 5 + 2 * section] = (char)n;
		for (; n > 0; n--) {
			uint16_t type = types[rng_below(&hostile_rng, ARRAY_LEN(types))];
			struct name owner =
				rng_below(&hostile_rng, 2)
					? name_suffix(ask->question.name,
						  rng_below(&hostile_rng,
							  1 + name_labels(ask->question.name)))
					: random_name(ask->question.name);

			buf_put(ret_reply, owner.wire, owner.len);
			buf_u16(ret_reply, section == 3 ? RR_A : type);
			buf_u16(ret_reply, CLASS_IN);
			buf_u32(ret_reply, 1);
			hostile_rdata(ret_reply, section == 3 ? RR_A : type);
		}
	}
}

static bool case_hostile(struct rng *r)
{
	struct arena *a = arena_new();
	struct walked_plan plan = { .name = "a.b.com.live.x.",
		.type = RR_MX,
		.seed = rng_u64(r),
		.loss = 0.1,
		.late = 0.1 };
	struct world world = { 0 };
	struct facts *f;

	hostile_rng = rng_seed(rng_u64(r));
	for (int i = 0; i < WALKED_HOSTS - 1; i++)
		world.hosts[i] = (struct world_host){
			.addr = arena_printf(a, "192.0.2.%d", i),
			.answer = answer_hostile,
		};
	/* That it ends is asserted by the pump. */
	f = walked(a, &world, &plan);
	cut_tree(a, f);
	if (f->n > hostile_most)
		hostile_most = f->n;
	arena_free(a);
	return true;
}

static void test_families(void)
{
	struct arena *a = arena_new();
	struct walked_plan plan = { .name = "live.com.", .type = RR_MX };
	struct walk_hint hints[2] = { { NULL, world_addr("2001:db8::1") },
		{ NULL, world_addr("192.0.2.1") } };
	struct facts *f;
	struct walk *w;
	size_t v6 = 0;

	plan.walk.no_v6 = true;
	plan.walk.hints = hints;
	plan.walk.nhints = 2;
	f = walked_by(a, &healthy, &plan, &w);
	for (size_t i = 0; i < f->n; i++)
		v6 += f->v[i]->ask.server.family == ADDR_V6;
	is_int((int64_t)v6, 0, "no asks over a family that is off");
	is_int((int64_t)walk_end(w).nservers, 4, "the other one gets there");
	arena_free(a);
}

static const char hints_text[] = "; comment\n"
				 ".  3600000  IN NS A.ROOT.LAB.\r\n"
				 "A.ROOT.LAB. 3600000 A 10.0.0.1 ; here\n"
				 "\t\tAAAA fd00::1\n"
				 "\n"
				 "b.root.lab A 10.0.0.2";

static const struct {
	const char *text;
	size_t line;
} bad_hints[] = {
	{ "", 1 },
	{ "; nothing\n", 2 },
	{ ". NS a.\na. A 10.0.0\n", 2 },
	{ ". NS a.\na. A fd00::1\n", 2 },
	{ ". NS a.\na..b A 10.0.0.1\n", 2 },
	{ ". NS a.\na. A\n", 2 },
	{ "   A 10.0.0.1\n", 1 },
};

static void test_hints(void)
{
	struct arena *a = arena_new();
	struct walk_plan plan = { 0 };
	char text[ADDR_TEXT];
	size_t line = 0, n = 0;

	walk_root_hints(a, &n);
	is_int((int64_t)n, 26, "13 roots, two families");
	is_int(walk_read_hints(a, (struct span){ (const uint8_t *)hints_text, strlen(hints_text) },
		       &plan, &line),
		0, "hints are read");
	is_int((int64_t)plan.nhints, 3, "three addresses");
	is_str(addr_text_port(&plan.hints[1].addr, text), "fd00::1#53", "owner left out");
	for (size_t i = 0; i < ARRAY_LEN(bad_hints); i++) {
		const char *t = bad_hints[i].text;

		is_int(walk_read_hints(
			       a, (struct span){ (const uint8_t *)t, strlen(t) }, &plan, &line),
			-ERR_PARSE, "bad hints");
		is_int((int64_t)line, (int64_t)bad_hints[i].line, "bad hints: line");
	}
	is_int((int64_t)plan.nhints, 3, "the plan is untouched");
	arena_free(a);
}

int main(void)
{
	test_healthy();
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		test_case(&cases[i]);
	test_deep();
	test_wide();
	test_aliases();
	test_time();
	test_families();
	test_hints();
	prop("30% loss and late replies", case_loss, 300);
	prop("hostile replies", case_hostile, 100);
	ok(hostile_most < WALKED_ASKS, "hostile: at most %zu asks", hostile_most);
	return tap_done();
}
