// SPDX-License-Identifier: GPL-3.0-or-later
// Test cases of EDNS: how servers take what they do not know.
#include "base/err.h"
#include "check/cases/nameserver_inner.h"
#include "check/cases/tally.h"
#include "dns/rr.h"

/* Of the flags, DO (RFC 3225) and CO (RFC 9824) are assigned. */
enum { UNASSIGNED_FLAGS = 0x3fff };

static const enum tag no_fault = TAGS;

static const struct entry *ask_soa(struct cases *c, const struct server *s, enum manner manner)
{
	return cases_ask(c, s, &(struct cases_q){ .type = RR_SOA, .manner = manner });
}

static bool version_0(const struct msg *m)
{
	return m->edns.present && m->edns.version == 0;
}

static bool has_soa(const struct cases *c, const struct msg *m)
{
	return tree_answers(m, c->zone, RR_SOA) > 0;
}

/* What the reply to a plain EDNS query deserves; no_fault: nothing. */
static enum tag judge_edns(const struct cases *c, const struct msg *m)
{
	bool good = m->rcode == RCODE_NOERROR;

	if (m->rcode == RCODE_FORMERR && !m->edns.present)
		return TAG_NO_EDNS_SUPPORT;
	if (good && has_soa(c, m) && version_0(m))
		return no_fault;
	if (good && !m->edns.present)
		return TAG_EDNS_RESPONSE_WITHOUT_EDNS;
	if (good && !version_0(m))
		return TAG_EDNS_VERSION_ERROR;
	return TAG_NS_ERROR;
}

/* Emits faults that harm no lookup, or not by themselves. */
static void emit_harmless(const struct tally *t)
{
	vec_each (const struct tally_row, row, t->rows)
		tally_put(t, row)->effect = EFFECT_COSMETIC;
}

/* The reply to EDNS; plain: to the same question without. */
static void take_edns(
	struct tally *t, struct tally *alike, const struct entry *e, const struct entry *plain)
{
	enum tag tag = judge_edns(t->c, e->msg);

	/* What is as wrong without EDNS is not wrong by EDNS: others tell it. */
	if (tag == TAG_NS_ERROR && plain->msg &&
		(plain->msg->rcode != RCODE_NOERROR || !has_soa(t->c, plain->msg)))
		tally_add(alike, tag, e);
	else if (tag != no_fault)
		tally_add(t, tag, e);
}

void nameserver02(struct cases *c)
{
	struct tally t = { .c = c }, alike = { .c = c };
	struct heard fine = { 0 };

	vec_each (const struct server, s, c->del->all) {
		const struct entry *e = ask_soa(c, s, MANNER_EDNS);
		const struct entry *plain = ask_soa(c, s, MANNER_PLAIN);

		if (e->state == ENTRY_SILENT && plain->msg)
			tally_add(&t, TAG_BREAKS_ON_EDNS, e);
		else if (e->state == ENTRY_SILENT && plain->state == ENTRY_SILENT)
			tally_add(&t, TAG_NO_RESPONSE, plain);
		if (!e->msg)
			continue;
		take_edns(&t, &alike, e, plain);
		if (judge_edns(c, e->msg) == no_fault)
			vec_push(c->arena, &fine, e);
	}
	tally_emit(&t);
	emit_harmless(&alike);
	if (!t.rows.n && !alike.rows.n)
		cases_emit_heard(c, TAG_EDNS0_SUPPORT, &fine);
}

void nameserver10(struct cases *c)
{
	struct tally t = { .c = c };
	struct heard silent = { 0 }, wrong = { 0 };

	vec_each (const struct server, s, c->del->all) {
		const struct entry *zero = ask_soa(c, s, MANNER_EDNS);
		const struct entry *one = ask_soa(c, s, MANNER_VERSION);

		if (!zero->msg || zero->msg->rcode != RCODE_NOERROR)
			continue;
		if (one->state == ENTRY_SILENT)
			vec_push(c->arena, &silent, one);
		else if (one->msg && one->msg->rcode != RCODE_BADVERS)
			tally_rcode(&t, TAG_N10_UNEXPECTED_RCODE, one);
		else if (one->msg &&
			 (!version_0(one->msg) ||
				 msg_count(one->msg, (struct rr_wanted){ MSG_ANSWER, 0, NULL })))
			vec_push(c->arena, &wrong, one);
	}
	cases_emit_heard(c, TAG_N10_NO_RESPONSE_EDNS1_QUERY, &silent);
	tally_emit(&t);
	cases_emit_heard(c, TAG_N10_EDNS_RESPONSE_ERROR, &wrong);
}

/* What the reply to an unknown option deserves. */
static enum tag judge_option(const struct cases *c, const struct msg *m)
{
	uint16_t code = manner_table[MANNER_OPTION].shape.options[0].code;

	if (m->rcode != RCODE_NOERROR)
		return TAG_N11_UNEXPECTED_RCODE;
	if (!m->edns.present)
		return TAG_N11_NO_EDNS;
	if (!has_soa(c, m))
		return TAG_N11_UNEXPECTED_ANSWER_SECTION;
	if (!(m->flags & FLAG_AA))
		return TAG_N11_UNSET_AA;
	return msg_option(m, code) ? TAG_N11_RETURNS_UNKNOWN_OPTION_CODE : no_fault;
}

static void try_option(struct tally *t, const struct server *s)
{
	const struct entry *without = ask_soa(t->c, s, MANNER_EDNS);
	const struct entry *with = ask_soa(t->c, s, MANNER_OPTION);
	enum tag tag;

	if (!without->msg || !without->msg->edns.present || !tree_is_authority(without->msg) ||
		!has_soa(t->c, without->msg))
		return;
	if (with->state == ENTRY_SILENT)
		tally_add(t, TAG_N11_NO_RESPONSE, with);
	if (!with->msg)
		return;
	tag = judge_option(t->c, with->msg);
	if (tag == TAG_N11_UNEXPECTED_RCODE)
		tally_rcode(t, tag, with);
	else if (tag != no_fault)
		tally_add(t, tag, with);
}

void nameserver11(struct cases *c)
{
	static const enum tag order[] = { TAG_N11_NO_RESPONSE, TAG_N11_UNEXPECTED_RCODE,
		TAG_N11_NO_EDNS, TAG_N11_UNEXPECTED_ANSWER_SECTION, TAG_N11_UNSET_AA,
		TAG_N11_RETURNS_UNKNOWN_OPTION_CODE };
	struct tally t = { .c = c };

	vec_each (const struct server, s, c->del->all)
		try_option(&t, s);
	for (size_t i = 0; i < ARRAY_LEN(order); i++)
		vec_each (const struct tally_row, row, t.rows) {
			struct finding *x = row->tag == order[i] ? tally_put(&t, row) : NULL;

			/* A resolver that sends options tries without them in the end. */
			if (x && x->effect == EFFECT_EXPLAINS)
				x->effect = EFFECT_INTERMITTENT;
		}
}

static enum tag judge_flags(const struct cases *c, const struct msg *m)
{
	if (m->rcode == RCODE_FORMERR)
		return TAG_NO_EDNS_SUPPORT;
	if (m->edns.present && (m->edns.flags & UNASSIGNED_FLAGS))
		return TAG_Z_FLAGS_NOTCLEAR;
	if (m->rcode == RCODE_NOERROR && has_soa(c, m) && version_0(m))
		return no_fault;
	return TAG_NS_ERROR;
}

static enum tag judge_small(const struct cases *c, const struct msg *m)
{
	(void)c;
	if (m->rcode == RCODE_FORMERR)
		return TAG_NO_EDNS_SUPPORT;
	if ((m->flags & FLAG_TC) && !m->edns.present)
		return TAG_MISSING_OPT_IN_TRUNCATED;
	return m->rcode == RCODE_NOERROR && version_0(m) ? no_fault : TAG_NS_ERROR;
}

/* One question to each server, and a judge of the replies. */
static void try_all(struct cases *c, const struct cases_q *q,
	enum tag (*judge)(const struct cases *c, const struct msg *m))
{
	struct tally t = { .c = c };

	vec_each (const struct server, s, c->del->all) {
		const struct entry *e = cases_ask(c, s, q);
		enum tag tag = e->msg ? judge(c, e->msg) : no_fault;

		if (e->state == ENTRY_SILENT)
			tag = TAG_NO_RESPONSE;
		if (tag != no_fault)
			tally_add(&t, tag, e);
	}
	emit_harmless(&t);
}

void nameserver12(struct cases *c)
{
	try_all(c, &(struct cases_q){ .type = RR_SOA, .manner = MANNER_ZFLAGS }, judge_flags);
}

void nameserver13(struct cases *c)
{
	try_all(c, &(struct cases_q){ .type = RR_DNSKEY, .manner = MANNER_SMALL }, judge_small);
}
