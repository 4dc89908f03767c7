/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What several vantage points were told when they looked up the same. */
#include "check/lookups.h"

#include <math.h>

#include "base/err.h"
#include "infer/reply.h"

/* Packets that may be lost by chance, of a way of which nothing else is known. */
#define LOSS	  0.3
#define SURE_MOST 0.99

static const uint8_t kinds[] = {
	[OUTCOME_ANSWERED] = LOOKUPS_FAILS,
	[OUTCOME_MALFORMED] = LOOKUPS_FAILS,
	[OUTCOME_LATE] = LOOKUPS_FAILS,
	[OUTCOME_TIMEOUT] = LOOKUPS_SILENT,
	[OUTCOME_ICMP] = LOOKUPS_ERROR,
	[OUTCOME_CONNECTED] = LOOKUPS_ERROR,
	[OUTCOME_REFUSED] = LOOKUPS_ERROR,
	[OUTCOME_RESET] = LOOKUPS_ERROR,
	[OUTCOME_CHANNEL] = LOOKUPS_ERROR,
	[OUTCOME_NOT_SENT] = LOOKUPS_UNTESTED,
	[OUTCOME_STRAY] = LOOKUPS_SILENT,
};

/* How much each kind tells of a look-up: of several servers the one that said most decides. */
static const uint8_t worth[LOOKUPS_KINDS] = {
	[LOOKUPS_UNTESTED] = 0,
	[LOOKUPS_SILENT] = 1,
	[LOOKUPS_ERROR] = 2,
	[LOOKUPS_FAILS] = 3,
	[LOOKUPS_WORKS] = 4,
};

static enum msg_meaning meaning_of(const struct observation *o)
{
	return o->outcome == OUTCOME_MALFORMED ? MEANS_UNREADABLE
					       : msg_meaning(o->msg, &o->ask.question, o->ask.zone);
}

static bool settles(enum msg_meaning m)
{
	return m == MEANS_ANSWER || m == MEANS_ALIAS || m == MEANS_NODATA || m == MEANS_NXDOMAIN ||
	       m == MEANS_REFERRAL;
}

static uint8_t kind_of(const struct observation *o)
{
	return o->msg && settles(meaning_of(o)) ? (uint8_t)LOOKUPS_WORKS : kinds[o->outcome];
}

/* A truncated reply over UDP, or BADCOOKIE, is not the end: what the next query got is. */
static bool is_step(const struct observation *o)
{
	return o->msg && (meaning_of(o) == MEANS_TRUNCATED || observation_badcookie(o));
}

/* Of the look-up itself: a tape may hold anything. */
static bool is_of(const struct facts *f, const struct observation *o)
{
	const struct question *x = &f->question, *y = &o->ask.question;

	return o->ask.role == ROLE_LOOKUP && o->outcome != OUTCOME_STRAY && x->name && y->name &&
	       x->type == y->type && name_equal(x->name, y->name);
}

struct lookups_said lookups_read(const struct facts *f)
{
	struct lookups_said s = { .facts = f };
	bool step = false;

	for (size_t i = 0; i < f->n; i++) {
		const struct observation *o = f->v[i];
		uint8_t kind;

		if (!is_of(f, o))
			continue;
		kind = kind_of(o);
		s.silent += observation_silent(o);
		if (s.last && !step && worth[kind] < worth[s.kind])
			continue;
		step = is_step(o);
		s.last = o;
		s.kind = kind;
	}
	if (!s.last || !s.last->msg)
		return s;
	s.meaning = (uint8_t)meaning_of(s.last);
	s.answers = msg_count(s.last->msg, (struct rr_wanted){ .section = MSG_ANSWER });
	return s;
}

/* Without TTLs and signatures, in any order: of the name where an alias ends, its data. */
static bool same_data(struct arena *a, const struct lookups_said *x, const struct lookups_said *y)
{
	const struct msg *m = x->last->msg, *n = y->last->msg;
	struct question q = x->last->ask.question;
	struct name ends[] = { msg_chain_end(m, &q), msg_chain_end(n, &q) };

	if (x->meaning != y->meaning || m->rcode != n->rcode || !name_equal(&ends[0], &ends[1]))
		return false;
	q.name = &ends[0];
	return span_equal(reply_answer(a, m, &q), reply_answer(a, n, &q));
}

static void compare(struct arena *a, struct lookups *all)
{
	for (size_t i = 0; i < all->list.n; i++) {
		struct lookups_said *s = &all->list.v[i];

		if (s->kind != LOOKUPS_WORKS)
			continue;
		if (!all->first)
			all->first = s;
		s->same = s == all->first || same_data(a, s, all->first);
	}
}

static enum lookups_verdict verdict(const struct lookups *all)
{
	size_t works = 0, tested = 0, same = 0;

	vec_each (const struct lookups_said, s, all->list) {
		works += s->kind == LOOKUPS_WORKS;
		tested += s->kind != LOOKUPS_UNTESTED;
		same += s->same;
	}
	if (tested < 2)
		return LOOKUPS_ALONE;
	if (works < tested)
		return works ? LOOKUPS_SPLIT : LOOKUPS_NONE;
	return same == works ? LOOKUPS_ALIKE : LOOKUPS_DATA;
}

/* That every silence among them is more than chance; 0: something else fails, too. */
static double sure(const struct lookups *all)
{
	double least = SURE_MOST;

	vec_each (const struct lookups_said, s, all->list) {
		double now = 1 - pow(LOSS, (double)s->silent);

		if (s->kind == LOOKUPS_FAILS || s->kind == LOOKUPS_ERROR)
			return 0;
		if (s->kind == LOOKUPS_SILENT && now < least)
			least = now;
	}
	return least;
}

static bool neighbours(const struct lookups *all)
{
	vec_each (const struct lookups_said, s, all->list)
		vec_each (const struct lookups_said, w, all->list)
			if (s->kind == LOOKUPS_SILENT && w->kind == LOOKUPS_WORKS &&
				vantage_kin(&s->last->from, &w->last->from) == KIN_NEIGHBOUR)
				return true;
	return false;
}

void lookups_compare(struct arena *a, const struct lookups_asked *asked, struct lookups *ret)
{
	*ret = (struct lookups){ .one_server = asked->one_server };
	for (size_t i = 0; i < asked->n; i++)
		vec_push(a, &ret->list, lookups_read(asked->tapes[i]));
	compare(a, ret);
	ret->verdict = verdict(ret);
	if (ret->verdict != LOOKUPS_SPLIT)
		return;
	ret->confidence = sure(ret);
	ret->neighbours = ret->one_server && neighbours(ret);
}

const char *lookups_kind_slug(enum lookups_kind k)
{
	static const char *const slugs[] = { "untested", "works", "fails", "silent", "error" };

	return slugs[k];
}

const char *lookups_verdict_slug(enum lookups_verdict v)
{
	static const char *const slugs[] = { "alone", "alike", "data", "split", "none" };

	return slugs[v];
}
