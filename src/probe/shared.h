/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Replies that several jobs can use: what servers of a zone said on the way from the root, or for a
 * check of the tree. A query that another one is like in all but its id has the same reply, for a
 * while. Bounded; the oldest go first.
 */
#ifndef PROBE_SHARED_H
#define PROBE_SHARED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "facts/facts.h"

struct shared;

/* Holds most replies, each for life µs. Freed with shared_free(), which takes NULL. */
struct shared *shared_new(size_t most, uint32_t life);
void shared_free(struct shared *s);

/* Whether the ask's reply may be shared: nothing about it but server and query matters. */
bool shared_may(const struct ask *ask);

/* Of server, transport and query. */
uint64_t shared_hash(const struct ask *ask);

/* A copy of the observation, whose message is whole. */
void shared_add(struct shared *s, const struct observation *o, uint64_t now);

/* The reply to such an ask; NULL: none is held. Its message is valid until the next shared_add().
 */
const struct observation *shared_find(
	struct shared *s, const struct ask *ask, uint64_t hash, uint64_t now);

#endif
