/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Facts as JSON lines: the first line says what was to be found out, every other line is one
 * observation, replies as hexadecimal wire form, or a query of a resolver that was seen, or a
 * configuration that was read: a line for it, then one for each of its pools and remarks. A tape is
 * what --save writes and judge reads, a bug report, and a fixture.
 */
#ifndef FACTS_TAPE_H
#define FACTS_TAPE_H

#include "base/buf.h"
#include "base/span.h"
#include "facts/facts.h"

enum { TAPE_VERSION = 1 };

/* Writes the head line, or what else there may be, each line with its newline. */
void tape_head(const struct facts *f, struct buf *b);
void tape_line(const struct observation *o, struct buf *b);
void tape_audit(const struct audit *a, struct buf *b);
void tape_sighting(const struct sighting *s, struct buf *b);

/* The whole tape. */
void tape_write(const struct facts *f, struct buf *b);

struct tape_error {
	size_t line;	  /* 1-based */
	size_t column;	  /* 1-based byte in the line; 0: the line as a whole */
	const char *text; /* what is wrong, in the arena or static */
};

/*
 * Reads a whole tape into facts of their own in the arena. Unknown keys are ignored. -ERR_PARSE
 * with *ret_error set when a line is wrong. Blank lines are allowed. Of an HTML page (embed.h) the
 * tape in it is read.
 */
int tape_read(struct arena *a, struct span text, struct facts **ret, struct tape_error *ret_error);

#endif
