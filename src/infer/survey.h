/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How many servers filter source ports: from a random sample of a list's servers to shares with
 * confidence intervals. A pure function.
 *
 *	struct survey_server v[] = {
 *		{ operator, PATTERN_RANGES, &blocked },	// as a sweep found it
 *		{ another, PATTERN_NONE, NULL }, ...
 *	};
 *	struct survey s;
 *	survey_judge(arena, &(struct survey_sample){ v, n, population, 0.95 }, &s);
 *	for (size_t i = 0; i < s.rows.n; i++)
 *		say(survey_row_slug(&s.rows.v[i]), s.rows.v[i].servers.share, ...);
 *
 * Each row is told in three ways, since each answers another question:
 *
 * servers: the share of the list's servers. Servers were drawn one by one, each set of so many as
 * likely as any other; so the count of hits is hypergeometric, whoever runs them: that a hundred
 * belong to one operator changes nothing in what the draw says of the list. The interval is exact
 * (base/stats.h: stats_marked_upper) and holds the finite population correction: of a list asked as
 * a whole nothing is left to chance.
 *
 * alike: the same share in what the list stands for, servers of operators like these. There,
 * operators are what was drawn: a hundred servers of one say little more than one. The interval is
 * Clopper and Pearson's for the number of unrelated servers that would tell as much (effective),
 * the smaller of two: by Kish's design effect (Survey Sampling, 1965: 1 + (servers an operator - 1)
 * alikeness), with the alikeness of pairs of one operator's servers as they were found; and by the
 * variance of the ratio estimator over operators (Cochran 1977, 6.5 and 9A), corrected for its
 * degrees of freedom as Korn and Graubard do (Survey Methodology 24, 1998). The second alone is
 * too sure of itself where a few operators are large (90% for 95% in simulations). Where fewer than
 * SURVEY_FEW operators have the pattern, or lack it, neither can be estimated, and the servers of
 * an operator count as all alike. Never narrower than with unrelated servers, and not corrected for
 * a finite population.
 *
 * operators: of the operators met, the share of those of which at least one asked server has it,
 * with Clopper and Pearson's interval. An operator with many servers in the list is met more
 * often than one with few, and its servers are asked more often: the share is that of operators as
 * they are met by drawing servers, no share of all operators, which a sample of servers cannot tell
 * without their sizes.
 *
 * Intervals are for each row alone: of twenty rows one may miss at 95%.
 *
 * Undecided servers (PATTERN_UNKNOWN) are in no share, which assumes that they are as the others;
 * what that hides is bounded: worst is the interval whose low end counts them as without the
 * pattern, and whose high end as with it (Horowitz and Manski, JASA 95, 2000).
 */
#ifndef INFER_SURVEY_H
#define INFER_SURVEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/portset.h"
#include "base/span.h"
#include "base/vec.h"
#include "infer/ports.h"

enum {
	SURVEY_SETS = 16, /* rows of single sets, the most frequent ones */
	SURVEY_FEW = 10,  /* operators below which their variance is not estimated */
};

#define SURVEY_CONFIDENCE 0.95 /* the usual one, two-sided */

/* The row of all whose ports have something to do with it. */
#define SURVEY_FILTERED (1U << PATTERN_RANGES | 1U << PATTERN_HASH | 1U << PATTERN_POLICER)

/* One server of the sample, each only once. */
struct survey_server {
	struct span owner;	       /* octets that tell one from another; none: its own */
	enum port_pattern pattern;     /* PATTERN_UNKNOWN: undecided */
	const struct portset *blocked; /* of PATTERN_RANGES; NULL: not known; borrowed */
};

struct survey_sample {
	const struct survey_server *v;
	size_t n;
	uint64_t population; /* distinct servers of the list; rather too large; 0: not known, or
				endless */
	double conf;	     /* two-sided, 0.95 */
};

struct survey_interval {
	double low, high;
};

struct survey_share {
	uint64_t hits, decided; /* the share is hits of decided… */
	uint64_t open;		/* … and so many more may have it: undecided ones */
	uint64_t all;		/* with and without the pattern, and those that may have it */
	double share;		/* 0 when none is decided */
	struct survey_interval interval;
	double least, most; /* shares of all, were the open ones without it, or with it */
	struct survey_interval worst;
};

/* What a row counts: any of some patterns, or one set of ports. */
struct survey_row {
	uint32_t patterns;	   /* bits 1 << enum port_pattern */
	const struct portset *set; /* NULL: any */
	struct survey_share servers, operators;
	struct survey_interval alike;
	double effective; /* unrelated servers that would tell as much as alike rests on */
};

struct survey {
	uint64_t servers, undecided, operators;
	struct VEC(struct survey_row) rows; /* none, filtered (any of the next three), ranges,
					       hash, policer, all, then sets by frequency */
	uint64_t other_sets;		    /* servers with sets beyond SURVEY_SETS */
};

/* Fills *ret, in the arena. A sample of none has rows that say that nothing is known: 0 to 1. */
void survey_judge(struct arena *a, const struct survey_sample *sample, struct survey *ret);

/* "none", "filtered", "ranges", …: enum port_pattern's slugs, and one of ours; static. */
const char *survey_row_slug(const struct survey_row *row);

#endif
