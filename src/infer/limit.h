/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Does a server limit its replies? Pure: from the facts of one server over UDP to whether, by what
 * sign, how fast it still answered, and when its silences say nothing about ports.
 *
 * Not limiting: a server that always truncates an answer, a path that loses whatever the rate, one
 * loss in time, ports that are dropped or policed apart from the others.
 */
#ifndef INFER_LIMIT_H
#define INFER_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/arena.h"
#include "base/vec.h"
#include "facts/facts.h"

enum limit_sign {
	LIMIT_NO_SIGN,
	LIMIT_TRUNCATION, /* TC to a question that was answered whole, and whose answer is small */
	LIMIT_BADCOOKIE,  /* to an ask with only our half, where others like it were answered */
	LIMIT_REFUSED,	  /* to a question that was answered, when asked fast */
	LIMIT_LOSS,	  /* of asks from open ports, when asked fast, more than once in time */
	LIMIT_SIGNS
};

enum limit_cookie {
	LIMIT_COOKIE_UNASKED, /* the server was not asked for a cookie */
	LIMIT_COOKIE_NONE,    /* it gave none */
	LIMIT_COOKIE_SENT,    /* it gave one, and replies were limited all the same, or never */
	LIMIT_COOKIE_EXEMPT,  /* replies were limited without it, and not with it */
};

/* A time in which the limit bit, µs. */
struct limit_window {
	uint64_t from, to;
};

struct limit_windows VEC(struct limit_window);

struct limit {
	bool limiting;
	enum limit_sign sign;
	/* Whole replies a second while it bit (median over the signs); 0 when not limiting. */
	double rate;
	uint64_t onset; /* µs from the first ask to the first sign */
	/* Chance that losses or replies follow the rate by luck; 0: the replies themselves say it.
	 */
	double error;
	uint64_t signs, whole; /* replies or losses that are signs; whole replies */
	enum limit_cookie cookie;
	struct limit_windows windows; /* ascending, apart */
	struct VEC(size_t) evidence;  /* indices of the first observations that are signs */
};

/* Judges one server, with port, by a sweep. Windows and evidence belong to the arena. */
void limit_judge(
	struct arena *a, const struct facts *f, const struct addr *server, struct limit *ret);

/*
 * The same by the query shapes that it was asked (infer/shapes.h). A shape that never had a reply
 * says nothing; what is compared is one shape with itself. Left out is what was sent in those times
 * (ascending, from and to included), in which it was silent for another reason.
 */
void limit_judge_shapes(struct arena *a, const struct facts *f, const struct addr *server,
	const struct limit_windows *without, struct limit *ret);

/*
 * An ask that was sent then and had no reply says nothing: neither that its port is blocked, nor
 * that the path loses.
 */
bool limit_voids(const struct limit *l, uint64_t sent);

/*
 * The reply is one that the limit sends in place of an answer (RFC 1035 4.1.1 TC, REFUSED or
 * BADCOOKIE), by the sign by which it was told, in a time in which it bit.
 */
bool limit_voids_reply(const struct limit *l, const struct observation *o);

/* "truncation", "loss": for JSON. */
const char *limit_sign_slug(enum limit_sign s);

#endif
