// SPDX-License-Identifier: GPL-3.0-or-later
// What the test cases of the module "dnssec" share.
#include "check/cases/dnssec_inner.h"

#include <string.h>

struct heard dnssec_ask(struct cases *c, const struct servers *list, uint16_t type)
{
	struct heard ret = { 0 };

	vec_each (const struct server, s, *list)
		vec_push(c->arena, &ret,
			cases_ask(
				c, s, &(struct cases_q){ .type = type, .manner = MANNER_DNSSEC }));
	return ret;
}

bool dnssec_whole(const struct msg *m)
{
	return tree_is_authority(m) && m->edns.present && (m->edns.flags & EDNS_DO);
}

struct rrset dnssec_set(struct cases *c, const struct msg *m, uint16_t type)
{
	return rrset_find(c->arena, m, (struct rr_wanted){ MSG_ANSWER, type, c->zone });
}

struct ds_list dnssec_ds_of(struct cases *c, const struct entry *e)
{
	struct ds_list ret = { 0 };
	struct rrset set;
	struct ds ds;

	if (!e->msg)
		return ret;
	set = dnssec_set(c, e->msg, RR_DS);
	for (size_t i = 0; i < set.rrs.n; i++)
		if (!ds_read(set.rrs.v[i], &ds))
			vec_push(c->arena, &ret, ds);
	return ret;
}

static bool same_ds(const struct ds *a, const struct ds *b)
{
	return a->tag == b->tag && a->algorithm == b->algorithm &&
	       a->digest_type == b->digest_type && span_equal(a->digest, b->digest);
}

static void add_ds(struct cases *c, struct dnssec_ds *list, const struct ds *ds)
{
	vec_each (const struct ds, have, list->v)
		if (same_ds(have, ds))
			return;
	vec_push(c->arena, &list->v, *ds);
}

struct dnssec_ds dnssec_ds(struct cases *c)
{
	struct dnssec_ds ret = { .given = c->plan->ds.n > 0 };
	struct servers parents;

	vec_each (const struct ds, d, c->plan->ds)
		add_ds(c, &ret, d);
	if (ret.given)
		return ret;
	parents = servers_by_addr(c->arena, &c->del->parent);
	ret.asked = dnssec_ask(c, &parents, RR_DS);
	for (size_t i = 0; i < ret.asked.n; i++) {
		struct ds_list list = { 0 };

		if (dnssec_whole(ret.asked.v[i]->msg))
			list = dnssec_ds_of(c, ret.asked.v[i]);
		vec_each (const struct ds, ds, list)
			add_ds(c, &ret, ds);
	}
	return ret;
}

struct dnssec_keys dnssec_keys(struct cases *c, const struct entry *e)
{
	struct dnssec_keys ret = { 0 };
	struct rrset set;
	struct dnskey key;

	if (!e->msg)
		return ret;
	set = dnssec_set(c, e->msg, RR_DNSKEY);
	for (size_t i = 0; i < set.rrs.n; i++)
		if (!dnskey_read(set.rrs.v[i], &key))
			vec_push(c->arena, &ret, key);
	return ret;
}

const struct dnskey *dnssec_key_find(const struct dnssec_keys *keys, uint16_t tag)
{
	vec_each (const struct dnskey, key, *keys)
		if (key->tag == tag)
			return key;
	return NULL;
}

/* One of the keys with the signature's tag made it. */
static bool made_by(const struct sig_check *check, const struct dnssec_keys *keys, uint16_t tag)
{
	struct sig_check one = *check;
	unsigned int tried = 0;

	vec_each (const struct dnskey, key, *keys) {
		if (key->tag != tag || tried++ >= DNSSEC_SAME_TAG)
			continue;
		one.key = key;
		if (sig_verify(&one) == SIG_VALID)
			return true;
	}
	return false;
}

struct dnssec_sig dnssec_judge(struct cases *c, const struct rrset *set, const struct rr *rrsig,
	const struct dnssec_keys *keys)
{
	struct dnssec_sig ret = { .result = SIG_WRONG };
	const struct sig_check check = {
		.set = set,
		.rrsig = rrsig,
		.zone = c->zone,
		.memo = ledger_memo(c->tree->ledger),
	};

	if (rrsig_read(set->msg, rrsig, &ret.sig))
		return (struct dnssec_sig){ .result = SIG_MALFORMED };
	if (rrsig_time(ret.sig.inception, c->wall) > c->wall)
		ret.result = SIG_NOT_YET;
	else if (rrsig_time(ret.sig.expiration, c->wall) < c->wall)
		ret.result = SIG_EXPIRED;
	else if (!dnssec_algorithm_known(ret.sig.algorithm))
		ret.result = SIG_UNKNOWN;
	else if (!dnssec_key_find(keys, ret.sig.tag))
		ret.result = SIG_OTHER_KEY;
	else if (made_by(&check, keys, ret.sig.tag))
		ret.result = SIG_VALID;
	return ret;
}

static bool same_id(struct dnssec_id a, struct dnssec_id b)
{
	return a.tag == b.tag && a.number == b.number;
}

const struct dnssec_group *dnssec_group_find(const struct dnssec_groups *g, struct dnssec_id id)
{
	vec_each (const struct dnssec_group, have, *g)
		if (same_id(have->id, id))
			return have;
	return NULL;
}

void dnssec_group(
	struct cases *c, struct dnssec_groups *g, struct dnssec_id id, const struct entry *e)
{
	size_t at = 0;

	while (at < g->n && !same_id(g->v[at].id, id))
		at++;
	if (at == g->n)
		vec_push(c->arena, g, (struct dnssec_group){ .id = id });
	if (!e)
		return;
	for (size_t i = 0; i < g->v[at].heard.n; i++)
		if (g->v[at].heard.v[i] == e)
			return;
	vec_push(c->arena, &g->v[at].heard, e);
}

static void tell(struct cases *c, struct finding *x, struct dnssec_id id, unsigned int told)
{
	if (told & DNSSEC_TAG)
		cases_int(c, x, "keytag", id.tag);
	if (told & DNSSEC_NUMBER)
		cases_int(c, x, "int", id.number);
	if (told & DNSSEC_RCODE)
		cases_rcode(c, x, "rcode", (uint16_t)id.number);
	if (told & DNSSEC_ALGORITHM) {
		const struct dnssec_number *row = dnssec_algorithm_row((uint8_t)id.number);

		cases_int(c, x, "algo_num", id.number);
		cases_text(c, x, "algo_mnemo", row->mnemo);
		cases_text(c, x, "algo_descr", row->descr);
	}
	if (told & DNSSEC_DIGEST) {
		cases_int(c, x, "ds_algo_num", id.number);
		cases_text(c, x, "ds_algo_descr", dnssec_digest_row((uint8_t)id.number)->descr);
	}
}

void dnssec_emit_groups(
	struct cases *c, enum tag tag, const struct dnssec_groups *g, unsigned int told)
{
	vec_each (const struct dnssec_group, group, *g) {
		struct finding *x = cases_emit_heard(c, tag, &group->heard);

		tell(c, x ? x : cases_emit(c, tag), group->id, told);
	}
}

static bool heard_from(const struct heard *list, const struct addr *addr)
{
	for (size_t i = 0; i < list->n; i++)
		if (addr_equal(&list->v[i]->server, addr))
			return true;
	return false;
}

void dnssec_soften(struct cases *c, size_t from, const struct heard *sound)
{
	for (size_t i = from; i < c->findings->list.n; i++) {
		struct finding *x = &c->findings->list.v[i];
		bool all = x->servers.n > 0;

		vec_each (const struct addr, addr, x->servers)
			all &= heard_from(sound, addr);
		if (all)
			x->effect = EFFECT_COSMETIC;
	}
}
