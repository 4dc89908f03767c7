/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sampling a resolver: each question once, in its time, never more than there are questions. */
#include "probe/sample.h"

#include <string.h>

#include "tap.h"

enum { SPACING = 100000, TIMEOUT = 1000000, ASKS_MOST = 512 };

struct seen {
	struct ask asks[ASKS_MOST];
	uint64_t at[ASKS_MOST];
	size_t n;
};

/* Runs it to its end; every ask is answered when all have been sent. */
static void run(struct sample *s, struct seen *ret)
{
	struct probe *p = sample_probe(s);
	uint64_t now = 1, wake;
	size_t answered = 0;

	ret->n = 0;
	for (;;) {
		struct observation o = { .outcome = OUTCOME_TIMEOUT };
		enum want w = probe_want(p, now, &o.ask, &wake);

		if (w == WANT_DONE || ret->n == ASKS_MOST)
			return;
		if (w == WANT_ASK) {
			ret->at[ret->n] = now;
			ret->asks[ret->n++] = o.ask;
		} else if (wake == PROBE_NO_WAKE && answered == ret->n) {
			return;
		} else if (wake == PROBE_NO_WAKE) {
			o.ask = ret->asks[answered++];
			probe_reply(p, &o, now);
		} else {
			now = wake;
		}
	}
}

static size_t repeats(const struct seen *v)
{
	size_t n = 0;

	for (size_t i = 0; i < v->n; i++)
		for (size_t j = 0; j < i; j++)
			n += v->asks[i].question.type == v->asks[j].question.type &&
			     name_equal(v->asks[i].question.name, v->asks[j].question.name);
	return n;
}

static void test_sample(size_t names, size_t lookups, size_t expected)
{
	struct arena *a = arena_new();
	struct addr resolver = { .family = ADDR_V4, .port = 53 };
	size_t n;
	struct sample_plan plan = { .resolvers = &resolver,
		.nresolvers = 1,
		.names = sample_tlds(a, &n),
		.nnames = names,
		.lookups = lookups,
		.spacing = SPACING,
		.timeout = TIMEOUT };
	struct seen *v = arena_alloc(a, sizeof(*v));

	ok(names <= n, "there are %zu names", names);
	run(sample_new(a, &plan), v);
	is_int(v->n, expected, "as many lookups as are wanted and possible");
	is_int(repeats(v), 0, "none twice");
	for (size_t i = 1; i < v->n; i++)
		if (v->at[i] - v->at[i - 1] < SPACING)
			n = 0;
	ok(n > 0, "and not too fast");
	ok(!v->n || (v->asks[0].role == ROLE_SAMPLE && v->asks[0].timeout == TIMEOUT),
		"marked as samples");
	arena_free(a);
}

static void test_none(void)
{
	struct arena *a = arena_new();
	size_t n;
	struct sample_plan plan = { .names = sample_tlds(a, &n), .nnames = n, .lookups = 64 };
	struct seen *v = arena_alloc(a, sizeof(*v));

	run(sample_new(a, &plan), v);
	is_int(v->n, 0, "without a resolver nothing is asked");
	arena_free(a);
}

int main(void)
{
	test_sample(16, 64, 64);
	test_sample(1, 64, SAMPLE_TYPES);
	test_sample(3, 10, 10);
	test_sample(0, 10, 0);
	test_none();
	return tap_done();
}
