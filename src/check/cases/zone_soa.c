// SPDX-License-Identifier: GPL-3.0-or-later
// The SOA record: zone01, zone07, zone10.
#include "check/cases/apex.h"
#include "check/cases/zone_inner.h"

#include "dns/rr.h"
#include "infer/resolve.h"

/* zone01: the server that MNAME names ---------------------------------------------------------- */

/* A server that MNAME leads to, and its serial. */
struct primary {
	const struct name *name;
	const struct entry *entry;
	uint32_t serial;
};

struct mname_work {
	struct cases *c;
	struct heard localhost, dot;
	struct reply_names names; /* all others, in lower case, each once */
	struct VEC(uint32_t) serials;
	struct VEC(struct primary) primaries;
};

/* RFC 1982 3.2: serial a comes after b. */
static bool is_newer(uint32_t a, uint32_t b)
{
	return a != b && (uint32_t)(a - b) < 0x80000000U;
}

static bool first_of(const struct entry *e, const struct name *owner, struct soa *ret)
{
	const struct rr *rr = msg_find(e->msg, (struct rr_wanted){ MSG_ANSWER, RR_SOA, owner });

	return rr && msg_rdata_soa(e->msg, rr, ret) == 0;
}

static void note_name(struct mname_work *w, const struct name *mname)
{
	for (size_t i = 0; i < w->names.n; i++)
		if (name_equal(w->names.v[i], mname))
			return;
	vec_push(w->c->arena, &w->names, tree_name(w->c->tree, mname));
}

static void note_serial(struct mname_work *w, uint32_t serial)
{
	vec_each (const uint32_t, have, w->serials)
		if (*have == serial)
			return;
	vec_push(w->c->arena, &w->serials, serial);
}

static void note_soa(struct mname_work *w, const struct entry *e)
{
	static const struct name localhost = { .len = 11, .wire = "\011localhost" };
	struct soa soa;

	if (!tree_is_authority(e->msg) || !first_of(e, w->c->zone, &soa))
		return;
	note_serial(w, soa.serial);
	if (name_equal(&soa.mname, &localhost))
		vec_push(w->c->arena, &w->localhost, e);
	else if (soa.mname.len == 1)
		vec_push(w->c->arena, &w->dot, e);
	else
		note_name(w, &soa.mname);
}

static void emit_primary(
	struct mname_work *w, enum tag tag, const struct entry *e, const struct name *ns)
{
	struct finding *x = cases_emit_of(w->c, tag, e);

	cases_name(w->c, x, "ns", ns);
	if (tag == TAG_Z01_MNAME_UNEXPECTED_RCODE)
		cases_rcode(w->c, x, "rcode", e->msg->rcode);
}

static void judge_primary(struct mname_work *w, const struct entry *e, const struct name *ns)
{
	const struct msg *m = e->msg;
	struct soa soa;

	if (e->state == ENTRY_SILENT)
		emit_primary(w, TAG_Z01_MNAME_NO_RESPONSE, e, ns);
	if (!m)
		return;
	if (m->rcode != RCODE_NOERROR)
		emit_primary(w, TAG_Z01_MNAME_UNEXPECTED_RCODE, e, ns);
	else if (!first_of(e, w->c->zone, &soa))
		emit_primary(w, TAG_Z01_MNAME_MISSING_SOA_RECORD, e, ns);
	else if (!(m->flags & FLAG_AA))
		emit_primary(w, TAG_Z01_MNAME_NOT_AUTHORITATIVE, e, ns);
	else
		vec_push(w->c->arena, &w->primaries, (struct primary){ ns, e, soa.serial });
}

static void ask_primary(struct mname_work *w, const struct name *ns)
{
	const struct resolved_addrs *r = resolve_addrs(w->c->tree, ns);

	if (!w->c->del->pending && !ns_find(&w->c->del->child, ns))
		cases_name(w->c, cases_emit(w->c, TAG_Z01_MNAME_NOT_IN_NS_LIST), "ns", ns);
	if (!r->addrs.n && !resolve_addrs_pending(r))
		cases_name(w->c, cases_emit(w->c, TAG_Z01_MNAME_NOT_RESOLVE), "ns", ns);
	vec_each (const struct addr, addr, r->addrs) {
		struct server s = { ns, *addr };

		if (apex_is_localhost(addr)) {
			struct finding *x = cases_emit(w->c, TAG_Z01_MNAME_HAS_LOCALHOST_ADDR);

			cases_name(w->c, x, "ns", ns);
			cases_addr(w->c, x, "address", addr);
			continue;
		}
		judge_primary(w, cases_ask(w->c, &s, &(struct cases_q){ .type = RR_SOA }), ns);
	}
}

static bool is_behind(const struct mname_work *w, const struct primary *p)
{
	vec_each (const uint32_t, serial, w->serials)
		if (is_newer(*serial, p->serial))
			return true;
	return false;
}

static const char *number(struct cases *c, uint32_t v)
{
	return arena_printf(c->arena, "%u", v);
}

/* Servers that MNAME leads to and whose serial is behind. */
static void emit_behind(struct mname_work *w, const struct heard *behind)
{
	struct reply_names names = { 0 };
	struct case_texts theirs = { 0 }, all = { 0 };
	struct finding *x = cases_emit_heard(w->c, TAG_Z01_MNAME_NOT_MASTER, behind);

	if (!x)
		return;
	vec_each (const struct primary, p, w->primaries)
		if (is_behind(w, p)) {
			vec_push(w->c->arena, &names, p->name);
			vec_push(w->c->arena, &theirs, number(w->c, p->serial));
		}
	vec_each (const uint32_t, serial, w->serials)
		vec_push(w->c->arena, &all, number(w->c, *serial));
	cases_names(w->c, x, "ns", &names);
	cases_texts(w->c, x, "soaserial", &theirs);
	cases_texts(w->c, x, "soaserial_list", &all);
}

static void compare_serials(struct mname_work *w)
{
	struct heard behind = { 0 }, master = { 0 };

	vec_each (const struct primary, p, w->primaries) {
		struct heard *list = is_behind(w, p) ? &behind : &master;

		vec_push(w->c->arena, list, p->entry);
	}
	emit_behind(w, &behind);
	cases_emit_heard(w->c, TAG_Z01_MNAME_IS_MASTER, &master);
}

void zone_mname(struct cases *c)
{
	struct mname_work w = { .c = c };

	vec_each (const struct server, s, c->del->all)
		note_soa(&w, cases_ask(c, s, &(struct cases_q){ .type = RR_SOA }));
	cases_emit_heard(c, TAG_Z01_MNAME_IS_LOCALHOST, &w.localhost);
	cases_emit_heard(c, TAG_Z01_MNAME_IS_DOT, &w.dot);
	for (size_t i = 0; i < w.names.n; i++)
		ask_primary(&w, w.names.v[i]);
	compare_serials(&w);
}

/* zone07: MNAME and aliases -------------------------------------------------------------------- */

/* The look-up ended with a reply: without one nothing is known of aliases. */
static bool is_told(enum resolve_state s)
{
	return s == RESOLVE_FOUND || s == RESOLVE_NODATA || s == RESOLVE_NXDOMAIN;
}

void zone_mname_alias(struct cases *c)
{
	const struct resolved_addrs *r;
	const struct entry *e;
	struct finding *x;
	struct soa soa;
	struct name mname;

	if (!apex_soa(c, (struct apex_wish){ .authority = true, .answered = true }, &soa, &e))
		return;
	mname = name_lower(&soa.mname);
	r = resolve_addrs(c->tree, &mname);
	if (resolve_addrs_pending(r))
		return;
	if (r->alias || is_told(r->v4) || is_told(r->v6)) {
		x = cases_emit(c, r->alias ? TAG_MNAME_IS_CNAME : TAG_MNAME_IS_NOT_CNAME);
		cases_name(c, x, "ns", &mname);
		cases_evidence(c, x, e);
	}
	if (!r->addrs.n) {
		x = cases_emit(c, TAG_MNAME_HAS_NO_ADDRESS);
		cases_name(c, x, "ns", &mname);
		cases_evidence(c, x, e);
	}
}

/* zone10: one SOA record ----------------------------------------------------------------------- */

void zone_one_soa(struct cases *c)
{
	struct heard silent = { 0 }, without = { 0 }, wrong = { 0 }, many = { 0 };
	size_t replies = 0;

	vec_each (const struct server, s, c->del->all) {
		const struct entry *e = cases_ask(c, s, &(struct cases_q){ .type = RR_SOA });

		replies += e->msg != NULL;
		if (e->state == ENTRY_SILENT)
			vec_push(c->arena, &silent, e);
		else if (e->msg && !tree_answers(e->msg, NULL, RR_SOA))
			vec_push(c->arena, &without, e);
		else if (e->msg && !tree_answers(e->msg, c->zone, RR_SOA))
			vec_push(c->arena, &wrong, e);
		else if (e->msg && tree_answers(e->msg, NULL, RR_SOA) > 1)
			vec_push(c->arena, &many, e);
	}
	cases_emit_heard(c, TAG_NO_RESPONSE, &silent);
	cases_emit_heard(c, TAG_NO_SOA_IN_RESPONSE, &without);
	cases_emit_heard(c, TAG_WRONG_SOA, &wrong);
	cases_emit_heard(c, TAG_MULTIPLE_SOA, &many);
	if (replies && !silent.n && !without.n && !wrong.n && !many.n)
		cases_emit(c, TAG_ONE_SOA);
}
