/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What to write where, so that a resolver draws other source ports: the exact lines for a software
 * and version, with what they cost.
 */
#ifndef FAULT_REMEDY_H
#define FAULT_REMEDY_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/portset.h"

/* A change that can be made. */
struct remedy {
	const char *software;	   /* slug, as in facts/pool.h */
	const char *since, *below; /* versions that have it; NULL: no bound */
	const char *file;	   /* where it goes when the file is not known; NULL: a command */
	const char *widen; /* the lines for all ports from 1024 up; NULL: it cannot be said */
	bool without;	   /* to take the old lines out is enough: widen says what holds then */
	/* How a set is left out: templates in which "%u" is a port, the second one a range's end.
	 */
	const char *avoid_range, *avoid_port; /* NULL: that cannot be said */
	const char *avoid_begin, *avoid_between, *avoid_end;
	const char *caution; /* a sentence; NULL: none */
};

extern const struct remedy remedy_table[];
extern const size_t remedy_count;

/* The row for a software and version (NULL: the newest that Debian 12 has); NULL: none. */
const struct remedy *remedy_find(const char *software, const char *version);

/*
 * The lines that take a set out of the pool; NULL when the software cannot, or when it takes more
 * than most ranges to say.
 */
const char *remedy_avoid(struct arena *a, const struct remedy *r, const struct portset *set);

#endif
