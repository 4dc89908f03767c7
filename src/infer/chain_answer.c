/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The last link: what one server says to the question itself. */
#include <string.h>

#include "dns/rr.h"
#include "infer/chain_inner.h"

struct answer {
	const struct chain_signer *by;
	const struct question *q;
	const struct msg *m;
	struct chain_server *ret;
};

/* Verifies the set; an expanded wildcard needs the proof that nothing stands before it. */
static bool set_holds(const struct answer *a, const struct rrset *set)
{
	struct rrsig sig;
	struct chain_proof p = { a->m, PROOF_WILDCARD, set->owner, set->type, 0 };

	if (!chain_set(a->by, set, a->ret, &sig))
		return false;
	if (rrsig_expanded(&sig, set->owner)) {
		p.labels = sig.labels;
		chain_denied(a->by, &p, a->ret);
	}
	return a->ret->security != SECURITY_BOGUS;
}

static struct rrset find(const struct answer *a, const struct name *owner, uint16_t type)
{
	return rrset_find(a->by->t->arena, a->m, (struct rr_wanted){ MSG_ANSWER, type, owner });
}

/* Of ANY a server chooses what it tells (RFC 8482): the first set stands for it. */
static uint16_t type_of(const struct answer *a)
{
	if (a->q->type != RR_ANY)
		return a->q->type;
	for (size_t i = 0; i < a->m->nrrs; i++)
		if (a->m->rrs[i].section == MSG_ANSWER && a->m->rrs[i].type != RR_RRSIG &&
			name_equal(a->m->rrs[i].owner, a->q->name))
			return a->m->rrs[i].type;
	return RR_ANY;
}

/* The DNAME above the name, of this zone; NULL: none. */
static const struct rr *dname_above(const struct answer *a)
{
	for (size_t i = 0; i < a->m->nrrs; i++) {
		const struct rr *rr = &a->m->rrs[i];

		if (rr->section == MSG_ANSWER && rr->type == RR_DNAME && rr->owner->len &&
			rr->owner->len < a->q->name->len && name_under(a->q->name, rr->owner) &&
			name_under(rr->owner, a->by->apex))
			return rr;
	}
	return NULL;
}

/* RFC 6672 2.2: the owner in the name gives way to the target. */
static struct name substituted(
	const struct name *n, const struct name *owner, const struct name *target)
{
	struct name ret = { 0 };
	size_t front = (size_t)n->len - owner->len;

	if (front + target->len > NAME_MAX_WIRE)
		return ret;
	memcpy(ret.wire, n->wire, front);
	memcpy(ret.wire + front, target->wire, target->len);
	ret.len = (uint8_t)(front + target->len);
	return ret;
}

/* An alias, if the reply has one: true. */
static bool follow(const struct answer *a, struct name *ret_alias)
{
	const struct rr *dname = dname_above(a);
	struct rrset set = dname ? find(a, dname->owner, RR_DNAME) : find(a, a->q->name, RR_CNAME);
	struct name target;

	if (!set.rrs.n || (!dname && a->q->type == RR_CNAME))
		return false;
	if (!set_holds(a, &set) || msg_rdata_name(a->m, set.rrs.v[0], &target, NULL))
		return true;
	*ret_alias = dname ? substituted(a->q->name, dname->owner, &target) : target;
	return true;
}

static void absent(const struct answer *a)
{
	struct chain_proof p = {
		.m = a->m,
		.kind = a->m->rcode == RCODE_NXDOMAIN ? PROOF_NXDOMAIN : PROOF_NODATA,
		.qname = a->q->name,
		.qtype = a->q->type,
	};
	struct rrset soa = rrset_find(
		a->by->t->arena, a->m, (struct rr_wanted){ MSG_AUTHORITY, RR_SOA, a->by->apex });

	if (soa.rrs.n && !chain_set(a->by, &soa, a->ret, NULL))
		return;
	chain_denied(a->by, &p, a->ret);
}

void chain_answer(const struct chain_signer *by, const struct question *q, struct chain_server *ret,
	struct name *ret_alias)
{
	struct answer a = { by, q, ret->entry->msg, ret };
	struct rrset set;

	ret_alias->len = 0;
	ret->type = q->type;
	/* A referral is about another zone. */
	if (!chain_readable(ret->entry) || reply_delegation(a.m, by->apex, q->name)) {
		chain_silent(ret, q->type);
		return;
	}
	set = find(&a, q->name, type_of(&a));
	if (set.rrs.n)
		set_holds(&a, &set);
	else if (!follow(&a, ret_alias))
		absent(&a);
}
