/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Blocks of octets, cut anywhere, as lines. A line that lies whole in a block is not copied.
 *
 *	struct loglines l = { .take = use, .user = me };
 *	loglines_feed(&l, block);		// for each
 *	loglines_end(&l);			// the last line may have no newline
 */
#ifndef INTAKE_LOGLINES_H
#define INTAKE_LOGLINES_H

#include <stdint.h>

#include "base/span.h"

/* Octets of a line that are looked at: a row of syslog has 8 KiB at most, one of JSON some more. */
enum { LOGLINES_MOST = 64 * 1024 };

struct loglines {
	/* Set by the caller; the rest is zeroed. */
	void (*take)(
		void *user, struct span line); /* without "\n" and "\r\n"; valid for the call */
	void *user;

	uint64_t lines, octets;
	uint64_t overlong; /* lines whose rest was skipped */
	uint64_t skipped;  /* octets of these rests */
	char *held;	   /* LOGLINES_MOST octets, once a line was cut; malloc'd */
	size_t n;	   /* in held */
	uint64_t rest;	   /* octets of the line in hand that did not go into held */
};

/* Takes the next block. */
void loglines_feed(struct loglines *l, struct span block);

/* Gives the last line, if octets stand behind the last newline, and frees what is held. */
void loglines_end(struct loglines *l);

#endif
