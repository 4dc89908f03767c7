/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which names NSEC and NSEC3 records deny: hashes and intervals. */
#include <libdnssec/error.h>
#include <libdnssec/nsec.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "dns/dnssec.h"

enum { NSEC3_SHA1 = 1, HASH_LETTERS = 32 };

int nsec3_hash(const struct nsec3 *p, const struct name *n, uint8_t ret[NSEC3_HASH])
{
	struct name lower = name_lower(n);
	dnssec_nsec3_params_t params = {
		.algorithm = DNSSEC_NSEC3_ALGORITHM_SHA1,
		.iterations = p->iterations,
		.salt = { p->salt.n, (uint8_t *)p->salt.p }, /* it is only read */
	};
	dnssec_binary_t data = { lower.len, lower.wire }, hash = { 0 };

	if (p->hash != NSEC3_SHA1)
		return -ERR_NONE;
	if (p->iterations > NSEC3_MOST)
		return -ERR_LIMIT;
	if (dnssec_nsec3_hash(&data, &params, &hash) != DNSSEC_EOK || hash.size != NSEC3_HASH) {
		dnssec_binary_free(&hash);
		return -ERR_SYSTEM;
	}
	memcpy(ret, hash.data, NSEC3_HASH);
	dnssec_binary_free(&hash);
	return 0;
}

/* RFC 4648 7, in either case; -1: none of its letters. */
static int letter_value(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'v' ? c - 'a' + 10 : -1;
}

int nsec3_owner_hash(const struct name *owner, uint8_t ret[NSEC3_HASH])
{
	uint8_t hash[NSEC3_HASH] = { 0 };

	/* 160 bits are 32 letters without any padding. */
	if (!owner->len || owner->wire[0] != HASH_LETTERS)
		return -ERR_PARSE;
	for (unsigned int i = 0; i < HASH_LETTERS; i++) {
		int value = letter_value(owner->wire[1 + i]);

		if (value < 0)
			return -ERR_PARSE;
		for (unsigned int bit = 0; bit < 5; bit++)
			if (value & 0x10 >> bit)
				hash[(i * 5 + bit) / 8] |= (uint8_t)(0x80U >> (i * 5 + bit) % 8);
	}
	memcpy(ret, hash, sizeof(hash));
	return 0;
}

/* Whether something lies in an interval, by its order against the two ends. */
static bool between(int to_owner, int to_next, int whole)
{
	if (whole < 0)
		return to_owner > 0 && to_next < 0;
	return to_owner != 0 && (to_owner > 0 || to_next < 0);
}

bool nsec_covers(const struct name *owner, const struct name *next, const struct name *n)
{
	return between(name_compare(n, owner), name_compare(n, next), name_compare(owner, next));
}

bool nsec3_covers(const uint8_t owner[NSEC3_HASH], struct span next, const uint8_t n[NSEC3_HASH])
{
	return next.n == NSEC3_HASH &&
	       between(memcmp(n, owner, NSEC3_HASH), memcmp(n, next.p, NSEC3_HASH),
		       memcmp(owner, next.p, NSEC3_HASH));
}
