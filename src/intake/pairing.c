/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Queries, and which reply belongs to which; packets come by way of pairing_packet.c. */
#include "intake/pairing.h"

#include <stdlib.h>

#include "base/err.h"
#include "dns/rr.h"
#include "intake/pairing_heard.h"
#include "intake/whose.h"

enum {
	HEADER = 12,	       /* RFC 1035 4.1.1 */
	DNSTAP_LATE = 2000000, /* µs that what its threads tell may be apart: fstrm 0.6 hands on
				  each second, or when its queue is full */
};

struct pairing *pairing_new(struct arena *a, const struct pairing_filter *f)
{
	struct pairing *p = arena_alloc(a, sizeof(*p));

	p->arena = a;
	p->scratch = arena_new();
	p->filter = *f;
	p->ws = (struct waiting){
		.arena = a,
		.most = f->waiting_most ? f->waiting_most : PAIRING_WAITING_MOST,
		.seen_most = f->sightings_most ? f->sightings_most : PAIRING_SIGHTINGS_MOST,
		.late = f->source == SIGHT_DNSTAP ? DNSTAP_LATE : 0,
	};
	waiting_init(&p->ws);
	return p;
}

void pairing_free(struct pairing *p)
{
	if (p)
		arena_free(p->scratch);
}

size_t pairing_count(const struct pairing *p)
{
	return p->ws.seen.n;
}

struct pairing_report *pairing_report(struct pairing *p)
{
	struct pairing_tally *t = &p->report.tally;

	t->queries = p->ws.seen.n;
	t->evicted = p->ws.evicted;
	t->over = p->ws.over;
	return &p->report;
}

bool pairing_is_ours(const struct pairing *p, const struct addr *from)
{
	if (!p->filter.nresolvers)
		return true;
	for (size_t i = 0; i < p->filter.nresolvers; i++) {
		struct addr a = p->filter.resolvers[i];

		a.scope = from->scope; /* captures tell none */
		if (addr_same_host(&a, from))
			return true;
	}
	return false;
}

/* One copy of a name for many that are the same to the letter. */
static const struct name *keep_name(struct pairing *p, const struct name *n)
{
	const struct name **kept;
	uint32_t hash = 2166136261U; /* FNV-1a */

	for (size_t i = 0; i < n->len; i++)
		hash = (hash ^ n->wire[i]) * 16777619U;
	kept = &p->names[hash % PAIRING_NAMES];
	if (!*kept || !name_same_case(*kept, n))
		*kept = name_keep(p->arena, n);
	return *kept;
}

bool pairing_same_ends(const struct sighting *s, const struct heard *h)
{
	return s->transport == h->transport && addr_equal(&s->server, &h->server) &&
	       addr_equal(&s->from, &h->from);
}

/* The message can be about the sighting's question: what it does not say is no obstacle. */
static bool is_about(const struct sighting *s, const struct heard *h)
{
	const struct question *q = h->msg->questions;

	if (!s->question.name)
		return false;
	if (!h->msg->nquestions || !q->name->len)
		return !h->msg->counts[MSG_QUESTION] || h->cut;
	return q->type == s->question.type && q->class == s->question.class &&
	       name_equal(q->name, s->question.name);
}

static bool fits(const struct pairing *p, const struct sighting *s, const struct heard *h)
{
	if (s->id != h->msg->id || s->at > h->at || !is_about(s, h))
		return false;
	if (p->filter.source == SIGHT_CAPTURE)
		return pairing_same_ends(s, h);
	return s->transport == h->transport && addr_equal(&s->server, &h->server);
}

/* The latest query that fits, of those without a reply first; NULL: none. */
static struct wait *find(const struct pairing *p, const struct heard *h)
{
	struct wait *w = waiting_chain(&p->ws, &h->server, h->msg->id), *answered = NULL;

	for (int i = 0; w && i < PAIRING_STEPS; i++, w = waiting_after(&p->ws, w)) {
		const struct sighting *s = waiting_sighting(&p->ws, w);

		if (!fits(p, s, h))
			continue;
		if (s->end != SIGHT_ANSWERED)
			return w;
		answered = answered ? answered : w;
	}
	return answered;
}

struct wait *pairing_find_open(const struct pairing *p, const struct heard *h)
{
	struct wait *w = waiting_chain(&p->ws, &h->server, 0);

	for (int i = 0; w && i < PAIRING_STEPS; i++, w = waiting_after(&p->ws, w))
		if (w->open && pairing_same_ends(waiting_sighting(&p->ws, w), h))
			return w;
	return NULL;
}

struct wait *pairing_add(struct pairing *p, const struct heard *h)
{
	return waiting_add(&p->ws, &(struct sighting){ .source = (uint8_t)p->filter.source,
					   .transport = h->transport,
					   .from = h->from,
					   .server = h->server,
					   .at = h->at });
}

/* Says which message the sighting is of. */
static void describe(struct pairing *p, struct wait *w, const struct msg *m)
{
	struct sighting *s = waiting_sighting(&p->ws, w);

	s->flags = m->flags;
	s->question = m->questions[0];
	s->question.name = keep_name(p, m->questions[0].name);
	s->edns = m->edns.present;
	s->edns_size = m->edns.size;
	w->open = w->touched = false;
	waiting_identify(&p->ws, w, m->id);
}

static bool is_copy(const struct pairing *p, const struct wait *w, const struct heard *h)
{
	const struct sighting *s = waiting_sighting(&p->ws, w);

	if (p->filter.source != SIGHT_CAPTURE || h->at < s->at)
		return false;
	/* The kernel, not the resolver, sends a segment again. */
	return h->transport == TRANSPORT_TCP || h->at - s->at < PAIRING_COPY;
}

static void take_query(struct pairing *p, const struct heard *h)
{
	const struct msg *m = h->msg;
	struct wait *w;

	if (m->opcode != OPCODE_QUERY || !m->nquestions || !m->questions[0].name->len)
		return;
	w = find(p, h);
	if (w && is_copy(p, w, h)) {
		p->report.tally.copies++;
		return;
	}
	w = h->transport == TRANSPORT_TCP ? pairing_find_open(p, h) : NULL;
	if (!w)
		w = pairing_add(p, h);
	if (w)
		describe(p, w, m);
}

static void take_reply(struct pairing *p, const struct heard *h)
{
	struct wait *w = find(p, h);
	struct sighting *s = w ? waiting_sighting(&p->ws, w) : NULL;

	if (!s || waiting_over(s, h->at)) {
		p->report.tally.strays++;
		return;
	}
	if (s->end == SIGHT_ANSWERED) {
		p->report.tally.copies++;
		return;
	}
	p->report.tally.replies++;
	s->end = SIGHT_ANSWERED;
	s->rcode = h->msg->rcode;
	/* 0 would say that there was no reply. */
	s->rtt = h->at > s->at ? (uint32_t)(h->at - s->at) : 1;
}

void pairing_hear(struct pairing *p, struct heard *h, struct span message)
{
	if (message.n < HEADER)
		return;
	arena_reset(p->scratch);
	h->msg = msg_read(p->scratch, message);
	if (h->msg->flags & FLAG_QR)
		take_reply(p, h);
	else
		take_query(p, h);
}

void pairing_event(struct pairing *p, const struct pairing_event *e)
{
	struct heard h = { e->from, e->server, e->at, e->transport, false, NULL };

	waiting_advance(&p->ws, e->at);
	/* Who tells of a reply has one. */
	if (e->message.n < HEADER || !!(e->message.p[2] & 0x80) != e->reply)
		p->report.tally.unread++;
	else
		pairing_hear(p, &h, e->message);
}

/* Sightings by time: captures of several interfaces are not quite in order. */
struct order {
	uint64_t at;
	uint32_t sighting;
};

static int by_time(const void *a, const void *b)
{
	const struct order *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return x->sighting < y->sighting ? -1 : x->sighting > y->sighting;
}

static void deliver(struct pairing *p, struct facts *f)
{
	size_t all = p->ws.seen.n, n = 0;
	struct order *v = arena_alloc(p->scratch, all * sizeof(*v));

	for (size_t i = 0; i < all; i++)
		if (p->filter.source != SIGHT_CAPTURE || pairing_is_ours(p, &p->ws.seen.v[i].from))
			v[n++] = (struct order){ p->ws.seen.v[i].at, (uint32_t)i };
	p->report.tally.foreign = all - n;
	qsort(v, n, sizeof(*v), by_time);
	for (size_t i = 0; i < n; i++)
		vec_push(f->arena, &f->sightings, p->ws.seen.v[v[i].sighting]);
}

void pairing_end(struct pairing *p, uint64_t at, struct facts *f)
{
	waiting_advance(&p->ws, at);
	waiting_end(&p->ws);
	arena_reset(p->scratch);
	if (p->filter.source == SIGHT_CAPTURE && !p->filter.nresolvers) {
		p->report.nresolvers =
			whose_resolver(p->scratch, p->ws.seen.v, p->ws.seen.n, p->report.resolvers);
		p->filter.resolvers = p->report.resolvers;
		p->filter.nresolvers = p->report.nresolvers;
	}
	deliver(p, f);
}
