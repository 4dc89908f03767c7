/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Look-ups for mail: how each is made, and how it ends for a resolver that validates. */
#include "infer/mailset.h"

#include <assert.h>

#include "base/err.h"
#include "dns/rr.h"
#include "infer/mailset_inner.h"

static const char *const purposes[MAIL_PURPOSES] = {
	[MAIL_MX] = "mx",
	[MAIL_EXCHANGE] = "exchange-address",
	[MAIL_TLSA] = "tlsa",
	[MAIL_STS] = "mta-sts",
	[MAIL_STS_HOST] = "mta-sts-host",
	[MAIL_TLSRPT] = "tls-reporting",
	[MAIL_REVERSE] = "reverse",
	[MAIL_FORWARD] = "forward",
	[MAIL_HELO] = "helo",
	[MAIL_SPF] = "spf",
	[MAIL_SPF_TERM] = "spf-term",
	[MAIL_DKIM] = "dkim",
	[MAIL_DMARC] = "dmarc",
};

static const char *const states[MAIL_STATES] = {
	[MAIL_PENDING] = "pending",
	[MAIL_UNTOLD] = "not-asked",
	[MAIL_FOUND] = "found",
	[MAIL_NODATA] = "nodata",
	[MAIL_NXDOMAIN] = "nxdomain",
	[MAIL_SILENT] = "silent",
	[MAIL_SERVFAIL] = "servfail",
	[MAIL_REFUSED] = "refused",
	[MAIL_LAME] = "lame",
	[MAIL_LOOP] = "loop",
	[MAIL_TRUNCATED] = "truncated",
	[MAIL_BOGUS] = "bogus",
};

/* Codes are those of RFC 3463 that the MTAs of most senders and receivers give. */
static const char *const consequences[MAIL_CONSEQUENCES] = {
	[MAIL_NONE] = "",
	[MAIL_DEFERRED] = "deferred (4.4.3)",
	[MAIL_BOUNCED] = "bounced (5.4.4)",
	[MAIL_BOUNCED_NULL] = "bounced (5.1.10, null MX)",
	[MAIL_NULL_AMBIGUOUS] = "bounced by some senders (5.1.10), tried by others",
	[MAIL_IMPLICIT] = "delivered to the domain's own address (implicit MX)",
	[MAIL_PASSED_OVER] = "passed over: the next exchange is tried",
	[MAIL_UNREACHABLE] = "deferred (4.4.1): senders elsewhere cannot connect",
	[MAIL_SOME_DEFER] = "deferred by some senders (4.4.3), delivered by others",
	[MAIL_SOME_REFUSE_ALIAS] = "delivered; some senders refuse an alias",
	[MAIL_DANE] = "DANE senders demand this certificate",
	[MAIL_DANE_UNUSABLE] = "DANE senders demand TLS, and check no certificate",
	[MAIL_NO_DANE] = "delivered without DANE",
	[MAIL_DANE_DEFERRED] = "deferred by DANE senders (4.7.5)",
	[MAIL_STS_FETCHED] = "senders fetch the policy",
	[MAIL_NO_STS] = "delivered without MTA-STS",
	[MAIL_STS_IGNORED] = "the policy is ignored: delivered without MTA-STS",
	[MAIL_STS_UNFETCHED] = "the policy cannot be fetched: delivered without MTA-STS",
	[MAIL_REPORTS] = "reports are sent",
	[MAIL_NO_REPORTS] = "no reports about TLS",
	[MAIL_CLIENT_REFUSED] = "refused by some receivers (4.7.25 or 5.7.25)",
	[MAIL_CLIENT_DEFERRED] = "deferred by some receivers (4.7.25)",
	[MAIL_HELO_REFUSED] = "refused by some receivers (4.7.1 or 5.7.1)",
	[MAIL_HELO_DEFERRED] = "deferred by some receivers (4.7.1)",
	[MAIL_SPF_NONE] = "SPF none: no receiver can tell forged mail by it",
	[MAIL_SPF_PERMERROR] = "SPF permerror: some receivers reject (5.5.2)",
	[MAIL_SPF_TEMPERROR] = "SPF temperror: some receivers defer (4.4.3)",
	[MAIL_SPF_VOID] = "a void look-up: more than two are a permerror",
	[MAIL_DKIM_FAILS] = "DKIM permerror: signatures by it fail",
	[MAIL_DKIM_UNDEFINED] = "several records: receivers pick any of them",
	[MAIL_DKIM_DEFERRED] = "DKIM temperror: some receivers defer (4.7.5)",
	[MAIL_DMARC_NONE] = "no DMARC: what fails SPF and DKIM is judged without it",
	[MAIL_DMARC_IGNORED] = "DMARC permerror: no policy is applied",
	[MAIL_DMARC_PARTLY] = "the policy applies, without the part that is wrong",
	[MAIL_DMARC_DEFERRED] = "DMARC temperror: some receivers defer",
};

const char *mail_purpose_slug(enum mail_purpose p)
{
	assert(p < MAIL_PURPOSES);
	return purposes[p];
}

const char *mail_state_slug(enum mail_state s)
{
	assert(s < MAIL_STATES);
	return states[s];
}

bool mail_temporary(enum mail_state s)
{
	return s >= MAIL_SILENT;
}

const char *mail_consequence_text(enum mail_consequence c)
{
	assert(c < MAIL_CONSEQUENCES);
	return consequences[c];
}

/* How a look-up ends --------------------------------------------------------------------------- */

/* What one server of the zone in which the way ends did with the question. */
static enum mail_state said(const struct entry *e)
{
	if (e->state == ENTRY_PENDING)
		return MAIL_PENDING;
	if (e->state == ENTRY_SILENT)
		return MAIL_SILENT;
	if (!e->msg)
		return MAIL_UNTOLD;
	return e->msg->rcode == RCODE_SERVFAIL	? MAIL_SERVFAIL
	       : e->msg->rcode == RCODE_REFUSED ? MAIL_REFUSED
						: MAIL_LAME;
}

/*
 * Why no server helped: what the servers said, the most telling first. A server that could not be
 * asked for want of a route tells nothing; one that nobody asked leaves it open.
 */
static enum mail_state why_failed(struct tree *t, const struct resolved *r, struct mail_row *row)
{
	static const uint8_t ranks[MAIL_STATES] = {
		[MAIL_LAME] = 1, [MAIL_SILENT] = 2, [MAIL_REFUSED] = 3, [MAIL_SERVFAIL] = 4
	};
	struct question q = { r->name, row->type, CLASS_IN };
	enum mail_state worst = MAIL_LAME;
	struct resolve_zone *z = r->zone ? resolve_deepest(t, r->zone) : NULL;
	unsigned int unasked = 0, asked = 0;

	if (!z)
		return MAIL_UNTOLD;
	vec_each (const struct server, s, z->servers) {
		const struct ledger_host *h = ledger_host(t->ledger, &s->addr);
		struct entry e = ledger_peek(
			t->ledger, &(struct ledger_key){ &s->addr, &q, MANNER_PLAIN, z->apex });
		enum mail_state state = said(&e);

		if (h && h->unsendable)
			continue;
		unasked += state == MAIL_UNTOLD;
		asked += state != MAIL_UNTOLD;
		if (state == MAIL_UNTOLD || ranks[state] < ranks[worst] ||
			(row->entry && ranks[state] == ranks[worst]))
			continue;
		worst = state;
		row->entry = arena_dup(t->arena, &e, sizeof(e));
	}
	return unasked || (z->servers.n && !asked) ? MAIL_UNTOLD : worst;
}

static enum mail_state state_of(struct tree *t, const struct resolved *r, struct mail_row *row)
{
	static const enum mail_state plain[] = {
		[RESOLVE_PENDING] = MAIL_PENDING,
		[RESOLVE_FOUND] = MAIL_FOUND,
		[RESOLVE_NODATA] = MAIL_NODATA,
		[RESOLVE_NXDOMAIN] = MAIL_NXDOMAIN,
		[RESOLVE_FAILED] = MAIL_LAME,
		[RESOLVE_LOOP] = MAIL_LOOP,
	};

	if (r->state == RESOLVE_FAILED)
		return why_failed(t, r, row);
	row->entry = r->entry;
	if (r->state != RESOLVE_PENDING && r->entry && r->entry->truncated)
		return MAIL_TRUNCATED;
	return plain[r->state];
}

static unsigned int records_of(const struct mail_row *row, const struct resolved *r)
{
	return row->state == MAIL_FOUND
		       ? (unsigned int)tree_answers(row->entry->msg, r->name, row->type)
		       : 0;
}

/* The reply over UDP was cut, and the one that counts came over TCP. */
static bool came_by_tcp(const struct entry *e)
{
	return e && e->seen && e->seen->ask.transport == TRANSPORT_TCP;
}

static void validate(struct tree *t, struct mail_row *row)
{
	row->chain = chain_validate(t, row->name, row->type);
	row->security = row->chain->security;
	if (row->chain->pending)
		row->state = MAIL_PENDING;
	else if (row->security == SECURITY_BOGUS && row->state != MAIL_UNTOLD)
		row->state = MAIL_BOGUS;
}

static bool known(struct mailing *m, const struct mail_want *w, size_t *ret)
{
	for (size_t i = 0; i < m->set->rows.n; i++) {
		const struct mail_row *row = &m->set->rows.v[i];

		*ret = i;
		if (row->purpose == w->purpose && row->type == w->type &&
			name_equal(row->name, w->name))
			return true;
	}
	return false;
}

size_t mailset_look(struct mailing *m, struct mail_want w)
{
	struct mail_row row = { .purpose = w.purpose, .type = w.type };
	const struct resolved *r;
	size_t i;

	if (known(m, &w, &i))
		return i;
	if (m->set->rows.n >= MAIL_ROWS) {
		m->set->cut = true;
		return SIZE_MAX;
	}
	row.name = tree_name(m->t, w.name);
	r = resolve(m->t, row.name, row.type);
	row.state = state_of(m->t, r, &row);
	row.alias = r->aliases > 0;
	row.records = records_of(&row, r);
	row.large = came_by_tcp(row.entry);
	validate(m->t, &row);
	m->set->pending |= row.state == MAIL_PENDING;
	vec_push(m->t->arena, &m->set->rows, row);
	return m->set->rows.n - 1;
}

/* What parts need of rows ---------------------------------------------------------------------- */

struct mail_row *mailset_row(struct mailing *m, size_t i)
{
	assert(i < m->set->rows.n);
	return &m->set->rows.v[i];
}

enum mail_state mailset_state(struct mailing *m, size_t i)
{
	return i == SIZE_MAX ? MAIL_UNTOLD : mailset_row(m, i)->state;
}

void mailset_mark(struct mailing *m, size_t i, struct mail_fate fate)
{
	if (i == SIZE_MAX)
		return;
	mailset_row(m, i)->problem = fate.problem;
	mailset_row(m, i)->consequence = fate.consequence;
}

const struct name *mailset_under(struct mailing *m, const char *label, const struct name *n)
{
	struct name name;

	return name_prepend(n, label, &name) == 0 ? tree_name(m->t, &name) : NULL;
}

struct mail_rrs mailset_rrs(struct mailing *m, size_t i)
{
	struct mail_rrs list = { 0 };
	const struct mail_row *row;
	const struct resolved *r;

	if (mailset_state(m, i) != MAIL_FOUND)
		return list;
	row = mailset_row(m, i);
	r = resolve(m->t, row->name, row->type);
	for (size_t k = 0; k < row->entry->msg->nrrs; k++) {
		const struct rr *rr = &row->entry->msg->rrs[k];

		if (rr->section == MSG_ANSWER && rr->type == row->type &&
			name_equal(rr->owner, r->name))
			vec_push(m->t->arena, &list, rr);
	}
	return list;
}

static struct span joined(struct arena *a, const struct rr *rr)
{
	struct buf b = { .arena = a };

	for (size_t i = 0; i < rr->rdlength; i += 1U + rr->rdata[i]) {
		size_t n = rr->rdata[i], left = rr->rdlength - i - 1U;

		buf_put(&b, rr->rdata + i + 1, n < left ? n : left);
	}
	return buf_span(&b);
}

struct mail_texts mailset_texts(struct mailing *m, size_t i)
{
	struct mail_rrs rrs = mailset_rrs(m, i);
	struct mail_texts list = { 0 };

	vec_each (const struct rr *, rr, rrs)
		vec_push(m->t->arena, &list, joined(m->t->arena, *rr));
	return list;
}

struct reply_addrs mailset_addrs(struct mailing *m, size_t i)
{
	struct reply_addrs list = { 0 };
	const struct mail_row *row;

	if (mailset_state(m, i) != MAIL_FOUND)
		return list;
	row = mailset_row(m, i);
	reply_addrs(m->t->arena, row->entry->msg,
		(struct rr_wanted){
			MSG_ANSWER, row->type, resolve(m->t, row->name, row->type)->name },
		&list);
	return list;
}

const char *mailset_text(struct mailing *m, struct span s)
{
	struct buf b = { .arena = m->t->arena };

	for (size_t i = 0; i < s.n; i++)
		buf_char(&b, s.p[i] ? (char)s.p[i] : '?');
	return buf_text(&b);
}

/*
 * Servers that fail for the MX records fail for what else the domain has: the same cause is told
 * once, and what it does to each look-up stands in its row.
 */
static void tell_once(struct mailing *m)
{
	const struct mail_row *mx = m->set->rows.v;

	if (!m->set->rows.n || mx->problem != MAIL_PROBLEM_MX_FAILS)
		return;
	vec_each (struct mail_row, row, m->set->rows)
		if (row != mx && row->state == mx->state && name_under(row->name, m->domain))
			row->problem = MAIL_PROBLEM_NONE;
}

const struct mailset *mailset(struct tree *t)
{
	struct mailing m = { .t = t, .domain = t->plan->zone };

	if (t->mailset)
		return t->mailset;
	t->mailset = m.set = arena_alloc(t->arena, sizeof(*m.set));
	if (!t->plan->mail)
		return m.set;
	mailset_out(&m);
	mailset_in(&m);
	tell_once(&m);
	return m.set;
}

void mailset_chains(struct tree *t, struct chains *ret)
{
	vec_each (const struct mail_row, row, mailset(t)->rows) {
		bool there = !row->chain || !row->chain->name;

		for (size_t i = 0; i < ret->n; i++)
			there |= ret->v[i] == row->chain;
		if (!there)
			vec_push(t->arena, ret, row->chain);
	}
}
