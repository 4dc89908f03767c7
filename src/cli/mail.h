/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The look-ups of mail for a domain: the verb mail, and what diagnose --mail runs instead. */
#ifndef CLI_MAIL_H
#define CLI_MAIL_H

#include "cli/run.h"

/* Runs it with the words and settings that were read: the exit code. */
int mail_run(struct run *r);

#endif
