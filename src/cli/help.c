/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Help, printed from the tables of verbs and options. */
#include "cli/help.h"

#include <stdio.h>

#include "base/buf.h"
#include "cli/near.h"
#include "cli/prose.h"
#include "cli/verb.h"

enum { VERB_COLUMN = 12 };

static void overview(struct buf *b)
{
	prose_put(b, "Says why a DNS lookup fails, and where.", (struct prose_place){ 0, 0 });
	buf_str(b, "\nUsage:\n");
	buf_printf(b, "  dnsfault %s\n", verb_table[0].usage);
	buf_str(b, "  dnsfault VERB [arguments] [options]\n"
		   "  dnsfault --version | --help\n\nVerbs:\n");
	for (size_t i = 0; i < verb_count; i++)
		buf_printf(
			b, "  %-*s%s\n", VERB_COLUMN - 2, verb_table[i].name, verb_table[i].help);
	buf_str(b, "\nA first word that is no verb is a NAME to diagnose.\n"
		   "Exit codes: 0 no fault, 1 fault found, 2 usage, 3 could not decide, 4 failed "
		   "here.\n"
		   "`dnsfault help VERB` lists a verb's options.\n");
}

static void one(const struct verb *v, struct buf *b)
{
	buf_printf(b, "dnsfault %s: %s\n\nUsage: dnsfault %s\n", v->name, v->help, v->usage);
	if (v->text) {
		buf_char(b, '\n');
		prose_put(b, v->text, (struct prose_place){ 0, 0 });
	}
	if (v->options && v->options->n) {
		buf_str(b, "\nOptions:\n");
		opt_help(*v->options, b);
	}
}

void help_text(const struct verb *v, struct buf *out)
{
	if (v)
		one(v, out);
	else
		overview(out);
}

static void print(const struct verb *v)
{
	struct arena *a = arena_new();
	struct buf b = { .arena = a };

	help_text(v, &b);
	/* A failure shows at the end of main, where the stream is looked at. */
	fputs(buf_text(&b), stdout);
	arena_free(a);
}

void help_verb(const char *name)
{
	print(verb_find(name));
}

int help_main(int argc, char **argv)
{
	const struct verb *v = argc > 0 ? verb_find(argv[0]) : NULL;
	struct near near;

	if (argc > 0 && !v) {
		near = near_begin(argv[0]);
		for (size_t i = 0; i < verb_count; i++)
			near_try(&near, verb_table[i].name);
		fprintf(stderr, "dnsfault help: there is no such verb; %s%s\n",
			near.best ? "did you mean " : "`dnsfault help` lists those there are",
			near.best ? near.best : "");
		return CLI_USAGE;
	}
	print(v);
	return CLI_OK;
}
