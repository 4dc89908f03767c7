/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The few distributions that honest verdicts need. */
#include "base/stats.h"

#include <assert.h>
#include <float.h>
#include <limits.h>
#include <math.h>

/* What rounding may take from a sum of logarithms that should meet its bound exactly. */
static const double slack = 1e-9;

/* The smallest size that Lentz's denominators may have. */
static const double tiny = 1e-300;

/* About sqrt(max(a, b)) steps converge, so that this is enough for a billion trials. */
enum { MOST_STEPS = 100000, BISECTIONS = 60 };

/* A step of a quantile so much smaller than it is the last. */
static const double close_by = 1e-13;

static double away_from_zero(double v)
{
	return fabs(v) < tiny ? tiny : v;
}

/*
 * The continued fraction of I_x(a, b) (Abramowitz and Stegun 26.5.8) by Lentz's method as
 * modified by Thompson and Barnett (1986). Converges fast for x < (a + 1) / (a + b + 2).
 */
static double beta_fraction(double x, double a, double b)
{
	double c = 1, d = 1 / away_from_zero(1 - (a + b) * x / (a + 1)), f = d;

	for (int i = 1; i < MOST_STEPS; i++) {
		double m = i, even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
		double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
		double step;

		d = 1 / away_from_zero(1 + even * d);
		c = away_from_zero(1 + even / c);
		f *= c * d;
		d = 1 / away_from_zero(1 + odd * d);
		c = away_from_zero(1 + odd / c);
		step = c * d;
		f *= step;
		if (fabs(step - 1) < 4 * DBL_EPSILON)
			break;
	}
	return f;
}

/* Beta(a, b), and the logarithm of the factor that its density and its distribution have. */
struct beta {
	double a, b, log_factor;
};

static struct beta beta_of(double a, double b)
{
	return (struct beta){ a, b, lgamma(a + b) - lgamma(a) - lgamma(b) };
}

/* The share of it below x, 0 < x < 1; ret_density: its density there. */
static double beta_below(const struct beta *d, double x, double *ret_density)
{
	double a = d->a, b = d->b;
	double front = exp(d->log_factor + a * log(x) + b * log1p(-x));

	*ret_density = front / (x * (1 - x));
	if (x < (a + 1) / (a + b + 2))
		return front * beta_fraction(x, a, b) / a;
	return 1 - front * beta_fraction(1 - x, b, a) / b;
}

double stats_beta_cdf(double x, double a, double b)
{
	struct beta d;
	double density;

	assert(a > 0 && b > 0);
	if (x <= 0)
		return 0;
	if (x >= 1)
		return 1;
	d = beta_of(a, b);
	return beta_below(&d, x, &density);
}

/*
 * Newton's steps, each twice as many digits; a half of what is left instead where a step leads out
 * of it or is not half of the one before last, so that bisection is the worst case.
 */
double stats_beta_quantile(double q, double a, double b)
{
	double lo = 0, hi = 1, x = a / (a + b), last = 1, before = 1;
	struct beta d;

	assert(a > 0 && b > 0);
	if (q <= 0)
		return 0;
	if (q >= 1)
		return 1;
	d = beta_of(a, b);
	for (int i = 0; i < 2 * BISECTIONS && hi - lo > DBL_EPSILON * hi; i++) {
		double density, off = beta_below(&d, x, &density) - q, next = x - off / density;

		*(off < 0 ? &lo : &hi) = x;
		if (!(next > lo && next < hi) || fabs(next - x) > before / 2)
			next = (lo + hi) / 2;
		before = last;
		last = fabs(next - x);
		x = next;
		if (last <= close_by * x)
			break;
	}
	return x;
}

/* Beta's parameters after the trials, on top of what the prior holds. */
static double bound(double q, double hits, double misses)
{
	return stats_beta_quantile(q, hits, misses);
}

double stats_rate_upper(uint64_t hits, uint64_t trials, double conf)
{
	assert(hits <= trials);
	return bound(conf, (double)hits + 0.5, (double)(trials - hits) + 0.5);
}

double stats_rate_lower(uint64_t hits, uint64_t trials, double conf)
{
	assert(hits <= trials);
	return bound(1 - conf, (double)hits + 0.5, (double)(trials - hits) + 0.5);
}

double stats_binomial_upper(uint64_t hits, uint64_t trials, double conf)
{
	assert(hits <= trials);
	if (hits == trials)
		return 1;
	return bound(conf, (double)hits + 1, (double)(trials - hits));
}

double stats_binomial_lower(uint64_t hits, uint64_t trials, double conf)
{
	assert(hits <= trials);
	if (hits == 0)
		return 0;
	return bound(1 - conf, (double)hits, (double)(trials - hits) + 1);
}

double stats_share_upper(double hits, double trials, double conf)
{
	assert(hits >= 0 && hits <= trials && trials > 0);
	return hits < trials ? bound(conf, hits + 1, trials - hits) : 1;
}

double stats_share_lower(double hits, double trials, double conf)
{
	assert(hits >= 0 && hits <= trials && trials > 0);
	return hits > 0 ? bound(1 - conf, hits, trials - hits + 1) : 0;
}

double stats_student(double q, double df)
{
	double x;

	assert(q > 0 && q < 0.5 && df > 0);
	/* P(|T| > t) is I(df / 2, 1 / 2) at df / (df + t^2). */
	x = stats_beta_quantile(2 * q, df / 2, 0.5);
	return sqrt(df * (1 - x) / x);
}

double stats_binomial_tail(uint64_t hits, uint64_t trials, double p)
{
	if (hits == 0)
		return 1;
	if (hits > trials)
		return 0;
	return stats_beta_cdf(p, (double)hits, (double)(trials - hits) + 1);
}

double stats_undiscovered(uint64_t m, double conf)
{
	return m ? -expm1(log1p(-conf) / (double)m) : 1;
}

unsigned int stats_silences(double loss, double alpha)
{
	double k;

	if (loss <= 0 || alpha >= 1)
		return 1;
	if (loss >= 1 || alpha <= 0)
		return UINT_MAX;
	k = ceil(log(alpha) / log(loss) - slack);
	if (k < 1)
		return 1;
	return k < UINT_MAX ? (unsigned int)k : UINT_MAX;
}

struct sprt sprt_begin(struct sprt_setup setup)
{
	return (struct sprt){
		.accept = log((1 - setup.beta) / setup.alpha),
		.reject = log(setup.beta / (1 - setup.alpha)),
		.silence = log((1 - setup.leak) / setup.loss),
		.reply = log(setup.leak / (1 - setup.loss)),
	};
}

enum sprt_verdict sprt_add(struct sprt *s, int replied)
{
	s->log_ratio += replied ? s->reply : s->silence;
	if (s->log_ratio >= s->accept - slack)
		return SPRT_BLOCKED;
	if (s->log_ratio <= s->reject + slack)
		return SPRT_OPEN;
	return SPRT_GO_ON;
}

/* The z that a normal value stays within with probability conf of both sides. */
static double normal_bound(double conf)
{
	double lo = 0, hi = 40;

	for (int i = 0; i < BISECTIONS; i++) {
		double mid = (lo + hi) / 2;

		if (erf(mid / sqrt(2)) < conf)
			lo = mid;
		else
			hi = mid;
	}
	return (lo + hi) / 2;
}

/* Wilson's (1927) score interval: its centre, and half its width towards the side (-1 or 1). */
static double wilson(double hits, double trials, double side_of_z)
{
	double z2 = side_of_z * side_of_z, p = hits / trials;
	double half = side_of_z * sqrt(p * (1 - p) / trials + z2 / (4 * trials * trials));

	return (p + z2 / (2 * trials) + half) / (1 + z2 / trials);
}

double stats_wilson_low(uint64_t hits, uint64_t trials, double conf)
{
	assert(hits <= trials);
	return hits ? wilson((double)hits, (double)trials, -normal_bound(conf)) : 0;
}

double stats_wilson_high(uint64_t hits, uint64_t trials, double conf)
{
	assert(hits <= trials);
	return hits < trials ? wilson((double)hits, (double)trials, normal_bound(conf)) : 1;
}

double stats_kolmogorov(double distance, double n)
{
	double root = sqrt(n), x = (root + 0.12 + 0.11 / root) * distance, sum = 0, sign = 2;

	/* Below, the series converges slowly and is 1 to nine digits. */
	if (x < 0.25)
		return 1;
	for (int k = 1; k <= 20; k++) {
		sum += sign * exp(-2 * k * k * x * x);
		sign = -sign;
	}
	return fmin(fmax(sum, 0), 1);
}

void stats_strata_add(struct stats_strata *s, const struct stats_stratum *one)
{
	double all = (double)one->all, marked = (double)one->marked, part = (double)one->part;
	double must = fmax(0, marked + part - all), most = fmin(marked, part);

	assert(one->hits <= one->part && one->part <= one->all && one->hits <= one->marked);
	if (most <= must)
		return;
	s->mean += marked * part / all - must;
	s->hits += (double)one->hits - must;
	s->most += most - must;
}

double stats_strata_tail(const struct stats_strata *s)
{
	if (s->hits < s->mean + 1)
		return 1;
	return stats_beta_cdf(s->mean / s->most, s->hits, s->most - s->hits + 1);
}

static double log_choose(double n, double k)
{
	return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1);
}

double stats_fisher(unsigned int a, unsigned int b, unsigned int c, unsigned int d)
{
	double row = (double)a + b, other = (double)c + d, column = (double)a + c;
	double all = log_choose(row + other, column), sum = 0;
	double least = column > other ? column - other : 0;
	/* Equal tables must not drop out by a rounding; seven digits are what R takes, too. */
	double most = log_choose(row, a) + log_choose(other, c) - all + 1e-7;
	uint64_t tables = (uint64_t)(fmin(row, column) - least) + 1;

	for (uint64_t i = 0; i < tables; i++) {
		double k = least + (double)i;
		double p = log_choose(row, k) + log_choose(other, column - k) - all;

		if (p <= most)
			sum += exp(p);
	}
	return fmin(sum, 1);
}
