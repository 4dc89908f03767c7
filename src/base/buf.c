/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text or bytes that grow, in an arena. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"

static void grow(struct buf *b, size_t more)
{
	size_t cap = b->cap ? b->cap : 64;
	char *grown;

	if (more >= SIZE_MAX / 2 - b->n)
		err_no_memory();
	while (cap < b->n + more + 1)
		cap *= 2;
	grown = arena_alloc(b->arena, cap);
	if (b->n)
		memcpy(grown, b->p, b->n);
	b->p = grown;
	b->cap = cap;
}

/* Room for more bytes and the NUL; cap is 0 or larger than n. */
static inline void room(struct buf *b, size_t more)
{
	if (more >= b->cap - b->n)
		grow(b, more);
}

void buf_put(struct buf *b, const void *from, size_t size)
{
	room(b, size);
	if (size)
		memcpy(b->p + b->n, from, size);
	b->n += size;
	b->p[b->n] = '\0';
}

void buf_str(struct buf *b, const char *text)
{
	buf_put(b, text, strlen(text));
}

void buf_char(struct buf *b, char c)
{
	room(b, 1);
	b->p[b->n++] = c;
	b->p[b->n] = '\0';
}

void buf_uint(struct buf *b, uint64_t v)
{
	char digits[20]; /* of 2^64 - 1 */
	size_t at = sizeof(digits);

	do
		digits[--at] = (char)('0' + v % 10);
	while (v /= 10);
	buf_put(b, digits + at, sizeof(digits) - at);
}

void buf_printf(struct buf *b, const char *form, ...)
{
	va_list args, again;
	int n;

	va_start(args, form);
	va_copy(again, args);
	/* Mostly it fits, and is formatted but once. */
	n = vsnprintf(b->cap ? b->p + b->n : NULL, b->cap - b->n, form, args);
	va_end(args);
	if (n < 0)
		err_no_memory();
	if ((size_t)n >= b->cap - b->n) {
		grow(b, (size_t)n);
		vsnprintf(b->p + b->n, (size_t)n + 1, form, again);
	}
	va_end(again);
	b->n += (size_t)n;
}

void buf_u8(struct buf *b, uint8_t v)
{
	buf_put(b, &v, 1);
}

void buf_u16(struct buf *b, uint16_t v)
{
	uint8_t bytes[] = { (uint8_t)(v >> 8), (uint8_t)v };

	buf_put(b, bytes, sizeof(bytes));
}

void buf_u32(struct buf *b, uint32_t v)
{
	buf_u16(b, (uint16_t)(v >> 16));
	buf_u16(b, (uint16_t)v);
}

const char *buf_text(const struct buf *b)
{
	return b->p ? b->p : "";
}

struct span buf_span(const struct buf *b)
{
	return (struct span){ (const uint8_t *)b->p, b->n };
}
