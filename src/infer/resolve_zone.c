// SPDX-License-Identifier: GPL-3.0-or-later
// The zones that look-ups come by: given ones, and those that referrals lead to.
#include "infer/resolve_inner.h"

#include "dns/rr.h"

enum { ZONES = 512 }; /* that look-ups may come by */

static struct resolve_zone *zone_add(
	struct tree *t, const struct name *apex, const struct resolve_zone *parent)
{
	struct resolve_zone *z;

	if (t->resolved->zones.n >= ZONES)
		return NULL;
	z = arena_alloc(t->arena, sizeof(*z));
	z->apex = tree_name(t, apex);
	z->parent = parent;
	vec_push(t->arena, &t->resolved->zones, z);
	return z;
}

static void ns_add(struct tree *t, struct reply_names *list, const struct name *name)
{
	for (size_t i = 0; i < list->n; i++)
		if (name_equal(list->v[i], name))
			return;
	if (list->n < REPLY_NAMES)
		vec_push(t->arena, list, tree_name(t, name));
}

static void add_given(struct tree *t, struct resolve_zone *z, const struct tree_ns *ns)
{
	if (ns->name)
		ns_add(t, &z->ns, ns->name);
	if (ns->addr.family != ADDR_NONE)
		servers_add(t->arena, &z->servers,
			&(struct server){ ns->name ? tree_name(t, ns->name) : NULL, ns->addr });
}

static bool has_server(const struct resolve_zone *z, const struct name *ns)
{
	vec_each (const struct server, s, z->servers)
		if (s->ns && name_equal(s->ns, ns))
			return true;
	return false;
}

static void note_glueless(struct tree *t, struct resolve_zone *z)
{
	for (size_t i = 0; i < z->ns.n; i++)
		if (!has_server(z, z->ns.v[i]))
			ns_add(t, &z->glueless, z->ns.v[i]);
}

/* The root, and the tested zone when its delegation was given. */
struct resolve_memo *resolve_memo(struct tree *t)
{
	struct resolve_zone *root, *child;

	if (t->resolved)
		return t->resolved;
	t->resolved = arena_alloc(t->arena, sizeof(*t->resolved));
	t->resolved->rows.arena = t->resolved->addrs.arena = t->arena;
	root = zone_add(t, &name_root, NULL);
	vec_each (const struct tree_ns, ns, t->plan->roots)
		add_given(t, root, ns);
	if (!tree_undelegated(t))
		return t->resolved;
	child = t->plan->zone->len == 1 ? root : zone_add(t, t->plan->zone, root);
	vec_each (const struct tree_ns, ns, t->plan->ns)
		add_given(t, child, ns);
	note_glueless(t, child);
	return t->resolved;
}

struct resolve_zone *resolve_deepest(struct tree *t, const struct name *name)
{
	struct resolve_memo *m = resolve_memo(t);
	struct resolve_zone *best = m->zones.v[0];

	for (size_t i = 1; i < m->zones.n; i++)
		if (name_under(name, m->zones.v[i]->apex) &&
			name_labels(m->zones.v[i]->apex) > name_labels(best->apex))
			best = m->zones.v[i];
	return best;
}

static struct resolve_zone *zone_find(struct tree *t, const struct name *apex)
{
	struct resolve_zone *z = resolve_deepest(t, apex);

	return name_equal(z->apex, apex) ? z : NULL;
}

static void take_glue(
	struct tree *t, struct resolve_zone *z, const struct msg *m, const struct name *ns)
{
	struct reply_addrs glue = { 0 };

	reply_addrs(t->arena, m, (struct rr_wanted){ MSG_ADDITIONAL, 0, ns }, &glue);
	vec_each (struct addr, addr, glue)
		servers_add(t->arena, &z->servers, &(struct server){ tree_name(t, ns), *addr });
}

struct resolve_zone *resolve_learn(struct tree *t, struct resolve_zone *parent,
	const struct entry *e, const struct name *qname)
{
	const struct name *below = reply_delegation(e->msg, parent->apex, qname);
	struct reply_names names = { 0 };
	struct resolve_zone *z;

	if (!below)
		return NULL;
	z = zone_find(t, below);
	if (z)
		return z;
	z = zone_add(t, below, parent);
	if (!z)
		return NULL;
	z->referral = e;
	reply_ns(t->arena, e->msg, (struct rr_wanted){ MSG_AUTHORITY, RR_NS, below }, &names);
	for (size_t i = 0; i < names.n; i++) {
		ns_add(t, &z->ns, names.v[i]);
		take_glue(t, z, e->msg, names.v[i]);
	}
	note_glueless(t, z);
	return z;
}
