/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where the records of a scan go: a line each on standard output, a row each in the database, and
 * the sum of them all.
 */
#ifndef CLI_SCAN_OUT_H
#define CLI_SCAN_OUT_H

#include "base/arena.h"
#include "cli/scan_db.h"
#include "cli/scan_sum.h"
#include "render/record.h"
#include "render/record_line.h"

struct scan_out {
	struct arena *scratch; /* of one record; reset by who makes one */
	struct scan_db *db;    /* NULL: none */
	struct scan_sum sum;
	bool csv;
	bool unwritable; /* standard output; errno says why */
};

/* The line before all others, if there is one. */
void scan_out_head(struct scan_out *o);
/* Judges the record and writes it. */
void scan_out_put(struct scan_out *o, struct record *rec);
/* A line of another kind, with its end. */
void scan_out_line(struct scan_out *o, struct span line);
/* Writes a line that was made and judged elsewhere. */
void scan_out_record_line(struct scan_out *o, const struct record_line *line);
/* What was put so far is with the reader. */
void scan_out_flush(struct scan_out *o);

#endif
