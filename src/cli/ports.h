/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the verbs that sweep given servers share. */
#ifndef CLI_PORTS_H
#define CLI_PORTS_H

#include "cli/run.h"

/*
 * Reads words and settings of such a verb, lets it change the plan (prepare, may be NULL: 0 or
 * -ERR_USAGE, said), runs it: the exit code.
 */
int ports_run(const char *verb, struct opt_args args, int (*prepare)(struct run *r));

#endif
