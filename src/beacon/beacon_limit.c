/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Token buckets by prefix. */
#include "beacon/beacon_limit.h"

#include <string.h>

#include "base/siphash.h"

enum { BUCKETS = 65536, V4_OCTETS = 3, V6_OCTETS = 7, SECOND = 1000000 };

struct bucket {
	uint64_t spent; /* µs of the rate's time until which replies were given away */
	uint32_t over;	/* replies beyond the rate */
};

struct beacon_limit {
	uint32_t rate;
	uint64_t cost; /* µs a reply */
	uint8_t secret[SIPHASH_KEY];
	struct bucket *buckets;
};

struct beacon_limit *beacon_limit_new(struct arena *a, uint32_t rate, const uint8_t *secret)
{
	struct beacon_limit *l = arena_alloc(a, sizeof(*l));

	l->rate = rate;
	memcpy(l->secret, secret, SIPHASH_KEY);
	if (rate) {
		l->cost = rate < SECOND ? SECOND / rate : 1;
		l->buckets = arena_alloc(a, BUCKETS * sizeof(*l->buckets));
	}
	return l;
}

static struct bucket *bucket_of(struct beacon_limit *l, const struct addr *from)
{
	uint8_t key[V6_OCTETS + 1] = { from->family };
	size_t n = from->family == ADDR_V4 ? V4_OCTETS : V6_OCTETS;

	memcpy(key + 1, from->ip, n);
	return &l->buckets[siphash(l->secret, (struct span){ key, n + 1 }) % BUCKETS];
}

enum beacon_limit_says beacon_limit_ask(
	struct beacon_limit *l, const struct addr *from, uint64_t now)
{
	struct bucket *b;

	if (!l->rate)
		return BEACON_LIMIT_PASS;
	b = bucket_of(l, from);
	/* A clock that was set back must not silence the prefix until it has caught up. */
	if (b->spent < now || b->spent > now + SECOND + l->cost) {
		b->spent = now;
		b->over = 0;
	}
	if (b->spent + l->cost <= now + SECOND) {
		b->spent += l->cost;
		return BEACON_LIMIT_PASS;
	}
	return ++b->over % 2 ? BEACON_LIMIT_SLIP : BEACON_LIMIT_DROP;
}
