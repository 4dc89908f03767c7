/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the words of dig's command line and its options of one letter share. */
#ifndef CLI_DIGARGS_INNER_H
#define CLI_DIGARGS_INNER_H

#include "cli/digargs.h"

/* The reading of one line. */
struct parse {
	struct arena *arena;
	struct digargs *args;
	struct digargs_lookup fallback; /* what stands before the first name */
	struct digargs_fail *fail;
	bool named;    /* a -t or -c was given: bare words are names from then on */
	bool over;     /* -h, -v or %: the rest is not read */
	bool defaults; /* names mean nothing */
};

/* The lookup that options belong to now. */
struct digargs_lookup *parse_current(struct parse *p);

/* Exit codes of usage, and of a bad value, and why. Return -ERR_USAGE. */
int parse_usage(struct parse *p, const char *why);
int parse_bad_value(struct parse *p, const char *why);

/* A name begins a lookup of its own, which starts as a copy of the default. */
int parse_add_name(struct parse *p, const char *name);

int parse_set_type(struct parse *p, uint16_t type);
int parse_set_class(struct parse *p, uint16_t class);

/* The serial behind "ixfr=", RFC 1995 3: the one that is there already. */
int parse_set_ixfr(struct parse *p, const char *serial);
int parse_warn_ixfr(struct parse *p);

/* A "-" word; letters without a value may stand together. next: the word behind it, or NULL. */
int parse_dash(struct parse *p, const char *word, const char *next, bool *ret_used);

/* A "--" word, with "=VALUE" or the word behind it as its value. */
int parse_long(struct parse *p, const char *word, const char *next, bool *ret_used);

/* The rows of the options of one letter, a line each. */
void parse_dash_help(struct buf *out);

#endif
