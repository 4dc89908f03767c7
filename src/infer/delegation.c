// SPDX-License-Identifier: GPL-3.0-or-later
// The two sides of the tested zone's delegation.
#include "infer/delegation.h"

#include "dns/rr.h"
#include "infer/descent.h"
#include "infer/resolve.h"

enum { NAMES = 64 }; /* of one set */

struct work {
	struct tree *t;
	struct delegation *d;
	const struct name *zone;
};

const struct ns_entry *ns_find(const struct ns_set *set, const struct name *name)
{
	vec_each (const struct ns_entry, ns, set->v)
		if (name_equal(ns->name, name))
			return ns;
	return NULL;
}

static struct ns_entry *ns_get(struct work *w, struct ns_set *set, const struct name *name)
{
	struct ns_entry *have = (struct ns_entry *)ns_find(set, name);

	if (!have && set->v.n >= NAMES)
		w->d->cut = true;
	if (have || set->v.n >= NAMES)
		return have;
	vec_push(w->t->arena, &set->v,
		(struct ns_entry){
			.name = tree_name(w->t, name),
			.in_bailiwick = name_under(name, w->zone),
		});
	return &set->v.v[set->v.n - 1];
}

static void add_addrs(struct work *w, struct ns_entry *ns, const struct reply_addrs *addrs)
{
	vec_each (const struct addr, addr, *addrs)
		reply_addr_add(w->t->arena, &ns->addrs, *addr);
}

/*
 * NS records of one reply, and address records that came along: what they say counts as an address
 * only for names in bailiwick.
 */
static void take_records(
	struct work *w, struct ns_set *set, const struct msg *m, enum msg_section section)
{
	struct reply_names names = { 0 };

	reply_ns(w->t->arena, m, (struct rr_wanted){ section, RR_NS, w->zone }, &names);
	w->d->cut |= names.n >= REPLY_NAMES;
	for (size_t i = 0; i < names.n; i++) {
		struct ns_entry *ns = ns_get(w, set, names.v[i]);

		if (!ns)
			continue;
		reply_addrs(w->t->arena, m, (struct rr_wanted){ MSG_ADDITIONAL, 0, ns->name },
			&ns->glue);
		if (ns->in_bailiwick)
			add_addrs(w, ns, &ns->glue);
	}
}

/* The addresses of names in bailiwick by a server that should know them; referrals are followed. */
static void ask_addrs(struct work *w, struct ns_entry *ns, const struct addr *server)
{
	static const uint16_t types[] = { RR_A, RR_AAAA };

	for (size_t i = 0; i < 2; i++) {
		const struct entry *e = tree_ask(w->t, server,
			&(struct tree_q){ ns->name, types[i], MANNER_PLAIN, w->zone });
		struct question q = { ns->name, types[i], CLASS_IN };
		const struct name *owner = ns->name;
		struct name target;

		w->d->pending |= e->state == ENTRY_PENDING;
		if (!e->msg || e->msg->rcode != RCODE_NOERROR)
			continue;
		if (reply_delegation(e->msg, w->zone, ns->name) ||
			(tree_is_authority(e->msg) && reply_alias(e->msg, &q, &target))) {
			const struct resolved *r = resolve(w->t, ns->name, types[i]);

			w->d->pending |= r->state == RESOLVE_PENDING;
			ns->alias |= r->aliases > 0;
			if (r->state != RESOLVE_FOUND)
				continue;
			e = r->entry;
			owner = r->name;
		} else if (!tree_is_authority(e->msg)) {
			continue;
		}
		reply_addrs(w->t->arena, e->msg, (struct rr_wanted){ MSG_ANSWER, types[i], owner },
			&ns->addrs);
	}
}

/* Get-OOB-IPs. */
static void look_up(struct work *w, struct ns_entry *ns)
{
	const struct resolved_addrs *r;
	bool given = false;

	vec_each (const struct tree_ns, g, w->t->plan->ns)
		if (g->name && name_equal(g->name, ns->name) && g->addr.family != ADDR_NONE) {
			reply_addr_add(w->t->arena, &ns->addrs, g->addr);
			given = true;
		}
	if (given)
		return;
	r = resolve_addrs(w->t, ns->name);
	w->d->pending |= resolve_addrs_pending(r);
	ns->alias |= r->alias;
	add_addrs(w, ns, &r->addrs);
}

static void look_up_others(struct work *w, struct ns_set *set)
{
	vec_each (struct ns_entry, ns, set->v)
		if (!ns->in_bailiwick)
			look_up(w, ns);
}

/* Get-Parent-NS-Names-and-IPs: a server that denies the child is none of the parent's here. */
static void find_parent(struct work *w)
{
	const struct descent *descended = descent(w->t);

	w->d->pending |= descended->pending;
	w->d->cut |= descended->cut;
	vec_each (const struct descent_step, s, descended->steps) {
		if (s->kind != DESCENT_SOA && s->kind != DESCENT_DELEGATION)
			continue;
		if (!w->d->parent.n)
			w->d->parent_zone = s->zone;
		servers_add(w->t->arena, &w->d->parent, &s->server);
	}
	if (!w->d->parent.n)
		w->d->parent_zone = descended->parent;
	w->d->parent_known = w->zone->len == 1 || tree_undelegated(w->t) || w->d->parent.n;
}

/* A delegation that was given, or the hints of the root. */
static void take_given(struct work *w, const struct tree_ns *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct ns_entry *ns = v[i].name ? ns_get(w, &w->d->del, v[i].name) : NULL;

		if (!ns || v[i].addr.family == ADDR_NONE)
			continue;
		reply_addr_add(w->t->arena, &ns->glue, v[i].addr);
		if (ns->in_bailiwick)
			reply_addr_add(w->t->arena, &ns->addrs, v[i].addr);
	}
	w->d->del.known = true;
}

/* A server of the parent answers for the child itself. */
static void take_answer(struct work *w, struct ns_set *set, const struct entry *e)
{
	take_records(w, set, e->msg, MSG_ANSWER);
	vec_each (struct ns_entry, ns, set->v) {
		if (!ns->in_bailiwick || ns->addrs.n)
			continue;
		ask_addrs(w, ns, &e->server);
		vec_each (const struct addr, addr, ns->addrs)
			reply_addr_add(w->t->arena, &ns->glue, *addr);
	}
}

static void take_referral(struct work *w, const struct entry *e)
{
	take_records(w, &w->d->del, e->msg, MSG_AUTHORITY);
	if (!w->d->referral)
		w->d->referral = e;
}

/* Get-Delegation. */
static void find_delegation(struct work *w)
{
	const struct tree_plan *plan = w->t->plan;
	struct ns_set answers = { .known = true };
	struct servers parents = servers_by_addr(w->t->arena, &w->d->parent);

	if (tree_undelegated(w->t)) {
		take_given(w, plan->ns.v, plan->ns.n);
		return;
	}
	if (w->zone->len == 1) {
		take_given(w, plan->roots.v, plan->roots.n);
		return;
	}
	if (!w->d->parent.n)
		return;
	w->d->del.known = true;
	vec_each (const struct server, s, parents) {
		const struct entry *e = tree_ask(w->t, &s->addr,
			&(struct tree_q){ w->zone, RR_NS, MANNER_PLAIN, w->d->parent_zone });

		w->d->pending |= e->state == ENTRY_PENDING;
		if (tree_is_referral(e->msg, w->zone))
			take_referral(w, e);
		else if (tree_is_authority(e->msg) && tree_answers(e->msg, w->zone, RR_NS))
			take_answer(w, &answers, e);
	}
	if (!w->d->del.v.n)
		w->d->del = answers;
}

/* Get-Zone-NS-Names, Get-IB-Addr-in-Zone. */
static void find_child(struct work *w)
{
	w->d->child.known = w->d->del.known;
	vec_each (const struct server, s, w->d->del_ips) {
		const struct entry *e = tree_ask(
			w->t, &s->addr, &(struct tree_q){ w->zone, RR_NS, MANNER_PLAIN, w->zone });
		struct reply_names names = { 0 };

		w->d->pending |= e->state == ENTRY_PENDING;
		if (!e->msg || !(e->msg->flags & FLAG_AA))
			continue;
		reply_ns(w->t->arena, e->msg, (struct rr_wanted){ MSG_ANSWER, RR_NS, w->zone },
			&names);
		w->d->cut |= names.n >= REPLY_NAMES;
		for (size_t i = 0; i < names.n; i++)
			ns_get(w, &w->d->child, names.v[i]);
	}
	vec_each (struct ns_entry, ns, w->d->child.v)
		if (ns->in_bailiwick)
			vec_each (const struct server, s, w->d->del_ips)
				ask_addrs(w, ns, &s->addr);
}

static void add_pairs(struct work *w, const struct ns_set *set, struct servers *ret_ips)
{
	struct servers pairs = { 0 };

	vec_each (const struct ns_entry, ns, set->v)
		vec_each (const struct addr, addr, ns->addrs) {
			struct server s = { ns->name, *addr };

			w->d->cut |= !servers_add(w->t->arena, &pairs, &s);
			w->d->cut |= !servers_add(w->t->arena, &w->d->pairs, &s);
		}
	*ret_ips = servers_by_addr(w->t->arena, &pairs);
}

const struct delegation *delegation(struct tree *t)
{
	struct work w = { .t = t, .zone = t->plan->zone };

	if (t->delegation)
		return t->delegation;
	w.d = arena_alloc(t->arena, sizeof(*w.d));
	t->delegation = w.d;
	find_parent(&w);
	find_delegation(&w);
	look_up_others(&w, &w.d->del);
	add_pairs(&w, &w.d->del, &w.d->del_ips);
	find_child(&w);
	look_up_others(&w, &w.d->child);
	add_pairs(&w, &w.d->child, &w.d->child_ips);
	w.d->all = servers_by_addr(t->arena, &w.d->pairs);
	return w.d;
}
