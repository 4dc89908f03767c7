/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Asks resolvers for names of a beacon (beacon/beacon.h), each of which makes its resolver send a
 * chain of queries there, and tell what arrived:
 *
 *	struct beacon_asker *k = beacon_asker_new(arena, &plan);
 *	drive_run(&drive, beacon_asker_probe(k));
 *	beacon_sightings(arena, facts);                 // from the replies, also of a tape
 *
 * A lookup shows steps + 1 queries, but for the first of those, which comes by TCP when the
 *resolver sends no DNS cookies: then steps of them are over UDP. 64 samples take 8 lookups of 8
 *steps.
 */
#ifndef PROBE_BEACON_H
#define PROBE_BEACON_H

#include "base/rng.h"
#include "beacon/beacon.h"
#include "probe/probe.h"

enum {
	BEACON_LOOKUPS_MOST = 4096,
	/*
	 * What a beacon's own limit of 100 replies a second to a prefix bears, with 9 queries a
	 * lookup and some of other kinds, and what no resolver takes for an attack.
	 */
	BEACON_SPACING = 200000, /* µs */
	BEACON_FLIGHTS = 4,
};

struct beacon_plan {
	const struct name *zone;    /* at most BEACON_ZONE_MOST octets, or nothing is asked */
	const struct addr *servers; /* resolvers, with ports; lookups go to each in turn */
	size_t nservers;
	size_t lookups;	    /* in all, at most BEACON_LOOKUPS_MOST */
	uint8_t steps;	    /* of a chain; 0: BEACON_STEPS */
	uint32_t spacing;   /* µs between two lookups; 0: BEACON_SPACING */
	uint32_t flights;   /* lookups at once; 0: BEACON_FLIGHTS */
	struct addr source; /* port 0: ephemeral */
	unsigned int tries; /* of a lookup, at least 1 */
	uint32_t timeout;   /* µs a try; a chain takes its resolver several round trips */
	struct rng rng;	    /* for seeds: names that nobody has asked for before */
};

struct beacon_asker;

struct beacon_asker *beacon_asker_new(struct arena *a, const struct beacon_plan *plan);
struct probe *beacon_asker_probe(struct beacon_asker *k);

/* Lookups that ended with a reply, and those of them whose reply shows at least one sample. */
struct beacon_asked {
	size_t lookups, replies, seen, samples;
};
struct beacon_asked beacon_asker_count(const struct beacon_asker *k);

#endif
