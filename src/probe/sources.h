/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Servers that are silent, asked from other addresses of this host and from the usual one beside
 * it: does it depend on who asks? ROLE_SOURCE.
 */
#ifndef PROBE_SOURCES_H
#define PROBE_SOURCES_H

#include "probe/probe.h"

struct sources_plan {
	const struct addr *servers; /* that may be silent; those that have replied are left out */
	size_t nservers;
	const struct name *zone;
	const struct addr *sources; /* of this host, without ports */
	size_t nsources;
	uint32_t timeout; /* µs */
};

struct probe *sources_new(struct arena *a, const struct facts *f, const struct sources_plan *plan);

#endif
