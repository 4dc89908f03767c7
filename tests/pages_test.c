/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every saved run of tests/fixtures as a page: it is what tests/htmlcheck.h asks for, and the facts
 * in it lead to the same report; some pages are as they were, their style and facts left out.
 * GOLDEN_UPDATE=1 writes tests/golden/html anew.
 */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "cli/file.h"
#include "facts/tape.h"
#include "htmlcheck.h"
#include "render/report.h"
#include "tap.h"

static const struct report *judged(struct arena *a, struct span text)
{
	struct findings *findings = arena_alloc(a, sizeof(*findings));
	struct tape_error error = { 0 };
	struct check_input in;
	struct facts *facts;

	if (tape_read(a, text, &facts, &error) < 0)
		return NULL;
	if (!facts->command)
		facts->command = "judge";
	findings->arena = a;
	in = (struct check_input){ facts, infer_all(a, facts) };
	check_run(&in, findings);
	return report_make(a, &in, findings, check_verdict(&in, findings));
}

static const struct report *judged_file(struct arena *a, const char *path)
{
	struct span text;

	return file_read(a, path, &text) < 0 ? NULL : judged(a, text);
}

static struct buf page_of(struct arena *a, const struct report *r)
{
	struct buf b = { .arena = a };

	report_html(r, &b);
	return b;
}

static const char *json_of(struct arena *a, const struct report *r)
{
	struct buf b = { .arena = a };

	report_json(r, &b);
	return buf_text(&b);
}

static void check(const char *path)
{
	struct arena *a = arena_new();
	const struct report *r = judged_file(a, path), *again;
	const char *name = strstr(path, "fixtures/"), *wrong;
	struct buf page;

	if (ok(r != NULL, "%s: is judged", name)) {
		page = page_of(a, r);
		wrong = htmlcheck(buf_text(&page));
		if (!ok(!wrong, "%s: is a page", name))
			printf("#   %s\n", wrong);
		again = judged(a, buf_span(&page));
		ok(again && strcmp(json_of(a, r), json_of(a, again)) == 0,
			"%s: the page is judged alike", name);
	}
	arena_free(a);
}

static void check_all(const char *folder)
{
	struct arena *a = arena_new();
	glob_t g = { 0 };

	ok(glob(arena_printf(a, "%s/*/*.jsonl", folder), 0, NULL, &g) == 0, "there are fixtures");
	for (size_t i = 0; i < g.gl_pathc; i++)
		check(g.gl_pathv[i]);
	globfree(&g);
	arena_free(a);
}

static const char *const goldens[] = {
	"source-port-filter/bad",
	"source-port-filter/good",
	"resolver-uses-filtered-ports/bad",
	"lame-delegation/bad",
	"dnssec-expired/bad",
	"edns-drop/bad",
	"flow-hash-loss/bad",
	"resolver-fixed-port/bad",
	"mx-lookup-fails/bad",
	"hostile/escapes",
	"pages/story",
	"pages/exposed",
	"pages/tree",
};

/* Without what stands between the two marks, so that goldens hold what differs. */
static void leave_out(struct buf *page, const char *from, const char *to)
{
	char *at = strstr(page->p, from), *end = at ? strstr(at, to) : NULL;

	if (!end)
		return;
	at += strlen(from);
	memmove(at, end, strlen(end) + 1);
	page->n = strlen(page->p);
}

/* A line for each element that begins one, so that a difference is found by diff(1). */
static const char *in_lines(struct arena *a, const char *page)
{
	static const char *const begin[] = { "<section", "<li", "<tr", "<dt", "<details", "<figure",
		"<svg", "<rect", "<g>", "<text", "<footer", "<body" };
	struct buf b = { .arena = a };

	for (; *page; page++) {
		for (size_t i = 0; i < ARRAY_LEN(begin); i++)
			if (strncmp(page, begin[i], strlen(begin[i])) == 0)
				buf_char(&b, '\n');
		buf_char(&b, *page);
	}
	return buf_text(&b);
}

static void golden(struct arena *a, const char *tape)
{
	char *name = arena_str(a, tape);
	const char *path, *got = "";
	const struct report *r = judged_file(a, arena_printf(a, "%s/%s.jsonl", FIXTURES, tape));
	struct span want;
	FILE *f;

	for (char *c = name; *c; c++)
		if (*c == '/')
			*c = '-';
	path = arena_printf(a, "%s/%s.html", GOLDEN_DIR, name);
	if (r) {
		struct buf page = page_of(a, r);

		leave_out(&page, "<style>", "</style>");
		leave_out(&page, "id=\"dnsfault-facts\">", "</script>");
		got = in_lines(a, buf_text(&page));
	}
	if (getenv("GOLDEN_UPDATE") && (f = fopen(path, "w"))) {
		fputs(got, f);
		fclose(f);
	}
	if (file_read(a, path, &want) < 0)
		want = (struct span){ 0 };
	ok(r && want.p && want.n == strlen(got) && memcmp(want.p, got, want.n) == 0, "the page %s",
		tape);
}

/* A check that lets everything through would be of no use. */
static void check_the_check(void)
{
	static const char *const bad[] = {
		"<p></p>",
		"<!doctype html>\n<p>",
		"<!doctype html>\n<p></b>",
		"<!doctype html>\n<p>&nbsp;</p>",
		"<!doctype html>\n<p title=x></p>",
		"<!doctype html>\n<p onclick=\"x\"></p>",
		"<!doctype html>\n<a href=\"http://192.0.2.1/\"></a>",
		"<!doctype html>\n<img src=\"x\">",
		"<!doctype html>\n<script>x</script>",
		"<!doctype html>\n<p>\033[1m</p>",
		"<!doctype html>\n<p title=\"\u202e\"></p>",
		"<!doctype html>\n<p>1 > 0</p>",
	};

	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		ok(htmlcheck(bad[i]) != NULL, "what is no page is told: %zu", i);
	ok(!htmlcheck("<!doctype html>\n<p title=\"&lt;\">&amp;<b></b></p>"), "what is one, too");
}

int main(int argc, char **argv)
{
	check_all(argc > 1 ? argv[1] : FIXTURES);
	for (size_t i = 0; i < ARRAY_LEN(goldens); i++) {
		struct arena *a = arena_new();

		golden(a, goldens[i]);
		arena_free(a);
	}
	check_the_check();
	return tap_done();
}
