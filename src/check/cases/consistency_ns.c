// SPDX-License-Identifier: GPL-3.0-or-later
// Do all servers give the same NS records, and do glue and zone give the same addresses.
#include "check/cases/consistency_ns.h"

#include "base/err.h"
#include "dns/rr.h"
#include "infer/resolve.h"

/* A server's NS records. */
struct listed {
	const struct entry *e;
	size_t records;
	struct reply_names names;
	uint32_t ttl;
};
struct listed_list VEC(struct listed);

static struct listed read_ns(struct cases *c, const struct entry *e)
{
	struct rr_wanted w = { MSG_ANSWER, RR_NS, c->zone };
	struct listed l = { .e = e, .records = msg_count(e->msg, w) };

	reply_ns(c->arena, e->msg, w, &l.names);
	if (l.records)
		l.ttl = msg_find(e->msg, w)->ttl;
	return l;
}

static bool contains(const struct reply_names *list, const struct name *n)
{
	for (size_t i = 0; i < list->n; i++)
		if (name_equal(list->v[i], n))
			return true;
	return false;
}

/* Number, TTL and targets: owner and class are the same by what was read. */
static bool same_set(const struct listed *a, const struct listed *b)
{
	if (a->records != b->records || a->ttl != b->ttl || a->names.n != b->names.n)
		return false;
	for (size_t i = 0; i < a->names.n; i++)
		if (!contains(&b->names, a->names.v[i]))
			return false;
	return true;
}

static struct listed_list ask_ns(struct cases *c)
{
	struct heard silent = { 0 }, without = { 0 };
	struct listed_list list = { 0 };

	vec_each (const struct server, s, c->del->all) {
		const struct entry *e = cases_ask(c, s, &(struct cases_q){ .type = RR_NS });

		if (e->state == ENTRY_SILENT)
			vec_push(c->arena, &silent, e);
		if (!e->msg)
			continue;
		if ((e->msg->flags & FLAG_AA) && tree_answers(e->msg, c->zone, RR_NS))
			vec_push(c->arena, &list, read_ns(c, e));
		else
			vec_push(c->arena, &without, e);
	}
	cases_emit_heard(c, TAG_NO_RESPONSE, &silent);
	cases_emit_heard(c, TAG_NO_RESPONSE_NS_QUERY, &without);
	return list;
}

static struct heard who_lists(
	struct cases *c, const struct listed_list *all, const struct listed *set)
{
	struct heard list = { 0 };

	vec_each (const struct listed, l, *all)
		if (!set || same_set(l, set))
			vec_push(c->arena, &list, l->e);
	return list;
}

static void tell_set(
	struct cases *c, enum tag tag, const struct listed_list *all, const struct listed *set)
{
	struct heard who = who_lists(c, all, set);
	struct finding *x = cases_emit_heard(c, tag, &who);

	cases_names(c, x, "names", &set->names);
	cases_int(c, x, "ttl", set->ttl);
}

void consistency_ns_sets(struct cases *c)
{
	struct listed_list all = ask_ns(c), sets = { 0 };
	struct heard everyone = who_lists(c, &all, NULL);

	vec_each (const struct listed, l, all) {
		bool have = false;

		vec_each (const struct listed, set, sets)
			have |= same_set(set, l);
		if (!have)
			vec_push(c->arena, &sets, *l);
	}
	if (sets.n == 1) {
		tell_set(c, TAG_ONE_NS_SET, &all, &sets.v[0]);
	} else if (sets.n) {
		cases_int(c, cases_emit_heard(c, TAG_MULTIPLE_NS_SET, &everyone), "count", sets.n);
		vec_each (const struct listed, set, sets)
			tell_set(c, TAG_NS_SET, &all, set);
	}
}

/* Names in the zone, with addresses by the zone's own servers; consistency05's working state. */
struct glue {
	struct cases *c;
	struct servers parent, child; /* pairs of name and address */
	struct heard silent, failed;
	bool differs;
};

/* What one server says of one name and type: the address that the zone itself gives. */
static bool take_addrs(struct glue *g, const struct ns_entry *ns, const struct entry *e)
{
	uint16_t type = e->question->type;
	const struct msg *m = e->msg;
	struct reply_addrs addrs = { 0 };

	if (!(m->flags & FLAG_AA) && reply_delegation(m, g->c->zone, ns->name)) {
		const struct resolved *r = resolve(g->c->tree, ns->name, type);

		if (r->state != RESOLVE_FOUND || r->aliases)
			return true;
		m = r->entry->msg;
	} else if (!(m->flags & FLAG_AA) ||
		   (m->rcode != RCODE_NOERROR && m->rcode != RCODE_NXDOMAIN)) {
		vec_push(g->c->arena, &g->failed, e);
		return false;
	} else if (m->rcode == RCODE_NXDOMAIN) {
		return true;
	}
	reply_addrs(g->c->arena, m, (struct rr_wanted){ MSG_ANSWER, type, ns->name }, &addrs);
	vec_each (const struct addr, addr, addrs)
		servers_add(g->c->arena, &g->child, &(struct server){ ns->name, *addr });
	return true;
}

/* How a name fared over all servers. */
enum fare { UNASKED, FAILED, KNOWN };

static enum fare ask_name(struct glue *g, const struct ns_entry *ns)
{
	static const uint16_t types[] = { RR_A, RR_AAAA };
	enum fare fare = UNASKED;

	vec_each (const struct server, s, g->c->del->all)
		for (size_t i = 0; i < ARRAY_LEN(types); i++) {
			const struct entry *e = cases_ask(
				g->c, s, &(struct cases_q){ .type = types[i], .name = ns->name });
			enum fare one = UNASKED;

			if (e->msg)
				one = take_addrs(g, ns, e) ? KNOWN : FAILED;
			else if (e->state != ENTRY_UNSENT)
				one = FAILED;
			if (e->state == ENTRY_SILENT)
				vec_push(g->c->arena, &g->silent, e);
			if (one > fare)
				fare = one;
		}
	return fare;
}

/* Asks for the names in bailiwick of both sides: the worst that became of one of them. */
static enum fare ask_names(struct glue *g)
{
	const struct ns_set *sets[] = { &g->c->del->del, &g->c->del->child };
	enum fare worst = KNOWN;

	for (size_t i = 0; i < ARRAY_LEN(sets); i++)
		vec_each (const struct ns_entry, ns, sets[i]->v) {
			enum fare fare;

			if (!ns->in_bailiwick || (i && ns_find(sets[0], ns->name)))
				continue;
			fare = ask_name(g, ns);
			if (fare < worst)
				worst = fare;
		}
	return worst;
}

static bool has_pair(const struct servers *list, const struct server *s)
{
	vec_each (const struct server, have, *list)
		if (addr_equal(&have->addr, &s->addr) && name_equal(have->ns, s->ns))
			return true;
	return false;
}

/* Pairs of one list that the other has not. */
static struct servers extra(struct cases *c, const struct servers *one, const struct servers *other)
{
	struct servers list = { 0 };

	vec_each (const struct server, s, *one)
		if (!has_pair(other, s))
			servers_add(c->arena, &list, s);
	return list;
}

static void add_pairs(struct cases *c, struct finding *x, const char *key, const struct servers *v)
{
	struct case_texts texts = { 0 };
	char name[NAME_TEXT], addr[ADDR_TEXT];

	vec_each (const struct server, s, *v)
		vec_push(c->arena, &texts,
			arena_printf(c->arena, "%s/%s", name_text(s->ns, name),
				addr_text(&s->addr, addr)));
	cases_texts(c, x, key, &texts);
}

/* A server at an address that glue alone gives may still do its work. */
static bool serves(struct cases *c, const struct server *s)
{
	const struct entry *e = cases_ask(c, s, &(struct cases_q){ .type = RR_SOA });

	return tree_is_authority(e->msg) && tree_answers(e->msg, c->zone, RR_SOA);
}

static void tell_mismatch(struct glue *g, enum tag tag, const struct servers *child)
{
	struct servers list = extra(g->c, &g->parent, child);
	struct finding *x = cases_emit_servers(g->c, tag, &list);
	bool harmless = true;

	if (!x)
		return;
	g->differs = true;
	add_pairs(g->c, x, "parent_addresses", &g->parent);
	add_pairs(g->c, x, "zone_addresses", child);
	vec_each (const struct server, s, list)
		harmless &= serves(g->c, s);
	if (harmless)
		x->effect = EFFECT_COSMETIC;
}

static void judge_inside(struct glue *g)
{
	struct servers more;
	struct finding *x;

	vec_each (const struct ns_entry, ns, g->c->del->del.v)
		vec_each (const struct addr, addr, ns->glue)
			if (ns->in_bailiwick)
				servers_add(g->c->arena, &g->parent,
					&(struct server){ ns->name, *addr });
	tell_mismatch(g, TAG_IN_BAILIWICK_ADDR_MISMATCH, &g->child);
	more = extra(g->c, &g->child, &g->parent);
	x = cases_emit_servers(g->c, TAG_EXTRA_ADDRESS_CHILD, &more);
	if (!x)
		return;
	g->differs = true;
	add_pairs(g->c, x, "ns_ip_list", &more);
}

/* One name out of bailiwick that came with addresses. */
static void judge_outside(struct glue *g, const struct ns_entry *ns)
{
	static const uint16_t types[] = { RR_A, RR_AAAA };
	struct servers found = { 0 };
	bool pending = false;

	g->parent = (struct servers){ 0 };
	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		const struct resolved *r = resolve(g->c->tree, ns->name, types[i]);
		struct reply_addrs addrs = { 0 };

		pending |= r->state == RESOLVE_PENDING;
		if (r->state == RESOLVE_FOUND && !r->aliases)
			reply_addrs(g->c->arena, r->entry->msg,
				(struct rr_wanted){ MSG_ANSWER, types[i], ns->name }, &addrs);
		vec_each (const struct addr, addr, addrs)
			servers_add(g->c->arena, &found, &(struct server){ ns->name, *addr });
	}
	vec_each (const struct addr, addr, ns->glue)
		servers_add(g->c->arena, &g->parent, &(struct server){ ns->name, *addr });
	if (!pending)
		tell_mismatch(g, TAG_OUT_OF_BAILIWICK_ADDR_MISMATCH, &found);
}

void consistency_ns_glue(struct cases *c)
{
	struct glue g = { .c = c };
	enum fare worst = ask_names(&g);

	cases_emit_heard(c, TAG_NO_RESPONSE, &g.silent);
	cases_emit_heard(c, TAG_CHILD_NS_FAILED, &g.failed);
	if (worst == FAILED)
		cases_emit_servers(c, TAG_CHILD_ZONE_LAME, &c->del->all);
	if (worst != KNOWN)
		return;
	judge_inside(&g);
	vec_each (const struct ns_entry, ns, c->del->del.v)
		if (!ns->in_bailiwick && ns->glue.n)
			judge_outside(&g, ns);
	if (!g.differs)
		cases_emit(c, TAG_ADDRESSES_MATCH);
}
