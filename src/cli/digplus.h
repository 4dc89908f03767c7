/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The "+option" words of dig's command line: one row each. */
#ifndef CLI_DIGPLUS_H
#define CLI_DIGPLUS_H

#include "cli/digargs.h"

struct parse;

/* Where options write to. */
struct digplus_target {
	struct arena *arena;
	struct digargs *args;
	struct digargs_lookup *lookup; /* the current one, or the default */
	struct digargs_fail *fail;
	struct parse *parse; /* for words that begin a lookup */
};

/* Applies one word without its "+": "norec", "tries=2", "noall". 0, or -ERR_USAGE with fail. */
int digplus_apply(const struct digplus_target *t, const char *word);

/* The defaults of all options. */
void digplus_defaults(struct digargs *args, struct digargs_lookup *lookup);

/* A line a row, two columns. */
void digplus_help(struct buf *out);

/* For tests: the rows' names and shortest abbreviations; NULL behind the last. */
const char *digplus_name(size_t i, size_t *ret_least);

#endif
