/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Files of statements in braces: named.conf, whose statements end with semicolons, and Corefiles,
 * whose statements end with their lines. Each statement keeps the place it was written at.
 *
 *	config_brace_read(r, &bind, (struct config_brace_file){ path, NULL }, &block);
 *	vec_each (const struct config_brace_stmt, s, block->stmts)
 *		if (config_brace_is(s, 0, "options"))
 *			...config_brace_block(s)...
 */
#ifndef INTAKE_CONFIG_BRACE_H
#define INTAKE_CONFIG_BRACE_H

#include "intake/config_read.h"

enum { CONFIG_BRACE_DEPTH = 32 }; /* of blocks in blocks; deeper ones are passed over */

struct config_brace_syntax {
	bool lines;    /* a line ends a statement; else a semicolon does */
	bool c_quotes; /* comments of C and C++, too; all have those of the shell */
	/*
	 * Statements that take another file's statements in, here; relative names are below the
	 * folder that the last statement of the second name said (BIND changes into it while it
	 * reads: directory_callback() of 9.18's server.c), before that the main file's. NULL: none.
	 */
	const char *include, *directory;
};

struct config_brace_block;

/* A word, or a block in braces. */
struct config_brace_item {
	const char *word; /* without quotes; NULL: a block */
	const struct config_brace_block *block;
};

struct config_brace_stmt {
	struct pool_line at; /* its first line; text is set by config_brace_line() alone */
	struct span raw;     /* from its first octet to its last, quotes and comments among them */
	bool c_quotes;	     /* as its syntax had it */
	struct VEC(struct config_brace_item) items; /* never empty */
};

struct config_brace_block {
	struct VEC(struct config_brace_stmt) stmts;
};

struct config_brace_file {
	const char *path;
	const struct pool_line *wanted_by; /* NULL: it is the main file */
};

/*
 * The statements of a file and of those that it includes. Broken text yields what can be read of
 * it, with a remark "syntax". Fails as config_open() does.
 */
int config_brace_read(struct config_reader *r, const struct config_brace_syntax *syntax,
	struct config_brace_file file, const struct config_brace_block **ret);

/* The item of that number is this word (ASCII letters of any case). */
bool config_brace_is(const struct config_brace_stmt *s, size_t item, const char *word);

/* The word of that number; "" when there is none, or a block there. */
const char *config_brace_word(const struct config_brace_stmt *s, size_t item);

/* The statement's first block; an empty one when there is none. */
const struct config_brace_block *config_brace_block(const struct config_brace_stmt *s);

/* The last statement of the block that begins with the word; NULL: none. */
const struct config_brace_stmt *config_brace_find(
	const struct config_brace_block *b, const char *word);

/* The statement's place and text: comments left out, each run of blanks one. */
struct pool_line config_brace_line(struct config_reader *r, const struct config_brace_stmt *s);

#endif
