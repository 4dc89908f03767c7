/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A filter that lets a query through now and then, or a server that answers one with an error now
 * and then, looks at a single ask like one that does not. So what the search rests on is asked
 * again in the end.
 */
#include "base/stats.h"
#include "infer/isolate_inner.h"

enum {
	REPLIES = 2,   /* of a set that is not to fail */
	SOUND = 4,     /* of the failing query, when it does not fail */
	ERRORS = 3,    /* of one that is to fail by an error */
	COMPARED = 12, /* asks of each of two queries whose losses are compared */
};

static const double UNLIKELY = 0.01; /* that losses so different are of one path */

static uint32_t asks_of(const struct isolate_trial *t)
{
	return t->silences + t->replies;
}

/*
 * So many asks, if it can be asked again: over TCP from a fixed port it often cannot, because the
 * connection before is in TIME_WAIT (RFC 9293 3.6.1). What is known has to do then.
 */
static bool wants(const struct isolate_trial *t, uint32_t asks)
{
	return asks_of(t) < asks && !t->unsent;
}

static bool unsteady(struct isolate *s)
{
	isolate_end(s, ISOLATE_UNTOLD, ISOLATE_UNSTEADY);
	return false;
}

/* As often answered as the working query; that is asked as often, when there is anything lost. */
static bool loses_like_control(struct isolate *s, uint64_t set)
{
	const struct isolate_trial t = *isolate_trial_of(s, set);
	const struct isolate_trial control = *isolate_trial_of(s, 0);

	if (!t.silences)
		return true;
	if (wants(&t, COMPARED) || asks_of(&control) < COMPARED) {
		isolate_ask_for(s, wants(&t, asks_of(&control)) ? set : 0);
		return false;
	}
	/* More than the control: less is no fault of the query. */
	return (uint64_t)t.silences * asks_of(&control) <=
		       (uint64_t)control.silences * asks_of(&t) ||
	       stats_fisher(t.silences, t.replies, control.silences, control.replies) >= UNLIKELY ||
	       unsteady(s);
}

bool isolate_sure_sound(struct isolate *s)
{
	uint64_t all = factor_all(&s->pair);
	const struct isolate_trial *t = isolate_trial_of(s, all);

	if (isolate_alike(s, t))
		return unsteady(s);
	if (t->replies < SOUND && wants(t, COMPARED)) {
		isolate_ask_for(s, all);
		return false;
	}
	return loses_like_control(s, all);
}

/* A set that was answered and is to be answered again. */
static bool answers(struct isolate *s, uint64_t set)
{
	const struct isolate_trial *t = isolate_trial_of(s, set);

	if (isolate_alike(s, t) && t->works)
		return unsteady(s);
	/* Silent, where the failure is an error: another failure, which says nothing here. */
	if (!t->replies)
		return true;
	if (t->replies < REPLIES && wants(t, COMPARED)) {
		isolate_ask_for(s, set);
		return false;
	}
	return loses_like_control(s, t->set);
}

bool isolate_sure_set(struct isolate *s, uint64_t set)
{
	uint64_t closed = factor_closure(&s->pair, set);
	const struct isolate_trial *with = isolate_trial_of(s, closed);
	uint32_t errors = isolate_alike(s, with);

	if (errors && errors < ERRORS && !with->unsent) {
		isolate_ask_for(s, closed);
		return false;
	}
	if (!answers(s, closed & ~set))
		return false;
	for (size_t i = 0; i < s->pair.n; i++) {
		uint64_t less = set & ~factor_bit(i);

		if (less != set && less && !answers(s, factor_closure(&s->pair, less)))
			return false;
	}
	return true;
}
