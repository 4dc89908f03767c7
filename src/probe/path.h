/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A trace of two flows: the real query from a port that the server answers and from one that it
 * does not, with TTL 1, 2, 3 … side by side, until infer/path can say behind which hop the second
 * one is lost, or that it cannot.
 *
 * Linux routers send an asker about one time-exceeded message a second after a burst of six
 * (net.ipv4.icmp_ratelimit, XRLIM_BURST_FACTOR in net/ipv4/icmp.c), so no more is asked for, both
 * flows taken together; others are as slow or slower.
 */
#ifndef PROBE_PATH_H
#define PROBE_PATH_H

#include "base/rng.h"
#include "infer/path.h"
#include "probe/probe.h"

struct path_plan {
	struct addr server, source; /* server with port; the source's is ignored */
	uint16_t blocked; /* port that the server does not answer; 0: only the open flow */
	uint16_t open;	  /* port that it does answer; 0: one is drawn */
	struct question question;
	struct shape shape;
	const struct name *zone;
	unsigned int least; /* tries of each flow and hop, at least; 0: 3 */
	unsigned int share; /* traces that run side by side through the same routers; 0: 1 */
	uint32_t timeout;   /* µs, longest of an ask */
	struct rng rng;
};

struct path;

struct path *path_new(struct arena *a, const struct path_plan *plan);
struct probe *path_probe(struct path *p);
/* What it knows so far, judged; valid while it lives. */
const struct path_result *path_known(const struct path *p);

#endif
