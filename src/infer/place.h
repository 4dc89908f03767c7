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

enum place { PLACE_UNKNOWN, PLACE_NEAR, PLACE_FAR };

struct place_result {
	struct portset far;     /* blocked for the target, proven open at a control */
	struct portset near;    /* silent at all live controls, deep enough */
	struct portset unknown; /* too little known */
	unsigned int controls;  /* asked */
	unsigned int alive;     /* of these answered from open ports */
	double confidence;      /* of near: 1 - chance that loss alone did it; of far: 1 */
};

/* Judges the sample ports in blocked that place asks were made from. */
void place_judge(const struct facts *f, const struct portset *blocked, struct place_result *ret);

const char *place_slug(enum place p);

#endif
