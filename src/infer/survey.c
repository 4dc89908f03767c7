/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shares of servers and operators, from a sample of servers. */
#include "infer/survey.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/stats.h"

#define BIT(pattern) (1U << (pattern))

/* Above, a sample of PICK_MOST corrects nothing, and logarithms of factorials lose their digits. */
static const uint64_t endless = 1000000000;

static const uint32_t row_patterns[] = {
	BIT(PATTERN_NONE),
	SURVEY_FILTERED,
	BIT(PATTERN_RANGES),
	BIT(PATTERN_HASH),
	BIT(PATTERN_POLICER),
	BIT(PATTERN_ALL),
};

/* The sample with the servers of each operator side by side. */
struct grouped {
	struct arena *arena;
	const struct survey_server **v;
	size_t n;
	uint64_t population;
	double conf; /* one-sided */
};

const char *survey_row_slug(const struct survey_row *row)
{
	if (row->patterns == SURVEY_FILTERED)
		return "filtered";
	for (unsigned int p = 0; p < PATTERN_UNKNOWN; p++)
		if (row->patterns == BIT(p))
			return pattern_slug((enum port_pattern)p);
	return pattern_slug(PATTERN_UNKNOWN);
}

static int compare_keys(const struct span *x, const struct span *y)
{
	size_t n = x->n < y->n ? x->n : y->n;
	int order = n ? memcmp(x->p, y->p, n) : 0;

	return order ? order : (x->n > y->n) - (x->n < y->n);
}

static int by_operator(const void *a, const void *b)
{
	const struct survey_server *x = *(const struct survey_server *const *)a;
	const struct survey_server *y = *(const struct survey_server *const *)b;

	return compare_keys(&x->owner, &y->owner);
}

static bool has(const struct survey_row *row, const struct survey_server *s)
{
	if (!(row->patterns & BIT(s->pattern)))
		return false;
	return !row->set || (s->blocked && portset_equal(row->set, s->blocked));
}

/* Counting. */

struct cluster {
	uint64_t hits, decided, open;
};

/* The servers of one operator from v[*at] on; *at goes behind them. */
static struct cluster next_cluster(
	const struct grouped *g, const struct survey_row *row, size_t *at)
{
	const struct span *key = &g->v[*at]->owner;
	struct cluster c = { 0 };

	do {
		bool decided = g->v[*at]->pattern != PATTERN_UNKNOWN;

		c.decided += decided;
		c.open += !decided;
		c.hits += has(row, g->v[*at]);
		++*at;
	} while (*at < g->n && key->n && compare_keys(key, &g->v[*at]->owner) == 0);
	return c;
}

/* What the ratio estimator's variance is made of, over operators with a decided server. */
struct between {
	double with, without;	      /* operators with the pattern at some server, not at all */
	double size2, hits2, product; /* sums of squares and products of their numbers */
	uint64_t n;
};

static void count(const struct grouped *g, struct survey_row *row, struct between *b)
{
	struct survey_share *s = &row->servers, *o = &row->operators;

	for (size_t at = 0; at < g->n;) {
		struct cluster c = next_cluster(g, row, &at);
		double m = (double)c.decided, y = (double)c.hits;

		s->hits += c.hits;
		s->decided += c.decided;
		s->open += c.open;
		o->hits += c.hits > 0;
		o->decided += c.decided > 0;
		o->open += !c.hits && c.open;
		o->all++;
		b->n += c.decided > 0;
		b->with += c.hits > 0;
		b->without += c.hits < c.decided;
		b->size2 += m * m;
		b->hits2 += y * y;
		b->product += m * y;
	}
	s->all = s->decided + s->open;
}

/* Intervals. */

/* drawn of a population, which is endless when it is 0. */
static double upper(const struct stats_sample *s, double conf)
{
	if (!s->drawn)
		return 1;
	if (!s->population)
		return stats_binomial_upper(s->hits, s->drawn, conf);
	return (double)stats_marked_upper(s, conf) / (double)s->population;
}

static double lower(const struct stats_sample *s, double conf)
{
	if (!s->drawn)
		return 0;
	if (!s->population)
		return stats_binomial_lower(s->hits, s->drawn, conf);
	return (double)stats_marked_lower(s, conf) / (double)s->population;
}

/* population: what all of the share were drawn from. */
static void fill(struct survey_share *s, uint64_t population, double conf)
{
	uint64_t decidable = population;
	struct stats_sample part, all;

	/* Decided ones are a sample of those of the list that could be decided: as many, in part.
	 */
	if (population)
		decidable = (uint64_t)ceil(
			(double)population * (double)s->decided / fmax((double)s->all, 1));
	part = (struct stats_sample){ s->hits, s->decided, decidable };
	s->share = s->decided ? (double)s->hits / (double)s->decided : 0;
	s->interval = (struct survey_interval){ lower(&part, conf), upper(&part, conf) };
	s->least = s->all ? (double)s->hits / (double)s->all : 0;
	s->most = s->all ? (double)(s->hits + s->open) / (double)s->all : 1;
	s->worst = s->interval;
	if (!s->open)
		return;
	all = (struct stats_sample){ s->hits, s->all, population };
	s->worst.low = lower(&all, conf);
	all.hits += s->open;
	s->worst.high = upper(&all, conf);
}

static bool is_estimable(const struct between *b)
{
	return b->with >= SURVEY_FEW && b->without >= SURVEY_FEW;
}

/*
 * Kish (1965): as many unrelated servers as tell as much, if those of one operator are as alike as
 * pairs of them were seen to be; of few operators that is not to be seen: all alike.
 */
static double size_by_pairs(const struct survey_share *s, const struct between *b)
{
	double n = (double)s->decided, p = s->share, pairs = b->size2 - n, alike = 1;

	if (is_estimable(b) && pairs > 0)
		alike = 1 - (b->product - b->hits2) / pairs / (p * (1 - p));
	return n / (1 + (b->size2 / n - 1) * fmin(fmax(alike, 0), 1));
}

/* Korn and Graubard: by the variance found, at the degrees of freedom that it has. */
static double size_found(const struct survey_share *s, const struct between *b, double conf)
{
	double n = (double)s->decided, p = s->share, g = (double)b->n;
	double squares = b->hits2 - 2 * p * b->product + p * p * b->size2;
	double variance = g / (g - 1) * squares / (n * n);
	double t = stats_student(1 - conf, n - 1) / stats_student(1 - conf, g - 1);

	return variance > 0 ? p * (1 - p) / variance * t * t : n;
}

static void fill_alike(struct survey_row *row, const struct between *b, double conf)
{
	const struct survey_share *s = &row->servers;

	row->alike = (struct survey_interval){ 0, 1 };
	if (!s->decided)
		return;
	row->effective = size_by_pairs(s, b);
	if (is_estimable(b))
		row->effective = fmin(row->effective, size_found(s, b, conf));
	row->alike.low = stats_share_lower(s->share * row->effective, row->effective, conf);
	row->alike.high = stats_share_upper(s->share * row->effective, row->effective, conf);
}

static void judge(const struct grouped *g, struct survey_row *row)
{
	struct between b = { 0 };

	count(g, row, &b);
	fill(&row->servers, g->population, g->conf);
	fill(&row->operators, g->n == g->population ? row->operators.all : 0, g->conf);
	fill_alike(row, &b, g->conf);
}

/* Sets. */

struct set_count {
	const struct portset *set;
	uint64_t n;
};

static int by_set(const void *a, const void *b)
{
	const struct portset *x = *(const struct portset *const *)a;
	const struct portset *y = *(const struct portset *const *)b;

	return memcmp(x->w, y->w, sizeof(x->w));
}

static int by_count(const void *a, const void *b)
{
	const struct set_count *x = a, *y = b;

	if (x->n != y->n)
		return x->n > y->n ? -1 : 1;
	return memcmp(x->set->w, y->set->w, sizeof(x->set->w));
}

static void judge_sets(const struct grouped *g, struct survey *ret)
{
	struct VEC(const struct portset *) all = { 0 };
	struct VEC(struct set_count) sets = { 0 };

	for (size_t i = 0; i < g->n; i++)
		if (g->v[i]->pattern == PATTERN_RANGES && g->v[i]->blocked)
			vec_push(g->arena, &all, g->v[i]->blocked);
	if (!all.n)
		return;
	qsort(all.v, all.n, sizeof(*all.v), by_set);
	for (size_t i = 0; i < all.n; i++) {
		if (!sets.n || !portset_equal(sets.v[sets.n - 1].set, all.v[i]))
			vec_push(g->arena, &sets, (struct set_count){ all.v[i], 0 });
		sets.v[sets.n - 1].n++;
	}
	qsort(sets.v, sets.n, sizeof(*sets.v), by_count);
	for (size_t i = 0; i < sets.n; i++) {
		struct survey_row row = { .patterns = BIT(PATTERN_RANGES), .set = sets.v[i].set };

		if (i >= SURVEY_SETS) {
			ret->other_sets += sets.v[i].n;
			continue;
		}
		judge(g, &row);
		vec_push(g->arena, &ret->rows, row);
	}
}

void survey_judge(struct arena *a, const struct survey_sample *sample, struct survey *ret)
{
	struct grouped g = { .arena = a, .n = sample->n, .conf = (1 + sample->conf) / 2 };

	assert(sample->conf > 0 && sample->conf < 1);
	assert(!sample->population || sample->population >= sample->n);
	*ret = (struct survey){ .servers = sample->n };
	g.population = sample->population > endless ? 0 : sample->population;
	g.v = arena_alloc(a, (g.n + 1) * sizeof(*g.v));
	for (size_t i = 0; i < g.n; i++) {
		g.v[i] = &sample->v[i];
		ret->undecided += sample->v[i].pattern == PATTERN_UNKNOWN;
	}
	qsort(g.v, g.n, sizeof(*g.v), by_operator);
	for (size_t i = 0; i < ARRAY_LEN(row_patterns); i++) {
		struct survey_row row = { .patterns = row_patterns[i] };

		judge(&g, &row);
		vec_push(a, &ret->rows, row);
	}
	ret->operators = ret->rows.v[0].operators.all;
	judge_sets(&g, ret);
}
