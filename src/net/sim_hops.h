/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The routers between the client and a simulated server: each counts a packet's TTL down, says
 * when it ran out, and may drop or reject by port in one direction. As Linux routers they look at
 * the TTL before their filter, and send an asker about one message a second after six.
 */
#ifndef NET_SIM_HOPS_H
#define NET_SIM_HOPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/portset.h"
#include "base/vec.h"
#include "facts/facts.h"
#include "net/sim_nat.h"

struct sim_router {
	struct addr addr;
	uint32_t rtt;		       /* µs to it and back */
	bool silent;		       /* sends no ICMP */
	const struct portset *queries; /* drops UDP from these ports on its way to the server */
	const struct portset *replies; /* drops UDP to these ports on its way back */
	bool rejects; /* what it drops of queries is said: administratively prohibited */
};

/* Routers in order, the client's first. */
struct sim_hops {
	const struct sim_router *v;
	size_t n;
	const struct sim_nat *nat; /* NULL: none */
};

/* Messages that a router has left for the client. */
struct sim_hops_bucket {
	const struct sim_router *router;
	double tokens;
	uint64_t at;
};

/* What routers remember; zeroed to begin with. */
struct sim_hops_state {
	struct VEC(struct sim_hops_bucket) buckets;
};

enum sim_fate {
	SIM_THROUGH, /* it comes to the server */
	SIM_DROPPED, /* nothing comes back */
	SIM_SAID,    /* icmp and rtt say what comes back, and when */
};

struct sim_crossing {
	enum sim_fate fate;
	struct icmp icmp;
	struct addr quoted; /* as in struct observation */
	uint32_t rtt;	    /* µs */
};

/* The way of one UDP query; o: ask and local port. now: when it is sent, µs. */
struct sim_crossing sim_hops_cross(const struct sim_hops *hops, struct sim_hops_state *state,
	struct arena *a, const struct observation *o);

/* The way back of the reply to that sender, as the client knows it. */
bool sim_hops_return(const struct sim_hops *hops, struct addr from);

#endif
