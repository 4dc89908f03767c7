/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A chained hash table that doubles when it is full. */
#include "base/table.h"

#include <assert.h>
#include <string.h>

enum { FIRST_SIZE = 64 };

static struct table_node **bucket(const struct table *t, uint64_t hash)
{
	return &t->buckets[hash & (t->size - 1)];
}

static void grow(struct table *t)
{
	struct table_node **old = t->buckets;
	size_t old_size = t->size;

	t->size = old_size ? old_size * 2 : FIRST_SIZE;
	t->buckets = arena_alloc(t->arena, t->size * sizeof(struct table_node *));
	for (size_t i = 0; i < old_size; i++) {
		for (struct table_node *n = old[i], *next; n; n = next) {
			struct table_node **b = bucket(t, n->hash);

			next = n->next;
			n->next = *b;
			*b = n;
		}
	}
}

void table_add(struct table *t, struct table_node *n, uint64_t hash)
{
	struct table_node **b;

	if (t->n >= t->size)
		grow(t);
	b = bucket(t, hash);
	n->hash = hash;
	n->next = *b;
	*b = n;
	t->n++;
}

void table_remove(struct table *t, struct table_node *n)
{
	struct table_node **at;

	assert(t->n > 0);
	at = bucket(t, n->hash);
	while (*at != n) {
		assert(*at != NULL);
		at = &(*at)->next;
	}
	*at = n->next;
	t->n--;
}

struct table_node *table_first(const struct table *t, uint64_t hash)
{
	struct table_node *n = t->n ? *bucket(t, hash) : NULL;

	while (n && n->hash != hash)
		n = n->next;
	return n;
}

struct table_node *table_next(const struct table_node *n)
{
	struct table_node *next = n->next;

	while (next && next->hash != n->hash)
		next = next->next;
	return next;
}

uint64_t table_mix(uint64_t hash, uint64_t more)
{
	/* The finish of splitmix64: every input bit reaches every output bit. */
	uint64_t z = hash + more + 0x9e3779b97f4a7c15U;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
	return z ^ (z >> 31);
}

uint64_t table_hash_addr(const struct addr *a)
{
	uint64_t half[2], hash = (uint64_t)a->port << 8 | a->family;

	memcpy(half, a->ip, sizeof(half));
	if (a->family == ADDR_V6)
		hash = table_mix(hash, half[1]);
	return table_mix(hash, half[0]);
}
