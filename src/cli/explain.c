/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fault catalogue on a terminal: a list, or one entry. */
#include "cli/explain.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "cli/near.h"
#include "cli/prose.h"
#include "cli/verb.h"
#include "fault/fault.h"

enum { ID_COLUMN = 24 };

struct settings {
	bool man, help;
};

static const struct opt rows[] = {
	{ OPT_FLAG, .name = "man", .at = offsetof(struct settings, man),
		.help = "print the catalogue as source of a man page, for scdoc" },
	{ OPT_FLAG, .brief = 'h', .name = "help", .at = offsetof(struct settings, help),
		.help = "show this help" },
};
const struct opt_table explain_options = { rows, ARRAY_LEN(rows) };

static void man_text(struct buf *b, const char *text)
{
	prose_scdoc(b, text);
	buf_char(b, '\n');
}

static void man_lines(struct buf *b, const char *head, const char *const *lines)
{
	buf_printf(b, "\n%s\n\n", head);
	for (; *lines; lines++) {
		buf_str(b, "- ");
		man_text(b, *lines);
	}
}

static void man_entry(struct buf *b, const struct fault *f)
{
	buf_printf(b, "\n# %s\n\n*", f->id);
	buf_printf(b, "%s*\n\n", f->title);
	man_text(b, f->explain);
	buf_str(b, "\nHow it is told apart: ");
	man_text(b, f->seen);
	man_lines(b, "What to do here:", f->advice_here);
	man_lines(b, "What to do there:", f->advice_there);
	man_lines(b, "References:", f->refs);
}

static void list(struct buf *b)
{
	for (size_t i = 0; i < fault_count; i++) {
		buf_printf(b, "%-*s", ID_COLUMN, fault_table[i]->id);
		prose_put(b, fault_table[i]->title, (struct prose_place){ ID_COLUMN, ID_COLUMN });
	}
}

static void put_lines(struct buf *b, const char *head, const char *const *lines)
{
	buf_printf(b, "\n%s\n", head);
	for (; *lines; lines++) {
		buf_str(b, "  - ");
		prose_put(b, *lines, (struct prose_place){ 4, 4 });
	}
}

static void entry(struct buf *b, const struct fault *f)
{
	buf_printf(b, "%s: %s\n\n", f->id, f->title);
	prose_put(b, f->explain, (struct prose_place){ 0, 0 });
	buf_str(b, "\nHow it is told apart\n  ");
	prose_put(b, f->seen, (struct prose_place){ 2, 2 });
	put_lines(b, "What to do here", f->advice_here);
	put_lines(b, "What to do there", f->advice_there);
	put_lines(b, "References", f->refs);
}

void explain_man(struct buf *out)
{
	buf_str(out,
		"dnsfault-faults(7)\n\n# NAME\n\n"
		"dnsfault-faults - what dnsfault finds, and what to do about it\n\n"
		"# DESCRIPTION\n\n"
		"Every finding of *dnsfault*(1) has one of these ids. They stay the same in all "
		"versions.\n");
	for (size_t i = 0; i < fault_count; i++)
		man_entry(out, fault_table[i]);
	buf_str(out, "\n# SEE ALSO\n\n*dnsfault*(1)\n");
}

static int unknown(struct arena *a, const char *id)
{
	struct near near = near_begin(id);
	struct buf b = { .arena = a };

	for (size_t i = 0; i < fault_count; i++)
		near_try(&near, fault_table[i]->id);
	buf_str(&b, "dnsfault explain: there is no such id; ");
	if (near.best)
		buf_printf(&b, "did you mean %s?", near.best);
	else
		buf_str(&b, "`dnsfault explain` lists those there are");
	fprintf(stderr, "%s\n", buf_text(&b));
	return CLI_USAGE;
}

static int explain(struct arena *a, const struct opt_result *r)
{
	struct buf b = { .arena = a };

	for (size_t i = 0; i < r->words.n; i++) {
		const struct fault *f = fault_find(r->words.v[i]);

		if (!f)
			return unknown(a, r->words.v[i]);
		if (i)
			buf_str(&b, "\n\n");
		entry(&b, f);
	}
	if (!r->words.n)
		list(&b);
	fputs(buf_text(&b), stdout);
	return CLI_OK;
}

static int print_man(struct arena *a)
{
	struct buf b = { .arena = a };

	explain_man(&b);
	fputs(buf_text(&b), stdout);
	return CLI_OK;
}

int explain_main(int argc, char **argv)
{
	struct arena *a = arena_new();
	struct settings s = { .help = false };
	struct opt_result r;
	int code = CLI_USAGE;

	if (opt_parse((struct opt_into){ a, &s }, explain_options, (struct opt_args){ argc, argv },
		    &r) < 0)
		fprintf(stderr, "dnsfault explain: %s\n", r.why);
	else if (s.help)
		code = (help_verb("explain"), CLI_OK);
	else if (s.man)
		code = print_man(a);
	else
		code = explain(a, &r);
	arena_free(a);
	return code;
}
