/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pump between probes and wires: queues for each server, and what is in flight. */
#include "net/drive.h"

#include <assert.h>

#include "base/err.h"
#include "base/table.h"

enum {
	WAITING_EACH = 64, /* asks that wait, for each server met: probes decide late, so few */
	WAITING_MOST = 1024,
	POLL = 100000,	 /* µs between looks at the stop flag */
	PATIENCE = 1000, /* µs for a probe that says "wait" until a time that has passed */
};

/* An ask that waits or is in flight. */
struct item {
	struct item *next, *before;
	struct ask ask;
	bool flying;
	uint64_t sent;
};

/* The asks that wait for one server, in a ring of all servers. */
struct queue {
	struct table_node node;
	struct addr server;
	struct item *first, **end;
	struct queue *next;
	bool active;
};

struct pump {
	const struct drive *d;
	struct probe *root;
	struct arena *arena;
	struct table queues;
	struct queue *latest;		    /* that was looked for: mostly it is looked for again */
	struct queue *active, **active_end; /* queues that are not empty */
	size_t waiting;
	struct item *in_flight; /* newest first */
	struct item *spare;
	/* When the clock was last read: for many packets at once, which come and go in batches. */
	uint64_t now;
	uint64_t wake; /* of the probe */
	uint64_t pace; /* when the pace allows the next ask */
	uint64_t next_tick;
	bool done;
};

static void read_clock(struct pump *pump)
{
	pump->now = wire_now(pump->d->wire);
}

/* An item is of one ask after the other: this is how to tell them. */
static bool same_ask(const struct ask *a, const struct ask *b)
{
	return a->owner == b->owner && a->tag == b->tag && a->role == b->role &&
	       a->source.port == b->source.port && addr_equal(&a->server, &b->server);
}

static struct item *item_new(struct pump *pump, const struct ask *ask)
{
	struct item *i = pump->spare;

	if (i)
		pump->spare = i->next;
	else
		i = arena_alloc(pump->arena, sizeof(*i));
	i->ask = *ask;
	i->ask.carrier = i;
	i->next = NULL;
	i->sent = 0;
	i->flying = false;
	return i;
}

static void item_free(struct pump *pump, struct item *i)
{
	i->next = pump->spare;
	pump->spare = i;
}

/* Facts first: the owner gets what is kept. */
static void deliver(struct pump *pump, const struct observation *o)
{
	const struct observation *kept = pump->d->facts ? facts_add(pump->d->facts, o) : o;

	if (pump->d->seen)
		pump->d->seen(pump->d->user, kept);
	if (o->ask.owner)
		probe_reply(o->ask.owner, kept, pump->now);
}

static void give_back(struct pump *pump, const struct item *i, enum why why)
{
	struct observation o = { .ask = i->ask,
		.outcome = OUTCOME_NOT_SENT,
		.why = (uint8_t)why,
		.sent = i->sent,
		.done = pump->now };

	deliver(pump, &o);
}

/* Waiting asks. */

static struct queue *queue_of(struct pump *pump, const struct addr *server)
{
	struct table_node *n;
	struct queue *q = pump->latest;
	uint64_t hash;

	if (q && addr_equal(&q->server, server))
		return q;
	hash = table_hash_addr(server);
	n = table_first(&pump->queues, hash);
	while (n && !addr_equal(&((struct queue *)n)->server, server))
		n = table_next(n);
	if (n)
		return pump->latest = (struct queue *)n;
	q = arena_alloc(pump->arena, sizeof(*q));
	q->server = *server;
	q->end = &q->first;
	table_add(&pump->queues, &q->node, hash);
	return pump->latest = q;
}

static void activate(struct pump *pump, struct queue *q)
{
	q->active = true;
	q->next = NULL;
	*pump->active_end = q;
	pump->active_end = &q->next;
}

static void enqueue(struct pump *pump, const struct ask *ask)
{
	struct queue *q = queue_of(pump, &ask->server);
	struct item *i = item_new(pump, ask);

	*q->end = i;
	q->end = &i->next;
	pump->waiting++;
	if (!q->active)
		activate(pump, q);
}

static struct item *dequeue(struct pump *pump, struct queue *q)
{
	struct item *i = q->first;

	q->first = i->next;
	if (!q->first)
		q->end = &q->first;
	pump->waiting--;
	return i;
}

/* Asks in flight. */

static void board(struct pump *pump, struct item *i)
{
	i->before = NULL;
	i->next = pump->in_flight;
	if (i->next)
		i->next->before = i;
	pump->in_flight = i;
	i->flying = true;
}

/* False for an observation that is not the one of an ask in flight. */
static bool leave(struct pump *pump, const struct ask *ask, uint64_t *ret_left)
{
	struct item *i = ask->carrier;

	if (!i || !i->flying || !same_ask(&i->ask, ask))
		return false;
	i->flying = false;
	*ret_left = i->sent;
	*(i->before ? &i->before->next : &pump->in_flight) = i->next;
	if (i->next)
		i->next->before = i->before;
	item_free(pump, i);
	return true;
}

static void launch(struct pump *pump, struct item *i)
{
	const struct drive *d = pump->d;

	/* Before it is sent: what cannot be sent is over by then. */
	i->sent = pump->now;
	board(pump, i);
	d->wire->ops->send(d->wire, &i->ask);
	if (!d->pace)
		return;
	/* It may have taken a while; or it is yet to leave, with others in one batch. */
	read_clock(pump);
	i->sent = pump->now;
	pace_sent(d->pace, &i->ask, pump->now);
}

/* Sends what the pace lets one server have; true when that was anything. */
static bool pump_queue(struct pump *pump, struct queue *q)
{
	const struct drive *d = pump->d;
	bool any = false;

	while (q->first && d->wire->ops->room(d->wire) > 0) {
		uint64_t now = pump->now, when = now;
		bool spent = false;

		if (d->pace)
			when = pace_when(d->pace, &q->server, now, &spent);
		if (spent) {
			struct item *i = dequeue(pump, q);

			give_back(pump, i, WHY_BUDGET);
			item_free(pump, i);
			any = true;
			continue;
		}
		if (when > now) {
			pump->pace = when < pump->pace ? when : pump->pace;
			break;
		}
		launch(pump, dequeue(pump, q));
		any = true;
	}
	return any;
}

/* One round over the servers; who was served goes behind all others, so that room is shared. */
static void pump_queues(struct pump *pump)
{
	struct queue *q = pump->active, *served = NULL, **served_end = &served;

	pump->active = NULL;
	pump->active_end = &pump->active;
	pump->pace = UINT64_MAX;
	while (q) {
		struct queue *next = q->next;
		bool any = pump_queue(pump, q);

		q->active = false;
		if (q->first && !any) {
			activate(pump, q);
		} else if (q->first) {
			q->active = true;
			q->next = NULL;
			*served_end = q;
			served_end = &q->next;
		}
		q = next;
	}
	*pump->active_end = served;
	if (served)
		pump->active_end = served_end;
}

/* Fetches asks as long as few wait; true when there was any. */
static bool fetch(struct pump *pump)
{
	size_t most = WAITING_EACH * (pump->queues.n ? pump->queues.n : 1);
	bool any = false;

	pump->wake = PROBE_NO_WAKE;
	while (!pump->done && pump->waiting < (most < WAITING_MOST ? most : WAITING_MOST)) {
		uint64_t now = pump->now, wake = PROBE_NO_WAKE;
		struct ask ask = { 0 };
		enum want want = probe_want(pump->root, now, &ask, &wake);

		if (want == WANT_ASK) {
			enqueue(pump, &ask);
			any = true;
			continue;
		}
		pump->done = want == WANT_DONE;
		if (want == WANT_WAIT)
			pump->wake = wake > now + PATIENCE ? wake : now + PATIENCE;
		break;
	}
	return any;
}

static void tick(struct pump *pump)
{
	const struct drive *d = pump->d;
	uint64_t now = pump->now;

	if (!d->tick || now < pump->next_tick)
		return;
	pump->next_tick = now + d->tick_every;
	d->tick(d->user, pump->root, now);
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static void take(struct pump *pump, const struct observation *o)
{
	const struct drive *d = pump->d;
	struct pace_times t;

	/* What could not be sent after all is over later than what came in. */
	if (o->done > pump->now)
		pump->now = o->done;
	t.left = o->sent;
	if (o->outcome != OUTCOME_LATE && o->outcome != OUTCOME_STRAY &&
		!leave(pump, &o->ask, &t.left))
		return;
	t.now = pump->now;
	if (d->pace)
		pace_seen(d->pace, o, t);
	deliver(pump, o);
}

/* Waits for something to happen; all observations that are there are taken at once. */
static void wait(struct pump *pump)
{
	const struct drive *d = pump->d;
	uint64_t now = pump->now, until = earlier(pump->wake, pump->pace);
	struct observation o;

	/* Our own invariant: a probe that waits for nothing would wait for ever. */
	assert(until != UINT64_MAX || pump->in_flight || pump->waiting || pump->done);
	if (d->deadline)
		until = earlier(until, d->deadline);
	if (d->stop)
		until = earlier(until, now + POLL);
	if (d->tick)
		until = earlier(until, pump->next_tick > now ? pump->next_tick : now);
	if (!d->wire->ops->next(d->wire, until, &o))
		return;
	read_clock(pump);
	take(pump, &o);
	while (d->wire->ops->next(d->wire, pump->now, &o))
		take(pump, &o);
}

static bool must_stop(const struct pump *pump)
{
	const struct drive *d = pump->d;

	return (d->stop && *d->stop) || (d->deadline && pump->now >= d->deadline);
}

static void give_all_back(struct pump *pump)
{
	for (struct item *i = pump->in_flight; i; i = i->next)
		give_back(pump, i, WHY_STOPPED);
	for (const struct queue *q = pump->active; q; q = q->next)
		for (const struct item *i = q->first; i; i = i->next)
			give_back(pump, i, WHY_STOPPED);
}

int drive_run(const struct drive *d, struct probe *p)
{
	struct arena *arena = arena_new();
	struct pump pump = { .d = d, .root = p, .arena = arena, .queues = { .arena = arena } };
	int rc = 0;

	pump.active_end = &pump.active;
	read_clock(&pump);
	probe_begin(p, pump.now);
	for (;;) {
		bool any;

		read_clock(&pump);
		if (must_stop(&pump)) {
			give_all_back(&pump);
			rc = -ERR_LIMIT;
			break;
		}
		any = fetch(&pump);
		pump_queues(&pump);
		tick(&pump);
		if (any && d->wire->ops->room(d->wire) > 0 && !pump.waiting)
			continue;
		if (pump.done && !pump.waiting && !pump.in_flight)
			break;
		wait(&pump);
	}
	arena_free(arena);
	return rc;
}
