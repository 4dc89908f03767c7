/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A small server of DNS messages over UDP and TCP (RFC 7766): it hands each query to a function and
 * sends back what that writes. One socket an address, so that a reply leaves from the address that
 * was asked. Never waits for one client: datagrams that do not go out at once are dropped, and
 * connections are few, short of memory and short-lived.
 *
 *	serve_new(arena, &setup, &server);      // all sockets are bound now: drop privileges
 *	serve_run(server);                      // until *setup.stop
 *	serve_free(server);
 */
#ifndef NET_SERVE_H
#define NET_SERVE_H

#include <signal.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/arena.h"
#include "base/span.h"
#include "facts/facts.h"

enum {
	SERVE_ADDRS_MOST = 64,
	SERVE_REPLY = 4096, /* octets of a reply */
	SERVE_QUERY = 4096, /* of a query: larger ones are dropped, by TCP with the connection */
	SERVE_CONNECTIONS = 64, /* at once; another one ends the one that was silent for longest */
	SERVE_OF_PREFIX = 16,	/* of them from an IPv4 /24 or IPv6 /56 */
	SERVE_OF_CONNECTION = 1000, /* queries of one connection */
};

/* µs: of a connection without a whole query, and of any connection. */
#define SERVE_IDLE  5000000ULL
#define SERVE_TOTAL 60000000ULL

struct serve_query {
	struct span wire;
	struct addr from; /* with port */
	enum transport transport;
	uint64_t now; /* µs since 1970, UTC; never goes back */
};

struct serve_setup {
	const struct addr *listen; /* with ports; no wildcards */
	size_t nlisten;		   /* at most SERVE_ADDRS_MOST */
	uint64_t epoch;		   /* µs since 1970 at this moment */
	/* Writes a reply of at most SERVE_REPLY octets to out; 0: none is sent. */
	size_t (*reply)(void *user, const struct serve_query *q, uint8_t *out);
	void *user;
	const volatile sig_atomic_t *stop; /* set: serve_run() returns */
};

struct serve_counts {
	uint64_t oversized; /* queries that were too large */
	uint64_t unsent;    /* replies that the kernel did not take */
	uint64_t connections, turned_away;
};

struct serve;

/*
 * 0 and *ret, or -ERR_PRIVILEGE, -ERR_OPEN, -ERR_LIMIT, -ERR_SYSTEM. *ret_failed (may be NULL) is
 * then the index of the address that could not be bound, with the reason in errno.
 */
int serve_new(
	struct arena *a, const struct serve_setup *setup, struct serve **ret, size_t *ret_failed);
/* Takes NULL. */
void serve_free(struct serve *s);

/* Returns when stop is set, a signal that came before included, within a second at most. */
void serve_run(struct serve *s);

struct serve_counts serve_counts(const struct serve *s);

#endif
