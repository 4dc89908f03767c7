// SPDX-License-Identifier: GPL-3.0-or-later
// The test cases of the module "address": can the servers' addresses be reached, and do they have
// names.
#include "base/err.h"
#include "check/cases.h"
#include "dns/rr.h"
#include "infer/resolve.h"

/* It can be reached from here, whatever a registry says: a network of its own. */
static bool has_answered(const struct cases *c, const struct addr *addr)
{
	const struct ledger_host *h = ledger_host(c->tree->ledger, addr);

	return h && h->replies;
}

/* Where one address of a kind answers, its kind is not why another one does not. */
static bool any_answered(const struct cases *c, const struct finding *x)
{
	vec_each (const struct addr, addr, x->servers)
		if (has_answered(c, addr))
			return true;
	return false;
}

static void tell_reach(struct cases *c, enum addr_reach reach, enum tag tag)
{
	struct servers list = { 0 };
	struct finding *x;

	vec_each (const struct server, s, c->del->all)
		if (addr_reach(&s->addr) == reach)
			vec_push(c->arena, &list, *s);
	x = cases_emit_servers(c, tag, &list);
	if (x && any_answered(c, x))
		x->effect = EFFECT_COSMETIC;
}

static void tell_none_global(struct cases *c)
{
	struct finding *x;

	vec_each (const struct server, s, c->del->all)
		if (addr_reach(&s->addr) == ADDR_REACH_GLOBAL)
			return;
	x = cases_emit(c, TAG_A01_NO_GLOBALLY_REACHABLE_ADDR);
	vec_each (const struct server, s, c->del->all)
		if (has_answered(c, &s->addr))
			x->effect = EFFECT_COSMETIC;
}

static void address01(struct cases *c)
{
	if (!c->del->all.n) {
		cases_emit(c, TAG_A01_NO_NAME_SERVERS_FOUND);
		return;
	}
	tell_reach(c, ADDR_REACH_DOCUMENTATION, TAG_A01_DOCUMENTATION_ADDR);
	tell_reach(c, ADDR_REACH_LOCAL, TAG_A01_LOCAL_USE_ADDR);
	tell_reach(c, ADDR_REACH_NOWHERE, TAG_A01_ADDR_NOT_GLOBALLY_REACHABLE);
	tell_reach(c, ADDR_REACH_GLOBAL, TAG_A01_GLOBALLY_REACHABLE_ADDR);
	tell_none_global(c);
}

/* The PTR look-up of one address. */
struct reverse {
	struct server server;
	const struct resolved *r;
};
struct reverses VEC(struct reverse);

/* All are looked up before any is judged. */
static struct reverses look_up(struct cases *c, const struct servers *list)
{
	struct reverses ret = { 0 };

	vec_each (const struct server, s, *list) {
		struct name name = name_reverse(addr_octets(&s->addr));

		vec_push(c->arena, &ret, (struct reverse){ *s, resolve(c->tree, &name, RR_PTR) });
	}
	return ret;
}

/* The same of each state in which nothing was found, as bits; true: it was emitted. */
static bool tell_missing(
	struct cases *c, const struct reverses *all, unsigned int states, enum tag tag)
{
	struct servers list = { 0 };
	struct finding *x;

	vec_each (const struct reverse, v, *all)
		if (states & 1U << v->r->state)
			vec_push(c->arena, &list, v->server);
	x = cases_emit_servers(c, tag, &list);
	if (!x)
		return false;
	vec_each (const struct reverse, v, *all)
		if ((states & 1U << v->r->state) && v->r->entry)
			cases_evidence(c, x, v->r->entry);
	return true;
}

/* What both test cases say where there is no PTR record; true: something. */
static bool tell_all_missing(struct cases *c, const struct reverses *all)
{
	bool none = tell_missing(c, all, 1U << RESOLVE_NODATA | 1U << RESOLVE_NXDOMAIN,
		TAG_NAMESERVER_IP_WITHOUT_REVERSE);
	bool silent = tell_missing(
		c, all, 1U << RESOLVE_FAILED | 1U << RESOLVE_LOOP, TAG_NO_RESPONSE_PTR_QUERY);

	return none || silent;
}

static void address02(struct cases *c)
{
	struct reverses all = look_up(c, &c->del->all);

	c->no_reverse = tell_all_missing(c, &all);
	if (!c->no_reverse && all.n)
		cases_emit_servers(c, TAG_NAMESERVERS_IP_WITH_REVERSE, &c->del->all);
}

static struct reply_names ptr_names(struct cases *c, const struct resolved *r)
{
	const struct msg *m = r->entry->msg;
	struct reply_names ret = { 0 };

	for (size_t i = 0; i < m->nrrs; i++) {
		const struct rr *rr = &m->rrs[i];
		struct name name;

		if (rr->section == MSG_ANSWER && rr->type == RR_PTR &&
			name_equal(rr->owner, r->name) && msg_rdata_name(m, rr, &name, NULL) == 0)
			vec_push(c->arena, &ret, name_keep(c->arena, &name));
	}
	return ret;
}

static bool has_name(const struct reply_names *list, const struct name *name)
{
	for (size_t i = 0; i < list->n; i++)
		if (name_equal(list->v[i], name))
			return true;
	return false;
}

/* true: a mismatch was emitted. */
static bool tell_mismatch(struct cases *c, const struct reverse *v)
{
	struct reply_names names = { 0 };
	struct servers one = { 0 };
	struct finding *x;

	if (v->r->state != RESOLVE_FOUND || !v->server.ns)
		return false;
	names = ptr_names(c, v->r);
	if (has_name(&names, v->server.ns))
		return false;
	vec_push(c->arena, &one, v->server);
	x = cases_emit_servers(c, TAG_NAMESERVER_IP_PTR_MISMATCH, &one);
	cases_name(c, x, "nsname", v->server.ns);
	cases_addr(c, x, "ns_ip", &v->server.addr);
	cases_names(c, x, "names", &names);
	cases_evidence(c, x, v->r->entry);
	return true;
}

/* Compares what address02 looked up, and only when that has it all; alone it looks up itself. */
static void address03(struct cases *c)
{
	struct reverses all = { 0 };
	bool bad;

	if (c->no_reverse)
		return;
	all = look_up(c, &c->del->child_ips);
	bad = tell_all_missing(c, &all);
	vec_each (const struct reverse, v, all)
		bad |= tell_mismatch(c, v);
	if (!bad && all.n)
		cases_emit_servers(c, TAG_NAMESERVER_IP_PTR_MATCH, &c->del->child_ips);
}

static const struct tree_case table[] = {
	{ "address01", "name servers' addresses can be reached from everywhere", address01 },
	{ "address02", "name servers' addresses have PTR records", address02 },
	{ "address03", "PTR records of name servers' addresses name them", address03 },
};

const struct case_module case_address = { "address", table, ARRAY_LEN(table) };
