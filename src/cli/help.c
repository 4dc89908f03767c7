/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Help, printed from the tables of verbs and options. */
#include "cli/help.h"

#include <stdio.h>

#include "base/buf.h"
#include "base/err.h"
#include "cli/completion.h"
#include "cli/near.h"
#include "cli/prose.h"
#include "cli/verb.h"

enum { VERB_COLUMN = 12 };

struct settings {
	bool man, help;
	const char *shell; /* NULL: none */
};

static const struct opt rows[] = {
	{ OPT_TEXT, .name = "completion", .arg = "SHELL", .at = offsetof(struct settings, shell),
		.help = "print the script that completes words in bash, zsh or fish" },
	{ OPT_FLAG, .name = "man", .at = offsetof(struct settings, man),
		.help = "print the verb's man page as source for scdoc" },
	{ OPT_FLAG, .brief = 'h', .name = "help", .at = offsetof(struct settings, help),
		.help = "show this help" },
};
const struct opt_table help_options = { rows, ARRAY_LEN(rows) };

static void overview(struct buf *b)
{
	prose_put(b, "Says why a DNS lookup fails, and where.", (struct prose_place){ 0, 0 });
	buf_str(b, "\nUsage:\n");
	buf_printf(b, "  dnsfault %s\n", verb_table[0].usage);
	buf_str(b, "  dnsfault VERB [arguments] [options] | --version | --help\n\nVerbs:\n");
	for (size_t i = 0; i < verb_count; i++)
		buf_printf(
			b, "  %-*s%s\n", VERB_COLUMN - 2, verb_table[i].name, verb_table[i].help);
	buf_str(b,
		"\nA first word that is no verb is a NAME to diagnose; `help VERB` lists options.\n"
		"Exit codes: 0 no fault, 1 fault found, 2 usage, 3 could not decide, 4 failed "
		"here.\n");
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

/* Also with no verb, which is wrong where a man page is wanted. */
static int unknown(const char *word)
{
	struct near near = near_begin(word);

	for (size_t i = 0; i < verb_count; i++)
		near_try(&near, verb_table[i].name);
	fprintf(stderr, "dnsfault help: there is no such verb; %s%s\n",
		near.best ? "did you mean " : "`dnsfault help` lists those there are",
		near.best ? near.best : "");
	return CLI_USAGE;
}

static int script(struct arena *a, const char *shell)
{
	struct buf b = { .arena = a };

	if (completion_script(shell, &b) < 0) {
		fputs("dnsfault help: --completion: give bash, zsh or fish\n", stderr);
		return CLI_USAGE;
	}
	fputs(buf_text(&b), stdout);
	return CLI_OK;
}

static int man(struct arena *a, const struct verb *v)
{
	struct buf b = { .arena = a };

	completion_man(v, &b);
	fputs(buf_text(&b), stdout);
	return CLI_OK;
}

static int help(struct arena *a, const struct settings *s, const struct opt_texts *words)
{
	const char *word = words->n ? words->v[0] : NULL;
	const struct verb *v = word ? verb_find(word) : NULL;

	if (s->help)
		return help_verb("help"), CLI_OK;
	if (s->shell)
		return script(a, s->shell);
	if ((word || s->man) && !v)
		return unknown(word ? word : "");
	if (s->man)
		return man(a, v);
	print(v);
	return CLI_OK;
}

int help_main(int argc, char **argv)
{
	struct arena *a = arena_new();
	struct settings s = { .help = false };
	struct opt_result r;
	int code = CLI_USAGE;

	if (opt_parse((struct opt_into){ a, &s }, help_options, (struct opt_args){ argc, argv },
		    &r) < 0)
		fprintf(stderr, "dnsfault help: %s\n", r.why);
	else
		code = help(a, &s, &r.words);
	arena_free(a);
	return code;
}
