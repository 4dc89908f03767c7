/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fuzz target of dig's command line: lines as words; those behind an empty line are lines of a file
 * of -f, and the first of all, when it begins with a blank, is one of ~/.digrc. No file is read.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/digargs.h"
#include "fuzz/fuzz.h"

enum { WORDS = 64 };

static void must(bool holds)
{
	if (!holds)
		abort();
}

/* What a failure owes the user: an exit code, and one line that says why. */
static void check_fail(const struct digargs_fail *f)
{
	must(f->code == DIG_USAGE || f->code == DIG_VALUE);
	must(f->why && *f->why && !strchr(f->why, '\n'));
}

static void check_lookup(const struct digargs_lookup *l)
{
	must(l->name && l->tries > 0 && l->bufsize <= UINT16_MAX && l->opcode < 16);
	must(l->padding <= 512 && l->version <= UINT8_MAX && l->id <= UINT16_MAX);
	must(l->subnet_prefix <= (l->subnet_addr.family == ADDR_V6 ? 128 : 32));
	must(l->servers_before <= l->servers.n);
	for (size_t i = 0; i < l->servers.n; i++)
		must(l->servers.v[i]);
	for (size_t i = 0; i < l->options.n; i++)
		must(!l->options.v[i].length || l->options.v[i].data);
}

static void check(const struct digargs *args)
{
	must(args->lookups.n || args->batch || args->help || args->version);
	for (size_t i = 0; i < args->lookups.n; i++)
		check_lookup(&args->lookups.v[i]);
}

/* The words up to an empty line; *text: behind it. */
static struct digargs_words words(struct arena *a, char **text)
{
	struct digargs_words w = { 0, arena_alloc(a, WORDS * sizeof(char *)) };

	while (**text && w.argc < WORDS) {
		size_t n = strcspn(*text, "\n");
		char *word = *text;

		*text += n + (word[n] != '\0');
		word[n] = '\0';
		if (!n)
			break;
		/* -k would read a file, in a row of letters, too. */
		if (word[0] != '-' || !strchr(word, 'k'))
			w.argv[w.argc++] = word;
	}
	return w;
}

static void run(struct arena *a, char *text)
{
	struct digargs args;
	struct digargs_fail fail = { 0 };
	struct digargs_reader *r = digargs_new(a, &args);
	bool rc = *text == ' ';

	if (rc) {
		struct digargs_words w = words(a, &text);

		if (w.argc && digargs_take_defaults(r, digargs_split(a, w.argv[0]), &fail)) {
			check_fail(&fail);
			return;
		}
	}
	if (digargs_take(r, a, words(a, &text), &fail)) {
		check_fail(&fail);
		return;
	}
	check(&args);
	while (*text) {
		if (digargs_take(r, a, words(a, &text), &fail)) {
			check_fail(&fail);
			return;
		}
		check(&args);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	char *text = arena_alloc(a, size + 1);

	if (size)
		memcpy(text, data, size);
	run(a, text);
	arena_free(a);
	return 0;
}
