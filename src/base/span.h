/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A view of bytes that somebody else owns. */
#ifndef BASE_SPAN_H
#define BASE_SPAN_H

#include <stddef.h>
#include <stdint.h>

struct span {
	const uint8_t *p;
	size_t n;
};

#endif
