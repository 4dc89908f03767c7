/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A uniform random sample of the distinct things of a stream, in one pass and bounded memory: those
 * of the smallest keyed hash (bottom-k sampling: Cohen and Kaplan 2007). Each set of so many
 * distinct things is as likely as any other; how often a thing comes, where and in what order does
 * not count. How small the greatest hash kept is tells how many distinct things there were.
 *
 *	struct pick *p = pick_new(arena, 500, &rng);
 *	while (more)
 *		pick_add(p, key, text);		// key: what makes two things one
 *	for (size_t i = 0; i < pick_count(p); i++)
 *		use(pick_text(p, i));
 *	struct pick_size all = pick_population(p);
 */
#ifndef BASE_PICK_H
#define BASE_PICK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/rng.h"
#include "base/span.h"

enum {
	PICK_MOST = 100000, /* things of a sample */
	PICK_TEXT = 1024,   /* octets of a thing's text */
};

struct pick;

/*
 * A sample of up to n things, 1 <= n <= PICK_MOST; all belongs to the arena, at most some 2 KB a
 * thing. The generator's seed decides which.
 */
struct pick *pick_new(struct arena *a, size_t n, struct rng *r);

/*
 * One thing of the stream: its key, in one form only (lower case, no comment), and what is to be
 * kept of it, cut at PICK_TEXT; both are copied. Of things with the same key (or, at chances of
 * 2^-64, the same hash) the first that is kept counts.
 */
void pick_add(struct pick *p, struct span key, struct span text);

/* How many are in the sample, so far. */
size_t pick_count(const struct pick *p);

/*
 * The index-th of the sample in random order, so that the first ones are a smaller sample; with a
 * '\0' behind. pick_add() must not follow.
 */
const char *pick_text(struct pick *p, size_t index);

/* How many distinct things the stream had. */
struct pick_size {
	uint64_t likely; /* the unbiased estimate (k - 1) / (greatest hash kept) */
	uint64_t most;	 /* upper bound at 99%: what a finite population correction may rely on */
	bool exact;	 /* it was counted: not more than the sample holds */
};

struct pick_size pick_population(const struct pick *p);

#endif
