/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of base/stats against closed forms, published tables, plain sums and simulation. */
#include "base/stats.h"

#include <limits.h>
#include <math.h>

#include "prop.h"
#include "tap.h"

#include "base/err.h"

static const struct {
	double x, a, b, want;
} cdf[] = {
	{ 0, 2, 3, 0 },
	{ 1, 2, 3, 1 },
	{ -1, 2, 3, 0 },
	{ 2, 2, 3, 1 },
	{ 0.3, 1, 1, 0.3 },
	{ 0.5, 7, 7, 0.5 },
	{ 0.5, 1000, 1000, 0.5 },
	{ 0.4, 2, 3, 0.5248 },	      /* P(Bin(4, 0.4) >= 2) */
	{ 0.25, 0.5, 0.5, 1. / 3 },   /* 2/pi asin(sqrt(x)), the arcsine law */
	{ 0.2, 1, 10, 0.8926258176 }, /* 1 - 0.8^10 */
	{ 0.9, 10, 1, 0.3486784401 }, /* 0.9^10 */
	{ 1e-9, 1, 1e6, 0.00099950016712 },
};

static const struct {
	double q, a, b, want;
} quantiles[] = {
	{ 0, 2, 3, 0 },
	{ 1, 2, 3, 1 },
	{ 0.95, 1, 5, 0.450719717 }, /* 1 - 0.05^(1/5); from F(2, 10) = 4.1028 of the tables */
	{ 0.95, 0.5, 0.5, 0.993844170 },
	{ 0.025, 5, 6, 0.187086 }, /* Clopper-Pearson for 5 of 10 */
	{ 0.975, 6, 5, 0.812914 },
	{ 0.5, 3, 3, 0.5 },
};

static void test_beta(void)
{
	for (size_t i = 0; i < ARRAY_LEN(cdf); i++)
		is_near(stats_beta_cdf(cdf[i].x, cdf[i].a, cdf[i].b), cdf[i].want, 1e-10, "cdf");
	for (size_t i = 0; i < ARRAY_LEN(quantiles); i++)
		is_near(stats_beta_quantile(quantiles[i].q, quantiles[i].a, quantiles[i].b),
			quantiles[i].want, 1e-6, "quantile");
}

static bool case_beta(struct rng *r)
{
	double a = exp(rng_unit(r) * 12 - 1), b = exp(rng_unit(r) * 12 - 1), x = rng_unit(r);
	double q = 0.001 + 0.998 * rng_unit(r), at = stats_beta_quantile(q, a, b);
	double f = stats_beta_cdf(x, a, b), g = stats_beta_cdf(x + 1e-3, a, b);

	return f >= 0 && f <= 1 && g >= f - 1e-12 &&
	       fabs(f + stats_beta_cdf(1 - x, b, a) - 1) < 1e-9 &&
	       (at < 1e-9 || at > 1 - 1e-9 || fabs(stats_beta_cdf(at, a, b) - q) < 1e-6);
}

/* hits, trials, confidence of one side; R's binom.test and qbeta say the same. */
static const struct {
	unsigned int hits, trials;
	double conf, lower, upper;
} exact[] = {
	{ 0, 10, 0.975, 0, 0.3084971 },
	{ 10, 10, 0.975, 0.6915029, 1 },
	{ 5, 10, 0.975, 0.1870860, 0.8129140 },
	{ 1, 20, 0.975, 0.0012651, 0.2487328 },
	{ 0, 300, 0.95, 0, 0.0099361 },
	{ 0, 0, 0.95, 0, 1 },
}, jeffreys[] = {
	{ 5, 10, 0.975, 0.2235287, 0.7764713 },
	{ 0, 0, 0.95, 0.0061558, 0.9938442 },
	{ 0, 10, 0.975, 0.0000479, 0.2171961 },
};

static void test_bounds(void)
{
	for (size_t i = 0; i < ARRAY_LEN(exact); i++) {
		unsigned int hits = exact[i].hits, trials = exact[i].trials;

		is_near(stats_binomial_lower(hits, trials, exact[i].conf), exact[i].lower, 1e-6,
			"Clopper-Pearson lower");
		is_near(stats_binomial_upper(hits, trials, exact[i].conf), exact[i].upper, 1e-6,
			"Clopper-Pearson upper");
	}
	for (size_t i = 0; i < ARRAY_LEN(jeffreys); i++) {
		unsigned int hits = jeffreys[i].hits, trials = jeffreys[i].trials;

		is_near(stats_rate_lower(hits, trials, jeffreys[i].conf), jeffreys[i].lower, 1e-6,
			"Jeffreys lower");
		is_near(stats_rate_upper(hits, trials, jeffreys[i].conf), jeffreys[i].upper, 1e-6,
			"Jeffreys upper");
	}
	is_near(stats_rate_upper(0, 1000000000, 0.95), 1.92e-9, 1e-10, "a billion trials");
	is_near(stats_rate_lower(500000000, 1000000000, 0.975), 0.5 - 3.1e-5, 1e-7, "half of them");
}

static double choose(unsigned int n, unsigned int k)
{
	double c = 1;

	for (unsigned int i = 0; i < k; i++)
		c = c * (n - i) / (i + 1);
	return c;
}

static bool case_tail(struct rng *r)
{
	unsigned int n = 1 + rng_below(r, 50), k = rng_below(r, n + 1);
	double p = rng_unit(r), sum = 0;

	for (unsigned int i = k; i <= n; i++)
		sum += choose(n, i) * pow(p, i) * pow(1 - p, n - i);
	return fabs(sum - stats_binomial_tail(k, n, p)) < 1e-9;
}

/* What an exact bound promises: it lies on the wrong side in at most 1 - conf of the cases. */
static bool case_coverage(struct rng *r)
{
	unsigned int n = 1 + rng_below(r, 40);
	double p = rng_unit(r), conf = 0.8 + 0.19 * rng_unit(r), low = 0, high = 0;

	for (unsigned int k = 0; k <= n; k++) {
		double mass = choose(n, k) * pow(p, k) * pow(1 - p, n - k);

		low += stats_binomial_upper(k, n, conf) < p ? mass : 0;
		high += stats_binomial_lower(k, n, conf) > p ? mass : 0;
	}
	return low <= 1 - conf + 1e-9 && high <= 1 - conf + 1e-9;
}

static void test_tail(void)
{
	is_near(stats_binomial_tail(0, 10, 0.1), 1, 0, "at least none");
	is_near(stats_binomial_tail(11, 10, 0.9), 0, 0, "more than all");
	is_near(stats_binomial_tail(10, 10, 0.5), 1. / 1024, 1e-15, "all of 10");
	is_near(stats_binomial_tail(20, 20, 0.01) / 1e-40, 1, 1e-9, "a tiny tail keeps its digits");
	is_near(stats_binomial_tail(1, 3, 0), 0, 0, "what never happens");
	is_near(stats_binomial_tail(3, 3, 1), 1, 0, "what always happens");
}

static const struct {
	double loss, alpha;
	unsigned int want;
} silences[] = {
	{ 0.01, 1e-6, 3 },
	{ 0.1, 1e-6, 6 },
	{ 0.3, 1e-6, 12 },
	{ 0.5, 1e-6, 20 },
	{ 0.1, 1e-5, 5 }, /* where logarithms round to a little above */
	{ 0.1, 1e-10, 10 },
	{ 0.1, 0.1, 1 },
	{ 0.1, 0.0999, 2 },
	{ 0.001, 0.5, 1 },
	{ 0.9, 1e-6, 132 },
	{ 0, 1e-6, 1 },
	{ 0.1, 1, 1 },
	{ 1, 1e-6, UINT_MAX },
	{ 1 - 0x1p-53, 1e-6, UINT_MAX },
};

static void test_small(void)
{
	for (size_t i = 0; i < ARRAY_LEN(silences); i++)
		is_int(stats_silences(silences[i].loss, silences[i].alpha), silences[i].want,
			"silences");
	is_near(stats_undiscovered(300, 0.95), 0.00994, 5e-6, "rule of three at 300");
	is_near(stats_undiscovered(0, 0.95), 1, 0, "nothing sampled, nothing known");
	is_near(stats_undiscovered(1, 0.95), 0.95, 1e-12, "one sample");
	is_near(stats_undiscovered(1000000000, 0.95) * 1e9, 2.9957, 1e-4, "a billion samples");
}

/* Enough silences and not one too many. */
static bool case_silences(struct rng *r)
{
	double loss = 0.001 + 0.95 * rng_unit(r), alpha = pow(10, -8 * rng_unit(r) - 0.1);
	unsigned int k = stats_silences(loss, alpha);

	return pow(loss, k) <= alpha * (1 + 1e-6) && (k == 1 || pow(loss, k - 1) > alpha);
}

/* The exact bound for no hits is the same formula. */
static bool case_undiscovered(struct rng *r)
{
	uint64_t m = 1 + rng_below(r, 5000);
	double conf = 0.5 + 0.499 * rng_unit(r);

	return fabs(stats_undiscovered(m, conf) - stats_binomial_upper(0, m, conf)) < 1e-9;
}

struct runs {
	unsigned int blocked, open, trials;
};

static struct runs simulate(struct sprt_setup setup, double silence, struct rng *r)
{
	struct runs out = { 0 };

	for (int i = 0; i < 20000; i++) {
		struct sprt s = sprt_begin(setup);
		enum sprt_verdict v = SPRT_GO_ON;

		while (v == SPRT_GO_ON) {
			v = sprt_add(&s, rng_unit(r) >= silence);
			out.trials++;
		}
		out.blocked += v == SPRT_BLOCKED;
		out.open += v == SPRT_OPEN;
	}
	return out;
}

/* Wald (1945): errors stay below alpha / (1 - beta) and beta / (1 - alpha), plus chance here. */
static void test_sprt_rates(void)
{
	static const struct sprt_setup setups[] = {
		{ 0.1, 0.05, 0.01, 0.01 },
		{ 0.3, 0.2, 0.01, 0.02 },
		{ 0.02, 0.5, 0.005, 0.01 },
		{ 0.2, 0, 0.001, 0.01 },
	};
	struct rng r = rng_seed(11);

	for (size_t i = 0; i < ARRAY_LEN(setups); i++) {
		struct sprt_setup s = setups[i];
		struct runs open = simulate(s, s.loss, &r), shut = simulate(s, 1 - s.leak, &r);
		double wrong = s.alpha / (1 - s.beta), missed = s.beta / (1 - s.alpha);

		ok(open.blocked < 20000 * wrong + 4 * sqrt(20000 * wrong),
			"setup %zu: %u of 20000 open ports said blocked", i, open.blocked);
		ok(shut.open < 20000 * missed + 4 * sqrt(20000 * missed),
			"setup %zu: %u of 20000 blocked ports said open", i, shut.open);
		ok(open.trials < 20000 * 30 && shut.trials < 20000 * 30,
			"setup %zu: %.1f and %.1f trials a port", i, open.trials / 20000.,
			shut.trials / 20000.);
	}
}

static void test_sprt_silent(void)
{
	struct sprt s = sprt_begin((struct sprt_setup){ .loss = 0.1, .alpha = 1e-6 });
	unsigned int n = 1;

	while (sprt_add(&s, 0) == SPRT_GO_ON)
		n++;
	is_int(n, stats_silences(0.1, 1e-6), "without leak as many silences as stats_silences()");
	s = sprt_begin((struct sprt_setup){ .loss = 0.1, .alpha = 1e-6 });
	sprt_add(&s, 0);
	is_int(sprt_add(&s, 1), SPRT_OPEN, "one reply ends it");
	s = sprt_begin((struct sprt_setup){ .loss = 0.1, .alpha = 1e-6, .beta = 0.01 });
	is_int(sprt_add(&s, 1), SPRT_OPEN, "one reply ends it, with a beta, too");
}

static const struct {
	unsigned int a, b, c, d;
	double want;
} fisher[] = {
	{ 3, 1, 1, 3, 0.4857143 },   /* Fisher's own: the lady tasting tea */
	{ 2, 10, 15, 3, 0.0005367 }, /* R's example: convictions of twins */
	{ 1, 9, 11, 3, 0.0027595 },
	{ 8, 2, 1, 5, 0.0349650 },
	{ 5, 5, 5, 5, 1 },
	{ 0, 0, 0, 0, 1 },
	{ 0, 0, 3, 4, 1 },
	{ 0, 10, 10, 0, 1.0825e-5 },
	{ 0, 100, 0, 100, 1 },
};

static void test_fisher(void)
{
	for (size_t i = 0; i < ARRAY_LEN(fisher); i++)
		is_near(stats_fisher(fisher[i].a, fisher[i].b, fisher[i].c, fisher[i].d),
			fisher[i].want, 1e-7, "Fisher");
}

static bool case_fisher(struct rng *r)
{
	unsigned int a = rng_below(r, 30), b = rng_below(r, 30), c = rng_below(r, 30);
	unsigned int d = rng_below(r, 30);
	double p = stats_fisher(a, b, c, d);

	return p >= 0 && p <= 1 && fabs(p - stats_fisher(c, d, a, b)) < 1e-9 &&
	       fabs(p - stats_fisher(b, a, d, c)) < 1e-9 &&
	       fabs(p - stats_fisher(a, c, b, d)) < 1e-9;
}

static void test_wilson(void)
{
	is_near(stats_wilson_low(10, 100, 0.95), 0.05522914, 1e-7, "Wilson, 10 of 100, low");
	is_near(stats_wilson_high(10, 100, 0.95), 0.17436566, 1e-7, "Wilson, 10 of 100, high");
	is_near(stats_wilson_low(0, 10, 0.95), 0, 0, "Wilson, 0 of 10, low");
	is_near(stats_wilson_high(0, 10, 0.95), 0.27753279, 1e-7, "Wilson, 0 of 10, high");
	is_near(stats_wilson_low(10, 10, 0.95), 1 - 0.27753279, 1e-7, "Wilson, 10 of 10, low");
	is_near(stats_wilson_high(10, 10, 0.95), 1, 0, "Wilson, 10 of 10, high");
	is_near(stats_wilson_high(0, 0, 0.95) - stats_wilson_low(0, 0, 0.95), 1, 0, "of none");
}

static void test_kolmogorov(void)
{
	/* The tables' 5% points: 1.3581 / sqrt(n) for large n; 0.409 for n = 10, 0.294 for 20. */
	is_near(stats_kolmogorov(0.013581, 10000), 0.05, 5e-4, "5% point of 10000");
	is_near(stats_kolmogorov(0.409, 10), 0.05, 2e-3, "5% point of 10");
	is_near(stats_kolmogorov(0.294, 20), 0.05, 2e-3, "5% point of 20");
	is_near(stats_kolmogorov(0, 10), 1, 0, "no distance");
	ok(stats_kolmogorov(0.5, 1000) < 1e-100, "a large distance");
}

/* A table with random margins and random hits that they allow. */
static struct stats_stratum random_table(struct rng *r)
{
	struct stats_stratum t = { .all = 1 + rng_below(r, 20) };
	uint64_t must, most;

	t.marked = rng_below(r, (uint32_t)t.all + 1);
	t.part = rng_below(r, (uint32_t)t.all + 1);
	must = t.marked + t.part > t.all ? t.marked + t.part - t.all : 0;
	most = t.marked < t.part ? t.marked : t.part;
	t.hits = must + rng_below(r, (uint32_t)(most - must) + 1);
	return t;
}

/* P(so many hits) of a table's margins. */
static double hypergeometric(const struct stats_stratum *t, unsigned int hits)
{
	unsigned int all = (unsigned int)t->all, marked = (unsigned int)t->marked;
	unsigned int part = (unsigned int)t->part;

	if (hits > marked || hits > part || part - hits > all - marked)
		return 0;
	return choose(marked, hits) * choose(all - marked, part - hits) / choose(all, part);
}

/* The bound is one: above the exact tail of two tables. */
static bool case_strata(struct rng *r)
{
	struct stats_stratum x = random_table(r), y = random_table(r);
	struct stats_strata strata = { 0 };
	double sum = 0;

	for (unsigned int i = 0; i <= 20; i++)
		for (unsigned int k = 0; k <= 20; k++)
			if (i + k >= x.hits + y.hits)
				sum += hypergeometric(&x, i) * hypergeometric(&y, k);
	stats_strata_add(&strata, &x);
	stats_strata_add(&strata, &y);
	return stats_strata_tail(&strata) >= sum * (1 - 1e-9);
}

static void test_strata(void)
{
	struct stats_strata s = { 0 };

	stats_strata_add(&s, &(struct stats_stratum){ 50, 50, 10, 10 });
	stats_strata_add(&s, &(struct stats_stratum){ 50, 10, 50, 10 });
	stats_strata_add(&s, &(struct stats_stratum){ 50, 10, 0, 0 });
	is_near(stats_strata_tail(&s), 1, 0, "strata of one kind say nothing");
	stats_strata_add(&s, &(struct stats_stratum){ 20, 5, 5, 5 });
	is_near(stats_strata_tail(&s), pow(0.25, 5), 1e-9, "all five marks in a part of five");
}

int main(void)
{
	test_beta();
	prop("Beta: monotone, mirrored, quantile inverts", case_beta, 2000);
	test_bounds();
	test_tail();
	prop("binomial tail = the sum", case_tail, 1000);
	prop("exact bounds cover", case_coverage, 200);
	test_small();
	prop("silences: enough, none too many", case_silences, 2000);
	prop("undiscovered = exact bound of no hits", case_undiscovered, 200);
	test_sprt_rates();
	test_sprt_silent();
	test_fisher();
	prop("Fisher: symmetries", case_fisher, 500);
	test_wilson();
	test_kolmogorov();
	test_strata();
	prop("strata: never below the exact tail", case_strata, 5000);
	return tap_done();
}
