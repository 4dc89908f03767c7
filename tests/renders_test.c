/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every saved run of tests/fixtures in every renderer for text: letters are ASCII of 72 columns at
 * most, nothing that a terminal obeys comes through, JSON is JSON; some letters are as they were.
 * GOLDEN_UPDATE=1 writes tests/golden/noc anew.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/json.h"
#include "cli/file.h"
#include "facts/tape.h"
#include "render/report.h"
#include "tap.h"

enum { COLUMNS = 72, TEXT_COLUMNS = 80 };

static const struct report *judged(struct arena *a, const char *path)
{
	struct findings *findings = arena_alloc(a, sizeof(*findings));
	struct tape_error error = { 0 };
	struct check_input in;
	struct facts *facts;
	struct span text;

	if (file_read(a, path, &text) < 0 || tape_read(a, text, &facts, &error) < 0)
		return NULL;
	findings->arena = a;
	in = (struct check_input){ facts, infer_all(a, facts) };
	check_run(&in, findings);
	return report_make(a, &in, findings, check_verdict(&in, findings));
}

static const char *letter(struct arena *a, const struct report *r, enum letter_to to)
{
	struct buf b = { .arena = a };

	report_noc(r, to, &b);
	return buf_text(&b);
}

static bool is_letter(const char *text)
{
	size_t n = 0;

	for (; *text; text++) {
		n = *text == '\n' ? 0 : n + 1;
		if (n > COLUMNS || (*text != '\n' && (*text < ' ' || *text > '~')))
			return false;
	}
	return true;
}

/* Controls but for newlines, C1 controls (U+0080-9F), and marks that turn text round. */
static bool is_harmless(const char *text)
{
	static const char *const marks[] = { "\u200e", "\u200f", "\u202a", "\u202b", "\u202c",
		"\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069" };

	for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
		if (strstr(text, marks[i]))
			return false;
	}
	for (const unsigned char *t = (const unsigned char *)text; *t; t++) {
		if ((*t < ' ' && *t != '\n') || *t == 0x7f ||
			(*t == 0xc2 && t[1] >= 0x80 && t[1] < 0xa0))
			return false;
	}
	return true;
}

static void render(struct arena *a, const char *path, const char *name)
{
	struct text_style style = { .width = TEXT_COLUMNS };
	struct buf text = { .arena = a }, json = { .arena = a };
	const struct report *r = judged(a, path);
	const struct json_value *v = NULL;
	size_t at;

	if (!ok(r != NULL, "%s: is judged", name))
		return;
	report_text(r, &style, &text);
	report_json(r, &json);
	ok(is_letter(letter(a, r, LETTER_THERE)), "%s: the letter fits", name);
	ok(is_letter(letter(a, r, LETTER_OURS)), "%s: and the other", name);
	ok(is_harmless(buf_text(&text)), "%s: the text is harmless", name);
	ok(is_harmless(buf_text(&json)), "%s: so is the JSON", name);
	ok(json_read(a, buf_span(&json), &v, &at) == 0, "%s: which is JSON", name);
}

static int is_entry(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

static bool is_tape(const char *name)
{
	size_t n = strlen(name);

	return n > 6 && strcmp(name + n - 6, ".jsonl") == 0;
}

static void folder(const char *path, const char *name)
{
	struct dirent **entries;
	int n = scandir(path, &entries, is_entry, alphasort);

	for (int i = 0; i < n; i++) {
		struct arena *a = arena_new();
		const char *file = arena_printf(a, "%s/%s", path, entries[i]->d_name);

		if (is_tape(entries[i]->d_name))
			render(a, file, arena_printf(a, "%s/%s", name, entries[i]->d_name));
		arena_free(a);
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
}

static void folders(const char *path)
{
	struct dirent **entries;
	int n = scandir(path, &entries, is_entry, alphasort);

	ok(n > 0, "there are fixtures");
	for (int i = 0; i < n; i++) {
		struct arena *a = arena_new();

		folder(arena_printf(a, "%s/%s", path, entries[i]->d_name), entries[i]->d_name);
		arena_free(a);
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
}

static const struct {
	const char *tape;
	const char *golden;
	enum letter_to to;
} goldens[] = {
	{ "source-port-filter/bad", "source-port-filter", LETTER_THERE },
	{ "source-port-filter/bad", "source-port-filter-own", LETTER_OURS },
	{ "source-port-filter/good", "no-finding", LETTER_THERE },
	{ "client-blocked/bad", "client-blocked", LETTER_THERE },
	{ "lame-delegation/bad", "lame-delegation", LETTER_THERE },
	{ "dnssec-expired/bad", "dnssec-expired", LETTER_THERE },
	{ "edns-drop/bad", "edns-drop", LETTER_THERE },
	{ "tcp-blocked/bad", "tcp-blocked", LETTER_THERE },
	{ "resolver-fixed-port/bad", "resolver-fixed-port", LETTER_THERE },
	{ "resolver-fixed-port/bad", "resolver-fixed-port-own", LETTER_OURS },
	{ "hostile/escapes", "hostile", LETTER_THERE },
};

static void golden(struct arena *a, size_t i)
{
	const char *path = arena_printf(a, "%s/%s.txt", GOLDEN_DIR, goldens[i].golden);
	const struct report *r =
		judged(a, arena_printf(a, "%s/%s.jsonl", FIXTURES, goldens[i].tape));
	const char *got = r ? letter(a, r, goldens[i].to) : "";
	struct span want;
	FILE *f;

	if (getenv("GOLDEN_UPDATE") && (f = fopen(path, "w"))) {
		fputs(got, f);
		fclose(f);
	}
	if (file_read(a, path, &want) < 0)
		want = (struct span){ 0 };
	ok(want.n == strlen(got) && memcmp(want.p, got, want.n) == 0, "the letter %s",
		goldens[i].golden);
}

int main(int argc, char **argv)
{
	folders(argc > 1 ? argv[1] : FIXTURES);
	for (size_t i = 0; i < ARRAY_LEN(goldens); i++) {
		struct arena *a = arena_new();

		golden(a, i);
		arena_free(a);
	}
	ok(!is_letter(
		   "0123456789012345678901234567890123456789012345678901234567890123456789012") &&
			!is_letter("\u00b7") && !is_harmless("\033[1m") && !is_harmless("\u202e"),
		"what is no letter is told");
	return tap_done();
}
