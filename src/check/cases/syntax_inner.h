/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the module "syntax" share: its test cases that have a file of their own. */
#ifndef CHECK_CASES_SYNTAX_INNER_H
#define CHECK_CASES_SYNTAX_INNER_H

#include "check/cases.h"

/* The mailbox in SOA RNAME, and its mail servers. */
void syntax_rname(struct cases *c);

#endif
