/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Messages for tests, written so that one can read them: words of hex, ".live" for a label, "~n"
 * for n zero octets.
 *
 *	test_wire(&b, "0007 8400 0001 0000 0000 0000  .live .com 00 000f 0001");
 */
#ifndef DNS_TEST_WIRE_H
#define DNS_TEST_WIRE_H

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

static void test_wire_word(struct buf *b, const char *word, size_t n)
{
	if (word[0] == '.') {
		buf_u8(b, (uint8_t)(n - 1));
		buf_put(b, word + 1, n - 1);
		return;
	}
	if (word[0] == '~') {
		for (unsigned long zeros = strtoul(word + 1, NULL, 10); zeros; zeros--)
			buf_u8(b, 0);
		return;
	}
	for (size_t i = 0; i + 1 < n; i += 2) {
		char hex[] = { word[i], word[i + 1], '\0' };

		buf_u8(b, (uint8_t)strtoul(hex, NULL, 16));
	}
}

__attribute__((unused)) static struct span test_wire(struct buf *b, const char *text)
{
	while (*text) {
		size_t n = strcspn(text, " ");

		if (n)
			test_wire_word(b, text, n);
		text += n + strspn(text + n, " ");
	}
	return buf_span(b);
}

#endif
