/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From facts to a report, printed, and to a tape. */
#include "cli/conclude.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "check/check.h"
#include "cli/file.h"
#include "cli/verb.h"
#include "facts/tape.h"
#include "render/report.h"

int conclude(struct arena *a, struct facts *f, const struct settings *s, struct buf *out)
{
	struct check_input in = { f, infer_all(a, f) };
	struct text_style style = { .width = settings_width(),
		.colour = settings_colour(s, STDOUT_FILENO) };
	struct findings findings = { .arena = a };
	const struct report *report;

	check_run(&in, &findings);
	report = report_make(a, &in, &findings, check_verdict(&in, &findings));
	if (s->json)
		report_json(report, out);
	else if (s->jsonl)
		report_jsonl(report, out);
	else if (s->noc)
		report_noc(report, (enum letter_to)(s->noc - 1), out);
	else
		report_text(report, &style, out);
	return report_exit(report);
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
	int code = conclude(r->arena, r->facts, &r->settings, &out);

	if (file_print(buf_span(&out)) < 0) {
		fprintf(stderr, "dnsfault %s: standard output: %s\n", r->verb, strerror(errno));
		code = CLI_LOCAL;
	}
	return save(r) < 0 ? CLI_LOCAL : code;
}
