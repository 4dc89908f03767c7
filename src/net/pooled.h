/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * UDP asks in bulk, that need no source port of their own: a few sockets for each local address,
 * which asks to any server share, and whole batches of datagrams a call of the kernel. Replies are
 * told apart by sender, id and socket. A reply that comes soon after the time-out of its ask is
 * told; what fits no ask is counted.
 */
#ifndef NET_POOLED_H
#define NET_POOLED_H

#include <stdbool.h>
#include <stddef.h>

#include "net/flight.h"
#include "net/route.h"

/* Several sockets: each has a port that a forger has to guess, and a buffer of its own. */
enum { POOLED_SOCKETS = 16 };

struct pooled;

struct pooled *pooled_new(struct arena *a, struct flights *fs, struct route *route);
/* Closes all sockets. Takes NULL. */
void pooled_free(struct pooled *p);

/* Whether the ask can go this way: over UDP, from any port, with the kernel's TTL. */
bool pooled_takes(const struct ask *ask);

/* The query waits for the next pooled_flush(); f is over at once when it cannot be sent. */
void pooled_send(struct pooled *p, struct flight *f);

/* Sends all that waits, before the loop waits; false: nothing did. */
bool pooled_flush(struct pooled *p);

#endif
