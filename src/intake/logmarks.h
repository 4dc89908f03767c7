/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Looks for many fixed texts at once and steps over most of the octets, as Wu and Manber do it ("A
 * fast algorithm for multi-pattern searching", 1994): a line of a log that says nothing of DNS
 *costs a look at every fifth octet or so.
 *
 *	struct logmarks_at at = { 0 };
 *	while ((mark = logmarks_next(m, line, &at)) >= 0)
 *		use(mark, at.found);
 */
#ifndef INTAKE_LOGMARKS_H
#define INTAKE_LOGMARKS_H

#include "base/arena.h"
#include "base/span.h"

enum {
	LOGMARKS_LEAST = 4, /* octets of a mark */
	LOGMARKS_MOST = 4096,
};

struct logmarks;

struct logmarks_at {
	size_t found; /* where the mark begins that was returned */
	size_t next;  /* our own, as is chain */
	int chain;
};

/*
 * Searches for n texts of LOGMARKS_LEAST octets or more; n is LOGMARKS_MOST at most. The texts have
 * to outlive it; it belongs to the arena.
 */
const struct logmarks *logmarks_new(struct arena *a, const char *const *marks, size_t n);

/*
 * The number of the next mark in the text: by the place where they begin, but for marks of
 * different lengths that lie one in the other; all of them come. -1: there is none left.
 */
int logmarks_next(const struct logmarks *m, struct span text, struct logmarks_at *at);

#endif
