/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Growing arrays whose memory belongs to an arena.
 *
 *	struct VEC(int) numbers = { 0 };
 *	vec_push(arena, &numbers, 7);
 *	vec_each(int, n, numbers)
 *		use(*n);
 */
#ifndef BASE_VEC_H
#define BASE_VEC_H

#include <stddef.h>

#include "base/arena.h"

/* The body of a struct type: items v[0 .. n-1]. */
#define VEC(type)                                                                                  \
	{                                                                                          \
		type *v;                                                                           \
		size_t n, cap;                                                                     \
	}

/* Appends one item (a value expression). The old array stays in the arena until it is freed. */
#define vec_push(arena, vec, ...)                                                                  \
	do {                                                                                       \
		(vec)->v = vec_room((arena), (vec)->v, &(vec)->cap,                                \
			(struct vec_need){ (vec)->n, sizeof(*(vec)->v) });                         \
		(vec)->v[(vec)->n++] = (__VA_ARGS__);                                              \
	} while (0)

/* Room for so many items at once, in an empty one: a list that grows leaves what it outgrew behind.
 */
#define vec_expect(arena, vec, size)                                                               \
	do {                                                                                       \
		(vec)->v = arena_alloc((arena), (size) * sizeof(*(vec)->v));                       \
		(vec)->cap = (size);                                                               \
	} while (0)

/* Walks over pointers to the items. */
#define vec_each(type, item, vec)                                                                  \
	for (__typeof__(type) *item = (vec).v, *item##_end_ = item ? item + (vec).n : item;        \
		item != item##_end_; item++)

struct vec_need {
	size_t n, size; /* items in use; bytes an item */
};

/* Makes room for one more item: the array to use from now on; *cap is adjusted. */
void *vec_room(struct arena *a, void *v, size_t *cap, struct vec_need need);

#endif
