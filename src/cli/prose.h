/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Paragraphs on a terminal. */
#ifndef CLI_PROSE_H
#define CLI_PROSE_H

#include "base/buf.h"

enum { PROSE_WIDTH = 79 };

/* Where the cursor stands, and where the lines after the first begin. */
struct prose_place {
	unsigned int at, indent;
};

/*
 * Words of text broken before PROSE_WIDTH, ended by a newline. "\n" in text begins a new line at
 * the indent, so that an empty line parts paragraphs.
 */
void prose_put(struct buf *out, const char *text, struct prose_place place);

/*
 * Text as scdoc(5) takes it: its marks are escaped, also what begins a list or a request of roff at
 * the beginning of a line; code in backticks becomes bold.
 */
void prose_scdoc(struct buf *out, const char *text);

#endif
