/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What was worked out before: signatures by content, and by where their records lie; hashes of
 * NSEC3. And a bound on the work of a run, which a zone could make endless (CVE-2023-50387,
 * CVE-2023-50868).
 */
#include <string.h>

#include "base/err.h"
#include "base/table.h"
#include "dns/dnssec_inner.h"

/* In octets that are hashed: some seconds at worst. The healthy zones that we know need 1 %. */
enum { WORK_MOST = 64 << 20 };

struct by_hash {
	struct table_node node;
	uint8_t hash[MEMO_HASH]; /* of data, signature and key */
	struct memo_result result;
};

struct by_place {
	struct table_node node;
	struct memo_place place;
	struct memo_result result;
};

/* The hash of a name with some parameters. */
struct by_name {
	struct table_node node;
	const struct name *name;
	struct span salt;
	uint16_t iterations;
	uint8_t hash[NSEC3_HASH];
};

struct dnssec_memo {
	struct arena *arena;
	struct table hashes, places, names;
	size_t n; /* of hashes with a result */
	size_t work;
	bool full;
};

struct dnssec_memo *dnssec_memo_new(struct arena *a)
{
	struct dnssec_memo *memo = arena_alloc(a, sizeof(*memo));

	memo->arena = memo->hashes.arena = memo->places.arena = memo->names.arena = a;
	return memo;
}

size_t dnssec_memo_count(const struct dnssec_memo *memo)
{
	return memo->n;
}

size_t dnssec_memo_work(const struct dnssec_memo *memo)
{
	return memo->work;
}

bool dnssec_memo_full(const struct dnssec_memo *memo)
{
	return memo->full;
}

bool memo_spend(struct dnssec_memo *memo, size_t octets)
{
	if (memo->work + octets > WORK_MOST) {
		memo->full = true;
		return false;
	}
	memo->work += octets;
	return true;
}

struct memo_result *memo_by_hash(struct dnssec_memo *memo, const uint8_t hash[MEMO_HASH])
{
	struct table_node *n;
	struct by_hash *added;
	uint64_t key;

	memcpy(&key, hash, sizeof(key));
	for (n = table_first(&memo->hashes, key); n; n = table_next(n))
		if (!memcmp(((struct by_hash *)n)->hash, hash, MEMO_HASH))
			return &((struct by_hash *)n)->result;
	added = arena_alloc(memo->arena, sizeof(*added));
	memcpy(added->hash, hash, MEMO_HASH);
	table_add(&memo->hashes, &added->node, key);
	return &added->result;
}

void memo_add(struct dnssec_memo *memo, struct memo_result *result)
{
	result->used = true;
	memo->n++;
}

struct memo_result *memo_by_place(struct dnssec_memo *memo, const struct memo_place *place)
{
	uint64_t key = table_mix((uintptr_t)place->rrsig, (uintptr_t)place->key);
	struct table_node *n;
	struct by_place *added;

	key = table_mix(key, place->n);
	for (n = table_first(&memo->places, key); n; n = table_next(n)) {
		struct by_place *p = (struct by_place *)n;

		if (p->place.rrsig == place->rrsig && p->place.key == place->key &&
			p->place.n == place->n)
			return &p->result;
	}
	added = arena_alloc(memo->arena, sizeof(*added));
	added->place = *place;
	table_add(&memo->places, &added->node, key);
	return &added->result;
}

static uint64_t key_of(const struct nsec3 *p, const struct name *n)
{
	uint64_t key = p->iterations;

	for (size_t i = 0; i < p->salt.n; i++)
		key = table_mix(key, p->salt.p[i]);
	for (unsigned int i = 0; i < n->len; i++)
		key = table_mix(key, n->wire[i]);
	return key;
}

static bool same(const struct by_name *have, const struct nsec3 *p, const struct name *n)
{
	return have->iterations == p->iterations && span_equal(have->salt, p->salt) &&
	       name_equal(have->name, n);
}

int dnssec_memo_nsec3(struct dnssec_memo *memo, const struct nsec3 *p, const struct name *n,
	uint8_t ret[NSEC3_HASH])
{
	struct name lower = name_lower(n);
	uint64_t key = key_of(p, &lower);
	struct by_name *added;
	int err;

	for (struct table_node *t = table_first(&memo->names, key); t; t = table_next(t))
		if (same((struct by_name *)t, p, &lower)) {
			memcpy(ret, ((struct by_name *)t)->hash, NSEC3_HASH);
			return 0;
		}
	if (p->iterations <= NSEC3_MOST &&
		!memo_spend(memo, (p->iterations + 1U) * (NSEC3_HASH + p->salt.n + MEMO_BLOCK)))
		return -ERR_LIMIT;
	err = nsec3_hash(p, n, ret);
	if (err)
		return err;
	added = arena_alloc(memo->arena, sizeof(*added));
	added->name = name_keep(memo->arena, &lower);
	added->salt = (struct span){ arena_dup(memo->arena, p->salt.p, p->salt.n), p->salt.n };
	added->iterations = p->iterations;
	memcpy(added->hash, ret, NSEC3_HASH);
	table_add(&memo->names, &added->node, key);
	return 0;
}
