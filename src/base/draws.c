/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Repeats, span and order of numbers drawn from a pool. */
#include "base/draws.h"

#include <math.h>
#include <stdbool.h>

#include "base/stats.h"

enum { EXACT_DESCENTS = 200, EXACT_DRAWS = 64 };

/* The binomial that a sum of trials is taken for. */
struct near {
	double mean, p; /* p: of one trial; mean / p trials */
};

/*
 * With trials as likely as not, and enough of them, the normal law is nearer: the binomial's number
 * of trials is no whole number then, and its steps show.
 */
static const double normal_p = 0.5, normal_var = 4;

/* Below, the binomial is Poisson's law to all digits that count. */
static const double least_p = 1e-6;

/*
 * Mean and variance of the numbers of a pool that n draws leave out. With q the chance that a
 * number is left out, two are left out together with q^2 e; written so that nothing cancels.
 */
static void left_out(double n, double pool, double *ret_mean, double *ret_var)
{
	double q = pool > 1 ? exp(n * log1p(-1 / pool)) : 0;
	double e1 = pool > 2 ? expm1(n * log1p(-1 / ((pool - 1) * (pool - 1)))) : -1;

	*ret_mean = pool * q;
	*ret_var = fmax(pool * q * (1 - q) + pool * (pool - 1) * q * q * e1, 0);
}

static struct near near_of(double mean, double var)
{
	return (struct near){ mean, mean > 0 ? fmin(fmax(1 - var / mean, least_p), 1) : 1 };
}

/* P(count >= k). */
static double near_tail(struct near b, double k)
{
	double trials = b.mean / b.p, var = b.mean * (1 - b.p);

	if (b.p > normal_p && var > normal_var)
		return erfc((k - 0.5 - b.mean) / sqrt(2 * var)) / 2;
	if (k <= 0)
		return 1;
	if (b.mean <= 0 || trials - k + 1 <= 0)
		return 0;
	return b.p < 1 ? stats_beta_cdf(b.p, k, trials - k + 1) : 1;
}

/* P(count < k), without loss of digits when it is small. */
static double near_below(struct near b, double k)
{
	double trials = b.mean / b.p, var = b.mean * (1 - b.p);

	if (b.p > normal_p && var > normal_var)
		return erfc(-(k - 0.5 - b.mean) / sqrt(2 * var)) / 2;
	if (k <= 0)
		return 0;
	if (b.mean <= 0 || trials - k + 1 <= 0)
		return 1;
	return b.p < 1 ? stats_beta_cdf(1 - b.p, trials - k + 1, k) : 0;
}

/* Repeats or numbers left out: the fewer. *ret_base minus distinct is their count. */
static struct near rarer(double n, double pool, double *ret_base)
{
	double mean, var, repeats;

	left_out(n, pool, &mean, &var);
	repeats = fmax(n - pool + mean, 0);
	*ret_base = repeats < mean ? n : pool;
	return near_of(fmin(repeats, mean), var);
}

/* P(at most so many distinct ones) after n draws, draw by draw. */
static double exact_distinct(uint64_t n, uint64_t most, double pool)
{
	double row[EXACT_DRAWS + 1] = { 1 }, sum = 0;

	for (uint64_t i = 0; i < n; i++) {
		for (uint64_t k = i < most ? i + 1 : most; k > 0; k--)
			row[k] = (row[k] * (double)k + row[k - 1] * fmax(pool - (double)k + 1, 0)) /
				 pool;
		row[0] = 0;
	}
	for (uint64_t k = 0; k <= most && k <= n; k++)
		sum += row[k];
	return fmin(sum, 1);
}

/* The same of repeats: few, as a rule. A draw with k of them before has met i - k numbers. */
static double exact_repeats(uint64_t n, uint64_t most, double pool)
{
	double row[EXACT_DRAWS + 1] = { 1 }, sum = 0;

	for (uint64_t i = 0; i < n; i++) {
		for (uint64_t k = i < most ? i : most; k > 0; k--) {
			double met = (double)(i - k);

			row[k] = (row[k] * fmax(pool - met, 0) + row[k - 1] * (met + 1)) / pool;
		}
		row[0] *= fmax(pool - (double)i, 0) / pool;
	}
	for (uint64_t k = 0; k <= most && k <= n; k++)
		sum += row[k];
	return fmin(sum, 1);
}

/* P(less distinct ones): by the shorter of both counts. */
static double exact_below(struct draws s, double pool)
{
	if (s.n - s.distinct < s.distinct - 1)
		return 1 - exact_repeats(s.n, s.n - s.distinct, pool);
	return exact_distinct(s.n, s.distinct - 1, pool);
}

double draws_at_most(struct draws s, double pool)
{
	double base;
	struct near b;

	if ((double)s.distinct >= fmin((double)s.n, pool))
		return 1;
	if (s.n <= EXACT_DRAWS)
		return exact_below((struct draws){ s.n, s.distinct + 1 }, pool);
	b = rarer((double)s.n, pool, &base);
	return near_tail(b, base - (double)s.distinct);
}

double draws_at_least(struct draws s, double pool)
{
	double base;
	struct near b;

	if (s.distinct <= 1)
		return 1;
	if ((double)s.distinct > fmin((double)s.n, pool))
		return 0;
	if (s.n <= EXACT_DRAWS)
		return 1 - exact_below(s, pool);
	b = rarer((double)s.n, pool, &base);
	return near_below(b, base - (double)s.distinct + 1);
}

/* The whole number in lo .. hi where a test that falls from true to false last is true. */
struct search {
	bool (*holds)(const struct search *s, double at);
	struct draws draws;
	const struct draws_lie *lie;
	double alpha;
};

static double last_that_holds(const struct search *s, double lo, double hi)
{
	lo = floor(lo);
	hi = floor(hi);
	if (hi <= lo || s->holds(s, hi))
		return fmax(lo, hi);
	while (hi - lo > 1) {
		double mid = floor((lo + hi) / 2);

		if (s->holds(s, mid))
			lo = mid;
		else
			hi = mid;
	}
	return lo;
}

static bool too_many(const struct search *s, double pool)
{
	return draws_at_least(s->draws, pool) <= s->alpha;
}

static bool not_too_few(const struct search *s, double pool)
{
	return draws_at_most(s->draws, pool) > s->alpha;
}

/* The likelihood still rises from this pool to the next. */
static bool rises(const struct search *s, double pool)
{
	double more = pool + 1;

	return -log1p(-(double)s->draws.distinct / more) > (double)s->draws.n * log1p(1 / pool);
}

double draws_pool_low(struct draws s, double alpha, double most)
{
	struct search f = { .holds = too_many, .draws = s, .alpha = alpha };
	double d = (double)s.distinct;

	return too_many(&f, d) ? fmin(last_that_holds(&f, d, most) + 1, most) : d;
}

double draws_pool_high(struct draws s, double alpha, double most)
{
	struct search f = { .holds = not_too_few, .draws = s, .alpha = alpha };

	return last_that_holds(&f, (double)s.distinct, most);
}

double draws_pool_likely(struct draws s, double most)
{
	struct search f = { .holds = rises, .draws = s };
	double d = (double)s.distinct;

	return rises(&f, d) ? fmin(last_that_holds(&f, d, most) + 1, most) : d;
}

/* ln of the share of subsets of a width that lie within some part of it. */
static double log_within(double distinct, double part, double width)
{
	return lgamma(part + 1) - lgamma(part - distinct + 1) - lgamma(width + 1) +
	       lgamma(width - distinct + 1);
}

static double log_choose(double n, double k)
{
	return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1);
}

/*
 * Numbers left out are stars, numbers drawn and cuts are bars: all orders are alike. At least x
 * stars before the bar that ends the last of the 2 runs spacings at ends, if there are fewer bars
 * among the first that many places: a hypergeometric tail.
 */
double draws_span(const struct draws_lie *lie, double width)
{
	double d = (double)lie->distinct, beyond = width - lie->inside - lie->runs, sum = 0;
	double bars = d + lie->runs - 1, left_out = width - d, ends = 2 * lie->runs;
	double places = beyond + ends - 1, all;

	if (beyond <= 0 || d <= lie->runs)
		return 1;
	all = log_choose(left_out + bars, bars);
	for (double k = fmax(0, places - left_out); k < ends && k <= bars; k++)
		sum += exp(log_choose(places, k) + log_choose(left_out + bars - places, bars - k) -
			   all);
	return fmin(sum, 1);
}

static bool not_too_narrow(const struct search *s, double width)
{
	return draws_span(s->lie, width) > s->alpha;
}

double draws_width_high(const struct draws_lie *lie, double alpha, double most)
{
	struct search s = { .holds = not_too_narrow, .lie = lie, .alpha = alpha };

	return last_that_holds(&s, lie->inside + lie->runs, most);
}

static bool not_too_far(const struct search *s, double beyond)
{
	double others = (double)s->lie->distinct - 1, span = s->lie->inside;

	return others < 1 || exp(log_within(others, span, span + beyond)) > s->alpha;
}

double draws_beyond(uint64_t distinct, double span, double alpha)
{
	struct draws_lie lie = { distinct, 1, span };
	struct search s = { .holds = not_too_far, .lie = &lie, .alpha = alpha };

	return last_that_holds(&s, 0, 65536);
}

double draws_gap(uint64_t distinct, double gap, double width)
{
	if (gap <= 0)
		return 1;
	if (width - gap < (double)distinct)
		return 0;
	return exp(log_within((double)distinct, width - gap, width));
}

/* A(n, k) / n! by its recurrence, all terms positive. */
static double exact_descents(uint64_t descents, uint64_t n)
{
	double row[EXACT_DESCENTS + 1] = { 1 }, sum = 0;

	for (uint64_t m = 2; m <= n; m++) {
		for (uint64_t k = m - 1; k > 0; k--)
			row[k] = ((double)(k + 1) * row[k] + (double)(m - k) * row[k - 1]) /
				 (double)m;
		row[0] /= (double)m;
	}
	for (uint64_t k = 0; k <= descents; k++)
		sum += row[k];
	return fmin(sum, 1);
}

double draws_descents(uint64_t descents, uint64_t n)
{
	double z;

	if (n < 2 || descents >= n - 1)
		return 1;
	if (n <= EXACT_DESCENTS)
		return exact_descents(descents, n);
	z = ((double)descents + 0.5 - (double)(n - 1) / 2) / sqrt((double)(n + 1) / 12);
	return erfc(-z / sqrt(2)) / 2;
}
