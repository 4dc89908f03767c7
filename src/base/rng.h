/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Random numbers that a seed repeats: xoshiro256** (Blackman and Vigna, 2018) filled by
 * splitmix64. For choices and simulations; ids on the wire are drawn from it too, seeded by the
 * kernel, because a diagnosis needs unpredictable ids but no cryptography.
 */
#ifndef BASE_RNG_H
#define BASE_RNG_H

#include <stddef.h>
#include <stdint.h>

struct rng {
	uint64_t s[4];
};

/* The generator that seed stands for. */
struct rng rng_seed(uint64_t seed);

/* 64 random bits. */
uint64_t rng_u64(struct rng *r);

/* A number in 0 .. n-1, without bias. n must not be 0. */
uint32_t rng_below(struct rng *r, uint32_t n);

/* A number in [0, 1). */
double rng_unit(struct rng *r);

/* Shuffles count items of size bytes each (size <= 64). */
void rng_shuffle(struct rng *r, void *items, size_t count, size_t size);

#endif
