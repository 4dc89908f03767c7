/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A view of bytes that somebody else owns. */
#ifndef BASE_SPAN_H
#define BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct span {
	const uint8_t *p;
	size_t n;
};

/* The same bytes; an empty view may point nowhere. */
static inline bool span_equal(struct span x, struct span y)
{
	return x.n == y.n && (!x.n || memcmp(x.p, y.p, x.n) == 0);
}

#endif
