/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counts, times, order and bounds. */
#include "intake/logfails.h"

#include "dns/rr.h"
#include "tap.h"

static struct logfail fail(const char *domain, uint16_t type, uint8_t how)
{
	struct logfail f = { .type = type, .what = LOGFAIL_MX, .how = how };

	name_parse(domain, &f.domain);
	return f;
}

static void add(struct logfails *f, struct logfail one, uint64_t when)
{
	logfails_add(f, &one, when);
}

static const char *name(struct arena *a, const struct logfail_domain *d)
{
	char text[NAME_TEXT];

	return arena_str(a, name_text(d->name, text));
}

static void test_order(struct arena *a, struct rng *rng)
{
	struct logfails *f = logfails_new(a, 10, rng);
	struct logfail_domain **v;

	add(f, fail("b.example", RR_MX, LOGFAIL_TEMPORARY), 50);
	add(f, fail("a.example", RR_MX, LOGFAIL_TEMPORARY), 0);
	add(f, fail("c.example", RR_A, LOGFAIL_PERMANENT), 7);
	add(f, fail("c.example", RR_MX, LOGFAIL_TEMPORARY), 30);
	add(f, fail("c.example", RR_MX, LOGFAIL_TEMPORARY), 20);
	add(f, fail("c.example", RR_MX, LOGFAIL_TEMPORARY), 0);
	v = logfails_sorted(f, a);
	is_int((int64_t)f->domains, 3, "domains");
	is_int((int64_t)f->count, 6, "lines");
	is_str(name(a, v[0]), "c.example.", "the most frequent is first");
	is_str(name(a, v[1]), "a.example.", "equal ones by their names");
	is_int((int64_t)v[0]->count, 4, "its lines");
	is_int(v[0]->n, 2, "its rows");
	is_int((int64_t)v[0]->rows->count, 3, "the most frequent row is first");
	is_int((int64_t)v[0]->rows->first, 20, "first");
	is_int((int64_t)v[0]->rows->last, 30, "last");
	is_int((int64_t)v[1]->rows->first, 0, "no time");
	is_int(v[0]->rows->next->how, LOGFAIL_PERMANENT, "the other row");
	ok(!v[0]->rows->next->next, "no third one");
}

/* Full: what is held stays exact, the rest is a number. */
static void test_bound(struct arena *a, struct rng *rng)
{
	struct logfails *f = logfails_new(a, 1000, rng);
	bool exact = true;

	for (int round = 0; round < 2; round++)
		for (int i = 0; i < 1500; i++)
			add(f, fail(arena_printf(a, "d%d.example", i), RR_MX, LOGFAIL_TEMPORARY),
				9);
	is_int((int64_t)f->domains, 1000, "domains held");
	is_int((int64_t)f->left_out, 1000, "lines left out");
	is_int((int64_t)f->count, 3000, "all lines");
	for (int i = 0; i < 1000; i++)
		exact = exact && logfails_sorted(f, a)[i]->count == 2;
	ok(exact, "numbers of those held are exact");
}

static void test_rows(struct arena *a, struct rng *rng)
{
	struct logfails *f = logfails_new(a, 10, rng);

	for (uint16_t type = 1; type <= 100; type++)
		add(f, fail("a.example", type, LOGFAIL_TEMPORARY), 9);
	is_int(logfails_sorted(f, a)[0]->n, LOGFAIL_ROWS_MOST, "rows of a domain are bounded");
	is_int((int64_t)f->left_out, 100 - LOGFAIL_ROWS_MOST, "the rest is a number");
	is_int((int64_t)logfails_new(a, 0, rng)->domains, 0, "none at all");
}

int main(void)
{
	struct arena *a = arena_new();
	struct rng rng = rng_seed(3);
	struct logfails *none = logfails_new(a, 0, &rng);

	test_order(a, &rng);
	test_bound(a, &rng);
	test_rows(a, &rng);
	add(none, fail("a.example", RR_MX, LOGFAIL_TEMPORARY), 1);
	is_int((int64_t)none->left_out, 1, "no room for any");
	ok(logfails_sorted(none, a) != NULL, "an empty list");
	for (unsigned int i = 0; i < LOGFAIL_WHATS; i++)
		ok(logfail_what_text(i), "what %u has a slug", i);
	for (unsigned int i = 0; i < LOGFAIL_HOWS; i++)
		ok(logfail_how_text(i), "how %u has a slug", i);
	arena_free(a);
	return tap_done();
}
