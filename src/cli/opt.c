/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Options from typed rows: the parser of argv and of settings files. */
#include <string.h>

#include "base/addr.h"
#include "base/err.h"
#include "base/portset.h"
#include "base/vec.h"
#include "cli/near.h"
#include "cli/opt.h"
#include "dns/name.h"
#include "dns/text.h"

/* One option with the place of its value and the name by which the user called it. */
struct store {
	struct arena *a;
	const struct opt *o;
	void *at;
	const char *label;
	const char **ret_why;
};

struct parse {
	struct arena *a;
	struct opt_table table;
	struct opt_args args;
	int i; /* the word being read */
	char *settings;
	struct opt_result *ret;
};

/* What the user wrote, fit for a terminal. */
static const char *quoted(struct arena *a, const char *text)
{
	struct buf b = { .arena = a };

	buf_char(&b, '\'');
	text_safe(&b, (struct span){ (const uint8_t *)text, strlen(text) });
	buf_char(&b, '\'');
	return buf_text(&b);
}

static int refuse(const char **ret_why, const char *why)
{
	*ret_why = why;
	return -ERR_USAGE;
}

static int wrong(const struct store *s, const char *value, const char *form)
{
	return refuse(
		s->ret_why, arena_printf(s->a, "%s: %s %s", s->label, quoted(s->a, value), form));
}

/* Decimal digits only; -ERR_PARSE for anything else and for what does not fit. */
static int read_number(const char *text, uint64_t *ret)
{
	uint64_t v = 0;

	if (!*text)
		return -ERR_PARSE;
	for (; *text; text++) {
		if (*text < '0' || *text > '9' || v > (UINT64_MAX - (uint64_t)(*text - '0')) / 10)
			return -ERR_PARSE;
		v = v * 10 + (uint64_t)(*text - '0');
	}
	*ret = v;
	return 0;
}

static int store_flag(struct store *s, const char *value)
{
	static const struct {
		const char *word;
		bool is;
	} words[] = { { "yes", true }, { "no", false }, { "true", true }, { "false", false },
		{ "on", true }, { "off", false }, { "1", true }, { "0", false } };

	if (!value) {
		*(bool *)s->at = true;
		return 0;
	}
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (strcmp(value, words[i].word) == 0) {
			*(bool *)s->at = words[i].is;
			return 0;
		}
	}
	return wrong(s, value, "is neither yes nor no");
}

static int store_uint(struct store *s, const char *value)
{
	uint32_t max = s->o->max ? s->o->max : UINT32_MAX;
	uint64_t v;

	if (read_number(value, &v) < 0 || v < s->o->min || v > max)
		return refuse(
			s->ret_why, arena_printf(s->a, "%s: %s is no whole number from %u to %u",
					    s->label, quoted(s->a, value), s->o->min, max));
	*(uint32_t *)s->at = (uint32_t)v;
	return 0;
}

static int store_u64(struct store *s, const char *value)
{
	uint64_t v;

	if (read_number(value, &v) < 0)
		return wrong(s, value, "is no whole number from 0 to 18446744073709551615");
	*(struct opt_u64 *)s->at = (struct opt_u64){ .given = true, .v = v };
	return 0;
}

static int store_text(struct store *s, const char *value)
{
	*(const char **)s->at = value;
	return 0;
}

static int store_texts(struct store *s, const char *value)
{
	struct opt_texts *t = s->at;

	vec_push(s->a, t, value);
	return 0;
}

static const char *choices_text(struct arena *a, const char *const *choices)
{
	struct buf b = { .arena = a };

	for (size_t i = 0; choices[i]; i++)
		buf_printf(&b, "%s%s", i ? ", " : "", choices[i]);
	return buf_text(&b);
}

static int store_choice(struct store *s, const char *value)
{
	for (int i = 0; s->o->choices[i]; i++) {
		if (strcmp(s->o->choices[i], value) == 0) {
			*(int *)s->at = i;
			return 0;
		}
	}
	return refuse(s->ret_why, arena_printf(s->a, "%s: %s is none of %s", s->label,
					  quoted(s->a, value), choices_text(s->a, s->o->choices)));
}

static int store_maybe(struct store *s, const char *value)
{
	int err = store_choice(s, value);

	if (err == 0)
		++*(int *)s->at;
	return err;
}

static int store_addr(struct store *s, const char *value)
{
	struct addr a;

	if (addr_parse_port(value, &a) < 0)
		return wrong(s, value,
			"is no address; write it like 192.0.2.1, 2001:db8::1 or 192.0.2.1#53");
	*(struct addr *)s->at = a;
	return 0;
}

static int store_ports(struct store *s, const char *value)
{
	struct portset *set = arena_alloc(s->a, sizeof(*set));
	size_t at = 0;

	if (portset_parse(value, set, &at) < 0)
		return refuse(s->ret_why, arena_printf(s->a,
						  "%s: %s is no set of ports (see character %zu); "
						  "write it like 1-52,54-1023",
						  s->label, quoted(s->a, value), at + 1));
	if (portset_empty(set))
		return wrong(s, value, "names no port; write it like 1-52,54-1023");
	*(struct portset **)s->at = set;
	return 0;
}

static int store_type(struct store *s, const char *value)
{
	if (text_parse_type(value, s->at) < 0)
		return wrong(s, value, "is no record type; write it like MX or TYPE65");
	return 0;
}

static int store_name(struct store *s, const char *value)
{
	struct name n;

	if (name_parse(value, &n) < 0)
		return wrong(s, value,
			"is no domain name: labels have 1 to 63 octets, a name at most 255");
	*(const struct name **)s->at = name_keep(s->a, &n);
	return 0;
}

static int (*const stores[])(struct store *s, const char *value) = {
	[OPT_FLAG] = store_flag,
	[OPT_UINT] = store_uint,
	[OPT_U64] = store_u64,
	[OPT_TEXT] = store_text,
	[OPT_TEXTS] = store_texts,
	[OPT_CHOICE] = store_choice,
	[OPT_MAYBE] = store_maybe,
	[OPT_ADDR] = store_addr,
	[OPT_PORTS] = store_ports,
	[OPT_TYPE] = store_type,
	[OPT_NAME] = store_name,
};

static int store(struct parse *p, const struct opt *o, const char *label, const char *value)
{
	struct store s = { p->a, o, p->settings + o->at, label, &p->ret->why };

	return stores[o->type](&s, value);
}

/* The value of an option that wants one: what hangs on it, else the next word. */
static int take_value(struct parse *p, const struct opt *o, const char *label, const char *attached)
{
	if (!attached) {
		if (p->i + 1 >= p->args.argc)
			return refuse(&p->ret->why, arena_printf(p->a, "%s wants a value: %s %s",
							    label, label, o->arg));
		attached = p->args.argv[++p->i];
	}
	return store(p, o, label, attached);
}

/* A row by a whole name or its only row with such a beginning; NULL and why otherwise. */
static const struct opt *find_long(struct parse *p, const char *name, size_t n)
{
	struct buf many = { .arena = p->a };
	const struct opt *found = NULL;
	size_t count = 0;

	for (const struct opt *o = p->table.rows; o < p->table.rows + p->table.n; o++) {
		if (!o->name || strncmp(o->name, name, n) != 0)
			continue;
		if (!o->name[n])
			return o;
		found = o;
		buf_printf(&many, "%s--%s", count++ ? ", " : "", o->name);
	}
	if (count == 1)
		return found;
	if (count > 1)
		refuse(&p->ret->why, arena_printf(p->a, "--%.*s may be any of %s: write more of it",
					     (int)n, name, buf_text(&many)));
	return NULL;
}

static int unknown_long(struct parse *p, const char *word, size_t n)
{
	char *name = arena_printf(p->a, "%.*s", (int)n, word);
	struct near near = near_begin(name);

	for (size_t i = 0; i < p->table.n; i++) {
		if (p->table.rows[i].name)
			near_try(&near, p->table.rows[i].name);
	}
	name = arena_printf(p->a, "--%s", name);
	if (near.best)
		return refuse(&p->ret->why,
			arena_printf(p->a, "there is no option %s; did you mean --%s?",
				quoted(p->a, name), near.best));
	return refuse(&p->ret->why,
		arena_printf(p->a, "there is no option %s; --help lists those there are",
			quoted(p->a, name)));
}

/* "name" or "name=value", without its dashes. */
static int parse_long(struct parse *p, const char *word)
{
	size_t n = strcspn(word, "=");
	const char *value = word[n] ? word + n + 1 : NULL, *label;
	const struct opt *o;

	p->ret->why = NULL;
	o = n ? find_long(p, word, n) : NULL;
	if (!o)
		return p->ret->why ? -ERR_USAGE : unknown_long(p, word, n);
	label = arena_printf(p->a, "--%s", o->name);
	if (o->type == OPT_MAYBE)
		return store(p, o, label, value ? value : o->choices[0]);
	if (o->type != OPT_FLAG)
		return take_value(p, o, label, value);
	if (value)
		return refuse(&p->ret->why, arena_printf(p->a, "%s takes no value: leave out %s",
						    label, quoted(p->a, word + n)));
	return store(p, o, label, NULL);
}

static const struct opt *find_brief(const struct parse *p, char c)
{
	for (const struct opt *o = p->table.rows; o < p->table.rows + p->table.n; o++) {
		if (o->brief == c)
			return o;
	}
	return NULL;
}

/* "4b192.0.2.1": flags, then perhaps one option with its value. */
static int parse_brief(struct parse *p, const char *word)
{
	int err = 0;

	for (; *word && !err; word++) {
		const struct opt *o = find_brief(p, *word);
		const char *label = arena_printf(p->a, "-%c", *word);

		if (!o)
			return refuse(&p->ret->why,
				arena_printf(p->a,
					"there is no option %s; --help lists those there are",
					quoted(p->a, label)));
		if (o->type != OPT_FLAG)
			return take_value(p, o, label, word[1] ? word + 1 : NULL);
		err = store(p, o, label, NULL);
	}
	return err;
}

static int parse_word(struct parse *p, const char *word)
{
	if (word[0] == '-' && word[1] == '-')
		return parse_long(p, word + 2);
	if (word[0] == '-' && word[1])
		return parse_brief(p, word + 1);
	vec_push(p->a, &p->ret->words, word);
	return 0;
}

int opt_parse(
	struct opt_into into, struct opt_table t, struct opt_args args, struct opt_result *ret)
{
	struct opt_result r = { .why = NULL };
	struct parse p = { into.arena, t, args, 0, into.settings, &r };
	int err = 0;

	for (; p.i < args.argc && !err; p.i++) {
		if (strcmp(args.argv[p.i], "--") == 0)
			break;
		err = parse_word(&p, args.argv[p.i]);
	}
	while (!err && ++p.i < args.argc)
		vec_push(into.arena, &r.words, args.argv[p.i]);
	*ret = r;
	return err;
}

int opt_take(struct opt_into into, struct opt_table t, struct opt_args args, struct opt_result *ret)
{
	struct parse p = { into.arena, t, args, 0, into.settings, ret };
	int err = parse_long(&p, args.argv[0] + 2);

	ret->used = p.i + 1;
	return err;
}

/* The text between white space, as a copy. */
static char *trimmed(struct arena *a, const char *text, size_t n)
{
	static const char blank[] = " \t\r\n";

	while (n && strchr(blank, *text)) {
		text++;
		n--;
	}
	while (n && strchr(blank, text[n - 1]))
		n--;
	return arena_printf(a, "%.*s", (int)n, text);
}

int opt_setting(struct opt_into into, struct opt_table t, const char *line, struct opt_result *ret)
{
	struct arena *a = into.arena;
	struct parse p = { a, t, { 0, NULL }, 0, into.settings, ret };
	size_t n = strcspn(line, "=");
	const char *name = trimmed(a, line, n);
	const char *value = line[n] ? trimmed(a, line + n + 1, strlen(line + n + 1)) : NULL;

	if ((!*name && !value) || name[0] == '#')
		return 0;
	for (const struct opt *o = t.rows; o < t.rows + t.n; o++) {
		if (!o->name || strcmp(o->name, name) != 0)
			continue;
		if (!value && o->type != OPT_FLAG)
			return refuse(&ret->why, arena_printf(a, "%s wants a value: %s = %s",
							 o->name, o->name, o->arg));
		return store(&p, o, o->name, value);
	}
	return refuse(&ret->why,
		arena_printf(a, "there is no setting %s; write options by their long names",
			quoted(a, name)));
}
