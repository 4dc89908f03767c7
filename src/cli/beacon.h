/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What help and man page need of the verb beacon. */
#ifndef CLI_BEACON_H
#define CLI_BEACON_H

#include "cli/opt.h"

extern const struct opt_table beacon_options;
extern const char beacon_text[];

#endif
