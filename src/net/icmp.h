/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ICMP errors about our own packets, from a socket's error queue: no privilege is needed. */
#ifndef NET_ICMP_H
#define NET_ICMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "facts/facts.h"

enum { ICMP_QUOTE = 12 }; /* as much of our packet's DNS bytes as identifies it */

struct icmp_error {
	bool from_net; /* false: a local refusal, icmp is not set */
	struct icmp icmp;
	struct addr about; /* where our packet was going */
	uint8_t quote[ICMP_QUOTE];
	size_t nquote; /* 0: the router quoted no more than the UDP header (RFC 792) */
};

/* Asks the kernel to queue errors of this socket. 0 or -ERR_SYSTEM. */
int icmp_enable(int fd, uint8_t family);

/* Takes the oldest error from the socket's queue; false when there is none. */
bool icmp_take(int fd, struct icmp_error *ret);

/* An errno that stands for an ICMP error, as the kernel maps them (RFC 1122 4.2.3.9). */
bool icmp_errno(int error);

#endif
