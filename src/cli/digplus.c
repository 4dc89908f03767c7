/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The "+option" words of dig's command line: one row each. */
#include "cli/digplus.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"

enum { DEFAULT_BUFSIZE = 1232, DEFAULT_TRIES = 3 }; /* dig 9.18's */

struct plus;

/* One use of an option. */
struct use {
	const struct plus *row;
	bool on;	   /* false: "+no…" */
	const char *value; /* behind "="; NULL: none */
};

struct plus {
	const char *name;
	size_t least; /* octets of the shortest abbreviation that is taken */
	int (*act)(const struct digplus_target *t, const struct use *u);
	size_t at;    /* in struct digargs_lookup or struct digargs, as act says */
	uint32_t max; /* of a number */
	const char *arg;
	const char *help;
};

static int fail(const struct digplus_target *t, const char *why)
{
	*t->fail = (struct digargs_fail){ DIG_USAGE, why };
	return -ERR_USAGE;
}

/* Reads the decimal (or 0x…) number of u; too large or none: dig's exit code 10. */
static int number(const struct digplus_target *t, const struct use *u, uint32_t *ret)
{
	char *end;
	unsigned long n;

	if (!isdigit((unsigned char)u->value[0]))
		goto bad;
	n = strtoul(u->value, &end, strncasecmp(u->value, "0x", 2) == 0 ? 16 : 10);
	if (*end || n > u->row->max)
		goto bad;
	*ret = (uint32_t)n;
	return 0;
bad:
	*t->fail = (struct digargs_fail){ DIG_VALUE,
		arena_printf(t->arena, "+%s: '%s' is not a number from 0 to %u", u->row->name,
			u->value, u->row->max) };
	return -ERR_USAGE;
}

static int set_flag(const struct digplus_target *t, const struct use *u)
{
	*(bool *)((char *)t->lookup + u->row->at) = u->on;
	return 0;
}

/* Options that all lookups of the command share. */
static int set_global(const struct digplus_target *t, const struct use *u)
{
	*(bool *)((char *)t->args + u->row->at) = u->on;
	return 0;
}

/* A flag that needs EDNS, and switches it on. */
static int set_edns_flag(const struct digplus_target *t, const struct use *u)
{
	if (u->on)
		t->lookup->edns = true;
	return set_flag(t, u);
}

static int need_value(const struct digplus_target *t, const struct use *u)
{
	if (!u->on)
		return fail(t, arena_printf(t->arena, "+no%s makes no sense: give a number",
				       u->row->name));
	if (!u->value)
		return fail(t, arena_printf(t->arena, "+%s needs a number: +%s=%s", u->row->name,
				       u->row->name, u->row->arg));
	return 0;
}

static int set_tries(const struct digplus_target *t, const struct use *u)
{
	uint32_t n = 0;
	int err = need_value(t, u);

	if (!err)
		err = number(t, u, &n);
	if (err)
		return err;
	t->lookup->tries = n ? n : 1;
	return 0;
}

static int set_retry(const struct digplus_target *t, const struct use *u)
{
	uint32_t n = 0;
	int err = need_value(t, u);

	if (!err)
		err = number(t, u, &n);
	if (err)
		return err;
	t->lookup->tries = n + 1;
	return 0;
}

static int set_timeout(const struct digplus_target *t, const struct use *u)
{
	uint32_t n = 0;
	int err = need_value(t, u);

	if (!err)
		err = number(t, u, &n);
	if (err)
		return err;
	t->args->timeout = n ? n : 1;
	return 0;
}

static int set_bufsize(const struct digplus_target *t, const struct use *u)
{
	uint32_t n = DEFAULT_BUFSIZE;
	int err = u->on ? 0 : need_value(t, u);

	if (!err && u->value)
		err = number(t, u, &n);
	if (err)
		return err;
	t->lookup->bufsize = n;
	t->lookup->edns = true;
	return 0;
}

static int set_edns(const struct digplus_target *t, const struct use *u)
{
	uint32_t n = 0;

	if (u->on && u->value) {
		int err = number(t, u, &n);

		if (err)
			return err;
	}
	t->lookup->edns = u->on;
	t->lookup->version = n;
	return 0;
}

static int set_edns_bits(const struct digplus_target *t, const struct use *u)
{
	uint32_t n = 0;

	if (u->on && u->value) {
		int err = number(t, u, &n);

		if (err)
			return err;
	}
	t->lookup->edns_flags = n;
	t->lookup->edns = t->lookup->edns || u->on;
	return 0;
}

static int set_cookie(const struct digplus_target *t, const struct use *u)
{
	size_t n = u->value ? strlen(u->value) : 0;

	/* RFC 7873 4: 8 octets of the client, then none or 8 to 32 of the server. */
	if (u->on && u->value &&
		(n % 2 || n < 16 || n > 80 || strspn(u->value, "0123456789abcdefABCDEF") != n))
		return fail(
			t, arena_printf(t->arena,
				   "+cookie: '%s' is not 8 to 40 octets in hexadecimal", u->value));
	t->lookup->cookie = u->on;
	t->lookup->cookie_value = u->on ? u->value : NULL;
	t->lookup->edns = t->lookup->edns || u->on;
	return 0;
}

static int set_tcp(const struct digplus_target *t, const struct use *u)
{
	t->lookup->tcp = u->on;
	t->lookup->tcp_given = true;
	return 0;
}

static int set_comments(const struct digplus_target *t, const struct use *u)
{
	t->lookup->show.comments = t->lookup->show.meaning = u->on;
	return 0;
}

static int set_all(const struct digplus_target *t, const struct use *u)
{
	struct dig_show *show = &t->lookup->show;

	show->comments = show->question = show->answer = show->authority = u->on;
	show->additional = show->stats = show->meaning = u->on;
	t->args->cmd = u->on;
	return 0;
}

static int set_short(const struct digplus_target *t, const struct use *u)
{
	struct dig_show *show = &t->lookup->show;

	t->args->brief = u->on;
	if (!u->on)
		return 0;
	t->args->cmd = false;
	show->comments = show->authority = show->additional = show->stats = false;
	show->answer = true;
	return 0;
}

static int set_trace(const struct digplus_target *t, const struct use *u)
{
	struct digargs_lookup *l = t->lookup;

	l->trace = u->on;
	if (!u->on)
		return 0;
	l->rd = l->show.identify = l->show.authority = l->edns = l->dnssec = true;
	l->show.comments = l->show.question = l->show.additional = l->show.stats = false;
	return 0;
}

/* What dig takes and what is always so here. */
static int set_nothing(const struct digplus_target *t, const struct use *u)
{
	(void)t;
	(void)u;
	return 0;
}

#define L(field) offsetof(struct digargs_lookup, field)
#define S(field) offsetof(struct digargs_lookup, show.field)
#define G(field) offsetof(struct digargs, field)

/* The shortest abbreviations are those that dig 9.18 takes, unless another row here needs them. */
static const struct plus rows[] = {
	{ "aaflag", 2, set_flag, L(aa), 0, NULL, "set AA in the query" },
	{ "aaonly", 3, set_flag, L(aa), 0, NULL, "the same" },
	{ "additional", 3, set_flag, S(additional), 0, NULL, "show the additional section" },
	{ "adflag", 2, set_flag, L(ad), 0, NULL, "set AD in the query (on)" },
	{ "all", 2, set_all, 0, 0, NULL, "show or hide everything" },
	{ "answer", 2, set_flag, S(answer), 0, NULL, "show the answer section" },
	{ "authority", 2, set_flag, S(authority), 0, NULL, "show the authority section" },
	{ "besteffort", 2, set_nothing, 0, 0, NULL, "show broken replies (always on)" },
	{ "bufsize", 2, set_bufsize, 0, 65535, "N", "EDNS size of replies to take (1232)" },
	{ "cdflag", 2, set_flag, L(cd), 0, NULL, "set CD: no DNSSEC validation" },
	{ "class", 2, set_flag, S(class), 0, NULL, "show the class of records" },
	{ "cmd", 2, set_global, G(cmd), 0, NULL, "show the command line first (all lookups)" },
	{ "coflag", 2, set_edns_flag, L(co), 0, NULL, "set CO: compact denial is understood" },
	{ "comments", 3, set_comments, 0, 0, NULL, "show header, section names and meaning" },
	{ "cookie", 3, set_cookie, 0, 0, "HEX", "send a COOKIE option (on)" },
	{ "dnssec", 4, set_edns_flag, L(dnssec), 0, NULL, "set DO: ask for DNSSEC records" },
	{ "do", 2, set_edns_flag, L(dnssec), 0, NULL, "the same" },
	{ "edns", 4, set_edns, 0, 255, "N", "use EDNS, and its version (0)" },
	{ "ednsflags", 5, set_edns_bits, 0, 65535, "N", "set these EDNS flag bits" },
	{ "ednsnegotiation", 5, set_flag, L(negotiate), 0, NULL, "retry after BADVERS (on)" },
	{ "header-only", 2, set_flag, L(header_only), 0, NULL, "send no question" },
	{ "identify", 3, set_flag, S(identify), 0, NULL, "say which server answered" },
	{ "ignore", 1, set_flag, L(ignore_tc), 0, NULL, "keep truncated replies, no TCP" },
	{ "meaning", 2, set_flag, S(meaning), 0, NULL, "say in words what the reply means (on)" },
	{ "multiline", 2, set_flag, S(multiline), 0, NULL, "records over several lines" },
	{ "nsid", 3, set_edns_flag, L(nsid), 0, NULL, "ask for the server's identity" },
	{ "qr", 2, set_flag, S(query), 0, NULL, "show the query, too" },
	{ "question", 2, set_flag, S(question), 0, NULL, "show the question section" },
	{ "raflag", 2, set_flag, L(ra), 0, NULL, "set RA in the query" },
	{ "rdflag", 2, set_flag, L(rd), 0, NULL, "ask for recursion (on)" },
	{ "recurse", 3, set_flag, L(rd), 0, NULL, "the same" },
	{ "retry", 3, set_retry, 0, 65534, "N", "tries a server after the first (2)" },
	{ "short", 4, set_short, 0, 0, NULL, "show the data of answers only (all lookups)" },
	{ "stats", 2, set_flag, S(stats), 0, NULL, "show times, server and size" },
	{ "tcflag", 3, set_flag, L(tc), 0, NULL, "set TC in the query" },
	{ "tcp", 3, set_tcp, 0, 0, NULL, "ask over TCP" },
	{ "time", 2, set_timeout, 0, 65535, "S", "seconds a try (5, all lookups)" },
	{ "timeout", 5, set_timeout, 0, 65535, "S", "the same" },
	{ "trace", 3, set_trace, 0, 0, NULL, "follow the delegations down from the root" },
	{ "tries", 3, set_tries, 0, 65535, "N", "tries a server (3)" },
	{ "ttlid", 3, set_flag, S(ttl), 0, NULL, "show the TTL of records" },
	{ "vc", 1, set_tcp, 0, 0, NULL, "the same as +tcp" },
	{ "zflag", 1, set_flag, L(z), 0, NULL, "set the reserved Z bit in the query" },
};

/* The row that word (len octets) abbreviates; NULL: none. A whole name outranks a prefix. */
static const struct plus *find(const char *word, size_t len)
{
	const struct plus *found = NULL;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (strncasecmp(rows[i].name, word, len) != 0 || len < rows[i].least)
			continue;
		if (!rows[i].name[len])
			return &rows[i];
		if (!found)
			found = &rows[i];
	}
	return found;
}

int digplus_apply(const struct digplus_target *t, const char *word)
{
	const char *equals = strchr(word, '=');
	size_t len = equals ? (size_t)(equals - word) : strlen(word);
	struct use u = { .on = true, .value = equals ? equals + 1 : NULL };
	const char *name = word;

	if (len >= 2 && strncasecmp(word, "no", 2) == 0) {
		u.on = false;
		name += 2;
		len -= 2;
	}
	u.row = len ? find(name, len) : NULL;
	if (!u.row)
		return fail(
			t, arena_printf(t->arena,
				   "unknown option '+%s' (dnsfault lookup -h lists them)", word));
	return u.row->act(t, &u);
}

void digplus_defaults(struct digargs *args, struct digargs_lookup *lookup)
{
	args->cmd = true;
	*lookup = (struct digargs_lookup){
		.type = 1, .class = 1,
		.rd = true, .ad = true,
		.edns = true, .cookie = true, .negotiate = true,
		.bufsize = DEFAULT_BUFSIZE, .tries = DEFAULT_TRIES,
		.show = {
			.comments = true, .question = true, .answer = true, .authority = true,
			.additional = true, .stats = true, .ttl = true, .class = true,
			.meaning = true,
		},
	};
}

void digplus_help(struct buf *out)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct plus *r = &rows[i];
		bool no = r->act != set_tries && r->act != set_retry && r->act != set_timeout &&
			  r->act != set_bufsize;
		size_t begin = out->n;

		buf_printf(out, "  +%s%s%s%s", no ? "[no]" : "", r->name, r->arg ? "=" : "",
			r->arg ? r->arg : "");
		buf_printf(out, "%*s%s\n", (int)(28 - (out->n - begin)), "", r->help);
	}
}

const char *digplus_name(size_t i, size_t *ret_least)
{
	if (i >= ARRAY_LEN(rows))
		return NULL;
	*ret_least = rows[i].least;
	return rows[i].name;
}
