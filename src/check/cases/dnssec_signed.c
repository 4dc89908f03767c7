// SPDX-License-Identifier: GPL-3.0-or-later
// dnssec11 to dnssec13: the zone is signed where DS says so, and by all of its algorithms.
#include "base/err.h"
#include "check/cases/dnssec_said.h"

/* Servers by what they say of a type at the zone's name: it is there, it is not, neither. */
struct halves {
	struct heard with, without, unclear;
};

static void sort_in(struct cases *c, struct halves *h, const struct entry *e, uint16_t type)
{
	const struct msg *m = dnssec_said_reply(e);

	if (!dnssec_said_settled(e))
		return;
	if (!m)
		vec_push(c->arena, &h->unclear, e);
	else if (tree_answers(m, c->zone, type))
		vec_push(c->arena, &h->with, e);
	else
		vec_push(c->arena, &h->without, e);
}

/* Whether the zone must be signed (step 3). */
static bool ds_demands(struct cases *c)
{
	struct servers parents = servers_by_addr(c->arena, &c->del->parent);
	struct halves ds = { 0 };
	struct heard asked;

	if (tree_undelegated(c->tree))
		return c->plan->ds.n > 0;
	asked = dnssec_ask(c, &parents, RR_DS);
	for (size_t i = 0; i < asked.n; i++)
		sort_in(c, &ds, asked.v[i], RR_DS);
	if (!ds.with.n && !ds.without.n)
		cases_emit_heard(c, TAG_DS11_UNDETERMINED_DS, &ds.unclear);
	if (ds.with.n && ds.without.n) {
		cases_emit_heard(c, TAG_DS11_INCONSISTENT_DS, &ds.without);
		cases_emit_heard(c, TAG_DS11_PARENT_WITHOUT_DS, &ds.without);
		cases_emit_heard(c, TAG_DS11_PARENT_WITH_DS, &ds.with);
	}
	return ds.with.n > 0;
}

/* The server has the zone at all (step 7.2). */
static bool serves(const struct cases *c, const struct entry *soa)
{
	const struct msg *m = dnssec_said_reply(soa);

	return m && tree_answers(m, c->zone, RR_SOA);
}

void dnssec11(struct cases *c)
{
	struct halves keys = { 0 };
	struct heard asked;

	if (!ds_demands(c))
		return;
	asked = dnssec_ask(c, &c->del->all, RR_DNSKEY);
	for (size_t i = 0; i < asked.n; i++) {
		const struct entry *soa =
			cases_ask(c, &c->del->all.v[i], &(struct cases_q){ .type = RR_SOA });

		if (serves(c, soa))
			sort_in(c, &keys, asked.v[i], RR_DNSKEY);
	}
	if (!keys.with.n && !keys.without.n)
		cases_emit_heard(c, TAG_DS11_UNDETERMINED_SIGNED_ZONE, &keys.unclear);
	else if (!keys.with.n)
		cases_emit_heard(c, TAG_DS11_DS_BUT_UNSIGNED_ZONE, &keys.without);
	else if (keys.without.n) {
		cases_emit_heard(c, TAG_DS11_INCONSISTENT_SIGNED_ZONE, &keys.without);
		cases_emit_heard(c, TAG_DS11_NS_WITH_UNSIGNED_ZONE, &keys.without);
		cases_emit_heard(c, TAG_DS11_NS_WITH_SIGNED_ZONE, &keys.with);
	}
}

/*
 * Zonemaster's specification is a title without steps or tags ("TBD"). What it names, a way from DS
 * over DNSKEY to RRSIG for each algorithm, is what dnssec02 and dnssec13 look at.
 */
void dnssec12(struct cases *c)
{
	(void)c;
}

/* The sets of dnssec13, in the order of its steps. */
static const struct {
	uint16_t type;
	enum tag tag;
} signed_sets[] = {
	{ RR_DNSKEY, TAG_DS13_ALGO_NOT_SIGNED_DNSKEY },
	{ RR_SOA, TAG_DS13_ALGO_NOT_SIGNED_SOA },
	{ RR_NS, TAG_DS13_ALGO_NOT_SIGNED_NS },
};
enum { SIGNED_SETS = ARRAY_LEN(signed_sets) };

static bool signed_with(const struct rrset *set, uint8_t algorithm)
{
	struct rrsig sig;

	for (size_t i = 0; i < set->rrsigs.n; i++)
		if (!rrsig_read(set->msg, set->rrsigs.v[i], &sig) && sig.algorithm == algorithm)
			return true;
	return false;
}

/* The set in a reply; false: there is none, or it has no signature at all, which others say. */
static bool signed_set(struct cases *c, const struct entry *e, uint16_t type, struct rrset *ret_set)
{
	const struct msg *m = dnssec_said_reply(e);

	if (!m)
		return false;
	*ret_set = dnssec_set(c, m, type);
	return ret_set->rrs.n && ret_set->rrsigs.n;
}

void dnssec13(struct cases *c)
{
	struct dnssec_groups missing[SIGNED_SETS] = { 0 };
	struct heard asked[SIGNED_SETS];
	struct rrset set;

	for (size_t i = 0; i < SIGNED_SETS; i++)
		asked[i] = dnssec_ask(c, &c->del->all, signed_sets[i].type);
	for (size_t k = 0; k < c->del->all.n; k++) {
		struct dnssec_keys keys = dnssec_keys(c, asked[0].v[k]);

		for (size_t i = 0; i < SIGNED_SETS; i++) {
			const struct entry *e = asked[i].v[k];

			if (!signed_set(c, e, signed_sets[i].type, &set))
				break;
			vec_each (const struct dnskey, key, keys)
				if (!signed_with(&set, key->algorithm))
					dnssec_group(c, &missing[i],
						(struct dnssec_id){ 0, key->algorithm }, e);
		}
	}
	for (size_t i = 0; i < SIGNED_SETS; i++)
		dnssec_emit_groups(c, signed_sets[i].tag, &missing[i], DNSSEC_ALGORITHM);
}
