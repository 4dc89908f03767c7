/* SPDX-License-Identifier: GPL-3.0-or-later */
/* In what way ports are drawn: a row of tests, of which the first that holds tells. */
#include <math.h>
#include <string.h>

#include "base/err.h"
#include "base/stats.h"
#include "infer/pool_inner.h"

static const double order_p = 1e-4, small_p = 1e-3, uneven_p = 1e-4;
/* Descents of all steps: of a counter that advances by a third of its range at each step. */
static const double order_share = 0.3;
/* Distance from an even spread that is uneven; Unbound's default, with its gaps, has 0.07. */
static const double uneven_distance = 0.1;
/* Of draws on ports seen once: above, many ports are still to be seen (Good and Turing 1953). */
static const double many_once = 0.05;

/* What tests look at, and what they leave. */
struct look {
	struct pool_estimate *e;
	const struct pool_draws *d;
	const struct pool_lie *lie;
};

/* The ports where they were first drawn, as steps one way. */
struct steps {
	uint64_t n;	/* this way */
	uint64_t wraps; /* steps of more than half of the span the other way */
	double walked;	/* sum of those this way */
};

/* Adds a step to those of its way, and to the turns of the other. */
static void add_step(struct steps *s, double step, double half)
{
	struct steps *way = step > 0 ? &s[0] : &s[1], *other = step > 0 ? &s[1] : &s[0];

	way->n++;
	way->walked += fabs(step);
	other->wraps += fabs(step) > half;
}

/* Upwards and downwards. */
static void steps_of(const struct pool_draws *d, struct steps ret[2])
{
	struct portset met = { 0 };
	double half = (d->ports.v[d->ports.n - 1].port - d->ports.v[0].port) / 2.0;
	double before = d->v[0];

	portset_add(&met, d->v[0]);
	for (size_t i = 1; i < d->n; i++) {
		if (portset_has(&met, d->v[i]))
			continue;
		portset_add(&met, d->v[i]);
		add_step(ret, d->v[i] - before, half);
		before = d->v[i];
	}
}

/* A sequence: what it has walked is the range when it has wrapped, give or take a step. */
static void sequence_size(struct look *l, const struct steps *s)
{
	struct pool_estimate *e = l->e;
	double lo = l->d->ports.v[0].port, hi = l->d->ports.v[l->d->ports.n - 1].port;
	/*
	 * Each wrap leaves less than a step of either end out: with steps as uneven as chance makes
	 * them (exponential) less than 3.7 times their mean, with 97.5%.
	 */
	double more = s->wraps ? ceil(3.7 * (s->walked / (double)s->n - 1) / (double)s->wraps) : 0;

	e->range = (struct portrange){ (uint16_t)fmax(lo - more, 0),
		(uint16_t)fmin(hi + more, POOL_PORTS - 1) };
	e->width = e->width_low = hi - lo + 1;
	e->width_high = s->wraps ? (double)e->range.hi - e->range.lo + 1 : POOL_PORTS;
	e->size = e->width;
	e->size_low = (double)l->d->ports.n;
	e->size_high = e->width_high;
}

static double is_fixed(struct look *l)
{
	if (l->d->ports.n != 1)
		return 0;
	l->e->range = (struct portrange){ l->d->ports.v[0].port, l->d->ports.v[0].port };
	l->e->size = l->e->width = 1;
	l->e->width_high = l->e->size_high;
	return 1 - exp2(1 - (double)l->d->n);
}

static double is_sequential(struct look *l)
{
	struct steps both[2] = { 0 }, *way, *against;
	double p;

	if (!l->d->ordered || l->d->ports.n < 2)
		return 0;
	steps_of(l->d, both);
	way = both[0].n > both[1].n ? &both[0] : &both[1];
	against = way == &both[0] ? &both[1] : &both[0];
	if ((double)against->n > order_share * (double)(way->n + against->n))
		return 0;
	/* Either way. */
	p = 2 * draws_descents(against->n, way->n + against->n + 1);
	if (p > order_p)
		return 0;
	sequence_size(l, way);
	return 1 - p;
}

/* P(a port is drawn that often by chance), at most: any of those seen, in the smallest pool. */
static double stands_out(const struct look *l)
{
	double p = stats_binomial_tail(l->d->most - 1, l->d->n - 1, 1 / l->e->size_low);

	return fmin(p * (double)l->d->ports.n, 1);
}

/* P(repeats as many as these | all ports of the range are drawn from). */
static double repeats_p(const struct look *l)
{
	return draws_at_most((struct draws){ l->d->n, l->d->ports.n }, l->e->width_low);
}

static bool many_left(const struct look *l)
{
	return l->d->once > many_once * (double)l->d->n;
}

/* Used so unevenly that repeats say nothing of the ports still to be seen. */
static bool misleads(const struct look *l)
{
	return many_left(l) && stands_out(l) <= uneven_p;
}

static double is_small(struct look *l)
{
	struct draws s = { l->d->n, l->d->ports.n };
	const struct pool_port *v = l->d->ports.v;
	double p;

	if (misleads(l))
		return 0;
	if (l->e->size_high <= POOL_FEW) {
		l->e->range = (struct portrange){ v[0].port, v[l->d->ports.n - 1].port };
		return 1 - draws_at_most(s, POOL_FEW + 1);
	}
	p = repeats_p(l);
	if (p > small_p || draws_pool_likely(s, POOL_PORTS) > l->e->width_low / 2)
		return 0;
	return 1 - p;
}

/* What is seen of a pool that is not used evenly is a part of it. */
static void uneven_size(struct look *l)
{
	l->e->size_low = (double)l->d->ports.n;
	l->e->size_high = l->e->width_high = POOL_PORTS;
	l->e->size = fmin(fmax(l->e->width, l->e->size_low), POOL_PORTS);
}

static double is_uneven(struct look *l)
{
	double distance, p = 1;

	if (misleads(l)) {
		p = stands_out(l);
	} else if (l->d->n >= POOL_ENOUGH) {
		distance = pool_distance(l->d, l->lie);
		p = distance > uneven_distance ? stats_kolmogorov(distance, (double)l->d->n) : 1;
	}
	if (p > uneven_p)
		return 0;
	uneven_size(l);
	return 1 - p;
}

static double is_uniform(struct look *l)
{
	double n = (double)l->d->n, small;

	if (l->d->n < POOL_ENOUGH)
		return 0;
	/* Less repeats than these from a tenth of the range: P(at least so many distinct). */
	small = draws_at_least((struct draws){ l->d->n, l->d->ports.n }, ceil(l->e->width / 10));
	/* The distance of a quarter, of which the test would see less than it needs: Hoeffding. */
	return 1 -
	       fmax(small,
		       fmin(exp(-2 * n * (0.25 - uneven_distance) * (0.25 - uneven_distance)), 1));
}

static double (*const tests[POOL_SHAPES])(struct look *l) = {
	[POOL_FIXED] = is_fixed,
	[POOL_SEQUENTIAL] = is_sequential,
	[POOL_SMALL] = is_small,
	[POOL_UNEVEN] = is_uneven,
	[POOL_UNIFORM] = is_uniform,
};

void pool_shape(struct pool_estimate *e, const struct pool_draws *d, const struct pool_lie *lie)
{
	struct look l = { e, d, lie };

	e->shape = POOL_UNTOLD;
	e->confidence = 0;
	if (d->n < POOL_FEWEST)
		return;
	for (enum pool_shape s = POOL_FIXED; s < POOL_SHAPES; s++) {
		double c = tests[s](&l);

		if (c > 0) {
			e->shape = s;
			e->confidence = c;
			return;
		}
	}
}

double pool_distance(const struct pool_draws *d, const struct pool_lie *lie)
{
	double n = (double)d->n, step = lie->beside + 1, below = 0, start = 0, most = 0;
	double all = lie->inside + (double)lie->runs.n * step;
	const struct portrange *run = lie->runs.v;

	vec_each (const struct pool_port, p, d->ports) {
		double at;

		if (p->port > run->hi) {
			start += run->hi - run->lo + step;
			run++;
		}
		at = (start + p->port - run->lo + step / 2) / all;
		most = fmax(most, fabs(at - below / n));
		below += p->draws;
		most = fmax(most, fabs(at - below / n));
	}
	return most;
}
