/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Near or far: a blocked source port from which servers of other operators answer is not blocked
 * near us; one from which no server answers is. If the controls do not answer from open ports
 * either, nothing can be told.
 */
#ifndef INFER_PLACE_H
#define INFER_PLACE_H

#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/portset.h"
#include "facts/facts.h"
#include "infer/ports.h"

enum place_verdict { PLACE_UNKNOWN, PLACE_NEAR, PLACE_FAR, PLACES };

struct place_result {
	/* The blocked set, range by range or by parts of one, as its sample ports showed. */
	struct portset at[PLACES];
	uint32_t sampled[PLACES]; /* sample ports that showed it */
	unsigned int controls;	  /* servers asked from sample ports */
	unsigned int alive;	  /* of these answered from open ports */
	uint64_t replies;	  /* from controls to sample ports */
	uint64_t silences;	  /* of live controls to sample ports */
	double loss;		  /* upper bound for live controls, from open ports */
	double near_confidence;	  /* 1 - chance that loss alone silenced all live controls */
};

/*
 * Judges the blocked set of one subject by all place asks of the subject's family and transport.
 * A range without a sample of its own goes with the others when they agree.
 */
void place_judge(const struct facts *f, const struct ports_subject *subject,
	const struct portset *blocked, struct place_result *ret);

/*
 * The same for ports of a policer, some of whose packets pass: near when live controls lose far
 * more of them than of others, far when they do not.
 */
void place_judge_policed(const struct facts *f, const struct ports_subject *subject,
	const struct portset *policed, struct place_result *ret);

const char *place_slug(enum place_verdict p);

#endif
