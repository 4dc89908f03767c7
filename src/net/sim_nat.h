/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Address translation at a router of a simulated path: the ports of a set become others from there
 * on, and come back in replies. What routers from there on quote is translated back, or is not.
 *
 *	struct sim_nat nat = { .hop = 1, .ports = &low, .first = 41000 };
 */
#ifndef NET_SIM_NAT_H
#define NET_SIM_NAT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/portset.h"

struct sim_nat {
	unsigned int hop; /* the router that translates is that many steps away; 1: the first */
	const struct portset *ports; /* that are rewritten; NULL: none */
	uint16_t first;		     /* the n-th of them becomes the n-th port from here */
	struct addr outside;	     /* the address becomes this; ADDR_NONE: it stays */
	bool translates_quotes;	     /* back to what was sent, as Linux's conntrack does */
};

/* The sender as it is behind the translation; from itself when nat is NULL. */
struct addr sim_nat_outside(const struct sim_nat *nat, struct addr from);

/*
 * The sender as the client sees it in the quote of a router that many steps away; ADDR_NONE: the
 * one that sent it. As a Linux router it translates before it looks at the TTL.
 */
struct addr sim_nat_quoted(const struct sim_nat *nat, struct addr from, unsigned int hop);

#endif
