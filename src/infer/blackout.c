/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recognises blackouts, and whether queries bring them about. */
#include "infer/blackout.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "infer/newports.h"

enum {
	SILENCES = 12,	/* over UDP, knocks among them… */
	ANSWERABLE = 8, /* … and so many of what is answered at other times */
	SLACK = 16,	/* asks that were on the way when it began, and some more */
	OTHERS = 4,	/* silent knocks at other operators' servers that are no loss */
	/*
	 * Silence to UDP alone may be a server that limits its replies and lets nothing pass until
	 * what came too fast is made good: 15 s with BIND.
	 */
	UDP_LEAST = 20000000,
	SHORTER_KNOCKS = 2, /* silent, that leave it open what it was */
};

static const char *const slugs[] = {
	[BLACKOUT_NONE] = "none",
	[BLACKOUT_REPEATED] = "repeated",
	[BLACKOUT_ONCE] = "once",
	[BLACKOUT_PASSED] = "passed",
	[BLACKOUT_LASTING] = "lasting",
};

const char *blackout_slug(enum blackout_verdict v)
{
	return (size_t)v < ARRAY_LEN(slugs) ? slugs[v] : "unknown";
}

uint32_t blackout_again(uint32_t n)
{
	return 2 * n + SLACK;
}

struct event {
	uint64_t sent;
	size_t index;
	bool heard, late, udp, shape, knock;
};

struct work {
	struct arena *arena;
	const struct facts *facts;
	const struct addr *server;
	struct VEC(struct event) events;	 /* by time */
	struct VEC(const struct ask *) answered; /* one of each shape that was, some time */
};

static bool is_shape(enum role r)
{
	return r == ROLE_SHAPE || r == ROLE_SHAPE_STEADY || r == ROLE_SHAPE_KNOCK;
}

static bool same_shape(const struct ask *a, const struct ask *b)
{
	return a->row && b->row && strcmp(a->row, b->row) == 0 &&
	       a->question.type == b->question.type &&
	       name_equal(a->question.name, b->question.name);
}

static bool is_answerable(const struct work *w, const struct ask *ask)
{
	if (ask->role == ROLE_SHAPE_STEADY || ask->role == ROLE_SHAPE_KNOCK)
		return true;
	vec_each (const struct ask *, a, w->answered)
		if (same_shape(*a, ask))
			return true;
	return false;
}

static void add(struct work *w, size_t i)
{
	const struct observation *o = w->facts->v[i];
	struct event e = { .sent = o->sent, .index = i, .shape = is_shape(o->ask.role) };

	if (!o->sent || !addr_equal(&o->ask.server, w->server) || !o->ask.question.name ||
		o->outcome == OUTCOME_NOT_SENT || o->outcome == OUTCOME_STRAY)
		return;
	e.knock = o->ask.role == ROLE_SHAPE_KNOCK;
	e.udp = o->ask.transport == TRANSPORT_UDP;
	e.late = o->outcome == OUTCOME_LATE;
	e.heard = e.late || !observation_silent(o);
	/* New ports may find no room, while the server is there. */
	if (!e.heard && newports_is(&o->ask))
		return;
	vec_push(w->arena, &w->events, e);
	if (e.heard && e.shape && !is_answerable(w, &o->ask))
		vec_push(w->arena, &w->answered, &o->ask);
}

static int by_time(const void *a, const void *b)
{
	const struct event *x = a, *y = b;

	if (x->sent != y->sent)
		return x->sent < y->sent ? -1 : 1;
	return (x->index > y->index) - (x->index < y->index);
}

static bool qualifies(const struct blackout *b)
{
	uint64_t lasted = b->to - b->from;

	return b->silences >= SILENCES && b->answerable >= ANSWERABLE &&
	       b->knocks >= BLACKOUT_KNOCKS &&
	       lasted >= (b->tcp_heard ? UDP_LEAST : BLACKOUT_LEAST);
}

static void take_silence(const struct work *w, struct blackout *now, const struct event *e)
{
	const struct ask *ask = &w->facts->v[e->index]->ask;

	if (!now->from) {
		now->from = e->sent;
		now->first = e->index;
	}
	now->to = e->sent;
	now->last = e->index;
	now->silences++;
	now->answerable += is_answerable(w, ask);
	now->knocks += ask->role == ROLE_SHAPE_KNOCK;
}

static void keep(struct arena *a, struct blackouts *ret, const struct blackout *b)
{
	vec_push(a, &ret->v, *b);
	vec_push(a, &ret->windows, (struct limit_window){ b->from, b->to });
}

/* What a reply leaves behind: a blackout that is over, or a few losses. */
static void take_reply(
	struct work *w, struct blackouts *ret, struct blackout *now, const struct event *e)
{
	struct blackout begun = { 0 };

	if (now->from && qualifies(now)) {
		now->ended = true;
		now->after = e->index;
		keep(w->arena, ret, now);
	} else {
		begun.before = now->before + now->silences;
		begun.shorter = now->shorter + (now->knocks >= SHORTER_KNOCKS);
	}
	*now = begun;
}

/* *ret_tail: what came after the last one that ended, which is judged like what came before. */
static void find(struct work *w, struct blackouts *ret, struct blackout *ret_tail)
{
	struct blackout now = { 0 };

	vec_each (const struct event, e, w->events) {
		bool udp = e->udp && e->shape;

		if (udp && e->heard)
			take_reply(w, ret, &now, e);
		if (udp && !e->heard)
			take_silence(w, &now, e);
		if (!now.from) {
			now.before += !e->late;
		} else if (!e->udp && e->shape) {
			now.tcp_heard += e->heard && e->knock;
			now.tcp_silent += !e->heard;
			now.to = e->heard ? now.to : e->sent;
		}
	}
	if (now.from && qualifies(&now)) {
		keep(w->arena, ret, &now);
		now = (struct blackout){ 0 };
	}
	now.before += now.silences;
	*ret_tail = now;
}

static bool under_test(const struct facts *f, const struct addr *server)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->v[i]->ask.role == ROLE_SHAPE && addr_equal(&f->v[i]->ask.server, server))
			return true;
	return false;
}

static bool is_during(const struct blackouts *b, uint64_t sent)
{
	vec_each (const struct limit_window, x, b->windows)
		if (sent >= x->from && sent <= x->to)
			return true;
	return false;
}

static enum blackout_place place(const struct facts *f, struct blackouts *ret)
{
	bool alive = false;

	for (size_t i = 0; i < f->n; i++) {
		const struct observation *o = f->v[i];
		bool heard = !observation_silent(o);

		if (o->ask.role != ROLE_SHAPE_KNOCK || !o->sent || o->outcome == OUTCOME_NOT_SENT ||
			o->outcome == OUTCOME_STRAY || under_test(f, &o->ask.server))
			continue;
		if (!is_during(ret, o->sent)) {
			alive |= heard;
			continue;
		}
		ret->other = i;
		ret->others_heard += heard;
		ret->others_silent += !heard;
	}
	/* Some are lost, and the last one may leave when the guard has just forgotten. */
	if (ret->others_heard > ret->others_silent)
		return BLACKOUT_FAR;
	return alive && ret->others_silent >= OTHERS * (1 + ret->others_heard) ? BLACKOUT_NEAR
									       : BLACKOUT_UNTOLD;
}

/* tail: the asks after the last one that ended. */
static enum blackout_verdict verdict(const struct blackouts *b, const struct blackout *tail)
{
	const struct blackout *first = &b->v.v[0], *last = &b->v.v[b->v.n - 1];
	uint32_t enough = blackout_again(first->before);

	for (size_t i = 1; i < b->v.n; i++)
		if (b->v.v[i].before <= enough)
			return BLACKOUT_REPEATED;
	if (!last->ended)
		return b->v.n > 1 ? BLACKOUT_PASSED : BLACKOUT_LASTING;
	if (b->v.n > 1)
		return BLACKOUT_PASSED;
	if (tail->before >= enough && !tail->shorter)
		return BLACKOUT_PASSED;
	return BLACKOUT_ONCE;
}

void blackout_judge(
	struct arena *a, const struct facts *f, const struct addr *server, struct blackouts *ret)
{
	struct work w = { .arena = arena_new(), .facts = f, .server = server };
	struct blackouts found = { 0 };
	struct blackout tail = { 0 };

	*ret = (struct blackouts){ 0 };
	for (size_t i = 0; i < f->n; i++)
		add(&w, i);
	if (w.events.n)
		qsort(w.events.v, w.events.n, sizeof(*w.events.v), by_time);
	find(&w, &found, &tail);
	vec_each (const struct blackout, b, found.v)
		keep(a, ret, b);
	if (ret->v.n) {
		ret->verdict = verdict(ret, &tail);
		ret->place = place(f, ret);
	}
	arena_free(w.arena);
}
