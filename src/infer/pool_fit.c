/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was seen against what a configuration says. */
#include <math.h>

#include "base/draws.h"
#include "base/err.h"
#include "base/stats.h"
#include "infer/pool.h"

/* Queries of other programs of the host, of all that are seen. */
static const double strays = 0.01;
/* Less than this share from one port are no other pool. */
static const double outside_share = 0.02;
static const double certain = 0.95;
/* That each of the tests for a part of the pool errs, after Bonferroni over all of them. */
static const double narrow_p = 5e-5;

struct fit {
	const struct pool_estimate *e;
	const struct pool *said;
	bool named;	     /* the one port that the configuration names */
	double pool;	     /* ports said */
	double at_once;	     /* of them a process uses */
	uint64_t out, draws; /* draws outside, inside */
	uint64_t out_ports;  /* ports of those outside, inside */
	uint64_t ports;
	double lo, hi, gap; /* rank of the first and last one inside, widest gap of ranks */
	uint32_t below[ARRAY_LEN(((struct portset *)0)->w)]; /* members below a word */
};

/* P(so many packets are other programs'). */
static double strays_p(const struct fit *f, uint64_t packets)
{
	return stats_binomial_tail(packets, f->e->draws, strays);
}

/* Other ports than those that strays may be from. */
static bool is_other(const struct fit *f, uint64_t ports, uint64_t draws)
{
	if (draws < 2 || (ports < 2 && (double)draws < outside_share * f->e->draws))
		return false;
	return strays_p(f, draws) <= 1 - certain;
}

/* Members of the pool below each word of its set. */
static void count_words(struct fit *f)
{
	uint32_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(f->below); i++) {
		f->below[i] = n;
		n += (uint32_t)__builtin_popcountll(f->said->ports->w[i]);
	}
	f->pool = n;
}

/* Members below a port. */
static double rank_of(const struct fit *f, uint16_t port)
{
	uint64_t lower = (1ULL << port % 64) - 1;
	size_t word = port / 64;
	uint32_t rank = f->below[word];

	rank += (uint32_t)__builtin_popcountll(f->said->ports->w[word] & lower);
	return rank;
}

static void look(struct fit *f)
{
	double before = -1;

	count_words(f);
	f->at_once = f->said->life ? fmin(f->said->life, f->pool) : f->pool;
	f->named = f->said->fixed || f->pool < 2;
	if (f->named)
		f->at_once = 1;
	vec_each (const struct pool_port, p, f->e->ports) {
		double rank = rank_of(f, p->port);

		if (!portset_has(f->said->ports, p->port)) {
			f->out += p->draws;
			f->out_ports++;
			continue;
		}
		f->draws += p->draws;
		f->lo = f->ports ? f->lo : rank;
		f->hi = rank;
		f->gap = f->ports ? fmax(f->gap, rank - before - 1) : 0;
		f->ports++;
		before = rank;
	}
}

/* The ports' largest distance from an even spread over the pool. */
static double distance_of(const struct fit *f)
{
	double below = 0, most = 0;

	vec_each (const struct pool_port, p, f->e->ports) {
		double at = (rank_of(f, p->port) + 0.5) / f->pool;

		if (!portset_has(f->said->ports, p->port))
			continue;
		most = fmax(most, fabs(at - below));
		below += 1 / (double)f->ports;
		most = fmax(most, fabs(at - below));
	}
	return most;
}

/* P of a part as odd as this one by chance; Bonferroni over its tests is the caller's. */
static double by_span(const struct fit *f)
{
	return draws_span(&(struct draws_lie){ f->ports, 1, f->hi - f->lo }, f->pool);
}

static double by_gap(const struct fit *f)
{
	return fmin((double)f->ports * draws_gap(f->ports, f->gap, f->pool), 1);
}

static double by_distance(const struct fit *f)
{
	return f->ports < POOL_ENOUGH ? 1 : stats_kolmogorov(distance_of(f), (double)f->ports);
}

static double by_number(const struct fit *f)
{
	return draws_at_most((struct draws){ f->draws, f->ports }, f->at_once);
}

static double (*const parts[])(const struct fit *f) = {
	by_span,
	by_gap,
	by_distance,
	by_number,
};

enum { NPARTS = ARRAY_LEN(parts) };

static double narrow_error(const struct fit *f)
{
	double p = 1;

	if (!f->draws)
		return 1;
	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		p = fmin(p, parts[i](f));
	return fmin(p * NPARTS, 1);
}

/*
 * P(so many ports, where a process uses some for its life). It may have been started anew while it
 * was watched, and then there are twice as many; a port that the configuration names stays.
 */
static double spread_error(const struct fit *f)
{
	uint64_t ports = f->ports + f->out_ports;
	double most = f->named ? 1 : 2 * f->at_once;
	double more = (double)ports - most, p;

	if (!f->named && f->at_once >= f->pool)
		return 1;
	p = more < 2 ? 1 : strays_p(f, (uint64_t)more);
	/* Less than there may be, but with too few repeats. */
	if (most > POOL_FEW && more < 2)
		p = draws_at_least((struct draws){ f->e->draws, ports }, most);
	return p;
}

/* What a tenth of the draws from elsewhere would have been noticed with. */
static double noticed(const struct fit *f)
{
	uint64_t least = 2;

	while (least < f->e->draws && strays_p(f, least) > 1 - certain)
		least++;
	return stats_binomial_tail(least, f->e->draws, 0.1);
}

struct pool_fits pool_compare(const struct pool_estimate *e, const struct pool *said)
{
	struct pool_fits r = { .fit = POOL_FIT_UNTOLD, .outside = e->seen };
	struct fit f = { .e = e, .said = said };
	double spread, narrow;

	look(&f);
	portset_minus(&r.outside, said->ports);
	if (e->draws < POOL_FEWEST || f.pool < 1)
		return r;
	spread = spread_error(&f);
	narrow = narrow_error(&f);
	if (spread <= (f.at_once > POOL_FEW ? narrow_p : 1 - certain)) {
		r.fit = POOL_FIT_SPREAD;
		r.confidence = 1 - spread;
	} else if (is_other(&f, f.out_ports, f.out)) {
		r.fit = POOL_FIT_OUTSIDE;
		r.confidence = 1 - strays_p(&f, f.out);
	} else if (narrow <= narrow_p * NPARTS) {
		r.fit = POOL_FIT_NARROW;
		r.confidence = 1 - narrow;
	} else {
		r.fit = POOL_FITS;
		r.confidence = noticed(&f);
	}
	return r;
}

const char *pool_fit_slug(enum pool_fit fit)
{
	static const char *const slugs[] = {
		[POOL_FIT_UNTOLD] = "unknown",
		[POOL_FITS] = "yes",
		[POOL_FIT_OUTSIDE] = "outside",
		[POOL_FIT_NARROW] = "narrow",
		[POOL_FIT_SPREAD] = "spread",
	};

	return (size_t)fit < ARRAY_LEN(slugs) ? slugs[fit] : slugs[POOL_FIT_UNTOLD];
}
