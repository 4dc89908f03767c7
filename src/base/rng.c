/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random numbers that a seed repeats. */
#include "base/rng.h"

#include <assert.h>
#include <string.h>

static uint64_t rotate(uint64_t x, int k)
{
	return (x << k) | (x >> (64 - k));
}

/* splitmix64, the authors' advice for filling the state. */
static uint64_t split(uint64_t *x)
{
	uint64_t z = *x += 0x9e3779b97f4a7c15U;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
	return z ^ (z >> 31);
}

struct rng rng_seed(uint64_t seed)
{
	struct rng r;

	for (size_t i = 0; i < 4; i++)
		r.s[i] = split(&seed);
	return r;
}

uint64_t rng_u64(struct rng *r)
{
	uint64_t *s = r->s, result = rotate(s[1] * 5, 7) * 9, t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotate(s[3], 45);
	return result;
}

uint32_t rng_below(struct rng *r, uint32_t n)
{
	/* Lemire (2019): multiply, and reject the few products that would favour small numbers. */
	uint64_t m;
	uint32_t least;

	assert(n != 0);
	least = (0U - n) % n;
	do
		m = (uint64_t)(uint32_t)(rng_u64(r) >> 32) * n;
	while ((uint32_t)m < least);
	return (uint32_t)(m >> 32);
}

double rng_unit(struct rng *r)
{
	return (double)(rng_u64(r) >> 11) * 0x1.0p-53;
}

void rng_shuffle(struct rng *r, void *items, size_t count, size_t size)
{
	unsigned char *p = items, tmp[64];

	assert(size <= sizeof(tmp));
	for (size_t i = count; i > 1; i--) {
		size_t j = rng_below(r, (uint32_t)i);

		memcpy(tmp, p + (i - 1) * size, size);
		memmove(p + (i - 1) * size, p + j * size, size);
		memcpy(p + j * size, tmp, size);
	}
}
