/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What carries asks: the real network (net/real.h) or a simulated one (net/sim.h). net/drive
 * pumps any probe over either.
 */
#ifndef NET_WIRE_H
#define NET_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "facts/facts.h"

struct wire;

struct wire_ops {
	/* µs, monotonic (virtual in a simulation). */
	uint64_t (*now)(struct wire *w);
	/* How many more asks can be in flight at this moment. */
	size_t (*room)(struct wire *w);
	/* Starts one ask. Its one observation comes from next(), also when it could not be sent. */
	void (*send)(struct wire *w, const struct ask *ask);
	/*
	 * Waits until an observation is ready or the time is until (UINT64_MAX: no limit, but then
	 * something must be in flight). false at the time limit or when interrupted by a signal.
	 * Messages belong to the arena that the wire was made with.
	 */
	bool (*next)(struct wire *w, uint64_t until, struct observation *ret);
	/* Closes everything. */
	void (*free)(struct wire *w);
};

struct wire {
	const struct wire_ops *ops;
};

static inline uint64_t wire_now(struct wire *w)
{
	return w->ops->now(w);
}

#endif
