/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a survey of servers came to, as a table for people and as one line of JSON. */
#ifndef RENDER_SURVEY_H
#define RENDER_SURVEY_H

#include "base/buf.h"
#include "base/pick.h"
#include "infer/survey.h"

struct survey_page {
	const struct survey *survey;
	struct pick_size list; /* distinct servers of the list, without those left out */
	uint64_t left_out;     /* lines whose server does not want to be asked */
	uint64_t unmet;	       /* drawn, but without an address, or one that wants to be asked */
	bool stopped; /* the run was: quick servers are in the sample rather than slow ones */
	const char *operators; /* what tells them apart: "AS", "network (/24, /48)" */
};

/* Some lines of at most 80 columns. */
void survey_text(const struct survey_page *p, struct buf *out);
/* One line with its end. */
void survey_json(const struct survey_page *p, struct buf *out);

#endif
