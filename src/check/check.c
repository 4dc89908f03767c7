/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The registry: runs every check, puts the findings in order and draws the verdict. */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "check/cases.h"
#include "check/check.h"
#include "check/lookups.h"
#include "check/overrule.h"
#include "check/vantage.h"

/* A sweep that may have missed more than this share of the ports says nothing. */
#define THIN 0.1
/* Asks of which more than half are lost: of fewer nothing is said. */
enum { LOSSY_LEAST = 20 };

#define FAMILY(name) extern const struct family family_##name;
#include "check/checks.def"
#undef FAMILY

#define FAMILY(name) &family_##name,
const struct family *const check_families[] = {
#include "check/checks.def"
};
#undef FAMILY

const size_t check_nfamilies = ARRAY_LEN(check_families);

struct ranked {
	const struct finding *f;
};

/* Findings that say what another one leads to: the cause is told first. */
static bool is_consequence(const struct finding *x)
{
	return strcmp(x->id, "resolver-uses-filtered-ports") == 0;
}

/*
 * What makes a lookup fail comes before what makes some fail, and that before what harms nothing.
 * Who does not know what his finding does to one is no less serious for that.
 */
static int weight(const struct finding *x)
{
	static const int weights[] = {
		[EFFECT_UNTOLD] = 2,
		[EFFECT_COSMETIC] = 0,
		[EFFECT_INTERMITTENT] = 1,
		[EFFECT_EXPLAINS] = 2,
	};

	return weights[x->effect];
}

/* > 0: x matters more; 0: they differ in no such thing. */
static int graver(const struct finding *x, const struct finding *y)
{
	if (weight(x) != weight(y))
		return weight(x) - weight(y);
	return (int)x->severity - (int)y->severity;
}

/*
 * Worst first, causes first, then by id; those of one id keep the order of their making. So do
 * those of test cases, which run from what everything rests on to what is a matter of style.
 */
static int by_weight(const void *a, const void *b)
{
	const struct finding *x = ((const struct ranked *)a)->f, *y = ((const struct ranked *)b)->f;
	int ids = strcmp(x->id, y->id), more = graver(x, y);

	if (more)
		return -more;
	if (is_consequence(x) != is_consequence(y))
		return is_consequence(x) ? 1 : -1;
	if (!x->test_case != !y->test_case)
		return x->test_case ? 1 : -1;
	if (ids && !x->test_case)
		return ids;
	return (x > y) - (x < y);
}

static void sort(struct findings *f)
{
	size_t n = f->list.n;
	struct ranked *order = arena_alloc(f->arena, n * sizeof(*order));
	struct finding *sorted = arena_alloc(f->arena, n * sizeof(*sorted));

	if (!n)
		return;
	for (size_t i = 0; i < n; i++)
		order[i].f = &f->list.v[i];
	qsort(order, n, sizeof(*order), by_weight);
	for (size_t i = 0; i < n; i++)
		sorted[i] = *order[i].f;
	f->list.v = sorted;
	f->list.cap = n;
}

/* What is well is told on demand only; how it was found never is. */
static void leave_out(const struct check_input *in, struct findings *f)
{
	enum severity least = in->facts->tree && in->facts->tree->all ? SEV_INFO : SEV_NOTICE;
	size_t n = 0;

	vec_each (const struct finding, x, f->list)
		if (x->severity >= least)
			f->list.v[n++] = *x;
	f->list.n = n;
}

void check_run(const struct check_input *in, struct findings *ret)
{
	for (size_t i = 0; i < check_nfamilies; i++) {
		const struct family *f = check_families[i];

		for (size_t j = 0; j < f->n; j++)
			f->checks[j].run(in, ret);
	}
	/* Where nobody answered nothing is known of any zone: that is no finding. */
	if (in->inferences->pass && in->inferences->answered_beyond)
		cases_run(in->inferences->pass, ret);
	overrule(in, ret);
	leave_out(in, ret);
	sort(ret);
}

void check_run_among(const struct check_input *in, const struct vantages *all, struct findings *ret)
{
	check_run(in, ret);
	ret->vantages = all;
	vantage_compare(in, ret);
	sort(ret);
}

static bool command_is(const struct check_input *in, const char *command)
{
	return in->facts->command && strcmp(in->facts->command, command) == 0;
}

/* What source ports reach a server was the question, or is needed to answer it. */
static bool about_ports(const struct check_input *in)
{
	return command_is(in, "ports") || command_is(in, "path");
}

static enum undecided stopped(const struct check_input *in)
{
	return in->facts->note ? UNDECIDED_STOPPED : UNDECIDED_NOT;
}

static enum undecided cause(const struct check_input *in);

/*
 * Ports that were to be asked but may not be used: `ports` was asked about them, and a lookup that
 * fails without another explanation may fail for them.
 */
static enum undecided privilege(const struct check_input *in)
{
	if (!in->inferences->unprivileged)
		return UNDECIDED_NOT;
	if (about_ports(in) || cause(in) != UNDECIDED_NOT)
		return UNDECIDED_PRIVILEGE;
	return UNDECIDED_NOT;
}

static bool about_resolver(const struct check_input *in)
{
	return command_is(in, "resolver");
}

/* `resolver` was asked for its pool; a file, or enough packets, tell it. */
static enum undecided pool(const struct check_input *in)
{
	const struct pools *p = &in->inferences->pools;

	if (!about_resolver(in) || (p->audit && p->audit->pools.n))
		return UNDECIDED_NOT;
	vec_each (const struct pool_seen, s, p->seen)
		if (s->estimate->shape != POOL_UNTOLD)
			return UNDECIDED_NOT;
	return UNDECIDED_POOL;
}

static enum undecided silence(const struct check_input *in)
{
	const struct inferences *x = in->inferences;

	/* It may have had no need to ask anybody. */
	if (about_resolver(in) || x->answered_beyond)
		return UNDECIDED_NOT;
	if (!x->sent && privilege(in) != UNDECIDED_NOT)
		return UNDECIDED_PRIVILEGE;
	return UNDECIDED_SILENCE;
}

/* Sweeps of which nothing could be sent: their family has no route, or is off. */
static size_t unsent(const struct inferences *x)
{
	size_t n = 0;

	vec_each (const struct sweep_result, s, x->sweeps)
		n += s->ports.sent == 0;
	return n;
}

/*
 * A sweep that came to no result leaves `ports` without one. `diagnose` asked why a lookup fails:
 * there it matters only when no sweep came to a result.
 */
static enum undecided sweeps(const struct check_input *in)
{
	const struct inferences *x = in->inferences;
	enum undecided why = UNDECIDED_NOT;
	size_t open = 0;

	vec_each (const struct sweep_result, s, x->sweeps) {
		/* No finding names it (there is none): a server that no port reached is open, too.
		 */
		if (s->ports.pattern == PATTERN_ALL)
			return UNDECIDED_PATTERN;
		if (s->ports.pattern != PATTERN_UNKNOWN ||
			(!s->ports.sent && x->sweeps.n > unsent(x)))
			continue;
		open++;
		if (why != UNDECIDED_PATTERN)
			why = s->ports.doubt == DOUBT_LOSS ? UNDECIDED_LOSS : UNDECIDED_PATTERN;
	}
	return about_ports(in) || open == x->sweeps.n ? why : UNDECIDED_NOT;
}

/* Nothing blocked was found, but so little was asked that it could hardly have been. */
static enum undecided thin(const struct check_input *in)
{
	vec_each (const struct sweep_result, s, in->inferences->sweeps) {
		if (about_ports(in) && s->ports.pattern == PATTERN_NONE &&
			s->ports.undiscovered > THIN)
			return UNDECIDED_PATTERN;
	}
	return UNDECIDED_NOT;
}

/* The lookup fails and no finding is there to say why. */
static enum undecided cause(const struct check_input *in)
{
	const struct inferences *x = in->inferences;

	if (!in->facts->question.name || !command_is(in, "diagnose"))
		return UNDECIDED_NOT;
	if (x->resolver.asked && !resolver_settles(x->resolver.meaning))
		return UNDECIDED_CAUSE;
	if (x->tree && (x->tree->last < 0 || !resolver_settles(x->tree->meaning)))
		return UNDECIDED_CAUSE;
	return UNDECIDED_NOT;
}

/* What makes the query fail was asked, and nothing else. */
static enum undecided isolation(const struct check_input *in)
{
	const struct isolate_result *r = in->inferences->isolated;

	return r && r->verdict == ISOLATE_UNTOLD ? UNDECIDED_ISOLATE : UNDECIDED_NOT;
}

/* One look-up shows that it fails, and nothing that could be the cause. */
static enum undecided lookup(const struct check_input *in)
{
	struct lookups_said s;

	if (!command_is(in, "lookup") || !in->facts->question.name)
		return UNDECIDED_NOT;
	s = lookups_read(in->facts);
	return s.kind == LOOKUPS_WORKS || s.kind == LOOKUPS_UNTESTED ? UNDECIDED_NOT
								     : UNDECIDED_LOOKUP;
}

/* Servers that refuse the question, or lose most, show nothing of how they take its shapes. */
static enum undecided shapes(const struct check_input *in)
{
	enum undecided why = UNDECIDED_ZONE;

	if (!command_is(in, "shapes") || in->inferences->isolated)
		return UNDECIDED_NOT;
	vec_each (const struct matrix, m, in->inferences->matrices) {
		if (m->control || !m->zone)
			continue;
		if (m->voids.blackouts.verdict == BLACKOUT_LASTING)
			return UNDECIDED_BLACKOUT;
		if (m->answerable >= LOSSY_LEAST && m->lost > m->answerable / 2)
			return UNDECIDED_LOSS;
		why = UNDECIDED_NOT;
	}
	return why;
}

struct verdict check_verdict(const struct check_input *in, const struct findings *f)
{
	/* The first reason that holds is told: the ones that explain the others come first. */
	static enum undecided (*const reasons[])(const struct check_input *in) = {
		stopped,
		lookup,
		pool,
		silence,
		sweeps,
		privilege,
		thin,
		cause,
		isolation,
		shapes,
	};
	struct verdict v = { .state = VERDICT_OK, .where = WHERE_NONE };

	vec_each (const struct finding, x, f->list) {
		if (x->severity >= SEV_WARNING && (!v.main || graver(x, v.main) > 0))
			v.main = x;
	}
	if (v.main && !in->facts->note) {
		v.state = VERDICT_FAULT;
		v.where = v.main->where;
		return v;
	}
	for (size_t i = 0; i < ARRAY_LEN(reasons) && v.reason == UNDECIDED_NOT; i++)
		v.reason = reasons[i](in);
	if (v.reason != UNDECIDED_NOT) {
		v.state = VERDICT_UNDECIDED;
		v.where = WHERE_UNKNOWN;
	}
	return v;
}
