/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Asks a server from new source ports and from one in use, in pairs (infer/newports.h). A server of
 * which no new port is lost more often gets the first pairs only, 144 at most; then lost ports are
 * asked again, at once and after pauses of two minutes in all, and 108 pairs more at most.
 *
 *	struct probe *p = newports_probe_new(arena, &plan);
 */
#ifndef PROBE_NEWPORTS_H
#define PROBE_NEWPORTS_H

#include "base/rng.h"
#include "infer/newports.h"
#include "probe/probe.h"

struct newports_plan {
	struct addr server;	    /* with port */
	struct addr source;	    /* address to send from; port ignored */
	struct question question;   /* that the server answers */
	const struct name *zone;    /* that it is asked for */
	uint32_t timeout;	    /* µs, longest */
	bool control;		    /* of another operator: the first pairs alone */
	const struct portset *open; /* ports that reach it; NULL: any from 20000 to 59999 */
	struct rng rng;
};

/* The plan is copied, what it points to is borrowed. Belongs to the arena. */
struct probe *newports_probe_new(struct arena *a, const struct newports_plan *plan);

#endif
