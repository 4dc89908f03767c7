/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of net/burden: by hand, and beside a list of all asks at random times. */
#include "net/burden.h"

#include <string.h>

#include "tap.h"

#include "base/rng.h"

enum { ASKS = 4000 };

static void by_hand(void)
{
	struct burden b = { 0 };

	for (int i = 0; i < 5; i++)
		burden_sent(&b, 10 * BURDEN_SLOT + 1);
	burden_sent(&b, 12 * BURDEN_SLOT);
	is_int(b.n, 6, "all count");
	is_int(burden_oldest(&b), 11 * BURDEN_SLOT, "the oldest of them");
	burden_seen(&b, 10 * BURDEN_SLOT + 1);
	is_int(b.n, 5, "one is over");
	burden_forget(&b, 11 * BURDEN_SLOT - 1);
	is_int(b.n, 5, "a slot counts until all of it is before");
	burden_forget(&b, 11 * BURDEN_SLOT);
	is_int(b.n, 1, "what left before is struck off");
	is_int(burden_oldest(&b), 13 * BURDEN_SLOT, "then another is the oldest");
	burden_seen(&b, 10 * BURDEN_SLOT + 1);
	is_int(b.n, 1, "and is not counted again when it is over");
	burden_sent(&b, (12 + BURDEN_SLOTS) * BURDEN_SLOT);
	is_int(b.n, 1, "what is older than all slots is struck off");
	burden_seen(&b, (12 + BURDEN_SLOTS) * BURDEN_SLOT);
	is_int(b.n, 0, "none is left");
	burden_seen(&b, (12 + BURDEN_SLOTS) * BURDEN_SLOT);
	is_int(b.n, 0, "nor less than none");
}

static void many(void)
{
	struct burden b = { 0 };

	for (int i = 0; i < UINT16_MAX + 100; i++)
		burden_sent(&b, 1);
	is_int(b.n, UINT16_MAX, "a slot has room for so many");
	for (int i = 0; i < UINT16_MAX + 100; i++)
		burden_seen(&b, 1);
	is_int(b.n, 0, "and gives back no more");
}

/* Asks at random times; true: the burden was the number of those that a list of them has. */
static bool at_random(uint64_t seed)
{
	struct rng rng = rng_seed(seed);
	struct burden b = { 0 };
	uint64_t now = 1 + rng_below(&rng, 1000000), left[ASKS], forgot = 0;
	bool over[ASKS] = { false };

	for (int n = 0; n < ASKS; n++) {
		uint32_t want = 0;
		int i;

		now += rng_below(&rng, 3) ? rng_below(&rng, 300) : rng_below(&rng, 20000);
		left[n] = now;
		burden_sent(&b, now);
		if (now / BURDEN_SLOT - BURDEN_SLOTS + 1 > forgot / BURDEN_SLOT &&
			now / BURDEN_SLOT >= BURDEN_SLOTS)
			forgot = (now / BURDEN_SLOT - BURDEN_SLOTS + 1) * BURDEN_SLOT;
		i = (int)rng_below(&rng, (uint32_t)n + 1);
		if (!over[i])
			burden_seen(&b, left[i]);
		over[i] = true;
		if (rng_below(&rng, 50) == 0) {
			uint64_t before =
				now - rng_below(&rng, (uint32_t)(now < 500000 ? now : 500000));

			burden_forget(&b, before);
			forgot = before > forgot ? before : forgot;
		}
		for (i = 0; i <= n; i++)
			want += !over[i] && left[i] / BURDEN_SLOT >= forgot / BURDEN_SLOT;
		if (want != b.n)
			return false;
	}
	return true;
}

int main(void)
{
	by_hand();
	many();
	for (uint64_t seed = 1; seed <= 5; seed++)
		ok(at_random(seed), "as a list of all asks has it, seed %d", (int)seed);
	return tap_done();
}
