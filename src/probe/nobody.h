/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A question to addresses that belong to documentation and to no host (RFC 5737, RFC 3849): who
 * answers it stands on the way. ROLE_NOBODY.
 */
#ifndef PROBE_NOBODY_H
#define PROBE_NOBODY_H

#include "probe/probe.h"

struct nobody_plan {
	bool v4, v6;	    /* families to ask */
	struct addr source; /* ADDR_NONE: kernel's choice */
	uint32_t timeout;   /* µs */
};

struct probe *nobody_new(struct arena *a, const struct nobody_plan *plan);

#endif
