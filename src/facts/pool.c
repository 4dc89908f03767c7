/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a configuration says of source ports. */
#include "facts/pool.h"

#include <string.h>

#include "base/err.h"

static const char *const per_tries[] = {
	[PER_TRY_UNKNOWN] = "unknown",
	[PER_TRY_FRESH] = "fresh",
	[PER_TRY_REUSED] = "reused",
};

_Static_assert(ARRAY_LEN(per_tries) == PER_TRIES, "a slug for every behaviour");

const char *per_try_slug(enum per_try p)
{
	return p < PER_TRIES ? per_tries[p] : NULL;
}

int per_try_parse(const char *slug, enum per_try *ret)
{
	for (enum per_try p = 0; p < PER_TRIES; p++) {
		if (strcmp(slug, per_tries[p]) == 0) {
			*ret = p;
			return 0;
		}
	}
	return -ERR_NONE;
}

/* The first bits of both are the same: all of them, when that is more than an address has. */
static bool in_block(const struct addr *a, const struct addr *block, unsigned int bits)
{
	unsigned int all = (unsigned int)addr_octets(a).n * 8;

	if (a->family != block->family)
		return false;
	bits = bits < all ? bits : all;
	for (unsigned int i = 0; i < bits; i++)
		if ((a->ip[i / 8] ^ block->ip[i / 8]) & (0x80U >> i % 8))
			return false;
	return true;
}

static bool holds_for(const struct pool *p, const struct addr *server)
{
	if (p->family != ADDR_NONE && p->family != server->family)
		return false;
	return p->only.family == ADDR_NONE || in_block(server, &p->only, p->only_bits);
}

const struct pool *audit_pool(const struct audit *a, const struct addr *server)
{
	vec_each (const struct pool, p, a->pools)
		if (holds_for(p, server))
			return p;
	return NULL;
}
