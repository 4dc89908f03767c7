/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One look-up from each of several vantage points, compared by what came of it. Where each asks
 * resolvers of its own, that these differ is no difference of one server.
 *
 *	lookups_compare(arena, &(struct lookups_asked){ tapes, n, one_server }, &all);
 */
#ifndef CHECK_LOOKUPS_H
#define CHECK_LOOKUPS_H

#include "base/arena.h"
#include "base/vec.h"
#include "check/vantage.h"
#include "facts/facts.h"

/* What came of a look-up. */
enum lookups_kind {
	LOOKUPS_UNTESTED, /* nothing was asked, or nothing left */
	LOOKUPS_WORKS,	  /* an answer, an alias, a referral, or that name or type do not exist */
	LOOKUPS_FAILS,	  /* a reply that is none of these */
	LOOKUPS_SILENT,
	LOOKUPS_ERROR, /* an ICMP error, or the connection was refused, reset or not made */
	LOOKUPS_KINDS
};

enum lookups_verdict {
	LOOKUPS_ALONE, /* fewer than two were tested */
	LOOKUPS_ALIKE, /* all work, and have the same data */
	LOOKUPS_DATA,  /* all work, and data differ */
	LOOKUPS_SPLIT, /* some work */
	LOOKUPS_NONE,  /* none works */
	LOOKUPS_VERDICTS
};

struct lookups_said {
	const struct facts *facts;	/* with a name */
	const struct observation *last; /* what decided; NULL: nothing was asked */
	uint8_t kind;			/* enum lookups_kind */
	uint8_t meaning;		/* enum msg_meaning, of a reply */
	size_t answers;			/* records of the answer section */
	size_t silent;			/* queries without any reply */
	bool same;			/* works, and has the data of the first that works */
};

/* Who was to be asked and brought nothing. */
struct lookups_gap {
	const char *site, *why;
};

struct lookups {
	struct VEC(struct lookups_said) list; /* in the order in which they were given */
	const struct lookups_said *first;     /* that works; NULL: none does */
	struct VEC(struct lookups_gap) gaps;  /* the caller's */
	enum lookups_verdict verdict;
	bool one_server;
	/*
	 * Of a split: that a silence is no chance, when up to 30% of packets may be lost by chance;
	 * 0: what fails was said by a server, once, and no number says how steady that is.
	 */
	double confidence;
	/* Of a split, one server: works and silent have addresses of one network. */
	bool neighbours;
};

struct lookups_asked {
	struct facts *const *tapes;
	size_t n;
	bool one_server; /* all were told to ask the same addresses */
};

/* What came of the look-up on a tape. */
struct lookups_said lookups_read(const struct facts *f);

/* ret belongs to the arena. */
void lookups_compare(struct arena *a, const struct lookups_asked *asked, struct lookups *ret);

/* "works", "fails", "silent", "error", "untested"; "alike", "data", "split", "none", "alone". */
const char *lookups_kind_slug(enum lookups_kind k);
const char *lookups_verdict_slug(enum lookups_verdict v);

#endif
