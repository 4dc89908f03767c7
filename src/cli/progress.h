/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One line on standard error that tells how far a long run is. */
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
};

/* A tick of drive; user is a struct progress_line. */
void progress_tick(void *user, const struct probe *p, uint64_t now);

/* Wipes the line, so that the report starts on a clean one. */
void progress_clear(struct progress_line *l);

#endif
