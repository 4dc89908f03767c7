/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The real network: an epoll loop; for each UDP ask a socket of its own, bound and connected,
 * whose error queue tells ICMP type, code and offender; TCP (RFC 7766) with two-octet lengths.
 * A socket stays bound for a while after its ask is over, so that late replies draw no ICMP port
 * unreachable and are seen as late observations. SO_REUSEPORT is never used: a port that another
 * process holds is an observation "not sent: port-in-use".
 */
#ifndef NET_REAL_H
#define NET_REAL_H

#include "base/arena.h"
#include "base/rng.h"
#include "net/wire.h"

struct real_limits {
	size_t flights;   /* asks in flight at once; default 512, cut to fit RLIMIT_NOFILE */
	uint64_t linger;  /* µs that a socket stays bound after its ask; default 3 s */
};

/*
 * arena: owns the messages of observations. rng: draws query ids. limits: NULL for defaults.
 * Returns 0 and *ret_wire (closed with ops->free), -ERR_OPEN or -ERR_SYSTEM.
 */
int real_new(struct arena *a, struct rng *rng, const struct real_limits *limits,
	struct wire **ret_wire);

#endif
