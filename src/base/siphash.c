/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SipHash-2-4 after sections 2.1 to 2.4 of its paper. */
#include "base/siphash.h"

#include <stddef.h>

enum { BLOCK = 8, COMPRESS = 2, FINISH = 4 };

struct state {
	uint64_t v0, v1, v2, v3;
};

static uint64_t rotate(uint64_t x, unsigned int k)
{
	return (x << k) | (x >> (64U - k));
}

/* The first n octets (at most 8), little-endian. */
static uint64_t little(const uint8_t *p, size_t n)
{
	uint64_t v = 0;

	for (size_t i = 0; i < n; i++)
		v |= (uint64_t)p[i] << (8 * i);
	return v;
}

static void rounds(struct state *s, unsigned int n)
{
	while (n--) {
		s->v0 += s->v1;
		s->v2 += s->v3;
		s->v1 = rotate(s->v1, 13) ^ s->v0;
		s->v3 = rotate(s->v3, 16) ^ s->v2;
		s->v0 = rotate(s->v0, 32);
		s->v2 += s->v1;
		s->v0 += s->v3;
		s->v1 = rotate(s->v1, 17) ^ s->v2;
		s->v3 = rotate(s->v3, 21) ^ s->v0;
		s->v2 = rotate(s->v2, 32);
	}
}

static void compress(struct state *s, uint64_t block)
{
	s->v3 ^= block;
	rounds(s, COMPRESS);
	s->v0 ^= block;
}

uint64_t siphash(const uint8_t key[SIPHASH_KEY], struct span data)
{
	uint64_t k0 = little(key, BLOCK), k1 = little(key + BLOCK, BLOCK);
	/* "somepseudorandomlygeneratedbytes" */
	struct state s = {
		k0 ^ 0x736f6d6570736575U,
		k1 ^ 0x646f72616e646f6dU,
		k0 ^ 0x6c7967656e657261U,
		k1 ^ 0x7465646279746573U,
	};
	size_t whole = data.n - data.n % BLOCK;

	for (size_t i = 0; i < whole; i += BLOCK)
		compress(&s, little(data.p + i, BLOCK));
	compress(&s, (uint64_t)(data.n & 0xffU) << 56U |
			     (whole < data.n ? little(data.p + whole, data.n - whole) : 0));
	s.v2 ^= 0xff;
	rounds(&s, FINISH);
	return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}
