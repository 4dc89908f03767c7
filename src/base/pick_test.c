/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Samples of a stream: uniform, alike for alike seeds, without duplicates, bounded. */
#include "base/pick.h"

#include <math.h>
#include <string.h>

#include "prop.h"
#include "tap.h"

#include "base/stats.h"

static struct span text_of(uint32_t i, char room[16])
{
	int n = snprintf(room, 16, "%u", i);

	return (struct span){ (const uint8_t *)room, (size_t)n };
}

static void add(struct pick *p, uint32_t i)
{
	char room[16];
	struct span s = text_of(i, room);

	pick_add(p, s, s);
}

/* P(a chi-square of that many degrees of freedom is as large), by Wilson and Hilferty. */
static double chi_tail(double x, double df)
{
	double z = (cbrt(x / df) - 1 + 2 / (9 * df)) / sqrt(2 / (9 * df));

	return erfc(z / sqrt(2)) / 2;
}

enum { ITEMS = 12, TAKEN = 4, SEEDS = 30000 };

/*
 * Every item, at every place of the sample, and every pair is as likely as any other, though item
 * i comes i times, and the first ones first.
 */
static void test_uniform(void)
{
	double at[TAKEN][ITEMS] = { { 0 } }, pair[ITEMS][ITEMS] = { { 0 } };
	double x = 0, pairs = 0, want = (double)SEEDS / ITEMS;
	double want_pair = (double)SEEDS * TAKEN * (TAKEN - 1) / (ITEMS * (ITEMS - 1));

	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		struct rng r = rng_seed(seed);
		struct arena *a = arena_new();
		struct pick *p = pick_new(a, TAKEN, &r);
		unsigned long got[TAKEN];

		for (uint32_t i = 0; i < ITEMS; i++)
			for (uint32_t n = 0; n <= i; n++)
				add(p, i);
		for (size_t k = 0; k < TAKEN; k++) {
			got[k] = strtoul(pick_text(p, k), NULL, 10);
			at[k][got[k]]++;
			for (size_t l = 0; l < k; l++)
				pair[got[k] < got[l] ? got[k] : got[l]]
				    [got[k] < got[l] ? got[l] : got[k]]++;
		}
		arena_free(a);
	}
	for (size_t k = 0; k < TAKEN; k++)
		for (size_t i = 0; i < ITEMS; i++)
			x += pow(at[k][i] - want, 2) / want;
	for (size_t i = 0; i < ITEMS; i++)
		for (size_t j = i + 1; j < ITEMS; j++)
			pairs += pow(pair[i][j] - want_pair, 2) / want_pair;
	ok(chi_tail(x, TAKEN * (ITEMS - 1)) > 0.001,
		"items and places: chi-square %.1f of %d degrees", x, TAKEN * (ITEMS - 1));
	/* A sample's pairs hang together: their sum of squares is below that of independent ones.
	 */
	ok(chi_tail(pairs, ITEMS * (ITEMS - 1) / 2. - 1) > 0.001, "pairs: chi-square %.1f", pairs);
}

/* The same seed takes the same ones from any order, with any repeats; the first are its prefix. */
static bool case_order(struct rng *r)
{
	struct arena *a = arena_new();
	uint32_t n = 1 + rng_below(r, 300), order[300];
	size_t most = 1 + rng_below(r, 40), less = 1 + rng_below(r, (uint32_t)most);
	struct rng one = rng_seed(n), two = one, three = one;
	struct pick *p = pick_new(a, most, &one), *q = pick_new(a, most, &two);
	struct pick *s = pick_new(a, less, &three);
	bool good;

	for (uint32_t i = 0; i < n; i++) {
		order[i] = i;
		add(p, i);
	}
	rng_shuffle(r, order, n, sizeof(*order));
	for (uint32_t i = 0; i < n; i++) {
		add(q, order[i]);
		add(q, order[rng_below(r, i + 1)]);
		add(s, order[i]);
	}
	good = pick_count(p) == (n < most ? n : most) && pick_count(p) == pick_count(q);
	for (size_t i = 0; good && i < pick_count(p); i++)
		good = strcmp(pick_text(p, i), pick_text(q, i)) == 0;
	for (size_t i = 0; good && i < pick_count(s); i++)
		good = strcmp(pick_text(p, i), pick_text(s, i)) == 0;
	good = good && pick_population(p).exact == (n <= most);
	arena_free(a);
	return good;
}

/* The bound misses one time in a hundred. */
static void test_population(void)
{
	unsigned int missed = 0, seeds = 1000;
	double sum = 0;

	for (uint64_t seed = 0; seed < seeds; seed++) {
		struct rng r = rng_seed(seed);
		struct arena *a = arena_new();
		struct pick *p = pick_new(a, 50, &r);
		struct pick_size size;

		for (uint32_t i = 0; i < 2000; i++)
			add(p, i);
		size = pick_population(p);
		sum += (double)size.likely;
		missed += size.most < 2000;
		arena_free(a);
	}
	is_near(sum / seeds, 2000, 40, "the estimate of how many there were is right on average");
	ok(missed < 25, "its upper bound missed %u times of %u", missed, seeds);
}

static void test_bounds(void)
{
	struct rng r = rng_seed(3);
	struct arena *a = arena_new();
	struct pick *p = pick_new(a, 10, &r);
	uint8_t text[3000];
	size_t used;

	memset(text, 'x', sizeof(text));
	for (uint32_t i = 0; i < 100000; i++) {
		memcpy(text, &i, sizeof(i));
		pick_add(p, (struct span){ text, 4 + rng_below(&r, 2996) },
			(struct span){ text + 4, rng_below(&r, 2996) });
	}
	used = arena_used(a);
	ok(used < 10 * 2 * (PICK_TEXT + 1024) + 4096, "memory of 10 things is bounded: %zu", used);
	is_int((int64_t)pick_count(p), 10, "ten of them");
	for (size_t i = 0; i < 10; i++)
		ok(strlen(pick_text(p, i)) <= PICK_TEXT, "text is cut");
	arena_free(a);
	a = arena_new();
	p = pick_new(a, 1, &r);
	is_int((int64_t)pick_population(p).likely, 0, "of nothing");
	pick_add(p, (struct span){ NULL, 0 }, (struct span){ NULL, 0 });
	is_str(pick_text(p, 0), "", "an empty one");
	arena_free(a);
}

int main(void)
{
	test_uniform();
	prop("order and repeats do not count", case_order, 500);
	test_population();
	test_bounds();
	return tap_done();
}
