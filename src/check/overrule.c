/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was concluded of servers that were never reached is taken back. */
#include "check/overrule.h"

#include <string.h>

#include "base/err.h"

/* Findings about the resolver that compare it with the servers. */
static const char *const comparing[] = {
	"resolver-disagrees",
	"resolver-uses-filtered-ports",
	"validator-lacks-algorithm",
	"resolver-limit",
	"resolver-remembers",
};

static bool compares(const struct finding *x)
{
	for (size_t i = 0; i < ARRAY_LEN(comparing); i++)
		if (strcmp(x->id, comparing[i]) == 0)
			return true;
	return false;
}

static bool about_others(const struct finding *x)
{
	return x->where == WHERE_PATH || x->where == WHERE_FAR || x->where == WHERE_ZONE ||
	       x->where == WHERE_UNKNOWN || compares(x);
}

/* Root servers themselves spoke in that family. */
static bool honest(const struct intercept_side *s)
{
	return s->roots.n && !s->found;
}

/* Everything that it rests on came from whoever intercepts. */
static bool rests_on(const struct interception *all, const struct finding *x)
{
	vec_each (const struct addr, a, x->servers)
		if (!intercept_of(all, a))
			return false;
	return x->servers.n || (!honest(&all->v4) && !honest(&all->v6));
}

static void intercepted(const struct check_input *in, struct findings *f)
{
	const struct interception *all = &in->inferences->interception;
	size_t n = 0;

	if (!all->v4.found && !all->v6.found)
		return;
	vec_each (const struct finding, x, f->list)
		if (!about_others(x) || !rests_on(all, x))
			f->list.v[n++] = *x;
	f->list.n = n;
	findings_untested(f, "the servers of the zone and of its parents",
		"somebody else answers in their name");
}

/* What is seen of the same servers for the same reason. */
static const struct {
	const char *cause, *consequence;
} chains[] = {
	{ "client-blocked", "family-broken" },
	{ "client-blocked", "unreachable" },
	{ "family-broken", "unreachable" },
	{ "family-broken", "mname-not-primary" },
	{ "family-broken", "tcp-blocked" },
	/* Fast askers use many new ports. */
	{ "snat-exhaustion", "rate-limited" },
};

static bool covered(const struct findings *f, const char *cause, const struct finding *x)
{
	vec_each (const struct addr, a, x->servers) {
		bool named = false;

		vec_each (const struct finding, y, f->list)
			named |= strcmp(y->id, cause) == 0 && finding_names(y, a);
		if (!named)
			return false;
	}
	return x->servers.n;
}

static bool follows(const struct findings *f, const struct finding *x)
{
	for (size_t i = 0; i < ARRAY_LEN(chains); i++)
		if (strcmp(x->id, chains[i].consequence) == 0 && covered(f, chains[i].cause, x))
			return true;
	return false;
}

static void silenced(struct findings *f)
{
	struct findings all = { .arena = f->arena };

	/* A cause may itself be a consequence, and stays one to the end. */
	vec_each (const struct finding, x, f->list)
		vec_push(all.arena, &all.list, *x);
	f->list.n = 0;
	vec_each (const struct finding, x, all.list)
		if (!follows(&all, x))
			vec_push(f->arena, &f->list, *x);
}

void overrule(const struct check_input *in, struct findings *f)
{
	intercepted(in, f);
	silenced(f);
}
