/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the two halves of cut share: the delegations (cut.c) and what servers say (cut_judge.c). */
#ifndef INFER_CUT_INNER_H
#define INFER_CUT_INNER_H

#include "infer/cut.h"
#include "infer/seen.h"

struct cut_work {
	struct arena *arena;
	const struct facts *facts;
	struct seen_hosts hosts;
	struct cut_tree *tree;
};

/* The deepest zone that n lies in; NULL when there is no zone at all. */
struct cut_zone *cut_deepest(const struct cut_tree *t, const struct name *n);

/* Judges the servers of all zones by their SOA replies, then what they say about the question. */
void cut_judge(struct cut_work *w);

#endif
