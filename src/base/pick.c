/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A heap of the smallest hashes, the greatest of them on top. */
#include "base/pick.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/siphash.h"
#include "base/stats.h"
#include "base/table.h"

struct thing {
	struct table_node node; /* its hash, too */
	char *text;
	size_t room; /* of text */
};

struct pick {
	struct arena *arena;
	struct table table; /* of those kept */
	struct thing **heap;
	size_t n, most;
	bool left_out; /* there were more */
	bool sorted;
	uint8_t key[SIPHASH_KEY];
};

struct pick *pick_new(struct arena *a, size_t n, struct rng *r)
{
	struct pick *p = arena_alloc(a, sizeof(*p));
	uint64_t key[2] = { rng_u64(r), rng_u64(r) };

	assert(n > 0 && n <= PICK_MOST);
	p->arena = a;
	p->table.arena = a;
	p->most = n;
	p->heap = arena_alloc(a, n * sizeof(struct thing *));
	memcpy(p->key, key, sizeof(p->key));
	return p;
}

static uint64_t hash_at(const struct pick *p, size_t i)
{
	return p->heap[i]->node.hash;
}

static void swap(struct pick *p, size_t i, size_t j)
{
	struct thing *t = p->heap[i];

	p->heap[i] = p->heap[j];
	p->heap[j] = t;
}

static void rise(struct pick *p, size_t i)
{
	for (; i && hash_at(p, i) > hash_at(p, (i - 1) / 2); i = (i - 1) / 2)
		swap(p, i, (i - 1) / 2);
}

static void sink(struct pick *p)
{
	for (size_t i = 0, child = 1; child < p->n; i = child, child = 2 * i + 1) {
		if (child + 1 < p->n && hash_at(p, child + 1) > hash_at(p, child))
			child++;
		if (hash_at(p, i) >= hash_at(p, child))
			return;
		swap(p, i, child);
	}
}

/* Room doubles, so that a place whose things come and go takes twice the longest at most. */
static void set_text(struct pick *p, struct thing *t, struct span text)
{
	size_t n = text.n < PICK_TEXT ? text.n : PICK_TEXT, room = t->room ? t->room : 32;

	while (room <= n)
		room *= 2;
	if (room != t->room)
		t->text = arena_alloc(p->arena, room);
	t->room = room;
	if (n)
		memcpy(t->text, text.p, n);
	t->text[n] = '\0';
}

void pick_add(struct pick *p, struct span key, struct span text)
{
	uint64_t hash = siphash(p->key, key);
	struct thing *t;

	assert(!p->sorted);
	if (table_first(&p->table, hash))
		return;
	if (p->n == p->most) {
		p->left_out = true;
		if (hash > hash_at(p, 0))
			return;
		t = p->heap[0];
		table_remove(&p->table, &t->node);
	} else {
		t = arena_alloc(p->arena, sizeof(*t));
		p->heap[p->n++] = t;
	}
	set_text(p, t, text);
	table_add(&p->table, &t->node, hash);
	if (p->heap[p->n - 1] == t)
		rise(p, p->n - 1);
	else
		sink(p);
}

size_t pick_count(const struct pick *p)
{
	return p->n;
}

static int by_hash(const void *a, const void *b)
{
	const struct thing *x = *(struct thing *const *)a, *y = *(struct thing *const *)b;

	return x->node.hash < y->node.hash ? -1 : x->node.hash > y->node.hash;
}

const char *pick_text(struct pick *p, size_t index)
{
	assert(index < p->n);
	if (!p->sorted)
		qsort(p->heap, p->n, sizeof(struct thing *), by_hash);
	p->sorted = true;
	return p->heap[index]->text;
}

/*
 * Of N uniform numbers the k-th smallest u obeys Beta(k, N - k + 1), so that N u is about a gamma
 * variable of shape k, and its upper 1% point by u bounds N. That point is taken by Wilson and
 * Hilferty's (1931) cube, within 1% of it from k = 5 on; below, there is no bound.
 */
struct pick_size pick_population(const struct pick *p)
{
	struct pick_size size = { p->n, p->n, !p->left_out };
	double k = (double)p->n, u = 0, top = 0x1p63;
	const double z99 = 2.3263478740408408;

	if (!p->left_out)
		return size;
	for (size_t i = 0; i < p->n; i++)
		u = fmax(u, ((double)hash_at(p, i) + 1) * 0x1p-64);
	size.likely = (uint64_t)fmin(fmax((k - 1) / u, k + 1), top);
	size.most = UINT64_MAX;
	if (k >= 5) {
		double root = 1 - 1 / (9 * k) + z99 / (3 * sqrt(k));

		size.most = (uint64_t)fmin(fmax(k * root * root * root / u, k + 1), top);
	}
	return size;
}
