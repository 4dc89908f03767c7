/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The help lines of options: two columns in 80. */
#include <string.h>

#include "cli/opt.h"

enum { HELP_COLUMN = 26, HELP_WIDTH = 79 };

static const char *left(struct arena *a, const struct opt *o)
{
	struct buf b = { .arena = a };

	if (o->brief)
		buf_printf(&b, "  -%c%s", o->brief, o->name ? ", " : "");
	else
		buf_str(&b, "      ");
	if (o->name)
		buf_printf(&b, "--%s", o->name);
	if (o->arg)
		buf_printf(&b, " %s", o->arg);
	return buf_text(&b);
}

/* Octets of UTF-8 that take a column of their own. */
static size_t columns(const char *p, size_t n)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		count += (p[i] & 0xc0) != 0x80;
	return count;
}

/* Words of text from column at on, broken before HELP_WIDTH. */
static void put_words(struct buf *out, const char *text, size_t at)
{
	bool first = true;

	while (*text) {
		size_t n = strcspn(text, " "), width = columns(text, n);

		if (!first && at + 1 + width > HELP_WIDTH) {
			buf_printf(out, "\n%*s", HELP_COLUMN, "");
			at = HELP_COLUMN;
		} else if (!first) {
			buf_char(out, ' ');
			at++;
		}
		buf_put(out, text, n);
		at += width;
		first = false;
		text += n + strspn(text + n, " ");
	}
	buf_char(out, '\n');
}

void opt_help(struct opt_table t, struct buf *out)
{
	for (const struct opt *o = t.rows; o < t.rows + t.n; o++) {
		struct buf help = { .arena = out->arena };
		const char *l = left(out->arena, o);

		buf_str(&help, o->help);
		for (size_t i = 0; o->type == OPT_CHOICE && o->choices[i]; i++)
			buf_printf(&help, "%s%s", i ? ", " : ": ", o->choices[i]);
		buf_str(out, l);
		if (columns(l, strlen(l)) + 2 > HELP_COLUMN)
			buf_printf(out, "\n%*s", HELP_COLUMN, "");
		else
			buf_printf(out, "%*s", (int)(HELP_COLUMN - columns(l, strlen(l))), "");
		put_words(out, buf_text(&help), HELP_COLUMN);
	}
}
