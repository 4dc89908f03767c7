/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What shapes and a scan with it share. */
#ifndef CLI_SHAPES_H
#define CLI_SHAPES_H

#include "cli/run.h"
#include "probe/shaping.h"

/*
 * The plan for the targets and controls that the run's plan has, and the question into the facts.
 * word: how the only server was given; NULL: unknown. 0 or -ERR_USAGE, said.
 */
int shapes_plan(struct run *r, const char *word, struct shaping_plan *ret);

#endif
