/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The few distributions that honest verdicts need. All numbers are probabilities unless said. */
#ifndef BASE_STATS_H
#define BASE_STATS_H

#include <stddef.h>
#include <stdint.h>

/* Regularised incomplete beta function I_x(a, b): the distribution function of Beta(a, b). */
double stats_beta_cdf(double x, double a, double b);

/* The x at which stats_beta_cdf(x, a, b) is q, by bisection to 1e-12. */
double stats_beta_quantile(double q, double a, double b);

/*
 * Credible upper and lower bound at confidence conf of a probability after hits of trials, with
 * Jeffreys' prior Beta(1/2, 1/2). Upper of 0 trials is near 1.
 */
double stats_rate_upper(uint64_t hits, uint64_t trials, double conf);
double stats_rate_lower(uint64_t hits, uint64_t trials, double conf);

/* Clopper-Pearson (1934) one-sided bounds: exact, used for coverage claims. */
double stats_binomial_upper(uint64_t hits, uint64_t trials, double conf);
double stats_binomial_lower(uint64_t hits, uint64_t trials, double conf);

/* P(X >= hits) for X ~ Binomial(trials, p). */
double stats_binomial_tail(uint64_t hits, uint64_t trials, double p);

/*
 * The largest share that m clean random samples may have missed, at confidence conf:
 * 1 - (1 - conf)^(1/m), about ln(1/(1-conf))/m ("rule of three"). 1 for m = 0.
 */
double stats_undiscovered(uint64_t m, double conf);

/*
 * How many silences in a row make a port blocked: the smallest k with loss^k <= alpha. Wald's
 * sequential test (1945) where a blocked port never answers, so that one reply ends the test.
 * loss in (0, 1), alpha in (0, 1); at least 1.
 */
unsigned int stats_silences(double loss, double alpha);

/* Wald's sequential test with both error rates, for filters that let some packets through. */
struct sprt {
	double log_ratio;      /* ln P(seen | blocked) / P(seen | open) so far */
	double accept, reject; /* blocked at or above accept, open at or below reject */
	double silence, reply; /* what one silence and one reply add */
};

struct sprt_setup {
	double loss;  /* P(silence | open) */
	double leak;  /* P(reply | blocked); 0 for a filter that drops everything */
	double alpha; /* P(said blocked | open) */
	double beta;  /* P(said open | blocked) */
};

enum sprt_verdict { SPRT_GO_ON, SPRT_OPEN, SPRT_BLOCKED };

struct sprt sprt_begin(struct sprt_setup setup);
/* Adds one trial. With leak 0 one reply is SPRT_OPEN at once. */
enum sprt_verdict sprt_add(struct sprt *s, int replied);

/* Fisher's exact test, two-sided, on the table a b / c d: P of a table at least as uneven. */
double stats_fisher(unsigned int a, unsigned int b, unsigned int c, unsigned int d);

#endif
