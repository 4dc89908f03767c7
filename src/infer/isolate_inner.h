/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of infer/isolate share. */
#ifndef INFER_ISOLATE_INNER_H
#define INFER_ISOLATE_INNER_H

#include "base/vec.h"
#include "infer/isolate.h"

enum { ISOLATE_ERRORS = 4 }; /* ways to fail that one query is seen to have, at most */

struct isolate_error {
	struct isolate_got how;
	uint32_t n;
};

/* What came of asks with one set. */
struct isolate_trial {
	uint64_t set; /* closed */
	uint32_t silences, works, unsent;
	uint32_t replies;			     /* of any kind, those that work among them */
	struct isolate_error errors[ISOLATE_ERRORS]; /* n 0: not used */
	struct isolate_got got;			     /* the last reply */
	size_t silent_index, reply_index;
};

struct isolate {
	struct arena *arena;
	struct factor_pair pair;
	uint8_t verdict, doubt, more;
	struct isolate_got how; /* what is searched for now fails */
	struct VEC(struct isolate_trial) trials;
	uint64_t need; /* to be asked now */
	bool needs;
	struct VEC(uint64_t) sure;	 /* sets that were shown to fail, and by themselves */
	uint64_t causes[ISOLATE_CAUSES]; /* those of this run of the search */
	size_t ncauses;
	uint32_t first_at;	/* asks by which the first was found; 0: none yet */
	uint32_t since_control; /* silences since the working query was last answered */
	uint32_t broken;	/* silences of the working query in a row */
	uint32_t extra;		/* silences more, since fewer have led astray */
	uint32_t asked;
};

enum isolate_state { ISOLATE_UNKNOWN, ISOLATE_FAILS, ISOLATE_ANSWERED, ISOLATE_OTHERWISE };

/* Found or made; good until another is made. */
struct isolate_trial *isolate_trial_of(struct isolate *s, uint64_t set);

/* How often a set failed by an error as the one that is searched for now does. */
uint32_t isolate_alike(const struct isolate *s, const struct isolate_trial *t);

/* So many silences without a reply are a failure. */
enum isolate_state isolate_state_of(
	const struct isolate *s, const struct isolate_trial *t, uint32_t silences);

/* That is what isolate_next() has to ask. */
void isolate_ask_for(struct isolate *s, uint64_t set);

/* Over. What was found by then stays found: the doubt is of what more there is. */
void isolate_end(struct isolate *s, enum isolate_verdict v, enum isolate_doubt d);

/* Asks whose answer is known, and how many of them were lost. */
void isolate_loss(const struct isolate *s, uint32_t *ret_lost, uint32_t *ret_sent);

/*
 * isolate_hunt.c. Both are false while more is to be asked.
 *
 * Whether the set fails, for the search; silences that are few will do.
 */
bool isolate_fails(struct isolate *s, uint64_t set, bool *ret_fails);

/* A set of factors of top, which fails, that fails, and of which none can be left out. */
bool isolate_hunt(struct isolate *s, uint64_t top, uint64_t *ret_set);

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
