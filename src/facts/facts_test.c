/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Facts: slugs go both ways, and what counts as a reply. */
#include "facts/facts.h"

#include "base/err.h"
#include "tap.h"

static void test_slugs(void)
{
	for (enum outcome i = 0, got = OUTCOMES; i < OUTCOMES; i++)
		ok(outcome_parse(outcome_slug(i), &got) == 0 && got == i, "outcome %s",
			outcome_slug(i));
	for (enum why i = 0, got = WHYS; i < WHYS; i++) {
		ok(why_parse(why_slug(i), &got) == 0 && got == i, "why %s", why_slug(i));
		ok(*why_text(i), "text of why %s", why_slug(i));
	}
	for (enum role i = 0, got = ROLES; i < ROLES; i++)
		ok(role_parse(role_slug(i), &got) == 0 && got == i, "role %s", role_slug(i));
}

static void test_unknown(void)
{
	enum outcome o = OUTCOME_ICMP;
	enum role r = ROLE_SWEEP;
	enum why w = WHY_BUDGET;

	is_int(outcome_parse("nonsense", &o), -ERR_NONE, "unknown outcome");
	is_int(why_parse("", &w), -ERR_NONE, "unknown why");
	is_int(role_parse("Sweep", &r), -ERR_NONE, "slugs have one case");
	ok(o == OUTCOME_ICMP && w == WHY_BUDGET && r == ROLE_SWEEP, "results untouched");
	is_str(outcome_slug(OUTCOMES), "unknown", "outcome out of range");
	is_str(why_text(WHYS), "unknown", "why out of range");
}

struct row {
	const char *name, *server, *offender;
	struct icmp icmp;
	enum outcome outcome;
	bool replied, silent;
};

static const struct row rows[] = {
	{ .name = "answered", .outcome = OUTCOME_ANSWERED, .replied = true },
	{ .name = "malformed", .outcome = OUTCOME_MALFORMED, .replied = true },
	{ .name = "late", .outcome = OUTCOME_LATE, .replied = true },
	{ .name = "tcp refused", .outcome = OUTCOME_REFUSED, .replied = true },
	{ .name = "tcp reset", .outcome = OUTCOME_RESET, .replied = true },
	{ .name = "timeout", .outcome = OUTCOME_TIMEOUT, .silent = true },
	{ .name = "not sent", .outcome = OUTCOME_NOT_SENT },
	{ .name = "stray", .outcome = OUTCOME_STRAY },
	{ .name = "port unreachable from the server",
		.outcome = OUTCOME_ICMP,
		.icmp = { .type = 3, .code = 3 },
		.offender = "192.0.2.1",
		.replied = true },
	{ .name = "port unreachable from a router",
		.outcome = OUTCOME_ICMP,
		.icmp = { .type = 3, .code = 3 },
		.offender = "192.0.2.254" },
	{ .name = "prohibited by the server",
		.outcome = OUTCOME_ICMP,
		.icmp = { .type = 3, .code = 13 },
		.offender = "192.0.2.1" },
	{ .name = "icmp from nobody", .outcome = OUTCOME_ICMP, .icmp = { .type = 3, .code = 3 } },
	{ .name = "v6 port unreachable from the server",
		.server = "2001:db8::1#53",
		.outcome = OUTCOME_ICMP,
		.icmp = { .type = 1, .code = 4 },
		.offender = "2001:db8::1",
		.replied = true },
	{ .name = "v6 numbers of v4",
		.server = "2001:db8::1#53",
		.outcome = OUTCOME_ICMP,
		.icmp = { .type = 3, .code = 3 },
		.offender = "2001:db8::1" },
};

static void test_replied(void)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct row *r = &rows[i];
		struct observation o = { .outcome = (uint8_t)r->outcome, .icmp = r->icmp };

		o.sent = 1000;
		o.done = 21000;
		addr_parse_port(r->server ? r->server : "192.0.2.1#53", &o.ask.server);
		if (r->offender)
			addr_parse(r->offender, &o.icmp.offender);
		ok(observation_replied(&o) == r->replied, "%s: replied", r->name);
		ok(observation_silent(&o) == r->silent, "%s: silent", r->name);
		ok(!observation_answered(&o), "%s: no message, no answer", r->name);
		ok(observation_rtt(&o) == (r->replied ? 20000U : 0U), "%s: rtt", r->name);
	}
}

static void test_add(void)
{
	struct arena *a = arena_new();
	struct facts *f = facts_new(a);
	struct observation o = { 0 };
	struct msg m = { 0 };
	bool all = true;

	ok(f->n == 0 && !f->command && !f->question.name, "new facts are empty");
	for (uint16_t i = 0; i < 1000; i++) {
		o.id = i;
		facts_add(f, &o);
	}
	for (uint16_t i = 0; i < 1000; i++)
		all = all && f->v[i]->id == i;
	ok(all && f->n == 1000, "a thousand copies in order");
	ok(facts_add(f, &o) == f->v[1000], "add returns the kept copy");
	o = (struct observation){ .outcome = OUTCOME_ANSWERED, .msg = &m };
	ok(observation_answered(&o), "a message is an answer");
	o.done = 5;
	o.sent = 7;
	is_int((int64_t)observation_rtt(&o), 0, "no rtt when time runs backwards");
	arena_free(a);
}

int main(void)
{
	test_slugs();
	test_unknown();
	test_replied();
	test_add();
	return tap_done();
}
