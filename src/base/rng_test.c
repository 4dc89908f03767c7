/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of base/rng: the published sequences, and that nothing is favoured. */
#include "base/rng.h"

#include "prop.h"
#include "tap.h"

#include "base/err.h"

static void test_sequences(void)
{
	/* splitmix64 from 0, and xoshiro256** from the state 1, 2, 3, 4. */
	static const uint64_t split[] = { 0xe220a8397b1dcdaf, 0x6e789e6aa1b965f4,
		0x06c45d188009454f, 0xf88bb8a8724c81ec };
	static const uint64_t xoshiro[] = { 11520, 0, 1509978240, 1215971899390074240,
		1216172134540287360, 607988272756665600 };
	struct rng r = rng_seed(0);

	for (size_t i = 0; i < ARRAY_LEN(split); i++)
		ok(r.s[i] == split[i], "state word %zu of seed 0", i);
	r = (struct rng){ { 1, 2, 3, 4 } };
	for (size_t i = 0; i < ARRAY_LEN(xoshiro); i++)
		ok(rng_u64(&r) == xoshiro[i], "number %zu", i);
}

/* Pearson's statistic of counts that should be equal. */
static double chi_square(const unsigned int *count, size_t n, double each)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += (count[i] - each) * (count[i] - each) / each;
	return sum;
}

static void test_below(void)
{
	static const uint32_t bounds[] = { 1, 2, 3, 7, 64, 65536, 0x80000001, UINT32_MAX };
	unsigned int count[7] = { 0 };
	struct rng r = rng_seed(5);

	for (size_t i = 0; i < ARRAY_LEN(bounds); i++) {
		bool inside = true;

		for (int k = 0; k < 1000; k++)
			inside = inside && rng_below(&r, bounds[i]) < bounds[i];
		ok(inside, "below %u", bounds[i]);
	}
	for (int i = 0; i < 70000; i++)
		count[rng_below(&r, 7)]++;
	/* 6 degrees of freedom: 22.5 is passed by chance once in 1,000. */
	ok(chi_square(count, 7, 10000) < 22.5, "below 7: no number favoured");
	/* Three quarters of all products: without rejection one residue would come twice as often.
	 */
	memset(count, 0, sizeof(count));
	for (int i = 0; i < 30000; i++)
		count[rng_below(&r, 0xc0000000) % 3]++;
	/* 2 degrees of freedom: 13.8 is passed by chance once in 1,000. */
	ok(chi_square(count, 3, 10000) < 13.8, "below 3 << 30: no residue favoured");
}

static void test_unit(void)
{
	struct rng r = rng_seed(6);
	double sum = 0, least = 1, most = 0;

	for (int i = 0; i < 100000; i++) {
		double u = rng_unit(&r);

		sum += u;
		least = u < least ? u : least;
		most = u > most ? u : most;
	}
	ok(least >= 0 && least < 0.001, "from 0");
	ok(most < 1 && most > 0.999, "below 1");
	is_near(sum / 100000, 0.5, 0.005, "mean");
}

static void test_shuffle(void)
{
	unsigned int count[256] = { 0 }, orders = 0;
	struct rng r = rng_seed(7);
	double sum = 0;

	for (int i = 0; i < 24000; i++) {
		uint8_t v[4] = { 0, 1, 2, 3 };

		rng_shuffle(&r, v, 4, 1);
		count[v[0] | v[1] << 2 | v[2] << 4 | v[3] << 6]++;
	}
	for (size_t i = 0; i < 256; i++) {
		orders += count[i] > 0;
		sum += count[i] ? (count[i] - 1000.0) * (count[i] - 1000.0) / 1000 : 0;
	}
	is_int(orders, 24, "every order of 4 items occurs");
	/* 23 degrees of freedom: 49.7 is passed by chance once in 1,000. */
	ok(sum < 49.7, "no order favoured");
	rng_shuffle(&r, NULL, 0, 8);
	ok(true, "nothing to shuffle");
}

struct wide {
	uint64_t v[8];
};

static bool case_permutation(struct rng *r)
{
	struct wide v[50];
	bool seen[50] = { false };
	size_t n = rng_below(r, 51);

	for (size_t i = 0; i < n; i++)
		v[i] = (struct wide){ .v = { i, [7] = ~i } };
	rng_shuffle(r, v, n, sizeof(v[0]));
	for (size_t i = 0; i < n; i++) {
		if (v[i].v[0] >= n || seen[v[i].v[0]] || v[i].v[7] != ~v[i].v[0])
			return false;
		seen[v[i].v[0]] = true;
	}
	return true;
}

static bool case_repeats(struct rng *r)
{
	uint64_t seed = rng_u64(r);
	struct rng one = rng_seed(seed), two = rng_seed(seed), other = rng_seed(seed + 1);
	bool differs = false;

	for (int i = 0; i < 20; i++) {
		uint64_t v = rng_u64(&one);

		if (v != rng_u64(&two))
			return false;
		differs = differs || v != rng_u64(&other);
	}
	return differs;
}

int main(void)
{
	test_sequences();
	test_below();
	test_unit();
	test_shuffle();
	prop("shuffle keeps every item", case_permutation, 500);
	prop("a seed repeats, its neighbour differs", case_repeats, 500);
	return tap_done();
}
