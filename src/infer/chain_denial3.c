/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What NSEC3 records prove (RFC 5155 8). */
#include <string.h>

#include "dns/rr.h"
#include "infer/chain_inner.h"

/* All records of a proof have the parameters of the first (RFC 5155 8.2). */
struct hashed {
	struct dnssec_memo *memo;
	const struct chain_denials *list;
	const struct nsec3 *params;
};

static bool same_params(const struct nsec3 *a, const struct nsec3 *b)
{
	return a->iterations == b->iterations && span_equal(a->salt, b->salt);
}

static const struct chain_denial *matching(const struct hashed *h, const struct name *n)
{
	uint8_t hash[NSEC3_HASH];

	if (dnssec_memo_nsec3(h->memo, h->params, n, hash))
		return NULL;
	vec_each (const struct chain_denial, d, *h->list)
		if (same_params(&d->nsec3, h->params) && !memcmp(d->hash, hash, NSEC3_HASH))
			return d;
	return NULL;
}

static const struct chain_denial *covering(const struct hashed *h, const struct name *n)
{
	uint8_t hash[NSEC3_HASH];

	if (dnssec_memo_nsec3(h->memo, h->params, n, hash))
		return NULL;
	vec_each (const struct chain_denial, d, *h->list)
		if (same_params(&d->nsec3, h->params) && nsec3_covers(d->hash, d->nsec3.next, hash))
			return d;
	return NULL;
}

/*
 * The proof that a name does not exist (RFC 5155 8.3): its closest encloser that does, and the
 * record that covers the next closer name. NULL: it is not proven.
 */
static const struct chain_denial *next_closer(const struct hashed *h, const struct name *apex,
	const struct name *n, struct name *ret_encloser)
{
	for (unsigned int labels = name_labels(n); labels-- > name_labels(apex);) {
		struct name encloser = name_suffix(n, labels), next = name_suffix(n, labels + 1);
		const struct chain_denial *match = matching(h, &encloser);

		if (!match)
			continue;
		*ret_encloser = encloser;
		return chain_is_cut(match->nsec3.types) ? NULL : covering(h, &next);
	}
	return NULL;
}

static enum security by_cover(const struct chain_denial *cover)
{
	if (!cover)
		return SECURITY_BOGUS;
	/* Behind opt-out there may be unsigned delegations (RFC 5155 6). */
	return cover->nsec3.flags & NSEC3_OPT_OUT ? SECURITY_INSECURE : SECURITY_SECURE;
}

static enum security proven(bool good)
{
	return good ? SECURITY_SECURE : SECURITY_BOGUS;
}

static enum security absent(
	const struct hashed *h, const struct chain_signer *by, const struct chain_proof *p)
{
	struct name encloser, wildcard = { 0 };
	const struct chain_denial *cover = next_closer(h, by->apex, p->qname, &encloser);
	const struct chain_denial *at_wildcard;

	if (!cover || name_prepend(&encloser, "*", &wildcard))
		return SECURITY_BOGUS;
	if (p->kind == PROOF_NXDOMAIN)
		return covering(h, &wildcard) ? by_cover(cover) : SECURITY_BOGUS;
	at_wildcard = matching(h, &wildcard);
	if (p->kind == PROOF_NODATA && at_wildcard)
		return proven(chain_denies_type(p, at_wildcard->nsec3.types));
	/* RFC 5155 8.6: only opt-out explains a name that is not there, and has no type. */
	return by_cover(cover) == SECURITY_INSECURE ? SECURITY_INSECURE : SECURITY_BOGUS;
}

enum security chain_denied3(const struct chain_signer *by, const struct chain_proof *p,
	const struct chain_denials *list)
{
	struct hashed h = { ledger_memo(by->t->ledger), list, list->n ? &list->v[0].nsec3 : NULL };
	const struct chain_denial *match;
	struct name next;

	if (!list->n || !name_under(p->qname, by->apex))
		return SECURITY_BOGUS;
	if (p->kind == PROOF_WILDCARD) {
		next = name_suffix(p->qname, p->labels + 1);
		return by_cover(covering(&h, &next));
	}
	match = matching(&h, p->qname);
	if (match)
		return proven(
			p->kind != PROOF_NXDOMAIN && chain_denies_type(p, match->nsec3.types));
	return absent(&h, by, p);
}
