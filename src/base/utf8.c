/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is valid UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF. */
#include "base/utf8.h"

#include <stdbool.h>

#include "base/err.h"

/* RFC 3629 4: the first byte decides the length and the range of the second. */
static const struct {
	uint8_t first, last; /* of the first byte */
	uint8_t low, high;   /* of the second byte */
	uint8_t size;
} forms[] = {
	{ 0x00, 0x7f, 0x00, 0x00, 1 },
	{ 0xc2, 0xdf, 0x80, 0xbf, 2 },
	{ 0xe0, 0xe0, 0xa0, 0xbf, 3 },
	{ 0xe1, 0xec, 0x80, 0xbf, 3 },
	{ 0xed, 0xed, 0x80, 0x9f, 3 },
	{ 0xee, 0xef, 0x80, 0xbf, 3 },
	{ 0xf0, 0xf0, 0x90, 0xbf, 4 },
	{ 0xf1, 0xf3, 0x80, 0xbf, 4 },
	{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
};

static bool tail_is_good(struct span text, size_t form)
{
	size_t size = forms[form].size;

	if (text.n < size)
		return false;
	if (size > 1 && (text.p[1] < forms[form].low || text.p[1] > forms[form].high))
		return false;
	for (size_t i = 2; i < size; i++) {
		if ((text.p[i] & 0xc0) != 0x80)
			return false;
	}
	return true;
}

size_t utf8_char(struct span text)
{
	if (text.n == 0)
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		if (text.p[0] >= forms[i].first && text.p[0] <= forms[i].last)
			return tail_is_good(text, i) ? forms[i].size : 0;
	}
	return 0;
}
