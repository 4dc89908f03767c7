/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which difference makes a query fail: between one that fails and one that works, the smallest set
 * of factors (infer/factor.h) that brings the failure about, by delta debugging (Zeller and
 * Hildebrandt, "Simplifying and isolating failure-inducing input", 2002).
 *
 *	struct isolate *s = isolate_begin(arena, &fails, &works);
 *	while (isolate_next(s, &ask) == ISOLATE_SEARCHING)
 *		isolate_tell(s, ... what came of the ask ...);
 *	isolate_result(s, &result);
 *
 * When it is found, each of its factors is left out of the failing query: where that still fails,
 * there is another cause, which is searched for in the same way.
 *
 * Silence is no proof: on the way a few silences will do, because the set that is found is asked
 * again until loss cannot explain it (shape_silences()), with the working query in between; a reply
 * at any time turns the search around. That no part of the set will do is shown by replies, two of
 * each: one alone could be what a filter let through that drops most.
 */
#ifndef INFER_ISOLATE_H
#define INFER_ISOLATE_H

#include "base/arena.h"
#include "facts/facts.h"
#include "infer/factor.h"

enum isolate_verdict {
	ISOLATE_SEARCHING,
	ISOLATE_FOUND,
	ISOLATE_SOUND, /* the failing query is answered like the working one */
	ISOLATE_UNTOLD,
};

/* Why it cannot be told; or, of isolate_result.more, why it is not known whether there is more. */
enum isolate_doubt {
	ISOLATE_SURE,
	ISOLATE_ALIKE,	  /* the two queries do not differ */
	ISOLATE_MANY,	  /* they differ in too much */
	ISOLATE_BROKEN,	  /* the working query fails, too, or began to */
	ISOLATE_UNSENT,	  /* a query could not be sent */
	ISOLATE_UNSTEADY, /* the same query is answered now so, now so, too often to end */
	ISOLATE_CUT,	  /* the run ended before; or these are not all of its facts */
	ISOLATE_LONG,	  /* it took too many queries */
	ISOLATE_FULL,	  /* there is more, and no more is searched for */
	ISOLATE_DOUBTS
};

/* How a query fails. */
enum isolate_kind {
	ISOLATE_SILENT,
	ISOLATE_RCODE,	   /* code: the RCODE */
	ISOLATE_MALFORMED, /* a reply that cannot be read */
	ISOLATE_ICMP,	   /* code: type * 256 + code */
	ISOLATE_REFUSED,   /* TCP: no connection */
	ISOLATE_RESET,	   /* TCP: closed before the reply */
	ISOLATE_WORKS,	   /* a reply without an error; code: the RCODE */
};

/* What came back. */
struct isolate_got {
	uint8_t kind;	 /* enum isolate_kind */
	uint8_t meaning; /* enum msg_meaning, of a message */
	uint16_t code;
};

/* One set of factors, and two queries that differ in it alone: with it, it fails. */
struct isolate_cause {
	uint64_t set;
	struct isolate_got how; /* it fails */
	struct isolate_got got; /* without it, the last time */
	struct ask with, without;
	uint32_t failures, replies; /* of these two */
	/* One observation of each in the facts; SIZE_MAX: it is not there. */
	size_t with_index, without_index;
};

enum { ISOLATE_CAUSES = 3 }; /* so many are searched for */

struct isolate_result {
	uint8_t verdict; /* enum isolate_verdict */
	uint8_t doubt;	 /* enum isolate_doubt */
	/* ISOLATE_SURE: the failing query without one factor of each cause is answered. */
	uint8_t more; /* enum isolate_doubt */
	struct factor_pair pair;
	/* The first is there in any case; with no cause it has the queries as they were given. */
	struct isolate_cause causes[ISOLATE_CAUSES];
	size_t ncauses;	     /* each fails by itself; at least 1 when it is found */
	uint32_t sent, lost; /* asks of what is answered, and how many of them were lost */
	uint32_t trials;     /* all asks */
	/* Other servers that answer the failing query (isolate_ends.h); else ADDR_NONE. */
	struct addr sound;
};

struct isolate;

/* The asks are copied, what they point to is borrowed. */
struct isolate *isolate_begin(struct arena *a, const struct ask *fails, const struct ask *works);

/*
 * What to ask now, with its role (ROLE_ISOLATE, ROLE_ISOLATE_STEADY), while it is
 * ISOLATE_SEARCHING. The same until it was told of.
 */
enum isolate_verdict isolate_next(struct isolate *s, struct ask *ret);

/*
 * What came of an ask of isolate_next(). index: in the facts, SIZE_MAX: unknown. What counts is
 * what came of each set, not what was known when it was asked: so late replies need no order. An
 * ask of another search ends this one.
 */
void isolate_tell(struct isolate *s, const struct observation *o, size_t index);

/* A reply to an ask of this search that was held for silent: o is OUTCOME_LATE. */
void isolate_late(struct isolate *s, const struct observation *o, size_t index);

/* It cannot be told, for that reason. */
void isolate_stop(struct isolate *s, enum isolate_doubt d);

void isolate_result(struct isolate *s, struct isolate_result *ret);

/*
 * The same result from the facts of such a search; NULL: there was none. Belongs to the arena.
 * Facts of another order are ISOLATE_CUT.
 */
const struct isolate_result *isolate_collect(struct arena *a, const struct facts *f);

/* What a query gets: "NOERROR with data", "REFUSED", "no reply"; in the arena, or static. */
const char *isolate_gets(struct arena *a, const struct isolate_got *g);

/* What a server does to it: "does not answer", "answers SERVFAIL to". */
const char *isolate_does(struct arena *a, const struct isolate_got *g);

/* "found", "sound", "untold"; and of doubts "" (sure), "alike", … */
const char *isolate_verdict_slug(enum isolate_verdict v);
const char *isolate_doubt_slug(enum isolate_doubt d);

#endif
