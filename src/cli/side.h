/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The resolver's own side: its configuration and its packets become facts, or it becomes a fact
 * why they could not.
 *
 *	struct side side;
 *	side_begin(&side, r, &resolver);	// audits; watches when the resolver is on this host
 *	pump_run(r, probe, side_beside(&side));
 *	side_end(&side);			// sightings
 */
#ifndef CLI_SIDE_H
#define CLI_SIDE_H

#include "cli/pump.h"
#include "cli/run.h"
#include "intake/sockets.h"

struct side {
	struct run *run;
	struct addr resolver;
	bool local;		 /* it is on this host */
	uint32_t pid;		 /* of its process; 0: not found */
	struct capture *capture; /* NULL: packets may not be captured */
	struct pairing *pairing;
	struct sockets sockets; /* looked at instead, when its process is known */
	bool looks;
	struct pump_beside beside;
};

/* Reads the files that --config names into the facts. 0, or -ERR_USAGE, said. */
int side_configs(struct run *r);

/*
 * When the resolver is on this host: finds and reads its configuration, unless --config gave one,
 * and begins to watch its packets. What is not possible is a gap in the facts.
 */
void side_begin(struct side *s, struct run *r, const struct addr *resolver);

/* Of that only the configuration: nothing is watched. */
void side_find(struct run *r, const struct addr *resolver);

/* When nothing is known of it, and it runs elsewhere: says how to know. */
void side_remote(struct side *s);

/* Something is watched: the resolver is to be made to send. */
bool side_watches(const struct side *s);

/* For pump_run(); NULL: nothing is watched. */
const struct pump_beside *side_beside(struct side *s);

/* What was seen goes to the facts, but for the packets of this run's own asks. */
void side_end(struct side *s);

/* This host's addresses, without ports; and: adds a gap. */
struct addrs side_addresses(struct arena *a);
void side_gap(struct run *r, enum gap_kind what, const char *why);

/* side_watch.c: begins to watch. */
void side_watch(struct side *s);

#endif
