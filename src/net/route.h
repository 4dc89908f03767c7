/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which of our addresses the kernel would send from. Sockets are bound to it, so that the local
 * address of an observation is known, and a port that a local service holds on another address
 * (a stub resolver on 127.0.0.53#53) is free for us.
 */
#ifndef NET_ROUTE_H
#define NET_ROUTE_H

#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "facts/facts.h"

enum { ROUTE_SLOTS = 1024 };

/* What was found out lately. Zeroed is ready for use. */
struct route {
	struct {
		struct addr server, source;
		uint64_t until;
	} slots[ROUTE_SLOTS];
};

/*
 * The address to bind for an ask: the one it names, or the kernel's choice, with the port that it
 * names. WHY_NONE and *ret, or why it cannot be sent.
 */
enum why route_source(struct route *r, const struct ask *ask, uint64_t now, struct addr *ret);

/* The kernel's word for why a socket could not be bound. */
enum why route_bind_error(int error);
/* And for why a packet could not be sent. */
enum why route_send_error(int error);

/*
 * A flow label of its own for each IPv6 socket would be a second variable beside the port for
 * routers that hash it (RFC 6438): keeps it 0.
 */
void route_no_flow_label(int fd);

/*
 * Which datagrams of the socket may be fragmented, from now on (ip(7), ipv6(7)). *kernel keeps what
 * the kernel does by itself, -1 before the first call. 0 or an errno.
 */
int route_fragment(int fd, uint8_t family, enum ask_df df, int *kernel);

#endif
