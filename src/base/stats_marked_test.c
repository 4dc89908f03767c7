/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bounds of samples without return, against plain sums; bounds of sizes that are not whole. */
#include <math.h>

#include "prop.h"
#include "tap.h"

#include "base/stats.h"

static double choose(double n, double k)
{
	double c = 1;

	if (k < 0 || k > n)
		return 0;
	for (int i = 0; i < k; i++)
		c = c * (n - i) / (i + 1);
	return c;
}

static double mass(const struct stats_sample *s, uint64_t marked, uint64_t k)
{
	double all = (double)s->population, drawn = (double)s->drawn;

	return choose((double)marked, (double)k) * choose(all - (double)marked, drawn - (double)k) /
	       choose(all, drawn);
}

static struct stats_sample any(struct rng *r)
{
	struct stats_sample s = { .population = 1 + rng_below(r, 40) };

	s.drawn = rng_below(r, (uint32_t)s.population + 1);
	s.hits = rng_below(r, (uint32_t)s.drawn + 1);
	return s;
}

static bool case_tail(struct rng *r)
{
	struct stats_sample s = any(r);
	uint64_t marked = rng_below(r, (uint32_t)s.population + 1);
	double sum = 0;

	for (uint64_t k = s.hits; k <= s.drawn; k++)
		sum += mass(&s, marked, k);
	return fabs(sum - stats_marked_tail(&s, marked)) < 1e-9;
}

/* What an exact bound promises, for every number of marked ones. */
static bool case_coverage(struct rng *r)
{
	struct stats_sample s = any(r);
	uint64_t marked = rng_below(r, (uint32_t)s.population + 1);
	double conf = 0.8 + 0.19 * rng_unit(r), above = 0, below = 0;

	for (s.hits = 0; s.hits <= s.drawn; s.hits++) {
		double p = mass(&s, marked, s.hits);

		if (p > 0 && stats_marked_lower(&s, conf) > marked)
			above += p;
		if (p > 0 && stats_marked_upper(&s, conf) < marked)
			below += p;
	}
	return above <= 1 - conf + 1e-9 && below <= 1 - conf + 1e-9;
}

/* Large ones are as binomial. */
static void test_large(void)
{
	struct stats_sample s = { 37, 1000, 500000000 };
	double n = (double)s.population;

	is_near((double)stats_marked_lower(&s, 0.975) / n, stats_binomial_lower(37, 1000, 0.975),
		1e-5, "lower end of a large population");
	is_near((double)stats_marked_upper(&s, 0.975) / n, stats_binomial_upper(37, 1000, 0.975),
		1e-5, "upper end");
	s = (struct stats_sample){ 0, 100000, 400000 };
	is_int((int64_t)stats_marked_upper(&s, 0.975), 12,
		"a quarter asked: 0.75^13 is below 2.5%");
	s = (struct stats_sample){ 4, 9, 9 };
	is_int((int64_t)stats_marked_upper(&s, 0.975), 4, "all asked: no doubt upwards");
	is_int((int64_t)stats_marked_lower(&s, 0.975), 4, "nor downwards");
	s = (struct stats_sample){ 0, 0, 9 };
	is_int((int64_t)stats_marked_upper(&s, 0.975), 9, "none asked: all may be");
}

static void test_parts(void)
{
	is_near(stats_share_upper(5, 10, 0.975), stats_binomial_upper(5, 10, 0.975), 1e-12,
		"whole sizes are as binomial");
	is_near(stats_share_lower(5, 10, 0.975), stats_binomial_lower(5, 10, 0.975), 1e-12, "low");
	ok(stats_share_upper(2.5, 5.5, 0.975) > stats_share_upper(5, 11, 0.975), "and wider");
	is_near(stats_share_lower(0, 0.5, 0.975), 0, 0, "nothing");
	is_near(stats_share_upper(0.5, 0.5, 0.975), 1, 0, "all");
	/* Published tables of t at 2.5%. */
	is_near(stats_student(0.025, 1), 12.706, 1e-3, "t of 1");
	is_near(stats_student(0.025, 10), 2.2281, 1e-4, "t of 10");
	is_near(stats_student(0.025, 1e6), 1.95997, 1e-4, "t of many");
	is_near(stats_student(0.05, 5), 2.0150, 1e-4, "t at 5%");
}

int main(void)
{
	test_large();
	test_parts();
	prop("tail is the plain sum", case_tail, 3000);
	prop("bounds are wrong as often as they say", case_coverage, 2000);
	return tap_done();
}
