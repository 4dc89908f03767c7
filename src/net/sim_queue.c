// SPDX-License-Identifier: GPL-3.0-or-later
// A heap of events over slots that are used again.
#include "net/sim_queue.h"

#include <assert.h>

static bool earlier(const struct sim_event *a, const struct sim_event *b)
{
	return a->at != b->at ? a->at < b->at : a->serial < b->serial;
}

static void heap_push(struct sim_queue *q, struct sim_event e)
{
	size_t i = q->heap.n;

	vec_push(q->arena, &q->heap, e);
	while (i && earlier(&e, &q->heap.v[(i - 1) / 2])) {
		q->heap.v[i] = q->heap.v[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	q->heap.v[i] = e;
}

static struct sim_event heap_pop(struct sim_queue *q)
{
	struct sim_event *v = q->heap.v, top = v[0], last = v[--q->heap.n];
	size_t i = 0, child;

	while ((child = 2 * i + 1) < q->heap.n) {
		if (child + 1 < q->heap.n && earlier(&v[child + 1], &v[child]))
			child++;
		if (!earlier(&v[child], &last))
			break;
		v[i] = v[child];
		i = child;
	}
	v[i] = last;
	return top;
}

static struct sim_slot *slot_new(struct sim_queue *q, uint32_t *ret_index)
{
	uint32_t free = q->free;

	if (free) {
		q->free = q->slots.v[free - 1].next;
	} else {
		vec_push(q->arena, &q->slots, (struct sim_slot){ .next = 0 });
		free = (uint32_t)q->slots.n;
	}
	*ret_index = free - 1;
	return &q->slots.v[free - 1];
}

void sim_queue_put(struct sim_queue *q, const struct observation *o, bool extra)
{
	struct sim_event e = { .at = o->done, .serial = q->serial++ };
	struct sim_slot *slot = slot_new(q, &e.slot);

	slot->o = *o;
	slot->extra = extra;
	heap_push(q, e);
}

uint64_t sim_queue_due(const struct sim_queue *q)
{
	return q->heap.n ? q->heap.v[0].at : UINT64_MAX;
}

bool sim_queue_take(struct sim_queue *q, struct observation *ret)
{
	struct sim_slot *slot;
	struct sim_event e;

	assert(q->heap.n);
	e = heap_pop(q);
	slot = &q->slots.v[e.slot];
	*ret = slot->o;
	slot->next = q->free;
	q->free = e.slot + 1;
	return slot->extra;
}
