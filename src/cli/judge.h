/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Findings again, from saved facts. */
#ifndef CLI_JUDGE_H
#define CLI_JUDGE_H

#include "cli/opt.h"

extern const struct opt_table judge_options;

#endif
