/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When what comes in the name of root servers is somebody else's. */
#include "infer/intercept.h"

#include <string.h>

#include "base/err.h"
#include "dns/query.h"
#include "dns/rr.h"
#include "tap.h"

enum { SERVERS = 4 };

/*
 * The header of each root server's reply to ". SOA", 0: none; and of a reply of nobody's address.
 */
static const struct row {
	const char *name;
	uint16_t roots[SERVERS];
	uint16_t nobody;
	bool suspected, found;
} rows[] = {
	{ "as it should be", { FLAG_AA, FLAG_AA, FLAG_AA, FLAG_AA }, .suspected = false },
	{ "a resolver speaks for all", { FLAG_RA, FLAG_RA, FLAG_RA, FLAG_RA }, .suspected = true,
		.found = true },
	{ "one speaks itself", { FLAG_RA, FLAG_AA, FLAG_RA, FLAG_RA }, .suspected = false },
	{ "one that recurses as well", { FLAG_AA | FLAG_RA, FLAG_AA, FLAG_AA, FLAG_AA },
		.suspected = false },
	{ "all recurse, but with authority",
		{ FLAG_AA | FLAG_RA, FLAG_AA | FLAG_RA, FLAG_AA | FLAG_RA, FLAG_AA | FLAG_RA },
		.suspected = false },
	{ "silence", { 0 }, .suspected = false },
	{ "the only one that replies", { FLAG_RA }, .suspected = true },
	{ "... and nobody replies, too", { FLAG_RA }, FLAG_RA, .suspected = true, .found = true },
	{ "all refuse", { RCODE_REFUSED, RCODE_REFUSED, RCODE_REFUSED }, .suspected = true },
	{ "... and nobody replies, too", { RCODE_REFUSED, RCODE_REFUSED }, FLAG_RA,
		.suspected = true, .found = true },
	{ "all refuse and offer recursion",
		{ RCODE_REFUSED | FLAG_RA, RCODE_REFUSED | FLAG_RA, RCODE_REFUSED | FLAG_RA },
		.suspected = true, .found = true },
	{ "one of them does not offer it", { FLAG_RA, FLAG_RA, RCODE_REFUSED }, .suspected = true },
	{ "nobody replies, but the roots are well", { FLAG_AA, FLAG_AA }, FLAG_RA,
		.suspected = false },
};

static void say(struct facts *f, const struct ask *ask, uint16_t flags)
{
	struct buf b = { .arena = f->arena };
	struct shape shape = { 0 };
	struct observation o = { .ask = *ask, .outcome = OUTCOME_TIMEOUT, .sent = 1, .done = 2 };

	query_build(&b, &shape, &ask->question, 1);
	b.p[2] = (uint8_t)((flags | FLAG_QR) >> 8);
	b.p[3] = (uint8_t)flags;
	if (flags) {
		o.outcome = OUTCOME_ANSWERED;
		o.msg = msg_read(f->arena, buf_span(&b));
	}
	facts_add(f, &o);
}

static struct addr addr_of(uint8_t family, uint8_t last)
{
	struct addr a = { .family = family, .port = 53, .ip = { 198, 51, 100 } };

	a.ip[family == ADDR_V6 ? 15 : 3] = last;
	return a;
}

static void judge(struct arena *a, const struct row *row, uint8_t family)
{
	struct facts *f = facts_new(a);
	struct ask ask = { .role = ROLE_WALK, .zone = &name_root };
	struct interception x;
	const struct intercept_side *s, *other;

	ask.question = (struct question){ &name_root, RR_SOA, CLASS_IN };
	for (size_t i = 0; i < SERVERS; i++) {
		ask.server = addr_of(family, (uint8_t)i);
		say(f, &ask, row->roots[i]);
	}
	ask.role = ROLE_NOBODY;
	ask.zone = NULL;
	ask.server = addr_of(family, 253);
	say(f, &ask, row->nobody);
	x = intercept_judge(a, f);
	s = family == ADDR_V6 ? &x.v6 : &x.v4;
	other = family == ADDR_V6 ? &x.v4 : &x.v6;
	ok(s->suspected == row->suspected && s->found == row->found, "%s, IPv%d", row->name,
		family == ADDR_V6 ? 6 : 4);
	ok(!other->suspected && !other->found, "%s: the other family is not meant", row->name);
	ok(intercept_of(&x, &ask.server) == row->found, "%s: by address", row->name);
}

/* A root server that is asked for com: a referral without AA is its duty, an answer is not. */
static void below(struct arena *a)
{
	struct facts *f = facts_new(a);
	struct ask ask = { .role = ROLE_WALK, .zone = &name_root };
	struct interception x;
	struct name com;

	ok(name_parse("com", &com) == 0, "a name");
	for (size_t i = 0; i < SERVERS; i++) {
		ask.server = addr_of(ADDR_V4, (uint8_t)i);
		ask.question = (struct question){ &com, RR_A, CLASS_IN };
		say(f, &ask, FLAG_RD);
	}
	x = intercept_judge(a, f);
	ok(!x.v4.suspected, "without a reply about the root nothing is suspected");
}

int main(void)
{
	struct arena *a = arena_new();

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		judge(a, &rows[i], ADDR_V4);
		judge(a, &rows[i], ADDR_V6);
	}
	below(a);
	arena_free(a);
	return tap_done();
}
