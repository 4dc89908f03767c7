/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hexadecimal digits: there and back, and what is none. */
#include "base/hex.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/rng.h"
#include "prop.h"
#include "tap.h"

static const char *const bads[] = { "0", "0g", "g0", "0x", "00 00", "-1", "000" };

static bool there_and_back(struct rng *rng)
{
	struct arena *a = arena_new();
	uint8_t octets[32];
	size_t n = rng_below(rng, sizeof(octets) + 1);
	struct span got;
	bool good;

	for (size_t i = 0; i < n; i++)
		octets[i] = (uint8_t)rng_below(rng, 256);
	good = hex_parse(a, hex_text(a, (struct span){ octets, n }), &got) == 0 && got.n == n &&
	       memcmp(got.p, octets, n) == 0;
	arena_free(a);
	return good;
}

int main(void)
{
	struct arena *a = arena_new();
	struct span got = { 0 };
	char *large = arena_alloc(a, 2 * HEX_OCTETS + 3);

	ok(hex_parse(a, "aBcD", &got) == 0 && got.n == 2 && got.p[0] == 0xab && got.p[1] == 0xcd,
		"letters of either case");
	ok(hex_parse(a, "", &got) == 0 && got.n == 0, "nothing is no octet");
	for (size_t i = 0; i < ARRAY_LEN(bads); i++)
		is_int(hex_parse(a, bads[i], &got), -ERR_PARSE, bads[i]);
	memset(large, '0', 2 * HEX_OCTETS);
	ok(hex_parse(a, large, &got) == 0 && got.n == HEX_OCTETS, "as many as are taken");
	memset(large, '0', 2 * HEX_OCTETS + 2);
	is_int(hex_parse(a, large, &got), -ERR_PARSE, "one more");
	arena_free(a);
	prop("octets are the same when they come back", there_and_back, 1000);
	return tap_done();
}
