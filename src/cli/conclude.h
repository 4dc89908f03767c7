/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From facts to a report: what judge and every verb that made facts of its own end with. */
#ifndef CLI_CONCLUDE_H
#define CLI_CONCLUDE_H

#include "cli/run.h"

/* What of the settings cannot be had together, as a line for the user; NULL: nothing. */
const char *conclude_conflict(const struct settings *s);

/*
 * Appends the report on the facts, as the settings want it, and writes the page that they name. The
 * exit code; a page that cannot be written is CLI_LOCAL, and was said.
 */
int conclude(struct arena *a, struct facts *f, const struct settings *s, struct buf *out);

/* Prints the report and saves the facts of a run: the exit code. */
int conclude_run(struct run *r);

/* What is not known, and why. */
struct conclude_gap {
	const char *what, *why;
	const char *site; /* its name, when it is all of a site */
};

/* Facts of several vantage points, each with a name: one report. n: 1 .. VANTAGES_MOST. */
struct conclude_tapes {
	struct facts **v;
	size_t n;
	const struct conclude_gap *gaps;
	size_t ngaps;
};
int conclude_among(struct arena *a, const struct conclude_tapes *tapes, const struct settings *s,
	struct buf *out);

#endif
