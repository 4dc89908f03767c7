/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the rows of "+option" words and their acts share. */
#ifndef CLI_DIGPLUS_INNER_H
#define CLI_DIGPLUS_INNER_H

#include "cli/digplus.h"

enum { DIGPLUS_BUFSIZE = 1232, DIGPLUS_TRIES = 3 }; /* dig 9.18's */

struct plus;

/* One use of an option. */
struct use {
	const struct plus *row;
	bool on;	   /* false: "+no…" */
	const char *value; /* behind "="; NULL: none */
};

typedef int plus_act(const struct digplus_target *t, const struct use *u);

struct plus {
	const char *name;
	size_t least; /* octets of the shortest abbreviation that is taken */
	plus_act *act;
	size_t at;    /* in struct digargs_lookup or struct digargs, as act says */
	uint32_t max; /* of a number */
	const char *arg;
	const char *help;
};

/* The exit code of usage, and why. Returns -ERR_USAGE, as all acts do after it. */
int plus_fail(const struct digplus_target *t, const char *why);

/* The same for an option that needs a value and has none. */
int plus_missing(const struct digplus_target *t, const struct use *u);

/* Reads the decimal (or 0x…) number of u; too large or none: dig's exit code 10. */
int plus_number(const struct digplus_target *t, const struct use *u, uint32_t *ret);
/* The same, but without a number, and for "no", what it is then. */
int plus_maybe_number(
	const struct digplus_target *t, const struct use *u, uint32_t without, uint32_t *ret);

/* A bool of the lookup, of the lookup's page, or of the whole command (plus_global). */
plus_act plus_flag, plus_global;
/* A flag that needs EDNS, and switches it on. */
plus_act plus_edns_flag;
/* What dig takes and what is always so here. */
plus_act plus_nothing;

plus_act plus_tries, plus_retry, plus_timeout, plus_bufsize, plus_edns, plus_edns_bits, plus_cookie,
	plus_tls, plus_tls_ca, plus_tls_text, plus_proxy, plus_proxy_plain, plus_https,
	plus_https_get, plus_http, plus_http_get, plus_tcp, plus_comments, plus_all, plus_short,
	plus_trace;

/* digplus_ask.c: what is asked, and of whom. */
/* A number of the lookup, 0 when it is off. */
plus_act plus_number_field;
/* A bool of the lookup that the option switches off, and "no" on. */
plus_act plus_flag_off;
plus_act plus_padding, plus_id, plus_opcode, plus_subnet, plus_option, plus_nssearch, plus_dns64,
	plus_ndots, plus_domain, plus_showsearch;
/* How the page looks: digplus_show.c. */
plus_act plus_rrcomments, plus_ttlunits, plus_split, plus_layout, plus_showall;

#endif
