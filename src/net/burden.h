/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How many asks under way still burden their server. One is over when its fate is known; one
 * without a reply burdens nobody any more once a reply would have been there, however long it is
 * waited for yet. So they are counted by when they left, in slots of a few milliseconds, and all
 * before some time can be struck off together.
 *
 *	struct burden b = { 0 };
 *	burden_sent(&b, now);
 *	burden_seen(&b, left);          // the reply to what left then, or its time-out
 *	burden_forget(&b, now - longest_rtt);
 *	if (b.n < window)
 *		... another one may go ...
 */
#ifndef NET_BURDEN_H
#define NET_BURDEN_H

#include <stdint.h>

enum {
	BURDEN_SLOT = 4000, /* µs */
	BURDEN_SLOTS = 512, /* what left longer ago than all of them last, 2 s, is struck off */
};

/* All zero: none. */
struct burden {
	uint32_t n;		      /* asks that count */
	uint64_t from;		      /* the first slot that does, from the clock's zero */
	uint16_t slots[BURDEN_SLOTS]; /* asks of each; a ring */
};

/* now: µs, monotonic, not before that of an earlier call. */
void burden_sent(struct burden *b, uint64_t now);

/* left: the now of burden_sent(). Counts for nothing when that was struck off. */
void burden_seen(struct burden *b, uint64_t left);

/* Strikes off what left before; to the start of a slot. */
void burden_forget(struct burden *b, uint64_t before);

/* The end of the slot of the oldest that counts, µs; b->n > 0. */
uint64_t burden_oldest(const struct burden *b);

#endif
