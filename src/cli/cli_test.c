/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Verbs, options, help and man pages say the same. */
#include <stdio.h>

#include "base/err.h"
#include "cli/completion.h"
#include "cli/explain.h"
#include "cli/help.h"
#include "cli/judge.h"
#include "fault/fault.h"
#include "tap.h"

enum { SCREEN = 24 };

static bool fits(const char *text, size_t *ret_lines)
{
	bool good = true;

	for (*ret_lines = 0; *text; ++*ret_lines) {
		size_t n = strcspn(text, "\n");

		good &= n <= 84;
		text += n + (text[n] == '\n');
	}
	return good;
}

static char *read_file(struct arena *a, const char *path)
{
	struct buf b = { .arena = a };
	FILE *f = fopen(path, "r");
	int c;

	while (f && (c = getc(f)) != EOF)
		buf_char(&b, (char)c);
	if (f)
		fclose(f);
	return f ? arena_str(a, buf_text(&b)) : NULL;
}

static bool same_name(const struct opt *a, const struct opt *b)
{
	return (a->brief && a->brief == b->brief) ||
	       (a->name && b->name && strcmp(a->name, b->name) == 0);
}

/* A row is well formed, unlike the rows before it, and in the man page. */
static void row(struct arena *a, const struct opt_table *t, size_t i, const char *man)
{
	const struct opt *o = &t->rows[i];
	const char *label =
		o->name ? arena_printf(a, "*--%s*", o->name) : arena_printf(a, "*-%c*", o->brief);
	bool alone = true;

	for (size_t j = 0; j < i; j++)
		alone &= !same_name(o, &t->rows[j]);
	ok(alone, "%s: only once", label);
	ok((o->type == OPT_FLAG) == (o->arg == NULL), "%s: a value when it takes one", label);
	ok(o->help && *o->help && o->help[strlen(o->help) - 1] != '.', "%s: help", label);
	ok(o->type != OPT_CHOICE || o->choices, "%s: choices", label);
	ok(strstr(man, label) != NULL, "%s: in the man page", label);
}

/* An option as each shell's script writes it. */
static const char *spelled(struct arena *a, const char *shell, const struct opt *o)
{
	if (strcmp(shell, "fish") == 0)
		return o->name ? arena_printf(a, " -l %s ", o->name)
			       : arena_printf(a, " -s %c ", o->brief);
	return o->name ? arena_printf(a, "--%s", o->name) : arena_printf(a, "-%c", o->brief);
}

/* All options of a verb are in the scripts and on the verb's man page. */
static void drift(struct arena *a, const struct verb *v)
{
	struct buf page = { .arena = a };

	completion_man(v, &page);
	for (size_t j = 0; v->options && j < v->options->n; j++) {
		const struct opt *o = &v->options->rows[j];
		const char *label = spelled(a, "bash", o);

		ok(strstr(buf_text(&page), arena_printf(a, "*%s*", label)) != NULL,
			"%s %s: on the verb's man page", v->name, label);
	}
	for (size_t i = 0; completion_shells[i]; i++) {
		struct buf script = { .arena = a };

		is_int(completion_script(completion_shells[i], &script), 0, completion_shells[i]);
		ok(strstr(buf_text(&script), v->name) != NULL, "%s: in %s", v->name,
			completion_shells[i]);
		for (size_t j = 0; v->options && j < v->options->n; j++) {
			const char *label = spelled(a, completion_shells[i], &v->options->rows[j]);

			ok(strstr(buf_text(&script), label) != NULL, "%s %s: in %s", v->name, label,
				completion_shells[i]);
		}
	}
}

static void verbs(struct arena *a, const char *man)
{
	for (size_t i = 0; i < verb_count; i++) {
		const struct verb *v = &verb_table[i];
		struct buf help = { .arena = a };
		size_t lines;

		ok(verb_find(v->name) == v, "%s: found, and only once", v->name);
		ok(strstr(v->usage, v->name) && v->help && v->run, "%s: usage and help", v->name);
		help_text(v, &help);
		ok(fits(buf_text(&help), &lines), "%s: help fits", v->name);
		ok(strstr(man, arena_printf(a, "*%s*", v->name)) != NULL, "%s: in the man page",
			v->name);
		for (size_t j = 0; v->options && j < v->options->n; j++)
			row(a, v->options, j, man);
		drift(a, v);
	}
	ok(!verb_find("diag") && !verb_find(""), "what is no verb is not found");
}

int main(void)
{
	struct arena *a = arena_new();
	struct buf overview = { .arena = a }, faults = { .arena = a };
	const char *man = read_file(a, DOC_DIR "/dnsfault.1.scd");
	size_t lines;

	ok(man != NULL, "the man page is there");
	verbs(a, man ? man : "");
	help_text(NULL, &overview);
	ok(fits(buf_text(&overview), &lines) && lines <= SCREEN, "help fits a screen");
	explain_man(&faults);
	for (size_t i = 0; i < fault_count; i++)
		ok(strstr(buf_text(&faults), arena_printf(a, "\n# %s\n", fault_table[i]->id)) !=
				NULL,
			"%s: in the manual of faults", fault_table[i]->id);
	arena_free(a);
	return tap_done();
}
