/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Findings that take the ground from under others: what these saw has another reason. */
#ifndef CHECK_OVERRULE_H
#define CHECK_OVERRULE_H

#include "check/check.h"

/*
 * Takes out what rests on replies that came from somebody else, and says what is not known now; and
 * what follows from a family that does not work.
 */
void overrule(const struct check_input *in, struct findings *f);

#endif
