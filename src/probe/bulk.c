/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Many look-ups at once. */
#include "probe/bulk.h"

#include "base/err.h"
#include "dns/msg.h"
#include "dns/rr.h"

enum {
	LATER = 20000, /* µs until the source of questions is looked at again */
	PLACE = 32,    /* bits of a tag that say which slot; those above: which of its look-ups */
};

struct slot {
	struct slot *next; /* among the free ones, or those that are to be asked again */
	struct question question;
	struct addr server;
	size_t turn;	 /* which server it is at */
	uint32_t serial; /* of the look-up among those of the slot */
	uint64_t began, late;
	uint32_t tries; /* of this transport… */
	uint32_t asked; /* … and in all */
	bool tcp;
	struct name name; /* last: of its octets few count */
};

/* First in, first out. */
struct queue {
	struct slot *first, **end;
};

struct bulk {
	struct probe probe;
	struct bulk_conf conf;
	struct slot *slots, *spare;
	struct queue again, tcp; /* to be asked again; over TCP, when there is room */
	size_t made, busy, turn;
	size_t connections;
	bool ended;
	struct bulk_totals totals;
};

static struct bulk *bulk(struct probe *p)
{
	return (struct bulk *)p;
}

static struct slot *slot_new(struct bulk *b)
{
	struct slot *s = b->spare;

	if (s)
		b->spare = s->next;
	else if (b->made < b->conf.most)
		s = &b->slots[b->made++];
	return s;
}

static void slot_free(struct bulk *b, struct slot *s)
{
	s->next = b->spare;
	b->spare = s;
	b->busy--;
	b->totals.done++;
}

static struct ask ask_of(struct bulk *b, struct slot *s)
{
	s->tries++;
	s->asked++;
	b->totals.asked++;
	return (struct ask){
		.owner = &b->probe,
		.tag = (uint64_t)s->serial << PLACE | (uint64_t)(s - b->slots),
		.server = s->server,
		.source = b->conf.source,
		.transport = s->tcp ? TRANSPORT_TCP : TRANSPORT_UDP,
		.timeout = b->conf.timeout,
		.question = s->question,
		.shape = b->conf.shape,
	};
}

/* A look-up that begins; NULL: there is none, or no room. */
static struct slot *begin(struct bulk *b, uint64_t now, enum bulk_more *ret_more)
{
	struct question q = { 0 };
	struct slot *s;

	*ret_more = BULK_LATER;
	if (b->busy == b->conf.most)
		return NULL;
	*ret_more = b->ended ? BULK_END : b->conf.more(b->conf.user, &q);
	b->ended = *ret_more == BULK_END;
	if (*ret_more != BULK_ONE)
		return NULL;
	s = slot_new(b);
	name_set(&s->name, q.name);
	s->question = (struct question){ &s->name, q.type, q.class };
	s->began = now;
	s->turn = b->turn++;
	s->serial++;
	s->late = 0;
	s->tries = s->asked = 0;
	s->tcp = false;
	s->server = b->conf.servers[s->turn % b->conf.nservers];
	b->busy++;
	b->totals.begun++;
	return s;
}

static void enqueue(struct queue *q, struct slot *s)
{
	s->next = NULL;
	*q->end = s;
	q->end = &s->next;
}

static struct slot *dequeue(struct queue *q)
{
	struct slot *s = q->first;

	if (!s)
		return NULL;
	q->first = s->next;
	if (!q->first)
		q->end = &q->first;
	return s;
}

static void ask_again(struct bulk *b, struct slot *s)
{
	enqueue(s->tcp ? &b->tcp : &b->again, s);
}

/* Connections need a descriptor each, of which there may be few. */
static struct slot *next(struct bulk *b)
{
	struct slot *s = b->connections < BULK_CONNECTIONS ? dequeue(&b->tcp) : NULL;

	b->connections += s != NULL;
	return s ? s : dequeue(&b->again);
}

static enum want want(struct probe *p, uint64_t now, struct ask *ret_ask, uint64_t *ret_wake)
{
	struct bulk *b = bulk(p);
	struct slot *s;
	enum bulk_more more;

	s = next(b);
	if (!s)
		s = begin(b, now, &more);
	if (s) {
		*ret_ask = ask_of(b, s);
		return WANT_ASK;
	}
	if (!b->busy && more == BULK_END)
		return WANT_DONE;
	*ret_wake = more == BULK_LATER && b->busy < b->conf.most ? now + LATER : PROBE_NO_WAKE;
	return WANT_WAIT;
}

static bool is_truncated(const struct observation *o)
{
	return o->outcome == OUTCOME_ANSWERED && o->ask.transport == TRANSPORT_UDP &&
	       (o->msg->flags & FLAG_TC);
}

/* Nothing that another try could not better; a budget or the user's stop ends all tries. */
static bool is_worth_another(
	const struct bulk *b, const struct slot *s, const struct observation *o)
{
	if (o->outcome == OUTCOME_ANSWERED || s->tries >= b->conf.tries)
		return false;
	return o->outcome != OUTCOME_NOT_SENT || b->conf.nservers > 1;
}

/* The slot may be another look-up's by now. */
static void reply_late(struct slot *s, const struct observation *o)
{
	if (s->serial == o->ask.tag >> PLACE)
		s->late = o->done - o->sent;
}

static void reply(struct probe *p, const struct observation *o, uint64_t now)
{
	struct bulk *b = bulk(p);
	struct slot *s = &b->slots[(uint32_t)o->ask.tag];

	(void)now;
	if (o->outcome == OUTCOME_LATE)
		reply_late(s, o);
	if (o->outcome == OUTCOME_LATE || o->outcome == OUTCOME_STRAY)
		return;
	/* It may have waited for the pace. */
	if (s->asked == 1 && o->sent)
		s->began = o->sent;
	b->connections -= s->tcp;
	/* The user's stop is no result: the look-up is as if it had not begun. */
	if (o->outcome == OUTCOME_NOT_SENT && o->why == WHY_STOPPED)
		return;
	if (is_truncated(o)) {
		s->tcp = true;
		s->tries = 0;
		ask_again(b, s);
		return;
	}
	if (is_worth_another(b, s, o)) {
		s->server = b->conf.servers[++s->turn % b->conf.nservers];
		ask_again(b, s);
		return;
	}
	b->totals.failed += o->outcome != OUTCOME_ANSWERED;
	b->conf.done(b->conf.user, &(struct bulk_result){
					   .question = &s->question,
					   .last = o,
					   .tries = s->asked,
					   .began = s->began,
					   .late = s->late,
					   .truncated = s->tcp,
				   });
	slot_free(b, s);
}

static void progress(const struct probe *p, struct progress *ret)
{
	const struct bulk *b = (const struct bulk *)p;

	*ret = (struct progress){ .phase = "names",
		.asked = (size_t)b->totals.asked,
		.found = (size_t)b->totals.failed };
}

struct bulk *bulk_new(struct arena *a, const struct bulk_conf *conf)
{
	static const struct probe_ops ops = { .want = want, .reply = reply, .progress = progress };
	struct bulk *b = arena_alloc(a, sizeof(*b));

	b->probe.ops = &ops;
	b->conf = *conf;
	b->slots = arena_alloc(a, conf->most * sizeof(*b->slots));
	b->again.end = &b->again.first;
	b->tcp.end = &b->tcp.first;
	return b;
}

struct probe *bulk_probe(struct bulk *b)
{
	return &b->probe;
}

struct bulk_totals bulk_totals(const struct bulk *b)
{
	return b->totals;
}
