/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The search. What is known of each set of factors is kept; the search itself is run anew after
 * each observation, until it needs a set of which too little is known: that is what is asked next.
 * So a set that was held for silent and is answered in the end changes all that was built on it.
 */
#include "infer/isolate_inner.h"

#include <string.h>

#include "infer/shapes.h"

enum {
	TRIALS_MOST = 600,
	MORE_MOST = 150,   /* asks for other causes, when one is found */
	CONTROL_EVERY = 3, /* silences between two asks of the working query */
	EXTRA = 2,
	EXTRA_MOST = 8,
	BROKEN_MOST = 8, /* silences of the working query in a row */
	TOPS_MOST = 64,	 /* queries in which one factor of each cause is left out */
};

struct isolate *isolate_begin(struct arena *a, const struct ask *fails, const struct ask *works)
{
	struct isolate *s = arena_alloc(a, sizeof(*s));

	*s = (struct isolate){ .arena = a };
	if (factor_pair_make(&s->pair, fails, works) < 0)
		s->doubt = ISOLATE_MANY;
	else if (!s->pair.n)
		s->doubt = ISOLATE_ALIKE;
	if (s->doubt)
		s->verdict = ISOLATE_UNTOLD;
	return s;
}

struct isolate_trial *isolate_trial_of(struct isolate *s, uint64_t set)
{
	vec_each (struct isolate_trial, t, s->trials)
		if (t->set == set)
			return t;
	vec_push(s->arena, &s->trials,
		(struct isolate_trial){
			.set = set, .silent_index = SIZE_MAX, .reply_index = SIZE_MAX });
	return &s->trials.v[s->trials.n - 1];
}

/* What should have been answered and was, in the end. */
void isolate_loss(const struct isolate *s, uint32_t *ret_lost, uint32_t *ret_sent)
{
	*ret_lost = *ret_sent = 0;
	vec_each (const struct isolate_trial, t, s->trials) {
		if (!t->replies && t->set)
			continue;
		*ret_lost += t->silences;
		*ret_sent += t->silences + t->replies;
	}
}

static uint32_t strong_silences(const struct isolate *s)
{
	uint32_t lost, sent;

	isolate_loss(s, &lost, &sent);
	return shape_silences(lost, sent, s->trials.n);
}

uint32_t isolate_alike(const struct isolate *s, const struct isolate_trial *t)
{
	for (size_t i = 0; i < ISOLATE_ERRORS; i++)
		if (t->errors[i].n && t->errors[i].how.kind == s->how.kind &&
			t->errors[i].how.code == s->how.code)
			return t->errors[i].n;
	return 0;
}

enum isolate_state isolate_state_of(
	const struct isolate *s, const struct isolate_trial *t, uint32_t silences)
{
	if (t->works)
		return ISOLATE_ANSWERED;
	if (isolate_alike(s, t))
		return ISOLATE_FAILS;
	if (t->replies)
		return ISOLATE_OTHERWISE;
	if (t->silences < silences)
		return ISOLATE_UNKNOWN;
	return s->how.kind == ISOLATE_SILENT ? ISOLATE_FAILS : ISOLATE_OTHERWISE;
}

void isolate_ask_for(struct isolate *s, uint64_t set)
{
	s->needs = true;
	s->need = set;
}

/* A reply may have come since it was shown. */
static bool still_sure(struct isolate *s, uint64_t set)
{
	return !isolate_trial_of(s, factor_closure(&s->pair, set))->works;
}

void isolate_end(struct isolate *s, enum isolate_verdict v, enum isolate_doubt d)
{
	s->verdict = (uint8_t)v;
	s->doubt = (uint8_t)d;
	s->more = ISOLATE_SURE;
	if (v != ISOLATE_UNTOLD)
		return;
	/* The run of the search did not come to its end: what was found by those before it. */
	s->ncauses = 0;
	vec_each (const uint64_t, set, s->sure)
		if (s->ncauses < ISOLATE_CAUSES && still_sure(s, *set))
			s->causes[s->ncauses++] = *set;
	if (!s->ncauses)
		return;
	s->verdict = ISOLATE_FOUND;
	s->doubt = ISOLATE_SURE;
	s->more = (uint8_t)d;
}

/* How that query fails, which all that is searched in it has to do, too. */
static void look_for(struct isolate *s, uint64_t top)
{
	const struct isolate_trial *t = isolate_trial_of(s, top);

	s->how = t->errors[0].n ? t->errors[0].how : (struct isolate_got){ .kind = ISOLATE_SILENT };
}

/* Both queries as they were given; false: more is to be asked, or it is over. */
static bool given(struct isolate *s)
{
	bool f = false;

	if (!isolate_trial_of(s, 0)->works) {
		isolate_ask_for(s, 0);
		return false;
	}
	look_for(s, factor_all(&s->pair));
	if (!isolate_fails(s, factor_all(&s->pair), &f))
		return false;
	if (!f && isolate_sure_sound(s))
		isolate_end(s, ISOLATE_SOUND, ISOLATE_SURE);
	return f;
}

static bool is_sure(const struct isolate *s, uint64_t set)
{
	vec_each (const uint64_t, known, s->sure)
		if (*known == set)
			return true;
	return false;
}

static void note_sure(struct isolate *s, uint64_t set)
{
	vec_push(s->arena, &s->sure, set);
	if (!s->first_at)
		s->first_at = s->asked;
}

/*
 * It fails beyond doubt, the server is still there, and without it there is a reply. What does not
 * fail was reached by a silence that was loss: silences must be more, then. False: more is to be
 * asked, or the search to be run again.
 */
static bool confirm(struct isolate *s, uint64_t set)
{
	uint64_t closed = factor_closure(&s->pair, set);
	bool replied = isolate_trial_of(s, closed & ~set)->replies > 0;
	const struct isolate_trial *t = isolate_trial_of(s, closed);
	enum isolate_state state = isolate_state_of(s, t, strong_silences(s));

	if (state == ISOLATE_UNKNOWN) {
		isolate_ask_for(s, t->set);
	} else if (state != ISOLATE_FAILS || !replied) {
		s->extra += EXTRA;
		if (s->extra > EXTRA_MOST)
			isolate_end(s, ISOLATE_UNTOLD, ISOLATE_UNSTEADY);
	} else if (is_sure(s, set)) {
		return true;
	} else if (!isolate_sure_set(s, set)) {
		return false;
	} else if (s->since_control) {
		isolate_ask_for(s, 0);
	} else {
		note_sure(s, set);
		return true;
	}
	return false;
}

/* One of the causes of this run that is a part of it; 0: none is. */
static uint64_t known_in(const struct isolate *s, uint64_t top)
{
	for (size_t i = 0; i < s->ncauses; i++)
		if ((s->causes[i] & ~top) == 0)
			return s->causes[i];
	return 0;
}

/* Another cause in a query that has none of those that are known: *ret_set, 0 when it is answered.
 */
static bool next_cause(struct isolate *s, uint64_t top, uint64_t *ret_set)
{
	bool f;

	*ret_set = 0;
	look_for(s, top);
	if (!isolate_fails(s, top, &f))
		return false;
	if (!f)
		return true;
	if (s->ncauses == ISOLATE_CAUSES) {
		s->more = ISOLATE_FULL;
		return true;
	}
	if (s->first_at && s->asked - s->first_at >= MORE_MOST) {
		isolate_end(s, ISOLATE_UNTOLD, ISOLATE_LONG);
		return false;
	}
	if (!isolate_hunt(s, top, ret_set) || !confirm(s, *ret_set))
		return false;
	s->causes[s->ncauses++] = *ret_set;
	return true;
}

/* The failing query without one factor of each cause, in all ways, is answered: else there is more.
 */
struct tops {
	uint64_t v[TOPS_MOST];
	size_t n;
};

static void tops_add(struct tops *t, uint64_t top)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->v[i] == top)
			return;
	if (t->n < TOPS_MOST)
		t->v[t->n++] = top;
}

/* All causes; false: more is to be asked, or it is over. */
static bool hunt_all(struct isolate *s)
{
	struct tops tops = { { factor_all(&s->pair) }, 1 };

	s->ncauses = 0;
	s->more = ISOLATE_SURE;
	for (size_t i = 0; i < tops.n; i++) {
		uint64_t set = known_in(s, tops.v[i]);

		if (!set && !next_cause(s, tops.v[i], &set))
			return false;
		for (size_t k = 0; k < s->pair.n; k++)
			if (set & factor_bit(k))
				tops_add(&tops, factor_without(&s->pair, tops.v[i], k));
	}
	if (tops.n == TOPS_MOST && !s->more)
		s->more = ISOLATE_LONG;
	return true;
}

static bool is_broken(const struct isolate *s)
{
	return s->broken >= BROKEN_MOST || s->broken >= strong_silences(s);
}

/* One run of the search: it ends, or needs something, or has to be run with more silences. */
static void search(struct isolate *s)
{
	enum isolate_doubt more;

	s->needs = false;
	if (is_broken(s)) {
		isolate_end(s, ISOLATE_UNTOLD, ISOLATE_BROKEN);
		return;
	}
	if (s->since_control >= CONTROL_EVERY || s->broken) {
		isolate_ask_for(s, 0);
		return;
	}
	if (!given(s) || !hunt_all(s))
		return;
	more = (enum isolate_doubt)s->more;
	isolate_end(s, ISOLATE_FOUND, ISOLATE_SURE);
	s->more = (uint8_t)more;
}

enum isolate_verdict isolate_next(struct isolate *s, struct ask *ret)
{
	if (s->verdict == ISOLATE_SEARCHING && s->asked >= TRIALS_MOST)
		isolate_end(s, ISOLATE_UNTOLD, ISOLATE_LONG);
	do {
		if (s->verdict == ISOLATE_SEARCHING)
			search(s);
	} while (s->verdict == ISOLATE_SEARCHING && !s->needs);
	if (s->verdict != ISOLATE_SEARCHING)
		return s->verdict;
	*ret = factor_ask(s->arena, &s->pair, s->need);
	ret->role = s->need ? ROLE_ISOLATE : ROLE_ISOLATE_STEADY;
	return ISOLATE_SEARCHING;
}

void isolate_stop(struct isolate *s, enum isolate_doubt d)
{
	isolate_end(s, ISOLATE_UNTOLD, d);
}

static void fill_cause(struct isolate *s, uint64_t set, struct isolate_cause *ret)
{
	uint64_t with = set ? factor_closure(&s->pair, set) : factor_all(&s->pair);
	uint64_t without = set ? with & ~set : 0;

	*ret = (struct isolate_cause){ .set = set,
		.how = { .kind = ISOLATE_SILENT },
		.with = factor_ask(s->arena, &s->pair, with),
		.without = factor_ask(s->arena, &s->pair, without),
		.with_index = SIZE_MAX,
		.without_index = SIZE_MAX };
	vec_each (const struct isolate_trial, t, s->trials) {
		if (t->set == with) {
			ret->failures = t->silences + t->replies - t->works;
			ret->with_index = t->replies ? t->reply_index : t->silent_index;
			if (t->replies)
				ret->how = t->got;
		} else if (t->set == without) {
			ret->replies = t->replies;
			ret->without_index = t->reply_index;
			ret->got = t->got;
		}
	}
}

void isolate_result(struct isolate *s, struct isolate_result *ret)
{
	if (s->verdict == ISOLATE_SEARCHING)
		isolate_end(s, ISOLATE_UNTOLD, ISOLATE_CUT);
	*ret = (struct isolate_result){ .verdict = s->verdict,
		.doubt = s->doubt,
		.more = s->more,
		.pair = s->pair,
		.ncauses = s->verdict == ISOLATE_FOUND ? s->ncauses : 0,
		.trials = s->asked };
	isolate_loss(s, &ret->lost, &ret->sent);
	fill_cause(s, 0, &ret->causes[0]);
	for (size_t i = 0; i < ret->ncauses; i++)
		fill_cause(s, s->causes[i], &ret->causes[i]);
}
