/* SPDX-License-Identifier: GPL-3.0-or-later */
/* --second-opinion: which other resolvers are asked. */
#ifndef CLI_OPINIONS_H
#define CLI_OPINIONS_H

#include "cli/run.h"

/* Into the plan, each once. 0 or -ERR_USAGE, said. */
int opinions_read(struct run *r);

#endif
