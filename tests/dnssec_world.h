/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * For tests of the module "dnssec": rows of how child.xa. is signed in the healthy world, and which
 * tags must come of that.
 */
#ifndef TESTS_DNSSEC_WORLD_H
#define TESTS_DNSSEC_WORLD_H

#include <string.h>

#include "base/err.h"
#include "check/cases.h"
#include "treeworld.h"

enum { DNSSEC_WORLD_CHANGES = 4 };

struct dnssec_world_row {
	const char *what, *cases;
	const char *expect;		/* all tags, from INFO on where show does not say more */
	const struct signer_plan *plan; /* at all servers; its DS records are at the parent's */
	const struct signer_plan *odd;	/* at ns2.child.xa; NULL: the same */
	bool odd_ds;			/* b.nic.xa has no DS */
	unsigned int show;
	const char *ns;	       /* undelegated */
	unsigned int families; /* TREEWORLD_NO_V4, TREEWORLD_NO_V6 */
	enum effect effect;    /* of all warnings and errors; UNTOLD: it is not looked at */
	struct treeworld_change changes[DNSSEC_WORLD_CHANGES];
};

static struct treeworld_row dnssec_world_build(const struct dnssec_world_row *row)
{
	struct treeworld_row ret = {
		.cases = row->cases,
		.show = TREEWORLD_INFO | row->show,
		.ns = row->ns,
		.plan = row->families,
		.secure = true,
		.child = row->plan,
	};
	size_t n = 0;

	if (row->odd)
		ret.changes[n++] = (struct treeworld_change){
			.at = "ns2.child.xa", .zone = "child.xa.", .sign = row->odd
		};
	if (row->odd_ds)
		ret.changes[n++] = (struct treeworld_change){
			.at = "b.nic.xa", .zone = "xa.", .drop = "child.xa. DS", .late = true
		};
	for (size_t i = 0; i < DNSSEC_WORLD_CHANGES; i++)
		ret.changes[n++] = row->changes[i];
	return ret;
}

/* The finding has all that its line can name. */
static bool dnssec_world_told(struct arena *a, const struct finding *x)
{
	const char *t = x->line;

	if (!t || !*t)
		return false;
	while ((t = strchr(t, '{'))) {
		size_t n = strcspn(++t, "}");

		if (strncmp(t, "subject", n) != 0 && strncmp(t, "servers", n) != 0 &&
			!finding_find(x, arena_printf(a, "%.*s", (int)n, t)))
			return false;
	}
	return true;
}

/* seen: by tag, whether it was emitted in some row. */
static void dnssec_world_test(const struct dnssec_world_row *rows, size_t n, bool *seen)
{
	for (size_t i = 0; i < n; i++) {
		struct arena *a = arena_new();
		struct treeworld_row row = dnssec_world_build(&rows[i]);
		struct treeworld_run run = treeworld_run(a, &row);

		ok(run.ended, "%s: ends", rows[i].what);
		is_str(treeworld_tags(a, &run, &row), rows[i].expect, rows[i].what);
		vec_each (const struct finding, x, run.findings.list) {
			if (rows[i].effect && x->severity >= SEV_WARNING)
				is_int(x->effect, rows[i].effect,
					arena_printf(a, "%s: effect of %s", rows[i].what, x->tag));
			if (!dnssec_world_told(a, x))
				ok(false, "%s: %s", x->tag, x->line);
			for (size_t t = 0; t < TAGS; t++)
				seen[t] |= x->tag && strcmp(x->tag, tag_table[t].name) == 0;
		}
		arena_free(a);
	}
}

/* All tags whose names begin so were seen. */
static void dnssec_world_all(const bool *seen, const char *prefix)
{
	for (size_t t = 0; t < TAGS; t++)
		if (strncmp(tag_table[t].name, prefix, strlen(prefix)) == 0)
			ok(seen[t], "%s is emitted in a row", tag_table[t].name);
}

/* Keys that sign the key sets, and the others. */
#define DNSSEC_WORLD_KSK                                                                           \
	{                                                                                          \
		.pem = SIGNER_P256_1, .algorithm = 13, .flags = 257, .signs = SIGNER_KEYSETS       \
	}
#define DNSSEC_WORLD_ZSK                                                                           \
	{                                                                                          \
		.pem = SIGNER_P256_2, .algorithm = 13, .flags = 256, .signs = SIGNER_DATA          \
	}
/* A third key, of which only the flags are told. */
#define DNSSEC_WORLD_SPARE(bits)                                                                   \
	{                                                                                          \
		.pem = SIGNER_P256_3, .algorithm = 13, .flags = bits, .signs = SIGNER_NOTHING      \
	}
#define DNSSEC_WORLD_HEALTHY                                                                       \
	.keys = { DNSSEC_WORLD_KSK, DNSSEC_WORLD_ZSK }, .ds = { { .key = 1, .digest = 2 } }

#endif
