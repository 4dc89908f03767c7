/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * dig's command line: names, types, classes, servers and options in any order, read from left to
 * right. What stands before the first name is the default of all lookups, what stands behind a
 * name belongs to that lookup only. Reads words, asks nobody.
 */
#ifndef CLI_DIGARGS_H
#define CLI_DIGARGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/vec.h"
#include "render/dig.h"

/* dig's exit codes. The worst of several lookups is the command's. */
enum dig_exit { DIG_OK = 0, DIG_USAGE = 1, DIG_FILE = 8, DIG_NO_REPLY = 9, DIG_VALUE = 10 };

struct VEC_words VEC(const char *);

/* One lookup as the words describe it. */
struct digargs_lookup {
	const char *name; /* presentation form as written; NULL: none */
	uint16_t type, class;
	bool type_given, class_given;
	struct VEC_words servers; /* "@" words without the "@" */
	size_t servers_before;	  /* how many of them stood before the name */
	bool rd, aa, ad, cd, ra, tc, z, co;
	bool tcp, tcp_given, ignore_tc, trace, header_only;
	bool edns, dnssec, cookie, nsid, negotiate;
	const char *cookie_value; /* hexadecimal; NULL: random */
	uint32_t version, bufsize, edns_flags;
	uint32_t tries;
	struct dig_show show;
};

struct digargs {
	struct VEC(struct digargs_lookup) lookups;
	bool v4, v6, brief, cmd, help, version, yaml, json;
	uint16_t split;	  /* of the page of every lookup, see struct dig_show */
	uint32_t timeout; /* seconds; 0: the default of 5, TCP 10 */
	uint16_t port;
	struct addr source; /* -b */
	struct buf notes;   /* warnings that do not stop it, a line each */
};

/* What is wrong with the words: an exit code and one line. */
struct digargs_fail {
	int code;
	const char *why;
};

struct digargs_words {
	int argc;
	char **argv; /* without the program's name */
};

/* 0, or -ERR_USAGE with *ret_fail. Everything belongs to the arena; words are borrowed. */
int digargs_parse(struct arena *a, struct digargs_words words, struct digargs *ret,
	struct digargs_fail *ret_fail);

/* The option list of `lookup -h`. */
void digargs_help(struct buf *out);

#endif
