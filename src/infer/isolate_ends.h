/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The search of infer/isolate.h where a server has two addresses: which of them the failing query
 * fails at is not known before. So it is the failing query at the one, and the working one at the
 * other, which makes the address a factor; when that is answered, the other way round. Where an
 * address answers nothing at all, or nothing can be sent to it, what is left is searched at the
 * other one alone.
 *
 *	struct isolate_ends *e = isolate_ends_begin(arena, &plan);
 *	while (isolate_ends_next(e, &ask) == ISOLATE_SEARCHING)
 *		isolate_ends_tell(e, ... what came of the ask ...);
 *	isolate_ends_result(e, &result);
 */
#ifndef INFER_ISOLATE_ENDS_H
#define INFER_ISOLATE_ENDS_H

#include "infer/isolate.h"

enum { ISOLATE_ENDS = 2 };

struct isolate_plan {
	struct ask fails, works; /* source, transport, question and shape of each; no server */
	struct addr servers[ISOLATE_ENDS];
	size_t nservers; /* 1 or 2 */
};

struct isolate_ends;

/* The plan is copied, what it points to is borrowed. */
struct isolate_ends *isolate_ends_begin(struct arena *a, const struct isolate_plan *plan);

/* As the functions of infer/isolate.h do. */
enum isolate_verdict isolate_ends_next(struct isolate_ends *e, struct ask *ret);
void isolate_ends_tell(struct isolate_ends *e, const struct observation *o, size_t index);
void isolate_ends_late(struct isolate_ends *e, const struct observation *o, size_t index);
void isolate_ends_stop(struct isolate_ends *e, enum isolate_doubt d);

/*
 * Of the search that found something; else of the first that could not tell; else that the failing
 * query is answered: sound is then the other server that answers it. Queries are counted together.
 */
void isolate_ends_result(struct isolate_ends *e, struct isolate_result *ret);

#endif
