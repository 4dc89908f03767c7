// SPDX-License-Identifier: GPL-3.0-or-later
// A check of the tree over a bad path, and of servers that are dead: how long, and what is said.
#include "base/err.h"
#include "treeworld.h"

/* Three packets of ten are lost on the way: nothing is said of the servers. */
static void test_loss(void)
{
	enum { SEEDS = 12, LASTS = 6000000 };

	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		struct arena *a = arena_new();
		const struct treeworld_row row = {
			.patient = true, .loss = 0.3, .seed = seed, .secure = true, .chains = true
		};
		struct treeworld_run run = treeworld_run(a, &row);

		ok(run.ended && !run.overran, "loss, seed %u: ends", (unsigned int)seed);
		is_str(treeworld_tags(a, &run, &row), "", "loss: no finding");
		ok(run.lasted <= LASTS, "loss: %llu us", (unsigned long long)run.lasted);
		ok(run.asked <= 450, "loss: %zu packets", run.asked);
		arena_free(a);
	}
}

/* Whoever is dead is waited for once. */
static void test_dead(void)
{
	static const struct {
		struct treeworld_row row;
		uint64_t most; /* us */
	} dead[] = {
		{ { .what = "all", .patient = true, .changes = { { .silent = true } } }, 4000000 },
		{ { .what = "the zone's",
			  .patient = true,
			  .changes = { { .at = TREEWORLD_CHILD, .silent = true } } },
			4500000 },
		{ { .what = "the parent's",
			  .patient = true,
			  .changes = { { .at = TREEWORLD_XA, .silent = true } } },
			4000000 },
		{ { .what = "one",
			  .patient = true,
			  .changes = { { .at = "ns1.child.xa", .silent = true } } },
			4500000 },
	};

	for (size_t i = 0; i < ARRAY_LEN(dead); i++) {
		struct arena *a = arena_new();
		struct treeworld_run run = treeworld_run(a, &dead[i].row);

		ok(run.ended && run.lasted <= dead[i].most, "dead, %s: %llu us", dead[i].row.what,
			(unsigned long long)run.lasted);
		arena_free(a);
	}
}

int main(void)
{
	test_loss();
	test_dead();
	return tap_done();
}
