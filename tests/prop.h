/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Property tests: many seeded cases, one TAP line for all, the seed of the first failure shown.
 *
 *	static bool case_round_trip(struct rng *r) { ... return same; }
 *	...
 *	prop("parse(text(x)) = x", case_round_trip, 1000);
 *
 * PROP_SEED runs one seed alone, PROP_CASES changes the number of cases.
 */
#ifndef TESTS_PROP_H
#define TESTS_PROP_H

#include <stdlib.h>

#include "base/rng.h"
#include "tap.h"

__attribute__((unused)) static bool prop(
	const char *name, bool (*one)(struct rng *r), unsigned long cases)
{
	const char *seed = getenv("PROP_SEED"), *n = getenv("PROP_CASES");
	unsigned long first = seed ? strtoul(seed, NULL, 0) : 1, last;

	last = seed ? first : first + (n ? strtoul(n, NULL, 0) : cases) - 1;
	for (unsigned long i = first; i <= last; i++) {
		struct rng r = rng_seed(i);

		if (!one(&r)) {
			ok(false, "%s", name);
			printf("#   fails with PROP_SEED=%lu\n", i);
			return false;
		}
	}
	return ok(true, "%s (%lu cases)", name, last - first + 1);
}

#endif
