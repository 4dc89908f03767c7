/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Findings again, from saved facts: the way of diagnose and ports without its packets. Facts of
 * several vantage points make one report.
 */
#include "cli/judge.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "beacon/beacon.h"
#include "check/vantage.h"
#include "cli/conclude.h"
#include "cli/file.h"
#include "cli/settings.h"
#include "cli/verb.h"
#include "dns/text.h"
#include "facts/tape.h"

static const char *const whens[] = { "auto", "always", "never", NULL };

static const struct opt rows[] = {
	{ OPT_FLAG, .name = "json", .at = offsetof(struct settings, json),
		.help = "print one JSON document" },
	{ OPT_MAYBE, .name = "noc", .arg = "own", .at = offsetof(struct settings, noc),
		.choices = settings_letters,
		.help = "print plain text to send to the other side, or to your own colleagues" },
	{ OPT_TEXT, .name = "html", .arg = "FILE", .at = offsetof(struct settings, html),
		.help = "write the report as a page, too (- for standard output, instead)" },
	{ OPT_CHOICE, .name = "color", .arg = "WHEN", .at = offsetof(struct settings, color),
		.choices = whens, .help = "auto, always or never" },
	{ OPT_FLAG, .brief = 'h', .name = "help", .at = offsetof(struct settings, help),
		.help = "show this help" },
};
const struct opt_table judge_options = { rows, ARRAY_LEN(rows) };

static const char *safe(struct arena *a, const char *path)
{
	struct buf b = { .arena = a };

	text_safe(&b, (struct span){ (const uint8_t *)path, strlen(path) });
	return buf_text(&b);
}

static int complain(struct arena *a, const char *path, const char *what)
{
	fprintf(stderr, "dnsfault judge: %s: %s\n", safe(a, path), what);
	return CLI_USAGE;
}

static int complain_line(struct arena *a, const char *path, const struct tape_error *e)
{
	const char *at = arena_printf(a, "line %zu", e->line);

	if (e->column)
		at = arena_printf(a, "%s, character %zu", at, e->column);
	return complain(a, path, arena_printf(a, "%s: %s", at, e->text));
}

/* CLI_OK with *ret, or a usage error that was said. */
static int read_facts(struct arena *a, const char *path, struct facts **ret)
{
	struct tape_error error;
	struct facts *facts;
	struct span text;

	if (file_read(a, path, &text) < 0)
		return complain(a, path, strerror(errno));
	if (tape_read(a, text, &facts, &error) < 0)
		return complain_line(a, path, &error);
	if (!facts->command)
		facts->command = "judge";
	facts->name = path;
	beacon_sightings(a, facts);
	*ret = facts;
	return CLI_OK;
}

/* The exit code; the report in out, or a usage error that was said. */
static int judge(
	struct arena *a, const struct settings *s, const struct opt_texts *files, struct buf *out)
{
	struct facts *tapes[VANTAGES_MOST];

	for (size_t i = 0; i < files->n; i++) {
		int code = read_facts(a, files->v[i], &tapes[i]);

		if (code != CLI_OK)
			return code;
	}
	if (files->n == 1)
		return conclude(a, tapes[0], s, out);
	return conclude_among(a, &(struct conclude_tapes){ tapes, files->n, NULL, 0 }, s, out);
}

static int judge_all(struct arena *a, const struct settings *s, const struct opt_texts *files)
{
	struct buf out = { .arena = a };
	int code;

	if (!files->n)
		return complain(a, "which FILE?", "give facts saved by --save, or - for stdin");
	if (files->n > VANTAGES_MOST)
		return complain(a, files->v[VANTAGES_MOST], "more than 32 FILEs at once");
	if (s->json && s->noc)
		return complain(a, "--json and --noc", "give one of them");
	if (conclude_conflict(s))
		return complain(a, "--html", conclude_conflict(s));
	code = judge(a, s, files, &out);
	if (file_print(buf_span(&out)) < 0) {
		fprintf(stderr, "dnsfault judge: standard output: %s\n", strerror(errno));
		return CLI_LOCAL;
	}
	return code;
}

int judge_main(int argc, char **argv)
{
	struct arena *a = arena_new();
	struct settings s = settings_defaults();
	struct opt_result r;
	int code = CLI_USAGE;

	if (opt_parse((struct opt_into){ a, &s }, judge_options, (struct opt_args){ argc, argv },
		    &r) < 0)
		fprintf(stderr, "dnsfault judge: %s\n", r.why);
	else if (s.help)
		code = (help_verb("judge"), CLI_OK);
	else
		code = judge_all(a, &s, &r.words);
	arena_free(a);
	return code;
}
