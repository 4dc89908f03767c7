// SPDX-License-Identifier: GPL-3.0-or-later
// Tasks of the walk: one question to one host, its tries, TCP after truncation, plain DNS after
// a server said that it knows no EDNS.
#include "probe/walk_inner.h"

#include <string.h>

#include "base/err.h"
#include "dns/rr.h"

enum { SLOTS = 4 * WALK_TASKS, TCP_TRIES = 2 };

static uint32_t hash(const struct walk_host *h, const struct question *q)
{
	uint64_t v = 14695981039346656037u; /* FNV-1a, 64 bits */

	for (size_t i = 0; i < q->name->len; i++) {
		uint8_t c = q->name->wire[i];

		v = (v ^ (c >= 'A' && c <= 'Z' ? (uint8_t)(c | 0x20) : c)) * 1099511628211u;
	}
	for (size_t i = 0; i < sizeof(h->addr.ip); i++)
		v = (v ^ h->addr.ip[i]) * 1099511628211u;
	v = (v ^ q->type) * 1099511628211u;
	return (uint32_t)(v ^ v >> 32);
}

/* The slot of the task, or the free one in which it belongs. Never full: SLOTS > WALK_TASKS. */
static uint32_t *find_slot(
	const struct walk *w, const struct walk_host *h, const struct question *q)
{
	uint32_t at = hash(h, q) % SLOTS;

	for (; w->slots[at]; at = (at + 1) % SLOTS) {
		const struct walk_task *t = w->tasks.v[w->slots[at] - 1];

		if (t->host == h && t->question.type == q->type && t->question.class == q->class &&
			name_equal(t->question.name, q->name))
			break;
	}
	return &w->slots[at];
}

struct walk_task *walk_task_find(
	const struct walk *w, const struct walk_host *h, const struct question *q)
{
	uint32_t slot = w->slots ? *find_slot(w, h, q) : 0;

	return slot ? w->tasks.v[slot - 1] : NULL;
}

static void enqueue(struct walk *w, struct walk_task *t)
{
	t->state = TASK_QUEUED;
	vec_push(w->arena, &w->queue, t);
}

struct walk_task *walk_task_get(struct walk *w, const struct walk_want *want)
{
	struct walk_task *t;
	uint32_t *slot;

	if (want->host->unsendable)
		return NULL;
	if (!w->slots)
		w->slots = arena_alloc(w->arena, SLOTS * sizeof(*w->slots));
	slot = find_slot(w, want->host, &want->q);
	if (*slot) {
		t = w->tasks.v[*slot - 1];
		if (t->limit < want->limit)
			t->limit = want->limit;
		if (t->state == TASK_DONE && t->rank <= REPLY_NOISE && t->tries < t->limit)
			enqueue(w, t);
		return t;
	}
	if (w->tasks.n >= WALK_TASKS)
		return NULL;

	t = arena_alloc(w->arena, sizeof(*t));
	t->index = w->tasks.n;
	t->host = want->host;
	t->zone = want->zone;
	t->question = want->q;
	t->question.name = name_keep(w->arena, want->q.name);
	t->limit = want->limit;
	vec_push(w->arena, &w->tasks, t);
	*slot = (uint32_t)w->tasks.n;
	enqueue(w, t);
	return t;
}

/* Takes item i out; those that wait before it keep their order. */
static void take(struct walk *w, size_t i)
{
	for (; i > w->head; i--)
		w->queue.v[i] = w->queue.v[i - 1];
	w->head++;
}

struct walk_task *walk_task_next(struct walk *w, uint64_t *ret_wake)
{
	*ret_wake = PROBE_NO_WAKE;
	for (size_t i = w->head; i < w->queue.n; i++) {
		struct walk_task *t = w->queue.v[i];

		if (t->state == TASK_QUEUED && t->not_before > w->now) {
			if (t->not_before < *ret_wake)
				*ret_wake = t->not_before;
			continue;
		}
		take(w, i);
		/* One that a late reply has ended is not sent again. */
		if (t->state == TASK_QUEUED)
			return t;
	}
	return NULL;
}

void walk_task_ask(const struct walk *w, const struct walk_task *t, struct ask *ret)
{
	*ret = (struct ask){
		.server = t->host->addr,
		.source = w->plan.source,
		.transport = (uint8_t)t->transport,
		.role = ROLE_WALK,
		.timeout = w->plan.timeout,
		.question = t->question,
		.zone = t->zone->apex,
	};
	if (!t->plain)
		ret->shape = shape_iterative;
}

/* What an outcome without a usable reply means for the next try. */
static const struct {
	bool again;   /* another try can help */
	bool delayed; /* it came at once: wait as long as a time-out */
} after[OUTCOMES] = {
	[OUTCOME_TIMEOUT] = { .again = true },
	[OUTCOME_ICMP] = { .again = true, .delayed = true },
	[OUTCOME_RESET] = { .again = true, .delayed = true },
};

/* Local refusals that speak of this one packet only; all others hold for the host. */
static bool passing(enum why why)
{
	return why == WHY_PORT_IN_USE || why == WHY_PORT_WAITS || why == WHY_FIREWALL ||
	       why == WHY_LOCAL;
}

static bool retry(struct walk *w, struct walk_task *t, const struct observation *o)
{
	unsigned int limit = t->transport == TRANSPORT_TCP ? TCP_TRIES : t->limit;

	if (o->outcome == OUTCOME_NOT_SENT && !passing(o->why))
		t->host->unsendable = true;
	if (!after[o->outcome].again || t->tries >= limit)
		return false;
	t->not_before = after[o->outcome].delayed ? w->now + w->plan.timeout : 0;
	enqueue(w, t);
	return true;
}

/* A reply that asks for the question in another way: true when it is asked that way now. */
static bool other_way(struct walk *w, struct walk_task *t)
{
	if (t->rank == REPLY_PART && t->transport == TRANSPORT_UDP) {
		t->transport = TRANSPORT_TCP; /* RFC 7766 5, RFC 1123 6.1.3.2 */
	} else if (t->rank == REPLY_NO_EDNS && !t->plain) {
		t->plain = true; /* RFC 6891 6.2.2 */
	} else {
		return false;
	}
	t->tries = 0;
	enqueue(w, t);
	return true;
}

static void count(struct walk_host *h, const struct observation *o)
{
	if (observation_silent(o))
		h->silences++;
	else if (o->outcome == OUTCOME_ANSWERED || o->outcome == OUTCOME_LATE)
		h->replies++;
}

bool walk_task_reply(struct walk *w, struct walk_task *t, const struct observation *o)
{
	enum reply_rank rank = reply_rank(o);
	bool late = o->outcome == OUTCOME_LATE, better = rank > t->rank;

	count(t->host, o);
	if (better) {
		t->rank = rank;
		t->msg = rank > REPLY_NOISE ? o->msg : NULL;
		memset(t->learned, 0, sizeof(t->learned));
	}
	/* A late reply ends the task; the retry in flight or in the queue then changes nothing. */
	if (late && (!better || rank < REPLY_WHOLE))
		return false;
	if (t->state == TASK_DONE)
		return better;
	if (rank == REPLY_NOTHING && t->rank < REPLY_WHOLE && retry(w, t, o))
		return false;
	if (t->rank < REPLY_WHOLE && other_way(w, t))
		return false;
	t->state = TASK_DONE;
	return true;
}
