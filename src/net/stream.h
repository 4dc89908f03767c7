/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * TCP asks over real sockets: messages behind two-octet lengths (RFC 7766 8). An ask has a
 * connection of its own, but for those that name the same stream. An ask with connect_only ends as
 * OUTCOME_CONNECTED, or as any that could not connect; it never shares one.
 */
#ifndef NET_STREAM_H
#define NET_STREAM_H

#include "net/flight.h"
#include "net/route.h"

enum {
	STREAM_IDLE = 200000, /* µs that a shared connection stays open when no ask is on it */
	STREAM_SPLIT = 30000, /* µs between the two parts of a split query */
	STREAM_ANYBODY = 255, /* ask.stream: asks of different owners share the connection */
};

struct streams;

struct streams *streams_new(struct arena *a, struct flights *fs, struct route *route);
/* Closes all connections. Takes NULL. */
void streams_free(struct streams *ss);

/* Starts f, which is over at once when that fails. */
void streams_send(struct streams *ss, struct flight *f);

#endif
