/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text of a TXT record. */
#ifndef CHECK_CASES_TXT_H
#define CHECK_CASES_TXT_H

#include "base/arena.h"
#include "dns/msg.h"

/*
 * Its strings, one behind the other (RFC 7208 3.3), as they came from the wire; octets of 0 become
 * '?'. "" when there are none. In the arena.
 */
const char *txt_join(struct arena *a, const struct rr *rr);

#endif
