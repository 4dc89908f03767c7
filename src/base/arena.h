/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Memory that is freed all at once: one arena a run, or one a name in bulk work.
 *
 *	struct arena *a = arena_new();
 *	struct thing *t = arena_alloc(a, sizeof(*t));   // zeroed
 *	...
 *	arena_free(a);                                  // and everything in it
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

/* A new empty arena. The caller frees it with arena_free(). */
struct arena *arena_new(void);

/* One that takes memory in blocks of so many octets: for many that hold little each. */
struct arena *arena_small(size_t block);

/* Frees the arena and all that was allocated in it. Takes NULL. */
void arena_free(struct arena *a);

/* Forgets all that was allocated but keeps the memory for the next use. */
void arena_reset(struct arena *a);

/* size zeroed bytes, aligned for any type. Never NULL, also for size 0. */
void *arena_alloc(struct arena *a, size_t size);

/* A copy of size bytes. from may be NULL when size is 0. */
void *arena_dup(struct arena *a, const void *from, size_t size);

/* A copy of a C string. */
char *arena_str(struct arena *a, const char *text);

/* A C string of size bytes that have no NUL behind them. from may be NULL when size is 0. */
char *arena_strn(struct arena *a, const void *from, size_t size);

/* A formatted C string. */
__attribute__((format(printf, 2, 3))) char *arena_printf(struct arena *a, const char *form, ...);

/* Bytes handed out so far, for tests and budgets. */
size_t arena_used(const struct arena *a);

#endif
