/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Options with two dashes, which dig has not: one row each, with the names that all verbs share. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "cli/digargs_inner.h"
#include "cli/digplus.h"

enum { MOST = 100000000, DIGITS = 9, COLUMN = 26 };

struct row;
typedef int row_act(struct parse *p, const struct row *row, const char *value);

struct row {
	const char *name;
	const char *arg; /* NULL: none */
	row_act *act;
	size_t at; /* in struct digargs_long */
	const char *help;
};

static int take_json(struct parse *p, const struct row *row, const char *value)
{
	struct digplus_target t = { p->arena, p->args, parse_current(p), p->fail, p };

	(void)value;
	return digplus_apply(&t, row->name);
}

static int take_text(struct parse *p, const struct row *row, const char *value)
{
	*(const char **)((char *)&p->args->also + row->at) = value;
	return 0;
}

static int take_number(struct parse *p, const struct row *row, const char *value)
{
	size_t n = strspn(value, "0123456789");
	unsigned long number = strtoul(value, NULL, 10);

	if (!n || n > DIGITS || value[n] || number > MOST)
		return parse_usage(
			p, arena_printf(p->arena, "--%s: '%s' is not a number from 0 to %d",
				   row->name, value, MOST));
	*(uint32_t *)((char *)&p->args->also + row->at) = (uint32_t)number;
	return 0;
}

#define AT(field) offsetof(struct digargs_long, field)

static const struct row rows[] = {
	{ "budget", "N", take_number, AT(budget), "most queries to one server (no limit)" },
	{ "json", NULL, take_json, 0, "the same as +json" },
	{ "queue", "URL", take_text, AT(queue), "where agents of --vantage are found" },
	{ "queue-ca", "FILE", take_text, AT(ca), "authorities of the queue's certificate" },
	{ "queue-creds", "FILE", take_text, AT(creds), "NATS credentials for --queue" },
	{ "rate", "N", take_number, AT(rate), "most queries a second to one server (no limit)" },
	{ "save", "FILE", take_text, AT(save), "the facts as JSON lines, for dnsfault judge" },
	{ "vantage", "SITE,...|all", take_text, AT(vantage),
		"the same from agents of these sites" },
};

static const struct row *find(const char *name, size_t n)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (strlen(rows[i].name) == n && strncmp(rows[i].name, name, n) == 0)
			return &rows[i];
	return NULL;
}

int parse_long(struct parse *p, const char *word, const char *next, bool *ret_used)
{
	const char *name = word + 2, *equals = strchr(name, '=');
	const struct row *r = find(name, equals ? (size_t)(equals - name) : strlen(name));

	*ret_used = false;
	if (!r || (equals && !r->arg))
		return parse_usage(
			p, arena_printf(p->arena,
				   "unknown option '%s' (dnsfault lookup -h lists them)", word));
	if (!r->arg)
		return r->act(p, r, NULL);
	if (equals)
		return r->act(p, r, equals + 1);
	if (!next)
		return parse_usage(p, arena_printf(p->arena, "--%s needs a value: --%s=%s", r->name,
					      r->name, r->arg));
	*ret_used = true;
	return r->act(p, r, next);
}

void parse_long_help(struct buf *out)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct row *r = &rows[i];
		int width = COLUMN - 3 - (int)(strlen(r->name) + (r->arg ? strlen(r->arg) : 0));

		buf_printf(out, "  --%s%s%s%*s%s\n", r->name, r->arg ? " " : "",
			r->arg ? r->arg : "", r->arg ? width : width + 1, "", r->help);
	}
}
