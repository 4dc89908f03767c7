/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dig's command line: words from left to right, with a default and a current lookup. */
#include "cli/digargs.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "cli/digplus.h"
#include "dns/name.h"
#include "dns/rr.h"
#include "dns/text.h"

struct parse {
	struct arena *arena;
	struct digargs *args;
	struct digargs_lookup fallback; /* what stands before the first name */
	struct digargs_fail *fail;
	bool named; /* a -t or -c was given: bare words are names from then on */
	bool over;  /* -h, -v or %: the rest is not read */
};

static struct digargs_lookup *current(struct parse *p)
{
	return p->args->lookups.n ? &p->args->lookups.v[p->args->lookups.n - 1] : &p->fallback;
}

static int usage(struct parse *p, const char *why)
{
	*p->fail = (struct digargs_fail){ DIG_USAGE, why };
	return -ERR_USAGE;
}

/* A name begins a lookup of its own, which starts as a copy of the default. */
static int add_name(struct parse *p, const char *name)
{
	struct digargs_lookup l = p->fallback;

	l.name = name;
	l.servers_before = l.servers.n;
	/* The array is shared with the default: the next server moves it. */
	l.servers.cap = l.servers.n;
	vec_push(p->arena, &p->args->lookups, l);
	return 0;
}

static int set_type(struct parse *p, uint16_t type)
{
	struct digargs_lookup *l = current(p);

	if (type == RR_AXFR || type == RR_IXFR)
		return usage(p, "zone transfers (AXFR, IXFR) are not among the lookups done here");
	if (l->type_given)
		buf_str(&p->args->notes, ";; Warning, extra type option\n");
	l->type = type;
	l->type_given = true;
	return 0;
}

static int set_class(struct parse *p, uint16_t class)
{
	struct digargs_lookup *l = current(p);

	if (l->class_given)
		buf_str(&p->args->notes, ";; Warning, extra class option\n");
	l->class = class;
	l->class_given = true;
	return 0;
}

static int dash_v4(struct parse *p, const char *value)
{
	(void)value;
	p->args->v4 = true;
	return p->args->v6 ? usage(p, "only one of -4 and -6 allowed") : 0;
}

static int dash_v6(struct parse *p, const char *value)
{
	(void)value;
	p->args->v6 = true;
	return p->args->v4 ? usage(p, "only one of -4 and -6 allowed") : 0;
}

static int dash_source(struct parse *p, const char *value)
{
	struct addr a;

	if (addr_parse_port(value, &a))
		return usage(p, arena_printf(p->arena, "-b: '%s' is not an address or address#port",
					value));
	p->args->source = a;
	return 0;
}

static int dash_class(struct parse *p, const char *value)
{
	uint16_t class;

	p->named = true;
	if (!text_parse_class(value, &class))
		return set_class(p, class);
	buf_printf(&p->args->notes, ";; Warning, ignoring invalid class %s\n", value);
	return 0;
}

static int dash_type(struct parse *p, const char *value)
{
	uint16_t type;

	p->named = true;
	if (!text_parse_type(value, &type))
		return set_type(p, type);
	buf_printf(&p->args->notes, ";; Warning, ignoring invalid type %s\n", value);
	return 0;
}

static int dash_help(struct parse *p, const char *value)
{
	(void)value;
	p->args->help = p->over = true;
	return 0;
}

static int dash_version(struct parse *p, const char *value)
{
	(void)value;
	p->args->version = p->over = true;
	return 0;
}

static int dash_port(struct parse *p, const char *value)
{
	char *end;
	unsigned long port = strtoul(value, &end, 10);

	if (strspn(value, "0123456789") == 0 || *end || port < 1 || port > 65535)
		return usage(
			p, arena_printf(p->arena, "-p: '%s' is not a port from 1 to 65535", value));
	p->args->port = (uint16_t)port;
	return 0;
}

static int dash_usec(struct parse *p, const char *value)
{
	(void)value;
	current(p)->show.usec = true;
	return 0;
}

static int dash_nothing(struct parse *p, const char *value)
{
	(void)p;
	(void)value;
	return 0;
}

/* "10.1" becomes "1.10.in-addr.arpa.": any number of labels, as dig does it. */
static const char *reverse_labels(struct arena *a, const char *text)
{
	struct buf b = { .arena = a };

	for (const char *end = text + strlen(text); end > text;) {
		const char *dot = memrchr(text, '.', (size_t)(end - text));
		const char *begin = dot ? dot + 1 : text;

		if (begin < end) {
			buf_put(&b, begin, (size_t)(end - begin));
			buf_char(&b, '.');
		}
		end = dot ? dot : text;
	}
	buf_str(&b, "in-addr.arpa.");
	return buf_text(&b);
}

static int dash_reverse(struct parse *p, const char *value)
{
	struct addr a;
	const char *name;

	if (!addr_parse(value, &a) && a.family == ADDR_V6) {
		struct name n = name_reverse(addr_octets(&a));

		name = name_text(&n, arena_alloc(p->arena, NAME_TEXT));
	} else if (strchr(value, ':')) {
		return usage(p, arena_printf(p->arena, "-x: '%s' is not an address", value));
	} else {
		name = reverse_labels(p->arena, value);
	}
	add_name(p, name);

	struct digargs_lookup *l = current(p);

	if (!l->type_given)
		l->type = RR_PTR;
	if (!l->class_given)
		l->class = CLASS_IN;
	return 0;
}

/* One row for each option of one letter. */
static const struct dash {
	char letter;
	const char *arg; /* NULL: none */
	int (*act)(struct parse *p, const char *value);
	const char *help;
} dashes[] = {
	{ '4', NULL, dash_v4, "IPv4 only" },
	{ '6', NULL, dash_v6, "IPv6 only" },
	{ 'b', "ADDR[#PORT]", dash_source, "source address and port (all lookups)" },
	{ 'c', "CLASS", dash_class, "class" },
	{ 'h', NULL, dash_help, "this list" },
	{ 'p', "PORT", dash_port, "the servers' port (53, all lookups)" },
	{ 'q', "NAME", add_name, "name, also one that reads like a type" },
	{ 'r', NULL, dash_nothing, "read no ~/.digrc (always so)" },
	{ 't', "TYPE", dash_type, "type" },
	{ 'u', NULL, dash_usec, "times in microseconds" },
	{ 'v', NULL, dash_version, "version" },
	{ 'x', "ADDR", dash_reverse, "reverse lookup" },
};

static const struct dash *dash_find(char letter)
{
	for (size_t i = 0; i < ARRAY_LEN(dashes); i++)
		if (dashes[i].letter == letter)
			return &dashes[i];
	return NULL;
}

/* A "-" word; letters without a value may stand together. next: the word behind it, or NULL. */
static int dash_word(struct parse *p, const char *word, const char *next, bool *ret_used)
{
	int err = 0;

	*ret_used = false;
	/* The name that this option has with all other verbs. */
	if (strcmp(word, "--json") == 0) {
		struct digplus_target t = { p->arena, p->args, current(p), p->fail };

		return digplus_apply(&t, "json");
	}
	if (!word[1])
		return usage(p, "'-' is no option (dnsfault lookup -h lists them)");
	for (const char *c = word + 1; *c && !err && !p->over; c++) {
		const struct dash *d = dash_find(*c);

		if (!d)
			return usage(
				p, arena_printf(p->arena,
					   "unknown option '%s' (dnsfault lookup -h lists them)",
					   word));
		if (!d->arg) {
			err = d->act(p, NULL);
			continue;
		}
		*ret_used = !c[1];
		if (!c[1] && !next)
			return usage(p, arena_printf(p->arena, "-%c needs a value: -%c %s", *c, *c,
						d->arg));
		return d->act(p, c[1] ? c + 1 : next);
	}
	return err;
}

/* A type, a class, or else a name. */
static int bare_word(struct parse *p, const char *word)
{
	uint16_t number;

	if (!p->named && strncasecmp(word, "ixfr=", 5) == 0)
		return set_type(p, RR_IXFR);
	if (!p->named && !text_parse_type(word, &number))
		return set_type(p, number);
	if (!p->named && !text_parse_class(word, &number))
		return set_class(p, number);
	if (*word && strspn(word, "0123456789") == strlen(word))
		buf_printf(&p->args->notes,
			";; Warning, '%s' is looked up as a name; -p %s sets the port\n", word,
			word);
	return add_name(p, word);
}

static int server_word(struct parse *p, const char *word)
{
	vec_push(p->arena, &current(p)->servers, word + 1);
	return 0;
}

static int plus_word(struct parse *p, const char *word)
{
	struct digplus_target t = { p->arena, p->args, current(p), p->fail };

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
	return word[0] == '-' ? dash_word(p, word, next, ret_used) : bare_word(p, word);
}

/* What follows from all the words together. */
static void settle(struct parse *p)
{
	if (!p->args->lookups.n) {
		/* dig asks for the root's servers when it is given no name. */
		add_name(p, ".");
		current(p)->type = RR_NS;
	}
	vec_each (struct digargs_lookup, l, p->args->lookups) {
		l->show.brief = p->args->brief && !p->args->yaml && !p->args->json;
		l->show.yaml = p->args->yaml;
		l->show.json = p->args->json;
		l->show.split = p->args->split;
		l->show.trace = l->trace;
		/* RFC 8482 4.4: answers to ANY are large; dig asks over TCP at once. */
		if (l->type == RR_ANY && !l->tcp_given)
			l->tcp = true;
	}
}

int digargs_parse(struct arena *a, struct digargs_words words, struct digargs *ret,
	struct digargs_fail *ret_fail)
{
	struct digargs args = { .notes = { .arena = a }, .port = 53 };
	struct parse p = { .arena = a, .args = &args, .fail = ret_fail };

	digplus_defaults(&args, &p.fallback);
	for (int i = 0; i < words.argc && !p.over; i++) {
		bool used;
		const char *next = i + 1 < words.argc ? words.argv[i + 1] : NULL;
		int err = one_word(&p, words.argv[i], next, &used);

		if (err)
			return err;
		i += used;
	}
	settle(&p);
	*ret = args;
	return 0;
}

void digargs_help(struct buf *out)
{
	buf_str(out,
		"usage: dnsfault lookup [@SERVER] [NAME] [TYPE] [CLASS] [-OPTION] [+OPTION] "
		"[NAME …]\n\n"
		"What stands before the first NAME holds for all lookups, what stands behind a "
		"NAME\nfor that one. SERVER: an address or a name, with #PORT for another "
		"port.\n\n");
	for (size_t i = 0; i < ARRAY_LEN(dashes); i++) {
		const struct dash *d = &dashes[i];
		int width = 23 - (int)(d->arg ? strlen(d->arg) : 0);

		buf_printf(out, "  -%c %s%*s%s\n", d->letter, d->arg ? d->arg : "", width, "",
			d->help);
	}
	buf_char(out, '\n');
	digplus_help(out);
}
