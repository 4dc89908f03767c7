/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lays out text in columns: wrapped paragraphs, labels beside them, colours and marks by style. */
#ifndef RENDER_PAGE_H
#define RENDER_PAGE_H

#include "render/report.h"

enum page_colour { PAGE_PLAIN, PAGE_BOLD, PAGE_RED, PAGE_GREEN, PAGE_YELLOW, PAGE_COLOURS };

struct page {
	struct buf *out;
	struct text_style style; /* width filled in */
};

struct page page_begin(const struct text_style *style, struct buf *out);

/*
 * Text broken between words (after commas and anywhere when one word is too long) so that it ends
 * before the width; the cursor stands at column at, later lines begin at column indent.
 */
struct page_place {
	unsigned int at, indent;
};
void page_wrap(const struct page *p, const char *text, struct page_place place);

/* "  label:   text", wrapped; label NULL: only the column is kept. */
void page_field(const struct page *p, const char *label, const char *text);

/* An empty line and a heading. */
void page_head(const struct page *p, const char *text);

/* Text in a colour, when the style has any. */
void page_colour(const struct page *p, enum page_colour c, const char *text);

/* A mark with its word's first letter in ASCII: what colour says is never said by it alone. */
void page_mark(const struct page *p, enum report_mark m);

/* Columns that text takes. */
unsigned int page_columns(const char *text);

#endif
