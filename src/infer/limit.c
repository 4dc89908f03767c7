/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recognises rate limiting of replies, and when it bit. */
#include "infer/limit.h"

#include <math.h>
#include <stdlib.h>

#include "base/err.h"
#include "dns/rr.h"
#include "infer/limit_inner.h"

enum {
	SIGNS_LEAST = 2,   /* one odd reply is none */
	WHOLE_LEAST = 2,   /* replies that a question must have had */
	EXEMPT_LEAST = 16, /* replies to asks with a cookie, none of them limited */
	EVIDENCE_MOST = 16,
	CLIENT_COOKIE = 8, /* RFC 7873 4 */
	SMALL = 512,	   /* RFC 1035 2.3.4: no server truncates what is not longer */
	APART = 3000000,   /* µs between signs of two windows */
	REACH = 1000000,   /* µs around a sign in which the limit bites */
};

/* Chance of a wrong finding from what follows the rate. */
static const double alpha = 1e-4;

static const char *const slugs[] = {
	[LIMIT_NO_SIGN] = "none",
	[LIMIT_TRUNCATION] = "truncation",
	[LIMIT_BADCOOKIE] = "badcookie",
	[LIMIT_REFUSED] = "refused",
	[LIMIT_LOSS] = "loss",
};

_Static_assert(ARRAY_LEN(slugs) == LIMIT_SIGNS, "a slug for every sign");

const char *limit_sign_slug(enum limit_sign s)
{
	return s < LIMIT_SIGNS ? slugs[s] : "unknown";
}

/* Reading the facts. */

static bool is_role(enum role r)
{
	return r == ROLE_SWEEP || r == ROLE_STEADY || r == ROLE_PLACE || r == ROLE_PLACE_STEADY ||
	       r == ROLE_COOKIE;
}

static uint8_t cookie_of(const struct shape *s)
{
	const struct shape_option *cookie = shape_find(s, EDNS_COOKIE);

	if (!cookie)
		return 0;
	return cookie->length > CLIENT_COOKIE ? 2 : 1;
}

static uint8_t about_of(struct limit_work *w, const struct question *q)
{
	for (size_t i = 0; i < w->nabout; i++)
		if (w->about[i].question->type == q->type &&
			name_equal(w->about[i].question->name, q->name))
			return (uint8_t)i;
	if (w->nabout == LIMIT_QUESTIONS)
		return LIMIT_QUESTIONS;
	w->about[w->nabout].question = q;
	return (uint8_t)w->nabout++;
}

static enum limit_sign sign_of(const struct observation *o)
{
	if (observation_badcookie(o))
		return LIMIT_BADCOOKIE;
	if (o->msg->rcode == RCODE_REFUSED)
		return LIMIT_REFUSED;
	return o->msg->flags & FLAG_TC ? LIMIT_TRUNCATION : LIMIT_NO_SIGN;
}

static void count_reply(
	struct limit_work *w, const struct limit_event *e, const struct observation *o)
{
	struct limit_about *a = &w->about[e->question];

	if (e->question == LIMIT_QUESTIONS)
		return;
	a->whole += e->kind == LIMIT_KIND_WHOLE;
	a->half_whole += e->kind == LIMIT_KIND_WHOLE && e->cookie == 1;
	a->small |= e->kind == LIMIT_KIND_WHOLE && o->size > 0 && o->size <= SMALL;
	if (e->kind != LIMIT_KIND_SIGN)
		return;
	a->truncated += e->sign == LIMIT_TRUNCATION;
	a->refused += e->sign == LIMIT_REFUSED;
	a->bad += e->sign == LIMIT_BADCOOKIE && e->cookie == 1;
}

static void add(struct limit_work *w, size_t index)
{
	const struct observation *o = w->facts->v[index];
	struct limit_event e = { .sent = o->sent, .index = index, .port = o->ask.source.port };

	if (!o->sent || o->ask.transport != TRANSPORT_UDP || !is_role(o->ask.role) ||
		!o->ask.question.name || o->outcome == OUTCOME_STRAY ||
		!addr_equal(&o->ask.server, w->server))
		return;
	e.kind = LIMIT_KIND_OTHER;
	e.cookie = cookie_of(&o->ask.shape);
	e.question = about_of(w, &o->ask.question);
	w->shook |= o->ask.role == ROLE_COOKIE;
	if (o->outcome == OUTCOME_LATE) {
		e.kind = LIMIT_KIND_LATE;
	} else if (observation_silent(o)) {
		e.kind = o->ask.role == ROLE_COOKIE ? LIMIT_KIND_OTHER : LIMIT_KIND_LOST;
	} else if (observation_answered(o)) {
		e.sign = (uint8_t)sign_of(o);
		e.kind = e.sign == LIMIT_NO_SIGN ? LIMIT_KIND_WHOLE : LIMIT_KIND_SIGN;
	}
	if (e.kind == LIMIT_KIND_LATE || e.kind == LIMIT_KIND_WHOLE || e.kind == LIMIT_KIND_SIGN)
		portset_add(&w->open, e.port);
	count_reply(w, &e, o);
	vec_push(w->arena, &w->events, e);
}

static int by_time(const void *a, const void *b)
{
	const struct limit_event *x = a, *y = b;

	if (x->sent != y->sent)
		return x->sent < y->sent ? -1 : 1;
	return (x->index > y->index) - (x->index < y->index);
}

/* A late reply is no loss; what comes of a port that never answered may be the port's. */
static void settle(struct limit_work *w)
{
	struct limit_event *v = w->events.v;

	for (size_t i = 0; i < w->events.n; i++) {
		if (v[i].kind == LIMIT_KIND_LOST && !portset_has(&w->open, v[i].port))
			v[i].kind = LIMIT_KIND_OTHER;
		if (v[i].kind != LIMIT_KIND_LATE)
			continue;
		for (size_t j = i; j-- > 0 && v[j].sent == v[i].sent;)
			if (v[j].port == v[i].port && v[j].kind == LIMIT_KIND_LOST)
				v[j].kind = LIMIT_KIND_OTHER;
	}
}

/* Counts the asks of the second up to each, and the whole replies among them. */
static void measure(struct limit_work *w)
{
	size_t first = 0;
	uint32_t asks = 0, whole = 0;

	vec_each (struct limit_event, e, w->events) {
		const struct limit_event *f = &w->events.v[first];

		asks += e->kind != LIMIT_KIND_LATE;
		whole += e->kind == LIMIT_KIND_WHOLE;
		for (; f->sent + LIMIT_SECOND <= e->sent; f = &w->events.v[++first]) {
			asks -= f->kind != LIMIT_KIND_LATE;
			whole -= f->kind == LIMIT_KIND_WHOLE;
		}
		e->load = asks;
		e->answered = whole;
	}
}

/* The verdict. */

/* Marks the events that are signs and tells whether there are enough. */
static bool by_truncation(struct limit_work *w, struct limit *l)
{
	uint32_t fast, truncated = 0;
	bool small;

	for (size_t i = 0; i < w->nabout; i++)
		if (w->about[i].small && w->about[i].whole >= WHOLE_LEAST)
			truncated += w->about[i].truncated;
	small = truncated >= SIGNS_LEAST;
	/* Long answers may be cut by one of several servers behind the address. */
	if (!small) {
		l->error = limit_follows_rate(w, LIMIT_TRUNCATION, &fast);
		if (l->error > alpha)
			return false;
	}
	vec_each (struct limit_event, e, w->events)
		if (e->kind == LIMIT_KIND_SIGN &&
			(e->sign != LIMIT_TRUNCATION || e->question == LIMIT_QUESTIONS ||
				w->about[e->question].whole < WHOLE_LEAST ||
				(small && !w->about[e->question].small)))
			e->kind = LIMIT_KIND_OTHER;
	return true;
}

static bool by_badcookie(struct limit_work *w, struct limit *l)
{
	uint32_t bad = 0, whole = 0;

	(void)l;
	for (size_t i = 0; i < w->nabout; i++) {
		bad += w->about[i].bad;
		whole += w->about[i].half_whole;
	}
	if (bad < SIGNS_LEAST || whole < WHOLE_LEAST)
		return false;
	vec_each (struct limit_event, e, w->events)
		if (e->kind == LIMIT_KIND_SIGN && (e->sign != LIMIT_BADCOOKIE || e->cookie != 1))
			e->kind = LIMIT_KIND_OTHER;
	return true;
}

static bool by_refusal(struct limit_work *w, struct limit *l)
{
	uint32_t refused = 0, whole = 0, fast;

	for (size_t i = 0; i < w->nabout; i++) {
		refused += w->about[i].refused;
		whole += w->about[i].refused ? w->about[i].whole : 0;
	}
	if (refused < SIGNS_LEAST || whole < WHOLE_LEAST)
		return false;
	l->error = limit_follows_rate(w, LIMIT_REFUSED, &fast);
	if (l->error > alpha)
		return false;
	vec_each (struct limit_event, e, w->events)
		if (e->kind == LIMIT_KIND_SIGN && e->sign != LIMIT_REFUSED)
			e->kind = LIMIT_KIND_OTHER;
	return true;
}

static bool by_loss(struct limit_work *w, struct limit *l)
{
	uint32_t fast = 0;
	size_t lost = 0;

	l->error = limit_follows_rate(w, LIMIT_LOSS, &fast);
	if (l->error > alpha || limit_episodes(w, fast) < 2 || limit_depends_on_port(w, fast))
		return false;
	vec_each (struct limit_event, e, w->events) {
		if (e->kind == LIMIT_KIND_LOST && e->load >= fast) {
			e->kind = LIMIT_KIND_SIGN;
			e->sign = LIMIT_LOSS;
			lost++;
		} else if (e->kind == LIMIT_KIND_SIGN) {
			e->kind = LIMIT_KIND_OTHER;
		}
	}
	return lost >= LIMIT_LOST_LEAST;
}

static double median_answered(const struct limit_work *w, size_t n)
{
	uint32_t *v = arena_alloc(w->arena, (n + 1) * sizeof(*v));
	size_t i = 0;

	vec_each (const struct limit_event, e, w->events)
		if (e->kind == LIMIT_KIND_SIGN)
			v[i++] = e->answered;
	qsort(v, n, sizeof(*v), limit_by_size);
	return n ? v[n / 2] : 0;
}

/* Whole replies a second in the windows. */
static double in_windows(const struct limit_work *w, const struct limit *l)
{
	uint64_t time = 0, whole = 0;

	vec_each (const struct limit_window, x, l->windows)
		time += x->to - x->from;
	vec_each (const struct limit_event, e, w->events)
		whole += e->kind == LIMIT_KIND_WHOLE && limit_voids(l, e->sent);
	return time ? (double)whole * LIMIT_SECOND / (double)time : 0;
}

/* Windows, evidence and numbers, from the signs. */
static void collect(struct arena *a, const struct limit_work *w, struct limit *l)
{
	uint64_t last = 0;

	vec_each (const struct limit_event, e, w->events) {
		if (e->kind != LIMIT_KIND_SIGN)
			continue;
		if (!l->signs++)
			l->onset = e->sent - w->events.v[0].sent;
		if (l->evidence.n < EVIDENCE_MOST)
			vec_push(a, &l->evidence, e->index);
		if (!l->windows.n || e->sent > last + APART)
			vec_push(a, &l->windows,
				(struct limit_window){ e->sent > REACH ? e->sent - REACH : 0, 0 });
		last = e->sent;
		l->windows.v[l->windows.n - 1].to = last + REACH;
	}
	l->rate = fmax(median_answered(w, l->signs), in_windows(w, l));
}

static enum limit_cookie judge_cookie(const struct limit_work *w, const struct limit *l)
{
	unsigned int with = 0, without = 0, whole = 0;
	bool sent = false;

	vec_each (const struct limit_event, e, w->events) {
		sent |= e->cookie == 2 && e->kind != LIMIT_KIND_OTHER;
		with += e->cookie == 2 && e->kind == LIMIT_KIND_SIGN;
		without += e->cookie != 2 && e->kind == LIMIT_KIND_SIGN;
		whole += e->cookie == 2 && e->kind == LIMIT_KIND_WHOLE;
	}
	if (!sent)
		return w->shook ? LIMIT_COOKIE_NONE : LIMIT_COOKIE_UNASKED;
	return l->limiting && without && !with && whole >= EXEMPT_LEAST ? LIMIT_COOKIE_EXEMPT
									: LIMIT_COOKIE_SENT;
}

void limit_judge(
	struct arena *a, const struct facts *f, const struct addr *server, struct limit *ret)
{
	static bool (*const judges[])(struct limit_work *, struct limit *) = {
		[LIMIT_NO_SIGN] = NULL,
		[LIMIT_TRUNCATION] = by_truncation,
		[LIMIT_BADCOOKIE] = by_badcookie,
		[LIMIT_REFUSED] = by_refusal,
		[LIMIT_LOSS] = by_loss,
	};
	struct arena *scratch = arena_new();
	struct limit_work *w = arena_alloc(scratch, sizeof(*w));

	*ret = (struct limit){ .limiting = false };
	*w = (struct limit_work){ .arena = scratch, .facts = f, .server = server };
	for (size_t i = 0; i < f->n; i++)
		add(w, i);
	if (w->events.n)
		qsort(w->events.v, w->events.n, sizeof(*w->events.v), by_time);
	settle(w);
	measure(w);
	for (enum limit_sign s = 1; s < LIMIT_SIGNS && !ret->limiting; s++) {
		ret->error = 0;
		ret->limiting = judges[s](w, ret);
		ret->sign = ret->limiting ? s : LIMIT_NO_SIGN;
	}
	vec_each (const struct limit_event, e, w->events)
		ret->whole += e->kind == LIMIT_KIND_WHOLE;
	ret->cookie = judge_cookie(w, ret);
	if (ret->limiting)
		collect(a, w, ret);
	else
		ret->error = 0;
	arena_free(scratch);
}

bool limit_voids(const struct limit *l, uint64_t sent)
{
	vec_each (const struct limit_window, w, l->windows)
		if (sent >= w->from && sent <= w->to)
			return true;
	return false;
}
