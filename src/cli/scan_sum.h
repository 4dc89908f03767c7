/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a scan came to, for the few lines at its end. */
#ifndef CLI_SCAN_SUM_H
#define CLI_SCAN_SUM_H

#include <stdbool.h>

#include "base/buf.h"
#include "render/record.h"

enum {
	SCAN_VERDICTS = 128,
	SCAN_SLUG = 64,
	SCAN_WHAT = NAME_TEXT + 16 /* a type */,
	SCAN_SLOWEST = 3
};

struct scan_count {
	char slug[SCAN_SLUG]; /* "": none */
	uint64_t n;
};

/* Zeroed is ready. */
struct scan_sum {
	uint64_t n, states[RECORD_STATES];
	struct scan_count verdicts[SCAN_VERDICTS];
	struct {
		uint64_t elapsed; /* µs */
		char what[SCAN_WHAT];
	} slowest[SCAN_SLOWEST]; /* slowest first */
	uint64_t began, elapsed; /* µs; the caller's to set */
};

void scan_sum_add(struct scan_sum *s, const struct record *r);

struct scan_sum_rest {
	uint64_t skipped, left; /* by --resume; begun and not done */
	uint64_t late, strays;	/* packets */
	bool stopped;
};

/* "1,000 lookups in 0.1 s …": two to four lines. */
void scan_sum_text(const struct scan_sum *s, const struct scan_sum_rest *rest, struct buf *out);

#endif
