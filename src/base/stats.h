/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The few distributions that honest verdicts need. All numbers are probabilities unless said. */
#ifndef BASE_STATS_H
#define BASE_STATS_H

#include <stddef.h>
#include <stdint.h>

/* Regularised incomplete beta function I_x(a, b): the distribution function of Beta(a, b). */
double stats_beta_cdf(double x, double a, double b);

/* The x at which stats_beta_cdf(x, a, b) is q, to 1e-12. */
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

/*
 * The same of numbers that need not be whole, as effective sizes of samples are not (Korn and
 * Graubard 1998): 0 <= hits <= trials, trials > 0.
 */
double stats_share_upper(double hits, double trials, double conf);
double stats_share_lower(double hits, double trials, double conf);

/* So many of a population were drawn at random, none twice; hits of them have a mark. */
struct stats_sample {
	uint64_t hits, drawn, population; /* hits <= drawn <= population */
};

/*
 * Exact one-sided bounds of how many of the population have the mark: Clopper and Pearson's
 * argument with the hypergeometric law (Katz 1953, Buonaccorsi 1987). When all were drawn, hits.
 */
uint64_t stats_marked_upper(const struct stats_sample *s, double conf);
uint64_t stats_marked_lower(const struct stats_sample *s, double conf);

/* P(at least so many hits in the sample | so many of the population have the mark). */
double stats_marked_tail(const struct stats_sample *s, uint64_t marked);

/* The t that a value of Student's law with df > 0 degrees of freedom exceeds with probability q <
 * 0.5.
 */
double stats_student(double q, double df);

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

/*
 * Wilson (1927): the two ends of the interval at confidence conf of a probability after hits of
 * trials. 0 and 1 for no trials.
 */
double stats_wilson_low(uint64_t hits, uint64_t trials, double conf);
double stats_wilson_high(uint64_t hits, uint64_t trials, double conf);

/*
 * Kolmogorov's test: P of a distance at least that large between a distribution and n values drawn
 * from it, by the limiting series as Stephens (1970) corrected it for small n (good from n = 4).
 */
double stats_kolmogorov(double distance, double n);

/*
 * Is a mark more frequent in a part than in the whole, when the whole falls into strata (servers,
 * times) of their own rates? Adds up strata, each with its margins given, so that a stratum whose
 * members all have the mark, or that lies in or out of the part as a whole, says nothing.
 */
struct stats_strata {
	double mean; /* marked ones in the part that chance expects, beyond those that must be */
	double hits; /* marked ones in the part, beyond those that must be */
	double most; /* how many could be, beyond those that must be */
	uint64_t members; /* in the part, of strata that say something */
};

/* One stratum: of all, marked have the mark; of the part, hits have it. */
struct stats_stratum {
	uint64_t all, marked, part, hits;
};

void stats_strata_add(struct stats_strata *s, const struct stats_stratum *one);

/*
 * Upper bound of P(at least so many hits | the part is as the rest of its stratum). A sum of
 * hypergeometric counts is one of independent trials of differing chances (their generating
 * polynomials have real roots: Vatutin and Mikhailov 1982), so that the binomial tail of the same
 * mean bounds it (Hoeffding 1956, for hits >= mean + 1); 1 below that.
 */
double stats_strata_tail(const struct stats_strata *s);

/* Fisher's exact test, two-sided, on the table a b / c d: P of a table at least as uneven. */
double stats_fisher(unsigned int a, unsigned int b, unsigned int c, unsigned int d);

#endif
