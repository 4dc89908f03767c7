/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Draws with replacement from a pool of numbers: what repeats, span and order of the numbers drawn
 * say about the pool. All results are probabilities unless said.
 *
 * Given how many distinct numbers were drawn, these are a random subset of the pool, whatever the
 * repeats: so repeats tell the pool's size, and the span of the subset tells its range, apart.
 */
#ifndef BASE_DRAWS_H
#define BASE_DRAWS_H

#include <stdint.h>

/* n draws showed so many distinct numbers: 1 <= distinct <= n. */
struct draws {
	uint64_t n, distinct;
};

/*
 * P(at most, at least so many distinct | a pool of that many, equally used): the classical
 * occupancy problem. Exact up to 64 draws. Above, the count of repeats (or of numbers not drawn,
 * whichever has the smaller mean) is a sum of independent trials (Harper 1967), taken as the
 * binomial or normal law of the same mean and variance: within 0.006 of it (tested up to 400).
 */
double draws_at_most(struct draws s, double pool);
double draws_at_least(struct draws s, double pool);

/*
 * The pool's size from repeats alone: bounds that are wrong with probability alpha each, and the
 * size of greatest likelihood (pool! / ((pool - distinct)! pool^n)). All lie in distinct .. most;
 * most is what no repeats lead to.
 */
double draws_pool_low(struct draws s, double alpha, double most);
double draws_pool_high(struct draws s, double alpha, double most);
double draws_pool_likely(struct draws s, double most);

/* A random subset of a range that lies in runs of neighbours, each with places left out. */
struct draws_lie {
	uint64_t distinct;
	double runs;   /* 1: the range has no gaps that are known */
	double inside; /* sum of last minus first of the runs */
};

/*
 * P(the runs' insides are together that small or smaller, when the range they are from has so many
 * numbers). With one run the German tank problem with both ends unknown (Goodman, JASA 47, 1952):
 * of a subset's numbers left out, how many lie at the ends. With more, each has two ends.
 */
double draws_span(const struct draws_lie *lie, double width);

/* The width that the insides speak against with alpha: draws_span() is alpha there. At most most.
 */
double draws_width_high(const struct draws_lie *lie, double alpha, double most);

/* How far, with 1 - alpha, the range may go on beyond one end of the span: whole numbers. */
double draws_beyond(uint64_t distinct, double span, double alpha);

/* P(between two neighbours of a random subset of 1 .. width, or beyond an end, gap are missing). */
double draws_gap(uint64_t distinct, double gap, double width);

/*
 * P(a random permutation of n has at most so many descents), the Eulerian law: whether numbers come
 * in order, whatever their distribution. Exact to n = 200; above, the normal law of the same mean
 * and variance, whose tails are the heavier.
 */
double draws_descents(uint64_t descents, uint64_t n);

#endif
