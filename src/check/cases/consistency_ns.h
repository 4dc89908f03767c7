/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The test cases of the module "consistency" about name servers: their names, their addresses. */
#ifndef CHECK_CASES_CONSISTENCY_NS_H
#define CHECK_CASES_CONSISTENCY_NS_H

#include "check/cases.h"

void consistency_ns_sets(struct cases *c); /* consistency04 */
void consistency_ns_glue(struct cases *c); /* consistency05 */

#endif
