/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The beacon: an authoritative server of one zone that answers what it saw of the query. Pure: a
 * query in, a reply out, time and secret from outside.
 *
 *	struct beacon *b = beacon_new(arena, &setup);
 *	n = beacon_reply(b, &query, out);   // n octets to send back, or 0: say nothing
 *
 * TXT of a name: what was seen of that query. Of a label of a chain (beacon_sample.h): an alias
 * whose name says what was seen, and so on down to the TXT record, so that one lookup through a
 * resolver shows one query of it a step. TTLs of data are 0 and negative replies are not cached
 * (RFC 2308 5), so that every lookup is seen.
 *
 * Nothing is kept between queries but how much a prefix was answered lately (beacon_limit.h).
 * Over UDP a reply is never larger than its query unless the sender's address is proven: by a DNS
 * cookie (RFC 9018), or by a name that was given to that same address less than a minute ago.
 *Others get TC=1, and come by TCP, whose reply holds such a name: so a resolver without cookies
 *takes its first step by TCP and all others by UDP, and the queries that matter are seen whole.
 */
#ifndef BEACON_BEACON_H
#define BEACON_BEACON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/arena.h"
#include "base/siphash.h"
#include "base/span.h"
#include "beacon/beacon_sample.h"
#include "dns/name.h"
#include "facts/facts.h"

enum {
	BEACON_REPLY = 1232,   /* octets of the largest reply, also over TCP (RFC 9715) */
	BEACON_GLUE_MOST = 16, /* addresses of the server */
	BEACON_ZONE_MOST = NAME_MAX_WIRE - NAME_MAX_LABEL - 1, /* octets: a label has to fit */
	/*
	 * Seconds of an epoch: names are proof in that in which they were made and in the next. A
	 * chain through a slow resolver takes some seconds.
	 */
	BEACON_EPOCH = 30,
};

struct beacon_setup {
	struct name zone, ns;	 /* ns: the server's own name, inside or outside of the zone */
	const struct addr *glue; /* its addresses, at most BEACON_GLUE_MOST; ports do not count */
	size_t nglue;
	uint32_t rate;						 /* beacon_limit_new() */
	uint8_t cookie_secret[SIPHASH_KEY], secret[SIPHASH_KEY]; /* from the kernel */
};

struct beacon_query {
	struct span wire;
	struct addr from; /* with port */
	enum transport transport;
	uint64_t now; /* µs since 1970, UTC */
};

struct beacon_counts {
	uint64_t udp, tcp;		 /* queries */
	uint64_t ignored;		 /* no query that can be answered: no reply */
	uint64_t refused;		 /* an error was all of the reply */
	uint64_t aliases, texts, others; /* replies with one of a chain, a sample, anything else */
	uint64_t truncated;		 /* TC=1: no proof of the sender, or no room */
	uint64_t limited; /* over the rate: dropped; those let through truncated are above */
};

struct beacon;

/*
 * A copy of the setup is kept; arrays are copied too. The zone has at most BEACON_ZONE_MOST octets.
 * Ended with beacon_free().
 */
struct beacon *beacon_new(struct arena *a, const struct beacon_setup *setup);
/* Takes NULL. */
void beacon_free(struct beacon *b);

/* Writes the reply to out (BEACON_REPLY octets) and returns its length; 0: none is to be sent. */
size_t beacon_reply(struct beacon *b, const struct beacon_query *q, uint8_t *out);

struct beacon_counts beacon_counts(const struct beacon *b);

/*
 * What an asker reads: appends to f->sightings (SIGHT_BEACON) what replies to asks of ROLE_BEACON
 * say was seen, one sighting a query that arrived: in the order of the asks, then of the chain. The
 * name, its case and the type are the query's as it arrived (type 0: one above 255); batch counts
 * lookups from 1; at is as near as can be told: the run's start and the reply's time since its
 * first ask. A reply that came twice (first truncated, late) counts once. Does nothing to facts
 * that have such sightings already.
 */
void beacon_sightings(struct arena *a, struct facts *f);

/*
 * The samples of one reply, in the order of the chain, at most BEACON_STEPS_MOST + 1; their number.
 * names[i] is what sample i was asked for, in the case in which it arrived.
 */
struct beacon_samples {
	struct beacon_sample v[BEACON_STEPS_MOST + 1];
	struct name names[BEACON_STEPS_MOST + 1];
};
size_t beacon_read(const struct msg *m, struct beacon_samples *ret);

/* The name that lookup number seed asks for: its TXT shows steps + 1 queries. -ERR_LIMIT. */
int beacon_first_name(const struct name *zone, uint8_t steps, uint32_t seed, struct name *ret);

#endif
