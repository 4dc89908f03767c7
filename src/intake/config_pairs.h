/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lines of a key and a value, as several programs have them, one after the other:
 *
 *	struct config_pairs p = { .arena = a, .rules = &rules, .file = path, .rest = bytes };
 *	struct config_pair pair;
 *	while (config_pairs_next(&p, &pair))
 *		use(pair.key, pair.value, &pair.at);
 */
#ifndef INTAKE_CONFIG_PAIRS_H
#define INTAKE_CONFIG_PAIRS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/span.h"
#include "facts/pool.h"

/* What differs between the programs. */
struct config_pairs_rules {
	const char *comments; /* a line that begins with one of these is none */
	bool comment_behind;  /* '#' behind a blank begins a comment, too */
	bool quotes;	      /* "..." hides blanks and comments, \ escapes in it */
	bool continued;	      /* a line that ends in '\' goes on */
	bool sections;	      /* "[name]" */
	bool adds;	      /* "key+=value" */
};

struct config_pairs {
	struct arena *arena;
	const struct config_pairs_rules *rules;
	const char *file;
	struct span rest;
	uint32_t line;	     /* that was read last */
	const char *section; /* NULL: before the first */
};

struct config_pair {
	const char *section;
	const char *key;     /* never empty */
	const char *value;   /* NULL: no '=' stands there */
	bool adds;	     /* "+=" */
	struct pool_line at; /* where it begins, and its text */
};

/* The next pair; false: there is none. Strings belong to the arena; NUL ends a line early. */
bool config_pairs_next(struct config_pairs *p, struct config_pair *ret);

#endif
