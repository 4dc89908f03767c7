/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * TCP asks over real sockets: one connection an ask, messages behind two-octet lengths (RFC 7766).
 * An ask with connect_only ends as OUTCOME_CONNECTED, or as any that could not connect.
 */
#ifndef NET_STREAM_H
#define NET_STREAM_H

#include "net/flight.h"
#include "net/route.h"

struct streams;

struct streams *streams_new(struct arena *a, struct flights *fs, struct route *route);
/* Closes all connections. Takes NULL. */
void streams_free(struct streams *ss);

/* Starts f, which is over at once when that fails. */
void streams_send(struct streams *ss, struct flight *f);

#endif
