/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * scan --survey: a random sample of a list's servers, instead of all of them, and what it says of
 * the whole list.
 */
#ifndef CLI_SCAN_SURVEY_H
#define CLI_SCAN_SURVEY_H

#include "cli/run.h"
#include "cli/scan_out.h"
#include "intake/names.h"
#include "intake/optout.h"

struct scan_survey;

/*
 * What --survey means for other settings: the probe is that of ports, and where on the path a rule
 * stands is no question. 0 or -ERR_USAGE, said.
 */
int scan_survey_settle(struct run *r);

/*
 * Reads the whole list, which lines that are none go to out of, and draws. What is left of the
 * setup reads the sample. optout: whom not to draw; NULL: anybody. 0 or -ERR_USAGE, said.
 */
struct scan_survey_conf {
	struct run *run;
	struct scan_out *out;
	const struct optout *optout;
};
int scan_survey_draw(
	const struct scan_survey_conf *conf, struct names_setup *setup, struct scan_survey **ret);
/* Takes NULL. */
void scan_survey_free(struct scan_survey *s);

void scan_survey_add(struct scan_survey *s, const struct record *rec);

/* The last line on standard output, unless it has columns; what it says in words to text. whole:
 * the run was not stopped. */
void scan_survey_end(struct scan_survey *s, bool whole, struct buf *text);

#endif
