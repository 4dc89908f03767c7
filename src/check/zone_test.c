// SPDX-License-Identifier: GPL-3.0-or-later
// Spoiled trees, walked, make exactly the findings that they should. With a folder as argument the
// walks are written there as tapes: ID/bad.jsonl and ID/good.jsonl, the fixtures of this family.
#include <stdio.h>
#include <sys/stat.h>

#include "base/err.h"
#include "check/check.h"
#include "facts/tape.h"
#include "fixture.h"
#include "tap.h"
#include "worlds.h"

extern const struct family family_zone;

#define SOA_2  " SOA ns.test. h.test. 2 1800 900 604800 60\n"
#define MX     "inside.com. MX 10 mail.inside.com.\n"
#define GLUE_1 "ns1.inside.com. A 203.0.113.31\n"
#define HOST_1 .addr = "203.0.113.31"
#define HOST_2 .addr = "203.0.113.32"
#define COM_HOST(text)                                                                             \
	{                                                                                          \
		.addr = "192.0.2.2", .zones = { { "com.", COM_APEX text }, NET }                   \
	}
#define INSIDE_HOST(host, text)                                                                    \
	{                                                                                          \
		host, .zones = { { "inside.com.", "inside.com." text } }                           \
	}

static void answer_servfail(
	const struct sim_server *s, const struct ask *ask, uint16_t id, struct buf *ret_reply)
{
	(void)s;
	answer_flags(ask, id, FLAG_QR | RCODE_SERVFAIL, ret_reply);
}

/* Answers as a cache does: without AA. */
static void answer_no_aa(
	const struct sim_server *s, const struct ask *ask, uint16_t id, struct buf *ret_reply)
{
	size_t at = ret_reply->n;

	sim_answer_zones(s, ask, id, ret_reply);
	ret_reply->p[at + 2] = (char)(ret_reply->p[at + 2] & ~(FLAG_AA >> 8));
}

static const struct row {
	const char *expect; /* "id severity" of each finding, in the order of the family */
	const char *name;
	uint16_t type;
	bool fixture; /* bad.jsonl of the id that is expected */
	struct world_host changes[CHANGES];
} rows[] = {
	{ "", "live.com.", RR_MX, false, { { 0 } } },
	{ "", "inside.com.", RR_MX, false, { { 0 } } },
	{ "", "out.live.com.", RR_A, false, { { 0 } } },
	{ "", "nothing.inside.com.", RR_A, false, { { 0 } } },
	{ "", "live.com.", RR_DS, false, { { 0 } } },
	/* Silence is another family's matter. */
	{ "", "inside.com.", RR_MX, false, { { HOST_2, .dead = true } } },
	{ "", "live.com.", RR_MX, false, { { .addr = "192.0.2.1", .dead = true } } },
	/* Parent and child on one server: no referral shows the parent's side. */
	{ "", "inside.com.", RR_MX, false,
		{ { .addr = "192.0.2.2", .zones = { { "com.", COM_APEX }, NET, INSIDE } } } },

	{ "lame-delegation warning", "inside.com.", RR_MX, true,
		{ { HOST_2, .answer = answer_refused } } },
	{ "lame-delegation warning", "inside.com.", RR_MX, false,
		{ { HOST_2, .answer = answer_servfail } } },
	{ "lame-delegation warning", "inside.com.", RR_MX, false,
		{ { HOST_2, .zones = { INSIDE }, .answer = answer_no_aa } } },
	{ "lame-delegation warning", "inside.com.", RR_MX, false,
		{ { HOST_2, .zones = { COM } } } },
	{ "lame-delegation error lame-delegation error", "inside.com.", RR_MX, false,
		{ { HOST_1, .answer = answer_refused }, { HOST_2, .answer = answer_servfail } } },
	{ "lame-delegation error", "inside.com.", RR_MX, false,
		{ { HOST_1, .answer = answer_refused }, { HOST_2, .dead = true } } },

	/* The same server for the zone in which the servers' names lie. */
	{ "lame-delegation warning lame-delegation warning", "live.com.", RR_MX, false,
		{ { .addr = "203.0.113.11", .answer = answer_refused } } },
	{ "lame-delegation error", "live.com.", RR_MX, false,
		{ { .addr = "203.0.113.11", .answer = answer_refused },
			{ .addr = "203.0.113.12", .answer = answer_refused } } },

	{ "ns-set-mismatch warning", "inside.com.", RR_MX, true,
		{ INSIDE_HOST(HOST_1, SOA INSIDE_NS "inside.com. NS ns3.inside.com.\n" INSIDE_ADDRS
						    "ns3.inside.com. A 203.0.113.32\n" MX),
			INSIDE_HOST(HOST_2,
				SOA INSIDE_NS "inside.com. NS ns3.inside.com.\n" INSIDE_ADDRS
					      "ns3.inside.com. A 203.0.113.32\n" MX) } },
	{ "ns-set-mismatch warning", "inside.com.", RR_MX, false,
		{ INSIDE_HOST(HOST_1, SOA "inside.com. NS ns1.inside.com.\n" INSIDE_ADDRS MX),
			INSIDE_HOST(
				HOST_2, SOA "inside.com. NS ns1.inside.com.\n" INSIDE_ADDRS MX) } },

	{ "stale-glue warning", "inside.com.", RR_MX, true,
		{ COM_HOST(INSIDE_NS GLUE_1 "ns2.inside.com. A 203.0.113.33\n"),
			{ .addr = "203.0.113.33", .zones = { INSIDE } } } },
	{ "stale-glue error", "inside.com.", RR_MX, false,
		{ COM_HOST(INSIDE_NS GLUE_1 "ns2.inside.com. A 203.0.113.33\n") } },
	{ "stale-glue notice", "inside.com.", RR_MX, false,
		{ INSIDE_HOST(
			  HOST_1, SOA INSIDE_NS INSIDE_ADDRS "ns2.inside.com. A 203.0.113.31\n" MX),
			INSIDE_HOST(HOST_2, SOA INSIDE_NS INSIDE_ADDRS
				"ns2.inside.com. A 203.0.113.31\n" MX) } },
	/* Addresses of a family of which the parent gives none are no other addresses. */
	{ "", "inside.com.", RR_MX, false,
		{ INSIDE_HOST(HOST_1, SOA INSIDE_NS INSIDE_ADDRS "ns2.inside.com. AAAA ::1\n" MX),
			INSIDE_HOST(HOST_2,
				SOA INSIDE_NS INSIDE_ADDRS "ns2.inside.com. AAAA ::1\n" MX) } },

	{ "stale-glue warning", "live.com.", RR_MX, false,
		{ { .addr = "192.0.2.2",
			.zones = { COM,
				{ "net.", NET_APEX "ns1.msft.net. A 203.0.113.11\n"
						   "ns2.msft.net. A 203.0.113.99\n" } } } } },

	{ "missing-glue error missing-glue error", "live.com.", RR_MX, false,
		{ { .addr = "192.0.2.2", .zones = { COM, { "net.", NET_APEX } } } } },
	{ "missing-glue warning", "inside.com.", RR_MX, true, { COM_HOST(INSIDE_NS GLUE_1) } },
	{ "missing-glue error missing-glue error", "inside.com.", RR_MX, false,
		{ COM_HOST(INSIDE_NS) } },

	{ "serial-mismatch notice", "inside.com.", RR_MX, true,
		{ INSIDE_HOST(HOST_2, SOA_2 INSIDE_NS INSIDE_ADDRS MX) } },
	{ "serial-mismatch notice", "inside.com.", RR_SOA, false,
		{ INSIDE_HOST(HOST_2, SOA_2 INSIDE_NS INSIDE_ADDRS MX) } },
	{ "serial-mismatch warning answer-mismatch warning", "inside.com.", RR_MX, false,
		{ INSIDE_HOST(HOST_2, SOA_2 INSIDE_NS INSIDE_ADDRS) } },

	{ "answer-mismatch warning", "inside.com.", RR_MX, true,
		{ INSIDE_HOST(HOST_2,
			SOA INSIDE_NS INSIDE_ADDRS "inside.com. MX 10 other.inside.com.\n") } },
	/* The same set in another order, case and with another TTL is the same. */
	{ "", "inside.com.", RR_MX, false,
		{ INSIDE_HOST(HOST_1, SOA INSIDE_NS INSIDE_ADDRS MX "inside.com. MX 20 b.test.\n"),
			INSIDE_HOST(HOST_2, SOA INSIDE_NS INSIDE_ADDRS
				"inside.com. 60 MX 20 B.TEST.\ninside.com. 60 MX 10 "
				"MAIL.inside.com.\n") } },
	{ "answer-mismatch notice", "www.inside.com.", RR_A, false,
		{ INSIDE_HOST(HOST_1, SOA INSIDE_NS INSIDE_ADDRS "www.inside.com. A 192.0.2.80\n"),
			INSIDE_HOST(HOST_2,
				SOA INSIDE_NS INSIDE_ADDRS "www.inside.com. A 192.0.2.81\n") } },
	{ "answer-mismatch warning", "www.inside.com.", RR_A, false,
		{ INSIDE_HOST(
			HOST_1, SOA INSIDE_NS INSIDE_ADDRS "www.inside.com. A 192.0.2.80\n") } },
};

/* What the family finds in the facts, as rows expect it. */
static const char *found(struct arena *a, const struct facts *f, struct findings *ret)
{
	struct inferences x = { .tree = cut_tree(a, f) };
	struct check_input in = { f, &x };
	struct buf b = { .arena = a };

	*ret = (struct findings){ .arena = a };
	for (size_t i = 0; i < family_zone.n; i++)
		family_zone.checks[i].run(&in, ret);
	vec_each (struct finding, one, ret->list)
		buf_printf(&b, "%s%s %s", b.n ? " " : "", one->id, severity_slug(one->severity));
	return buf_text(&b);
}

/* Every finding has what a reader needs: a subject, evidence, details with content. */
static bool complete(const struct facts *f, const struct findings *all)
{
	bool good = true;

	vec_each (struct finding, x, all->list) {
		good &= x->subject && x->evidence.n > 0 && x->details.n > 0;
		vec_each (size_t, index, x->evidence)
			good &= *index < f->n;
		vec_each (struct detail, d, x->details)
			good &= d->kind != DETAIL_TEXTS || d->ntexts > 0;
	}
	return good;
}

static struct facts *walk_row(struct arena *a, const struct row *row)
{
	struct world world = spoiled(row->changes);

	return walked(a, &world, &(struct walked_plan){ .name = row->name, .type = row->type });
}

/* A tape of the walk says the same as the walk. */
static const char *found_on_tape(struct arena *a, const struct facts *f)
{
	struct buf b = { .arena = a };
	struct tape_error error;
	struct findings all;
	struct facts *read;

	tape_write(f, &b);
	if (tape_read(a, buf_span(&b), &read, &error) != 0)
		return error.text;
	return found(a, read, &all);
}

static void test_rows(void)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena *a = arena_new();
		struct facts *f = walk_row(a, &rows[i]);
		struct findings all;

		is_str(found(a, f, &all), rows[i].expect, rows[i].expect);
		ok(complete(f, &all), "%s: complete", rows[i].expect);
		is_str(found_on_tape(a, f), rows[i].expect, "from its tape");
		arena_free(a);
	}
}

static int write_tape(const char *path, const struct row *row)
{
	struct arena *a = arena_new();
	struct facts *f = walk_row(a, row);
	int err;

	f->started = 1700000000;
	err = fixture_write(path, f);
	arena_free(a);
	return err;
}

static int write_fixtures(const char *folder)
{
	static const struct row good = { "", "inside.com.", RR_MX, false, { { 0 } } };
	struct arena *a = arena_new();
	int err = 0;

	for (size_t i = 0; i < ARRAY_LEN(rows) && !err; i++) {
		char id[64];
		const char *dir;

		if (!rows[i].fixture || sscanf(rows[i].expect, "%63s", id) != 1)
			continue;
		dir = arena_printf(a, "%s/%s", folder, id);
		mkdir(dir, 0777);
		err = write_tape(arena_printf(a, "%s/bad.jsonl", dir), &rows[i]);
		if (!err)
			err = write_tape(arena_printf(a, "%s/good.jsonl", dir), &good);
	}
	arena_free(a);
	return err ? 1 : 0;
}

int main(int argc, char **argv)
{
	if (argc > 1)
		return write_fixtures(argv[1]);
	test_rows();
	return tap_done();
}
