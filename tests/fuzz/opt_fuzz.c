/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fuzz target of cli/opt: lines as argv, or as settings; values keep their bounds. */
#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "base/err.h"
#include "base/portset.h"
#include "cli/opt.h"
#include "dns/name.h"
#include "fuzz/fuzz.h"

struct settings {
	bool v4, json;
	uint32_t rate;
	struct opt_u64 seed;
	const char *save;
	struct opt_texts controls;
	int color;
	struct addr source;
	struct portset *ports;
	uint16_t type;
	const struct name *name;
};

enum { WORDS = 64, LEAST_RATE = 2, MOST_RATE = 1000 };

#define AT(field) offsetof(struct settings, field)
static const char *const when[] = { "auto", "always", "never", NULL };
static const struct opt rows[] = {
	{ .type = OPT_FLAG, .brief = '4', .at = AT(v4) },
	{ .type = OPT_FLAG, .name = "json", .at = AT(json) },
	{ .type = OPT_UINT,
		.brief = 'r',
		.name = "rate",
		.arg = "N",
		.at = AT(rate),
		.min = LEAST_RATE,
		.max = MOST_RATE },
	{ .type = OPT_U64, .name = "seed", .arg = "N", .at = AT(seed) },
	{ .type = OPT_TEXT, .brief = 'o', .name = "save", .arg = "FILE", .at = AT(save) },
	{ .type = OPT_TEXTS, .name = "control", .arg = "SERVER", .at = AT(controls) },
	{ .type = OPT_CHOICE, .name = "color", .arg = "WHEN", .at = AT(color), .choices = when },
	{ .type = OPT_ADDR, .brief = 'b', .arg = "ADDR", .at = AT(source) },
	{ .type = OPT_PORTS, .name = "ports", .arg = "SET", .at = AT(ports) },
	{ .type = OPT_TYPE, .brief = 't', .arg = "TYPE", .at = AT(type) },
	{ .type = OPT_NAME, .brief = 'q', .arg = "NAME", .at = AT(name) },
};
static const struct opt_table table = { rows, ARRAY_LEN(rows) };

static void must(bool holds)
{
	if (!holds)
		abort();
}

/* What a failure owes the user: one line that says why. */
static void check_why(const struct opt_result *r)
{
	must(r->why && *r->why && !strchr(r->why, '\n'));
}

static void check_settings(const struct settings *s)
{
	must(s->rate == 0 || (s->rate >= LEAST_RATE && s->rate <= MOST_RATE));
	must(s->color >= 0 && s->color <= 2);
	must(!s->ports || !portset_empty(s->ports));
	for (size_t i = 0; i < s->controls.n; i++)
		must(s->controls.v[i]);
}

/* Splits text at its line ends: each line a word. The words end with NULL, as argv does. */
static int split(char *text, char **words)
{
	int n = 0;

	for (char *word = strtok_r(text, "\n", &text); word && n < WORDS;
		word = strtok_r(NULL, "\n", &text))
		words[n++] = word;
	words[n] = NULL;
	return n;
}

static void try_argv(struct arena *a, char *text)
{
	struct opt_result r = { 0 };
	struct settings s = { 0 };
	char *words[WORDS + 1];
	int n = split(text, words), err;

	err = opt_parse((struct opt_into){ a, &s }, table, (struct opt_args){ n, words }, &r);
	if (err)
		check_why(&r);
	else
		must(r.words.n <= (size_t)n);
	check_settings(&s);
}

static void try_settings(struct arena *a, char *text)
{
	struct settings s = { 0 };
	char *words[WORDS + 1];
	int n = split(text, words);

	for (int i = 0; i < n; i++) {
		struct opt_result r = { 0 };

		if (opt_setting((struct opt_into){ a, &s }, table, words[i], &r) < 0)
			check_why(&r);
	}
	check_settings(&s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	char *text = arena_alloc(a, size + 1);
	char *copy;

	if (size)
		memcpy(text, data, size);
	copy = arena_str(a, text);
	try_argv(a, text);
	try_settings(a, copy);
	arena_free(a);
	return 0;
}
