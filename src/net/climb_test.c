/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of net/climb: servers of known capacity and distance, with noise, in virtual time. */
#include "net/climb.h"

#include "tap.h"

#include "base/rng.h"

enum { SECOND = 1000000, FIRST = 128, MOST = 10000 };

struct server {
	const char *what;
	double capacity;	  /* replies a second */
	uint64_t rtt;		  /* µs, when nothing waits */
	uint32_t lowest, highest; /* windows that are right */
};

/*
 * w asks in flight bring w replies each RTT until the capacity is reached; beyond, the RTT grows.
 * The share of the last seconds in which the window was right; *ret_rate: of the capacity or of
 * what the largest window brings.
 */
static double run(const struct server *s, uint64_t seed, double *ret_rate)
{
	struct rng rng = rng_seed(seed);
	struct climb c = climb_begin(FIRST);
	double best = MOST * 1e6 / (double)s->rtt, replies = 0, right = 0, all = 0, speed = 1;
	uint64_t now = 1, slice = 0;

	if (best > s->capacity)
		best = s->capacity;
	while (now < 20ULL * SECOND) {
		uint32_t w = climb_window(&c);
		double rate = w * 1e6 / (double)s->rtt;
		uint64_t step;

		/* Others use the CPU for slices of some ms. */
		if (now >= slice) {
			speed = 0.8 + 0.2 * rng_unit(&rng);
			slice = now + 4000;
		}
		if (rate > s->capacity * speed)
			rate = s->capacity * speed;
		/* Ten at a time: the test need not be exact to the packet. */
		step = (uint64_t)(10e6 / rate) + 1;
		now += step;
		climb_full(&c);
		for (int i = 0; i < 10; i++)
			climb_reply(
				&c, (struct climb_reply){ MOST, (uint64_t)(w * 1e6 / rate), now });
		if (now < 10ULL * SECOND)
			continue;
		all += (double)step;
		replies += 10;
		if (w >= s->lowest && w <= s->highest)
			right += (double)step;
	}
	*ret_rate = replies / (all / SECOND) / best;
	return right / all;
}

static void finds(void)
{
	static const struct server servers[] = {
		{ "near and fast", 150000, 100, FIRST, 1024 },
		{ "near, with a queue", 100000, 2000, FIRST, 2048 },
		{ "a resolver that has to ask others", 1e9, 100000, MOST / 2, MOST },
		{ "far and bounded", 20000, 50000, 512, 4096 },
		{ "far and slow", 500, 100000, FIRST, 1024 },
	};

	for (size_t i = 0; i < sizeof(servers) / sizeof(servers[0]); i++) {
		double right = 0, rate = 0;

		for (uint64_t seed = 1; seed <= 20; seed++) {
			double one;

			right += run(&servers[i], seed, &one) / 20;
			rate += one / 20;
		}
		ok(right > 0.9 && rate > 0.8, "%s: right %.2f of the time, %.2f of the best rate",
			servers[i].what, right, rate);
	}
}

static void few_ask(void)
{
	struct climb c = climb_begin(FIRST);

	for (uint64_t now = 1; now < 5ULL * SECOND; now += 100)
		climb_reply(&c, (struct climb_reply){ MOST, 1000, now });
	ok(climb_window(&c) == FIRST, "a window that is not filled does not grow");
	for (uint64_t now = 1; now < 5ULL * SECOND; now += 100) {
		climb_full(&c);
		climb_reply(&c, (struct climb_reply){ 0, 1000, now });
	}
	ok(climb_window(&c) == FIRST, "nor does one of a server that has a rate");
}

static void bounds(void)
{
	/* The more are in flight the more replies there are, without end. */
	struct climb c = climb_begin(FIRST);
	uint32_t highest = 0;

	for (uint64_t now = 1; now < 20ULL * SECOND; now += 100000 / climb_window(&c)) {
		climb_full(&c);
		climb_reply(&c, (struct climb_reply){ 1000, 100000, now });
		if (climb_window(&c) > highest)
			highest = climb_window(&c);
	}
	ok(highest == 1000, "never larger than may be (%u)", highest);
}

int main(void)
{
	finds();
	few_ask();
	bounds();
	return tap_done();
}
