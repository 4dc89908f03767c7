// SPDX-License-Identifier: GPL-3.0-or-later
// The families tree and dnssec in small worlds: what each change must show, and nothing else. With
// the folder of fixtures as argument it writes the tapes of the ids that have them.
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/err.h"
#include "check/check.h"
#include "fixture.h"
#include "infer/inferences.h"
#include "treeworld.h"

extern const struct family family_tree, family_dnssec;

static const struct signer_plan expired = {
	.keys = { { SIGNER_P256_1, 13, 257, .signs = SIGNER_BOTH } },
	.ds = { { .key = 1, .digest = 2 } },
	.from = -20 * SIGNER_DAY,
	.to = -10 * SIGNER_DAY,
};
static const struct signer_plan early = {
	.keys = { { SIGNER_P256_1, 13, 257, .signs = SIGNER_BOTH } },
	.ds = { { .key = 1, .digest = 2 } },
	.from = SIGNER_DAY,
	.to = 14 * SIGNER_DAY,
};
static const struct signer_plan other_digest = {
	.keys = { { SIGNER_P256_1, 13, 257, .signs = SIGNER_BOTH } },
	.ds = { { .key = 1, .digest = 2, .wrong_digest = true } },
};
static const struct signer_plan unsigned_soa = {
	.keys = { { SIGNER_P256_1, 13, 257, .signs = SIGNER_BOTH } },
	.ds = { { .key = 1, .digest = 2 } },
	.spoils = { { SIGNER_UNSIGNED, .type = RR_SOA } },
};
static const struct signer_plan wrong_soa = {
	.keys = { { SIGNER_P256_1, 13, 257, .signs = SIGNER_BOTH } },
	.ds = { { .key = 1, .digest = 2 } },
	.spoils = { { SIGNER_WRONG, .type = RR_SOA } },
};
static const struct signer_plan stranger = {
	.keys = { { SIGNER_P256_1, 13, 257, .signs = SIGNER_BOTH } },
	.ds = { { .key = 1, .digest = 2 } },
	.spoils = { { SIGNER_STRANGER, .type = RR_SOA } },
};
static const struct signer_plan no_denial = {
	.keys = { { SIGNER_P256_1, 13, 257, .signs = SIGNER_BOTH } },
	.ds = { { .key = 1, .digest = 2 } },
	.denial = SIGNER_NO_DENIAL,
};
static const struct signer_plan iterations = {
	.keys = { { SIGNER_P256_1, 13, 257, .signs = SIGNER_BOTH } },
	.ds = { { .key = 1, .digest = 2 } },
	.denial = SIGNER_NSEC3,
	.iterations = 500,
};
static const struct signer_plan unknown = {
	.keys = { { SIGNER_P256_1, 13, 257, .signs = SIGNER_BOTH } },
	.ds = { { .key = 1, .digest = 2, .algorithm = 200 } },
};

/* A look-up in a signed world; the good twin is the same in the healthy one. */
#define SIGNED(text, name, rr) .what = text, .secure = true, .lookup = name, .lookup_type = rr

static const struct row {
	const char *expect;  /* "id severity effect" of each finding */
	const char *fixture; /* id; NULL: none */
	struct treeworld_row world;
} rows[] = {
	{ "", NULL, { .what = "healthy" } },
	{ "missing-glue warning intermittent", NULL,
		{ .what = "one server without glue",

			.changes = { { .at = TREEWORLD_XA,
				.zone = "xa.",
				.drop = "ns1.child.xa. " } } } },
	{ "missing-glue error explains", NULL,
		{ .what = "no server with glue",

			.changes = { { .at = TREEWORLD_XA,
				.zone = "xa.",
				.drop = "ns1.child.xa. |ns2.child.xa. |child.xa. NS "
					"ns.other.xb." } } } },
	{ "delegation-loop error explains", "delegation-loop",
		{ .what = "two zones that need each other",
			.lookup = "child.xa.",
			.lookup_type = RR_SOA,

			.changes = { { .at = TREEWORLD_XA,
				.zone = "xa.",
				.drop = "child.xa. NS|ns1.child.xa. |ns2.child.xa. ",
				.add = "child.xa. NS ns.loop.xa.\n"
				       "loop.xa. NS ns1.child.xa.\n" } } } },
	{ "delegation-loop warning intermittent", NULL,
		{ .what = "one server that needs the zone",

			.changes = { { .at = TREEWORLD_XA,
				.zone = "xa.",
				.drop = "child.xa. NS|ns1.child.xa. |ns2.child.xa. ",
				.add = "child.xa. NS ns.loop.xa.\n"
				       "child.xa. NS ns.other.xb.\n"
				       "loop.xa. NS ns.loop2.xa.\n"
				       "loop2.xa. NS ns.loop.xa.\n" } } } },
	{ "", NULL, { SIGNED("a healthy chain", "child.xa.", RR_SOA) } },
	{ "", NULL, { SIGNED("a healthy denial", "nowhere.child.xa.", RR_A) } },
	{ "dnssec-expired critical explains", "dnssec-expired",
		{ SIGNED("expired", "child.xa.", RR_SOA), .child = &expired } },
	{ "dnssec-expired warning intermittent", NULL,
		{ SIGNED("expired on one server", "child.xa.", RR_SOA),
			.changes = { { .at = "ns2.child.xa",
				.zone = "child.xa.",
				.sign = &expired } } } },
	{ "dnssec-not-yet-valid critical explains", "dnssec-not-yet-valid",
		{ SIGNED("not yet valid", "child.xa.", RR_SOA), .child = &early } },
	{ "dnssec-ds-mismatch critical explains", "dnssec-ds-mismatch",
		{ SIGNED("another digest", "child.xa.", RR_SOA), .child = &other_digest } },
	{ "dnssec-missing-key critical explains", "dnssec-missing-key",
		{ SIGNED("no keys", "child.xa.", RR_SOA),
			.changes = { { .at = TREEWORLD_CHILD,
				.zone = "child.xa.",
				.sign = &treeworld_unsigned } } } },
	{ "dnssec-missing-signature error explains", "dnssec-missing-signature",
		{ SIGNED("an unsigned SOA", "child.xa.", RR_SOA), .child = &unsigned_soa } },
	{ "dnssec-wrong-signature error explains", "dnssec-wrong-signature",
		{ SIGNED("a wrong signature", "child.xa.", RR_SOA), .child = &wrong_soa } },
	{ "dnssec-signer error explains", "dnssec-signer",
		{ SIGNED("another signer", "child.xa.", RR_SOA), .child = &stranger } },
	{ "dnssec-broken-denial error explains", "dnssec-broken-denial",
		{ SIGNED("no proof", "nowhere.child.xa.", RR_A), .child = &no_denial } },
	{ "dnssec-iterations notice cosmetic", "dnssec-iterations",
		{ SIGNED("500 iterations", "nowhere.child.xa.", RR_A), .child = &iterations } },
	{ "dnssec-algorithm-unsupported notice cosmetic", "dnssec-algorithm-unsupported",
		{ SIGNED("an unknown algorithm", "child.xa.", RR_SOA), .child = &unknown } },
	{ "mx-without-address error explains", "mx-without-address",
		{ .what = "a mail server without address",
			.lookup = "child.xa.",
			.lookup_type = RR_MX,
			.changes = { { .at = TREEWORLD_CHILD,
				.zone = "child.xa.",
				.drop = "mail.child.xa. " } } } },
	{ "mx-without-address warning intermittent", NULL,
		{ .what = "one of two mail servers without address",
			.chains = true,
			.changes = { { .at = TREEWORLD_CHILD,
				.zone = "child.xa.",
				.add = "child.xa. MX 20 nowhere.child.xa.\n" } } } },
	{ "", NULL,
		{ .what = "no mail",
			.chains = true,
			.changes = { { .at = TREEWORLD_CHILD,
				.zone = "child.xa.",
				.drop = "child.xa. MX",
				.add = "child.xa. MX 0 .\n" } } } },
	/* A server whose name does not exist is no loop. */
	{ "", NULL,
		{ .what = "a name that does not exist",

			.changes = { { .at = TREEWORLD_XA,
				.zone = "xa.",
				.add = "child.xa. NS ns.nowhere.xa.\n" } } } },
};

static const char *found(struct arena *a, const struct facts *f)
{
	struct check_input in = { f, infer_all(a, f) };
	struct findings all = { .arena = a };
	struct buf b = { .arena = a };

	for (size_t i = 0; i < family_tree.n; i++)
		family_tree.checks[i].run(&in, &all);
	for (size_t i = 0; i < family_dnssec.n; i++)
		family_dnssec.checks[i].run(&in, &all);
	vec_each (const struct finding, x, all.list) {
		ok(x->subject && x->evidence.n && x->details.n, "%s: complete", x->id);
		buf_printf(&b, "%s%s %s %s", b.n ? " " : "", x->id, severity_slug(x->severity),
			effect_slug(x->effect));
	}
	return buf_text(&b);
}

static void test_rows(void)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena *a = arena_new();
		struct treeworld_run run = treeworld_run(a, &rows[i].world);

		ok(run.ended, "%s: ends", rows[i].world.what);
		is_str(found(a, run.facts), rows[i].expect, rows[i].world.what);
		arena_free(a);
	}
}

static int write_tape(const char *path, const struct treeworld_row *world)
{
	struct arena *a = arena_new();
	struct treeworld_run run = treeworld_run(a, world);
	int err;

	run.facts->tree->all = false;
	err = fixture_write(path, run.facts);
	arena_free(a);
	return err;
}

/* The good twin: the same look-up in the healthy world. */
static int write_pair(struct arena *a, const char *folder, const struct row *row)
{
	const char *dir = arena_printf(a, "%s/%s", folder, row->fixture);
	struct treeworld_row good = { .secure = row->world.secure,
		.lookup = row->world.lookup,
		.lookup_type = row->world.lookup_type };
	int err;

	mkdir(dir, 0777);
	err = write_tape(arena_printf(a, "%s/bad.jsonl", dir), &row->world);
	return err ? err : write_tape(arena_printf(a, "%s/good.jsonl", dir), &good);
}

static int write_fixtures(const char *folder)
{
	struct arena *a = arena_new();
	int err = 0;

	for (size_t i = 0; i < ARRAY_LEN(rows) && !err; i++)
		if (rows[i].fixture)
			err = write_pair(a, folder, &rows[i]);
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
