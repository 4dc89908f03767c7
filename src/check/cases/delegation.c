// SPDX-License-Identifier: GPL-3.0-or-later
// The test cases of the module "delegation": what parent and zone say of the name servers.
#include "base/err.h"
#include "check/cases/tally.h"
#include "dns/rr.h"
#include "infer/resolve.h"

enum {
	ENOUGH = 2,	    /* name servers; RFC 1034 4.1 */
	MESSAGE_MOST = 512, /* octets over UDP; RFC 1035 4.2.1 */
	HEADER = 12,	    /* RFC 1035 4.1.1 */
	QUESTION = 4,	    /* type and class */
	RECORD = 10,	    /* type, class, TTL, length */
	POINTER = 2,	    /* RFC 1035 4.1.4 */
	V4 = 4,
	V6 = 16,
};

/*
 * The zone's own list of name servers is known: somebody gave one, or could be asked for one. What
 * could not be sent says nothing.
 */
static bool child_heard(struct cases *c)
{
	bool any = c->del->child.v.n || !c->del->del_ips.n;

	vec_each (const struct server, s, c->del->del_ips)
		any |= cases_ask(c, s, &(struct cases_q){ .type = RR_NS })->state != ENTRY_UNSENT;
	return any;
}

static bool has_family(const struct ns_entry *ns, uint8_t family)
{
	vec_each (const struct addr, addr, ns->addrs)
		if (addr->family == family)
			return true;
	return false;
}

/* Names with an address of a family (ADDR_NONE: all names). */
static struct reply_names names_of(struct cases *c, const struct ns_set *set, uint8_t family)
{
	struct reply_names list = { 0 };

	vec_each (const struct ns_entry, ns, set->v)
		if (family == ADDR_NONE || has_family(ns, family))
			vec_push(c->arena, &list, ns->name);
	return list;
}

/* The tags of one count of names. */
struct count_tags {
	uint8_t family;
	enum tag none, few, enough;
};

static void count(struct cases *c, const struct ns_set *set, const struct count_tags *tags)
{
	struct reply_names names = names_of(c, set, tags->family);
	struct finding *x = cases_emit(c, names.n >= ENOUGH ? tags->enough
					  : names.n	    ? tags->few
							    : tags->none);

	cases_int(c, x, "count", names.n);
	cases_int(c, x, "minimum", ENOUGH);
	if (names.n)
		cases_names(c, x, "names", &names);
	/* Resolvers without IPv6 are many: they find nobody to ask. */
	if (!names.n && tags->family == ADDR_V4)
		x->effect = EFFECT_INTERMITTENT;
}

static void delegation01(struct cases *c)
{
	static const struct count_tags del[] = {
		{ ADDR_NONE, TAG_NOT_ENOUGH_NS_DEL, TAG_NOT_ENOUGH_NS_DEL, TAG_ENOUGH_NS_DEL },
		{ ADDR_V4, TAG_NO_IPV4_NS_DEL, TAG_NOT_ENOUGH_IPV4_NS_DEL, TAG_ENOUGH_IPV4_NS_DEL },
		{ ADDR_V6, TAG_NO_IPV6_NS_DEL, TAG_NOT_ENOUGH_IPV6_NS_DEL, TAG_ENOUGH_IPV6_NS_DEL },
	};
	static const struct count_tags child[] = {
		{ ADDR_NONE, TAG_NOT_ENOUGH_NS_CHILD, TAG_NOT_ENOUGH_NS_CHILD,
			TAG_ENOUGH_NS_CHILD },
		{ ADDR_V4, TAG_NO_IPV4_NS_CHILD, TAG_NOT_ENOUGH_IPV4_NS_CHILD,
			TAG_ENOUGH_IPV4_NS_CHILD },
		{ ADDR_V6, TAG_NO_IPV6_NS_CHILD, TAG_NOT_ENOUGH_IPV6_NS_CHILD,
			TAG_ENOUGH_IPV6_NS_CHILD },
	};

	for (size_t i = 0; i < ARRAY_LEN(del); i++)
		count(c, &c->del->del, &del[i]);
	for (size_t i = 0; i < ARRAY_LEN(child) && child_heard(c); i++)
		count(c, &c->del->child, &child[i]);
}

static struct reply_names names_at(
	struct cases *c, const struct ns_set *set, const struct addr *addr)
{
	struct reply_names list = { 0 };

	vec_each (const struct ns_entry, ns, set->v)
		if (reply_addr_has(&ns->addrs, addr))
			vec_push(c->arena, &list, ns->name);
	return list;
}

/* One side of the delegation: its names, and each of their addresses once. */
static void find_shared(struct cases *c, const struct ns_set *set, const struct servers *ips,
	const enum tag tags[2])
{
	bool any = false;

	vec_each (const struct server, s, *ips) {
		struct reply_names names = names_at(c, set, &s->addr);
		struct servers one = { 0 };
		struct finding *x;

		if (names.n < 2)
			continue;
		any = true;
		servers_add(c->arena, &one, s);
		x = cases_emit_servers(c, tags[0], &one);
		cases_addr(c, x, "ns_ip", &s->addr);
		cases_names(c, x, "names", &names);
	}
	if (!any)
		cases_emit(c, tags[1]);
}

static void delegation02(struct cases *c)
{
	static const enum tag del[] = { TAG_DEL_NS_SAME_IP, TAG_DEL_DISTINCT_NS_IP };
	static const enum tag child[] = { TAG_CHILD_NS_SAME_IP, TAG_CHILD_DISTINCT_NS_IP };

	find_shared(c, &c->del->del, &c->del->del_ips, del);
	find_shared(c, &c->del->child, &c->del->child_ips, child);
}

/* The octets that a name takes in a message in which others stand already. */
static size_t packed(const struct name *n, const struct reply_names *before)
{
	for (unsigned int labels = name_labels(n); labels; labels--) {
		struct name tail = name_suffix(n, labels);

		for (size_t i = 0; i < before->n; i++)
			if (name_under(before->v[i], &tail))
				return (size_t)(n->len - tail.len) + POINTER;
	}
	return n->len;
}

/* The zone above: in an undelegated test as it is found by look-ups. */
static const struct name *parent_zone(struct cases *c)
{
	struct name above = name_parent(c->zone);
	bool pending;

	if (c->del->parent_zone || c->zone->len == 1)
		return c->del->parent_zone ? c->del->parent_zone : c->zone;
	return resolve_cut(c->tree, &above, &pending)->apex;
}

/* What one address record adds: only when all names with such an address lie in the parent. */
static size_t glue_size(struct cases *c, const struct name *parent, uint8_t family)
{
	struct reply_names names = names_of(c, &c->del->del, family);
	size_t owner = POINTER;

	for (size_t i = 0; i < names.n; i++) {
		if (!name_under(names.v[i], parent))
			return 0;
		if (names.v[i]->len == 1)
			owner = 1;
	}
	return names.n ? owner + RECORD + (family == ADDR_V4 ? V4 : V6) : 0;
}

static size_t referral_size(struct cases *c)
{
	const struct name *parent = parent_zone(c);
	struct reply_names before = { 0 };
	size_t owner = c->zone->len == 1 ? 1 : POINTER;
	size_t size = HEADER + NAME_MAX_WIRE + QUESTION;

	/* The question's name is as long as can be, and ends in the zone's. */
	vec_push(c->arena, &before, c->zone);
	vec_each (const struct ns_entry, ns, c->del->del.v) {
		size += owner + RECORD + packed(ns->name, &before);
		vec_push(c->arena, &before, ns->name);
	}
	return size + glue_size(c, parent, ADDR_V4) + glue_size(c, parent, ADDR_V6);
}

static void delegation03(struct cases *c)
{
	size_t size = referral_size(c);
	struct finding *x = cases_emit(
		c, size > MESSAGE_MOST ? TAG_REFERRAL_SIZE_TOO_LARGE : TAG_REFERRAL_SIZE_OK);

	cases_int(c, x, "size", size);
}

/* Asks all servers for the SOA record in one manner: replies with and without authority. */
static void ask_authority(
	struct cases *c, enum manner manner, struct heard *ret_good, struct heard *ret_bad)
{
	vec_each (const struct server, s, c->del->all) {
		const struct entry *e =
			cases_ask(c, s, &(struct cases_q){ RR_SOA, .manner = manner });

		if (e->msg && (e->msg->flags & FLAG_AA))
			vec_push(c->arena, ret_good, e);
		else if (e->msg)
			vec_push(c->arena, ret_bad, e);
	}
}

static void delegation04(struct cases *c)
{
	static const struct {
		enum manner manner;
		const char *name;
	} protocols[] = { { MANNER_PLAIN, "UDP" }, { MANNER_TCP, "TCP" } };
	struct heard good = { 0 };
	bool any = false;

	for (size_t i = 0; i < ARRAY_LEN(protocols); i++) {
		struct heard bad = { 0 };

		ask_authority(c, protocols[i].manner, &good, &bad);
		any |= bad.n > 0;
		if (bad.n)
			cases_text(c, cases_emit_heard(c, TAG_IS_NOT_AUTHORITATIVE, &bad), "proto",
				protocols[i].name);
	}
	if (!any)
		cases_emit_heard(c, TAG_ARE_AUTHORITATIVE, &good);
}

/* What the zone's servers say of one name server's name. */
struct alias_search {
	const struct name *name;
	struct heard silent, refusing; /* without a reply; with another code than NOERROR */
	struct heard alias;	       /* replies that show a CNAME */
	bool is_alias;
};

static void look_up(struct cases *c, struct alias_search *x)
{
	const struct resolved *r = resolve(c->tree, x->name, RR_A);

	x->is_alias |= r->aliases > 0;
	if (r->aliases && r->entry)
		vec_push(c->arena, &x->alias, r->entry);
}

static void judge_name(struct cases *c, struct alias_search *x, const struct entry *e)
{
	if (e->state == ENTRY_SILENT)
		vec_push(c->arena, &x->silent, e);
	if (!e->msg)
		return;
	if (e->msg->rcode != RCODE_NOERROR) {
		vec_push(c->arena, &x->refusing, e);
	} else if (msg_count(e->msg, (struct rr_wanted){ MSG_ANSWER, RR_CNAME, NULL })) {
		vec_push(c->arena, &x->alias, e);
		x->is_alias = true;
	} else if (!(e->msg->flags & FLAG_AA) && reply_delegation(e->msg, c->zone, x->name)) {
		look_up(c, x);
	}
}

static void tell_rcodes(struct cases *c, const struct name *ns, const struct heard *all)
{
	struct tally t = { .c = c };

	for (size_t i = 0; i < all->n; i++)
		tally_rcode(&t, TAG_UNEXPECTED_RCODE, all->v[i]);
	vec_each (const struct tally_row, row, t.rows) {
		struct finding *x = tally_put(&t, row);

		cases_name(c, x, "query_name", ns);
		cases_type(c, x, "rrtype", RR_A);
	}
}

static struct alias_search find_alias(struct cases *c, const struct ns_entry *ns)
{
	struct alias_search x = { .name = ns->name };
	struct finding *f;

	if (!ns->in_bailiwick) {
		look_up(c, &x);
		return x;
	}
	vec_each (const struct server, s, c->del->all)
		judge_name(c, &x,
			cases_ask(c, s, &(struct cases_q){ .type = RR_A, .name = ns->name }));
	f = cases_emit_heard(c, TAG_NO_RESPONSE, &x.silent);
	if (f)
		cases_name(c, f, "query_name", ns->name);
	tell_rcodes(c, ns->name, &x.refusing);
	return x;
}

/* Names of both sides, each once. */
static struct reply_names all_names(struct cases *c)
{
	struct reply_names list = { 0 };

	vec_each (const struct ns_entry, ns, c->del->del.v)
		vec_push(c->arena, &list, ns->name);
	vec_each (const struct ns_entry, ns, c->del->child.v)
		if (!ns_find(&c->del->del, ns->name))
			vec_push(c->arena, &list, ns->name);
	return list;
}

static void delegation05(struct cases *c)
{
	struct reply_names names = all_names(c);
	struct VEC(struct alias_search) aliases = { 0 };

	for (size_t i = 0; i < names.n; i++) {
		const struct ns_entry *ns = ns_find(&c->del->del, names.v[i]);
		struct alias_search x =
			find_alias(c, ns ? ns : ns_find(&c->del->child, names.v[i]));

		if (x.is_alias)
			vec_push(c->arena, &aliases, x);
	}
	vec_each (const struct alias_search, a, aliases) {
		struct finding *x = cases_emit(c, TAG_NS_IS_CNAME);

		cases_name(c, x, "ns", a->name);
		for (size_t i = 0; i < a->alias.n; i++)
			cases_evidence(c, x, a->alias.v[i]);
		/* Resolvers leave such servers out (RFC 2181 10.3). */
		x->effect = aliases.n == names.n ? EFFECT_EXPLAINS : EFFECT_INTERMITTENT;
	}
	if (!aliases.n)
		cases_emit(c, TAG_NO_NS_CNAME);
}

static void delegation06(struct cases *c)
{
	struct heard with = { 0 }, without = { 0 };

	vec_each (const struct server, s, c->del->all) {
		const struct entry *e = cases_ask(c, s, &(struct cases_q){ .type = RR_SOA });

		if (!e->msg || e->msg->rcode != RCODE_NOERROR)
			continue;
		if (tree_answers(e->msg, c->zone, RR_SOA))
			vec_push(c->arena, &with, e);
		else
			vec_push(c->arena, &without, e);
	}
	cases_emit_heard(c, TAG_SOA_NOT_EXISTS, &without);
	if (!without.n)
		cases_emit_heard(c, TAG_SOA_EXISTS, &with);
}

/* Names of one side that are, or are not, on the other. */
static struct reply_names compare(
	struct cases *c, const struct ns_set *one, const struct ns_set *other, bool both)
{
	struct reply_names list = { 0 };

	vec_each (const struct ns_entry, ns, one->v)
		if ((ns_find(other, ns->name) != NULL) == both)
			vec_push(c->arena, &list, ns->name);
	return list;
}

static void emit_names(struct cases *c, enum tag tag, const struct reply_names *names)
{
	if (names->n)
		cases_names(c, cases_emit(c, tag), "names", names);
}

static void delegation07(struct cases *c)
{
	struct reply_names same = compare(c, &c->del->del, &c->del->child, true);
	struct reply_names parent = compare(c, &c->del->del, &c->del->child, false);
	struct reply_names child = compare(c, &c->del->child, &c->del->del, false);
	struct finding *x;

	if (!child_heard(c))
		return;
	emit_names(c, TAG_EXTRA_NAME_PARENT, &parent);
	emit_names(c, TAG_EXTRA_NAME_CHILD, &child);
	if (!parent.n && !child.n)
		emit_names(c, TAG_NAMES_MATCH, &same);
	if (same.n)
		return;
	x = cases_emit(c, TAG_TOTAL_NAME_MISMATCH);
	cases_names(c, x, "parent_only", &parent);
	cases_names(c, x, "child_only", &child);
}

static const struct tree_case cases[] = {
	{ "delegation01", "enough name servers", delegation01 },
	{ "delegation02", "an address for each name server", delegation02 },
	{ "delegation03", "the size of a referral", delegation03 },
	{ "delegation04", "authority of all servers", delegation04 },
	{ "delegation05", "names of name servers that are aliases", delegation05 },
	{ "delegation06", "a SOA record at all servers", delegation06 },
	{ "delegation07", "the same name servers in parent and zone", delegation07 },
};

const struct case_module case_delegation = { "delegation", cases, ARRAY_LEN(cases) };
