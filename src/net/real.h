/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The real network: an epoll loop; for UDP one bound socket per local address and port, which
 * asks to several servers share, and whose error queue tells ICMP type, code and offender; TCP
 * (RFC 7766) with two-octet lengths. A UDP socket stays bound for a while after its asks are
 * over, so that late replies draw no ICMP port unreachable and are seen as late observations.
 * SO_REUSEPORT is never used: a port that another process holds is an observation "not sent:
 * port-in-use". Raises the soft limit of descriptors to the hard one.
 */
#ifndef NET_REAL_H
#define NET_REAL_H

#include "base/arena.h"
#include "base/rng.h"
#include "net/ours.h"
#include "net/wire.h"

/* 0 stands for the default. */
struct real_limits {
	size_t flights; /* asks in flight at once; default 512, cut to fit RLIMIT_NOFILE */
	bool quotes;	/* also read ICMP errors that quote another sender, if that is permitted */
	/*
	 * Messages live only until next() has to wait for more. For asks without transfer and
	 * signature.
	 */
	bool passing;
	bool pooled;	   /* also: UDP asks from any port share a few sockets (net/pooled.h) */
	struct ours *ours; /* notes all sockets; outlives the wire; NULL: nobody does */
	uint64_t linger;   /* µs that a socket stays bound after its last ask; default 3 s */
};

/*
 * arena: owns the messages of observations. rng: draws query ids. limits: NULL for defaults.
 * Returns 0 and *ret_wire (closed with ops->free), -ERR_SYSTEM.
 */
int real_new(
	struct arena *a, struct rng *rng, const struct real_limits *limits, struct wire **ret_wire);

/* What came and was no reply in time, told by observations or not. */
struct real_extra {
	uint64_t late;	 /* replies, after the time-out of their ask */
	uint64_t strays; /* what fits no ask, or came twice, or later than anybody waits */
};
struct real_extra real_extra(struct wire *w);

/* Such errors are read (net/rawicmp.h). */
bool real_reads_quotes(struct wire *w);

#endif
