/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rows of PowerMTA's accounting files: comma-separated values (RFC 4180), the first field a word
 * for what happened. A row that begins with "type," names the columns; without one they are those
 * of PowerMTA's own configuration.
 */
#ifndef INTAKE_LOGCSV_H
#define INTAKE_LOGCSV_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

enum {
	LOGCSV_FIELDS = 64, /* of a row; what is behind is not seen */
	LOGCSV_COLUMNS = 6, /* that are of concern */
};

struct logcsv {
	bool named;		    /* a row has named the columns */
	int column[LOGCSV_COLUMNS]; /* where they stand; -1: nowhere */

	struct span fields[LOGCSV_FIELDS]; /* of the last row, without their quotes */
	unsigned int n;
};

/* The columns of PowerMTA's own configuration. */
void logcsv_init(struct logcsv *c);

/*
 * The line is a row of accounting: its fields can be asked for, until the next one. A row that
 * names the columns is none, and is learnt from.
 */
bool logcsv_read(struct logcsv *c, struct span line);

/* The field of a column ("rcpt") of the last row; false: it has none. */
bool logcsv_field(const struct logcsv *c, const char *name, struct span *ret);

/* The last row tells of mail that was given up; else it waits. */
bool logcsv_permanent(const struct logcsv *c);

#endif
