/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shapes SERVER --isolate PROFILE|FILE: what makes a query fail. */
#ifndef CLI_ISOLATE_H
#define CLI_ISOLATE_H

#include "cli/run.h"

/* The verb's exit code. The facts have their question. */
int isolate_run(struct run *r);

#endif
