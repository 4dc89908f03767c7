/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The registry of checks. A check is a pure function from facts and inferences to findings.
 * To add one: a function and a row in its family's table, an entry in fault/, and the fixtures
 * tests/fixtures/ID/bad.jsonl and good.jsonl. A new family also adds its line to checks.def.
 */
#ifndef CHECK_CHECK_H
#define CHECK_CHECK_H

#include <stddef.h>

#include "check/finding.h"
#include "facts/facts.h"
#include "infer/inferences.h"

struct check_input {
	const struct facts *facts;
	const struct inferences *inferences;
};

struct check {
	const char *id; /* of the findings it makes, and no other */
	void (*run)(const struct check_input *in, struct findings *f);
};

struct family {
	const char *name;
	const struct check *checks;
	size_t n;
};

/* All families, in the order of checks.def. */
extern const struct family *const check_families[];
extern const size_t check_nfamilies;

struct vantages;

enum verdict_state { VERDICT_OK, VERDICT_FAULT, VERDICT_UNDECIDED };

/* Why nothing can be said. */
enum undecided {
	UNDECIDED_NOT,
	UNDECIDED_SILENCE,   /* nothing answered at all */
	UNDECIDED_LOSS,	     /* the path loses too much */
	UNDECIDED_BLACKOUT,  /* the server went silent, and stayed so */
	UNDECIDED_PATTERN,   /* silences form no set that could be named */
	UNDECIDED_PRIVILEGE, /* ports asked for could not be used */
	UNDECIDED_STOPPED,   /* the run was ended before its end */
	UNDECIDED_POOL,	     /* nothing is known of the resolver's ports */
	UNDECIDED_CAUSE,     /* the lookup fails, and nothing tried explains it */
	UNDECIDED_LOOKUP,    /* a single look-up failed, and shows no more than that */
	UNDECIDED_ISOLATE,   /* what makes a query fail, as was to be found out */
	UNDECIDED_ZONE,	     /* no server under test is an authority for what it was asked */
};

struct verdict {
	enum verdict_state state;
	enum undecided reason;
	enum where where;
	/*
	 * The finding that matters most; NULL when there is none of warning or worse. A run that
	 * was stopped may have one and is undecided all the same: more may have been found.
	 */
	const struct finding *main;
};

/* Runs every check; findings come sorted, worst first. */
void check_run(const struct check_input *in, struct findings *ret);

/* The same for one of several vantage points, by what the others know (check/vantage.h). */
void check_run_among(
	const struct check_input *in, const struct vantages *all, struct findings *ret);

/* The verdict that the contract defines: fault when a finding is a warning or worse, unless
 * stopped. */
struct verdict check_verdict(const struct check_input *in, const struct findings *f);

#endif
