/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Response rate limiting as name servers do it, for simulated ones: what a limited client gets in
 * place of a reply. The state machines follow the sources of BIND 9.16 (lib/dns/rrl.c), NSD 4
 * (rrl.c) and Knot DNS 3.2 (modules/rrl); all of them count in whole seconds and by client network,
 * none by the client's port.
 *
 *	struct sim_limit rrl = { .make = SIM_LIMIT_BIND, .rate = 5, .slip = 2, .cookies = true };
 *	struct sim_server s = { .addr = a, .limit = &rrl };
 */
#ifndef NET_SIM_LIMIT_H
#define NET_SIM_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/rng.h"
#include "facts/facts.h"

enum sim_limit_make {
	/*
	 * By /24 or /56 and class: name and type of a positive reply, name of NODATA, origin of
	 * NXDOMAIN, delegation of a referral; other errors by client alone. A debt of up to 15 s.
	 */
	SIM_LIMIT_BIND,
	/* By /24 or /64 and class: name of a positive reply. Over the limit nothing is answered. */
	SIM_LIMIT_NSD,
	/* By /24 or /56 and class: name of a positive reply. A bucket of four seconds. */
	SIM_LIMIT_KNOT,
	SIM_LIMIT_NONE, /* no limit; for servers that only hand out cookies */
};

struct sim_limit {
	enum sim_limit_make make;
	unsigned int rate; /* replies a second of each key */
	unsigned int slip; /* one of so many limited replies is sent with TC; 0: none */
	/*
	 * Hands out cookies (RFC 7873, RFC 9018), and whoever sends a good one is not limited. BIND
	 * slips BADCOOKIE, not TC, to those who sent only their own half.
	 */
	bool cookies;
	bool needs_cookie; /* BADCOOKIE for whoever has none that is good, but sent one */
};

struct sim_limiter;

/* One server's state. All is borrowed and lives as long as the arena. */
struct sim_limiter *sim_limiter_new(
	struct arena *a, const struct sim_limit *limit, struct rng *rng);

/* The packet that a reply is for. */
struct sim_limit_query {
	const struct ask *ask;
	struct addr client;
	uint64_t now; /* µs */
};

/*
 * Does to the reply what the server would: leaves it as it is, makes it a slip, empties it (it is
 * not sent), and adds the server's cookie when the client sent its own.
 */
void sim_limiter_reply(struct sim_limiter *l, const struct sim_limit_query *q, struct buf *reply);

#endif
