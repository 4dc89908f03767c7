// SPDX-License-Identifier: GPL-3.0-or-later
// Look-ups of name servers' addresses: from the deepest known zone down, one server at a time, and
// several at once as soon as one has been silent.
#include "probe/walk_inner.h"

#include "base/err.h"
#include "dns/rr.h"

static void enter(struct walk_goal *g, struct walk_zone *z)
{
	g->zone = z;
	g->tried = g->silent = 0;
	g->pass = g->npending = 0;
	g->wide = false;
}

struct walk_lookup *walk_lookup_get(
	struct walk *w, const struct name *name, bool needed, unsigned int depth)
{
	static const uint16_t types[] = { RR_A, RR_AAAA };
	/* Those that only compare glue leave room for those without which nothing goes on. */
	size_t room = needed ? w->plan.max_lookups : w->plan.max_lookups / 2;
	struct walk_lookup *l;

	for (size_t i = 0; i < w->lookups.n; i++)
		if (name_equal(w->lookups.v[i]->name, name))
			return w->lookups.v[i];
	if (w->lookups.n >= room || depth > WALK_LOOKUP_DEPTH)
		return NULL;

	l = arena_alloc(w->arena, sizeof(*l));
	l->name = name;
	l->depth = depth;
	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		l->goals[i].q = (struct question){ name, types[i], CLASS_IN };
		enter(&l->goals[i], walk_zone_deepest(w, name));
	}
	vec_push(w->arena, &w->lookups, l);
	w->dirty = true;
	return l;
}

bool walk_lookup_over(const struct walk_lookup *l)
{
	return l->goals[0].state != GOAL_BUSY && l->goals[1].state != GOAL_BUSY;
}

static void finish(struct walk *w, struct walk_goal *g, enum walk_goal_state state)
{
	g->state = state;
	w->dirty = true;
}

/* The goal's name is an alias, which RFC 2181 10.3 forbids and resolvers follow all the same. */
static void follow(struct walk *w, struct walk_goal *g, const struct name *target)
{
	if (++g->aliases > w->plan.max_aliases) {
		finish(w, g, GOAL_FAILED);
		return;
	}
	g->q.name = name_keep(w->arena, target);
	enter(g, walk_zone_deepest(w, target));
}

/* Learns from one reply; the server leads nowhere when it is neither referral nor authority. */
static void consume(struct walk *w, struct walk_goal *g, const struct walk_task *t)
{
	const struct name *below = reply_delegation(t->msg, g->zone->apex, g->q.name);
	struct name target;

	if (below) {
		/* Learning the task has made the zone, unless a bound forbade it. */
		struct walk_zone *z = walk_zone_deepest(w, g->q.name);

		if (name_under(z->apex, below))
			enter(g, z);
		return;
	}
	if (!reply_authority(t->msg))
		return;
	if (reply_alias(t->msg, &g->q, &target)) {
		follow(w, g, &target);
		return;
	}
	reply_addrs(w->arena, t->msg, (struct rr_wanted){ MSG_ANSWER, g->q.type, g->q.name },
		&g->addrs);
	finish(w, g, GOAL_FOUND);
}

/* Looks at the tasks that it waits for; true when something moved. */
static bool collect(struct walk *w, struct walk_goal *g)
{
	const struct walk_zone *zone = g->zone;
	bool moved = false;

	for (unsigned int i = 0; i < g->npending;) {
		const struct walk_task *t = g->pending[i];
		uint64_t bit = UINT64_C(1) << g->bit[i];

		if (t->state != TASK_DONE) {
			i++;
			continue;
		}
		moved = true;
		g->npending--;
		g->pending[i] = g->pending[g->npending];
		g->bit[i] = g->bit[g->npending];
		if (!t->msg) {
			g->silent |= bit;
			g->wide = true;
			continue;
		}
		consume(w, g, t);
		if (g->state != GOAL_BUSY || g->zone != zone)
			break;
	}
	return moved;
}

/* Servers that have answered first, silent ones last; a random one among equals. */
static int choose(struct walk *w, const struct walk_goal *g)
{
	int best = WALK_NONE, best_score = 0;
	uint32_t n = (uint32_t)g->zone->servers.n, first = n ? rng_below(&w->plan.rng, n) : 0;

	for (uint32_t k = 0; k < n; k++) {
		uint32_t i = (first + k) % n;
		const struct walk_host *h = g->zone->servers.v[i];
		int score = h->replies ? 3 : h->silences ? 1 : 2;

		if (h->unsendable || (g->tried >> i & 1) || score <= best_score)
			continue;
		best = (int)i;
		best_score = score;
	}
	return best;
}

/* Asks one more server; false when there is none left in this pass. */
static bool ask_one(struct walk *w, struct walk_goal *g)
{
	int i = choose(w, g);
	struct walk_want want = { .zone = g->zone, .q = g->q, .limit = g->pass + 1 };
	struct walk_task *t;

	if (i == WALK_NONE || g->asks >= WALK_GOAL_ASKS)
		return false;
	want.host = g->zone->servers.v[i];
	g->tried |= UINT64_C(1) << i;
	g->asks++;
	t = walk_task_get(w, &want);
	if (t) {
		g->bit[g->npending] = (uint8_t)i;
		g->pending[g->npending++] = t;
	}
	return true;
}

static struct walk_lookup *lookup_find(const struct walk *w, const struct name *name)
{
	for (size_t i = 0; i < w->lookups.n; i++)
		if (name_equal(w->lookups.v[i]->name, name))
			return w->lookups.v[i];
	return NULL;
}

/* Begins to look up one more of the zone's name servers without glue; false when none is left. */
static bool look_up_one(struct walk *w, const struct walk_lookup *of, const struct walk_zone *z)
{
	for (size_t i = 0; i < z->ns.n; i++) {
		const struct walk_ns *ns = &z->ns.v[i];

		if (!ns->glue.n && !lookup_find(w, ns->name) &&
			walk_lookup_get(w, ns->name, true, of->depth + 1))
			return true;
	}
	return false;
}

/* One of the zone's name servers may still be found. */
static bool waits(const struct walk *w, const struct walk_zone *z)
{
	for (size_t i = 0; i < z->ns.n; i++) {
		const struct walk_lookup *l = lookup_find(w, z->ns.v[i].name);

		if (l && !walk_lookup_over(l))
			return true;
	}
	return false;
}

bool walk_goal_nudge(struct walk *w)
{
	bool begun = false;

	for (size_t i = 0; i < w->lookups.n; i++) {
		const struct walk_lookup *l = w->lookups.v[i];

		for (size_t k = 0; k < ARRAY_LEN(l->goals); k++)
			if (l->goals[k].state == GOAL_BUSY)
				begun |= look_up_one(w, l, l->goals[k].zone);
	}
	return begun;
}

/* Silent to many questions, with never a reply: asking it once more tells nothing new. */
static bool dead(const struct walk *w, const struct walk_host *h)
{
	return !h->replies && h->silences >= 2 * w->plan.tries;
}

/* The silent servers that are worth another try. */
static uint64_t again(const struct walk *w, const struct walk_goal *g)
{
	uint64_t bits = 0;

	if (g->pass + 1 >= w->plan.tries)
		return 0;
	for (size_t i = 0; i < g->zone->servers.n; i++)
		if ((g->silent >> i & 1) && !dead(w, g->zone->servers.v[i]))
			bits |= UINT64_C(1) << i;
	return bits;
}

/* One step; true when another may follow at once. */
static bool step(struct walk *w, struct walk_lookup *l, struct walk_goal *g)
{
	unsigned int width = g->wide ? WALK_GOAL_WIDTH : 1;
	bool moved = collect(w, g);
	uint64_t silent;

	if (g->state != GOAL_BUSY)
		return false;
	if (moved)
		return true;
	if (g->npending < width && ask_one(w, g))
		return true;
	if (g->npending)
		return false;

	/* All were asked: silent ones again, and meanwhile one more is looked up. */
	silent = again(w, g);
	if (!waits(w, g->zone) && !look_up_one(w, l, g->zone) && !silent)
		finish(w, g, GOAL_FAILED);
	if (!silent)
		return false;
	g->pass++;
	g->tried &= ~silent;
	g->silent = 0;
	return true;
}

void walk_goal_advance(struct walk *w)
{
	for (size_t i = 0; i < w->lookups.n; i++)
		for (size_t k = 0; k < ARRAY_LEN(w->lookups.v[i]->goals); k++) {
			struct walk_goal *g = &w->lookups.v[i]->goals[k];

			while (g->state == GOAL_BUSY && step(w, w->lookups.v[i], g))
				;
		}
}
