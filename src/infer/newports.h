/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether new source ports get lost where ports in use do not: a translation, or another table of
 * flows, that has no room. probe/newports asks in pairs, a new port and one in use at once, in
 * random order; then ports that were lost, after pauses; then pairs again, of a new port and one
 * that was lost when it was new and is now in use.
 *
 *	struct newports *n = newports_new(arena);
 *	newports_add(n, &observation, index);    // of every ask with one of its two rows
 *	if (newports_judge(n).found)
 *		...
 *
 * Each stage excludes something else, at the error that is said with it:
 * - first pairs: loss of any pattern, and limits of any kind that do not look at ports, tear as
 *   many pairs one way as the other (sign test, exact, since the order is drawn);
 * - lost ports again: of ports that are dropped for good none comes back; those that were lost by
 *   chance among them are no more than the loss of ports in use allows (binomial tail);
 * - second pairs: a policer of a set of ports, which answers after a pause, loses the ports that
 *   came back at least as often as new ones (sign test).
 */
#ifndef INFER_NEWPORTS_H
#define INFER_NEWPORTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/portset.h"
#include "facts/facts.h"

#define NEWPORTS_NEW  "new-ports" /* rows of the table of shapes */
#define NEWPORTS_USED "used-port"

enum {
	NEWPORTS_PAIRS = 36,	/* a round, after which is judged */
	NEWPORTS_FIRST = 4,	/* rounds of first pairs, at most */
	NEWPORTS_SECOND = 3,	/* of second pairs; all have numbers below 256 */
	NEWPORTS_AGAIN = 16,	/* lost ports that are asked again */
	NEWPORTS_HELD = 3,	/* of these so many have to be in use in the second pairs */
	NEWPORTS_STREAMS = 256, /* numbers of pairs; 0: an ask is of none */
	NEWPORTS_EVIDENCE = 8,
};

/* Half a pair. */
enum newports_half { HALF_NONE, HALF_ANSWERED, HALF_LOST };

struct newports_pair {
	uint8_t fresh, used; /* enum newports_half */
	bool second;	     /* the port in use is one that was lost when it was new */
};

/* What was seen so far; to be read with newports_judge(). */
struct newports {
	struct newports_pair pairs[NEWPORTS_STREAMS];
	struct portset lost;		/* new ports of pairs */
	struct portset again, back;	/* of these: asked again; answered then */
	uint32_t once_asked, once_lost; /* the first time that they were asked again */
	uint64_t from, to; /* µs: when the first and the last new port of a first pair left */
	uint64_t returned; /* µs: when the first that came back left; 0: none */
	size_t evidence[NEWPORTS_EVIDENCE];
	size_t nevidence, nlost;
};

struct newports_tally {
	uint32_t pairs;
	uint32_t fresh_lost, used_lost; /* of all pairs */
	uint32_t fresh_only, used_only; /* the other half was answered */
	double doubt;			/* P(so many by chance | both get lost alike) */
};

struct newports_result {
	struct newports_tally first, second;
	uint32_t again, back; /* ports */
	double back_doubt;    /* P(so many come back | they are dropped for good) */
	uint32_t once_asked, once_lost;
	uint64_t pause;	 /* µs, from the first pairs until lost ports were answered; 0: never */
	double rate;	 /* new ports a second in the first pairs; 0: too few */
	bool loses_new;	 /* by the first pairs */
	bool comes_back; /* and by lost ports */
	bool found;	 /* by all */
	double doubt;	 /* the greatest of those that count */
};

/* Nothing seen yet; belongs to the arena. */
struct newports *newports_new(struct arena *a);

/* The ask has one of the two rows. */
bool newports_is(const struct ask *ask);

/* Adds an observation of such an ask, in the order of their making; index: in the facts. */
void newports_add(struct newports *n, const struct observation *o, size_t index);

struct newports_result newports_judge(const struct newports *n);

#endif
