/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * UDP asks over real sockets: one socket per local address and port, shared by all asks that
 * leave from there, so that one port can ask several servers at once. Datagrams are told apart
 * by sender and id, ICMP errors by destination and quoted id.
 */
#ifndef NET_UDP_H
#define NET_UDP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/flight.h"
#include "net/route.h"

struct udp;

struct udp_setup {
	struct flights *flights;
	struct route *route;
	size_t most;	 /* sockets open at once, idle ones included */
	uint64_t linger; /* µs that an idle socket stays bound */
};

struct udp *udp_new(struct arena *a, const struct udp_setup *setup);
/* Closes all sockets. Takes NULL. */
void udp_free(struct udp *u);

/* Sends f, which is over at once when that fails. */
void udp_send(struct udp *u, struct flight *f);

/*
 * Binds a new socket to a local address, with the options that all our sockets have. Port 0 becomes
 * the one that the kernel gave. WHY_NONE, or why it cannot be.
 */
enum why udp_bind(int fd, struct addr *local);

/* Closes the socket that is idle for longest; false when none is. */
bool udp_shed(struct udp *u);

#endif
