/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A small writer of HTML and SVG: elements that always close, and text that is always escaped. This
 * is the one place in which strings become markup, whoever wrote them.
 *
 *	struct markup m = { .out = &buf };
 *	markup_open(&m, "p");
 *	markup_attr(&m, "class", "note");
 *	markup_text(&m, "1 < 2");
 *	markup_close(&m);                       // <p class="note">1 &lt; 2</p>
 */
#ifndef RENDER_MARKUP_H
#define RENDER_MARKUP_H

#include <stdbool.h>

#include "base/buf.h"

enum { MARKUP_DEPTH = 32 };

/* Zeroed but for out is ready for use. */
struct markup {
	struct buf *out;
	const char *open[MARKUP_DEPTH]; /* names of elements that are open */
	unsigned int depth;
	bool tag; /* the innermost start tag still takes attributes */
};

/* Opens an element; the name is static, and ours. */
void markup_open(struct markup *m, const char *name);

/* An attribute of the element just opened; names are ours, values anybody's. */
void markup_attr(struct markup *m, const char *name, const char *value);
/* The same with a number, as short as it can be. */
void markup_number(struct markup *m, const char *name, double value, const char *unit);

/* Text of anybody's. Characters that hide or turn text round are shown as \u202e. */
void markup_text(struct markup *m, const char *text);

/* Bytes as they are: ours, or escaped for their place by who calls. */
void markup_raw(struct markup *m, struct span bytes);

/* Closes the innermost element; one that never has content without an end tag. */
void markup_close(struct markup *m);
void markup_close_void(struct markup *m);

/* <name class="class">text</name>; class NULL: none. */
void markup_element(struct markup *m, const char *name, const char *class, const char *text);
/* <name class="class">, left open. */
void markup_begin(struct markup *m, const char *name, const char *class);

/* Columns that text takes in a fixed-width font, as markup_text() shows it: two for what may be
 * wide. */
unsigned int markup_columns(const char *text);

#endif
