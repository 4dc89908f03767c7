/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Options as typed rows: one row is the parser, the help line, the man page entry and the
 * completion of one option. Rows write straight into a settings struct by offset.
 *
 *	static const struct opt rows[] = {
 *		{ .type = OPT_FLAG, .brief = '4', .at = offsetof(struct settings, v4),
 *		  .help = "use IPv4 only" },
 *		{ .type = OPT_UINT, .name = "rate", .arg = "N", .at = offsetof(struct settings,
 *rate), .max = 1000000, .help = "most queries a second to one server" },
 *	};
 */
#ifndef CLI_OPT_H
#define CLI_OPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"

enum opt_type {
	OPT_FLAG,   /* bool = true */
	OPT_UINT,   /* uint32_t, min .. max */
	OPT_U64,    /* struct opt_u64 */
	OPT_TEXT,   /* const char * */
	OPT_TEXTS,  /* struct opt_texts: repeat */
	OPT_CHOICE, /* int: index in choices */
	OPT_MAYBE,  /* int: 1 + index in choices; --name alone is the first, --name=value others */
	OPT_ADDR,   /* struct addr, with optional #port */
	OPT_PORTS,  /* struct portset * in the arena */
	OPT_TYPE,   /* uint16_t: record type */
	OPT_NAME,   /* const struct name * in the arena */
};

struct opt_u64 {
	bool given;
	uint64_t v;
};

struct opt_texts {
	const char **v;
	size_t n, cap;
};

struct opt {
	enum opt_type type;
	char brief;		    /* "-4"; 0: none */
	const char *name;	    /* "--rate"; NULL: none */
	const char *arg;	    /* what the value is, in help: "N"; NULL for flags */
	size_t at;		    /* offset in the settings struct */
	uint32_t min, max;	    /* of OPT_UINT; max 0: no bound */
	const char *const *choices; /* of OPT_CHOICE and OPT_MAYBE, ended by NULL */
	const char *help;	    /* a line or two, no final dot */
};

struct opt_table {
	const struct opt *rows;
	size_t n;
};

/*
 * Parses argv[0 .. argc-1] (no program name) into *settings. Words that are no options are put
 * into *words in order; "--" ends options. "--name=value", "--name value", "-nvalue", "-n value".
 * A unique prefix of a long name will do. 0, or -ERR_USAGE with *ret_why: one line, in the arena,
 * that says what is wrong and how to mend it.
 */
struct opt_args {
	int argc;
	char **argv;
};
struct opt_result {
	struct opt_texts words;
	const char *why;
	int used; /* of opt_take() */
};
struct opt_into {
	struct arena *arena;
	void *settings; /* what the rows' offsets are in */
};
int opt_parse(
	struct opt_into into, struct opt_table t, struct opt_args args, struct opt_result *ret);

/*
 * Among words of another grammar: the long option that argv[0] is ("--name"), with its value where
 * that is argv[1]. ret->used: how many words that took, 1 or 2; errors as above.
 */
int opt_take(
	struct opt_into into, struct opt_table t, struct opt_args args, struct opt_result *ret);

/* One "name = value" line of a settings file; 0, or -ERR_USAGE with ret->why. */
int opt_setting(struct opt_into into, struct opt_table t, const char *line, struct opt_result *ret);

/* The help lines, two columns in 80. */
void opt_help(struct opt_table t, struct buf *out);

#endif
