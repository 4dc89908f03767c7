// SPDX-License-Identifier: GPL-3.0-or-later
// The way down to the tested zone over every server of every zone on it, label by label.
#include "infer/descent.h"

#include "dns/rr.h"
#include "infer/resolve.h"

enum { STEPS = 256 }; /* servers of zones, in all */

/* A server that is still to be asked, or was. */
struct station {
	struct server server;
	const struct name *zone;
};

struct work {
	struct tree *t;
	struct descent *d;
	const struct name *child;
	struct VEC(struct station) queue;
};

/* Each address is asked for a zone once; another name of it counts for the parent's list. */
static void visit(struct work *w, const struct server *s, const struct name *zone)
{
	size_t servers = 0;

	vec_each (const struct station, have, w->queue) {
		if (!name_equal(have->zone, zone))
			continue;
		servers++;
		if (addr_equal(&have->server.addr, &s->addr) &&
			(have->server.ns == s->ns ||
				(have->server.ns && s->ns && name_equal(have->server.ns, s->ns))))
			return;
	}
	if (servers < TREE_SERVERS && w->queue.n < STEPS)
		vec_push(w->t->arena, &w->queue, (struct station){ *s, zone });
	else
		w->d->cut = true;
}

/* The root's servers are given: their names need no look-up. */
static bool given(struct work *w, const struct name *ns, const struct name *zone)
{
	bool any = false;

	vec_each (const struct tree_ns, root, w->t->plan->roots)
		if (root->name && name_equal(root->name, ns) && root->addr.family != ADDR_NONE) {
			visit(w, &(struct server){ ns, root->addr }, zone);
			any = true;
		}
	return any;
}

/* Servers that the records name, by the additional section or else a look-up. */
static void visit_all(
	struct work *w, const struct msg *m, enum msg_section section, const struct name *zone)
{
	struct reply_names names = { 0 };

	reply_ns(w->t->arena, m, (struct rr_wanted){ section, RR_NS, zone }, &names);
	for (size_t i = 0; i < names.n; i++) {
		const struct name *ns = tree_name(w->t, names.v[i]);
		struct reply_addrs addrs = { 0 };

		reply_addrs(w->t->arena, m, (struct rr_wanted){ MSG_ADDITIONAL, 0, ns }, &addrs);
		if (!addrs.n && !given(w, ns, zone)) {
			const struct resolved_addrs *r = resolve_addrs(w->t, ns);

			addrs = r->addrs;
			w->d->pending |= resolve_addrs_pending(r);
		}
		vec_each (const struct addr, addr, addrs)
			visit(w, &(struct server){ ns, *addr }, zone);
	}
}

/* What is known of one server while it is asked. */
struct asking {
	struct work *w;
	struct station at;
	const struct entry *e;
	uint16_t qtype;
	const struct name *qname;
};

static const struct entry *ask(struct asking *a, const struct name *qname, uint16_t qtype)
{
	a->qname = qname;
	a->qtype = qtype;
	a->e = tree_ask(a->w->t, &a->at.server.addr,
		&(struct tree_q){ qname, qtype, MANNER_PLAIN, a->at.zone });
	return a->e;
}

static bool parental(enum descent_kind kind)
{
	return kind >= DESCENT_SOA && kind <= DESCENT_DNAME;
}

static void note(struct asking *a, enum descent_kind kind, const struct name *target)
{
	struct descent *d = a->w->d;

	if (a->e && a->e->state == ENTRY_PENDING)
		kind = DESCENT_PENDING;
	d->pending |= kind == DESCENT_PENDING;
	vec_push(a->w->t->arena, &d->steps,
		(struct descent_step){
			.server = a->at.server,
			.zone = a->at.zone,
			.kind = kind,
			.qname = a->qname,
			.qtype = a->qtype,
			.entry = a->e,
			.target = target,
		});
	if (!parental(kind))
		return;
	if (!d->parent_found)
		d->parent = a->at.zone;
	d->parent_found = true;
}

/* Exactly one SOA of that name, with authority. */
static bool has_soa(const struct msg *m, const struct name *zone)
{
	return tree_is_authority(m) && tree_answers(m, zone, RR_SOA) == 1 &&
	       msg_count(m, (struct rr_wanted){ MSG_ANSWER, RR_SOA, NULL }) == 1;
}

/* NS records, all of that name, with authority. */
static bool has_ns(const struct msg *m, const struct name *zone)
{
	return tree_is_authority(m) && tree_answers(m, zone, RR_NS) > 0 &&
	       msg_count(m, (struct rr_wanted){ MSG_ANSWER, RR_NS, NULL }) ==
		       tree_answers(m, zone, RR_NS);
}

static const struct name *target_of(struct work *w, const struct msg *m, uint16_t type)
{
	const struct rr *rr = msg_find(m, (struct rr_wanted){ MSG_ANSWER, type, w->child });
	struct name target;

	if (!rr || msg_rdata_name(m, rr, &target, NULL) < 0)
		return NULL;
	return tree_name(w->t, &target);
}

/* The child's name has records of no kind that was asked for: an alias, a DNAME, or nothing. */
static void look_at_nodata(struct asking *a)
{
	const struct name *target;

	if (tree_answers(a->e->msg, a->w->child, RR_CNAME)) {
		note(a, DESCENT_CNAME, target_of(a->w, a->e->msg, RR_CNAME));
		return;
	}
	ask(a, a->w->child, RR_DNAME);
	target = tree_is_authority(a->e->msg) ? target_of(a->w, a->e->msg, RR_DNAME) : NULL;
	note(a, target ? DESCENT_DNAME : DESCENT_NODATA, target);
}

/* A server of the zone is a server of the zone below, too: true when the way goes on with it. */
static bool enter(struct asking *a, const struct name *below)
{
	const struct entry *e = ask(a, below, RR_NS);

	if (!has_ns(e->msg, below)) {
		note(a, DESCENT_ERROR, NULL);
		return false;
	}
	visit_all(a->w, e->msg, MSG_ANSWER, below);
	a->at.zone = below;
	return true;
}

/* An alias of the child, with a referral for who wants to follow it. */
static bool is_alias_referral(const struct msg *m, const struct name *child)
{
	return m->rcode == RCODE_NOERROR && !(m->flags & FLAG_AA) &&
	       tree_answers(m, child, RR_CNAME) &&
	       msg_count(m, (struct rr_wanted){ MSG_AUTHORITY, RR_NS, NULL }) > 0;
}

/* What the reply to the SOA of that name is, in the order of the procedure. */
static enum descent_kind kind_of(const struct msg *m, const struct name *at, bool last)
{
	if (!m)
		return DESCENT_ERROR;
	if (has_soa(m, at))
		return DESCENT_SOA;
	if (m->rcode == RCODE_NXDOMAIN && (m->flags & FLAG_AA))
		return DESCENT_NXDOMAIN;
	if (tree_is_referral(m, at))
		return DESCENT_DELEGATION;
	if (tree_is_authority(m))
		return DESCENT_NODATA;
	return last && is_alias_referral(m, at) ? DESCENT_CNAME_REFERRAL : DESCENT_ERROR;
}

/* A referral is a zone further up, or the child's own. */
static void refer(struct asking *a, const struct name *at, bool last)
{
	resolve_learn(a->w->t, resolve_deepest(a->w->t, a->at.zone), a->e, at);
	if (!last)
		visit_all(a->w, a->e->msg, MSG_AUTHORITY, at);
	note(a, last ? DESCENT_DELEGATION : DESCENT_ABOVE, NULL);
}

/* Looks at the reply to the SOA of that name; true when the next label is to be asked for. */
static bool look(struct asking *a, const struct name *at)
{
	bool last = name_equal(at, a->w->child);
	enum descent_kind kind = kind_of(a->e->msg, at, last);

	if (kind == DESCENT_SOA && !last)
		return enter(a, at);
	if (kind == DESCENT_NODATA && !last)
		return true;
	if (kind == DESCENT_NODATA)
		look_at_nodata(a);
	else if (kind == DESCENT_DELEGATION)
		refer(a, at, last);
	else
		note(a, kind,
			kind == DESCENT_CNAME_REFERRAL ? target_of(a->w, a->e->msg, RR_CNAME)
						       : NULL);
	return false;
}

/* Down from the server's zone, a label at a time. */
static void go_down(struct asking *a)
{
	const struct name *child = a->w->child;

	for (unsigned int n = name_labels(a->at.zone) + 1; n <= name_labels(child); n++) {
		struct name at = name_suffix(child, n);
		const struct name *kept = tree_name(a->w->t, &at);

		ask(a, kept, RR_SOA);
		if (!look(a, kept))
			return;
	}
}

/* The same address for the same zone under another name: it is what it was found to be. */
static bool repeat(struct work *w, const struct station *at)
{
	vec_each (const struct descent_step, s, w->d->steps)
		if (addr_equal(&s->server.addr, &at->server.addr)) {
			struct descent_step same = *s;

			if (!name_equal(s->zone, at->zone))
				continue;
			same.server = at->server;
			vec_push(w->t->arena, &w->d->steps, same);
			return true;
		}
	return false;
}

static void ask_station(struct work *w, struct station at)
{
	struct asking a = { .w = w, .at = at };
	struct name first = name_suffix(w->child, name_labels(at.zone) + 1);
	const struct entry *soa, *ns;

	if (repeat(w, &at))
		return;
	/* All three at once: each will be needed if the server is what it should be. */
	ask(&a, tree_name(w->t, &first), RR_SOA);
	ns = ask(&a, at.zone, RR_NS);
	soa = ask(&a, at.zone, RR_SOA);
	if (!has_soa(soa->msg, at.zone)) {
		note(&a, DESCENT_ERROR, NULL);
		return;
	}
	ask(&a, at.zone, RR_NS);
	if (!has_ns(ns->msg, at.zone)) {
		note(&a, DESCENT_ERROR, NULL);
		return;
	}
	visit_all(w, ns->msg, MSG_ANSWER, at.zone);
	go_down(&a);
}

static struct descent_zone *zone_get(struct work *w, const struct name *apex)
{
	vec_each (struct descent_zone, z, w->d->zones)
		if (name_equal(z->apex, apex))
			return z;
	vec_push(w->t->arena, &w->d->zones, (struct descent_zone){ .apex = apex });
	return &w->d->zones.v[w->d->zones.n - 1];
}

static void list_zones(struct work *w)
{
	vec_each (const struct station, at, w->queue)
		servers_add(w->t->arena, &zone_get(w, at->zone)->servers, &at->server);
}

const struct descent *descent(struct tree *t)
{
	struct work w = { .t = t, .child = t->plan->zone };

	if (t->descent)
		return t->descent;
	w.d = arena_alloc(t->arena, sizeof(*w.d));
	t->descent = w.d;
	if (w.child->len == 1 || tree_undelegated(t))
		return w.d;
	vec_each (const struct tree_ns, root, t->plan->roots)
		if (root->addr.family != ADDR_NONE)
			visit(&w, &(struct server){ root->name, root->addr }, &name_root);
	for (size_t i = 0; i < w.queue.n; i++)
		ask_station(&w, w.queue.v[i]);
	list_zones(&w);
	return w.d;
}
