/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Test cases of the module "nameserver" that have a file of their own. */
#ifndef CHECK_CASES_NAMESERVER_INNER_H
#define CHECK_CASES_NAMESERVER_INNER_H

#include "check/cases.h"

/* EDNS. */
void nameserver02(struct cases *c);
void nameserver10(struct cases *c);
void nameserver11(struct cases *c);
void nameserver12(struct cases *c);
void nameserver13(struct cases *c);

/* Letter case. */
void nameserver08(struct cases *c);
void nameserver09(struct cases *c);

/* Versions. */
void nameserver15(struct cases *c);

#endif
