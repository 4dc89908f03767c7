/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Servers that are silent to a shape of query, as many probes side by side get to know them: who
 * asks one of these again need not wait for its reply as long as for others'. The packet is sent
 * all the same: whoever claims silence has met it himself.
 *
 *	dead_seen(d, observation, now);		// of each ask
 *	if (dead_is(d, &ask, now))
 *		ask.timeout = …;
 */
#ifndef PROBE_DEAD_H
#define PROBE_DEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "facts/facts.h"

struct dead;

/* Remembers most pairs of server and shape, each for life µs from its last silence. */
struct dead *dead_new(struct arena *a, size_t most, uint32_t life);

/* Silence counts when nothing has come back since; any reply, a late one too, ends it. */
void dead_seen(struct dead *d, const struct observation *o, uint64_t now);

/* It was silent DEAD_LEAST times in a row to such a shape, whatever the question. */
enum { DEAD_LEAST = 4 };
bool dead_is(const struct dead *d, const struct ask *ask, uint64_t now);

#endif
