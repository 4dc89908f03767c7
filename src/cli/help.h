/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Help as text. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "cli/verb.h"

extern const struct opt_table help_options;

/* The help of one verb; of the program when v is NULL. */
void help_text(const struct verb *v, struct buf *out);

#endif
