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
#include "cli/opt.h"
#include "facts/facts.h"
#include "render/dig.h"

/* dig's exit codes. The worst of several lookups is the command's. */
enum dig_exit { DIG_OK = 0, DIG_USAGE = 1, DIG_FILE = 8, DIG_NO_REPLY = 9, DIG_VALUE = 10 };

/* Of two exit codes. */
int digargs_worse(int a, int b);

struct VEC_words VEC(const char *);

/* +ednsopt=CODE[:HEX] */
struct digargs_option {
	uint16_t code, length;
	const uint8_t *data;
};
struct VEC_digargs_options VEC(struct digargs_option);

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
	uint8_t over; /* enum transport of TLS and HTTP; 0: as tcp says */
	struct ask_secure secure;
	const char *cookie_value; /* hexadecimal; NULL: random */
	uint32_t version, bufsize, edns_flags;
	struct VEC_digargs_options options;
	bool subnet; /* +subnet, of this address and prefix length */
	struct addr subnet_addr;
	uint8_t subnet_prefix;
	bool expire, keepalive;
	uint32_t padding; /* octets of which the query's length is a multiple; 0: none */
	uint32_t opcode, id;
	bool id_given;
	bool idnin, idnout;    /* names in the letters of the locale */
	bool next_on_servfail; /* +nofail */
	bool keep_badcookie;   /* +nobadcookie */
	bool nssearch;
	uint32_t serial; /* of an IXFR */
	uint32_t tries;
	struct dig_show show;
};

struct VEC_digargs_lookups VEC(struct digargs_lookup);

/* Options that dig has not, with the names that they have with other verbs. NULL, 0: not given. */
struct digargs_long {
	const char *save, *vantage, *queue, *creds, *ca;
	uint32_t rate, budget;
	bool json, help; /* until they are taken for +json and -h */
};

extern const struct opt_table digargs_long_options;

struct digargs {
	struct VEC_digargs_lookups lookups;
	bool v4, v6, brief, cmd, help, version, yaml, json;
	uint16_t split; /* of the page of every lookup, see struct dig_show */
	bool keepopen;	/* TCP connections stay for the next lookup */
	bool search, showsearch;
	const char *domain; /* +domain; NULL: the search list of resolv.conf */
	uint32_t ndots;
	bool ndots_given;
	const char *batch;	    /* -f: a file, or "-"; NULL: none */
	const struct tsig_key *key; /* -k, -y: signs queries; NULL: none */
	uint32_t timeout;	    /* seconds; 0: the default of 5, TCP 10 */
	uint16_t port;		    /* 0: the transport's own */
	struct addr source;	    /* -b */
	struct buf notes;	    /* warnings that do not stop it, a line each */
	struct digargs_long also;
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

/* Reads words, a command line or a line of a file. Belongs to the arena. */
struct digargs_reader;

/* args gets its defaults, and is filled from now on. */
struct digargs_reader *digargs_new(struct arena *a, struct digargs *args);

/* A line of ~/.digrc: it changes the defaults; names in it mean nothing. As digargs_take. */
int digargs_take_defaults(
	struct digargs_reader *r, struct digargs_words words, struct digargs_fail *ret_fail);

/*
 * The words of the command line, or, after them, of a line of the file of -f, which starts from the
 * defaults that the former ended with. Their lookups replace what there was before, and live in a,
 * as does fail; words are borrowed. 0, or -ERR_USAGE with *ret_fail.
 */
int digargs_take(struct digargs_reader *r, struct arena *a, struct digargs_words words,
	struct digargs_fail *ret_fail);

/* The words of one line, cut where there is space, as dig cuts them; borrowed from the arena. */
struct digargs_words digargs_split(struct arena *a, const char *line);

/* Both of one command line: digargs_new, digargs_take. */
int digargs_parse(struct arena *a, struct digargs_words words, struct digargs *ret,
	struct digargs_fail *ret_fail);

/* The option list of `lookup -h`. */
void digargs_help(struct buf *out);

#endif
