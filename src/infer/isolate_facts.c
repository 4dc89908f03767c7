/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A search read back from its facts. */
#include "infer/isolate.h"

enum { LATES_MOST = 1000 }; /* a tape could have any number */

static const struct ask *first_ask(const struct facts *f, enum role role)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->v[i]->ask.role == role)
			return &f->v[i]->ask;
	return NULL;
}

static bool is_extra(const struct observation *o)
{
	return o->outcome == OUTCOME_STRAY || o->outcome == OUTCOME_LATE;
}

static void replay(struct isolate *s, const struct facts *f)
{
	unsigned int lates = 0;

	for (size_t i = 0; i < f->n; i++) {
		const struct observation *o = f->v[i];

		if (o->ask.role != ROLE_ISOLATE && o->ask.role != ROLE_ISOLATE_STEADY)
			continue;
		if (o->outcome == OUTCOME_LATE && lates++ < LATES_MOST)
			isolate_late(s, o, i);
		if (!is_extra(o))
			isolate_tell(s, o, i);
	}
}

const struct isolate_result *isolate_collect(struct arena *a, const struct facts *f)
{
	const struct ask *works = first_ask(f, ROLE_ISOLATE_STEADY),
			 *failing = first_ask(f, ROLE_ISOLATE);
	struct isolate_result *ret;
	struct isolate *s;
	struct ask ask;

	if (!works)
		return NULL;
	ret = arena_alloc(a, sizeof(*ret));
	/* The working query comes first; without a reply to it nothing else was asked. */
	s = isolate_begin(a, failing ? failing : works, works);
	if (!failing) {
		isolate_stop(s, ISOLATE_BROKEN);
	} else {
		replay(s, f);
		isolate_next(s, &ask);
	}
	isolate_result(s, ret);
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
		"unsteady", "cut" };

	return slugs[d];
}
