/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which ask an ICMP error is about, by what it quotes of our packet. */
#ifndef NET_QUOTE_H
#define NET_QUOTE_H

#include "net/flight.h"
#include "net/icmp.h"

struct quote_match {
	struct flight *about; /* the ask it is about; NULL: none, or it cannot be told */
	struct flight *doubt; /* it is about this ask or another; NULL: about none of them */
};

/*
 * flights: all of one socket, chained by next; the kernel has seen that the quoted local port is
 * the socket's. The quoted destination must be the ask's server and the quoted id the ask's. Of a
 * quote that ends before the id (RFC 792 asks for no more than 8 octets behind the IP header, and
 * many routers give no more) the destination is all there is: it is about an ask only when no
 * other of the last seconds to the same server waits for its reply, or did so in vain.
 */
struct quote_match quote_match(struct flight *flights, const struct icmp_error *e, uint64_t now);

#endif
