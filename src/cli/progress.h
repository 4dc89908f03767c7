/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One line on standard error that tells how far a long run is, and one before it that says how
 * long. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probe/probe.h"

enum { PROGRESS_EVERY = 250000 }; /* µs */

/* Zeroed but for on is ready. */
struct progress_line {
	bool on, drawn;
	size_t asked;
	uint64_t at, began; /* µs */
	double rate;	    /* asks a second, smoothed */
};

/* A tick of drive; user is a struct progress_line. */
void progress_tick(void *user, const struct probe *p, uint64_t now);

/* Wipes the line, so that the report starts on a clean one. */
void progress_clear(struct progress_line *l);

/* What is known of a run before it begins. */
struct progress_forecast {
	uint32_t servers;
	uint32_t queries; /* that each of them will have, at least */
	uint32_t rate;	  /* a second to one server, at most; not 0 */
	uint32_t budget;  /* queries to one server, at most; 0: none */
};
void progress_forecast(const struct progress_forecast *f);

#endif
