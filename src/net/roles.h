/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the role of an ask says of the pace. */
#ifndef NET_ROLES_H
#define NET_ROLES_H

#include <stdbool.h>

#include "facts/facts.h"

/* Silence is a loss or a limit: the ask goes where replies come from. */
bool roles_expect_reply(const struct ask *ask);

/* The same small question again and again: its replies tell of a limit (net/limited.h). */
bool roles_of_sweep(const struct ask *ask);

#endif
