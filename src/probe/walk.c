// SPDX-License-Identifier: GPL-3.0-or-later
// The walk as a probe: from the hints through every zone to the servers that should answer.
#include "probe/walk_inner.h"

#include "base/err.h"
#include "dns/rr.h"

static const struct walk_plan defaults = {
	.timeout = 2000000, .tries = 3, .max_zones = 16, .max_aliases = 8, .max_lookups = 64
};

static void use_default(unsigned int *field, unsigned int value)
{
	if (!*field)
		*field = value;
}

/* The root's name servers as the hints give them. */
static void take_hints(struct walk *w)
{
	struct walk_zone *root = w->zones.v[0];

	for (size_t i = 0; i < w->plan.nhints; i++) {
		const struct walk_hint *hint = &w->plan.hints[i];
		struct addr addr =
			addr_with_port(hint->addr, hint->addr.port ? hint->addr.port : 53);
		struct walk_ns *ns = hint->ns ? walk_zone_ns(w, root, hint->ns) : NULL;

		walk_zone_server(w, root, addr);
		if (ns)
			reply_addr_add(w->arena, &ns->glue, addr);
	}
}

static void begin(struct probe *p, uint64_t now)
{
	struct walk *w = (struct walk *)p;

	w->now = now;
	walk_zone_get(w, NULL, &name_root);
	take_hints(w);
	walk_question_add(w, &w->plan.question);
}

static enum want want(struct probe *p, uint64_t now, struct ask *ret_ask, uint64_t *ret_wake)
{
	struct walk *w = (struct walk *)p;
	struct walk_task *t;

	w->now = now;
	for (;;) {
		walk_zone_advance(w);
		t = walk_task_next(w, ret_wake);
		if (!t && (w->flying || *ret_wake != PROBE_NO_WAKE))
			return WANT_WAIT;
		if (!t && walk_goal_nudge(w))
			continue;
		if (!t)
			return WANT_DONE;
		if (t->host->unsendable) {
			t->state = TASK_DONE;
			walk_zone_learn(w, t);
			continue;
		}
		t->state = TASK_FLYING;
		t->tries++;
		w->flying++;
		w->asked++;
		walk_task_ask(w, t, ret_ask);
		ret_ask->owner = p;
		ret_ask->tag = t->index;
		return WANT_ASK;
	}
}

static void reply(struct probe *p, const struct observation *o, uint64_t now)
{
	struct walk *w = (struct walk *)p;

	w->now = now;
	if (o->outcome == OUTCOME_STRAY || o->ask.tag >= w->tasks.n)
		return;
	if (o->outcome != OUTCOME_LATE && w->flying)
		w->flying--;
	if (walk_task_reply(w, w->tasks.v[o->ask.tag], o))
		walk_zone_learn(w, w->tasks.v[o->ask.tag]);
}

static void progress(const struct probe *p, struct progress *ret)
{
	const struct walk *w = (const struct walk *)p;
	size_t expected = w->asked + (w->queue.n - w->head);

	*ret = (struct progress){
		.phase = "walk", .asked = w->asked, .expected = expected, .found = w->zones.n
	};
}

struct walk *walk_new(struct arena *a, const struct walk_plan *plan)
{
	static const struct probe_ops ops = {
		.begin = begin, .want = want, .reply = reply, .progress = progress
	};
	struct walk *w = arena_alloc(a, sizeof(*w));

	w->probe.ops = &ops;
	w->arena = a;
	w->plan = *plan;
	use_default(&w->plan.timeout, defaults.timeout);
	use_default(&w->plan.tries, defaults.tries);
	use_default(&w->plan.max_zones, defaults.max_zones);
	use_default(&w->plan.max_aliases, defaults.max_aliases);
	use_default(&w->plan.max_lookups, defaults.max_lookups);
	return w;
}

struct probe *walk_probe(struct walk *w)
{
	return &w->probe;
}

/* The deepest zone on the way to a main question's name: its servers were asked it. */
static struct walk_zone *zone_of(const struct walk *w, const struct question *q)
{
	struct name home = reply_home(q);

	return walk_zone_deepest(w, &home);
}

/* Where the zone's servers say that the alias at q's name leads; false when it is none. */
static bool next_name(const struct walk *w, const struct question *q, struct name *ret)
{
	const struct walk_zone *z = zone_of(w, q);

	for (size_t i = 0; i < z->servers.n; i++) {
		const struct walk_task *t = walk_task_find(w, z->servers.v[i], q);

		if (t && t->msg && reply_authority(t->msg) && reply_alias(t->msg, q, ret))
			return true;
	}
	return false;
}

/* The last question of the chain that was asked. */
static struct question chain_end(const struct walk *w)
{
	struct question q = w->questions.v[0].q;
	struct name next;

	for (size_t step = 1; step < w->questions.n && next_name(w, &q, &next); step++) {
		size_t i = 0;

		while (i < w->questions.n && !name_equal(w->questions.v[i].q.name, &next))
			i++;
		if (i == w->questions.n)
			break;
		q = w->questions.v[i].q;
	}
	return q;
}

static bool any_reply(const struct walk_zone *z)
{
	for (size_t i = 0; i < z->servers.n; i++)
		if (z->servers.v[i]->replies)
			return true;
	return false;
}

/*
 * The zone itself, or, when no server address of it could be found, the silent zone that hid them:
 * that is where the way ends.
 */
static const struct walk_zone *stuck_at(const struct walk *w, const struct walk_zone *z)
{
	for (size_t i = w->zones.n; !z->servers.n && i > 0; i--)
		if (w->zones.v[i - 1]->servers.n && !any_reply(w->zones.v[i - 1]))
			return w->zones.v[i - 1];
	return z;
}

struct walk_end walk_end(const struct walk *w)
{
	/* The list is kept with the walk, which is const for the asker only. */
	struct walk *mine = (struct walk *)w;
	struct walk_end end = { .question = w->plan.question };
	const struct walk_zone *z;

	if (!w->zones.n)
		return end;
	end.question = chain_end(w);
	z = stuck_at(w, zone_of(w, &end.question));
	if (z->depth == 0 && !any_reply(z))
		return end;
	end.zone = z->apex;
	if (!name_under(end.question.name, z->apex))
		end.question = (struct question){ z->apex, RR_SOA, CLASS_IN };
	mine->end_servers.n = 0;
	for (size_t i = 0; i < z->servers.n; i++)
		if (!z->servers.v[i]->unsendable)
			vec_push(mine->arena, &mine->end_servers, z->servers.v[i]->addr);
	end.servers = w->end_servers.v;
	end.nservers = w->end_servers.n;
	return end;
}

static bool in_end(const struct walk_end *end, const struct addr *addr)
{
	for (size_t i = 0; i < end->nservers; i++)
		if (addr_same_host(&end->servers[i], addr))
			return true;
	return false;
}

static bool listed(const struct walk *w, const struct addr *addr)
{
	for (size_t i = 0; i < w->others.n; i++)
		if (addr_equal(&w->others.v[i].addr, addr))
			return true;
	return false;
}

static void add_others(struct walk *w, const struct walk_zone *z, const struct walk_end *end)
{
	for (size_t i = 0; i < z->servers.n; i++) {
		const struct walk_host *h = z->servers.v[i];

		if (h->replies && !in_end(end, &h->addr) && !listed(w, &h->addr))
			vec_push(w->arena, &w->others, (struct walk_other){ h->addr, z->apex });
	}
}

size_t walk_others(const struct walk *w, const struct walk_other **ret)
{
	struct walk *mine = (struct walk *)w;
	struct walk_end end = walk_end(w);

	mine->others.n = 0;
	for (size_t i = 0; i < w->zones.n; i++)
		add_others(mine, w->zones.v[i], &end);
	*ret = w->others.v;
	return w->others.n;
}
