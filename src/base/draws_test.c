/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of base/draws against exact counts, closed forms and what exact bounds promise. */
#include "base/draws.h"

#include <math.h>

#include "prop.h"
#include "tap.h"

enum { MOST = 400 };

/* row[d] = P(n draws from a pool show d distinct), step by step. */
static void occupancy(double *row, unsigned int n, unsigned int pool)
{
	for (unsigned int d = 0; d <= n; d++)
		row[d] = d == 0;
	for (unsigned int i = 0; i < n; i++) {
		for (unsigned int d = i + 1; d > 0; d--)
			row[d] = row[d] * d / pool +
				 (d > pool ? 0 : row[d - 1] * (pool - d + 1) / pool);
		row[0] = 0;
	}
}

/* The largest difference of either tail from the exact law. */
static double worst(unsigned int n, unsigned int pool)
{
	double row[MOST + 1], below = 0, most = 0;

	occupancy(row, n, pool);
	for (unsigned int d = 1; d <= n && d <= pool; d++) {
		struct draws s = { n, d };

		most = fmax(most, fabs(draws_at_least(s, pool) - (1 - below)));
		below += row[d];
		most = fmax(most, fabs(draws_at_most(s, pool) - below));
	}
	return most;
}

static void test_occupancy(void)
{
	static const unsigned int pools[] = { 1, 2, 3, 5, 8, 13, 21, 34, 64, 101, 150, 250, 400 };
	static const unsigned int draws[] = { 1, 2, 3, 5, 8, 16, 32, 64, 65, 80, 128, 200, 256,
		400 };
	double most = 0;
	unsigned int at_n = 0, at_pool = 0;

	for (size_t i = 0; i < sizeof(draws) / sizeof(*draws); i++)
		for (size_t k = 0; k < sizeof(pools) / sizeof(*pools); k++) {
			double w = worst(draws[i], pools[k]);

			if (w > most) {
				most = w;
				at_n = draws[i];
				at_pool = pools[k];
			}
		}
	ok(most < 0.006, "both tails are near the exact law: %.5f off at worst (%u draws of %u)",
		most, at_n, at_pool);
	is_near(draws_at_most((struct draws){ 23, 22 }, 365), 0.507297, 1e-6, "birthdays of 23");
	is_near(draws_at_least((struct draws){ 2, 2 }, 65536), 1 - 1 / 65536., 1e-9, "two draws");
	is_near(draws_at_most((struct draws){ 2, 1 }, 65536) * 65536, 1, 1e-3, "the same twice");
	is_near(draws_at_least((struct draws){ 10, 4 }, 3), 0, 0, "more than there are");
	is_near(draws_at_least((struct draws){ 1000000, 50000 }, 60000), 1, 1e-6,
		"a million draws");
	is_near(draws_at_most((struct draws){ 1000000, 50000 }, 60000), 0, 1e-6,
		"a million draws, the other tail");
}

static void test_pool(void)
{
	struct draws one = { 10, 1 }, none = { 64, 64 };

	is_int((int64_t)draws_pool_high(one, 0.025, 65536), 1, "ten times the same is one");
	is_int((int64_t)draws_pool_low(one, 0.025, 65536), 1, "and not less");
	is_int((int64_t)draws_pool_high((struct draws){ 3, 1 }, 0.025, 65536), 6,
		"three times the same: 1/36 is above 0.025");
	is_int((int64_t)draws_pool_likely(none, 65536), 65536, "no repeat leads anywhere");
	is_int((int64_t)draws_pool_likely((struct draws){ 2, 1 }, 65536), 1, "one twice");
	ok(draws_pool_low(none, 0.025, 65536) > 500 && draws_pool_low(none, 0.025, 65536) < 600,
		"64 without a repeat are of more than 500");
}

/* The bounds miss in about alpha of the cases at most: by the exact law. */
static bool case_bounds(struct rng *r)
{
	unsigned int pool = 1 + rng_below(r, 300), n = 1 + rng_below(r, 200);
	double row[MOST + 1], low = 0, high = 0;

	occupancy(row, n, pool);
	for (unsigned int d = 1; d <= n && d <= pool; d++) {
		struct draws s = { n, d };

		low += draws_pool_low(s, 0.025, 65536) > pool ? row[d] : 0;
		high += draws_pool_high(s, 0.025, 65536) < pool ? row[d] : 0;
	}
	return low < 0.03 && high < 0.03;
}

static bool case_likely(struct rng *r)
{
	struct draws s = { .n = 2 + rng_below(r, 300) };
	double k, at, up, down;

	s.distinct = 1 + rng_below(r, (uint32_t)s.n - 1);
	k = draws_pool_likely(s, 65536);
#define LIKELY(k) (lgamma((k) + 1) - lgamma((k) - (double)s.distinct + 1) - (double)s.n * log(k))
	at = LIKELY(k);
	up = LIKELY(k + 1);
	down = k > (double)s.distinct ? LIKELY(k - 1) : -INFINITY;
#undef LIKELY
	return k >= (double)s.distinct && (k == 65536 || at > up - 1e-9) && at > down - 1e-9;
}

/* All subsets of a small width, counted. */
static void test_span(void)
{
	enum { WIDTH = 12, SIZE = 4 };
	unsigned int narrow[WIDTH] = { 0 }, gaps[WIDTH + 1] = { 0 }, all = 0, good = 0;

	for (unsigned int set = 0; set < 1U << WIDTH; set++) {
		unsigned int lo = 0, hi = WIDTH - 1;

		if (__builtin_popcount(set) != SIZE)
			continue;
		while (!(set >> lo & 1))
			lo++;
		while (!(set >> hi & 1))
			hi--;
		all++;
		for (unsigned int span = hi - lo; span < WIDTH; span++)
			narrow[span]++;
		for (unsigned int gap = 0; gap <= lo; gap++)
			gaps[gap]++;
	}
	for (unsigned int i = 0; i < WIDTH; i++)
		good += fabs(draws_span(&(struct draws_lie){ SIZE, 1, i }, WIDTH) -
				(double)narrow[i] / all) < 1e-9 &&
			fabs(draws_gap(SIZE, i, WIDTH) - (double)gaps[i] / all) < 1e-9;
	is_int(good, WIDTH, "spans and gaps of subsets, counted");
	is_int((int64_t)draws_width_high(&(struct draws_lie){ 101, 1, 100 }, 0.025, 65536), 101,
		"all of 101, nothing else");
	is_int((int64_t)draws_beyond(101, 100, 0.025), 0, "nor beyond");
	is_int((int64_t)draws_width_high(&(struct draws_lie){ 1, 1, 0 }, 0.025, 65536), 65536,
		"one number has no span");
}

/* P(beyond reaches the end) and P(width high enough), over random subsets. */
static void test_covers(void)
{
	enum { RUNS = 4000, WIDTH = 1000, SIZE = 20 };
	struct rng r = rng_seed(7);
	unsigned int wide = 0, far = 0;

	for (unsigned int i = 0; i < RUNS; i++) {
		uint16_t v[WIDTH];
		uint16_t lo = WIDTH, hi = 0;
		struct draws_lie lie = { SIZE, 1, 0 };

		for (unsigned int k = 0; k < WIDTH; k++)
			v[k] = (uint16_t)k;
		for (unsigned int k = 0; k < SIZE; k++) {
			uint32_t at = k + rng_below(&r, WIDTH - k);
			uint16_t x = v[at];

			v[at] = v[k];
			lo = x < lo ? x : lo;
			hi = x > hi ? x : hi;
		}
		lie.inside = hi - lo;
		wide += draws_width_high(&lie, 0.05, 65536) >= WIDTH;
		far += draws_beyond(SIZE, hi - lo, 0.05) >= lo;
	}
	ok(wide > RUNS * 0.94 && wide < RUNS * 0.96, "the width's bound holds in %u of 4000", wide);
	ok(far > RUNS * 0.94 && far < RUNS * 0.965, "the end's bound holds in %u of 4000", far);
}

static void test_order(void)
{
	is_near(draws_descents(0, 5), 1 / 120., 1e-12, "five in order");
	is_near(draws_descents(1, 4), 12 / 24., 1e-12, "A(4, 0) + A(4, 1)");
	is_near(draws_descents(4, 5), 1, 0, "any order");
	is_near(draws_descents(31, 64), 0.5, 1e-12, "half of 64");
	is_near(draws_descents(0, 1), 1, 0, "one has no order");
	ok(draws_descents(80, 201) > draws_descents(80, 200) / 1.5 &&
			draws_descents(80, 201) < draws_descents(80, 200) * 1.5,
		"exact and normal law meet: %g %g", draws_descents(80, 200),
		draws_descents(80, 201));
}

int main(void)
{
	test_occupancy();
	test_pool();
	prop("bounds from repeats cover", case_bounds, 300);
	prop("the likeliest pool is", case_likely, 500);
	test_span();
	test_covers();
	test_order();
	return tap_done();
}
