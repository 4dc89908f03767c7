/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Surveys: counts and bounds by rows, and by simulation how often intervals hold the truth. */
#include "infer/survey.h"

#include <math.h>
#include <string.h>

#include "prop.h"
#include "tap.h"

#include "base/err.h"
#include "base/stats.h"

static const struct survey_row *row_of(const struct survey *s, const char *slug)
{
	vec_each (const struct survey_row, r, s->rows)
		if (!r->set && strcmp(survey_row_slug(r), slug) == 0)
			return r;
	return NULL;
}

static struct span key(const char *text)
{
	return (struct span){ (const uint8_t *)text, strlen(text) };
}

/* Two operators and one server of nobody's; low, dns: sets. */
static void test_counts(void)
{
	struct arena *a = arena_new();
	struct portset low = { 0 }, dns = { 0 }, same = { 0 };
	struct survey_server v[] = {
		{ key("one"), PATTERN_RANGES, &low },
		{ key("two"), PATTERN_NONE, NULL },
		{ key("one"), PATTERN_RANGES, &same },
		{ key("two"), PATTERN_UNKNOWN, NULL },
		{ key("one"), PATTERN_NONE, NULL },
		{ { NULL, 0 }, PATTERN_POLICER, NULL },
		{ { NULL, 0 }, PATTERN_RANGES, &dns },
		{ key("three"), PATTERN_UNKNOWN, NULL },
		{ key("on"), PATTERN_ALL, NULL },
	};
	struct survey s;
	const struct survey_row *r;

	portset_add_range(&low, (struct portrange){ 1, 1023 });
	portset_add_range(&same, (struct portrange){ 1, 1023 });
	portset_add(&dns, 53);
	survey_judge(a, &(struct survey_sample){ v, ARRAY_LEN(v), 0, 0.95 }, &s);
	is_int((int64_t)s.servers, 9, "servers");
	is_int((int64_t)s.undecided, 2, "undecided");
	is_int((int64_t)s.operators, 6, "operators: a server without one is its own");
	r = row_of(&s, "filtered");
	is_int((int64_t)r->servers.hits, 4, "filtered servers");
	is_int((int64_t)r->servers.decided, 7, "of those decided");
	is_int((int64_t)r->operators.hits, 3, "filtered operators");
	is_int((int64_t)r->operators.decided, 5, "of those with a decided server");
	is_int((int64_t)r->operators.open, 2, "and two that may be");
	is_near(r->servers.least, 4. / 9, 1e-12, "were the undecided without it");
	is_near(r->servers.most, 6. / 9, 1e-12, "were they with it");
	is_near(r->servers.interval.low, stats_binomial_lower(4, 7, 0.975), 1e-12, "low end");
	is_near(r->servers.worst.low, stats_binomial_lower(4, 9, 0.975), 1e-12, "worst low end");
	is_near(r->servers.worst.high, stats_binomial_upper(6, 9, 0.975), 1e-12, "worst high");
	is_near(r->effective, 7 * 7 / (9. + 4 * 1), 1e-12, "few operators: each is one server");
	is_int((int64_t)row_of(&s, "all")->servers.hits, 1, "unreachable servers");
	is_int((int64_t)row_of(&s, "hash")->servers.hits, 0, "none of another kind");
	is_int((int64_t)s.rows.n, 8, "six patterns and two sets");
	ok(portset_equal(s.rows.v[6].set, &low), "the frequent set first");
	is_int((int64_t)s.rows.v[6].servers.hits, 2, "equal sets are one");
	is_int((int64_t)s.rows.v[7].operators.hits, 1, "the other set");
	arena_free(a);
}

static void test_edges(void)
{
	struct arena *a = arena_new();
	struct survey_server v[40] = { 0 };
	static struct portset sets[40];
	struct survey s;

	survey_judge(a, &(struct survey_sample){ NULL, 0, 0, 0.95 }, &s);
	is_near(row_of(&s, "none")->servers.interval.high, 1, 0, "of nothing all is possible");
	is_near(row_of(&s, "none")->alike.high, 1, 0, "of operators, too");
	for (unsigned int i = 0; i < ARRAY_LEN(v); i++)
		v[i] = (struct survey_server){ .pattern = PATTERN_UNKNOWN };
	survey_judge(a, &(struct survey_sample){ v, 40, 40, 0.95 }, &s);
	is_near(row_of(&s, "none")->servers.interval.high, 1, 0, "none decided: nothing known");
	is_near(row_of(&s, "none")->servers.most, 1, 0, "all may have it");
	for (size_t i = 0; i < ARRAY_LEN(v); i++) {
		portset_add(&sets[i], (uint16_t)(i + 1));
		v[i] = (struct survey_server){ .pattern = PATTERN_RANGES, .blocked = &sets[i] };
	}
	survey_judge(a, &(struct survey_sample){ v, 40, 40, 0.95 }, &s);
	is_near(row_of(&s, "ranges")->servers.interval.low, 1, 0, "a list asked as a whole");
	is_near(row_of(&s, "none")->servers.interval.high, 0, 0, "leaves nothing to chance");
	is_near(row_of(&s, "none")->operators.interval.high, 0, 0, "of its operators, too");
	ok(row_of(&s, "none")->alike.high > 0.05, "but of others like them");
	is_int((int64_t)s.rows.n, 6 + SURVEY_SETS, "sets are bounded");
	is_int((int64_t)s.other_sets, 40 - SURVEY_SETS, "those left out are counted");
	arena_free(a);
}

/* Populations of operators; how many servers the i-th of them has. */

static uint32_t size_one(uint32_t i)
{
	(void)i;
	return 1;
}

static uint32_t size_ten(uint32_t i)
{
	(void)i;
	return 10;
}

/* As Zipf has it: 2000, 1000, 667… */
static uint32_t size_skewed(uint32_t i)
{
	return 1 + 2000 / (i + 1);
}

/* One has a third of all, the others a few. */
static uint32_t size_giant(uint32_t i)
{
	return i ? 1 + i % 5 : 10000;
}

/* Who has the pattern: operators as a whole, any server, or larger operators more often. */
enum placing { BY_OPERATOR, BY_SERVER, BY_SIZE };

static const struct world {
	const char *name;
	uint32_t (*size)(uint32_t i);
	uint32_t operators;
	enum placing placing;
	double share;
	uint32_t drawn;
} worlds[] = {
	{ "one server each, 0.1%", size_one, 20000, BY_SERVER, 0.001, 200 },
	{ "one server each, 0.1%", size_one, 20000, BY_SERVER, 0.001, 2000 },
	{ "one server each, 1%", size_one, 20000, BY_SERVER, 0.01, 500 },
	{ "one server each, 5%", size_one, 20000, BY_SERVER, 0.05, 200 },
	{ "one server each, 30%", size_one, 20000, BY_SERVER, 0.3, 2000 },
	{ "one server each, small list, 5%", size_one, 700, BY_SERVER, 0.05, 500 },
	{ "one server each, small list, 30%", size_one, 2200, BY_SERVER, 0.3, 2000 },
	{ "ten servers each, 0.1%", size_ten, 3000, BY_OPERATOR, 0.001, 1000 },
	{ "ten servers each, 1%", size_ten, 3000, BY_OPERATOR, 0.01, 500 },
	{ "ten servers each, 10%", size_ten, 3000, BY_OPERATOR, 0.1, 200 },
	{ "ten servers each, 30%", size_ten, 3000, BY_OPERATOR, 0.3, 2000 },
	{ "ten servers each, small list, 10%", size_ten, 60, BY_OPERATOR, 0.1, 300 },
	{ "ten servers each, by server, 5%", size_ten, 3000, BY_SERVER, 0.05, 1000 },
	{ "skewed, 0.1%", size_skewed, 4000, BY_OPERATOR, 0.001, 2000 },
	{ "skewed, 1%", size_skewed, 4000, BY_OPERATOR, 0.01, 200 },
	{ "skewed, 1%", size_skewed, 4000, BY_OPERATOR, 0.01, 2000 },
	{ "skewed, 5%", size_skewed, 4000, BY_OPERATOR, 0.05, 500 },
	{ "skewed, 30%", size_skewed, 4000, BY_OPERATOR, 0.3, 1000 },
	{ "skewed, the large more often, 10%", size_skewed, 4000, BY_SIZE, 0.1, 500 },
	{ "skewed, by server, 10%", size_skewed, 4000, BY_SERVER, 0.1, 1000 },
	{ "a giant, 0.1%", size_giant, 6000, BY_OPERATOR, 0.001, 1000 },
	{ "a giant, 5%", size_giant, 6000, BY_OPERATOR, 0.05, 200 },
	{ "a giant, 10%", size_giant, 6000, BY_OPERATOR, 0.1, 2000 },
	{ "a giant, 30%", size_giant, 6000, BY_OPERATOR, 0.3, 500 },
};

enum { SERVERS_MOST = 60000, OPERATORS_MOST = 20000, DRAWN_MOST = 2000 };

static struct {
	uint32_t owner[SERVERS_MOST];
	bool has[SERVERS_MOST];
	uint32_t order[SERVERS_MOST]; /* shuffled as far as was drawn */
	uint32_t n, marked;
	uint32_t of[OPERATORS_MOST], marked_of[OPERATORS_MOST]; /* servers of an operator */
} list;

static void build(const struct world *w, struct rng *r)
{
	list.n = list.marked = 0;
	for (uint32_t o = 0; o < w->operators; o++) {
		uint32_t size = w->size(o);
		double p = w->placing == BY_SIZE ? fmin(1, w->share * sqrt(size) / 3) : w->share;
		bool all = rng_unit(r) < p;

		list.of[o] = size;
		list.marked_of[o] = 0;
		for (uint32_t i = 0; i < size; i++) {
			bool has = w->placing == BY_SERVER ? rng_unit(r) < p : all;

			list.owner[list.n] = o;
			list.order[list.n] = list.n;
			list.has[list.n++] = has;
			list.marked += has;
			list.marked_of[o] += has;
		}
	}
}

/* Draws a sample, none twice. Of servers with the pattern so many turn out undecided. */
static void draw(const struct world *w, double undecided, struct survey_server *v, struct rng *r)
{
	for (uint32_t i = 0; i < w->drawn; i++) {
		uint32_t j = i + rng_below(r, list.n - i), t = list.order[i];
		uint32_t s = list.order[j];

		list.order[i] = s;
		list.order[j] = t;
		v[i] = (struct survey_server){
			.owner = { (const uint8_t *)&list.owner[s], sizeof(uint32_t) },
			.pattern = list.has[s] ? PATTERN_HASH : PATTERN_NONE,
		};
		if (list.has[s] && rng_unit(r) < undecided)
			v[i].pattern = PATTERN_UNKNOWN;
	}
}

/* The share of operators as they are met: each by its chance to be, and to be found with it. */
static double met_share(const struct world *w)
{
	double met = 0, found = 0;

	for (uint32_t o = 0; o < w->operators; o++) {
		struct stats_sample s = { 1, w->drawn, list.n };

		met += stats_marked_tail(&s, list.of[o]);
		if (list.marked_of[o])
			found += stats_marked_tail(&s, list.marked_of[o]);
	}
	return found / met;
}

static bool holds(const struct survey_interval *i, double truth)
{
	return truth >= i->low - 1e-12 && truth <= i->high + 1e-12;
}

/* Each row; PROP_CASES=2000 takes a minute and tells coverage to half a percent. */
enum { TIMES = 300 };
static const double least_coverage = 0.93;

static unsigned int times(void)
{
	const char *n = getenv("PROP_CASES");

	return n ? (unsigned int)strtoul(n, NULL, 0) : TIMES;
}

/* One list, drawn from again and again: what the design promises of that list. */
static void test_list(const struct world *w, struct rng *r)
{
	static struct survey_server v[DRAWN_MOST];
	unsigned int servers = 0, operators = 0;
	double share, met;

	build(w, r);
	share = (double)list.marked / list.n;
	met = met_share(w);
	for (unsigned int i = 0; i < times(); i++) {
		struct arena *a = arena_new();
		const struct survey_row *row;
		struct survey s;

		draw(w, 0, v, r);
		survey_judge(a, &(struct survey_sample){ v, w->drawn, list.n, 0.95 }, &s);
		row = row_of(&s, "hash");
		servers += holds(&row->servers.interval, share);
		operators += holds(&row->operators.interval, met);
		arena_free(a);
	}
	ok(servers >= least_coverage * times() && operators >= least_coverage * times(),
		"%s, %u of %u servers: held %.1f%% (servers), %.1f%% (operators)", w->name,
		w->drawn, list.n, 100. * servers / times(), 100. * operators / times());
}

/* Operators who decide anew each time: what is said of operators like these. */
static void test_alike(const struct world *w, struct rng *r)
{
	static struct survey_server v[DRAWN_MOST];
	unsigned int held = 0;
	double effective = 0;

	for (unsigned int i = 0; i < times(); i++) {
		struct arena *a = arena_new();
		const struct survey_row *row;
		struct survey s;

		build(w, r);
		draw(w, 0, v, r);
		survey_judge(a, &(struct survey_sample){ v, w->drawn, list.n, 0.95 }, &s);
		row = row_of(&s, "hash");
		held += holds(&row->alike, w->share);
		effective += row->effective / times();
		arena_free(a);
	}
	ok(held >= least_coverage * times(),
		"%s, %u drawn: held %.1f%% (operators alike; as %.0f unrelated servers)", w->name,
		w->drawn, 100. * held / times(), effective);
}

/* Servers with the pattern that cannot be decided make the share too low, but not the worst. */
static void test_undecided(const struct world *w, struct rng *r)
{
	static struct survey_server v[DRAWN_MOST];
	unsigned int held = 0, plain = 0;
	double share;

	build(w, r);
	share = (double)list.marked / list.n;
	for (unsigned int i = 0; i < times(); i++) {
		struct arena *a = arena_new();
		const struct survey_share *s;
		struct survey all;

		draw(w, 0.5, v, r);
		survey_judge(a, &(struct survey_sample){ v, w->drawn, list.n, 0.95 }, &all);
		s = &row_of(&all, "hash")->servers;
		held += holds(&s->worst, share);
		plain += holds(&s->interval, share);
		arena_free(a);
	}
	ok(held >= least_coverage * times() && plain < held,
		"%s, half of the hits undecided: worst held %.1f%%, without them %.1f%%", w->name,
		100. * held / times(), 100. * plain / times());
}

int main(void)
{
	struct rng r = rng_seed(9);

	test_counts();
	test_edges();
	for (size_t i = 0; i < ARRAY_LEN(worlds); i++)
		test_list(&worlds[i], &r);
	for (size_t i = 0; i < ARRAY_LEN(worlds); i++)
		if (worlds[i].placing != BY_SIZE)
			test_alike(&worlds[i], &r);
	test_undecided(&worlds[4], &r);
	test_undecided(&worlds[17], &r);
	return tap_done();
}
