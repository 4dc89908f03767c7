/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A probe about a server of which only the name is known: its addresses are asked of the user's
 * resolvers, and then the probe begins that needs them.
 */
#ifndef PROBE_HOSTS_H
#define PROBE_HOSTS_H

#include "base/arena.h"
#include "probe/probe.h"

struct hosts_plan {
	const struct name *name;
	const struct addr *resolvers;
	size_t nresolvers;
	struct addr source; /* port 0 */
	bool no_v4, no_v6;
	uint32_t timeout; /* µs a try */
	/*
	 * The probe for those addresses, each once, with port 53; NULL: there is nothing to do.
	 * Also called for none. v lives as long as the arena.
	 */
	struct probe *(*then)(void *user, const struct addr *v, size_t n);
	void *user;
};

struct hosts;

/* What the plan points to is borrowed. */
struct hosts *hosts_new(struct arena *a, const struct hosts_plan *plan);
struct probe *hosts_probe(struct hosts *h);
/* What the last look-up ended with; NULL: none was made, or none has ended. */
const struct observation *hosts_last(const struct hosts *h);

#endif
