/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recognises rate limiting of replies, and when it bit. */
#include "infer/limit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "dns/rr.h"
#include "infer/limit_inner.h"
#include "infer/newports.h"
#include "infer/shapes.h"

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

static bool is_role(const struct limit_work *w, enum role r)
{
	if (w->shapes)
		return r == ROLE_SHAPE || r == ROLE_SHAPE_STEADY || r == ROLE_SHAPE_KNOCK ||
		       r == ROLE_SHAPE_CONTROL;
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

static bool same_row(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static uint8_t about_of(struct limit_work *w, const struct limit_about *of)
{
	for (size_t i = 0; i < w->nabout; i++) {
		const struct limit_about *have = &w->about[i];

		if (have->question->type == of->question->type && have->dnssec == of->dnssec &&
			name_equal(have->question->name, of->question->name) &&
			same_row(have->row, of->row))
			return (uint8_t)i;
	}
	if (w->nabout == LIMIT_QUESTIONS)
		return LIMIT_QUESTIONS;
	w->about[w->nabout] = *of;
	return (uint8_t)w->nabout++;
}

/* What the reply to one shape is says nothing of another, but how large the answer is does. */
static void find_about(struct limit_work *w, struct limit_event *e, const struct ask *ask)
{
	struct limit_about of = { .question = &ask->question, .row = w->shapes ? ask->row : NULL };

	e->question = e->alike = about_of(w, &of);
	if (!w->shapes)
		return;
	of.row = "";
	of.dnssec = ask->shape.edns && (ask->shape.edns_flags & EDNS_DO);
	e->alike = about_of(w, &of);
}

static enum limit_sign sign_of(const struct observation *o)
{
	if (observation_badcookie(o))
		return LIMIT_BADCOOKIE;
	if (o->msg->rcode == RCODE_REFUSED)
		return LIMIT_REFUSED;
	return o->msg->flags & FLAG_TC ? LIMIT_TRUNCATION : LIMIT_NO_SIGN;
}

static void count_reply(struct limit_about *a, const struct limit_event *e, uint32_t size)
{
	a->whole += e->kind == LIMIT_KIND_WHOLE;
	a->half_whole += e->kind == LIMIT_KIND_WHOLE && e->cookie == 1;
	a->small |= e->kind == LIMIT_KIND_WHOLE && size > 0 && size <= SMALL;
	if (e->kind != LIMIT_KIND_SIGN)
		return;
	a->truncated += e->sign == LIMIT_TRUNCATION;
	a->refused += e->sign == LIMIT_REFUSED;
	a->bad += e->sign == LIMIT_BADCOOKIE && e->cookie == 1;
}

/* Pairs may be torn for another reason, and odd queries dropped for what they are. */
static bool is_peculiar(const struct ask *ask)
{
	const struct shape_row *row = ask->row ? shape_find_row(ask->row) : NULL;

	return row && (row->odd || row->way == WAY_PAIR || row->way == WAY_TWO_PORTS);
}

static bool is_within(const struct limit_windows *all, uint64_t sent)
{
	if (!all)
		return false;
	vec_each (const struct limit_window, x, *all)
		if (sent >= x->from && sent <= x->to)
			return true;
	return false;
}

/* An error to one shape is small, and says nothing of how large the answer to another is. */
static bool has_answer(const struct observation *o)
{
	return o->msg && o->msg->rcode == RCODE_NOERROR && o->msg->counts[MSG_ANSWER];
}

static void add(struct limit_work *w, size_t index)
{
	const struct observation *o = w->facts->v[index];
	struct limit_event e = { .sent = o->sent, .index = index, .port = o->ask.source.port };

	if (!o->sent || o->ask.transport != TRANSPORT_UDP || !is_role(w, o->ask.role) ||
		!o->ask.question.name || o->outcome == OUTCOME_STRAY ||
		!addr_equal(&o->ask.server, w->server) || is_within(w->without, o->sent) ||
		newports_is(&o->ask))
		return;
	e.kind = LIMIT_KIND_OTHER;
	e.cookie = cookie_of(&o->ask.shape);
	find_about(w, &e, &o->ask);
	w->shook |= o->ask.role == ROLE_COOKIE;
	if (o->outcome == OUTCOME_LATE) {
		e.kind = LIMIT_KIND_LATE;
	} else if (observation_silent(o)) {
		e.kind = o->ask.role == ROLE_COOKIE ? LIMIT_KIND_OTHER : LIMIT_KIND_LOST;
	} else if (observation_answered(o)) {
		e.sign = (uint8_t)sign_of(o);
		e.kind = e.sign == LIMIT_NO_SIGN ? LIMIT_KIND_WHOLE : LIMIT_KIND_SIGN;
	}
	if (w->shapes && is_peculiar(&o->ask))
		e.kind = LIMIT_KIND_OTHER;
	if (e.kind == LIMIT_KIND_LATE || e.kind == LIMIT_KIND_WHOLE || e.kind == LIMIT_KIND_SIGN)
		portset_add(&w->open, e.port);
	if (e.question < LIMIT_QUESTIONS)
		count_reply(&w->about[e.question], &e, o->size);
	if (e.alike < LIMIT_QUESTIONS && e.alike != e.question && has_answer(o))
		count_reply(&w->about[e.alike], &e, o->size);
	vec_push(w->arena, &w->events, e);
}

static int by_time(const void *a, const void *b)
{
	const struct limit_event *x = a, *y = b;

	if (x->sent != y->sent)
		return x->sent < y->sent ? -1 : 1;
	return (x->index > y->index) - (x->index < y->index);
}

/* It came from a port, or in a shape, that was answered some time. */
static bool can_be_answered(const struct limit_work *w, const struct limit_event *e)
{
	if (!w->shapes)
		return portset_has(&w->open, e->port);
	return e->question < LIMIT_QUESTIONS && w->about[e->question].whole;
}

/* A late reply is no loss; what comes of a port that never answered may be the port's. */
static void settle(struct limit_work *w)
{
	struct limit_event *v = w->events.v;

	for (size_t i = 0; i < w->events.n; i++) {
		if (v[i].kind == LIMIT_KIND_LOST && !can_be_answered(w, &v[i]))
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
	/* Shapes are many, and each is asked but a few times. */
	const uint32_t least = w->shapes ? 1 : WHOLE_LEAST;
	uint32_t fast, truncated = 0;
	bool small;

	vec_each (const struct limit_event, e, w->events)
		truncated += e->kind == LIMIT_KIND_SIGN && e->sign == LIMIT_TRUNCATION &&
			     e->alike < LIMIT_QUESTIONS && w->about[e->alike].small &&
			     w->about[e->alike].whole >= least;
	small = truncated >= SIGNS_LEAST;
	/* Long answers may be cut by one of several servers behind the address. */
	if (!small && w->shapes)
		return false;
	if (!small) {
		l->error = limit_follows_rate(w, LIMIT_TRUNCATION, &fast);
		if (l->error > alpha)
			return false;
	}
	vec_each (struct limit_event, e, w->events)
		if (e->kind == LIMIT_KIND_SIGN &&
			(e->sign != LIMIT_TRUNCATION || e->alike == LIMIT_QUESTIONS ||
				w->about[e->alike].whole < least ||
				(small && !w->about[e->alike].small)))
			e->kind = LIMIT_KIND_OTHER;
	return true;
}

static bool by_badcookie(struct limit_work *w, struct limit *l)
{
	uint32_t bad = 0, whole = 0;

	(void)l;
	for (size_t i = 0; i < w->nabout; i++) {
		bad += w->about[i].half_whole ? w->about[i].bad : 0;
		whole += w->about[i].bad ? w->about[i].half_whole : 0;
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
	if (l->error > alpha || limit_episodes(w, fast) < 2 ||
		(!w->shapes && limit_depends_on_port(w, fast)))
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

/* Scratch and subject are the caller's. */
static void run(struct arena *a, struct limit_work *w, struct limit *ret)
{
	const struct facts *f = w->facts;
	static bool (*const judges[])(struct limit_work *, struct limit *) = {
		[LIMIT_NO_SIGN] = NULL,
		[LIMIT_TRUNCATION] = by_truncation,
		[LIMIT_BADCOOKIE] = by_badcookie,
		[LIMIT_REFUSED] = by_refusal,
		[LIMIT_LOSS] = by_loss,
	};

	size_t n = 0;

	*ret = (struct limit){ .limiting = false };
	for (size_t i = 0; i < f->n; i++)
		n += addr_equal(&f->v[i]->ask.server, w->server);
	vec_expect(w->arena, &w->events, n);
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
}

void limit_judge(
	struct arena *a, const struct facts *f, const struct addr *server, struct limit *ret)
{
	struct arena *scratch = arena_new();
	struct limit_work *w = arena_alloc(scratch, sizeof(*w));

	*w = (struct limit_work){ .arena = scratch, .facts = f, .server = server };
	run(a, w, ret);
	arena_free(scratch);
}

void limit_judge_shapes(struct arena *a, const struct facts *f, const struct addr *server,
	const struct limit_windows *without, struct limit *ret)
{
	struct arena *scratch = arena_new();
	struct limit_work *w = arena_alloc(scratch, sizeof(*w));

	*w = (struct limit_work){
		.arena = scratch, .facts = f, .server = server, .shapes = true, .without = without
	};
	run(a, w, ret);
	arena_free(scratch);
}

bool limit_voids(const struct limit *l, uint64_t sent)
{
	return is_within(&l->windows, sent);
}

bool limit_voids_reply(const struct limit *l, const struct observation *o)
{
	return l->limiting && o->msg && o->ask.transport == TRANSPORT_UDP &&
	       sign_of(o) == l->sign && l->sign != LIMIT_NO_SIGN && limit_voids(l, o->sent);
}
