// SPDX-License-Identifier: GPL-3.0-or-later
// Puts the delegation tree together: zones, NS sets of both sides, glue, addresses, servers.
#include "infer/cut_inner.h"

#include <stdlib.h>

#include "dns/rr.h"

enum { ALIAS_STEPS = 8, SERVERS = 64 };

struct cut_zone *cut_deepest(const struct cut_tree *t, const struct name *n)
{
	struct cut_zone *best = NULL;

	/* Parents stand before children. */
	vec_each (struct cut_zone, z, t->zones)
		if (name_under(n, z->apex))
			best = z;
	return best;
}

static struct cut_zone *zone_find(const struct cut_tree *t, const struct name *apex)
{
	vec_each (struct cut_zone, z, t->zones)
		if (name_equal(z->apex, apex))
			return z;
	return NULL;
}

static void zone_add(struct cut_work *w, const struct name *apex)
{
	if (!zone_find(w->tree, apex))
		vec_push(w->arena, &w->tree->zones,
			(struct cut_zone){
				.apex = apex,
				.parent = -1,
				.parent_evidence = SIZE_MAX,
				.child_evidence = SIZE_MAX,
			});
}

/* The zone below the one that the server was asked for, to which its reply refers. */
static const struct name *referral(const struct seen *s)
{
	if (!s->msg || !s->zone)
		return NULL;
	return reply_delegation(s->msg, s->zone, s->question.name);
}

static int by_depth(const void *x, const void *y)
{
	const struct cut_zone *a = x, *b = y;
	unsigned int la = name_labels(a->apex), lb = name_labels(b->apex);

	return la != lb ? (la < lb ? -1 : 1) : name_compare(a->apex, b->apex);
}

/* Zones are what servers were asked for and what they refer to. */
static void find_zones(struct cut_work *w)
{
	struct cut_tree *t = w->tree;

	vec_each (struct seen_host, h, w->hosts) {
		vec_each (struct seen, s, h->v) {
			const struct name *below = referral(s);

			if (s->zone)
				zone_add(w, s->zone);
			if (below)
				zone_add(w, below);
		}
	}
	if (!t->zones.n)
		return;
	qsort(t->zones.v, t->zones.n, sizeof(*t->zones.v), by_depth);
	for (size_t i = 1; i < t->zones.n; i++) {
		struct cut_zone *z = &t->zones.v[i];

		for (size_t k = 0; k < i; k++)
			if (name_under(z->apex, t->zones.v[k].apex))
				z->parent = (int)k;
	}
}

static struct cut_ns *ns_get(struct cut_work *w, struct cut_zone *z, const struct name *name)
{
	vec_each (struct cut_ns, ns, z->ns)
		if (name_equal(ns->name, name))
			return ns;
	/* Each side's set is bounded; so the two together are. */
	vec_push(w->arena, &z->ns,
		(struct cut_ns){
			.name = name,
			.needs_glue = name_under(name, z->apex),
			.glue_evidence = SIZE_MAX,
			.addrs_evidence = SIZE_MAX,
		});
	return &z->ns.v[z->ns.n - 1];
}

static void take_glue(struct cut_work *w, struct cut_ns *ns, const struct seen *s)
{
	size_t before = ns->glue.n;

	reply_addrs(w->arena, s->msg, (struct rr_wanted){ MSG_ADDITIONAL, 0, ns->name }, &ns->glue);
	if (ns->glue.n > before || ns->glue_evidence == SIZE_MAX)
		ns->glue_evidence = s->index;
}

/* The parent's side: a referral. */
static void take_parent(struct cut_work *w, const struct seen *s)
{
	const struct name *below = referral(s);
	struct cut_zone *z = below ? zone_find(w->tree, below) : NULL;
	struct reply_names names = { 0 };

	if (!z)
		return;
	/* A truncated referral leads on, but does not show the whole set. */
	z->parent_ns_known |= !(s->msg->flags & FLAG_TC);
	if (z->parent_evidence == SIZE_MAX)
		z->parent_evidence = s->index;
	reply_ns(w->arena, s->msg, (struct rr_wanted){ MSG_AUTHORITY, RR_NS, z->apex }, &names);
	for (size_t i = 0; i < names.n && z->ns.n < 2 * REPLY_NAMES; i++) {
		struct cut_ns *ns = ns_get(w, z, names.v[i]);

		ns->in_parent = true;
		take_glue(w, ns, s);
	}
}

/* The zone's own side: an authoritative answer for its NS set. */
static void take_child(struct cut_work *w, const struct seen *s)
{
	struct cut_zone *z =
		s->question.type == RR_NS ? zone_find(w->tree, s->question.name) : NULL;
	struct reply_names names = { 0 };

	if (!z || !s->msg || !reply_authority(s->msg) || (s->msg->flags & FLAG_TC))
		return;
	reply_ns(w->arena, s->msg, (struct rr_wanted){ MSG_ANSWER, RR_NS, z->apex }, &names);
	if (!names.n)
		return;
	z->child_ns_known = true;
	if (z->child_evidence == SIZE_MAX)
		z->child_evidence = s->index;
	for (size_t i = 0; i < names.n && z->ns.n < 2 * REPLY_NAMES; i++) {
		struct cut_ns *ns = ns_get(w, z, names.v[i]);

		ns->in_child = true;
		/* Nobody is above the root: its own additional section leads (RFC 8109 3). */
		if (z->apex->len == 1)
			take_glue(w, ns, s);
	}
}

/* An authority's word on the addresses of a name, one type. */
struct asked_addr {
	struct name name; /* moves along aliases */
	uint16_t type;
	bool found;
	size_t index;
};

/* true when an authority answered; the name has moved when the answer is an alias. */
static bool ask_addr(struct cut_work *w, struct asked_addr *x, struct reply_addrs *ret)
{
	bool found = false, alias = false;
	struct name next;

	vec_each (struct seen_host, h, w->hosts) {
		const struct seen *s = seen_find(h, &x->name, x->type);

		if (!s || !s->msg || !reply_authority(s->msg) || referral(s))
			continue;
		found = true;
		x->index = s->index;
		alias |= reply_alias(s->msg, &s->question, &next);
		reply_addrs(
			w->arena, s->msg, (struct rr_wanted){ MSG_ANSWER, x->type, &x->name }, ret);
	}
	if (alias)
		x->name = next;
	x->found = found && !alias;
	return alias;
}

static bool resolve(struct cut_work *w, struct cut_ns *ns, uint16_t type)
{
	struct asked_addr x = { .name = *ns->name, .type = type };
	size_t before = ns->addrs.n;
	unsigned int step = 0;

	while (step < ALIAS_STEPS && ask_addr(w, &x, &ns->addrs))
		step++;
	if (x.found && (ns->addrs.n > before || ns->addrs_evidence == SIZE_MAX))
		ns->addrs_evidence = x.index;
	return x.found;
}

static struct cut_server *server_get(struct cut_work *w, struct cut_zone *z, struct addr addr)
{
	vec_each (struct cut_server, s, z->servers)
		if (addr_equal(&s->addr, &addr))
			return s;
	if (z->servers.n >= SERVERS)
		return NULL;
	vec_push(w->arena, &z->servers,
		(struct cut_server){
			.addr = addr,
			.meaning = MEANS_UNREADABLE,
			.evidence = SIZE_MAX,
			.reply_evidence = SIZE_MAX,
		});
	return &z->servers.v[z->servers.n - 1];
}

static void add_servers(struct cut_work *w, struct cut_zone *z, const struct cut_ns *ns)
{
	const struct reply_addrs *lists[] = { &ns->glue, &ns->addrs };

	for (size_t i = 0; i < 2; i++) {
		vec_each (struct addr, addr, *lists[i]) {
			struct cut_server *s = server_get(w, z, *addr);

			if (!s)
				continue;
			if (!s->ns)
				s->ns = ns->name;
			/* The parent leads to its glue, and elsewhere only without any. */
			s->from_parent |= ns->in_parent && (i == 0 || !ns->glue.n);
			s->from_child |= ns->in_child && (i == 1 || z->apex->len == 1);
		}
	}
}

static void add_server(
	struct cut_work *w, struct cut_zone *z, const struct cut_ns *ns, const struct addr *addr)
{
	struct cut_server *s = server_get(w, z, *addr);

	if (!s)
		return;
	if (!s->ns)
		s->ns = ns->name;
	s->from_parent |= ns->in_parent;
	s->from_child |= ns->in_child;
}

/*
 * No authority said where this name server is and no glue came with it: what another zone's
 * delegation gives for the same name is the next best.
 */
static void borrow_glue(struct cut_work *w, struct cut_zone *z, const struct cut_ns *ns)
{
	vec_each (struct cut_zone, other, w->tree->zones)
		vec_each (struct cut_ns, same, other->ns) {
			if (other == z || ns->glue.n || !name_equal(same->name, ns->name))
				continue;
			vec_each (struct addr, addr, same->glue)
				if (addr->family == ADDR_V4 ? !ns->resolved_v4 : !ns->resolved_v6)
					add_server(w, z, ns, addr);
		}
}

static bool asked_for(const struct seen_host *h, const struct name *apex)
{
	vec_each (struct seen, s, h->v)
		if (s->zone && name_equal(s->zone, apex))
			return true;
	return false;
}

/* The server gave a reply that only one of the zone's own servers gives. */
static bool proves(const struct seen_host *h, const struct name *apex)
{
	vec_each (struct seen, s, h->v)
		if (seen_speaks_for(s, apex))
			return true;
	return false;
}

static void find_servers(struct cut_work *w, struct cut_zone *z)
{
	vec_each (struct cut_ns, ns, z->ns) {
		ns->resolved_v4 = resolve(w, ns, RR_A);
		ns->resolved_v6 = resolve(w, ns, RR_AAAA);
		ns->resolved = ns->resolved_v4 || ns->resolved_v6;
		add_servers(w, z, ns);
		borrow_glue(w, z, ns);
	}
	/* Hints, and servers of the parent that answer for the zone as well. */
	vec_each (struct seen_host, h, w->hosts) {
		bool root = z->apex->len == 1;
		struct cut_server *s = NULL;

		if (asked_for(h, z->apex) && (root || proves(h, z->apex)))
			s = server_get(w, z, h->addr);
		if (s && root)
			s->from_parent = true;
	}
}

static void count(struct cut_work *w)
{
	for (size_t i = 0; i < w->facts->n; i++) {
		const struct observation *o = w->facts->v[i];

		if (o->ask.role != ROLE_WALK || o->outcome == OUTCOME_NOT_SENT ||
			o->outcome == OUTCOME_LATE || o->outcome == OUTCOME_STRAY)
			continue;
		w->tree->queries++;
		w->tree->silent += observation_silent(o);
	}
}

const struct cut_tree *cut_tree(struct arena *a, const struct facts *f)
{
	struct cut_tree *t = arena_alloc(a, sizeof(*t));
	struct cut_work w = { .arena = a, .facts = f, .tree = t };

	*t = (struct cut_tree){ .last = -1, .meaning = MEANS_UNREADABLE, .end = f->question.name };
	w.hosts = seen_collect(a, f);
	count(&w);
	find_zones(&w);
	vec_each (struct seen_host, h, w.hosts) {
		vec_each (struct seen, s, h->v) {
			take_parent(&w, s);
			take_child(&w, s);
		}
	}
	vec_each (struct cut_zone, z, t->zones)
		find_servers(&w, z);
	cut_judge(&w);
	return t;
}
