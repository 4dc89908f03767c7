/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fault catalogue on a terminal. */
#ifndef CLI_EXPLAIN_H
#define CLI_EXPLAIN_H

#include "cli/opt.h"

extern const struct opt_table explain_options;

/* The whole catalogue as scdoc source of dnsfault-faults(7). */
void explain_man(struct buf *out);

#endif
