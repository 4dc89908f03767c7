/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A search read back from its facts. */
#include "infer/isolate_ends.h"

enum { LATES_MOST = 1000 }; /* a tape could have any number */

static const struct ask *first_ask(const struct facts *f, enum role role)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->v[i]->ask.role == role)
			return &f->v[i]->ask;
	return NULL;
}

static bool was_sent(const struct facts *f)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->v[i]->ask.role == ROLE_ISOLATE_STEADY && f->v[i]->sent)
			return true;
	return false;
}

static bool is_extra(const struct observation *o)
{
	return o->outcome == OUTCOME_STRAY || o->outcome == OUTCOME_LATE;
}

static void replay(struct isolate_ends *e, const struct facts *f)
{
	unsigned int lates = 0;
	struct ask ask;

	for (size_t i = 0; i < f->n; i++) {
		const struct observation *o = f->v[i];

		if (o->ask.role != ROLE_ISOLATE && o->ask.role != ROLE_ISOLATE_STEADY)
			continue;
		if (o->outcome == OUTCOME_LATE && lates++ < LATES_MOST)
			isolate_ends_late(e, o, i);
		if (is_extra(o))
			continue;
		if (isolate_ends_next(e, &ask) != ISOLATE_SEARCHING)
			return;
		isolate_ends_tell(e, o, i);
	}
	isolate_ends_next(e, &ask);
}

/* Servers of the facts, when they are those of the search; else that of the first ask. */
static void take_servers(const struct facts *f, const struct ask *works, struct isolate_plan *ret)
{
	ret->servers[0] = works->server;
	ret->nservers = 1;
	if (f->targets.n != ISOLATE_ENDS || !addr_equal(&f->targets.v[1], &works->server))
		return;
	for (size_t i = 0; i < ISOLATE_ENDS; i++)
		ret->servers[i] = f->targets.v[i];
	ret->nservers = ISOLATE_ENDS;
}

const struct isolate_result *isolate_collect(struct arena *a, const struct facts *f)
{
	const struct ask *works = first_ask(f, ROLE_ISOLATE_STEADY),
			 *failing = first_ask(f, ROLE_ISOLATE);
	struct isolate_result *ret;
	struct isolate_plan plan;
	struct isolate_ends *e;

	if (!works)
		return NULL;
	ret = arena_alloc(a, sizeof(*ret));
	/* The working query comes first; without a reply to it nothing else was asked. */
	plan = (struct isolate_plan){ .works = *works, .fails = failing ? *failing : *works };
	take_servers(f, works, &plan);
	if (!failing)
		plan.nservers = 1;
	e = isolate_ends_begin(a, &plan);
	if (failing)
		replay(e, f);
	else
		isolate_ends_stop(e, was_sent(f) ? ISOLATE_BROKEN : ISOLATE_UNSENT);
	isolate_ends_result(e, ret);
	return ret;
}

const char *isolate_verdict_slug(enum isolate_verdict v)
{
	static const char *const slugs[] = { "searching", "found", "sound", "untold" };

	return slugs[v];
}

const char *isolate_doubt_slug(enum isolate_doubt d)
{
	static const char *const slugs[ISOLATE_DOUBTS] = { "", "alike", "many", "broken", "unsent",
		"unsteady", "cut", "long", "full" };

	return slugs[d];
}
