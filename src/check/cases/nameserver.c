// SPDX-License-Identifier: GPL-3.0-or-later
// The test cases of the module "nameserver": how the zone's servers behave.
#include <assert.h>

#include "base/err.h"
#include "check/cases/nameserver_inner.h"
#include "check/cases/tally.h"
#include "dns/rr.h"

/*
 * Names that do not exist (they break the rules of IDNA 2008), in zones of three operators: whoever
 * says so without serving all three has asked others.
 */
static const char *const foreign[] = { "xn--nameservertest.iis.se", "xn--nameservertest.icann.org",
	"xn--nameservertest.ripe.net" };
enum { FOREIGN = ARRAY_LEN(foreign) };

struct recursion {
	struct cases *c;
	struct heard silent[FOREIGN], recursors, others;
};

/* A server that refuses a stranger's name, and offers no recursion with that, does so to others. */
static bool refuses(const struct entry *e)
{
	return e->msg && e->msg->rcode != RCODE_NXDOMAIN && !(e->msg->flags & FLAG_RA);
}

/*
 * Asks a server for all three names, or only the first where it tells enough; false while there is
 * no end of one, or it was not sent.
 */
static bool ask_foreign(struct cases *c, const struct server *s, const struct entry *ret[FOREIGN])
{
	bool over = true;

	for (size_t i = 0; i < FOREIGN; i++) {
		struct name name;
		int err = name_parse(foreign[i], &name);

		assert(err == 0);
		ret[i] = ret[0];
		if (i && (ret[0]->state == ENTRY_PENDING || refuses(ret[0])))
			continue;
		ret[i] = cases_ask(
			c, s, &(struct cases_q){ .type = RR_A, .name = &name, .zone = &name_root });
		over &= ret[i]->msg || ret[i]->state == ENTRY_SILENT;
	}
	return over;
}

/* The reply that shows recursion; NULL: none does. */
static const struct entry *recursive(const struct entry *const e[FOREIGN])
{
	size_t denied = 0;

	for (size_t i = 0; i < FOREIGN; i++) {
		if (e[i]->msg && (e[i]->msg->flags & FLAG_RA))
			return e[i];
		denied += e[i]->msg && e[i]->msg->rcode == RCODE_NXDOMAIN;
	}
	return denied == FOREIGN ? e[0] : NULL;
}

static void judge_recursion(struct recursion *r, const struct server *s)
{
	const struct entry *e[FOREIGN], *shows;
	size_t silent = 0;

	if (!ask_foreign(r->c, s, e))
		return;
	for (size_t i = 0; i < FOREIGN; i++)
		if (!e[i]->msg) {
			vec_push(r->c->arena, &r->silent[i], e[i]);
			silent++;
		}
	shows = recursive(e);
	if (shows)
		vec_push(r->c->arena, &r->recursors, shows);
	else if (!silent)
		vec_push(r->c->arena, &r->others, e[0]);
}

static void nameserver01(struct cases *c)
{
	struct recursion r = { .c = c };

	vec_each (const struct server, s, c->del->all)
		judge_recursion(&r, s);
	for (size_t i = 0; i < FOREIGN; i++) {
		struct finding *x = cases_emit_heard(c, TAG_NO_RESPONSE, &r.silent[i]);

		if (x)
			cases_text(c, x, "domain", foreign[i]);
	}
	cases_emit_heard(c, TAG_IS_A_RECURSOR, &r.recursors);
	cases_emit_heard(c, TAG_NO_RECURSOR, &r.others);
}

/* A transfer begins with the SOA record (RFC 5936 2.2). */
static bool transfers(const struct cases *c, const struct msg *m)
{
	if (!m || m->rcode != RCODE_NOERROR)
		return false;
	for (size_t i = 0; i < m->nrrs; i++)
		if (m->rrs[i].section == MSG_ANSWER)
			return m->rrs[i].type == RR_SOA && name_equal(m->rrs[i].owner, c->zone);
	return false;
}

static void nameserver03(struct cases *c)
{
	struct heard open = { 0 }, closed = { 0 };

	vec_each (const struct server, s, c->del->all) {
		const struct entry *e =
			cases_ask(c, s, &(struct cases_q){ .type = RR_AXFR, .manner = MANNER_TCP });

		if (transfers(c, e->msg))
			vec_push(c->arena, &open, e);
		else if (e->msg || e->state == ENTRY_SILENT)
			vec_push(c->arena, &closed, e);
	}
	cases_emit_heard(c, TAG_AXFR_AVAILABLE, &open);
	cases_emit_heard(c, TAG_AXFR_FAILURE, &closed);
}

/* A reply to a SOA query for the zone, from another address than that of the server. */
static bool from_elsewhere(
	const struct cases *c, const struct observation *o, const struct server *s)
{
	return o->outcome == OUTCOME_STRAY && o->why == WHY_STRAY_SOURCE &&
	       o->ask.role == ROLE_TREE && addr_equal(&o->ask.server, &s->addr) &&
	       o->ask.question.name && o->ask.question.type == RR_SOA &&
	       name_equal(o->ask.question.name, c->zone) &&
	       !addr_same_host(&o->sender, &o->ask.server);
}

static bool tell_source(struct cases *c, const struct server *s)
{
	const struct facts *f = c->tree->facts;
	struct servers one = { 0 };
	struct finding *x;
	size_t i = 0;

	while (i < f->n && !from_elsewhere(c, f->v[i], s))
		i++;
	if (i == f->n)
		return false;
	vec_push(c->arena, &one, *s);
	x = cases_emit_servers(c, TAG_DIFFERENT_SOURCE_IP, &one);
	finding_evidence(c->findings, x, i);
	cases_addr(c, x, "source", &f->v[i]->sender);
	return true;
}

static void nameserver04(struct cases *c)
{
	struct heard same = { 0 };
	bool differs = false;

	vec_each (const struct server, s, c->del->all) {
		const struct entry *e = cases_ask(c, s, &(struct cases_q){ .type = RR_SOA });

		differs |= tell_source(c, s);
		if (e->msg)
			vec_push(c->arena, &same, e);
	}
	if (!differs)
		cases_emit_heard(c, TAG_SAME_SOURCE_IP, &same);
}

/* An AAAA record of another length than 16. */
static bool bad_address(const struct msg *m)
{
	for (size_t i = 0; m && i < m->nrrs; i++)
		if (m->rrs[i].section == MSG_ANSWER && m->rrs[i].type == RR_AAAA &&
			m->rrs[i].rdlength != 16)
			return true;
	return false;
}

static void judge_aaaa(struct tally *t, const struct entry *e, struct heard *ret_fine)
{
	/* Such a reply cannot be read, and counts as none. */
	const struct observation *o = e->seen;
	bool bad = o && o->outcome == OUTCOME_MALFORMED && bad_address(o->msg);

	if (e->state == ENTRY_SILENT)
		tally_add(t, bad ? TAG_AAAA_BAD_RDATA : TAG_AAAA_QUERY_DROPPED, e);
	else if (e->msg && e->msg->rcode != RCODE_NOERROR)
		tally_rcode(t, TAG_AAAA_UNEXPECTED_RCODE, e);
	else if (e->msg)
		vec_push(t->c->arena, ret_fine, e);
}

static void nameserver05(struct cases *c)
{
	static const enum tag bad[] = { TAG_AAAA_QUERY_DROPPED, TAG_AAAA_UNEXPECTED_RCODE,
		TAG_AAAA_BAD_RDATA };
	struct tally t = { .c = c };
	struct heard fine = { 0 };
	size_t n = 0;

	vec_each (const struct server, s, c->del->all) {
		const struct entry *a = cases_ask(c, s, &(struct cases_q){ .type = RR_A });
		const struct entry *aaaa = cases_ask(c, s, &(struct cases_q){ .type = RR_AAAA });

		if (a->state == ENTRY_SILENT)
			tally_add(&t, TAG_NO_RESPONSE, a);
		else if (a->msg && a->msg->rcode != RCODE_NOERROR)
			tally_rcode(&t, TAG_A_UNEXPECTED_RCODE, a);
		else if (a->msg)
			judge_aaaa(&t, aaaa, &fine);
	}
	tally_emit(&t);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		n += tally_count(&t, bad[i]);
	if (!n)
		cases_emit_heard(c, TAG_AAAA_WELL_PROCESSED, &fine);
}

/* Names of both sides, by whether any address of theirs is known. */
static void sort_names(const struct cases *c, struct reply_names *with, struct reply_names *without)
{
	const struct ns_set *sets[] = { &c->del->del, &c->del->child };

	for (size_t i = 0; i < ARRAY_LEN(sets); i++)
		vec_each (const struct ns_entry, ns, sets[i]->v) {
			const struct ns_entry *other = ns_find(sets[1 - i], ns->name);
			bool known = ns->addrs.n || (other && other->addrs.n);

			if (i && other)
				continue;
			vec_push(c->arena, known ? with : without, ns->name);
		}
}

static void nameserver06(struct cases *c)
{
	struct reply_names with = { 0 }, without = { 0 };
	struct finding *x;

	sort_names(c, &with, &without);
	if (without.n) {
		x = cases_emit(c, with.n ? TAG_CAN_NOT_BE_RESOLVED : TAG_NO_RESOLUTION);
		cases_names(c, x, with.n ? "nsname_list" : "names", &without);
		/* Lookups that pick such a name lose time over it. */
		if (with.n)
			x->effect = EFFECT_INTERMITTENT;
	} else if (with.n) {
		cases_emit(c, TAG_CAN_BE_RESOLVED);
	}
}

static void nameserver07(struct cases *c)
{
	struct heard upward = { 0 }, others = { 0 };

	if (c->zone->len == 1) {
		cases_emit(c, TAG_UPWARD_REFERRAL_IRRELEVANT);
		return;
	}
	vec_each (const struct server, s, c->del->all) {
		const struct entry *e = cases_ask(c, s,
			&(struct cases_q){ .type = RR_NS, .name = &name_root, .zone = &name_root });

		if (!e->msg)
			continue;
		if (msg_count(e->msg, (struct rr_wanted){ MSG_AUTHORITY, RR_NS, NULL }))
			vec_push(c->arena, &upward, e);
		else
			vec_push(c->arena, &others, e);
	}
	cases_emit_heard(c, TAG_UPWARD_REFERRAL, &upward);
	if (!upward.n)
		cases_emit_heard(c, TAG_NO_UPWARD_REFERRAL, &others);
}

static const struct tree_case table[] = {
	{ "nameserver01", "name servers do no recursion for others", nameserver01 },
	{ "nameserver02", "name servers answer queries with EDNS", nameserver02 },
	{ "nameserver03", "name servers give out no zone transfer", nameserver03 },
	{ "nameserver04", "replies come from the address that was asked", nameserver04 },
	{ "nameserver05", "name servers answer queries for AAAA", nameserver05 },
	{ "nameserver06", "every name server's name has an address", nameserver06 },
	{ "nameserver07", "name servers do not refer to the root", nameserver07 },
	{ "nameserver08", "the letter case of a query's name comes back", nameserver08 },
	{ "nameserver09", "the letter case of a name makes no difference", nameserver09 },
	{ "nameserver10", "name servers refuse unknown versions of EDNS", nameserver10 },
	{ "nameserver11", "name servers ignore unknown options of EDNS", nameserver11 },
	{ "nameserver12", "name servers ignore unknown flags of EDNS", nameserver12 },
	{ "nameserver13", "truncated replies have EDNS, too", nameserver13 },
	{ "nameserver15", "name servers do not tell their version", nameserver15 },
};

const struct case_module case_nameserver = { "nameserver", table, ARRAY_LEN(table) };
