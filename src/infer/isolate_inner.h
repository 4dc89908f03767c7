/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of infer/isolate share. */
#ifndef INFER_ISOLATE_INNER_H
#define INFER_ISOLATE_INNER_H

#include "base/vec.h"
#include "infer/isolate.h"

/* What came of asks with one set. */
struct isolate_trial {
	uint64_t set; /* closed */
	uint32_t silences, alike, works, other, unsent;
	size_t silent_index, reply_index;
};

struct isolate {
	struct arena *arena;
	struct factor_pair pair;
	uint8_t verdict, doubt;
	uint8_t kind; /* enum isolate_kind, once known */
	uint16_t code;
	bool kind_known;
	struct VEC(struct isolate_trial) trials;
	uint64_t need; /* to be asked now */
	bool needs;
	uint64_t found;
	uint32_t since_control; /* silences since the working query was last answered */
	uint32_t broken;	/* silences of the working query in a row */
	uint32_t extra;		/* silences more, since fewer have led astray */
	uint32_t asked;
};

/* Found or made; good until another is made. */
struct isolate_trial *isolate_trial_of(struct isolate *s, uint64_t set);

/* That is what isolate_next() has to ask. */
void isolate_ask_for(struct isolate *s, uint64_t set);

void isolate_end(struct isolate *s, enum isolate_verdict v, enum isolate_doubt d);

/*
 * isolate_sure.c: whether one reply, or one error, is enough. Each is false while more is to be
 * asked, and when the search has ended because the same query is answered now so, now so.
 */

/* Sets of the failing query's that were silent, too: as silent as the working one now and then is.
 */
bool isolate_sure_sound(struct isolate *s);

/* The set fails each time, and none of those that are one factor smaller ever does. */
bool isolate_sure_set(struct isolate *s, uint64_t set);

#endif
