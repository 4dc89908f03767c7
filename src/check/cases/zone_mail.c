// SPDX-License-Identifier: GPL-3.0-or-later
// Mail: MX records and the SPF policy: zone08, zone09, zone11.
#include "check/cases/apex.h"
#include "check/cases/zone_inner.h"

#include <string.h>

#include "dns/rr.h"
#include "dns/spf.h"
#include "infer/resolve.h"

/* Servers that gave the same data. */
struct group {
	struct span key; /* what is the same */
	struct heard by;
};
struct groups VEC(struct group);

static void sort_in(struct cases *c, struct groups *groups, struct span key, const struct entry *e)
{
	vec_each (struct group, g, *groups)
		if (span_equal(g->key, key)) {
			vec_push(c->arena, &g->by, e);
			return;
		}
	vec_push(c->arena, groups, (struct group){ .key = key });
	vec_push(c->arena, &groups->v[groups->n - 1].by, e);
}

/*
 * All but those of the largest group: the servers at which a lookup gets something else than at
 * most others. Of equal groups the first counts as the largest.
 */
static struct heard odd_ones(struct cases *c, const struct groups *groups)
{
	const struct group *most = groups->v;
	struct heard odd = { 0 };

	vec_each (const struct group, g, *groups)
		if (g->by.n > most->by.n)
			most = g;
	vec_each (const struct group, g, *groups)
		for (size_t i = 0; g != most && i < g->by.n; i++)
			vec_push(c->arena, &odd, g->by.v[i]);
	return odd;
}

/* The root, a top-level domain, or a name below arpa: no mail is meant to go there. */
static bool is_no_mail_domain(const struct name *zone)
{
	static const struct name arpa = { .len = 6, .wire = "\004arpa" };

	return name_labels(zone) < 2 || name_under(zone, &arpa);
}

/* zone08: mail servers and aliases ------------------------------------------------------------- */

static void emit_names(
	struct cases *c, enum tag tag, const struct entry *e, const struct reply_names *names)
{
	struct finding *x;

	if (!names->n)
		return;
	x = cases_emit(c, tag);
	cases_evidence(c, x, e);
	cases_names(c, x, "mailtarget_list", names);
}

void zone_mx_alias(struct cases *c)
{
	struct apex_found f = apex_reply(c, (struct apex_wish){ .type = RR_MX, .authority = true });
	struct reply_names names = { 0 }, aliases = { 0 }, others = { 0 };

	if (!f.entry && !f.pending && !f.unsent)
		cases_emit(c, TAG_NO_RESPONSE_MX_QUERY);
	if (f.entry)
		names = apex_exchanges(c, f.entry->msg);
	for (size_t i = 0; i < names.n; i++) {
		const struct resolved *r;

		if (names.v[i]->len == 1) /* RFC 7505: no server at all */
			continue;
		r = resolve(c->tree, names.v[i], RR_A);
		if (r->aliases)
			vec_push(c->arena, &aliases, names.v[i]);
		else if (r->state == RESOLVE_FOUND || r->state == RESOLVE_NODATA ||
			 r->state == RESOLVE_NXDOMAIN)
			vec_push(c->arena, &others, names.v[i]);
	}
	emit_names(c, TAG_MX_RECORD_IS_CNAME, f.entry, &aliases);
	emit_names(c, TAG_MX_RECORD_IS_NOT_CNAME, f.entry, &others);
}

/* zone09: MX records --------------------------------------------------------------------------- */

struct mx_work {
	struct cases *c;
	struct heard silent, broken, unauthorised, without, with;
	struct groups sets; /* of "with", by their MX RRsets */
};

static bool has_soa(struct cases *c, const struct server *s)
{
	const struct entry *e = cases_ask(c, s, &(struct cases_q){ .type = RR_SOA });

	return tree_is_authority(e->msg) && tree_answers(e->msg, c->zone, RR_SOA);
}

static void note_mx(struct mx_work *w, const struct entry *e)
{
	struct question q = { w->c->zone, RR_MX, CLASS_IN };

	/* What TCP did not complete counts as nothing: it is TCP's reply that the others get. */
	if (e->state == ENTRY_SILENT || e->truncated)
		vec_push(w->c->arena, &w->silent, e);
	else if (!e->msg)
		return;
	else if (e->msg->rcode != RCODE_NOERROR)
		vec_push(w->c->arena, &w->broken, e);
	else if (!(e->msg->flags & FLAG_AA))
		vec_push(w->c->arena, &w->unauthorised, e);
	else if (!tree_answers(e->msg, w->c->zone, RR_MX))
		vec_push(w->c->arena, &w->without, e);
	else {
		vec_push(w->c->arena, &w->with, e);
		sort_in(w->c, &w->sets, reply_answer(w->c->arena, e->msg, &q), e);
	}
}

/* One finding for each code. */
static void emit_broken(struct mx_work *w)
{
	struct groups codes = { 0 };

	for (size_t i = 0; i < w->broken.n; i++) {
		const uint16_t *code = &w->broken.v[i]->msg->rcode;

		sort_in(w->c, &codes, (struct span){ (const uint8_t *)code, sizeof(*code) },
			w->broken.v[i]);
	}
	vec_each (const struct group, g, codes)
		cases_rcode(w->c, cases_emit_heard(w->c, TAG_Z09_UNEXPECTED_RCODE_MX, &g->by),
			"rcode", g->by.v[0]->msg->rcode);
}

static void emit_data(struct mx_work *w, const struct group *g)
{
	struct reply_names names = apex_exchanges(w->c, g->by.v[0]->msg);

	cases_names(
		w->c, cases_emit_heard(w->c, TAG_Z09_MX_DATA, &g->by), "mailtarget_list", &names);
}

static void emit_different(struct mx_work *w)
{
	struct heard odd = odd_ones(w->c, &w->sets);

	cases_emit_heard(w->c, TAG_Z09_INCONSISTENT_MX_DATA, &odd);
	vec_each (const struct group, g, w->sets)
		emit_data(w, g);
}

/* RFC 7505: an MX of the root means that there is no mail; *ret_preference is its own. */
static bool null_mx(const struct msg *m, const struct name *zone, unsigned int *ret_preference)
{
	for (size_t i = 0; i < m->nrrs; i++) {
		const struct rr *rr = &m->rrs[i];
		uint16_t skip = 2;
		struct name n;

		if (rr->section != MSG_ANSWER || rr->type != RR_MX ||
			!name_equal(rr->owner, zone) || msg_rdata_name(m, rr, &n, &skip) < 0 ||
			n.len != 1)
			continue;
		*ret_preference = (unsigned int)rr->rdata[0] << 8 | rr->rdata[1];
		return true;
	}
	return false;
}

/* All servers have the same records. */
static void judge_same(struct mx_work *w)
{
	const struct entry *e = w->with.v[0];
	struct reply_names names = apex_exchanges(w->c, e->msg);
	unsigned int preference, labels = name_labels(w->c->zone);
	struct finding *x;

	if (!null_mx(e->msg, w->c->zone, &preference)) {
		if (labels < 2)
			emit_names(w->c,
				labels ? TAG_Z09_TLD_EMAIL_DOMAIN : TAG_Z09_ROOT_EMAIL_DOMAIN, e,
				&names);
		else
			emit_data(w, w->sets.v);
		return;
	}
	if (tree_answers(e->msg, w->c->zone, RR_MX) > 1)
		emit_names(w->c, TAG_Z09_NULL_MX_WITH_OTHER_MX, e, &names);
	if (preference) {
		x = cases_emit(w->c, TAG_Z09_NULL_MX_NON_ZERO_PREF);
		cases_evidence(w->c, x, e);
		cases_int(w->c, x, "preference", preference);
	}
}

void zone_mx(struct cases *c)
{
	struct mx_work w = { .c = c };

	vec_each (const struct server, s, c->del->all) {
		const struct entry *e = cases_ask(c, s, &(struct cases_q){ .type = RR_MX });

		if (has_soa(c, s))
			note_mx(&w, e);
	}
	cases_emit_heard(c, TAG_Z09_NO_RESPONSE_MX_QUERY, &w.silent);
	emit_broken(&w);
	cases_emit_heard(c, TAG_Z09_NON_AUTH_MX_RESPONSE, &w.unauthorised);
	if (w.with.n && w.without.n) {
		cases_emit_heard(c, TAG_Z09_INCONSISTENT_MX, &w.without);
		cases_emit_heard(c, TAG_Z09_NO_MX_FOUND, &w.without);
		cases_emit_heard(c, TAG_Z09_MX_FOUND, &w.with);
	}
	if (w.sets.n > 1)
		emit_different(&w);
	else if (w.sets.n)
		judge_same(&w);
	else if (w.without.n && !is_no_mail_domain(c->zone))
		cases_emit_heard(c, TAG_Z09_MISSING_MAIL_TARGET, &w.without);
}

/* zone11: SPF ---------------------------------------------------------------------------------- */

struct spf_work {
	struct cases *c;
	struct groups sets; /* servers, by the policies that they publish */
	struct heard asked, many;
	struct span policy; /* the last that was seen */
};

/* The strings of a TXT record as one, in lower case. */
static struct span joined(struct arena *a, const struct rr *rr)
{
	struct buf b = { .arena = a };

	for (size_t i = 0; i < rr->rdlength; i += 1U + rr->rdata[i]) {
		size_t n = rr->rdata[i], left = rr->rdlength - i - 1U;

		buf_put(&b, rr->rdata + i + 1, n < left ? n : left);
	}
	for (size_t i = 0; i < b.n; i++)
		if (b.p[i] >= 'A' && b.p[i] <= 'Z')
			b.p[i] = (char)(b.p[i] | 0x20);
	return buf_span(&b);
}

struct spans VEC(struct span);

static int compare(const struct span *a, const struct span *b)
{
	int order = memcmp(a->p, b->p, a->n < b->n ? a->n : b->n);

	return order ? order : (a->n > b->n) - (a->n < b->n);
}

/* Keeps the list in order. */
static void insert(struct arena *a, struct spans *list, struct span s)
{
	vec_push(a, list, s);
	for (size_t i = list->n - 1; i > 0 && compare(&list->v[i - 1], &list->v[i]) > 0; i--) {
		struct span swap = list->v[i];

		list->v[i] = list->v[i - 1];
		list->v[i - 1] = swap;
	}
}

static struct spans policies(struct cases *c, const struct msg *m)
{
	struct spans list = { 0 };

	for (size_t i = 0; i < m->nrrs; i++) {
		struct span text;

		if (m->rrs[i].section != MSG_ANSWER || m->rrs[i].type != RR_TXT ||
			!name_equal(m->rrs[i].owner, c->zone))
			continue;
		text = joined(c->arena, &m->rrs[i]);
		if (spf_is_record(text))
			insert(c->arena, &list, text);
	}
	return list;
}

static void note_txt(struct spf_work *w, const struct entry *e)
{
	struct buf key = { .arena = w->c->arena };
	struct spans list;

	if (e->state != ENTRY_UNSENT)
		vec_push(w->c->arena, &w->asked, e);
	if (!tree_is_authority(e->msg) || e->truncated)
		return;
	list = policies(w->c, e->msg);
	vec_each (const struct span, text, list) {
		buf_u16(&key, (uint16_t)text->n);
		buf_put(&key, text->p, text->n);
		w->policy = *text;
	}
	sort_in(w->c, &w->sets, buf_span(&key), e);
	if (list.n > 1)
		vec_push(w->c->arena, &w->many, e);
}

static void emit_policies(struct spf_work *w)
{
	struct heard odd = odd_ones(w->c, &w->sets);

	cases_emit_heard(w->c, TAG_Z11_INCONSISTENT_SPF_POLICIES, &odd);
	vec_each (const struct group, g, w->sets)
		cases_emit_heard(w->c, TAG_Z11_DIFFERENT_SPF_POLICIES_FOUND, &g->by);
}

static void add_text(struct cases *c, struct finding *x, const char *key, struct span text)
{
	struct buf b = { .arena = c->arena };

	buf_put(&b, text.p, text.n);
	cases_text(c, x, key, buf_text(&b));
}

/* All servers have the same, and only one. */
static void judge_policy(struct spf_work *w)
{
	const struct group *g = w->sets.v;
	enum tag tag = TAG_Z11_SPF_SYNTAX_OK;
	struct span term = { NULL, 0 };
	struct finding *x;

	if (spf_check(w->policy, &term) < 0)
		tag = TAG_Z11_SPF_SYNTAX_ERROR;
	else if (is_no_mail_domain(w->c->zone))
		tag = spf_is_null(w->policy) ? TAG_Z11_NULL_SPF_NON_MAIL_DOMAIN
					     : TAG_Z11_NON_NULL_SPF_NON_MAIL_DOMAIN;
	x = cases_emit_heard(w->c, tag, &g->by);
	add_text(w->c, x, "policy", w->policy);
	if (tag == TAG_Z11_SPF_SYNTAX_ERROR)
		add_text(w->c, x, "term", term);
}

void zone_spf(struct cases *c)
{
	struct spf_work w = { .c = c };

	vec_each (const struct server, s, c->del->all)
		note_txt(&w, cases_ask(c, s, &(struct cases_q){ .type = RR_TXT }));
	if (!w.sets.n)
		cases_emit_heard(c, TAG_Z11_UNABLE_TO_CHECK_FOR_SPF, &w.asked);
	else if (w.sets.n > 1)
		emit_policies(&w);
	else if (!w.sets.v[0].key.n)
		cases_emit(c, is_no_mail_domain(c->zone) ? TAG_Z11_NO_SPF_NON_MAIL_DOMAIN
							 : TAG_Z11_NO_SPF_FOUND);
	else if (w.many.n)
		cases_emit_heard(c, TAG_Z11_SPF_MULTIPLE_RECORDS, &w.many);
	else
		judge_policy(&w);
}
