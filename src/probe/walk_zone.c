// SPDX-License-Identifier: GPL-3.0-or-later
// Zones of the walk: what replies tell of them, and which questions their servers are to be asked.
#include "probe/walk_inner.h"

#include <string.h>

#include "base/err.h"
#include "dns/rr.h"

struct walk_host *walk_host_get(struct walk *w, struct addr addr)
{
	struct walk_host *h;

	for (size_t i = 0; i < w->hosts.n; i++)
		if (addr_equal(&w->hosts.v[i]->addr, &addr))
			return w->hosts.v[i];
	h = arena_alloc(w->arena, sizeof(*h));
	h->addr = addr;
	h->unsendable = (addr.family == ADDR_V4 && w->plan.no_v4) ||
			(addr.family == ADDR_V6 && w->plan.no_v6);
	vec_push(w->arena, &w->hosts, h);
	return h;
}

static void add_host(struct walk *w, struct walk_zone *z, struct walk_host *h)
{
	for (size_t i = 0; i < z->servers.n; i++)
		if (z->servers.v[i] == h)
			return;
	if (z->servers.n >= WALK_SERVERS)
		return;
	vec_push(w->arena, &z->servers, h);
	z->dirty = w->dirty = true;
}

void walk_zone_server(struct walk *w, struct walk_zone *z, struct addr addr)
{
	add_host(w, z, walk_host_get(w, addr));
}

struct walk_zone *walk_zone_deepest(const struct walk *w, const struct name *n)
{
	struct walk_zone *best = w->zones.v[0];

	for (size_t i = 1; i < w->zones.n; i++) {
		struct walk_zone *z = w->zones.v[i];

		if (name_under(n, z->apex) && name_labels(z->apex) > name_labels(best->apex))
			best = z;
	}
	return best;
}

/* The zone is asked this question: it lies on the way to its name. */
static bool leads(const struct walk_zone *z, const struct walk_question *q)
{
	struct name home = reply_home(&q->q);

	return name_under(&home, z->apex) && name_labels(z->apex) >= q->from;
}

bool walk_zone_main(const struct walk *w, const struct walk_zone *z)
{
	for (size_t i = 0; i < w->questions.n; i++)
		if (leads(z, &w->questions.v[i]))
			return true;
	return false;
}

struct walk_zone *walk_zone_get(
	struct walk *w, const struct walk_zone *parent, const struct name *apex)
{
	struct walk_zone *z;

	for (size_t i = 0; i < w->zones.n; i++)
		if (name_equal(w->zones.v[i]->apex, apex))
			return w->zones.v[i];
	if (w->zones.n >= WALK_ZONES || (parent && parent->depth + 1 >= w->plan.max_zones))
		return NULL;
	z = arena_alloc(w->arena, sizeof(*z));
	z->index = w->zones.n;
	z->apex = name_keep(w->arena, apex);
	z->depth = parent ? parent->depth + 1 : 0;
	z->dirty = w->dirty = true;
	vec_push(w->arena, &w->zones, z);
	return z;
}

static struct walk_ns *ns_find(const struct walk_zone *z, const struct name *name)
{
	vec_each (struct walk_ns, ns, z->ns)
		if (name_equal(ns->name, name))
			return ns;
	return NULL;
}

struct walk_ns *walk_zone_ns(struct walk *w, struct walk_zone *z, const struct name *name)
{
	struct walk_ns *known = ns_find(z, name);

	if (known)
		return known;
	if (z->ns.n >= REPLY_NAMES)
		return NULL;
	vec_push(w->arena, &z->ns, (struct walk_ns){ .name = name_keep(w->arena, name) });
	/* What another zone's look-up of it found counts here too. */
	for (size_t i = 0; i < w->lookups.n; i++)
		if (name_equal(w->lookups.v[i]->name, name))
			w->lookups.v[i]->goals[0].applied = w->lookups.v[i]->goals[1].applied =
				false;
	z->dirty = w->dirty = true;
	return &z->ns.v[z->ns.n - 1];
}

/* Takes over the NS set of z that stands in a section of m, with the addresses beside it. */
static void take_ns(struct walk *w, struct walk_zone *z, const struct msg *m, uint8_t section)
{
	struct reply_names names = { 0 };

	reply_ns(w->arena, m, (struct rr_wanted){ section, RR_NS, z->apex }, &names);
	for (size_t i = 0; i < names.n; i++) {
		struct walk_ns *ns = walk_zone_ns(w, z, names.v[i]);

		if (!ns)
			continue;
		/* The zone's own servers may name addresses of the root only: RFC 8109 3. */
		if (section == MSG_AUTHORITY || z->depth == 0)
			reply_addrs(w->arena, m,
				(struct rr_wanted){ MSG_ADDITIONAL, 0, names.v[i] }, &ns->glue);
		for (size_t k = 0; k < ns->glue.n; k++)
			walk_zone_server(w, z, ns->glue.v[k]);
	}
}

static unsigned int max_aliases(const struct walk *w)
{
	return w->plan.max_aliases + 1; /* and the question itself */
}

void walk_question_add(struct walk *w, const struct question *q)
{
	struct name home = reply_home(q);
	unsigned int from = name_labels(walk_zone_deepest(w, &home)->apex);

	for (size_t i = 0; i < w->questions.n; i++)
		if (name_equal(w->questions.v[i].q.name, q->name))
			return;
	if (w->questions.n >= max_aliases(w))
		return;
	vec_push(w->arena, &w->questions,
		(struct walk_question){
			.q = { name_keep(w->arena, q->name), q->type, q->class },
			.from = from,
		});
	for (size_t i = 0; i < w->zones.n; i++)
		w->zones.v[i]->dirty = true;
	/* What a look-up of an address has asked already is now read for this question too. */
	for (size_t i = 0; i < w->tasks.n; i++)
		if (name_equal(w->tasks.v[i]->question.name, q->name))
			memset(w->tasks.v[i]->learned, 0, sizeof(w->tasks.v[i]->learned));
	w->dirty = true;
}

static bool is_main(const struct walk *w, const struct walk_zone *z, const struct question *q)
{
	for (size_t i = 0; i < w->questions.n; i++)
		if (w->questions.v[i].q.type == q->type && leads(z, &w->questions.v[i]) &&
			name_equal(w->questions.v[i].q.name, q->name))
			return true;
	return false;
}

static void ask(struct walk *w, struct walk_zone *z, struct walk_host *h, struct question q);

/*
 * The host answers for z but perhaps from a zone below it that it serves as well, so that no
 * referral shows the cut: the owner of the SOA does (RFC 2181 6.1: it belongs to the zone).
 */
static void find_cut(struct walk *w, struct walk_zone *z, const struct walk_task *t)
{
	const struct question *q = &t->question;
	const struct name *owner = reply_zone(t->msg, q);
	struct walk_zone *deeper;
	struct name target, probe = reply_home(q);

	if (owner) {
		if (!name_under(owner, z->apex) || name_equal(owner, z->apex))
			return;
		deeper = walk_zone_get(w, z, owner);
		if (deeper)
			add_host(w, deeper, t->host);
		return;
	}
	/* A name with an alias is no apex, and a SOA question for it tells of the target's zone. */
	if (reply_alias(t->msg, q, &target))
		probe = name_parent(q->name);
	if (name_under(&probe, z->apex) && !name_equal(&probe, z->apex))
		ask(w, z, t->host, (struct question){ &probe, RR_SOA, q->class });
}

/* True the first time for this reply and zone. */
static bool first_time(struct walk_task *t, const struct walk_zone *z)
{
	uint64_t *word = &t->learned[z->index / 64], bit = UINT64_C(1) << z->index % 64;
	bool first = !(*word & bit);

	*word |= bit;
	return first;
}

static void learn_in(struct walk *w, struct walk_zone *z, struct walk_task *t)
{
	const struct question *q = &t->question;
	const struct name *below;
	struct name target;

	if (!first_time(t, z))
		return;
	below = reply_delegation(t->msg, z->apex, q->name);
	if (below) {
		struct walk_zone *child = walk_zone_get(w, z, below);

		if (child)
			take_ns(w, child, t->msg, MSG_AUTHORITY);
		return;
	}
	if (!reply_authority(t->msg))
		return;
	if (q->type == RR_NS && name_equal(q->name, z->apex))
		take_ns(w, z, t->msg, MSG_ANSWER);
	if (is_main(w, z, q) && reply_alias(t->msg, q, &target))
		walk_question_add(w, &(struct question){ &target, q->type, q->class });
	if (is_main(w, z, q) || (q->type == RR_SOA && walk_zone_main(w, z)))
		find_cut(w, z, t);
}

static bool serves(const struct walk_zone *z, const struct walk_host *h)
{
	for (size_t i = 0; i < z->servers.n; i++)
		if (z->servers.v[i] == h)
			return true;
	return false;
}

void walk_zone_learn(struct walk *w, struct walk_task *t)
{
	w->dirty = true;
	if (!t->msg)
		return;
	for (size_t i = 0; i < w->zones.n; i++) {
		struct walk_zone *z = w->zones.v[i];

		if (z == t->zone || (name_under(t->question.name, z->apex) && serves(z, t->host)))
			learn_in(w, z, t);
	}
}

/* Asks, or learns for this zone from what was asked for another one on the same host. */
static void ask(struct walk *w, struct walk_zone *z, struct walk_host *h, struct question q)
{
	struct walk_task *t = walk_task_find(w, h, &q);
	bool over = t && t->state == TASK_DONE;

	t = walk_task_get(
		w, &(struct walk_want){ .host = h, .zone = z, .q = q, .limit = w->plan.tries });
	if (over && t && t->msg)
		learn_in(w, z, t);
}

static void ask_server(struct walk *w, struct walk_zone *z, struct walk_host *h)
{
	for (size_t i = 0; i < w->questions.n; i++) {
		struct walk_question q = w->questions.v[i];

		if (leads(z, &q))
			ask(w, z, h, q.q);
	}
	ask(w, z, h, (struct question){ z->apex, RR_SOA, CLASS_IN });
	ask(w, z, h, (struct question){ z->apex, RR_NS, CLASS_IN });
}

/*
 * Every name server's addresses are looked up: those without glue to get there, the others to
 * compare the glue. The root has no parent whose glue could be wrong.
 */
static void look_up(struct walk *w, struct walk_zone *z)
{
	for (size_t i = 0; i < z->ns.n; i++) {
		struct walk_ns *ns = &z->ns.v[i];

		if (!ns->lookup && (z->depth > 0 || !ns->glue.n))
			ns->lookup = walk_lookup_get(w, ns->name, !ns->glue.n, 0);
	}
}

static void sync_zone(struct walk *w, struct walk_zone *z)
{
	z->dirty = false;
	if (!walk_zone_main(w, z))
		return;
	for (size_t i = 0; i < z->servers.n; i++)
		ask_server(w, z, z->servers.v[i]);
	look_up(w, z);
}

/* Hands addresses of a name server to all zones that have it, or to those that lack glue for it. */
static void apply(
	struct walk *w, const struct name *ns, const struct reply_addrs *addrs, bool glueless)
{
	for (size_t i = 0; i < w->zones.n; i++) {
		struct walk_zone *z = w->zones.v[i];
		const struct walk_ns *mine = ns_find(z, ns);

		if (!mine || (glueless && mine->glue.n))
			continue;
		vec_each (struct addr, addr, *addrs)
			walk_zone_server(w, z, *addr);
	}
}

/*
 * The servers that could tell its addresses are silent. The glue of the zone in which its name lies
 * is then the next best: who cannot be reached there should at least be asked himself.
 */
static void borrow_glue(struct walk *w, const struct walk_lookup *l)
{
	for (size_t i = 0; i < w->zones.n; i++) {
		const struct walk_ns *other = ns_find(w->zones.v[i], l->name);

		if (other && other->glue.n)
			apply(w, l->name, &other->glue, true);
	}
}

static void apply_found(struct walk *w)
{
	for (size_t i = 0; i < w->lookups.n; i++) {
		struct walk_lookup *l = w->lookups.v[i];
		bool silence = false;

		for (size_t k = 0; k < ARRAY_LEN(l->goals); k++) {
			struct walk_goal *g = &l->goals[k];

			silence |= g->state != GOAL_FOUND && g->wide;
			if (g->state != GOAL_FOUND || g->applied)
				continue;
			g->applied = true;
			apply(w, l->name, &g->addrs, false);
		}
		if (silence)
			borrow_glue(w, l);
	}
}

void walk_zone_advance(struct walk *w)
{
	while (w->dirty) {
		w->dirty = false;
		walk_goal_advance(w);
		apply_found(w);
		for (size_t i = 0; i < w->zones.n; i++)
			if (w->zones.v[i]->dirty)
				sync_zone(w, w->zones.v[i]);
	}
}
