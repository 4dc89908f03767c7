/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A server that answered and is silent to everything: it is left alone, and asked a little after
 * growing pauses. What limits and blackouts swallowed is asked again.
 */
#include "base/err.h"
#include "infer/voids.h"
#include "probe/shapes_inner.h"

enum {
	SECOND = 1000000,
	SILENCES = 8,  /* in a row that raise an alarm… */
	STEADIES = 2,  /* … when so many of them are plain questions */
	ALARMS = 8,    /* that were none, after which no more are raised: the path is lossy */
	TOLD = 3,      /* silent pauses that make a blackout (BLACKOUT_KNOCKS) */
	BLACKOUTS = 2, /* that may be brought about: one, and one to see that it was no accident */
	WITNESSES = 2, /* asks to the other operator's server when all is well again */
	LOOK_EVERY = 32, /* asks between two looks for a limit */
	GAP_MOST = 2 * SECOND,
};

/* Of the rate that came through, to stay below a limit. */
static const double below = 0.5;

_Static_assert(2 * TOLD == BLACKOUT_KNOCKS, "what the probe waits for is what is judged");

static const uint64_t pauses[] = { SECOND, 2 * SECOND, 4 * SECOND, 8 * SECOND, 16 * SECOND,
	30 * SECOND, 60 * SECOND };

uint64_t shapes_hush_left(const struct shapes *s)
{
	uint64_t left = 0;
	size_t end = s->hush.blackouts ? TOLD : ARRAY_LEN(pauses);

	for (size_t i = s->hush.pauses; i < end && s->hush.at == HUSH_KNOCK; i++)
		left += pauses[i] + KNOCK_LEAST;
	return left;
}

/* It is heard again. */
static void come_back(struct shapes *s, uint64_t now)
{
	struct hush_state *h = &s->hush;

	if (h->pauses < TOLD) {
		h->alarms++;
	} else if (!h->blackouts++) {
		h->from = s->asked;
		h->back = true;
	}
	h->at = HUSH_NONE;
	h->pauses = 0;
	h->knocked = false;
	shapes_recount(s, now);
}

static void raise(struct shapes *s)
{
	struct hush_state *h = &s->hush;

	h->at = HUSH_DRAIN;
	h->pauses = 0;
	h->knocked = false;
	if (!h->blackouts)
		h->before = s->asked;
}

void shapes_hush_seen(struct shapes *s, const struct observation *o, uint64_t now)
{
	struct hush_state *h = &s->hush;
	bool silent = o->outcome != OUTCOME_LATE && observation_silent(o);

	if (s->plan.control || !s->learnt || h->at == HUSH_LEAVE)
		return;
	if (o->outcome == OUTCOME_NOT_SENT) {
		/* The budget is used up, or the run is over: there is nothing to wait for. */
		if (o->ask.role == ROLE_SHAPE_KNOCK && !why_is_port((enum why)o->why))
			h->at = HUSH_LEAVE;
	} else if (o->ask.transport == TRANSPORT_TCP) {
		h->tcp |= !silent;
	} else if (!silent) {
		h->heard = o->sent > h->heard ? o->sent : h->heard;
		h->silences = h->steadies = 0;
		if (h->at != HUSH_NONE)
			come_back(s, now);
	} else if (o->sent > h->heard) {
		h->silences++;
		h->steadies += o->ask.role == ROLE_SHAPE_STEADY;
		if (h->at == HUSH_NONE && h->silences >= SILENCES && h->steadies >= STEADIES &&
			h->alarms < ALARMS)
			raise(s);
	}
}

/* The pause is over, or the knocks after it had no reply. */
static enum hush_turn knock(struct shapes *s, uint64_t now, uint64_t *ret_wake)
{
	struct hush_state *h = &s->hush;

	if (h->knocked) {
		h->knocked = false;
		h->pauses++;
		if (h->pauses == ARRAY_LEN(pauses) ||
			(h->pauses >= TOLD && h->blackouts + 1 >= BLACKOUTS)) {
			h->at = HUSH_LEAVE;
			return HUSH_DONE;
		}
		h->wake = now + pauses[h->pauses];
	}
	if (now < h->wake) {
		*ret_wake = h->wake;
		return HUSH_WAIT;
	}
	h->knocked = true;
	shapes_put_knock(s);
	shapes_put_witness(s);
	return HUSH_ASK;
}

enum hush_turn shapes_hush_turn(struct shapes *s, uint64_t now, uint64_t *ret_wake)
{
	struct hush_state *h = &s->hush;

	if (h->at == HUSH_LEAVE)
		return HUSH_DONE;
	if (h->at == HUSH_NONE && !h->back)
		return HUSH_GO;
	if (h->at == HUSH_NONE) {
		h->back = false;
		for (int i = 0; i < WITNESSES; i++)
			shapes_put_witness(s);
		return s->burst.n ? HUSH_ASK : HUSH_GO;
	}
	if (s->in_flight)
		return HUSH_WAIT;
	if (h->at == HUSH_DRAIN) {
		h->at = HUSH_KNOCK;
		h->wake = now + pauses[0];
	}
	return knock(s, now, ret_wake);
}

/* What is asked as often as one likes. */
static bool can_repeat(const struct job *j)
{
	return j->row->way == WAY_ONCE && !j->row->odd && j->replies;
}

bool shapes_hush_repeat(struct shapes *s)
{
	const struct hush_state *h = &s->hush;
	uint64_t since = s->asked - h->from, enough = blackout_again((uint32_t)h->before);

	if (h->at != HUSH_NONE || h->blackouts != 1 || since >= enough || !s->plan.facts ||
		(s->plan.budget && s->asked + enough - since > s->plan.budget))
		return false;
	if (s->since_steady >= STEADY_EVERY)
		shapes_put_steady(s);
	for (size_t i = 0; i < s->jobs.n; i++) {
		struct job *j = &s->jobs.v[s->repeating++ % s->jobs.n];

		if (can_repeat(j)) {
			shapes_put_turn(s, j);
			break;
		}
	}
	return s->burst.n > 0;
}

/* Half of what came through; half of that when even so a limit was met since. */
static void slow_down(struct shapes *s, const struct limit *l, uint64_t now)
{
	uint64_t last = l->windows.v[l->windows.n - 1].to;
	uint64_t gap = (uint64_t)(SECOND / (below * (l->rate > 1 ? l->rate : 1)));

	if (s->gap && last < s->slowed)
		return;
	if (gap < 2 * s->gap)
		gap = 2 * s->gap;
	s->gap = gap < GAP_MOST ? gap : GAP_MOST;
	/* What is on its way was asked as fast as before. */
	s->slowed = now + 2 * SECOND;
}

static unsigned int asks_of_turn(const struct job *j)
{
	if (j->row->way == WAY_PAIR || j->row->way == WAY_TWO_PORTS)
		return 2;
	return j->row->way == WAY_STREAM ? STREAM : 1;
}

static void forget(struct shapes *s)
{
	s->sent = s->lost = s->swallowed = 0;
	vec_each (struct job, j, s->jobs) {
		j->sent = j->replies = j->silences = j->broken = j->voided = 0;
		j->bad = false;
	}
}

void shapes_recount(struct shapes *s, uint64_t now)
{
	const struct facts *f = s->plan.facts;
	struct arena *scratch;
	struct voids voids;

	s->judged = s->asked;
	if (!f)
		return;
	scratch = arena_new();
	voids_judge(scratch, f, &s->plan.server, &voids);
	if (voids.limit.windows.n)
		slow_down(s, &voids.limit, now);
	forget(s);
	for (size_t i = 0; i < f->n; i++) {
		const struct observation *o = f->v[i];

		if (o->ask.owner != &s->probe || o->outcome == OUTCOME_STRAY ||
			o->outcome == OUTCOME_LATE || !addr_equal(&o->ask.server, &s->plan.server))
			continue;
		if (!voids_cover(&voids, o)) {
			shapes_count(s, o);
			continue;
		}
		s->swallowed +=
			voids.limit.sign == LIMIT_LOSS && limit_voids(&voids.limit, o->sent);
		if (o->ask.tag)
			s->jobs.v[o->ask.tag - 1].voided++;
	}
	vec_each (struct job, j, s->jobs)
		j->turns = j->given - (j->voided + asks_of_turn(j) - 1) / asks_of_turn(j);
	arena_free(scratch);
}

bool shapes_recount_due(const struct shapes *s)
{
	return s->asked >= s->judged + LOOK_EVERY && s->learnt;
}
