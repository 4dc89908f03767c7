/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proofs of absence: the records that hold, and what NSEC records prove (RFC 4035 5.4). */
#include "dns/rr.h"
#include "infer/chain_inner.h"

enum { DENIALS = 16 }; /* records of one reply that are looked at; no proof needs more than 3 */

bool chain_is_cut(struct span types)
{
	return bitmap_has(types, RR_DNAME) ||
	       (bitmap_has(types, RR_NS) && !bitmap_has(types, RR_SOA));
}

bool chain_denies_type(const struct chain_proof *p, struct span types)
{
	bool ns = bitmap_has(types, RR_NS), soa = bitmap_has(types, RR_SOA);

	if (bitmap_has(types, p->qtype) || bitmap_has(types, RR_CNAME))
		return false;
	if (p->kind == PROOF_DELEGATION)
		return ns && !soa;
	/* RFC 6840 4.4: each side of a cut speaks of its own types. */
	return p->qtype == RR_DS ? !soa || p->qname->len == 1 : !ns || soa;
}

static unsigned int common_labels(const struct name *a, const struct name *b)
{
	unsigned int n = 0, most = name_labels(a);

	while (n < most) {
		struct name tail = name_suffix(a, n + 1);

		if (!name_under(b, &tail))
			break;
		n++;
	}
	return n;
}

static const struct chain_denial *matching(const struct chain_denials *list, const struct name *n)
{
	vec_each (const struct chain_denial, d, *list)
		if (name_equal(d->owner, n))
			return d;
	return NULL;
}

static const struct chain_denial *covering(const struct chain_denials *list, const struct name *n)
{
	vec_each (const struct chain_denial, d, *list)
		if (nsec_covers(d->owner, &d->nsec.next, n) &&
			!(name_under(n, d->owner) && chain_is_cut(d->nsec.types)))
			return d;
	return NULL;
}

/* The wildcard that would answer for a name that d covers. */
static struct name wildcard_of(
	const struct chain_denial *d, const struct name *n, unsigned int *ret_labels)
{
	unsigned int by_owner = common_labels(n, d->owner);
	unsigned int by_next = common_labels(n, &d->nsec.next);
	struct name encloser;

	*ret_labels = by_owner > by_next ? by_owner : by_next;
	encloser = name_suffix(n, *ret_labels);
	if (name_prepend(&encloser, "*", &encloser))
		return (struct name){ 0 };
	return encloser;
}

static bool proves_nsec(const struct chain_proof *p, const struct chain_denials *list)
{
	const struct chain_denial *match = matching(list, p->qname);
	const struct chain_denial *cover = covering(list, p->qname), *at_wildcard;
	unsigned int labels = 0;
	struct name wildcard;

	if (match && (p->kind == PROOF_NODATA || p->kind == PROOF_DELEGATION))
		return chain_denies_type(p, match->nsec.types);
	if (match || !cover || p->kind == PROOF_DELEGATION)
		return false;
	/* Names below it make it an empty one that exists. */
	if (name_under(&cover->nsec.next, p->qname))
		return p->kind == PROOF_NODATA;

	wildcard = wildcard_of(cover, p->qname, &labels);
	if (p->kind == PROOF_WILDCARD)
		return labels == p->labels;
	if (p->kind == PROOF_NXDOMAIN)
		return covering(list, &wildcard) != NULL;
	at_wildcard = matching(list, &wildcard);
	return at_wildcard && chain_denies_type(p, at_wildcard->nsec.types);
}

struct gather {
	const struct chain_signer *by;
	const struct msg *m;
	struct chain_denials nsec, nsec3;
	unsigned int seen;
	struct chain_server bad; /* what is wrong with a set that does not hold */
	uint16_t iterations;	 /* the most */
};

static bool first_of_set(const struct msg *m, const struct rr *rr)
{
	return msg_find(m, (struct rr_wanted){ MSG_AUTHORITY, rr->type, rr->owner }) == rr;
}

static void take_nsec3(struct gather *g, struct chain_denial *d)
{
	struct name above = name_parent(d->owner);

	/* RFC 5155 8.1 and 8.2: unknown hashes and flags are as if they were not there. */
	if (d->nsec3.hash != 1 || d->nsec3.flags > NSEC3_OPT_OUT ||
		!name_equal(&above, g->by->apex) || nsec3_owner_hash(d->owner, d->hash))
		return;
	if (d->nsec3.iterations > g->iterations)
		g->iterations = d->nsec3.iterations;
	vec_push(g->by->t->arena, &g->nsec3, *d);
}

static void gather_rr(struct gather *g, const struct rr *rr)
{
	struct chain_denial d = { .owner = rr->owner };
	struct chain_server bad = { 0 };
	struct rrset set;
	struct rrsig sig;

	if (rr->section != MSG_AUTHORITY || rr->class != CLASS_IN || !rr->owner->len ||
		(rr->type != RR_NSEC && rr->type != RR_NSEC3) || g->seen >= DENIALS ||
		!first_of_set(g->m, rr))
		return;
	g->seen++;
	set = rrset_find(
		g->by->t->arena, g->m, (struct rr_wanted){ MSG_AUTHORITY, rr->type, rr->owner });
	if (!chain_set(g->by, &set, &bad, &sig)) {
		g->bad = g->bad.why ? g->bad : bad;
		return;
	}
	/* A wildcard's own record speaks of the wildcard only. */
	if (rrsig_expanded(&sig, rr->owner))
		return;
	if (rr->type == RR_NSEC3 && !nsec3_read(rr, &d.nsec3))
		take_nsec3(g, &d);
	if (rr->type == RR_NSEC && !nsec_read(g->m, rr, &d.nsec))
		vec_push(g->by->t->arena, &g->nsec, d);
}

void chain_denied(
	const struct chain_signer *by, const struct chain_proof *p, struct chain_server *ret)
{
	struct gather g = { .by = by, .m = p->m };

	for (size_t i = 0; i < p->m->nrrs; i++)
		gather_rr(&g, &p->m->rrs[i]);
	ret->security = SECURITY_SECURE;
	ret->why = BREAK_NONE;
	if (proves_nsec(p, &g.nsec))
		return;
	if (g.iterations > NSEC3_TRUSTED) {
		chain_blame(ret, BREAK_ITERATIONS, RR_NSEC3);
		ret->security = SECURITY_INSECURE;
		ret->iterations = g.iterations;
		return;
	}
	ret->security = chain_denied3(by, p, &g.nsec3);
	if (ret->security != SECURITY_BOGUS)
		return;
	chain_blame(ret, BREAK_DENIAL, p->qtype);
	if (!g.bad.why)
		return;
	/* The proof would perhaps be whole but for this. */
	chain_blame(ret, g.bad.why, g.bad.type);
	ret->tag = g.bad.tag;
	ret->algorithm = g.bad.algorithm;
	ret->since = g.bad.since;
}
