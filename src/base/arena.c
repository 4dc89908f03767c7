/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory that is freed all at once. */
#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"

enum { BLOCK_SIZE = 64 * 1024 };

/* AddressSanitizer sees who uses what was forgotten, if its memory is given back. */
#if defined(__SANITIZE_ADDRESS__)
enum { KEEPS_BLOCK = 0 };
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
enum { KEEPS_BLOCK = 0 };
#else
enum { KEEPS_BLOCK = 1 };
#endif
#else
enum { KEEPS_BLOCK = 1 };
#endif

struct block {
	struct block *next;
	size_t used, size;
	alignas(max_align_t) unsigned char bytes[];
};

struct arena {
	struct block *first; /* the block that is being filled */
	size_t used, block;
};

struct arena *arena_new(void)
{
	return arena_small(BLOCK_SIZE);
}

struct arena *arena_small(size_t block)
{
	struct arena *a = calloc(1, sizeof(*a));

	if (!a)
		err_no_memory();
	a->block = block;
	return a;
}

static void free_blocks(struct block *b)
{
	while (b) {
		struct block *next = b->next;

		free(b);
		b = next;
	}
}

void arena_free(struct arena *a)
{
	if (!a)
		return;
	free_blocks(a->first);
	free(a);
}

void arena_reset(struct arena *a)
{
	a->used = 0;
	if (!a->first)
		return;
	if (!KEEPS_BLOCK) {
		free_blocks(a->first);
		a->first = NULL;
		return;
	}
	free_blocks(a->first->next);
	a->first->next = NULL;
	a->first->used = 0;
}

static struct block *block_for(struct arena *a, size_t size)
{
	size_t room = size > a->block ? size : a->block;
	struct block *b;

	if (a->first && a->first->size - a->first->used >= size)
		return a->first;
	if (size > SIZE_MAX - sizeof(*b) - a->block)
		err_no_memory();
	b = malloc(sizeof(*b) + room);
	if (!b)
		err_no_memory();
	*b = (struct block){ .size = room };
	/* A big block goes second, so that the rest of the first one is not lost. */
	if (a->first && size > a->block / 2) {
		b->next = a->first->next;
		a->first->next = b;
	} else {
		b->next = a->first;
		a->first = b;
	}
	return b;
}

static void *take(struct arena *a, size_t size)
{
	size_t align = alignof(max_align_t);
	struct block *b;
	void *p;

	if (size > SIZE_MAX - align)
		err_no_memory();
	size = (size + align - 1) / align * align;
	b = block_for(a, size);
	p = b->bytes + b->used;
	b->used += size;
	a->used += size;
	return p;
}

void *arena_alloc(struct arena *a, size_t size)
{
	return memset(take(a, size), 0, size);
}

void *arena_dup(struct arena *a, const void *from, size_t size)
{
	void *p = take(a, size);

	return size ? memcpy(p, from, size) : p;
}

char *arena_str(struct arena *a, const char *text)
{
	return arena_dup(a, text, strlen(text) + 1);
}

char *arena_strn(struct arena *a, const void *from, size_t size)
{
	char *text = arena_alloc(a, size + 1);

	if (size)
		memcpy(text, from, size);
	return text;
}

char *arena_printf(struct arena *a, const char *form, ...)
{
	va_list args, again;
	char *text;
	int n;

	va_start(args, form);
	va_copy(again, args);
	n = vsnprintf(NULL, 0, form, args);
	va_end(args);
	if (n < 0)
		err_no_memory();
	text = arena_alloc(a, (size_t)n + 1);
	vsnprintf(text, (size_t)n + 1, form, again);
	va_end(again);
	return text;
}

size_t arena_used(const struct arena *a)
{
	return a->used;
}
