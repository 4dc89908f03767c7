/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Over which ports draws are spread, and how many there are: by their span and by their repeats. */
#include <math.h>
#include <stdlib.h>

#include "infer/pool_inner.h"

/* That a gap stands out by chance, in any place. */
static const double gap_alpha = 1e-3;
/* That a bound is wrong: of the pool's size below, and above by repeats and by width. */
static const double low_alpha = 0.025, high_alpha = 0.0125;

static int by_port(const void *a, const void *b)
{
	return *(const uint16_t *)a - *(const uint16_t *)b;
}

void pool_count(struct arena *a, struct pool_draws *d)
{
	uint16_t *v = arena_dup(a, d->v, d->n * sizeof(*v));

	qsort(v, d->n, sizeof(*v), by_port);
	for (size_t i = 0, first = 0; i < d->n; i++) {
		struct pool_port p = { v[i], (uint32_t)(i + 1 - first) };

		if (i + 1 < d->n && v[i + 1] == v[i])
			continue;
		vec_push(a, &d->ports, p);
		d->most = p.draws > d->most ? p.draws : d->most;
		d->once += p.draws == 1;
		first = i + 1;
	}
}

/* Between a port and the next one: where, and how many are missing. */
struct gap {
	uint32_t missing;
	size_t after; /* index of the port below */
};

static int widest_first(const void *a, const void *b)
{
	const struct gap *x = a, *y = b;

	if (x->missing != y->missing)
		return x->missing > y->missing ? -1 : 1;
	return (x->after > y->after) - (x->after < y->after);
}

static double least(double a, double b)
{
	return a < b ? a : b;
}

/*
 * Ports that the runs are likely to span. In a random subset of d neighbouring ones the span is on
 * average (d - 1) / (d + 1) of the width and one (Goodman 1952); each cut adds two ends.
 */
static double width_of(double d, double runs, double inside)
{
	if (d <= runs)
		return d;
	return least(inside * (d + runs) / (d - runs) - runs, POOL_PORTS);
}

/* Cuts at gaps as long as the widest one left stands out; marks the ports they come after. */
static double cut(const struct pool_draws *d, struct gap *gaps, bool *last_of_run)
{
	double n = (double)d->ports.n, runs = 1;
	double inside = (double)d->ports.v[d->ports.n - 1].port - d->ports.v[0].port;

	for (size_t i = 0; i + 1 < d->ports.n; i++) {
		const struct gap *g = &gaps[i];
		double width = width_of(n, runs, inside);

		if (g->missing == 0 ||
			(n - 1) * draws_gap(d->ports.n, g->missing, width) > gap_alpha)
			break;
		last_of_run[g->after] = true;
		inside -= g->missing + 1;
		runs++;
	}
	return inside;
}

struct pool_lie pool_lie(struct arena *a, const struct pool_draws *d)
{
	struct gap *gaps = arena_alloc(a, d->ports.n * sizeof(*gaps));
	bool *last_of_run = arena_alloc(a, d->ports.n);
	struct pool_lie lie = { 0 };
	const struct pool_port *v = d->ports.v;
	size_t first = 0, n = d->ports.n;
	double runs;

	if (!n)
		return lie;
	for (size_t i = 0; i + 1 < n; i++)
		gaps[i] = (struct gap){ v[i + 1].port - v[i].port - 1U, i };
	qsort(gaps, n - 1, sizeof(*gaps), widest_first);
	lie.inside = cut(d, gaps, last_of_run);
	for (size_t i = 0; i < n; i++) {
		if (i + 1 < n && !last_of_run[i])
			continue;
		vec_push(a, &lie.runs, (struct portrange){ v[first].port, v[i].port });
		first = i + 1;
	}
	runs = (double)lie.runs.n;
	/* A run ends at two places, each on average one spacing less one short of its end. */
	if ((double)n > runs)
		lie.beside = lie.inside / ((double)n - runs) - 1;
	return lie;
}

static struct portrange range_of(const struct pool_draws *d, const struct pool_lie *lie)
{
	size_t n = d->ports.n;
	double lo = d->ports.v[0].port, hi = d->ports.v[n - 1].port;
	double more = draws_beyond(n - lie->runs.n + 1, lie->inside, 0.025);

	return (struct portrange){ (uint16_t)fmax(lo - more, 0),
		(uint16_t)least(hi + more, POOL_PORTS - 1) };
}

void pool_size(struct pool_estimate *e, const struct pool_draws *d, const struct pool_lie *lie)
{
	struct draws s = { d->n, d->ports.n };
	struct draws_lie l = { d->ports.n, (double)lie->runs.n, lie->inside };
	double n = (double)d->ports.n, runs = (double)lie->runs.n;

	e->size_high = e->width_high = POOL_PORTS;
	e->range = (struct portrange){ 0, POOL_PORTS - 1 };
	if (!d->n)
		return;
	e->range = range_of(d, lie);
	e->width_low = lie->inside + runs;
	e->width = fmax(width_of(n, runs, lie->inside), e->width_low);
	e->width_high = fmax(draws_width_high(&l, high_alpha, POOL_PORTS), e->width);
	/* Repeats may say more than the span has room for; not more than is seen of it, then. */
	e->size_low = least(draws_pool_low(s, low_alpha, POOL_PORTS), e->width_low);
	e->size_high = least(draws_pool_high(s, high_alpha, POOL_PORTS), e->width_high);
	e->size = e->width;
	if (e->size < e->size_low || e->size > e->size_high)
		e->size = draws_pool_likely(s, e->size_high);
	e->size = fmin(fmax(e->size, e->size_low), e->size_high);
}
