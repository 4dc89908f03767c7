/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Samples without return: bounds by the hypergeometric law. */
#include "base/stats.h"

#include <assert.h>
#include <float.h>
#include <math.h>

static double log_choose(double n, double k)
{
	return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1);
}

/* P(exactly k of the drawn ones are marked). */
static double chance(const struct stats_sample *s, double marked, double k)
{
	double rest = (double)s->population - marked, drawn = (double)s->drawn;

	if (k < 0 || k > marked || k > drawn || drawn - k > rest)
		return 0;
	return exp(log_choose(marked, k) + log_choose(rest, drawn - k) -
		   log_choose((double)s->population, drawn));
}

/* P(k or fewer), of k below the middle of the law: its terms fall from there on. */
static double left_of(const struct stats_sample *s, double marked, double k)
{
	double rest = (double)s->population - marked, drawn = (double)s->drawn;
	double term = chance(s, marked, k), sum = term;

	for (; k > 0 && term > sum * DBL_EPSILON; k--) {
		term *= k * (rest - drawn + k) / ((marked - k + 1) * (drawn - k + 1));
		sum += term;
	}
	return sum;
}

/* P(k or more), of k above the middle. */
static double right_of(const struct stats_sample *s, double marked, double k)
{
	double rest = (double)s->population - marked, drawn = (double)s->drawn;
	double term = chance(s, marked, k), sum = term;

	for (; k < drawn && term > sum * DBL_EPSILON; k++) {
		term *= (marked - k) * (drawn - k) / ((k + 1) * (rest - drawn + k + 1));
		sum += term;
	}
	return sum;
}

double stats_marked_tail(const struct stats_sample *s, uint64_t marked)
{
	double hits = (double)s->hits, k = (double)marked;
	double middle = (double)s->drawn * k / (double)s->population;

	assert(s->hits <= s->drawn && s->drawn <= s->population && marked <= s->population);
	if (!s->hits)
		return 1;
	if (hits > middle)
		return fmin(right_of(s, k, hits), 1);
	return fmax(1 - left_of(s, k, hits - 1), 0);
}

/* The fewest marked ones that do not speak against so many hits. */
uint64_t stats_marked_lower(const struct stats_sample *s, double conf)
{
	uint64_t lo = s->hits, hi = s->population - s->drawn + s->hits;

	assert(s->hits <= s->drawn && s->drawn <= s->population);
	while (lo < hi) {
		uint64_t mid = lo + (hi - lo) / 2;

		if (stats_marked_tail(s, mid) > 1 - conf)
			hi = mid;
		else
			lo = mid + 1;
	}
	return lo;
}

/* The most: the others are the fewest that have no mark. */
uint64_t stats_marked_upper(const struct stats_sample *s, double conf)
{
	struct stats_sample others = { s->drawn - s->hits, s->drawn, s->population };

	return s->population - stats_marked_lower(&others, conf);
}
