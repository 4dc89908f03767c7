/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Paragraphs on a terminal: words filled into lines. */
#include "cli/prose.h"

#include <stdbool.h>
#include <string.h>

/* Octets of UTF-8 that take a column of their own. */
static unsigned int columns(const char *p, size_t n)
{
	unsigned int count = 0;

	for (size_t i = 0; i < n; i++)
		count += ((unsigned char)p[i] & 0xc0) != 0x80;
	return count;
}

/* One line of text, without its newline. */
static void put_line(struct buf *out, const char *text, size_t length, struct prose_place place)
{
	const char *end = text + length;
	unsigned int at = place.at;
	bool first = true;

	while (text < end) {
		size_t n = strcspn(text, " \n");
		unsigned int width = columns(text, n);

		if (!first && at + 1 + width > PROSE_WIDTH) {
			buf_printf(out, "\n%*s", (int)place.indent, "");
			at = place.indent;
		} else if (!first) {
			buf_char(out, ' ');
			at++;
		}
		buf_put(out, text, n);
		at += width;
		first = false;
		text += n;
		while (text < end && *text == ' ')
			text++;
	}
	buf_char(out, '\n');
}

void prose_put(struct buf *out, const char *text, struct prose_place place)
{
	while (true) {
		size_t n = strcspn(text, "\n");

		put_line(out, text, n, place);
		if (!text[n])
			return;
		text += n + 1;
		if (*text != '\n')
			buf_printf(out, "%*s", (int)place.indent, "");
		place.at = place.indent;
	}
}

void prose_scdoc(struct buf *out, const char *text)
{
	for (bool first = true; *text; first = *text++ == '\n') {
		if (*text == '`')
			buf_char(out, '*');
		else if ((first && strchr("-.", *text)) || strchr("_*\\#[]~<>|+", *text))
			buf_printf(out, "\\%c", *text);
		else
			buf_char(out, *text);
	}
}
