/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Columns, wrapping, colours. */
#include "render/page.h"

#include <stdint.h>
#include <string.h>

enum { WIDTH_DEFAULT = 80, WIDTH_LEAST = 40, LABEL_COLUMN = 18, LABEL_INDENT = 2 };

struct page page_begin(const struct text_style *style, struct buf *out)
{
	struct page p = { .out = out, .style = *style };

	if (!p.style.width)
		p.style.width = WIDTH_DEFAULT;
	if (p.style.width < WIDTH_LEAST)
		p.style.width = WIDTH_LEAST;
	return p;
}

/* Octets of UTF-8 that begin a character. */
static unsigned int columns(const char *text, size_t n)
{
	unsigned int count = 0;

	for (size_t i = 0; i < n; i++)
		count += ((uint8_t)text[i] & 0xc0) != 0x80;
	return count;
}

unsigned int page_columns(const char *text)
{
	return columns(text, strlen(text));
}

static void new_line(const struct page *p, unsigned int indent)
{
	buf_printf(p->out, "\n%*s", (int)indent, "");
}

/* The octets of word that fit into room columns, cut after the last comma when there is one. */
static size_t cut(const char *word, size_t n, unsigned int room)
{
	size_t fit = 0, comma = 0;

	for (size_t i = 0, used = 0; i < n && used < room; used++) {
		i++;
		while (i < n && ((uint8_t)word[i] & 0xc0) == 0x80)
			i++;
		fit = i;
		if (word[i - 1] == ',')
			comma = i;
	}
	return comma ? comma : fit;
}

void page_wrap(const struct page *p, const char *text, struct page_place place)
{
	unsigned int width = p->style.width, at = place.at;
	bool first = true;

	/* Columns so narrow that nothing fits are not kept to. */
	if (place.indent + WIDTH_LEAST / 2 > width)
		width = place.indent + WIDTH_LEAST / 2;
	while (*text) {
		size_t n = strcspn(text, " ");

		if (!first && at + 1 + columns(text, n) > width) {
			new_line(p, place.indent);
			at = place.indent;
		} else if (!first) {
			buf_char(p->out, ' ');
			at++;
		}
		while (at + columns(text, n) > width && n) {
			size_t part = cut(text, n, width > at ? width - at : 0);

			buf_put(p->out, text, part);
			text += part;
			n -= part;
			new_line(p, place.indent);
			at = place.indent;
		}
		buf_put(p->out, text, n);
		at += columns(text, n);
		text += n + strspn(text + n, " ");
		first = false;
	}
	buf_char(p->out, '\n');
}

void page_field(const struct page *p, const char *label, const char *text)
{
	if (label) {
		buf_printf(p->out, "%*s", LABEL_INDENT, "");
		page_colour(p, PAGE_BOLD, label);
		buf_printf(p->out, ":%*s",
			(int)(LABEL_COLUMN - LABEL_INDENT - 1 - page_columns(label)), "");
	} else {
		buf_printf(p->out, "%*s", LABEL_COLUMN, "");
	}
	page_wrap(p, text, (struct page_place){ LABEL_COLUMN, LABEL_COLUMN });
}

void page_head(const struct page *p, const char *text)
{
	buf_char(p->out, '\n');
	page_colour(p, PAGE_BOLD, text);
	buf_char(p->out, '\n');
}

void page_colour(const struct page *p, enum page_colour c, const char *text)
{
	static const char *const codes[PAGE_COLOURS] = {
		[PAGE_PLAIN] = "",
		[PAGE_BOLD] = "\033[1m",
		[PAGE_RED] = "\033[1;31m",
		[PAGE_GREEN] = "\033[1;32m",
		[PAGE_YELLOW] = "\033[1;33m",
	};

	if (!p->style.colour || c == PAGE_PLAIN) {
		buf_str(p->out, text);
		return;
	}
	buf_printf(p->out, "%s%s\033[0m", codes[c], text);
}

void page_mark(const struct page *p, enum report_mark m)
{
	static const struct {
		const char *utf8, *ascii;
		enum page_colour colour;
	} marks[] = {
		[MARK_NONE] = { "·", "-", PAGE_PLAIN },
		[MARK_GOOD] = { "✓", "+", PAGE_GREEN },
		[MARK_BAD] = { "✗", "!", PAGE_RED },
		[MARK_DOUBT] = { "~", "~", PAGE_YELLOW },
	};

	page_colour(p, marks[m].colour, p->style.ascii ? marks[m].ascii : marks[m].utf8);
}
