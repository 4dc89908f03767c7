/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The search. What is known of each set of factors is kept; the search itself is run anew after
 * each observation, until it needs a set of which too little is known: that is what is asked next.
 * So a set that was held for silent and is answered in the end changes all that was built on it.
 */
#include "infer/isolate_inner.h"

#include <string.h>

#include "base/stats.h"
#include "dns/rr.h"
#include "infer/shapes.h"

enum {
	TRIALS_MOST = 600,
	UNSENT_MOST = 3,
	CONTROL_EVERY = 3, /* silences between two asks of the working query */
	WEAK_LEAST = 3,	   /* silences of a set that is only on the way */
	WEAK_MOST = 8,
	EXTRA = 2,
	EXTRA_MOST = 8,
	BROKEN_MOST = 8,	       /* silences of the working query in a row */
	FAILURE_COST = WEAK_LEAST + 1, /* asks that a set takes that fails; one that works: 1 */
};

/* Chance that loss alone lets a set on the way look dropped; the end is looked at harder. */
static const double WEAK = 0.001;

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

/* What should have been answered and was, in the end, shows the loss. */
static void loss_of(const struct isolate *s, uint32_t *ret_lost, uint32_t *ret_sent)
{
	*ret_lost = *ret_sent = 0;
	vec_each (const struct isolate_trial, t, s->trials) {
		uint32_t replies = t->alike + t->works + t->other;

		if (!replies && t->set)
			continue;
		*ret_lost += t->silences;
		*ret_sent += t->silences + replies;
	}
}

static uint32_t weak_silences(const struct isolate *s)
{
	uint32_t lost, sent, n;
	double loss;

	loss_of(s, &lost, &sent);
	loss = (lost + 0.5) / (sent + 1.0);
	n = stats_silences(loss, WEAK);
	n = n < WEAK_LEAST ? WEAK_LEAST : n > WEAK_MOST ? WEAK_MOST : n;
	return n + s->extra;
}

static uint32_t strong_silences(const struct isolate *s)
{
	uint32_t lost, sent;

	loss_of(s, &lost, &sent);
	return shape_silences(lost, sent, s->trials.n);
}

enum state { UNKNOWN, FAILS, WORKS, OTHERWISE };

static enum state state_of(
	const struct isolate *s, const struct isolate_trial *t, uint32_t silences)
{
	if (t->works)
		return WORKS;
	if (t->alike)
		return FAILS;
	if (t->other)
		return OTHERWISE;
	if (t->silences < silences)
		return UNKNOWN;
	return s->kind == ISOLATE_SILENT ? FAILS : OTHERWISE;
}

void isolate_ask_for(struct isolate *s, uint64_t set)
{
	s->needs = true;
	s->need = set;
}

/* True with *ret_fails when it is known; else it is what is needed. */
static bool fails(struct isolate *s, uint64_t set, bool *ret_fails)
{
	struct isolate_trial *t = isolate_trial_of(s, factor_closure(&s->pair, set));
	enum state state = state_of(s, t, weak_silences(s));

	if (state == UNKNOWN) {
		isolate_ask_for(s, t->set);
		return false;
	}
	*ret_fails = state == FAILS;
	return true;
}

static uint64_t prefix(size_t n)
{
	return factor_bit(n) - 1;
}

/*
 * How many asks it takes at worst to find one of n places, when those before it work and cost one
 * ask, and those from it on fail and cost more: best[n], and where to look first: at[n].
 */
struct costs {
	uint32_t best[FACTORS_MOST + 2], at[FACTORS_MOST + 2];
};

static void costs_add(struct costs *c, uint32_t n)
{
	c->best[n] = UINT32_MAX;
	for (uint32_t m = 1; m < n; m++) {
		uint32_t works = 1 + c->best[n - m], drops = FAILURE_COST + c->best[m];
		uint32_t worst = works > drops ? works : drops;

		if (worst >= c->best[n])
			continue;
		c->best[n] = worst;
		c->at[n] = m;
	}
}

static void costs_fill(struct costs *c, size_t most)
{
	c->best[0] = c->best[1] = c->at[0] = c->at[1] = 0;
	for (uint32_t n = 2; n <= most; n++)
		costs_add(c, n);
}

/*
 * The least p in low … high for which base and the first p factors fail; that high does is known.
 * False: more is to be asked.
 */
static bool least_prefix(struct isolate *s, uint64_t base, size_t low, size_t *high)
{
	struct costs c;

	costs_fill(&c, *high - low + 1);
	while (low < *high) {
		size_t at = low + c.at[*high - low + 1] - 1;
		bool f;

		if (!fails(s, base | prefix(at), &f))
			return false;
		if (f)
			*high = at;
		else
			low = at + 1;
	}
	return true;
}

/* One of them that is not needed is taken out: *ret_more, there was one. */
static bool trim_one(struct isolate *s, uint64_t *set, bool *ret_more)
{
	*ret_more = false;
	for (size_t i = 0; i < s->pair.n && !*ret_more; i++) {
		if (!(*set & factor_bit(i)) || *set == factor_bit(i))
			continue;
		if (!fails(s, *set & ~factor_bit(i), ret_more))
			return false;
		if (*ret_more)
			*set &= ~factor_bit(i);
	}
	return true;
}

/*
 * Without one of them it does not fail. What was needed may not be any more when another is out:
 * so from the beginning again.
 */
static bool trim(struct isolate *s, uint64_t *set)
{
	bool more = true;

	while (more)
		if (!trim_one(s, set, &more))
			return false;
	return true;
}

/* A single factor that will do: *ret_set, 0 when none does. */
static bool single(struct isolate *s, uint64_t *ret_set)
{
	*ret_set = 0;
	for (size_t i = 0; i < s->pair.n && !*ret_set; i++) {
		bool f;

		if (!fails(s, factor_bit(i), &f))
			return false;
		if (f)
			*ret_set = factor_bit(i);
	}
	return true;
}

/* Several factors that do it together: the last one that is needed, then the last before it. */
static bool several(struct isolate *s, uint64_t *ret_set)
{
	size_t high = s->pair.n, low = 2;
	uint64_t set = 0;
	bool f = false;

	while (high) {
		if (!least_prefix(s, set, low, &high))
			return false;
		if (high)
			set |= factor_bit(high - 1);
		high = high ? high - 1 : 0;
		low = 1;
		if (!fails(s, set, &f))
			return false;
		if (f)
			break;
	}
	*ret_set = set;
	return true;
}

void isolate_end(struct isolate *s, enum isolate_verdict v, enum isolate_doubt d)
{
	s->verdict = (uint8_t)v;
	s->doubt = (uint8_t)d;
}

/* Both queries as they were given; false: more is to be asked, or it is over. */
static bool given(struct isolate *s)
{
	bool f = false;

	if (!isolate_trial_of(s, 0)->works) {
		isolate_ask_for(s, 0);
		return false;
	}
	if (!fails(s, factor_all(&s->pair), &f))
		return false;
	if (!f && isolate_sure_sound(s))
		isolate_end(s, ISOLATE_SOUND, ISOLATE_SURE);
	return f;
}

/*
 * It fails beyond doubt, the server is still there, and without it there is a reply. What does not
 * fail was reached by a silence that was loss: silences must be more, then.
 */
static void confirm(struct isolate *s, uint64_t set)
{
	uint64_t closed = factor_closure(&s->pair, set);
	const struct isolate_trial *without = isolate_trial_of(s, closed & ~set);
	bool replied = without->works || without->other;
	const struct isolate_trial *t = isolate_trial_of(s, closed);
	enum state state = state_of(s, t, strong_silences(s));

	if (state == UNKNOWN) {
		isolate_ask_for(s, t->set);
	} else if (state != FAILS || !replied) {
		s->extra += EXTRA;
		if (s->extra > EXTRA_MOST)
			isolate_end(s, ISOLATE_UNTOLD, ISOLATE_UNSTEADY);
	} else if (!isolate_sure_set(s, set)) {
		return;
	} else if (s->since_control) {
		isolate_ask_for(s, 0);
	} else {
		s->found = set;
		isolate_end(s, ISOLATE_FOUND, ISOLATE_SURE);
	}
}

static bool is_broken(const struct isolate *s)
{
	return s->broken >= BROKEN_MOST || s->broken >= strong_silences(s);
}

/* One run of the search: it ends, or needs something, or has to be run with more silences. */
static void search(struct isolate *s)
{
	uint64_t set;

	s->needs = false;
	if (is_broken(s)) {
		isolate_end(s, ISOLATE_UNTOLD, ISOLATE_BROKEN);
		return;
	}
	if (s->since_control >= CONTROL_EVERY || s->broken) {
		isolate_ask_for(s, 0);
		return;
	}
	if (!given(s) || !single(s, &set) || (!set && !several(s, &set)) || !trim(s, &set))
		return;
	confirm(s, set);
}

enum isolate_verdict isolate_next(struct isolate *s, struct ask *ret)
{
	if (s->verdict == ISOLATE_SEARCHING && s->asked >= TRIALS_MOST)
		isolate_end(s, ISOLATE_UNTOLD, ISOLATE_UNSTEADY);
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

/* RCODEs with which a server does what it was asked (RFC 1035 4.1.1). */
static bool is_answer(uint16_t rcode)
{
	return rcode == RCODE_NOERROR || rcode == RCODE_NXDOMAIN;
}

static enum isolate_kind kind_of(const struct observation *o, uint16_t *ret_code)
{
	static const uint8_t kinds[OUTCOMES] = {
		[OUTCOME_MALFORMED] = ISOLATE_MALFORMED,
		[OUTCOME_REFUSED] = ISOLATE_REFUSED,
		[OUTCOME_RESET] = ISOLATE_RESET,
		[OUTCOME_ICMP] = ISOLATE_ICMP,
		[OUTCOME_CONNECTED] = ISOLATE_WORKS,
	};

	*ret_code = 0;
	if (observation_answered(o)) {
		*ret_code = o->msg->rcode;
		return is_answer(o->msg->rcode) ? ISOLATE_WORKS : ISOLATE_RCODE;
	}
	if (o->outcome == OUTCOME_ICMP)
		*ret_code = (uint16_t)(o->icmp.type << 8 | o->icmp.code);
	return o->outcome < OUTCOMES ? kinds[o->outcome] : ISOLATE_SILENT;
}

/* The first reply to the failing query says how it fails; of the same kind are the others. */
static void take_reply(
	struct isolate *s, struct isolate_trial *t, const struct observation *o, size_t index)
{
	uint16_t code;
	enum isolate_kind kind = kind_of(o, &code);
	bool whole = t->set == factor_all(&s->pair);

	t->reply_index = index;
	if (kind == ISOLATE_WORKS) {
		t->works++;
	} else if (whole && !s->kind_known) {
		s->kind_known = true;
		s->kind = (uint8_t)kind;
		s->code = code;
		t->alike++;
	} else if (s->kind_known && s->kind == kind && s->code == code) {
		t->alike++;
	} else {
		t->other++;
	}
}

static void take_control(struct isolate *s, struct isolate_trial *t, bool silent)
{
	if (silent) {
		s->broken++;
	} else if (!t->works) {
		isolate_end(s, ISOLATE_UNTOLD, ISOLATE_BROKEN); /* it answers, but with an error */
	} else {
		s->broken = 0;
		s->since_control = 0;
	}
}

/* A set that was answered before may do with that. */
static void take_unsent(struct isolate *s, struct isolate_trial *t, enum why why)
{
	bool answered = t->alike || t->works || t->other;

	if (!why_is_port(why) || (++t->unsent >= UNSENT_MOST && !answered))
		isolate_end(s, ISOLATE_UNTOLD, ISOLATE_UNSENT);
}

void isolate_stop(struct isolate *s, enum isolate_doubt d)
{
	isolate_end(s, ISOLATE_UNTOLD, d);
}

void isolate_tell(struct isolate *s, const struct observation *o, size_t index)
{
	struct isolate_trial *t;
	uint64_t set;

	if (s->verdict != ISOLATE_SEARCHING)
		return;
	if (factor_set_of(s->arena, &s->pair, &o->ask, &set) < 0) {
		isolate_stop(s, ISOLATE_CUT);
		return;
	}
	t = isolate_trial_of(s, set);
	s->asked++;
	if (o->outcome == OUTCOME_NOT_SENT) {
		take_unsent(s, t, (enum why)o->why);
		return;
	}
	if (observation_silent(o)) {
		t->silences++;
		t->silent_index = index;
		s->since_control += t->set != 0;
	} else {
		take_reply(s, t, o, index);
	}
	if (!t->set)
		take_control(s, t, observation_silent(o));
}

void isolate_late(struct isolate *s, const struct observation *o, size_t index)
{
	struct observation in_time = *o;
	struct isolate_trial *t;
	uint64_t set;

	if (!o->msg || factor_set_of(s->arena, &s->pair, &o->ask, &set) < 0)
		return;
	t = isolate_trial_of(s, set);
	if (!t->silences)
		return;
	/* What came too late was not dropped, and means what it would have meant in time. */
	in_time.outcome = msg_usable(o->msg) ? OUTCOME_ANSWERED : OUTCOME_MALFORMED;
	t->silences--;
	take_reply(s, t, &in_time, index);
	if (!set)
		take_control(s, t, false);
}

void isolate_result(struct isolate *s, struct isolate_result *ret)
{
	uint64_t closed = factor_closure(&s->pair, s->found), rest = closed & ~s->found;
	bool found = s->verdict == ISOLATE_FOUND;

	*ret = (struct isolate_result){ .verdict = s->verdict,
		.doubt = s->doubt,
		.kind = s->kind,
		.code = s->code,
		.pair = s->pair,
		.set = s->found,
		.trials = s->asked,
		.with_index = SIZE_MAX,
		.without_index = SIZE_MAX };
	if (s->verdict == ISOLATE_SEARCHING) {
		ret->verdict = ISOLATE_UNTOLD;
		ret->doubt = ISOLATE_CUT;
	}
	loss_of(s, &ret->lost, &ret->sent);
	if (!found)
		closed = factor_all(&s->pair);
	ret->with = factor_ask(s->arena, &s->pair, closed);
	ret->without = factor_ask(s->arena, &s->pair, found ? rest : 0);
	vec_each (const struct isolate_trial, t, s->trials) {
		if (t->set == closed) {
			ret->failures = t->silences + t->alike;
			ret->with_index = t->alike ? t->reply_index : t->silent_index;
		} else if (t->set == (found ? rest : 0)) {
			ret->replies = t->works + t->other;
			ret->without_index = t->reply_index;
		}
	}
}
