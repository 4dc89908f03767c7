/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A hash table of structs that have a node as their first member. The caller compares.
 *
 *	table_add(&t, &thing->node, table_hash_addr(&thing->addr));
 *	for (struct table_node *n = table_first(&t, hash); n; n = table_next(n))
 *		if (addr_equal(&((struct thing *)n)->addr, &wanted))
 */
#ifndef BASE_TABLE_H
#define BASE_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/arena.h"

struct table_node {
	struct table_node *next;
	uint64_t hash;
};

/* Zeroed but for the arena is ready for use. */
struct table {
	struct arena *arena;
	struct table_node **buckets;
	size_t size, n;
};

void table_add(struct table *t, struct table_node *n, uint64_t hash);

/* Takes out a node that is in the table. */
void table_remove(struct table *t, struct table_node *n);

/* Walks over the nodes of one hash; NULL: no more. */
struct table_node *table_first(const struct table *t, uint64_t hash);
struct table_node *table_next(const struct table_node *n);

/* Address and port; a scope does not count. */
uint64_t table_hash_addr(const struct addr *a);

/* More bits into a hash. */
uint64_t table_mix(uint64_t hash, uint64_t more);

#endif
