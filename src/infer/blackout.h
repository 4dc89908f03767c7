/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Times in which a server that had answered was silent to everything, as probe/shapes meets them:
 * it stops asking and knocks after growing pauses. Pure: from the facts to those times, and to
 * whether as many queries brought the silence about once more, which tells a guard that blocks this
 * address from an outage.
 *
 * None: a burst of loss, a limit (both are over by the first pauses), and silence to some shapes
 * only.
 */
#ifndef INFER_BLACKOUT_H
#define INFER_BLACKOUT_H

#include "infer/limit.h"

enum {
	/* Silent knocks that make a blackout, two after each pause: 1, 2 and 4 s at least. */
	BLACKOUT_KNOCKS = 6,
	BLACKOUT_LEAST = 5000000, /* µs it lasts, at least */
};

enum blackout_verdict {
	BLACKOUT_NONE,
	BLACKOUT_REPEATED, /* as many queries brought about another */
	BLACKOUT_ONCE,	   /* it ended, and fewer queries followed */
	BLACKOUT_PASSED,   /* it ended, and as many queries did not bring it about again */
	BLACKOUT_LASTING,  /* it did not end while it was watched */
};

enum blackout_place {
	BLACKOUT_UNTOLD, /* no server of another operator was asked meanwhile, or it never replied
			  */
	BLACKOUT_FAR,	 /* such a server replied meanwhile, for the most part */
	BLACKOUT_NEAR,	 /* such a server replied at other times, and not then */
};

struct blackout {
	uint64_t from, to;   /* µs: when the first and the last silent ask left */
	bool ended;	     /* a reply came to a later one */
	uint32_t before;     /* asks to the server since the start, or since the blackout before */
	uint32_t shorter;    /* silences to knocks that were over sooner, among these */
	uint32_t silences;   /* over UDP */
	uint32_t answerable; /* of these, to what was answered at other times */
	uint32_t knocks;     /* of these, knocks */
	uint32_t tcp_silent,
		tcp_heard;	   /* heard: of knocks, which came when it was silent for sure */
	size_t first, last, after; /* silent asks, and the reply that ended it, in the facts */
};

struct blackouts {
	enum blackout_verdict verdict;
	enum blackout_place place;
	struct VEC(struct blackout) v;
	struct limit_windows windows;	      /* the times */
	uint32_t others_heard, others_silent; /* knocks at other operators' meanwhile */
	size_t other;			      /* the last of them; with BLACKOUT_UNTOLD nothing */
};

/* How many queries after a blackout are as many as the n before it, with some to spare. */
uint32_t blackout_again(uint32_t n);

/* Judges one server, with port. All belongs to the arena. */
void blackout_judge(
	struct arena *a, const struct facts *f, const struct addr *server, struct blackouts *ret);

/* "repeated", "once": for JSON. */
const char *blackout_slug(enum blackout_verdict v);

#endif
