/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is asked after all else, because of what the replies look like. */
#ifndef CLI_SUSPECT_H
#define CLI_SUSPECT_H

#include "cli/run.h"

/*
 * When no root server speaks with authority: asks addresses that are nobody's. More facts, and
 * nothing when nothing is suspected. 0, or -ERR_x, said.
 */
int suspect_run(struct run *r);

#endif
