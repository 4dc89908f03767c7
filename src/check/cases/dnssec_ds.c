// SPDX-License-Identifier: GPL-3.0-or-later
// dnssec01, dnssec07: DS records at the parent.
#include "check/cases/dnssec_inner.h"

#include "base/err.h"

/* The digest types of one answer's (or an undelegated test's) DS records. */
struct digests {
	struct dnssec_groups all;	     /* by key tag and digest type */
	struct dnssec_groups sha256, others; /* by key tag */
};

enum { DIGEST_SHA256 = 2 };

static void take_digest(
	struct cases *c, struct digests *d, const struct ds *ds, const struct entry *e)
{
	const struct dnssec_id tag = { .tag = ds->tag };

	dnssec_group(c, &d->all, (struct dnssec_id){ ds->tag, ds->digest_type }, e);
	dnssec_group(c, ds->digest_type == DIGEST_SHA256 ? &d->sha256 : &d->others, tag, e);
}

static bool heard_has(const struct heard *list, const struct entry *e)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->v[i] == e)
			return true;
	return false;
}

/* Servers that have a key tag with other digests only. */
static void emit_sha256_missing(struct cases *c, const struct digests *d)
{
	struct dnssec_groups missing = { 0 };

	vec_each (const struct dnssec_group, g, d->others) {
		const struct dnssec_group *good = dnssec_group_find(&d->sha256, g->id);

		if (!good && !g->heard.n)
			dnssec_group(c, &missing, g->id, NULL);
		for (size_t i = 0; i < g->heard.n; i++)
			if (!good || !heard_has(&good->heard, g->heard.v[i]))
				dnssec_group(c, &missing, g->id, g->heard.v[i]);
	}
	dnssec_emit_groups(c, TAG_DS01_DS_ALGO_2_MISSING, &missing, DNSSEC_TAG);
}

static void emit_digests(struct cases *c, const struct digests *d)
{
	static const enum tag order[] = { TAG_DS01_DS_ALGO_DEPRECATED, TAG_DS01_DS_ALGO_RESERVED,
		TAG_DS01_DS_ALGO_UNASSIGNED, TAG_DS01_DS_ALGO_PRIVATE, TAG_DS01_DS_ALGO_NOT_DS,
		TAG_DS01_DS_ALGO_OK };

	for (size_t i = 0; i < ARRAY_LEN(order); i++) {
		struct dnssec_groups rated = { 0 };

		vec_each (const struct dnssec_group, g, d->all)
			if (dnssec_digest_row((uint8_t)g->id.number)->rated == order[i])
				vec_push(c->arena, &rated, *g);
		dnssec_emit_groups(c, order[i], &rated, DNSSEC_TAG | DNSSEC_DIGEST);
	}
	emit_sha256_missing(c, d);
}

static bool is_root(const struct name *n)
{
	return n->len == 1;
}

void dnssec01(struct cases *c)
{
	const struct dnssec_ds ds = dnssec_ds(c);
	struct heard ignored = { 0 }, without = { 0 };
	struct digests digests = { 0 };
	bool with = ds.given;

	if (ds.given)
		vec_each (const struct ds, d, ds.v)
			take_digest(c, &digests, d, NULL);
	for (size_t i = 0; i < ds.asked.n; i++) {
		const struct entry *e = ds.asked.v[i];
		const struct ds_list list = dnssec_ds_of(c, e);

		if (e->state == ENTRY_PENDING || e->state == ENTRY_UNSENT)
			continue;
		if (!dnssec_whole(e->msg))
			vec_push(c->arena, &ignored, e);
		else if (!list.n)
			vec_push(c->arena, &without, e);
		else
			with = true;
		if (dnssec_whole(e->msg))
			vec_each (const struct ds, d, list)
				take_digest(c, &digests, d, e);
	}
	emit_digests(c, &digests);
	if (!without.n && !with)
		cases_emit_heard(c, TAG_DS01_NO_RESPONSE, &ignored);
	if (is_root(c->zone) && !ds.given)
		cases_emit(c, TAG_DS01_ROOT_N_NO_UNDEL_DS);
	if (!is_root(c->zone) && tree_undelegated(c->tree) && !ds.given)
		cases_emit(c, TAG_DS01_UNDEL_N_NO_UNDEL_DS);
	cases_emit_heard(
		c, with ? TAG_DS01_PARENT_SERVER_NO_DS : TAG_DS01_PARENT_ZONE_NO_DS, &without);
}

/* What the zone's servers say of keys, and the parent's of DS. */
struct signedness {
	struct heard ignored, silent, no_aa, no_keys, with_keys;
	struct dnssec_groups rcodes;
	size_t undecided, unsent;
	struct heard no_ds, with_ds;
	bool given;
};

/* The set is there, and a signature that covers it (RFC 4035 5.3.1, the first four points). */
static bool covered(struct cases *c, const struct msg *m, uint16_t type, const struct name *signer)
{
	const struct rrset set = dnssec_set(c, m, type);
	struct rrsig sig;

	if (!set.rrs.n)
		return false;
	for (size_t i = 0; i < set.rrsigs.n; i++)
		if (!rrsig_read(m, set.rrsigs.v[i], &sig) && sig.labels <= name_labels(c->zone) &&
			(!signer || name_equal(&sig.signer, signer)))
			return true;
	return false;
}

static bool has_soa(const struct cases *c, const struct msg *m)
{
	return tree_is_authority(m) && tree_answers(m, c->zone, RR_SOA);
}

/* The list in which a server's reply to the question for keys belongs. */
static struct heard *keys_list(struct cases *c, struct signedness *s, const struct entry *keys)
{
	if (!keys->msg)
		return &s->silent;
	if (!(keys->msg->flags & FLAG_AA))
		return &s->no_aa;
	return covered(c, keys->msg, RR_DNSKEY, c->zone) ? &s->with_keys : &s->no_keys;
}

static void take_server(
	struct cases *c, struct signedness *s, const struct entry *soa, const struct entry *keys)
{
	if (soa->state == ENTRY_UNSENT || keys->state == ENTRY_UNSENT) {
		s->unsent++;
	} else if (soa->state == ENTRY_PENDING || keys->state == ENTRY_PENDING) {
		s->undecided++;
	} else if (!has_soa(c, soa->msg)) {
		vec_push(c->arena, &s->ignored, soa);
	} else if (keys->msg && (keys->msg->flags & FLAG_AA) && keys->msg->rcode) {
		dnssec_group(c, &s->rcodes, (struct dnssec_id){ .number = keys->msg->rcode }, keys);
	} else {
		struct heard *list = keys_list(c, s, keys);

		vec_push(c->arena, list, keys);
	}
}

static void take_parents(struct cases *c, struct signedness *s, const struct dnssec_ds *ds)
{
	for (size_t i = 0; i < ds->asked.n; i++) {
		const struct entry *e = ds->asked.v[i];

		if (!dnssec_whole(e->msg))
			continue;
		if (covered(c, e->msg, RR_DS, c->del->parent_zone))
			vec_push(c->arena, &s->with_ds, e);
		else
			vec_push(c->arena, &s->no_ds, e);
	}
}

/* false: the zone is not signed. */
static bool emit_keys(struct cases *c, const struct signedness *s)
{
	size_t useless = s->ignored.n + s->silent.n + s->no_aa.n + s->rcodes.n;
	bool none = !s->with_keys.n && !s->no_keys.n && !s->undecided && (useless || !s->unsent);

	if (none)
		cases_emit(c, TAG_DS07_NOT_SIGNED);
	cases_emit_heard(c, TAG_DS07_NO_RESPONSE_DNSKEY, &s->silent);
	cases_emit_heard(c, TAG_DS07_NON_AUTH_RESPONSE_DNSKEY, &s->no_aa);
	dnssec_emit_groups(c, TAG_DS07_UNEXP_RCODE_RESP_DNSKEY, &s->rcodes, DNSSEC_RCODE);
	cases_emit_heard(c, TAG_DS07_SIGNED_ON_SERVER, &s->with_keys);
	cases_emit_heard(c, TAG_DS07_NOT_SIGNED_ON_SERVER, &s->no_keys);
	if (s->with_keys.n && s->no_keys.n)
		cases_emit(c, TAG_DS07_INCONSISTENT_SIGNED);
	else if (s->with_keys.n)
		cases_emit(c, TAG_DS07_SIGNED);
	else if (s->no_keys.n)
		cases_emit(c, TAG_DS07_NOT_SIGNED);
	return s->with_keys.n || (!none && !s->no_keys.n);
}

static void emit_ds(struct cases *c, const struct signedness *s)
{
	bool with = s->given || s->with_ds.n;

	cases_emit_heard(c, TAG_DS07_NO_DS_ON_PARENT_SERVER, &s->no_ds);
	if (s->given)
		cases_emit(c, TAG_DS07_DS_ON_PARENT_SERVER);
	cases_emit_heard(c, TAG_DS07_DS_ON_PARENT_SERVER, &s->with_ds);
	if (s->no_ds.n && with)
		cases_emit(c, TAG_DS07_INCONSISTENT_DS);
	else if (!s->no_keys.n && with)
		cases_emit(c, TAG_DS07_DS_FOR_SIGNED_ZONE);
	else if (!s->no_keys.n && s->no_ds.n)
		cases_emit(c, TAG_DS07_NO_DS_FOR_SIGNED_ZONE);
}

/* A validator can follow one of the DS records; else the zone is unsigned to it (RFC 4035 5.2). */
static bool leads(const struct dnssec_ds *list)
{
	vec_each (const struct ds, ds, list->v)
		if (ds_usable(ds))
			return true;
	return false;
}

void dnssec07(struct cases *c)
{
	const struct dnssec_ds ds = dnssec_ds(c);
	const struct heard keys = dnssec_ask(c, &c->del->all, RR_DNSKEY);
	struct signedness s = { .given = ds.given };

	vec_each (const struct server, server, c->del->all) {
		size_t i = (size_t)(server - c->del->all.v);

		take_server(c, &s, cases_ask(c, server, &(struct cases_q){ .type = RR_SOA }),
			keys.v[i]);
	}
	c->insecure = !leads(&ds) && !is_root(c->zone);
	/* Nothing else is worth a packet in an unsigned zone; nor while it may be one. */
	c->unsigned_zone = !emit_keys(c, &s) || (!s.with_keys.n && s.undecided);
	if (!s.with_keys.n)
		return;
	take_parents(c, &s, &ds);
	emit_ds(c, &s);
}
