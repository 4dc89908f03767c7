/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One search after the other, at the addresses of one server. */
#include "infer/isolate_ends.h"

/* Which server gets the failing query, and which the working one: in this order. */
static const struct {
	uint8_t fails, works;
} searches[] = { { 0, 1 }, { 1, 0 }, { 0, 0 }, { 1, 1 } };

enum { SEARCHES = 4, CROSSED = 2 /* of them at two addresses */ };

struct isolate_ends {
	struct arena *arena;
	struct isolate_plan plan;
	struct isolate *searches[SEARCHES]; /* NULL: was not needed */
	size_t at;
	bool answers[ISOLATE_ENDS]; /* the working query was answered there */
};

static struct ask ask_at(const struct isolate_ends *e, const struct ask *ask, size_t server)
{
	struct ask at = *ask;

	at.server = e->plan.servers[server];
	return at;
}

static void start(struct isolate_ends *e, size_t i)
{
	struct ask fails = ask_at(e, &e->plan.fails, searches[i].fails),
		   works = ask_at(e, &e->plan.works, searches[i].works);

	e->at = i;
	e->searches[i] = isolate_begin(e->arena, &fails, &works);
}

struct isolate_ends *isolate_ends_begin(struct arena *a, const struct isolate_plan *plan)
{
	struct isolate_ends *e = arena_alloc(a, sizeof(*e));

	*e = (struct isolate_ends){ .arena = a, .plan = *plan };
	start(e, plan->nservers == 1 ? CROSSED : 0);
	return e;
}

static struct isolate_result result_of(const struct isolate_ends *e, size_t i)
{
	struct isolate_result r = { .verdict = ISOLATE_UNTOLD };

	if (e->searches[i])
		isolate_result(e->searches[i], &r);
	return r;
}

/* It could not be told because of one of the two addresses, perhaps: at one alone it may. */
static bool lacks_end(const struct isolate_result *r)
{
	return r->verdict == ISOLATE_UNTOLD &&
	       (r->doubt == ISOLATE_BROKEN || r->doubt == ISOLATE_UNSENT);
}

/* A search at one address is of use: the working query was answered there, the failing one not. */
static bool is_of_use(const struct isolate_ends *e, size_t i)
{
	struct isolate_result crossed = result_of(e, searches[i].fails);

	return e->answers[searches[i].works] && lacks_end(&crossed);
}

/* The search at hand has ended; true: another one begins. */
static bool go_on(struct isolate_ends *e)
{
	struct isolate_result r = result_of(e, e->at);

	if (e->plan.nservers == 1 || r.verdict == ISOLATE_FOUND ||
		(r.verdict == ISOLATE_UNTOLD && !lacks_end(&r)))
		return false;
	for (size_t i = e->at + 1; i < SEARCHES; i++) {
		if (i >= CROSSED && !is_of_use(e, i))
			continue;
		start(e, i);
		return true;
	}
	return false;
}

enum isolate_verdict isolate_ends_next(struct isolate_ends *e, struct ask *ret)
{
	enum isolate_verdict v;

	do
		v = isolate_next(e->searches[e->at], ret);
	while (v != ISOLATE_SEARCHING && go_on(e));
	return v;
}

void isolate_ends_tell(struct isolate_ends *e, const struct observation *o, size_t index)
{
	if (o->ask.role == ROLE_ISOLATE_STEADY && observation_answered(o))
		e->answers[searches[e->at].works] = true;
	isolate_tell(e->searches[e->at], o, index);
}

void isolate_ends_late(struct isolate_ends *e, const struct observation *o, size_t index)
{
	isolate_late(e->searches[e->at], o, index);
}

void isolate_ends_stop(struct isolate_ends *e, enum isolate_doubt d)
{
	isolate_stop(e->searches[e->at], d);
}

/* Better ones come first. */
static unsigned int rank(const struct isolate_result *r)
{
	static const uint8_t ranks[] = { [ISOLATE_FOUND] = 0,
		[ISOLATE_UNTOLD] = 1,
		[ISOLATE_SEARCHING] = 1,
		[ISOLATE_SOUND] = 2 };

	return ranks[r->verdict];
}

/* The failing query without it is the one at the other address. */
static bool names_server(const struct isolate_result *r)
{
	for (size_t i = 0; i < r->ncauses; i++) {
		const struct isolate_cause *c = &r->causes[i];

		if (!addr_equal(&c->with.server, &c->without.server))
			return true;
	}
	return false;
}

void isolate_ends_result(struct isolate_ends *e, struct isolate_result *ret)
{
	uint8_t doubt = ISOLATE_SURE;
	uint32_t trials = 0;
	bool any = false;

	for (size_t i = 0; i < SEARCHES; i++) {
		struct isolate_result r = result_of(e, i);

		if (!e->searches[i])
			continue;
		trials += r.trials;
		if (r.verdict == ISOLATE_UNTOLD)
			doubt = r.doubt;
		if (any && ret->verdict == ISOLATE_SOUND && r.verdict == ISOLATE_SOUND)
			ret->sound = r.causes[0].with.server;
		if (!any || rank(&r) < rank(ret))
			*ret = r;
		any = true;
	}
	ret->trials = trials;
	/* Of an address that could not be looked at nothing is known, unless it is what was found.
	 */
	if (ret->verdict == ISOLATE_FOUND && !ret->more && !names_server(ret))
		ret->more = doubt;
}
