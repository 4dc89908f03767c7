/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads logs by tables of patterns: blocks of octets go in, cut anywhere, failures of domains come
 * out in a struct logfails. For mail programs see intake/maillog.h, for resolvers
 * intake/resolverlog.h.
 *
 * No local part of a mail address, no id of a message or queue can come out: see intake/logname.h.
 */
#ifndef INTAKE_LOGREAD_H
#define INTAKE_LOGREAD_H

#include <stdio.h>

#include "intake/logfails.h"
#include "intake/loglines.h"
#include "intake/logpattern.h"
#include "intake/logstamp.h"

struct logread_settings {
	const struct logpattern_table *const *tables; /* NULL-ended */
	struct logfails *fails;
	struct logstamp_clock clock;
};

struct logread_tally {
	uint64_t lines, octets;
	uint64_t overlong; /* lines of which LOGLINES_MOST octets were read */
	uint64_t skipped;  /* octets of these that were not */
	uint64_t telling;  /* lines that told of one failure at least */
	uint64_t refused;  /* places of domains that held something else than the name of a host */
};

struct logread;

/* A reader; settings are copied. The caller frees it. */
struct logread *logread_new(struct arena *a, const struct logread_settings *settings);

/* The next octets; and the end of a file, where its last line may stand without a newline. */
void logread_feed(struct logread *r, struct span block);
void logread_end(struct logread *r);

/*
 * A whole stream, which stays open: plain, or packed by gzip or zstd (intake/unpack.h). *ret_why
 * (in the arena): why it could not be read to its end; NULL: it could. What was read before that
 * counts.
 */
void logread_stream(struct logread *r, FILE *stream, const char **ret_why);

/* A file; "-": standard input. 0, or -ERR_OPEN. */
int logread_file(struct logread *r, const char *path, const char **ret_why);

/* Up to here; valid until the next call. */
const struct logread_tally *logread_tally(struct logread *r);

/* Takes NULL. */
void logread_free(struct logread *r);

#endif
