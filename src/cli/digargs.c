/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dig's command line: words from left to right, with a default and a current lookup. */
#include "cli/digargs.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "cli/digargs_inner.h"
#include "cli/digplus.h"
#include "dns/name.h"
#include "dns/rr.h"
#include "dns/text.h"

struct digargs_reader {
	struct arena *arena;
	struct digargs *args;
	struct digargs_lookup fallback; /* what stands before the first name */
	bool taken;			/* the command line was read: lines of a file follow */
};

struct digargs_lookup *parse_current(struct parse *p)
{
	return p->args->lookups.n ? &p->args->lookups.v[p->args->lookups.n - 1] : &p->fallback;
}

int parse_usage(struct parse *p, const char *why)
{
	*p->fail = (struct digargs_fail){ DIG_USAGE, why };
	return -ERR_USAGE;
}

int parse_bad_value(struct parse *p, const char *why)
{
	*p->fail = (struct digargs_fail){ DIG_VALUE, why };
	return -ERR_USAGE;
}

int parse_add_name(struct parse *p, const char *name)
{
	struct digargs_lookup l = p->fallback;

	if (p->defaults)
		return 0;
	l.name = name;
	l.servers_before = l.servers.n;
	/* The arrays are shared with the default: what is added moves them. */
	l.servers.cap = l.servers.n;
	l.options.cap = l.options.n;
	vec_push(p->arena, &p->args->lookups, l);
	return 0;
}

int parse_set_type(struct parse *p, uint16_t type)
{
	struct digargs_lookup *l = parse_current(p);

	if (l->type_given)
		buf_str(&p->args->notes, ";; Warning, extra type option\n");
	l->type = type;
	l->type_given = true;
	return 0;
}

int parse_set_ixfr(struct parse *p, const char *serial)
{
	char *end;
	unsigned long n = strtoul(serial, &end, 0);

	if (!isdigit((unsigned char)*serial) || *end || n > UINT32_MAX)
		return parse_bad_value(
			p, arena_printf(p->arena,
				   "ixfr=%s: not a serial number from 0 to 4294967295", serial));
	parse_current(p)->serial = (uint32_t)n;
	return parse_set_type(p, RR_IXFR);
}

int parse_warn_ixfr(struct parse *p)
{
	buf_str(&p->args->notes, ";; Warning, ixfr requires a serial number\n");
	return 0;
}

int parse_set_class(struct parse *p, uint16_t class)
{
	struct digargs_lookup *l = parse_current(p);

	if (l->class_given)
		buf_str(&p->args->notes, ";; Warning, extra class option\n");
	l->class = class;
	l->class_given = true;
	return 0;
}

/* A type, a class, or else a name. */
static int bare_word(struct parse *p, const char *word)
{
	uint16_t number;

	if (!p->named && strncasecmp(word, "ixfr=", 5) == 0)
		return parse_set_ixfr(p, word + 5);
	if (!p->named && strcasecmp(word, "ixfr") == 0)
		return parse_warn_ixfr(p);
	if (!p->named && !text_parse_type(word, &number))
		return parse_set_type(p, number);
	if (!p->named && !text_parse_class(word, &number))
		return parse_set_class(p, number);
	if (*word && strspn(word, "0123456789") == strlen(word))
		buf_printf(&p->args->notes,
			";; Warning, '%s' is looked up as a name; -p %s sets the port\n", word,
			word);
	return parse_add_name(p, word);
}

static int server_word(struct parse *p, const char *word)
{
	vec_push(p->arena, &parse_current(p)->servers, word + 1);
	return 0;
}

static int plus_word(struct parse *p, const char *word)
{
	struct digplus_target t = { p->arena, p->args, parse_current(p), p->fail, p };

	return digplus_apply(&t, word + 1);
}

static int percent_word(struct parse *p, const char *word)
{
	(void)word;
	p->over = true;
	return 0;
}

/* What a word is shows in its first letter. */
static const struct {
	char first;
	int (*act)(struct parse *p, const char *word);
} leads[] = {
	{ '@', server_word },
	{ '+', plus_word },
	{ '%', percent_word },
};

static int one_word(struct parse *p, const char *word, const char *next, bool *ret_used)
{
	*ret_used = false;
	for (size_t i = 0; i < ARRAY_LEN(leads); i++)
		if (word[0] == leads[i].first)
			return leads[i].act(p, word);
	return word[0] == '-' ? parse_dash(p, word, next, ret_used) : bare_word(p, word);
}

/* What follows from all the words together. root: no name is a name, too. */
static void settle(struct parse *p, bool root)
{
	if (!p->args->lookups.n && root) {
		/* dig asks for the root's servers when it is given no name. */
		parse_add_name(p, ".");
		parse_current(p)->type = RR_NS;
	}
	for (size_t i = 0; i < p->args->lookups.n; i++) {
		struct digargs_lookup *l = &p->args->lookups.v[i];

		l->show.brief = p->args->brief && !p->args->yaml && !p->args->json;
		l->show.yaml = p->args->yaml;
		l->show.json = p->args->json;
		l->show.split = p->args->split;
		l->show.trace = l->trace;
		/* RFC 8482 4.4: answers to ANY are large; dig asks over TCP at once. */
		if ((l->type == RR_ANY || l->type == RR_IXFR) && !l->tcp_given)
			l->tcp = true;
		/* RFC 5936 4.2 */
		if (l->type == RR_AXFR)
			l->tcp = true;
	}
}

static int take_words(struct parse *p, struct digargs_words words)
{
	for (int i = 0; i < words.argc && !p->over; i++) {
		bool used;
		const char *next = i + 1 < words.argc ? words.argv[i + 1] : NULL;
		int err = one_word(p, words.argv[i], next, &used);

		if (err)
			return err;
		i += used;
	}
	return 0;
}

struct digargs_reader *digargs_new(struct arena *a, struct digargs *args)
{
	struct digargs_reader *r = arena_alloc(a, sizeof(*r));

	*args = (struct digargs){ .notes = { .arena = a } };
	*r = (struct digargs_reader){ .arena = a, .args = args };
	digplus_defaults(args, &r->fallback);
	return r;
}

static struct parse parse_of(const struct digargs_reader *r, struct digargs_fail *fail)
{
	return (struct parse){
		.arena = r->arena, .args = r->args, .fallback = r->fallback, .fail = fail
	};
}

int digargs_take_defaults(
	struct digargs_reader *r, struct digargs_words words, struct digargs_fail *ret_fail)
{
	struct parse p = parse_of(r, ret_fail);
	int err;

	p.defaults = true;
	err = take_words(&p, words);
	r->fallback = p.fallback;
	return err;
}

int digargs_take(struct digargs_reader *r, struct arena *a, struct digargs_words words,
	struct digargs_fail *ret_fail)
{
	struct parse p = parse_of(r, ret_fail);
	const char *batch = r->args->batch;
	int err;

	p.arena = a;
	/* The last line's are done with, and perhaps their memory is. */
	if (r->taken) {
		r->args->lookups = (struct VEC_digargs_lookups){ 0 };
		r->args->notes = (struct buf){ .arena = a };
	}
	/* A file cannot lead to another one. */
	r->args->batch = NULL;
	err = take_words(&p, words);
	if (err)
		return err;
	settle(&p, r->taken || !r->args->batch);
	if (r->taken) {
		r->args->batch = batch;
		return 0;
	}
	/* What a first name was followed by is that lookup's alone. */
	r->fallback = p.fallback;
	r->taken = true;
	return 0;
}

int digargs_worse(int a, int b)
{
	return a > b ? a : b;
}

struct digargs_words digargs_split(struct arena *a, const char *line)
{
	static const char space[] = " \t\r\n";
	char *save = NULL, *copy = arena_str(a, line);
	struct VEC(char *) words = { 0 };

	for (char *w = strtok_r(copy, space, &save); w; w = strtok_r(NULL, space, &save))
		vec_push(a, &words, w);
	return (struct digargs_words){ (int)words.n, words.v };
}

int digargs_parse(struct arena *a, struct digargs_words words, struct digargs *ret,
	struct digargs_fail *ret_fail)
{
	struct digargs args;
	struct digargs_reader *r = digargs_new(a, &args);
	int err = digargs_take(r, a, words, ret_fail);

	if (!err)
		*ret = args;
	return err;
}

void digargs_help(struct buf *out)
{
	buf_str(out,
		"usage: dnsfault lookup [@SERVER] [NAME] [TYPE] [CLASS] [-OPTION] [+OPTION] "
		"[NAME …]\n\n"
		"What stands before the first NAME holds for all lookups, what stands behind a "
		"NAME\nfor that one. SERVER: an address or a name, with #PORT for another "
		"port.\n\n");
	parse_dash_help(out);
	buf_char(out, '\n');
	opt_help(digargs_long_options, out);
	buf_char(out, '\n');
	digplus_help(out);
}
