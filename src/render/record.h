/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What became of one name of many, as one line for programs: JSON, or comma-separated values
 * (RFC 4180, but lines end with LF alone). What failed is a record like any other.
 */
#ifndef RENDER_RECORD_H
#define RENDER_RECORD_H

#include "base/buf.h"
#include "facts/facts.h"
#include "render/report.h"

enum record_state { RECORD_OK, RECORD_FAULT, RECORD_UNDECIDED, RECORD_STATES };

/* What logs said of the look-up before. */
struct record_log {
	const char *what, *how; /* slugs of intake/logfails.h */
	bool theirs;		/* the other side looked up */
	const char *reply;	/* what came back, as "SERVFAIL"; NULL: it is not said */
	const char *by;		/* address of the server that was asked; NULL: so */
	uint64_t count;		/* lines, or queries */
	uint64_t first, last;	/* µs since 1970; 0: unknown */
};

struct record {
	/* A server, or a line of the list that is none of what it should be; NULL: a question. */
	const char *subject;
	/* What could not be begun: a slug, and why; then what follows does not count. NULL: it was.
	 */
	const char *cannot, *why;
	const struct question *question;
	const struct observation *o; /* the try that decided; or else… */
	const struct report *report; /* … what a probe of many queries found */
	uint32_t tries;		     /* queries sent */
	uint64_t elapsed;	     /* µs from the first try to the end of the last */
	uint64_t late;	/* µs that the reply to a try took which was given up; 0: none */
	bool truncated; /* the reply over UDP was */
	const struct record_log *log;
	size_t nlog;
	/* By record_judge(). */
	const char *verdict; /* a slug that never changes: "nxdomain", "timeout" */
	enum record_state state;
};

/*
 * Fills verdict and state: an answer, NODATA and NXDOMAIN are no fault, what was not sent is
 * undecided. To be called before the record is shown.
 */
void record_judge(struct record *r);

const char *record_state_slug(enum record_state s);

/* It was nothing that could be asked about. */
#define RECORD_NO_NAME "not-a-name"

/* The line, with its end. */
void record_json(const struct record *r, struct buf *out);
void record_csv(const struct record *r, struct buf *out);
/* Parts for who makes the same of a line (record_line.h): the member "log", and one column. */
struct json;
void record_log_json(struct json *j, const struct record *r);
void record_csv_field(struct buf *out, const char *text);

/* The names of the columns. */
void record_csv_head(struct buf *out);

#endif
