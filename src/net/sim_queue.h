/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Observations of a simulation that wait for their time: a heap, first in, first out at equal ones.
 */
#ifndef NET_SIM_QUEUE_H
#define NET_SIM_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/vec.h"
#include "facts/facts.h"

struct sim_event {
	uint64_t at, serial;
	uint32_t slot;
};

/* An observation that waits; free ones are chained. */
struct sim_slot {
	struct observation o;
	uint32_t next;
	bool extra;
};

/* Zeroed but for the arena: empty. */
struct sim_queue {
	struct arena *arena;
	uint64_t serial;
	struct VEC(struct sim_event) heap;
	struct VEC(struct sim_slot) slots;
	uint32_t free; /* 1-based head of the chain of free slots; 0: none */
};

/* Due at o->done. extra: not the one observation that the ask is owed. */
void sim_queue_put(struct sim_queue *q, const struct observation *o, bool extra);

/* When the first is due; UINT64_MAX: none is there. */
uint64_t sim_queue_due(const struct sim_queue *q);

/* Takes the first, which must be there; returns whether it is an extra one. */
bool sim_queue_take(struct sim_queue *q, struct observation *ret);

#endif
