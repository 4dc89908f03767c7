/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text or bytes that grow, in an arena. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"

void buf_grow(struct buf *b, size_t more)
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

void buf_put(struct buf *b, const void *from, size_t size)
{
	char *to = buf_room(b, size);

	if (size)
		memcpy(to, from, size);
	buf_wrote(b, size);
}

void buf_str(struct buf *b, const char *text)
{
	buf_put(b, text, strlen(text));
}

void buf_char(struct buf *b, char c)
{
	*buf_room(b, 1) = c;
	buf_wrote(b, 1);
}

/* Two digits a division. */
static const char pairs[] = "00010203040506070809101112131415161718192021222324"
			    "25262728293031323334353637383940414243444546474849"
			    "50515253545556575859606162636465666768697071727374"
			    "75767778798081828384858687888990919293949596979899";

void buf_uint(struct buf *b, uint64_t v)
{
	enum { MOST = 20 /* digits of 2^64 - 1 */, HUNDRED = 100 };
	char digits[MOST], *at = digits + MOST;

	for (; v >= HUNDRED; v /= HUNDRED)
		memcpy(at -= 2, &pairs[v % HUNDRED * 2], 2);
	*--at = pairs[v * 2 + 1];
	if (pairs[v * 2] != '0')
		*--at = pairs[v * 2];
	buf_put(b, at, (size_t)(digits + MOST - at));
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
		buf_grow(b, (size_t)n);
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
