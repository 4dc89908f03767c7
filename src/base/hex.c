/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Octets as hexadecimal digits, and back. */
#include "base/hex.h"

#include <string.h>

#include "base/err.h"

const char *hex_text(struct arena *a, struct span octets)
{
	static const char digits[] = "0123456789abcdef";
	char *text = arena_alloc(a, octets.n * 2 + 1);

	for (size_t i = 0; i < octets.n; i++) {
		text[i * 2] = digits[octets.p[i] >> 4];
		text[i * 2 + 1] = digits[octets.p[i] & 15];
	}
	return text;
}

int hex_digit(int c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

int hex_parse(struct arena *a, const char *text, struct span *ret)
{
	size_t n = strlen(text);
	uint8_t *octets;

	if (n % 2 || n / 2 > HEX_OCTETS)
		return -ERR_PARSE;
	octets = arena_alloc(a, n / 2);
	for (size_t i = 0; i < n; i += 2) {
		int high = hex_digit(text[i]), low = hex_digit(text[i + 1]);

		if (high < 0 || low < 0)
			return -ERR_PARSE;
		octets[i / 2] = (uint8_t)(high << 4 | low);
	}
	*ret = (struct span){ octets, n / 2 };
	return 0;
}
