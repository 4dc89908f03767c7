/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dig's options of one letter: one row each. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "cli/digargs_inner.h"
#include "cli/file.h"
#include "dns/name.h"
#include "dns/rr.h"
#include "dns/text.h"
#include "dns/tsig.h"

static int dash_v4(struct parse *p, const char *value)
{
	(void)value;
	p->args->v4 = true;
	return p->args->v6 ? parse_usage(p, "only one of -4 and -6 allowed") : 0;
}

static int dash_v6(struct parse *p, const char *value)
{
	(void)value;
	p->args->v6 = true;
	return p->args->v4 ? parse_usage(p, "only one of -4 and -6 allowed") : 0;
}

static int dash_source(struct parse *p, const char *value)
{
	struct addr a;

	if (addr_parse_port(value, &a))
		return parse_usage(p, arena_printf(p->arena,
					      "-b: '%s' is not an address or address#port", value));
	p->args->source = a;
	return 0;
}

static int dash_class(struct parse *p, const char *value)
{
	uint16_t class;

	p->named = true;
	if (!text_parse_class(value, &class))
		return parse_set_class(p, class);
	buf_printf(&p->args->notes, ";; Warning, ignoring invalid class %s\n", value);
	return 0;
}

static int dash_type(struct parse *p, const char *value)
{
	uint16_t type;

	p->named = true;
	if (strncasecmp(value, "ixfr=", 5) == 0)
		return parse_set_ixfr(p, value + 5);
	if (strcasecmp(value, "ixfr") == 0)
		return parse_warn_ixfr(p);
	if (!text_parse_type(value, &type))
		return parse_set_type(p, type);
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
		return parse_usage(
			p, arena_printf(p->arena, "-p: '%s' is not a port from 1 to 65535", value));
	p->args->port = (uint16_t)port;
	return 0;
}

static int dash_batch(struct parse *p, const char *value)
{
	p->args->batch = value;
	return 0;
}

static int dash_usec(struct parse *p, const char *value)
{
	(void)value;
	parse_current(p)->show.usec = true;
	return 0;
}

static int take_key(struct parse *p, const struct tsig_key *key, const char *why)
{
	p->args->key = key;
	return key ? 0 : parse_usage(p, why);
}

static int dash_key_file(struct parse *p, const char *value)
{
	struct span file;
	const char *why = NULL;
	const struct tsig_key *key = NULL;

	if (file_read(p->arena, value, &file) < 0)
		why = strerror(errno);
	else
		key = tsig_key_file(p->arena, file, &why);
	return take_key(p, key, key ? NULL : arena_printf(p->arena, "-k %s: %s", value, why));
}

/* The secret is not repeated: what goes wrong ends in logs. */
static int dash_key(struct parse *p, const char *value)
{
	const char *why = NULL;
	const struct tsig_key *key = tsig_key_text(p->arena, value, &why);

	return take_key(p, key, key ? NULL : arena_printf(p->arena, "-y: %s", why));
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
		return parse_usage(p, arena_printf(p->arena, "-x: '%s' is not an address", value));
	} else {
		name = reverse_labels(p->arena, value);
	}
	parse_add_name(p, name);

	if (p->defaults)
		return 0;

	struct digargs_lookup *l = parse_current(p);

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
	{ 'd', NULL, dash_nothing, "debugging: means nothing here" },
	{ 'f', "FILE", dash_batch, "lookups of a file, a line each; -: standard input" },
	{ 'h', NULL, dash_help, "this list" },
	{ 'i', NULL, dash_nothing, "ip6.int: means nothing any more" },
	{ 'k', "FILE", dash_key_file, "sign with the key of a file (all lookups)" },
	{ 'm', NULL, dash_nothing, "memory debugging: means nothing here" },
	{ 'n', NULL, dash_nothing, "means nothing any more" },
	{ 'p', "PORT", dash_port,
		"the servers' port (53, TLS 853, HTTPS 443, HTTP 80; all lookups)" },
	{ 'q', "NAME", parse_add_name, "name, also one that reads like a type" },
	{ 'r', NULL, dash_nothing, "read no ~/.digrc" },
	{ 't', "TYPE", dash_type, "type" },
	{ 'u', NULL, dash_usec, "times in microseconds" },
	{ 'v', NULL, dash_version, "version" },
	{ 'x', "ADDR", dash_reverse, "reverse lookup" },
	{ 'y', "[ALG:]NAME:KEY", dash_key, "sign with this key (all lookups)" },
};

static const struct dash *dash_find(char letter)
{
	for (size_t i = 0; i < ARRAY_LEN(dashes); i++)
		if (dashes[i].letter == letter)
			return &dashes[i];
	return NULL;
}

int parse_dash(struct parse *p, const char *word, const char *next, bool *ret_used)
{
	int err = 0;

	*ret_used = false;
	if (word[1] == '-')
		return parse_long(p, word, next, ret_used);
	if (!word[1])
		return parse_usage(p, "'-' is no option (dnsfault lookup -h lists them)");
	for (const char *c = word + 1; *c && !err && !p->over; c++) {
		const struct dash *d = dash_find(*c);

		if (!d)
			return parse_usage(
				p, arena_printf(p->arena,
					   "unknown option '%s' (dnsfault lookup -h lists them)",
					   word));
		if (!d->arg) {
			err = d->act(p, NULL);
			continue;
		}
		*ret_used = !c[1];
		if (!c[1] && !next)
			return parse_usage(p, arena_printf(p->arena, "-%c needs a value: -%c %s",
						      *c, *c, d->arg));
		return d->act(p, c[1] ? c + 1 : next);
	}
	return err;
}

void parse_dash_help(struct buf *out)
{
	for (size_t i = 0; i < ARRAY_LEN(dashes); i++) {
		const struct dash *d = &dashes[i];
		int width = 23 - (int)(d->arg ? strlen(d->arg) : 0);

		buf_printf(out, "  -%c %s%*s%s\n", d->letter, d->arg ? d->arg : "", width, "",
			d->help);
	}
}
