/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any bytes as a tape that is judged, as `judge` does it: what reads is inferred, checked and put
 * into words without a crash; the JSON is JSON, the text holds nothing that a terminal obeys, and a
 * second judgement says the same.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "check/vantage.h"
#include "facts/tape.h"
#include "fuzz/fuzz.h"
#include "render/report.h"

enum { COLUMNS = 80, LETTER_COLUMNS = 72 };

static void must(bool holds)
{
	if (!holds)
		abort();
}

static const struct report *judge(struct arena *a, const struct facts *f)
{
	struct check_input in = { f, infer_all(a, f) };
	struct findings *findings = arena_alloc(a, sizeof(*findings));
	const struct report *r;
	int code;

	findings->arena = a;
	check_run(&in, findings);
	vec_each (const struct finding, x, findings->list)
		must(x->confidence >= 0 && x->confidence <= 1);
	r = report_make(a, &in, findings, check_verdict(&in, findings));
	code = report_exit(r);
	must(code == 0 || code == 1 || code == 3);
	return r;
}

static const char *text_of(struct arena *a, const struct report *r)
{
	struct text_style style = { .ascii = true, .width = COLUMNS };
	struct buf b = { .arena = a };

	report_text(r, &style, &b);
	return buf_text(&b);
}

static const char *json_of(struct arena *a, const struct report *r)
{
	const struct json_value *v = NULL;
	struct buf b = { .arena = a };
	size_t at = 0;

	report_json(r, &b);
	must(json_read(a, buf_span(&b), &v, &at) == 0 && v->type == JSON_OBJECT);
	return buf_text(&b);
}

static void check_text(const char *text)
{
	for (; *text; text++)
		must((unsigned char)*text >= ' ' || *text == '\n');
}

static void check_letter(struct arena *a, const struct report *r, enum letter_to to)
{
	struct buf b = { .arena = a };
	const char *text;
	size_t n = 0;

	report_noc(r, to, &b);
	for (text = buf_text(&b); *text; text++) {
		n = *text == '\n' ? 0 : n + 1;
		must(n <= LETTER_COLUMNS && (*text == '\n' || (*text >= ' ' && *text <= '~')));
	}
}

/* As one of two vantage points: half of what it holds is the other's. */
static void judge_among(struct arena *a, struct facts *f)
{
	struct facts *other = facts_new(a), *tapes[] = { f, other };
	struct findings *findings = arena_alloc(a, sizeof(*findings));
	struct check_input in;
	struct vantages all;
	const struct report *r;

	for (size_t i = f->n / 2; i < f->n; i++)
		facts_add(other, f->v[i]);
	f->n /= 2;
	f->name = "\033[1m";
	other->name = "b";
	other->question = f->question;
	findings->arena = a;
	vantage_judge(a, tapes, 2, &all);
	in = (struct check_input){ all.v[all.here].facts, all.v[all.here].inferences };
	check_run_among(&in, &all, findings);
	vec_each (const struct finding, x, findings->list)
		must(x->confidence >= 0 && x->confidence <= 1);
	r = report_make(a, &in, findings, check_verdict(&in, findings));
	check_text(text_of(a, r));
	check_letter(a, r, LETTER_THERE);
	json_of(a, r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct tape_error error = { 0 };
	const struct report *first, *second;
	struct facts *f = NULL;
	const char *text;

	if (tape_read(a, (struct span){ data, size }, &f, &error) == 0) {
		if (!f->command)
			f->command = "judge";
		first = judge(a, f);
		text = text_of(a, first);
		check_text(text);
		check_letter(a, first, LETTER_THERE);
		check_letter(a, first, LETTER_OURS);
		second = judge(a, f);
		must(strcmp(text, text_of(a, second)) == 0);
		must(strcmp(json_of(a, first), json_of(a, second)) == 0);
		judge_among(a, f);
	}
	arena_free(a);
	return 0;
}
