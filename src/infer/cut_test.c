// SPDX-License-Identifier: GPL-3.0-or-later
// The delegation tree of simulated walks: zones, both sides, servers, where the question ends.
#include "base/err.h"
#include "infer/cut.h"
#include "prop.h"
#include "tap.h"
#include "worlds.h"

static const char *const meanings[] = {
	[MEANS_ANSWER] = "answer",
	[MEANS_ALIAS] = "alias",
	[MEANS_NODATA] = "nodata",
	[MEANS_REFERRAL] = "referral",
	[MEANS_UPWARD] = "upward",
	[MEANS_NXDOMAIN] = "nxdomain",
	[MEANS_SERVFAIL] = "servfail",
	[MEANS_REFUSED] = "refused",
	[MEANS_TRUNCATED] = "truncated",
	[MEANS_OTHER_RCODE] = "rcode",
	[MEANS_UNREADABLE] = "nothing",
};

/* A server as letters: p, c for the side that leads to it, then what it is. */
static void put_server(const struct cut_server *s, struct buf *b)
{
	buf_printf(b, " %s%s%s", s->from_parent ? "p" : "", s->from_child ? "c" : "",
		s->authoritative ? "+"
		: s->lame	 ? "-"
		: s->replied	 ? "?"
				 : "!");
}

/* "com.(1/1 pc+)": names in the parent's set and in the zone's own, then its servers. */
static const char *tree_text(struct arena *a, const struct cut_tree *t)
{
	struct buf b = { .arena = a };
	char text[NAME_TEXT];

	vec_each (struct cut_zone, z, t->zones) {
		size_t parent = 0, child = 0;

		if (!z->on_path)
			continue;
		vec_each (struct cut_ns, ns, z->ns) {
			parent += ns->in_parent;
			child += ns->in_child;
		}
		buf_printf(&b, "%s(%zu/%zu", name_text(z->apex, text), parent, child);
		vec_each (struct cut_server, s, z->servers)
			put_server(s, &b);
		buf_str(&b, ") ");
	}
	buf_printf(&b, "%s ", t->last < 0 ? "-" : name_text(t->zones.v[t->last].apex, text));
	buf_printf(&b, "%s %s %s", name_text(t->end, text), meanings[t->meaning],
		t->consistent ? "same" : "differ");
	return buf_text(&b);
}

#define TOP ".(0/1 pc+) com.(1/1 pc+) "

static const struct row {
	const char *name;
	uint16_t type;
	const char *expect;
	struct world_host changes[CHANGES];
} rows[] = {
	{ "live.com.", RR_MX, TOP "live.com.(4/4 pc+ pc+ pc+ pc+) live.com. live.com. answer same",
		{ { 0 } } },
	{ "inside.com.", RR_TXT, TOP "inside.com.(2/2 pc+ pc+) inside.com. inside.com. nodata same",
		{ { 0 } } },
	{ "x.inside.com.", RR_A,
		TOP "inside.com.(2/2 pc+ pc+) inside.com. x.inside.com. nxdomain same", { { 0 } } },
	{ "live.com.", RR_DS, TOP "com. live.com. nodata same", { { 0 } } },
	{ "out.live.com.", RR_A,
		".(0/1 pc+) com.(1/1 pc+) org.(1/1 pc+) "
		"live.com.(4/4 pc+ pc+ pc+ pc+) example.org.(1/1 pc+) example.org. "
		"www.example.org. answer same",
		{ { 0 } } },
	{ "a.live.com.", RR_A,
		TOP "live.com.(4/4 pc+ pc+ pc+ pc+) live.com. b.live.com. alias same", { { 0 } } },
	{ "inside.com.", RR_MX,
		TOP "inside.com.(2/2 pc+ pc-) inside.com. inside.com. answer differ",
		{ { .addr = "203.0.113.32", .answer = answer_refused } } },
	{ "inside.com.", RR_MX, TOP "inside.com.(2/2 pc+ pc!) inside.com. inside.com. answer same",
		{ { .addr = "203.0.113.32", .dead = true } } },
	{ "inside.com.", RR_MX, TOP "inside.com.(2/0 p! p!) inside.com. inside.com. nothing same",
		{ { .addr = "203.0.113.31", .dead = true },
			{ .addr = "203.0.113.32", .dead = true } } },
	/* Glue of msft.net. is all that is known of the servers of live.com. */
	{ "live.com.", RR_MX, TOP "live.com.(4/0 p! p!) live.com. live.com. nothing same",
		{ { .addr = "203.0.113.11", .dead = true },
			{ .addr = "203.0.113.12", .dead = true } } },
	{ "live.com.", RR_MX, ".(0/0 p!) - live.com. nothing differ",
		{ { .addr = "192.0.2.1", .dead = true } } },
	{ "live.com.", RR_MX, ".(0/1 pc+) com.(1/0 p!) com. live.com. nothing same",
		{ { .addr = "192.0.2.2", .dead = true } } },
	{ "inside.com.", RR_MX, TOP "inside.com.(0/2 c+ c+ +) inside.com. inside.com. answer same",
		{ { .addr = "192.0.2.2", .zones = { { "com.", COM_APEX }, NET, INSIDE } } } },
};

static void test_rows(void)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena *a = arena_new();
		struct world world = spoiled(rows[i].changes);
		struct walk *w;
		struct facts *f = walked_by(a, &world,
			&(struct walked_plan){ .name = rows[i].name, .type = rows[i].type }, &w);
		const struct cut_tree *t = cut_tree(a, f);
		struct walk_end end = walk_end(w);

		is_str(tree_text(a, t), rows[i].expect, rows[i].name);
		ok((t->last < 0) == !end.zone &&
				(!end.zone || name_equal(end.zone, t->zones.v[t->last].apex)),
			"the walk ended there");
		ok(name_equal(t->end, end.question.name), "with that name");
		arena_free(a);
	}
}

/* Servers and names come in another order then; what is known of them must not change. */
static size_t weight(const struct cut_tree *t)
{
	size_t sum = 0;

	vec_each (struct cut_zone, z, t->zones) {
		sum += 1000 * (z->ns.n + z->parent_ns_known + z->child_ns_known + z->on_path);
		vec_each (struct cut_ns, ns, z->ns)
			sum += ns->in_parent + 3 * ns->in_child + 5 * ns->resolved_v4 +
			       7 * ns->resolved_v6 + 11 * ns->glue.n + 13 * ns->addrs.n;
		vec_each (struct cut_server, s, z->servers)
			sum += s->from_parent + 17 * s->from_child + 19 * s->authoritative +
			       23 * s->lame + 29 * s->serial + 31 * s->meaning;
	}
	return sum;
}

static bool case_order(struct rng *r)
{
	struct arena *a = arena_new();
	const struct row *row = &rows[rng_below(r, ARRAY_LEN(rows))];
	struct world world = spoiled(row->changes);
	struct facts *f = walked(a, &world,
		&(struct walked_plan){ .name = row->name,
			.type = row->type,
			.seed = rng_u64(r),
			.loss = 0.2,
			.late = 0.1 });
	const struct cut_tree *t = cut_tree(a, f), *shuffled;
	bool good;

	rng_shuffle(r, f->v, f->n, sizeof(*f->v));
	shuffled = cut_tree(a, f);
	good = weight(t) == weight(shuffled) && t->last == shuffled->last &&
	       t->meaning == shuffled->meaning && t->consistent == shuffled->consistent &&
	       t->queries == shuffled->queries && t->silent == shuffled->silent;
	arena_free(a);
	return good;
}

static void test_empty(void)
{
	struct arena *a = arena_new();
	struct facts *f = facts_new(a);
	const struct cut_tree *t = cut_tree(a, f);

	is_int((int64_t)t->zones.n, 0, "no walk, no zones");
	is_int(t->last, -1, "and no last one");
	arena_free(a);
}

int main(void)
{
	test_rows();
	test_empty();
	prop("observations in any order", case_order, 300);
	return tap_done();
}
