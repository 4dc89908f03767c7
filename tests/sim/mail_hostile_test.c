// SPDX-License-Identifier: GPL-3.0-or-later
// Domains that are made to cost whoever looks up their mail time, memory or packets to others: the
// run ends all the same, its cost has a bound, and the findings can be drawn.
#include <string.h>

#include "base/err.h"
#include "check/check.h"
#include "infer/mailset.h"
#include "treelies.h"
#include "treeworld.h"

#define CHILD(...)                                                                                 \
	{                                                                                          \
		.at = TREEWORLD_CHILD, __VA_ARGS__                                                 \
	}
#define EVIL                                                                                       \
	{                                                                                          \
		.zone = "xb.", .add = "evil.xb. NS spare.xb."                                      \
	}
/* A policy that includes three, each of which includes three, under names without end. */
#define WIDE                                                                                       \
	"v=spf1 include:a.spf.child.xa include:b.spf.child.xa include:c.spf.child.xa "             \
	"redirect=d.spf.child.xa"

static const struct hostile {
	size_t asked, passes, memory; /* at most; kB */
	struct treeworld_row row;
} rows[] = {
	{ 500, 40, 12000, { .what = "healthy", .secure = true } },
	{ 1500, 60, 40000,
		{ .what = "1,500 exchanges below evil.xb",
			.changes = { EVIL, CHILD(.type = RR_MX, .edit = treelies_exchanges),
				{ .at = "spare.xb", .edit = treelies_spread_wide } } } },
	{ 1500, 60, 40000,
		{ .what = "exchanges without end",
			.changes = { EVIL,
				CHILD(.zone = "child.xa.", .drop = "child.xa. MX",
					.add = "child.xa. MX 1 a.evil.xb.\nchild.xa. MX 2 "
					       "b.evil.xb.\n"),
				{ .at = "spare.xb", .edit = treelies_deeper } } } },
	{ 1500, 60, 80000,
		{ .what = "policies that include each other",
			.changes = { CHILD(.zone = "child.xa.", .drop = "child.xa. TXT",
				.add = "child.xa. TXT \"" WIDE "\"\n*.spf.child.xa. TXT \"" WIDE
				       "\"\n") } } },
	{ 900, 60, 60000,
		{ .what = "texts of 10,000 letters",
			.changes = { CHILD(.type = RR_TXT, .edit = treelies_long_text) } } },
	{ 1600, 70, 90000,
		{ .what = "1,500 answers", .changes = { CHILD(.edit = treelies_flood_answer) } } },
	{ 900, 60, 60000,
		{ .what = "aliases without end", .changes = { CHILD(.edit = treelies_alias) } } },
	{ 900, 60, 60000,
		{ .what = "names that point at themselves",
			.changes = { CHILD(.edit = treelies_knot) } } },
	{ 900, 60, 60000,
		{ .what = "other questions", .changes = { CHILD(.edit = treelies_other_name) } } },
	{ 900, 60, 90000,
		{ .what = "the longest names", .changes = { CHILD(.edit = treelies_bomb) } } },
	{ 900, 60, 200000,
		{ .what = "KeyTrap",
			.secure = true,
			.changes = { CHILD(.manners = TREEWORLD_IN(MANNER_DNSSEC),
				.edit = treelies_keytrap) } } },
};

static void check(const struct hostile *h)
{
	struct treeworld_row row = h->row;
	struct arena *a = arena_new();
	struct findings findings = { .arena = a };
	struct treeworld_run run;
	struct check_input in;
	size_t memory;

	row.mail = true;
	row.clients = "9.37.0.1 9.38.0.1";
	row.helo = "mail.child.xa.";
	row.selectors = "s1 s2";
	run = treeworld_run(a, &row);
	memory = (arena_used(a) + run.pass_bytes) >> 10;
	ok(run.ended, "%s: ends", row.what);
	ok(run.asked <= h->asked, "%s: %zu packets", row.what, run.asked);
	ok(run.passes <= h->passes, "%s: %zu passes", row.what, run.passes);
	ok(memory <= h->memory, "%s: %zu kB", row.what, memory);
	in = (struct check_input){ run.facts, infer_all(a, run.facts) };
	check_run(&in, &findings);
	ok(mailset(in.inferences->pass)->rows.n <= MAIL_ROWS, "%s: %zu look-ups, %zu findings",
		row.what, mailset(in.inferences->pass)->rows.n, findings.list.n);
	arena_free(a);
}

int main(int argc, char **argv)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (argc < 2 || strstr(rows[i].row.what, argv[1]))
			check(&rows[i]);
	return tap_done();
}
