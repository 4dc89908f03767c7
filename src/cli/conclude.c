/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From facts to a report, printed, and to a tape. */
#include "cli/conclude.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "check/vantage.h"
#include "cli/file.h"
#include "cli/remote.h"
#include "cli/verb.h"
#include "facts/tape.h"
#include "render/report.h"

/* In the form that was asked for on standard output. */
static void put(const struct report *report, const struct settings *s, struct buf *out)
{
	struct text_style style = { .width = settings_width(),
		.colour = settings_colour(s, STDOUT_FILENO) };

	if (s->html && strcmp(s->html, "-") == 0)
		report_html(report, out);
	else if (s->json)
		report_json(report, out);
	else if (s->jsonl)
		report_jsonl(report, out);
	else if (s->noc)
		report_noc(report, (enum letter_to)(s->noc - 1), out);
	else
		report_text(report, &style, out);
}

/* The page, when it goes to a file: besides what stands on standard output. */
static int write_page(struct arena *a, const struct report *report, const struct settings *s)
{
	struct buf b = { .arena = a };

	if (!s->html || strcmp(s->html, "-") == 0)
		return 0;
	report_html(report, &b);
	if (file_write(s->html, buf_span(&b)) == 0)
		return 0;
	fprintf(stderr, "dnsfault: --html %s: %s\n", s->html, strerror(errno));
	return -ERR_WRITE;
}

const char *conclude_conflict(const struct settings *s)
{
	if (s->html && strcmp(s->html, "-") == 0 && (s->json || s->jsonl || s->noc))
		return "--html - takes standard output for the page: leave out --json, --jsonl and "
		       "--noc, or name a file";
	return NULL;
}

/* Prints in memory and writes the page: the exit code. */
static int tell(
	struct arena *a, const struct report *report, const struct settings *s, struct buf *out)
{
	put(report, s, out);
	return write_page(a, report, s) < 0 ? CLI_LOCAL : report_exit(report);
}

int conclude(struct arena *a, struct facts *f, const struct settings *s, struct buf *out)
{
	struct check_input in = { f, infer_all(a, f) };
	struct findings findings = { .arena = a };

	check_run(&in, &findings);
	return tell(a, report_make(a, &in, &findings, check_verdict(&in, &findings)), s, out);
}

/* Which of them the report is of, and what is found in the light of the others. */
static struct check_input judge_among(struct arena *a, const struct conclude_tapes *tapes,
	struct vantages *all, struct findings *findings)
{
	struct check_input in;

	vantage_judge(a, tapes->v, tapes->n, all);
	in = (struct check_input){ all->v[all->here].facts, all->v[all->here].inferences };
	check_run_among(&in, all, findings);
	return in;
}

int conclude_among(struct arena *a, const struct conclude_tapes *tapes, const struct settings *s,
	struct buf *out)
{
	struct findings findings = { .arena = a };
	struct vantages all;
	struct check_input in;

	if (tapes->n == 1) {
		in = (struct check_input){ tapes->v[0], infer_all(a, tapes->v[0]) };
		check_run(&in, &findings);
	} else {
		in = judge_among(a, tapes, &all, &findings);
	}
	for (size_t i = 0; i < tapes->ngaps; i++)
		findings_untested(&findings, tapes->gaps[i].what, tapes->gaps[i].why);
	return tell(a, report_make(a, &in, &findings, check_verdict(&in, &findings)), s, out);
}

static int save(const struct run *r)
{
	struct buf b = { .arena = r->arena };

	if (!r->settings.save)
		return 0;
	tape_write(r->facts, &b);
	if (file_write(r->settings.save, buf_span(&b)) == 0)
		return 0;
	fprintf(stderr, "dnsfault %s: --save %s: %s\n", r->verb, r->settings.save, strerror(errno));
	return -ERR_WRITE;
}

int conclude_run(struct run *r)
{
	struct buf out = { .arena = r->arena };
	struct conclude_tapes tapes;
	int code;

	if (r->remote) {
		remote_end(r->remote, &tapes);
		code = conclude_among(r->arena, &tapes, &r->settings, &out);
	} else {
		code = conclude(r->arena, r->facts, &r->settings, &out);
	}
	if (file_print(buf_span(&out)) < 0) {
		fprintf(stderr, "dnsfault %s: standard output: %s\n", r->verb, strerror(errno));
		code = CLI_LOCAL;
	}
	if (save(r) < 0)
		code = CLI_LOCAL;
	return run_close_evidence(r) < 0 ? CLI_LOCAL : code;
}
