// SPDX-License-Identifier: GPL-3.0-or-later
// dnssec02: DS records lead to keys that sign the zone's set of keys.
#include "check/cases/dnssec_inner.h"

#include "base/err.h"

struct match {
	const struct dnssec_ds *ds;
	struct dnssec_groups no_key, no_match, not_zone, not_sep; /* by tag of the DS */
	/* What such a key's signature is worth: by tag of the key, SIG_UNKNOWN by algorithm, too.
	 */
	struct dnssec_groups signatures[SIG_MALFORMED + 1];
	struct heard keyless, loose; /* no key for any DS; no signature by such a key */
	struct heard sound;	     /* at least one DS fits a key that signs the set */
};

/* A digest that we cannot compute is taken for right. */
static bool fits(const struct cases *c, const struct ds *ds, const struct dnskey *key)
{
	if (!dnssec_digest_known(ds->digest_type))
		return true;
	return ds->algorithm == key->algorithm && !ds_matches(ds, c->zone, key);
}

/* The key that the DS is of: of several with its tag the one that fits, else the first. */
static const struct dnskey *key_of(
	const struct cases *c, const struct ds *ds, const struct dnssec_keys *keys)
{
	unsigned int tried = 0;

	vec_each (const struct dnskey, key, *keys)
		if (key->tag == ds->tag && tried++ < DNSSEC_SAME_TAG && fits(c, ds, key))
			return key;
	return dnssec_key_find(keys, ds->tag);
}

/* What one server has. */
struct server_keys {
	const struct entry *e;
	struct dnssec_keys keys;
	struct rrset set;
};

/* The key that the DS leads to, if it leads anywhere. */
static const struct dnskey *follow(
	struct cases *c, struct match *m, const struct ds *ds, const struct server_keys *s)
{
	const struct entry *e = s->e;
	const struct dnskey *key = key_of(c, ds, &s->keys);
	const struct dnssec_id tag = { .tag = ds->tag };

	if (!key) {
		dnssec_group(c, &m->no_key, tag, e);
		return NULL;
	}
	if (!fits(c, ds, key))
		dnssec_group(c, &m->no_match, tag, e);
	if (!(key->flags & DNSKEY_ZONE)) {
		dnssec_group(c, &m->not_zone, tag, e);
		return NULL;
	}
	if (!(key->flags & DNSKEY_SEP))
		dnssec_group(c, &m->not_sep, tag, e);
	return key;
}

/*
 * The best of the key's signatures of its set; SIG_OTHER_KEY: there is none. Whether times are
 * right is for dnssec08 to say.
 */
static struct dnssec_sig best_signature(
	struct cases *c, const struct rrset *set, const struct dnskey *key)
{
	struct dnssec_sig best = { .result = SIG_OTHER_KEY };
	struct rrsig sig;

	for (size_t i = 0; i < set->rrsigs.n && best.result != SIG_VALID; i++) {
		enum sig_result is = SIG_UNKNOWN;

		if (rrsig_read(set->msg, set->rrsigs.v[i], &sig) || sig.tag != key->tag)
			continue;
		if (dnssec_algorithm_known(sig.algorithm))
			is = sig_verify(&(struct sig_check){ set, set->rrsigs.v[i], c->zone, key, 0,
				ledger_memo(c->tree->ledger) });
		if (is != SIG_VALID && is != SIG_UNKNOWN)
			is = SIG_WRONG;
		if (is == SIG_VALID || best.result == SIG_OTHER_KEY)
			best = (struct dnssec_sig){ is, sig };
	}
	return best;
}

/* The key's signature of its set; true when it is good. */
static bool signs(
	struct cases *c, struct match *m, const struct dnskey *key, const struct server_keys *s)
{
	struct dnssec_sig best = best_signature(c, &s->set, key);
	unsigned int algorithm = best.result == SIG_UNKNOWN ? best.sig.algorithm : 0;

	dnssec_group(
		c, &m->signatures[best.result], (struct dnssec_id){ key->tag, algorithm }, s->e);
	return best.result == SIG_VALID;
}

static void take_server(struct cases *c, struct match *m, const struct entry *e)
{
	const struct server_keys s = { e, dnssec_keys(c, e), dnssec_set(c, e->msg, RR_DNSKEY) };
	struct VEC(struct dnskey) led = { 0 };
	bool good = false, sound = false;

	vec_each (const struct ds, ds, m->ds->v) {
		const struct dnskey *key = follow(c, m, ds, &s);
		bool again = false;

		if (!key)
			continue;
		vec_each (const struct dnskey, have, led)
			again |= have->rdata.p == key->rdata.p;
		if (!again)
			vec_push(c->arena, &led, *key);
		sound |= signs(c, m, key, &s) && fits(c, ds, key);
	}
	vec_each (const struct dnskey, key, led)
		good |= signs(c, m, key, &s);
	if (!led.n)
		vec_push(c->arena, &m->keyless, e);
	if (!good)
		vec_push(c->arena, &m->loose, e);
	if (sound)
		vec_push(c->arena, &m->sound, e);
}

static void emit(struct cases *c, const struct match *m)
{
	size_t from = c->findings->list.n;

	dnssec_emit_groups(c, TAG_DS02_NO_DNSKEY_FOR_DS, &m->no_key, DNSSEC_TAG);
	dnssec_emit_groups(c, TAG_DS02_NO_MATCH_DS_DNSKEY, &m->no_match, DNSSEC_TAG);
	dnssec_emit_groups(c, TAG_DS02_DNSKEY_NOT_FOR_ZONE_SIGNING, &m->not_zone, DNSSEC_TAG);
	dnssec_emit_groups(c, TAG_DS02_DNSKEY_NOT_SEP, &m->not_sep, DNSSEC_TAG);
	dnssec_emit_groups(
		c, TAG_DS02_NO_MATCHING_DNSKEY_RRSIG, &m->signatures[SIG_OTHER_KEY], DNSSEC_TAG);
	dnssec_emit_groups(c, TAG_DS02_ALGO_NOT_SUPPORTED_BY_ZM, &m->signatures[SIG_UNKNOWN],
		DNSSEC_TAG | DNSSEC_ALGORITHM);
	dnssec_emit_groups(
		c, TAG_DS02_RRSIG_NOT_VALID_BY_DNSKEY, &m->signatures[SIG_WRONG], DNSSEC_TAG);
	dnssec_soften(c, from, &m->sound);
	if (!cases_emit_heard(c, TAG_DS02_NO_VALID_DNSKEY_FOR_ANY_DS, &m->keyless))
		cases_emit_heard(c, TAG_DS02_DNSKEY_NOT_SIGNED_BY_ANY_DS, &m->loose);
}

void dnssec02(struct cases *c)
{
	const struct dnssec_ds ds = dnssec_ds(c);
	struct match m = { .ds = &ds };
	struct heard asked;

	if (!ds.v.n)
		return;
	asked = dnssec_ask(c, &c->del->all, RR_DNSKEY);
	for (size_t i = 0; i < asked.n; i++)
		if (dnssec_whole(asked.v[i]->msg) && dnssec_keys(c, asked.v[i]).n)
			take_server(c, &m, asked.v[i]);
	emit(c, &m);
}
