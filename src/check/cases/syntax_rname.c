// SPDX-License-Identifier: GPL-3.0-or-later
// syntax06: the mailbox in SOA RNAME, and whether its mail servers can be found.
#include "check/cases/apex.h"
#include "check/cases/syntax_inner.h"

#include "dns/mailbox.h"
#include "dns/rr.h"
#include "infer/resolve.h"

/* One RNAME and the replies that have it. */
struct rname {
	struct name name;
	struct heard by;
	bool good; /* it is a mailbox */
	struct mailbox box;
};

struct rname_work {
	struct cases *c;
	struct VEC(struct rname) rnames;
	struct reply_names targets; /* mail servers that were judged: each once */
	bool pending;		    /* a look-up is under way */
	bool invalid;		    /* RNAME_MAIL_DOMAIN_INVALID was emitted */
};

static void note_rname(struct rname_work *w, const struct name *n, const struct entry *e)
{
	vec_each (struct rname, r, w->rnames)
		if (name_equal(&r->name, n)) {
			vec_push(w->c->arena, &r->by, e);
			return;
		}
	vec_push(w->c->arena, &w->rnames, (struct rname){ .name = *n });
	vec_push(w->c->arena, &w->rnames.v[w->rnames.n - 1].by, e);
}

static void read_servers(struct rname_work *w)
{
	struct heard silent = { 0 }, without = { 0 };
	struct cases *c = w->c;

	vec_each (const struct server, s, c->del->all) {
		const struct entry *e = cases_ask(c, s, &(struct cases_q){ .type = RR_SOA });
		const struct rr *rr = NULL;
		struct soa soa;

		if (e->state == ENTRY_SILENT)
			vec_push(c->arena, &silent, e);
		if (!e->msg)
			continue;
		rr = msg_find(e->msg, (struct rr_wanted){ MSG_ANSWER, RR_SOA, NULL });
		if (rr && msg_rdata_soa(e->msg, rr, &soa) == 0)
			note_rname(w, &soa.rname, e);
		else
			vec_push(c->arena, &without, e);
	}
	cases_emit_heard(c, TAG_NO_RESPONSE, &silent);
	cases_emit_heard(c, TAG_NO_RESPONSE_SOA_QUERY, &without);
}

static struct finding *emit_domain(struct rname_work *w, enum tag tag, const struct name *domain)
{
	struct finding *x = cases_emit(w->c, tag);

	w->invalid |= tag == TAG_RNAME_MAIL_DOMAIN_INVALID;
	cases_name(w->c, x, "domain", domain);
	return x;
}

/* Addresses count only at the name itself: a mail server's is no alias (RFC 5321 5.1). */
static void judge_target(struct rname_work *w, const struct name *target)
{
	const struct resolved_addrs *r;
	const struct addr *local = NULL;

	for (size_t i = 0; i < w->targets.n; i++)
		if (name_equal(w->targets.v[i], target))
			return;
	vec_push(w->c->arena, &w->targets, target);
	r = resolve_addrs(w->c->tree, target);
	if (resolve_addrs_pending(r)) {
		w->pending = true;
		return;
	}
	if (r->alias)
		emit_domain(w, TAG_RNAME_MAIL_ILLEGAL_CNAME, target);
	vec_each (const struct addr, addr, r->addrs)
		if (!r->alias && apex_is_localhost(addr))
			local = addr;
	if (local)
		cases_addr(w->c, emit_domain(w, TAG_RNAME_MAIL_DOMAIN_LOCALHOST, target), "address",
			local);
	if (r->alias || local || !r->addrs.n)
		emit_domain(w, TAG_RNAME_MAIL_DOMAIN_INVALID, target);
}

/* Without MX records the domain is its own mail server (RFC 5321 5.1). */
static void judge_domain(struct rname_work *w, const struct name *domain)
{
	const struct resolved *r = resolve(w->c->tree, domain, RR_MX);
	struct reply_names names = { 0 };

	w->pending |= r->state == RESOLVE_PENDING;
	if (r->state == RESOLVE_FOUND)
		names = apex_exchanges(w->c, r->entry->msg);
	else if (r->state == RESOLVE_NODATA)
		vec_push(w->c->arena, &names, domain);
	else if (r->state != RESOLVE_PENDING)
		emit_domain(w, TAG_RNAME_MAIL_DOMAIN_INVALID, domain);
	for (size_t i = 0; i < names.n; i++)
		judge_target(w, names.v[i]);
}

/* Each domain once, whoever names it. */
static bool is_again(const struct rname_work *w, const struct rname *r)
{
	for (const struct rname *before = w->rnames.v; before < r; before++)
		if (before->good && name_equal(&before->box.domain, &r->box.domain))
			return true;
	return false;
}

void syntax_rname(struct cases *c)
{
	struct rname_work w = { .c = c };

	read_servers(&w);
	vec_each (struct rname, r, w.rnames) {
		r->good = mailbox_from_name(c->arena, &r->name, &r->box) == 0;
		if (!r->good)
			cases_name(c, cases_emit_heard(c, TAG_RNAME_RFC822_INVALID, &r->by),
				"rname", &r->name);
		else if (!is_again(&w, r))
			judge_domain(&w, tree_name(c->tree, &r->box.domain));
	}
	if (w.invalid || w.pending)
		return;
	vec_each (const struct rname, r, w.rnames) {
		struct finding *x;

		if (!r->good)
			continue;
		x = cases_emit_heard(c, TAG_RNAME_RFC822_VALID, &r->by);
		cases_name(c, x, "rname", &r->name);
		cases_text(c, x, "mailbox", r->box.text);
	}
}
