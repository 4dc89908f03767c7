// SPDX-License-Identifier: GPL-3.0-or-later
// Family mail: look-ups that mail for a domain takes, and what each failure does to delivery.
#include <math.h>
#include <string.h>

#include "base/err.h"
#include "check/check.h"
#include "check/check_mail.h"
#include "dns/text.h"
#include "infer/mailset.h"

enum { EVIDENCE_MOST = 16 }; /* silent asks that one finding names */
/* Of packets on a path that is in order hardly ever more than this share is lost. */
#define LOSS 0.1

/* What a consequence weighs: mail that stops comes first. */
static const struct {
	enum severity severity;
	enum effect effect;
} weights[MAIL_CONSEQUENCES] = {
	[MAIL_NONE] = { SEV_NOTICE, EFFECT_COSMETIC },
	[MAIL_DEFERRED] = { SEV_ERROR, EFFECT_EXPLAINS },
	[MAIL_BOUNCED] = { SEV_ERROR, EFFECT_EXPLAINS },
	[MAIL_BOUNCED_NULL] = { SEV_NOTICE, EFFECT_EXPLAINS },
	[MAIL_NULL_AMBIGUOUS] = { SEV_WARNING, EFFECT_INTERMITTENT },
	[MAIL_IMPLICIT] = { SEV_NOTICE, EFFECT_COSMETIC },
	[MAIL_PASSED_OVER] = { SEV_WARNING, EFFECT_INTERMITTENT },
	[MAIL_UNREACHABLE] = { SEV_ERROR, EFFECT_EXPLAINS },
	[MAIL_SOME_DEFER] = { SEV_WARNING, EFFECT_INTERMITTENT },
	[MAIL_SOME_REFUSE_ALIAS] = { SEV_WARNING, EFFECT_INTERMITTENT },
	[MAIL_DANE_DEFERRED] = { SEV_ERROR, EFFECT_INTERMITTENT },
	[MAIL_NO_STS] = { SEV_WARNING, EFFECT_COSMETIC },
	[MAIL_STS_IGNORED] = { SEV_WARNING, EFFECT_COSMETIC },
	[MAIL_STS_UNFETCHED] = { SEV_WARNING, EFFECT_COSMETIC },
	[MAIL_NO_REPORTS] = { SEV_WARNING, EFFECT_COSMETIC },
	[MAIL_CLIENT_REFUSED] = { SEV_ERROR, EFFECT_INTERMITTENT },
	[MAIL_CLIENT_DEFERRED] = { SEV_ERROR, EFFECT_INTERMITTENT },
	[MAIL_HELO_REFUSED] = { SEV_WARNING, EFFECT_INTERMITTENT },
	[MAIL_HELO_DEFERRED] = { SEV_WARNING, EFFECT_INTERMITTENT },
	[MAIL_SPF_NONE] = { SEV_NOTICE, EFFECT_COSMETIC },
	[MAIL_SPF_PERMERROR] = { SEV_ERROR, EFFECT_INTERMITTENT },
	[MAIL_SPF_TEMPERROR] = { SEV_WARNING, EFFECT_INTERMITTENT },
	[MAIL_DKIM_FAILS] = { SEV_ERROR, EFFECT_INTERMITTENT },
	[MAIL_DKIM_UNDEFINED] = { SEV_WARNING, EFFECT_INTERMITTENT },
	[MAIL_DKIM_DEFERRED] = { SEV_WARNING, EFFECT_INTERMITTENT },
	[MAIL_DMARC_NONE] = { SEV_NOTICE, EFFECT_COSMETIC },
	[MAIL_DMARC_IGNORED] = { SEV_WARNING, EFFECT_COSMETIC },
	[MAIL_DMARC_PARTLY] = { SEV_NOTICE, EFFECT_COSMETIC },
	[MAIL_DMARC_DEFERRED] = { SEV_WARNING, EFFECT_INTERMITTENT },
};

enum severity check_mail_severity(enum mail_consequence c)
{
	return weights[c].severity;
}

/* The finding of a problem; its line when other families say the same id of something else. */
static const struct {
	const char *id;
	const char *line; /* template; NULL: the catalogue's */
} problems[MAIL_PROBLEMS] = {
	[MAIL_PROBLEM_NO_DOMAIN] = { "mail-domain-missing", NULL },
	[MAIL_PROBLEM_MX_FAILS] = { "mx-lookup-fails", NULL },
	[MAIL_PROBLEM_MISSING_MX] = { "missing-mx",
		"{subject} has no MX record[: mail is {consequence}]" },
	[MAIL_PROBLEM_NULL_MX] = { "null-mx", NULL },
	[MAIL_PROBLEM_NULL_MX_MALFORMED] = { "null-mx-malformed", NULL },
	[MAIL_PROBLEM_MX_IS_ADDRESS] = { "mx-is-address", NULL },
	[MAIL_PROBLEM_MX_IS_ALIAS] = { "mx-is-alias",
		"an MX record of {subject} names an alias: {name}" },
	[MAIL_PROBLEM_MX_WITHOUT_ADDRESS] = { "mx-without-address",
		"the mail server {name} of {subject} has no address[: {consequence}]" },
	[MAIL_PROBLEM_MX_ADDRESS_UNUSABLE] = { "mx-address-unusable", NULL },
	[MAIL_PROBLEM_ADDRESS_FAILS] = { "address-lookup-fails", NULL },
	[MAIL_PROBLEM_TLSA_FAILS] = { "tlsa-lookup-fails", NULL },
	[MAIL_PROBLEM_STS_INVALID] = { "mta-sts-invalid", NULL },
	[MAIL_PROBLEM_STS_WITHOUT_HOST] = { "mta-sts-without-host", NULL },
	[MAIL_PROBLEM_TLSRPT_INVALID] = { "tls-reporting-invalid", NULL },
	[MAIL_PROBLEM_TLS_POLICY_FAILS] = { "tls-policy-lookup-fails", NULL },
	[MAIL_PROBLEM_RECEIVER_FAILS] = { "receiver-lookup-fails", NULL },
	[MAIL_PROBLEM_REVERSE_MISSING] = { "reverse-missing",
		"the address {why}, which sends mail, has no name" },
	[MAIL_PROBLEM_REVERSE_MISMATCH] = { "reverse-mismatch",
		"the name of {why}, which sends mail, does not lead back to it" },
	[MAIL_PROBLEM_HELO] = { "helo-unresolved", NULL },
	[MAIL_PROBLEM_SPF_MISSING] = { "missing-spf", NULL },
	[MAIL_PROBLEM_SPF_INVALID] = { "spf-invalid",
		"the SPF policy of {name} cannot be used[: the term {why}]" },
	[MAIL_PROBLEM_SPF_MULTIPLE] = { "spf-multiple", NULL },
	[MAIL_PROBLEM_SPF_LOOKUPS] = { "spf-too-many-lookups", NULL },
	[MAIL_PROBLEM_SPF_VOIDS] = { "spf-too-many-voids", NULL },
	[MAIL_PROBLEM_SPF_LOOP] = { "spf-loop", NULL },
	[MAIL_PROBLEM_SPF_INCLUDE] = { "spf-include-broken", NULL },
	[MAIL_PROBLEM_DKIM_MISSING] = { "dkim-missing", NULL },
	[MAIL_PROBLEM_DKIM_INVALID] = { "dkim-invalid", NULL },
	[MAIL_PROBLEM_DKIM_REVOKED] = { "dkim-revoked", NULL },
	[MAIL_PROBLEM_DMARC_MISSING] = { "dmarc-missing", NULL },
	[MAIL_PROBLEM_DMARC_INVALID] = { "dmarc-invalid", NULL },
};

struct view {
	const struct check_input *in;
	struct findings *f;
	const struct mailset *set;
};

/* A and AAAA of one name that share a fault are one finding. */
static bool same(const struct mail_row *a, const struct mail_row *b)
{
	return a->problem == b->problem && a->purpose == b->purpose &&
	       a->consequence == b->consequence && name_equal(a->name, b->name);
}

static bool told_before(const struct view *v, const struct mail_row *row)
{
	for (const struct mail_row *r = v->set->rows.v; r < row; r++)
		if (same(r, row))
			return true;
	return false;
}

static void add_types(const struct view *v, struct finding *x, const struct mail_row *row)
{
	struct buf b = { .arena = v->f->arena };
	char text[TEXT_MNEMONIC];

	vec_each (const struct mail_row, r, v->set->rows)
		if (same(r, row))
			buf_printf(&b, "%s%s", b.n ? " and " : "", text_type(r->type, text));
	finding_text(v->f, x, "types", buf_text(&b));
}

/* An address in the answer at which nobody elsewhere can connect. */
static void add_address(const struct view *v, struct finding *x, const struct mail_row *row)
{
	struct reply_addrs list = { 0 };

	if (row->problem != MAIL_PROBLEM_MX_ADDRESS_UNUSABLE)
		return;
	reply_addrs(v->f->arena, row->entry->msg, (struct rr_wanted){ MSG_ANSWER, row->type, NULL },
		&list);
	vec_each (const struct addr, a, list) {
		enum addr_reach reach = addr_reach(a);
		struct addr bare = addr_with_port(*a, 0);

		if (reach != ADDR_REACH_LOCAL && reach != ADDR_REACH_NOWHERE)
			continue;
		finding_detail(v->f, x,
			(struct detail){ .key = "address", .kind = DETAIL_ADDR, .addr = bare });
		return;
	}
}

static void add_details(const struct view *v, struct finding *x, const struct mail_row *row)
{
	finding_detail(
		v->f, x, (struct detail){ .key = "name", .kind = DETAIL_NAME, .name = row->name });
	add_types(v, x, row);
	finding_text(v->f, x, "result", mail_state_slug(row->state));
	finding_text(v->f, x, "consequence", mail_consequence_text(row->consequence));
	if (row->note)
		finding_text(v->f, x, "why", row->note);
	if (row->count)
		finding_int(v->f, x, "count", row->count);
	if (row->most)
		finding_int(v->f, x, "most", row->most);
	add_address(v, x, row);
}

static void show(const struct view *v, struct finding *x, size_t index)
{
	const struct addr *server = &v->in->facts->v[index]->ask.server;

	if (!finding_names(x, server))
		finding_server(v->f, x, server);
	finding_evidence(v->f, x, index);
}

/*
 * Silence is no proof: it shows a fault as surely as so many packets in a row are not lost by
 * chance.
 */
static void show_silence(const struct view *v, struct finding *x, const struct mail_row *row)
{
	const struct facts *f = v->in->facts;
	unsigned int n = 0;

	for (size_t i = 0; i < f->n && n < EVIDENCE_MOST; i++) {
		const struct ask *ask = &f->v[i]->ask;

		if (!observation_silent(f->v[i]) || ask->question.type != row->type ||
			!ask->question.name || !name_equal(ask->question.name, row->name))
			continue;
		show(v, x, i);
		n++;
	}
	x->confidence = 1 - pow(LOSS, n);
}

/* Whether packets are lost at the servers or on the way to them cannot be told from one place. */
static enum where where_of(enum mail_state s)
{
	return s == MAIL_SILENT || s == MAIL_TRUNCATED ? WHERE_UNKNOWN : WHERE_ZONE;
}

static void add(const struct view *v, const struct mail_row *row)
{
	struct finding *x = findings_add(v->f, problems[row->problem].id,
		weights[row->consequence].severity, where_of(row->state));

	x->subject = v->in->facts->tree->zone;
	x->line = problems[row->problem].line;
	x->effect = weights[row->consequence].effect;
	add_details(v, x, row);
	if (row->state == MAIL_SILENT)
		show_silence(v, x, row);
	else if (row->entry && row->entry->index != SIZE_MAX)
		show(v, x, row->entry->index);
}

/* Where nobody answered nothing is known of any domain. */
static void run(const struct check_input *in, struct findings *f, enum mail_problem p)
{
	struct view v = { .in = in, .f = f };

	if (!in->inferences->pass || !in->facts->tree->mail || !in->inferences->answered_beyond)
		return;
	v.set = mailset(in->inferences->pass);
	vec_each (const struct mail_row, row, v.set->rows)
		if (row->problem == p && !told_before(&v, row))
			add(&v, row);
}

#define CHECK(name, problem)                                                                       \
	static void name(const struct check_input *in, struct findings *f)                         \
	{                                                                                          \
		run(in, f, problem);                                                               \
	}
CHECK(mail_domain_missing, MAIL_PROBLEM_NO_DOMAIN)
CHECK(mx_lookup_fails, MAIL_PROBLEM_MX_FAILS)
CHECK(missing_mx, MAIL_PROBLEM_MISSING_MX)
CHECK(null_mx, MAIL_PROBLEM_NULL_MX)
CHECK(null_mx_malformed, MAIL_PROBLEM_NULL_MX_MALFORMED)
CHECK(mx_is_address, MAIL_PROBLEM_MX_IS_ADDRESS)
CHECK(mx_is_alias, MAIL_PROBLEM_MX_IS_ALIAS)
CHECK(mx_without_address, MAIL_PROBLEM_MX_WITHOUT_ADDRESS)
CHECK(mx_address_unusable, MAIL_PROBLEM_MX_ADDRESS_UNUSABLE)
CHECK(address_lookup_fails, MAIL_PROBLEM_ADDRESS_FAILS)
CHECK(tlsa_lookup_fails, MAIL_PROBLEM_TLSA_FAILS)
CHECK(mta_sts_invalid, MAIL_PROBLEM_STS_INVALID)
CHECK(mta_sts_without_host, MAIL_PROBLEM_STS_WITHOUT_HOST)
CHECK(tls_reporting_invalid, MAIL_PROBLEM_TLSRPT_INVALID)
CHECK(tls_policy_lookup_fails, MAIL_PROBLEM_TLS_POLICY_FAILS)
CHECK(receiver_lookup_fails, MAIL_PROBLEM_RECEIVER_FAILS)
CHECK(reverse_missing, MAIL_PROBLEM_REVERSE_MISSING)
CHECK(reverse_mismatch, MAIL_PROBLEM_REVERSE_MISMATCH)
CHECK(helo_unresolved, MAIL_PROBLEM_HELO)
CHECK(missing_spf, MAIL_PROBLEM_SPF_MISSING)
CHECK(spf_invalid, MAIL_PROBLEM_SPF_INVALID)
CHECK(spf_multiple, MAIL_PROBLEM_SPF_MULTIPLE)
CHECK(spf_lookups, MAIL_PROBLEM_SPF_LOOKUPS)
CHECK(spf_voids, MAIL_PROBLEM_SPF_VOIDS)
CHECK(spf_loop, MAIL_PROBLEM_SPF_LOOP)
CHECK(spf_include, MAIL_PROBLEM_SPF_INCLUDE)
CHECK(dkim_missing, MAIL_PROBLEM_DKIM_MISSING)
CHECK(dkim_invalid, MAIL_PROBLEM_DKIM_INVALID)
CHECK(dkim_revoked, MAIL_PROBLEM_DKIM_REVOKED)
CHECK(dmarc_missing, MAIL_PROBLEM_DMARC_MISSING)
CHECK(dmarc_invalid, MAIL_PROBLEM_DMARC_INVALID)
#undef CHECK

static const struct check checks[] = {
	{ "mail-domain-missing", mail_domain_missing },
	{ "mx-lookup-fails", mx_lookup_fails },
	{ "missing-mx", missing_mx },
	{ "null-mx", null_mx },
	{ "null-mx-malformed", null_mx_malformed },
	{ "mx-is-address", mx_is_address },
	{ "mx-is-alias", mx_is_alias },
	{ "mx-without-address", mx_without_address },
	{ "mx-address-unusable", mx_address_unusable },
	{ "address-lookup-fails", address_lookup_fails },
	{ "tlsa-lookup-fails", tlsa_lookup_fails },
	{ "mta-sts-invalid", mta_sts_invalid },
	{ "mta-sts-without-host", mta_sts_without_host },
	{ "tls-reporting-invalid", tls_reporting_invalid },
	{ "tls-policy-lookup-fails", tls_policy_lookup_fails },
	{ "receiver-lookup-fails", receiver_lookup_fails },
	{ "reverse-missing", reverse_missing },
	{ "reverse-mismatch", reverse_mismatch },
	{ "helo-unresolved", helo_unresolved },
	{ "missing-spf", missing_spf },
	{ "spf-invalid", spf_invalid },
	{ "spf-multiple", spf_multiple },
	{ "spf-too-many-lookups", spf_lookups },
	{ "spf-too-many-voids", spf_voids },
	{ "spf-loop", spf_loop },
	{ "spf-include-broken", spf_include },
	{ "dkim-missing", dkim_missing },
	{ "dkim-invalid", dkim_invalid },
	{ "dkim-revoked", dkim_revoked },
	{ "dmarc-missing", dmarc_missing },
	{ "dmarc-invalid", dmarc_invalid },
};

const struct family family_mail = { "mail", checks, ARRAY_LEN(checks) };
