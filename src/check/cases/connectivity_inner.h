/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Test cases of the module "connectivity" that have a file of their own. */
#ifndef CHECK_CASES_CONNECTIVITY_INNER_H
#define CHECK_CASES_CONNECTIVITY_INNER_H

#include "check/cases.h"

void connectivity03(struct cases *c);
void connectivity04(struct cases *c);

#endif
