// SPDX-License-Identifier: GPL-3.0-or-later
// dnssec10: what denies that names and types exist, at the zone's apex.
#include <string.h>

#include "base/err.h"
#include "check/cases/dnssec_said.h"

/* The two ways to deny. */
enum kind { KIND_NSEC, KIND_NSEC3, KINDS };

/*
 * Each way has a type that the apex owns, so that a question for it is answered; a question for
 * that of the other way is denied.
 */
static const struct {
	uint16_t apex_type, type;   /* type: of the record that denies */
	uint16_t must[5], never[2]; /* in its type list */
	/* Of the reply to a question for apex_type. */
	enum tag no_reply, stranger, many_answers, answer_elsewhere;
	/* Of the denial. */
	enum tag no_soa, wrong_soa, many, elsewhere, types;
	/* Of its signatures. */
	enum tag unsigned_, no_key, expired, early, wrong, unverified;
	/* Of the zone. */
	enum tag uneven, has;
} kinds[KINDS] = {
	[KIND_NSEC] = {
		.apex_type = RR_NSEC,
		.type = RR_NSEC,
		.must = { RR_SOA, RR_NS, RR_DNSKEY, RR_NSEC, RR_RRSIG },
		.never = { RR_NSEC3PARAM, RR_NSEC3 },
		.no_reply = TAG_DS10_NSEC_QUERY_RESPONSE_ERR,
		.stranger = TAG_DS10_NSEC_GIVES_ERR_ANSWER,
		.many_answers = TAG_DS10_ERR_MULT_NSEC,
		.answer_elsewhere = TAG_DS10_NSEC_MISMATCHES_APEX,
		.no_soa = TAG_DS10_NSEC_NODATA_MISSING_SOA,
		.wrong_soa = TAG_DS10_NSEC_NODATA_WRONG_SOA,
		.many = TAG_DS10_ERR_MULT_NSEC,
		.elsewhere = TAG_DS10_NSEC_MISMATCHES_APEX,
		.types = TAG_DS10_NSEC_ERR_TYPE_LIST,
		.unsigned_ = TAG_DS10_NSEC_MISSING_SIGNATURE,
		.no_key = TAG_DS10_NSEC_RRSIG_NO_DNSKEY,
		.expired = TAG_DS10_NSEC_RRSIG_EXPIRED,
		.early = TAG_DS10_NSEC_RRSIG_NOT_YET_VALID,
		.wrong = TAG_DS10_NSEC_RRSIG_VERIFY_ERROR,
		.unverified = TAG_DS10_NSEC_NO_VERIFIED_SIGNATURE,
		.uneven = TAG_DS10_INCONSISTENT_NSEC,
		.has = TAG_DS10_HAS_NSEC,
	},
	[KIND_NSEC3] = {
		.apex_type = RR_NSEC3PARAM,
		.type = RR_NSEC3,
		.must = { RR_SOA, RR_NS, RR_DNSKEY, RR_NSEC3PARAM, RR_RRSIG },
		.never = { RR_NSEC, RR_NSEC3 },
		.no_reply = TAG_DS10_NSEC3PARAM_QUERY_RESPONSE_ERR,
		.stranger = TAG_DS10_NSEC3PARAM_GIVES_ERR_ANSWER,
		.many_answers = TAG_DS10_ERR_MULT_NSEC3PARAM,
		.answer_elsewhere = TAG_DS10_NSEC3PARAM_MISMATCHES_APEX,
		.no_soa = TAG_DS10_NSEC3_NODATA_MISSING_SOA,
		.wrong_soa = TAG_DS10_NSEC3_NODATA_WRONG_SOA,
		.many = TAG_DS10_ERR_MULT_NSEC3,
		.elsewhere = TAG_DS10_NSEC3_MISMATCHES_APEX,
		.types = TAG_DS10_NSEC3_ERR_TYPE_LIST,
		.unsigned_ = TAG_DS10_NSEC3_MISSING_SIGNATURE,
		.no_key = TAG_DS10_NSEC3_RRSIG_NO_DNSKEY,
		.expired = TAG_DS10_NSEC3_RRSIG_EXPIRED,
		.early = TAG_DS10_NSEC3_RRSIG_NOT_YET_VALID,
		.wrong = TAG_DS10_NSEC3_RRSIG_VERIFY_ERROR,
		.unverified = TAG_DS10_NSEC3_NO_VERIFIED_SIGNATURE,
		.uneven = TAG_DS10_INCONSISTENT_NSEC3,
		.has = TAG_DS10_HAS_NSEC3,
	},
};

/* A server with keys, and what it showed of each way. */
struct denier {
	const struct entry *keyed; /* its reply about DNSKEY */
	const struct entry *asked[KINDS];
	struct dnssec_keys keys;
	bool answered[KINDS], denied[KINDS];
	bool verified[KINDS], failed[KINDS]; /* signatures of the denial */
};

struct denial {
	struct cases *c;
	struct VEC(struct denier) deniers;
	struct dnssec_said said;
};

static bool shows(const struct denier *s, enum kind k)
{
	return s->answered[k] || s->denied[k];
}

static void note(struct denial *d, enum tag tag, const struct entry *e)
{
	dnssec_said_note(d->c, &d->said, &(struct dnssec_point){ .tag = tag }, e);
}

static void hear_answer(struct denial *d, struct denier *s, enum kind k)
{
	const struct entry *e = s->asked[k];
	struct rr_wanted any = { MSG_ANSWER, kinds[k].apex_type, NULL };
	size_t n = msg_count(e->msg, any);

	s->answered[k] = n > 0;
	if (!n)
		note(d, kinds[k].stranger, e);
	else if (n > 1)
		note(d, kinds[k].many_answers, e);
	else if (!name_equal(msg_find(e->msg, any)->owner, d->c->zone))
		note(d, kinds[k].answer_elsewhere, e);
}

static void hear_soa(struct denial *d, enum kind k, const struct entry *e)
{
	const struct rr *soa = msg_find(e->msg, (struct rr_wanted){ MSG_AUTHORITY, RR_SOA, NULL });

	if (!soa)
		note(d, kinds[k].no_soa, e);
	else if (!name_equal(soa->owner, d->c->zone))
		dnssec_said_note(d->c, &d->said,
			&(struct dnssec_point){ .tag = kinds[k].wrong_soa, .domain = soa->owner },
			e);
}

/* NSEC3: the hash in the owner is the apex's. One that we cannot work out is not called wrong. */
static bool hashes_apex(const struct cases *c, const struct rr *rr, const struct nsec3 *nsec3)
{
	uint8_t owner[NSEC3_HASH], apex[NSEC3_HASH];
	struct name zone;
	int err;

	if (!rr->owner->len)
		return false;
	zone = name_parent(rr->owner);
	if (!name_equal(&zone, c->zone) || nsec3_owner_hash(rr->owner, owner))
		return false;
	err = dnssec_memo_nsec3(ledger_memo(c->tree->ledger), nsec3, c->zone, apex);
	return err || memcmp(owner, apex, NSEC3_HASH) == 0;
}

/* The record that denies is the apex's own; its type list. */
static bool at_apex(
	const struct cases *c, const struct entry *e, const struct rr *rr, struct span *ret_types)
{
	struct nsec nsec = { 0 };
	struct nsec3 nsec3 = { 0 };

	if (rr->type == RR_NSEC) {
		if (!nsec_read(e->msg, rr, &nsec))
			*ret_types = nsec.types;
		return name_equal(rr->owner, c->zone);
	}
	if (nsec3_read(rr, &nsec3))
		return false;
	*ret_types = nsec3.types;
	return hashes_apex(c, rr, &nsec3);
}

static bool types_right(enum kind k, struct span types)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds[k].must); i++)
		if (!bitmap_has(types, kinds[k].must[i]))
			return false;
	for (size_t i = 0; i < ARRAY_LEN(kinds[k].never); i++)
		if (bitmap_has(types, kinds[k].never[i]))
			return false;
	return true;
}

static void hear_signature(
	struct denial *d, struct denier *s, enum kind k, const struct dnssec_sig *sig)
{
	const enum tag told[] = {
		[SIG_WRONG] = kinds[k].wrong,
		[SIG_EXPIRED] = kinds[k].expired,
		[SIG_NOT_YET] = kinds[k].early,
		[SIG_UNKNOWN] = TAG_DS10_ALGO_NOT_SUPPORTED_BY_ZM,
		[SIG_OTHER_KEY] = kinds[k].no_key,
		[SIG_MALFORMED] = kinds[k].wrong,
	};
	struct dnssec_point point = { .told = DNSSEC_TAG, .id = { sig->sig.tag, 0 } };
	enum sig_result result = sig->result;

	/* That no key fits comes before its times. */
	if (result != SIG_MALFORMED && !dnssec_key_find(&s->keys, sig->sig.tag))
		result = SIG_OTHER_KEY;
	if (result == SIG_VALID) {
		s->verified[k] = true;
		return;
	}
	point.tag = told[result];
	if (result == SIG_UNKNOWN) {
		point.told |= DNSSEC_ALGORITHM;
		point.id.number = sig->sig.algorithm;
	} else {
		s->failed[k] = true;
	}
	dnssec_said_note(d->c, &d->said, &point, s->asked[!k]);
}

/* A denial by the records of way k, in reply to the question for the other way's type. */
static void hear_denial(struct denial *d, struct denier *s, enum kind k)
{
	const struct entry *e = s->asked[!k];
	struct rr_wanted any = { MSG_AUTHORITY, kinds[k].type, NULL };
	const struct rr *rr = msg_find(e->msg, any);
	struct span types = { 0 };
	struct rrset set;

	s->denied[k] = true;
	hear_soa(d, k, e);
	if (msg_count(e->msg, any) > 1) {
		note(d, kinds[k].many, e);
		return;
	}
	if (!at_apex(d->c, e, rr, &types))
		note(d, kinds[k].elsewhere, e);
	else if (!types_right(k, types))
		note(d, kinds[k].types, e);
	set = rrset_find(
		d->c->arena, e->msg, (struct rr_wanted){ MSG_AUTHORITY, kinds[k].type, rr->owner });
	if (!set.rrsigs.n)
		note(d, kinds[k].unsigned_, e);
	for (size_t i = 0; i < set.rrsigs.n; i++) {
		struct dnssec_sig sig = dnssec_judge(d->c, &set, set.rrsigs.v[i], &s->keys);

		hear_signature(d, s, k, &sig);
	}
}

/* The reply to the question for way k's type. */
static void hear(struct denial *d, struct denier *s, enum kind k)
{
	const struct entry *e = s->asked[k];
	const struct msg *m = dnssec_said_reply(e);

	if (!dnssec_said_settled(e))
		return;
	if (!m)
		note(d, kinds[k].no_reply, e);
	else if (msg_count(m, (struct rr_wanted){ MSG_ANSWER, 0, NULL }))
		hear_answer(d, s, k);
	else if (msg_count(m, (struct rr_wanted){ MSG_AUTHORITY, kinds[!k].type, NULL }))
		hear_denial(d, s, !k);
}

/* Steps 10, 11, 35, 40, and 44: of each server by itself. */
static void judge_server(struct denial *d, const struct denier *s)
{
	bool settled = true;

	for (enum kind k = 0; k < KINDS; k++) {
		settled &= dnssec_said_settled(s->asked[k]);
		if (s->failed[k] && !s->verified[k])
			note(d, kinds[k].unverified, s->asked[!k]);
	}
	if (!settled)
		return;
	for (enum kind k = 0; k < KINDS; k++)
		if (s->answered[k] != s->denied[k] && !shows(s, !k))
			note(d, kinds[k].uneven, s->asked[s->answered[k] ? !k : k]);
	if (shows(s, KIND_NSEC) && shows(s, KIND_NSEC3))
		note(d, TAG_DS10_MIXED_NSEC_NSEC3, s->asked[KIND_NSEC]);
	if (!shows(s, KIND_NSEC) && !shows(s, KIND_NSEC3))
		note(d, TAG_DS10_EXPECTED_NSEC_NSEC3_MISSING, s->asked[KIND_NSEC3]);
}

/* The reply in which a server shows way k. */
static const struct entry *shown(const struct denier *s, enum kind k)
{
	return s->asked[s->answered[k] ? k : !k];
}

/* Who shows way k; sole: and not the other way. */
static struct heard who(const struct denial *d, enum kind k, bool sole)
{
	struct heard ret = { 0 };

	vec_each (const struct denier, s, d->deniers)
		if (shows(s, k) && !(sole && shows(s, !k)))
			vec_push(d->c->arena, &ret, shown(s, k));
	return ret;
}

/* "ns1.example./192.0.2.1", as in "nameservers". */
static const char *server_text(const struct cases *c, const struct addr *addr)
{
	char name[NAME_TEXT], text[ADDR_TEXT];

	addr_text(addr, text);
	vec_each (const struct server, s, c->del->all)
		if (s->ns && addr_equal(&s->addr, addr))
			return arena_printf(c->arena, "%s/%s", name_text(s->ns, name), text);
	return arena_str(c->arena, text);
}

static void tell_list(
	struct denial *d, struct finding *x, const char *key, const struct heard *list)
{
	struct case_texts texts = { 0 };

	for (size_t i = 0; i < list->n; i++)
		vec_push(d->c->arena, &texts, server_text(d->c, &list->v[i]->server));
	cases_texts(d->c, x, key, &texts);
}

/* Steps 13 to 15: of the servers side by side. */
static void judge_zone(struct denial *d)
{
	struct heard all[KINDS], sole[KINDS], both = { 0 };
	struct finding *x;

	for (enum kind k = 0; k < KINDS; k++) {
		all[k] = who(d, k, false);
		sole[k] = who(d, k, true);
		for (size_t i = 0; i < sole[k].n; i++)
			vec_push(d->c->arena, &both, sole[k].v[i]);
	}
	for (enum kind k = 0; k < KINDS; k++)
		if (!all[!k].n)
			cases_emit_heard(d->c, kinds[k].has, &all[k]);
	if (!sole[KIND_NSEC].n || !sole[KIND_NSEC3].n)
		return;
	x = cases_emit_heard(d->c, TAG_DS10_INCONSISTENT_NSEC_NSEC3, &both);
	tell_list(d, x, "ns_list_nsec", &sole[KIND_NSEC]);
	tell_list(d, x, "ns_list_nsec3", &sole[KIND_NSEC3]);
}

static void ask(struct denial *d, const struct server *server, struct denier *s)
{
	for (enum kind k = 0; k < KINDS; k++)
		s->asked[k] = cases_ask(d->c, server,
			&(struct cases_q){ .type = kinds[k].apex_type, .manner = MANNER_DNSSEC });
	vec_push(d->c->arena, &d->deniers, *s);
}

void dnssec10(struct cases *c)
{
	struct denial d = { .c = c };
	struct heard keyed = dnssec_ask(c, &c->del->all, RR_DNSKEY), without = { 0 };

	for (size_t i = 0; i < keyed.n; i++) {
		struct denier s = { .keyed = keyed.v[i] };

		if (!dnssec_said_reply(s.keyed))
			continue;
		s.keys = dnssec_keys(c, s.keyed);
		if (s.keys.n)
			ask(&d, &c->del->all.v[i], &s);
		else
			vec_push(c->arena, &without, s.keyed);
	}
	vec_each (struct denier, s, d.deniers) {
		for (enum kind k = 0; k < KINDS; k++)
			hear(&d, s, k);
		judge_server(&d, s);
	}
	dnssec_said_emit(c, &d.said);
	judge_zone(&d);
	cases_emit_heard(
		c, d.deniers.n ? TAG_DS10_SERVER_NO_DNSSEC : TAG_DS10_ZONE_NO_DNSSEC, &without);
}
