/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any bytes as a tape that is judged and drawn: the page is what tests/htmlcheck.h asks for,
 * whatever the names and texts in it, and its facts are judged alike. Bytes that are no tape are
 * written as text and as an attribute.
 */
#include <stdlib.h>
#include <string.h>

#include "check/check.h"
#include "facts/tape.h"
#include "fuzz/fuzz.h"
#include "htmlcheck.h"
#include "render/markup.h"
#include "render/report.h"
#include "render/svg.h"

enum { COLUMNS = 20 };

static void must(bool holds)
{
	if (!holds)
		abort();
}

static const struct report *judge(struct arena *a, struct facts *f)
{
	struct findings *findings = arena_alloc(a, sizeof(*findings));
	struct check_input in = { f, NULL };

	if (!f->command)
		f->command = "judge";
	in.inferences = infer_all(a, f);
	findings->arena = a;
	check_run(&in, findings);
	return report_make(a, &in, findings, check_verdict(&in, findings));
}

static const char *json_of(struct arena *a, const struct report *r)
{
	struct buf b = { .arena = a };

	report_json(r, &b);
	return buf_text(&b);
}

static void draw(struct arena *a, struct facts *f)
{
	const struct report *r = judge(a, f);
	struct tape_error error = { 0 };
	struct buf page = { .arena = a };
	struct facts *back = NULL;

	report_html(r, &page);
	must(!htmlcheck(buf_text(&page)));
	must(tape_read(a, buf_span(&page), &back, &error) == 0);
	must(strcmp(json_of(a, r), json_of(a, judge(a, back))) == 0);
}

static void write_text(struct arena *a, const uint8_t *data, size_t size)
{
	struct buf b = { .arena = a };
	struct markup m = { .out = &b };
	char *text = arena_alloc(a, size + 1);

	memcpy(text, data, size);
	buf_str(&b, "<!doctype html>\n");
	markup_open(&m, "p");
	markup_attr(&m, "title", text);
	markup_text(&m, text);
	markup_close(&m);
	must(!htmlcheck(buf_text(&b)));
	must(markup_columns(svg_fit(a, text, COLUMNS)) <= COLUMNS + 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct tape_error error = { 0 };
	struct facts *f = NULL;

	if (tape_read(a, (struct span){ data, size }, &f, &error) == 0)
		draw(a, f);
	else if (size)
		write_text(a, data, size);
	arena_free(a);
	return 0;
}
