/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The smallest set of factors that fails, by what is known of each set. */
#include "base/stats.h"
#include "infer/isolate_inner.h"

enum {
	WEAK_LEAST = 3, /* silences of a set that is only on the way */
	WEAK_MOST = 8,
	FAILURE_COST = WEAK_LEAST + 1, /* asks that a set takes that fails; one that works: 1 */
};

/* Chance that loss alone lets a set on the way look dropped; the end is looked at harder. */
static const double WEAK = 0.001;

static uint32_t weak_silences(const struct isolate *s)
{
	uint32_t lost, sent, n;
	double loss;

	isolate_loss(s, &lost, &sent);
	loss = (lost + 0.5) / (sent + 1.0);
	n = stats_silences(loss, WEAK);
	n = n < WEAK_LEAST ? WEAK_LEAST : n > WEAK_MOST ? WEAK_MOST : n;
	return n + s->extra;
}

bool isolate_fails(struct isolate *s, uint64_t set, bool *ret_fails)
{
	struct isolate_trial *t = isolate_trial_of(s, factor_closure(&s->pair, set));
	enum isolate_state state = isolate_state_of(s, t, weak_silences(s));

	if (state == ISOLATE_UNKNOWN) {
		isolate_ask_for(s, t->set);
		return false;
	}
	*ret_fails = state == ISOLATE_FAILS;
	return true;
}

static uint64_t prefix(size_t n)
{
	return factor_bit(n) - 1;
}

/*
 * How many asks it takes at worst to find one of n places, when those before it work and cost one
 * ask, and those from it on fail and cost more: best[n], and where to look first: at[n].
 */
struct costs {
	uint32_t best[FACTORS_MOST + 2], at[FACTORS_MOST + 2];
};

static void costs_add(struct costs *c, uint32_t n)
{
	c->best[n] = UINT32_MAX;
	for (uint32_t m = 1; m < n; m++) {
		uint32_t works = 1 + c->best[n - m], drops = FAILURE_COST + c->best[m];
		uint32_t worst = works > drops ? works : drops;

		if (worst >= c->best[n])
			continue;
		c->best[n] = worst;
		c->at[n] = m;
	}
}

static void costs_fill(struct costs *c, size_t most)
{
	c->best[0] = c->best[1] = c->at[0] = c->at[1] = 0;
	for (uint32_t n = 2; n <= most; n++)
		costs_add(c, n);
}

/* What is searched: factors of top, those of base always with them. */
struct field {
	uint64_t top, base;
};

/*
 * The least p in low … high for which base and those of the first p factors that are of top fail;
 * that high does is known. False: more is to be asked.
 */
static bool least_prefix(struct isolate *s, struct field x, size_t low, size_t *high)
{
	struct costs c;

	costs_fill(&c, *high - low + 1);
	while (low < *high) {
		size_t at = low + c.at[*high - low + 1] - 1;
		bool f;

		if (!isolate_fails(s, x.base | (prefix(at) & x.top), &f))
			return false;
		if (f)
			*high = at;
		else
			low = at + 1;
	}
	return true;
}

/* One of them that is not needed is taken out: *ret_more, there was one. */
static bool trim_one(struct isolate *s, uint64_t *set, bool *ret_more)
{
	*ret_more = false;
	for (size_t i = 0; i < s->pair.n && !*ret_more; i++) {
		if (!(*set & factor_bit(i)) || *set == factor_bit(i))
			continue;
		if (!isolate_fails(s, *set & ~factor_bit(i), ret_more))
			return false;
		if (*ret_more)
			*set &= ~factor_bit(i);
	}
	return true;
}

/*
 * Without one of them it does not fail. What was needed may not be any more when another is out:
 * so from the beginning again.
 */
static bool trim(struct isolate *s, uint64_t *set)
{
	bool more = true;

	while (more)
		if (!trim_one(s, set, &more))
			return false;
	return true;
}

/* A single factor that will do: *ret_set, 0 when none does. */
static bool single(struct isolate *s, uint64_t top, uint64_t *ret_set)
{
	*ret_set = 0;
	for (size_t i = 0; i < s->pair.n && !*ret_set; i++) {
		bool f = false;

		if ((top & factor_bit(i)) && !isolate_fails(s, factor_bit(i), &f))
			return false;
		if (f)
			*ret_set = factor_bit(i);
	}
	return true;
}

/* Several factors that do it together: the last one that is needed, then the last before it. */
static bool several(struct isolate *s, uint64_t top, uint64_t *ret_set)
{
	size_t high = s->pair.n, low = 2;
	uint64_t set = 0;
	bool f = false;

	while (high) {
		if (!least_prefix(s, (struct field){ top, set }, low, &high))
			return false;
		if (high)
			set |= factor_bit(high - 1);
		high = high ? high - 1 : 0;
		low = 1;
		if (!isolate_fails(s, set, &f))
			return false;
		if (f)
			break;
	}
	*ret_set = set;
	return true;
}

bool isolate_hunt(struct isolate *s, uint64_t top, uint64_t *ret_set)
{
	return single(s, top, ret_set) && (*ret_set || several(s, top, ret_set)) &&
	       trim(s, ret_set);
}
