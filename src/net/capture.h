/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Packets of this host's interfaces, as libpcap sees them: DNS of port 53, ICMP errors, and first
 * fragments of IPv6. Who reads them is the caller's matter (intake/pairing.h).
 *
 *	struct capture *c;
 *	const char *why;
 *	if (capture_open(arena, &(struct capture_conf){ .device = "any" }, &c, &why) == 0)
 *		rawicmp_drop_privilege();	// nothing behind this needs it
 *	w.fd = capture_fd(c);			// watch it for EPOLLIN, and then:
 *	capture_drain(c, take, user);
 *	...
 *	capture_close(c);
 */
#ifndef NET_CAPTURE_H
#define NET_CAPTURE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/span.h"

enum {
	CAPTURE_DRAIN_MOST = 1024, /* packets that one capture_drain() hands over */
	CAPTURE_SNAP = 2048,	   /* octets of a packet: all of a query, and most replies */
	CAPTURE_WHOLE = 262144,	   /* octets of a packet that no interface exceeds */
	CAPTURE_BLOCK = 10,	   /* ms that whole packets may be late */
};

struct capture;

struct capture_conf {
	const char *device; /* of an interface, or "any" */
	const char *filter; /* as in pcap-filter(7); NULL: DNS, as above */
	/* Packets of any length, and hundreds of thousands a second: handed over in blocks. */
	bool whole;
};

struct capture_packet {
	int link;	   /* as of pcap_datalink(3) */
	uint64_t at;	   /* µs since 1970, UTC */
	uint32_t length;   /* octets that it had on the way */
	struct span bytes; /* of them; valid for the call */
};

/*
 * Opens an interface without making it promiscuous. 0; -ERR_PRIVILEGE when that takes CAP_NET_RAW;
 * -ERR_NONE: no such interface; -ERR_OPEN: anything else. *ret_why is then libpcap's text, in the
 * arena. The handle lives in the arena but must be closed.
 */
int capture_open(struct arena *a, const struct capture_conf *conf, struct capture **ret,
	const char **ret_why);
/* Takes NULL. */
void capture_close(struct capture *c);

/* Other packets from now on. 0 or -ERR_PARSE: no such filter, the old one holds. */
int capture_filter(struct capture *c, const char *filter);

/* The link type of its packets, as of pcap_datalink(3). */
int capture_link(const struct capture *c);

/* Readable when there are packets; the capture's own. */
int capture_fd(const struct capture *c);

/*
 * Hands over the packets that are there, but not more than CAPTURE_DRAIN_MOST; never waits. How
 * many, or -ERR_SYSTEM when the interface went away: then no more will come.
 */
int capture_drain(
	struct capture *c, void (*take)(void *user, const struct capture_packet *p), void *user);

/* Packets that the kernel had no room for, so far: then queries may seem to be silent. */
uint64_t capture_dropped(const struct capture *c);

#endif
