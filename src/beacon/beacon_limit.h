/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Limits replies over UDP by prefix of the client's address (IPv4 /24, IPv6 /56, as BIND and NSD
 * do), so that whoever is named as the sender of somebody else's queries is not flooded. A table of
 * buckets that prefixes fall into by a keyed hash: it keeps no address, and strangers cannot aim at
 * a bucket or make it grow.
 */
#ifndef BEACON_BEACON_LIMIT_H
#define BEACON_BEACON_LIMIT_H

#include <stdint.h>

#include "base/addr.h"
#include "base/arena.h"

enum beacon_limit_says {
	BEACON_LIMIT_PASS,
	BEACON_LIMIT_SLIP, /* every second reply beyond the rate: truncated, so that a true client
			      comes by TCP */
	BEACON_LIMIT_DROP,
};

struct beacon_limit;

/* rate: replies a second to a prefix, and as many at once after a pause; 0: no limit. */
struct beacon_limit *beacon_limit_new(struct arena *a, uint32_t rate, const uint8_t *secret);

/* now: µs; may stand still, and going back does no harm. */
enum beacon_limit_says beacon_limit_ask(
	struct beacon_limit *l, const struct addr *from, uint64_t now);

#endif
