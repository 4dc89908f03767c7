// SPDX-License-Identifier: GPL-3.0-or-later
// dnssec15 to dnssec18: CDS and CDNSKEY, by which a zone tells its parent what DS to publish.
#include <string.h>

#include "base/err.h"
#include "check/cases/dnssec_said.h"

enum { RECORDS_MOST = 64 }; /* of a set that are held against those of another */
enum { DELETES = 0 };	    /* the algorithm of a record that wants all DS gone (RFC 8078 4) */

/* The set of a type that a reply has, perhaps empty; false: the reply is none that counts. */
static bool published(struct cases *c, const struct entry *e, uint16_t type, struct rrset *ret)
{
	const struct msg *m = dnssec_said_reply(e);

	if (m)
		*ret = dnssec_set(c, m, type);
	if (m && ret->rrs.n > RECORDS_MOST)
		ret->rrs.n = ret->rdata.n = RECORDS_MOST;
	return m != NULL;
}

static bool signed_by(const struct rrset *set, const struct dnskey *key)
{
	struct rrsig sig;

	for (size_t i = 0; i < set->rrsigs.n; i++)
		if (!rrsig_read(set->msg, set->rrsigs.v[i], &sig) && sig.tag == key->tag &&
			sig.algorithm == key->algorithm)
			return true;
	return false;
}

/* The digest decides, where we can compute it. */
static bool stands_for(const struct cases *c, const struct ds *ds, const struct dnskey *key)
{
	int err = ds_matches(ds, c->zone, key);

	return !err || (err == -ERR_NONE && ds->tag == key->tag && ds->algorithm == key->algorithm);
}

/* dnssec15 ------------------------------------------------------------------------------------- */

enum order { ORDER_CDS, ORDER_CDNSKEY, ORDERS };
static const uint16_t order_types[ORDERS] = { RR_CDS, RR_CDNSKEY };

/* A server that gave both sets. */
struct orders {
	const struct entry *e;
	struct rrset set[ORDERS];
};
static bool one_matches(const struct cases *c, const struct rr *cds, const struct rr *cdnskey)
{
	struct ds ds;
	struct dnskey key;

	if (ds_read(cds, &ds) || dnskey_read(cdnskey, &key))
		return false;
	if (ds.algorithm == DELETES || key.algorithm == DELETES)
		return ds.algorithm == key.algorithm;
	return stands_for(c, &ds, &key);
}

/* Each record of either set has one in the other. */
static bool all_match(const struct cases *c, const struct orders *o)
{
	for (size_t side = 0; side < ORDERS; side++)
		for (size_t i = 0; i < o->set[side].rrs.n; i++) {
			const struct rr *pair[ORDERS] = { o->set[side].rrs.v[i] };
			bool found = false;

			pair[side] = o->set[side].rrs.v[i];
			for (size_t k = 0; k < o->set[!side].rrs.n; k++) {
				pair[!side] = o->set[!side].rrs.v[k];
				found |= one_matches(c, pair[ORDER_CDS], pair[ORDER_CDNSKEY]);
			}
			if (!found)
				return false;
		}
	return true;
}

/* What all servers say of one of the types. */
struct shown {
	struct heard heard;
	struct span first; /* the first one's set, as bytes */
	bool any, differ;
};

static void show(struct cases *c, struct shown *s, const struct entry *e, const struct rrset *set)
{
	struct span bytes = rrset_canonical(c->arena, set);

	if (!s->heard.n)
		s->first = bytes;
	else if (!span_equal(bytes, s->first))
		s->differ = true;
	s->any |= set->rrs.n > 0;
	vec_push(c->arena, &s->heard, e);
}

static void compare(struct cases *c, struct dnssec_said *said, const struct orders *o)
{
	bool cds = o->set[ORDER_CDS].rrs.n, cdnskey = o->set[ORDER_CDNSKEY].rrs.n;
	struct dnssec_point point = { 0 };

	if (!cds && !cdnskey)
		return;
	if (cds && cdnskey)
		point.tag = TAG_DS15_HAS_CDS_AND_CDNSKEY;
	else
		point.tag = cds ? TAG_DS15_HAS_CDS_NO_CDNSKEY : TAG_DS15_HAS_CDNSKEY_NO_CDS;
	dnssec_said_note(c, said, &point, o->e);
	point.tag = TAG_DS15_MISMATCH_CDS_CDNSKEY;
	if (cds && cdnskey && !all_match(c, o))
		dnssec_said_note(c, said, &point, o->e);
}

void dnssec15(struct cases *c)
{
	static const enum tag differ[ORDERS] = { TAG_DS15_INCONSISTENT_CDS,
		TAG_DS15_INCONSISTENT_CDNSKEY };
	struct shown shown[ORDERS] = { 0 };
	struct dnssec_said said = { 0 };
	struct heard asked[ORDERS];

	for (size_t k = 0; k < ORDERS; k++)
		asked[k] = dnssec_ask(c, &c->del->all, order_types[k]);
	for (size_t i = 0; i < c->del->all.n; i++) {
		struct orders o = { .e = asked[ORDER_CDNSKEY].v[i] };
		size_t k = 0;

		/* Without a reply about CDS, none about CDNSKEY counts. */
		for (; k < ORDERS && published(c, asked[k].v[i], order_types[k], &o.set[k]); k++)
			show(c, &shown[k], asked[k].v[i], &o.set[k]);
		if (k == ORDERS)
			compare(c, &said, &o);
	}
	if (!shown[ORDER_CDS].any && !shown[ORDER_CDNSKEY].any) {
		cases_emit(c, TAG_DS15_NO_CDS_CDNSKEY);
		return;
	}
	dnssec_said_emit(c, &said);
	for (size_t k = 0; k < ORDERS; k++)
		if (shown[k].differ)
			cases_emit_heard(c, differ[k], &shown[k].heard);
}

/* dnssec16, dnssec17 --------------------------------------------------------------------------- */

/* The two are one, but that a CDS stands for a key of the zone and a CDNSKEY is a copy of it. */
struct order_row {
	uint16_t type;
	enum tag no_keys, mixed, deletes, no_match, non_zone, non_sep, keys_unsigned, self_unsigned,
		invalid, unsigned_, unknown;
};
static const struct order_row order_rows[ORDERS] = {
	[ORDER_CDS] = {
		.type = RR_CDS,
		.no_keys = TAG_DS16_CDS_WITHOUT_DNSKEY,
		.mixed = TAG_DS16_MIXED_DELETE_CDS,
		.deletes = TAG_DS16_DELETE_CDS,
		.no_match = TAG_DS16_CDS_MATCHES_NO_DNSKEY,
		.non_zone = TAG_DS16_CDS_MATCHES_NON_ZONE_DNSKEY,
		.non_sep = TAG_DS16_CDS_MATCHES_NON_SEP_DNSKEY,
		.keys_unsigned = TAG_DS16_DNSKEY_NOT_SIGNED_BY_CDS,
		.self_unsigned = TAG_DS16_CDS_NOT_SIGNED_BY_CDS,
		.invalid = TAG_DS16_CDS_INVALID_RRSIG,
		.unsigned_ = TAG_DS16_CDS_UNSIGNED,
		.unknown = TAG_DS16_CDS_SIGNED_BY_UNKNOWN_DNSKEY,
	},
	[ORDER_CDNSKEY] = {
		.type = RR_CDNSKEY,
		.no_keys = TAG_DS17_CDNSKEY_WITHOUT_DNSKEY,
		.mixed = TAG_DS17_MIXED_DELETE_CDNSKEY,
		.deletes = TAG_DS17_DELETE_CDNSKEY,
		.no_match = TAG_DS17_CDNSKEY_MATCHES_NO_DNSKEY,
		.non_zone = TAG_DS17_CDNSKEY_IS_NON_ZONE,
		.non_sep = TAG_DS17_CDNSKEY_IS_NON_SEP,
		.keys_unsigned = TAG_DS17_DNSKEY_NOT_SIGNED_BY_CDNSKEY,
		.self_unsigned = TAG_DS17_CDNSKEY_NOT_SIGNED_BY_CDNSKEY,
		.invalid = TAG_DS17_CDNSKEY_INVALID_RRSIG,
		.unsigned_ = TAG_DS17_CDNSKEY_UNSIGNED,
		.unknown = TAG_DS17_CDNSKEY_SIGNED_BY_UNKNOWN_DNSKEY,
	},
};

/* What one record of the two types says. */
struct wish {
	uint16_t tag;
	uint8_t algorithm;
	const struct dnskey *key;     /* of the zone; NULL: none */
	const struct dnskey *flagged; /* whose flags count; NULL: none */
	struct dnskey copy;
};

/* By tag only, as the specification says; among several keys of that tag the likelier. */
static const struct dnskey *key_of_cds(const struct dnssec_keys *keys, const struct ds *ds)
{
	vec_each (const struct dnskey, k, *keys)
		if (k->tag == ds->tag && k->algorithm == ds->algorithm)
			return k;
	return dnssec_key_find(keys, ds->tag);
}

static const struct dnskey *same_key(const struct dnssec_keys *keys, const struct dnskey *copy)
{
	vec_each (const struct dnskey, k, *keys)
		if (span_equal(k->rdata, copy->rdata))
			return k;
	return NULL;
}

/* false: it cannot be read. */
static bool read_wish(const struct rr *rr, const struct dnssec_keys *keys, struct wish *ret)
{
	struct ds ds;

	*ret = (struct wish){ 0 };
	if (rr->type == RR_CDS) {
		if (ds_read(rr, &ds))
			return false;
		ret->tag = ds.tag;
		ret->algorithm = ds.algorithm;
		ret->key = ret->flagged = key_of_cds(keys, &ds);
		return true;
	}
	if (dnskey_read(rr, &ret->copy))
		return false;
	ret->tag = ret->copy.tag;
	ret->algorithm = ret->copy.algorithm;
	ret->key = same_key(keys, &ret->copy);
	ret->flagged = &ret->copy;
	return true;
}

/* A server's set of one of the types, and its keys. */
struct ordered {
	struct cases *c;
	const struct order_row *row;
	struct dnssec_said *said;
	const struct entry *e;
	struct rrset set, keyset;
	struct dnssec_keys keys;
};

static void say(const struct ordered *o, enum tag tag)
{
	dnssec_said_note(o->c, o->said, &(struct dnssec_point){ .tag = tag }, o->e);
}

static void say_of(const struct ordered *o, enum tag tag, uint16_t keytag)
{
	dnssec_said_note(o->c, o->said,
		&(struct dnssec_point){ .tag = tag, .told = DNSSEC_TAG, .id = { keytag, 0 } },
		o->e);
}

static void judge_wish(const struct ordered *o, const struct wish *w)
{
	if (w->flagged && !(w->flagged->flags & DNSKEY_ZONE)) {
		say_of(o, o->row->non_zone, w->tag);
		return;
	}
	if (w->flagged && !(w->flagged->flags & DNSKEY_SEP))
		say_of(o, o->row->non_sep, w->tag);
	if (!w->key) {
		say_of(o, o->row->no_match, w->tag);
		return;
	}
	if (!signed_by(&o->keyset, w->key))
		say_of(o, o->row->keys_unsigned, w->tag);
	if (!signed_by(&o->set, w->key))
		say_of(o, o->row->self_unsigned, w->tag);
}

static void judge_signature(const struct ordered *o, const struct rr *rrsig)
{
	struct dnssec_sig sig = dnssec_judge(o->c, &o->set, rrsig, &o->keys);

	if (sig.result != SIG_MALFORMED && !dnssec_key_find(&o->keys, sig.sig.tag))
		say_of(o, o->row->unknown, sig.sig.tag);
	else if (sig.result != SIG_VALID && sig.result != SIG_UNKNOWN)
		say_of(o, o->row->invalid, sig.sig.tag);
}

/* Step 7, for one server. */
static void judge_orders(const struct ordered *o)
{
	struct wish w;
	bool deletes = false;

	for (size_t i = 0; i < o->set.rrs.n; i++)
		deletes |= read_wish(o->set.rrs.v[i], &o->keys, &w) && w.algorithm == DELETES;
	if (deletes)
		say(o, o->set.rrs.n > 1 ? o->row->mixed : o->row->deletes);
	if (!o->keys.n) {
		say(o, o->row->no_keys);
		return;
	}
	for (size_t i = 0; i < o->set.rrs.n; i++)
		if (read_wish(o->set.rrs.v[i], &o->keys, &w) && w.algorithm != DELETES)
			judge_wish(o, &w);
	if (!o->set.rrsigs.n)
		say(o, o->row->unsigned_);
	for (size_t i = 0; i < o->set.rrsigs.n; i++)
		judge_signature(o, o->set.rrsigs.v[i]);
}

static void validate(struct cases *c, const struct order_row *row)
{
	struct heard asked = dnssec_ask(c, &c->del->all, row->type);
	struct heard keyed = dnssec_ask(c, &c->del->all, RR_DNSKEY);
	struct dnssec_said said = { 0 };

	for (size_t i = 0; i < asked.n; i++) {
		struct ordered o = { .c = c, .row = row, .said = &said, .e = asked.v[i] };

		if (!published(c, asked.v[i], row->type, &o.set) || !o.set.rrs.n ||
			!dnssec_said_settled(keyed.v[i]))
			continue;
		if (published(c, keyed.v[i], RR_DNSKEY, &o.keyset))
			o.keys = dnssec_keys(c, keyed.v[i]);
		judge_orders(&o);
	}
	dnssec_said_emit(c, &said);
}

void dnssec16(struct cases *c)
{
	validate(c, &order_rows[ORDER_CDS]);
}

void dnssec17(struct cases *c)
{
	validate(c, &order_rows[ORDER_CDNSKEY]);
}

/* dnssec18 ------------------------------------------------------------------------------------- */

/* The DS records of the zone, whether or not their replies have an OPT record. */
static struct ds_list ds_of_zone(struct cases *c)
{
	struct dnssec_ds found = dnssec_ds(c);
	struct ds_list ret = { 0 };

	if (found.given)
		vec_each (const struct ds, ds, found.v)
			vec_push(c->arena, &ret, *ds);
	for (size_t i = 0; i < found.asked.n; i++) {
		struct ds_list list = { 0 };

		if (dnssec_said_reply(found.asked.v[i]))
			list = dnssec_ds_of(c, found.asked.v[i]);
		vec_each (const struct ds, ds, list)
			vec_push(c->arena, &ret, *ds);
	}
	return ret;
}

/* A key that a DS record stands for signed the set. */
static bool trusted(const struct cases *c, const struct rrset *set, const struct ds_list *list,
	const struct dnssec_keys *keys)
{
	vec_each (const struct ds, ds, *list)
		vec_each (const struct dnskey, key, *keys)
			if (stands_for(c, ds, key) && signed_by(set, key))
				return true;
	return false;
}

void dnssec18(struct cases *c)
{
	static const enum tag tags[ORDERS] = { TAG_DS18_NO_MATCH_CDS_RRSIG_DS,
		TAG_DS18_NO_MATCH_CDNSKEY_RRSIG_DS };
	struct ds_list ds = ds_of_zone(c);
	struct heard asked[ORDERS], keyed, alien[ORDERS] = { 0 };
	size_t nkeys = 0;

	if (!ds.n)
		return;
	for (size_t k = 0; k < ORDERS; k++)
		asked[k] = dnssec_ask(c, &c->del->all, order_types[k]);
	keyed = dnssec_ask(c, &c->del->all, RR_DNSKEY);
	for (size_t i = 0; i < keyed.n; i++) {
		struct dnssec_keys keys = { 0 };
		struct rrset set;

		if (dnssec_said_reply(keyed.v[i]))
			keys = dnssec_keys(c, keyed.v[i]);
		nkeys += keys.n;
		for (size_t k = 0; k < ORDERS && dnssec_said_settled(keyed.v[i]) &&
				   published(c, asked[k].v[i], order_types[k], &set);
			k++)
			if (set.rrs.n && !trusted(c, &set, &ds, &keys))
				vec_push(c->arena, &alien[k], asked[k].v[i]);
	}
	for (size_t k = 0; k < ORDERS && nkeys; k++)
		cases_emit_heard(c, tags[k], &alien[k]);
}
