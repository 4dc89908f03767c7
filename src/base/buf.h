/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text or bytes that grow, in an arena. Always followed by a NUL that n does not count.
 *
 *	struct buf b = { .arena = a };
 *	buf_printf(&b, "%u ports", n);
 *	puts(buf_text(&b));
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/span.h"

struct buf {
	struct arena *arena;
	char *p;
	size_t n, cap;
};

void buf_put(struct buf *b, const void *from, size_t size);
void buf_str(struct buf *b, const char *text);
void buf_char(struct buf *b, char c);
/* A decimal number: many times quicker than buf_printf(). */
void buf_uint(struct buf *b, uint64_t v);
__attribute__((format(printf, 2, 3))) void buf_printf(struct buf *b, const char *form, ...);

/* What buf_room() does when there is too little. */
void buf_grow(struct buf *b, size_t more);

/*
 * Room for so many bytes behind the content, to write them there oneself, and how many of them were
 * written. What is not said to have been written does not count.
 */
static inline char *buf_room(struct buf *b, size_t more)
{
	if (more >= b->cap - b->n)
		buf_grow(b, more);
	return b->p + b->n;
}

static inline void buf_wrote(struct buf *b, size_t size)
{
	assert(size < b->cap - b->n);
	b->n += size;
	b->p[b->n] = '\0';
}

/* Appends big-endian numbers, as DNS messages have them. */
void buf_u8(struct buf *b, uint8_t v);
void buf_u16(struct buf *b, uint16_t v);
void buf_u32(struct buf *b, uint32_t v);

/* The content as a C string ("" when empty); valid until the next call that appends. */
const char *buf_text(const struct buf *b);

/* The content as bytes; valid until the next call that appends. */
struct span buf_span(const struct buf *b);

#endif
