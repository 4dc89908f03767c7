/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a sender looks up: MX records, addresses, TLSA records, policies about TLS. */
#include <string.h>

#include "dns/mailtxt.h"
#include "dns/rr.h"
#include "infer/mail.h"
#include "infer/mailset_inner.h"

enum {
	PREFERENCE = 2, /* octets of an MX record before the name (RFC 1035 3.3.9) */
	TLSA_FIXED = 3, /* octets of a TLSA record before its data (RFC 6698 2.1) */
};

/* A host that mail is to be brought to, and how far one gets with it. */
enum reach { REACH_UNTOLD, REACH_ABSENT, REACH_FAILS, REACH_LOCAL, REACH_GOOD };

struct exchange {
	const struct name *name;
	size_t v4, v6; /* rows */
	enum reach reach;
};
struct exchanges VEC(struct exchange);

/* All hosts of the domain, and the best that one of them offers. */
struct outbound {
	struct mailing *m;
	size_t mx; /* row */
	struct exchanges list;
	enum reach best;
};

/* Addresses ------------------------------------------------------------------------------------ */

/* Labels of digits only, four of them: somebody wrote an address where a name belongs. */
static bool is_literal(const struct name *n)
{
	char text[NAME_TEXT];
	struct addr addr;
	size_t length;

	name_text(n, text);
	length = strlen(text);
	if (length > 1)
		text[length - 1] = '\0';
	return addr_parse(text, &addr) == 0;
}

static bool is_local(const struct addr *a)
{
	enum addr_reach r = addr_reach(a);

	/* Addresses for documentation stand for real ones, in labs as in examples. */
	return r == ADDR_REACH_LOCAL || r == ADDR_REACH_NOWHERE;
}

/* Addresses of the row; how many of them nobody elsewhere can connect to. */
static size_t count_local(struct mailing *m, size_t row, size_t *ret_n)
{
	struct reply_addrs list = mailset_addrs(m, row);
	size_t n = 0;

	vec_each (const struct addr, a, list)
		n += is_local(a);
	*ret_n = list.n;
	return n;
}

static enum reach reach_of(struct mailing *m, const struct exchange *x)
{
	enum mail_state v4 = mailset_state(m, x->v4), v6 = mailset_state(m, x->v6);
	size_t n4, n6, local = count_local(m, x->v4, &n4) + count_local(m, x->v6, &n6);

	if (v4 == MAIL_FOUND || v6 == MAIL_FOUND)
		return local < n4 + n6 ? REACH_GOOD : REACH_LOCAL;
	if (v4 == MAIL_UNTOLD || v6 == MAIL_UNTOLD || v4 == MAIL_PENDING || v6 == MAIL_PENDING)
		return REACH_UNTOLD;
	return mail_temporary(v4) || mail_temporary(v6) ? REACH_FAILS : REACH_ABSENT;
}

static void add_exchange(struct outbound *o, const struct name *name)
{
	struct exchange x = { .name = tree_name(o->m->t, name) };

	vec_each (const struct exchange, have, o->list)
		if (name_equal(have->name, name))
			return;
	if (o->list.n >= MAIL_EXCHANGES) {
		o->m->set->cut = true;
		return;
	}
	x.v4 = mailset_look(o->m, (struct mail_want){ MAIL_EXCHANGE, x.name, RR_A });
	x.v6 = mailset_look(o->m, (struct mail_want){ MAIL_EXCHANGE, x.name, RR_AAAA });
	x.reach = reach_of(o->m, &x);
	if (x.reach > o->best)
		o->best = x.reach;
	vec_push(o->m->t->arena, &o->list, x);
}

/* A host at which nothing is delivered: what that does depends on the others. */
static enum mail_consequence without(const struct outbound *o)
{
	static const enum mail_consequence by_best[] = {
		[REACH_UNTOLD] = MAIL_NONE,
		[REACH_ABSENT] = MAIL_BOUNCED,
		[REACH_FAILS] = MAIL_DEFERRED,
		[REACH_LOCAL] = MAIL_UNREACHABLE,
		[REACH_GOOD] = MAIL_PASSED_OVER,
	};

	/* One of them is not known: it might take all mail. */
	vec_each (const struct exchange, x, o->list)
		if (x->reach == REACH_UNTOLD && o->best < REACH_GOOD)
			return MAIL_NONE;
	return by_best[o->best];
}

static void mark_failing(struct outbound *o, size_t row, enum mail_consequence c)
{
	if (mail_temporary(mailset_state(o->m, row)))
		mailset_mark(o->m, row, (struct mail_fate){ MAIL_PROBLEM_ADDRESS_FAILS, c });
}

static void mark_local(struct outbound *o, size_t row, enum mail_consequence c)
{
	size_t n, local = count_local(o->m, row, &n);

	if (local)
		mailset_mark(o->m, row, (struct mail_fate){ MAIL_PROBLEM_MX_ADDRESS_UNUSABLE, c });
}

/* There is no domain at all, or there are no MX records and no address: the row of MX tells it. */
static void mark_absent(struct outbound *o, const struct exchange *x)
{
	enum mail_problem p =
		is_literal(x->name) ? MAIL_PROBLEM_MX_IS_ADDRESS : MAIL_PROBLEM_MX_WITHOUT_ADDRESS;
	enum mail_consequence c = without(o);

	if (mailset_state(o->m, o->mx) != MAIL_FOUND)
		p = MAIL_PROBLEM_NONE;
	mailset_mark(o->m, x->v4, (struct mail_fate){ p, c });
	mailset_mark(o->m, x->v6, (struct mail_fate){ MAIL_PROBLEM_NONE, c });
}

static void mark_alias(struct outbound *o, size_t row)
{
	if (mailset_state(o->m, row) != MAIL_FOUND || !mailset_row(o->m, row)->alias ||
		mailset_row(o->m, row)->problem != MAIL_PROBLEM_NONE ||
		mailset_state(o->m, o->mx) != MAIL_FOUND)
		return;
	mailset_mark(
		o->m, row, (struct mail_fate){ MAIL_PROBLEM_MX_IS_ALIAS, MAIL_SOME_REFUSE_ALIAS });
}

static void mark_exchange(struct outbound *o, const struct exchange *x)
{
	enum mail_consequence c = without(o);

	if (x->reach == REACH_ABSENT)
		mark_absent(o, x);
	/* Where one family is found, some senders do without the other, and some do not. */
	if (x->reach >= REACH_LOCAL)
		c = MAIL_SOME_DEFER;
	mark_failing(o, x->v4, c);
	mark_failing(o, x->v6, c);
	c = o->best == REACH_GOOD ? MAIL_PASSED_OVER : MAIL_UNREACHABLE;
	mark_local(o, x->v4, c);
	mark_local(o, x->v6, c);
	mark_alias(o, x->v4);
	mark_alias(o, x->v6);
}

/* MX ------------------------------------------------------------------------------------------- */

/* RFC 7505 3: one record, preference 0, the root. */
static void judge_null(struct outbound *o, unsigned int others, unsigned int preference)
{
	bool proper = !others && !preference;

	mailset_mark(o->m, o->mx,
		proper ? (struct mail_fate){ MAIL_PROBLEM_NULL_MX, MAIL_BOUNCED_NULL }
		       : (struct mail_fate){ MAIL_PROBLEM_NULL_MX_MALFORMED,
				 others ? MAIL_NULL_AMBIGUOUS : MAIL_BOUNCED_NULL });
}

static void read_mx(struct outbound *o)
{
	struct mail_rrs rrs = mailset_rrs(o->m, o->mx);
	const struct msg *msg = mailset_row(o->m, o->mx)->entry->msg;
	unsigned int others = 0, nulls = 0, preference = 0;

	vec_each (const struct rr *, rr, rrs) {
		uint16_t at = PREFERENCE;
		struct name name;

		if (msg_rdata_name(msg, *rr, &name, &at) < 0)
			continue;
		if (name.len > 1) {
			others++;
			add_exchange(o, &name);
			continue;
		}
		nulls++;
		preference |= (unsigned int)(*rr)->rdata[0] << 8 | (*rr)->rdata[1];
	}
	if (nulls)
		judge_null(o, others, preference);
}

/* RFC 5321 5.1: without MX records, the domain itself is the only exchange. */
static void judge_implicit(struct outbound *o)
{
	static const enum mail_consequence fates[] = {
		[REACH_UNTOLD] = MAIL_NONE,
		[REACH_ABSENT] = MAIL_BOUNCED,
		[REACH_FAILS] = MAIL_DEFERRED,
		[REACH_LOCAL] = MAIL_UNREACHABLE,
		[REACH_GOOD] = MAIL_IMPLICIT,
	};

	add_exchange(o, o->m->domain);
	if (!o->list.n)
		return;
	/* What fails is told of the address. */
	mailset_mark(o->m, o->mx,
		(struct mail_fate){ o->best == REACH_ABSENT || o->best == REACH_GOOD
					    ? MAIL_PROBLEM_MISSING_MX
					    : MAIL_PROBLEM_NONE,
			fates[o->best] });
}

static void judge_mx(struct outbound *o)
{
	enum mail_state s = mailset_state(o->m, o->mx);

	if (s == MAIL_FOUND)
		read_mx(o);
	else if (s == MAIL_NODATA)
		judge_implicit(o);
	else if (s == MAIL_NXDOMAIN)
		mailset_mark(
			o->m, o->mx, (struct mail_fate){ MAIL_PROBLEM_NO_DOMAIN, MAIL_BOUNCED });
	else if (mail_temporary(s))
		mailset_mark(
			o->m, o->mx, (struct mail_fate){ MAIL_PROBLEM_MX_FAILS, MAIL_DEFERRED });
}

/* TLSA ----------------------------------------------------------------------------------------- */

static bool secure(struct mailing *m, size_t row)
{
	return row != SIZE_MAX && mailset_row(m, row)->security == SECURITY_SECURE;
}

/* Every address that was found is secure, and there is one (RFC 7672 2.2.2). */
static bool secure_host(struct mailing *m, const struct exchange *x)
{
	bool v4 = mailset_state(m, x->v4) == MAIL_FOUND, v6 = mailset_state(m, x->v6) == MAIL_FOUND;

	return (v4 || v6) && (!v4 || secure(m, x->v4)) && (!v6 || secure(m, x->v6));
}

/*
 * With records that cannot be used senders demand TLS all the same, but compare no certificate (RFC
 * 7672 2.2). PKIX usages are none of mail's (3.1.3); selectors and matching types by RFC 6698 2.1.
 */
static bool usable(struct mailing *m, size_t row)
{
	struct mail_rrs rrs = mailset_rrs(m, row);

	vec_each (const struct rr *, rr, rrs)
		if ((*rr)->rdlength > TLSA_FIXED &&
			((*rr)->rdata[0] == 2 || (*rr)->rdata[0] == 3) && (*rr)->rdata[1] <= 1 &&
			(*rr)->rdata[2] <= 2)
			return true;
	return false;
}

/* What comes of a look-up that ended. */
static enum mail_consequence dane(struct mailing *m, size_t row)
{
	if (mailset_state(m, row) != MAIL_FOUND || !secure(m, row))
		return MAIL_NO_DANE;
	return usable(m, row) ? MAIL_DANE : MAIL_DANE_UNUSABLE;
}

static enum mail_state look_tlsa(struct mailing *m, const struct name *host)
{
	const struct name *tcp = mailset_under(m, "_tcp", host);
	const struct name *name = tcp ? mailset_under(m, "_25", tcp) : NULL;
	enum mail_state s;
	size_t row;

	if (!name)
		return MAIL_UNTOLD;
	row = mailset_look(m, (struct mail_want){ MAIL_TLSA, name, RR_TLSA });
	s = mailset_state(m, row);
	if (mail_temporary(s))
		mailset_mark(
			m, row, (struct mail_fate){ MAIL_PROBLEM_TLSA_FAILS, MAIL_DANE_DEFERRED });
	else if (s != MAIL_PENDING && s != MAIL_UNTOLD)
		mailset_mark(m, row, (struct mail_fate){ MAIL_PROBLEM_NONE, dane(m, row) });
	return s;
}

/* Where a secure alias leads comes first, then the name itself (RFC 7672 2.2.2, 2.2.3). */
static void look_dane(struct outbound *o, const struct exchange *x)
{
	size_t row = mailset_state(o->m, x->v4) == MAIL_FOUND ? x->v4 : x->v6;
	const struct mail_row *found;

	if (!secure(o->m, o->mx) || !secure_host(o->m, x)) {
		o->m->set->no_dane = true;
		return;
	}
	found = mailset_row(o->m, row);
	if (found->alias) {
		enum mail_state s =
			look_tlsa(o->m, resolve(o->m->t, found->name, found->type)->name);

		if (s != MAIL_NODATA && s != MAIL_NXDOMAIN)
			return;
	}
	look_tlsa(o->m, x->name);
}

/* MTA-STS and reports -------------------------------------------------------------------------- */

/* Records of that kind: their number; of the last one, what is wrong with it, or NULL. */
static unsigned int read_records(
	struct mailing *m, size_t row, enum mailtxt_kind kind, const char **ret_why)
{
	struct mail_texts texts = mailset_texts(m, row);
	unsigned int n = 0;

	*ret_why = NULL;
	vec_each (const struct span, text, texts) {
		struct mailtxt found;

		if (!mailtxt_is(kind, *text))
			continue;
		n++;
		*ret_why = mailtxt_check(kind, *text, &found);
	}
	return n;
}

/* A policy about TLS that is one TXT record below the domain, and what each outcome does. */
struct policy {
	enum mail_purpose purpose;
	const char *outer, *inner; /* labels */
	enum mailtxt_kind kind;
	enum mail_problem invalid;
	enum mail_consequence good, none, ignored;
};

static bool look_policy(struct mailing *m, const struct policy *p)
{
	const struct name *outer = p->outer ? mailset_under(m, p->outer, m->domain) : m->domain;
	const struct name *name = outer ? mailset_under(m, p->inner, outer) : NULL;
	struct mail_fate fate = { MAIL_PROBLEM_NONE, p->none };
	enum mail_state s;
	unsigned int n;
	const char *why;
	size_t row;

	if (!name)
		return false;
	row = mailset_look(m, (struct mail_want){ p->purpose, name, RR_TXT });
	s = mailset_state(m, row);
	if (s == MAIL_UNTOLD || s == MAIL_PENDING)
		return false;
	if (mail_temporary(s))
		fate.problem = MAIL_PROBLEM_TLS_POLICY_FAILS;
	n = read_records(m, row, p->kind, &why);
	if (n > 1)
		why = "there are several records, where there must be one";
	if (n)
		fate = why ? (struct mail_fate){ p->invalid, p->ignored }
			   : (struct mail_fate){ MAIL_PROBLEM_NONE, p->good };
	mailset_mark(m, row, fate);
	mailset_row(m, row)->note = why;
	return n == 1 && !why;
}

/* The host from which the policy is fetched is looked up by those who found the record. */
static void look_sts_host(struct mailing *m)
{
	const struct name *host = mailset_under(m, "mta-sts", m->domain);
	size_t rows[2];
	enum mail_state v4, v6;

	if (!host)
		return;
	rows[0] = mailset_look(m, (struct mail_want){ MAIL_STS_HOST, host, RR_A });
	rows[1] = mailset_look(m, (struct mail_want){ MAIL_STS_HOST, host, RR_AAAA });
	v4 = mailset_state(m, rows[0]);
	v6 = mailset_state(m, rows[1]);
	if (v4 <= MAIL_FOUND || v6 <= MAIL_FOUND)
		return;
	for (size_t i = 0; i < 2; i++)
		mailset_mark(m, rows[i],
			(struct mail_fate){ mail_temporary(v4) || mail_temporary(v6)
						    ? MAIL_PROBLEM_TLS_POLICY_FAILS
						    : MAIL_PROBLEM_STS_WITHOUT_HOST,
				MAIL_STS_UNFETCHED });
}

static const struct policy sts = { MAIL_STS, NULL, "_mta-sts", MAILTXT_STS,
	MAIL_PROBLEM_STS_INVALID, MAIL_STS_FETCHED, MAIL_NO_STS, MAIL_STS_IGNORED };
static const struct policy reports = { MAIL_TLSRPT, "_tls", "_smtp", MAILTXT_TLSRPT,
	MAIL_PROBLEM_TLSRPT_INVALID, MAIL_REPORTS, MAIL_NO_REPORTS, MAIL_NO_REPORTS };

void mailset_out(struct mailing *m)
{
	struct outbound o = { .m = m };
	enum mail_problem told;

	o.mx = mailset_look(m, (struct mail_want){ MAIL_MX, m->domain, RR_MX });
	judge_mx(&o);
	vec_each (const struct exchange, x, o.list)
		mark_exchange(&o, x);
	told = mailset_row(m, o.mx)->problem;
	/* Nothing is sent there: what is below it does not matter. */
	if (told == MAIL_PROBLEM_NULL_MX || told == MAIL_PROBLEM_NO_DOMAIN)
		return;
	vec_each (const struct exchange, x, o.list)
		look_dane(&o, x);
	if (look_policy(m, &sts))
		look_sts_host(m);
	look_policy(m, &reports);
}
