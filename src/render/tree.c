/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a check of the delegation tree looked at: zones with their servers, test cases. */
#include <string.h>

#include "check/cases.h"
#include "dns/rr.h"
#include "infer/delegation.h"
#include "infer/descent.h"
#include "infer/ledger.h"
#include "render/words.h"

enum { SERVERS_MOST = 16 };

bool report_is_tree(const struct report *r)
{
	return r->inferences->pass && strcmp(r->command, "tree") == 0;
}

/* How a server of the tested zone took the plain question for its SOA. */
static struct entry soa_of(struct tree *t, const struct server *s)
{
	struct question q = { t->plan->zone, RR_SOA, CLASS_IN };

	return ledger_peek(
		t->ledger, &(struct ledger_key){ &s->addr, &q, MANNER_PLAIN, t->plan->zone });
}

static bool has_soa(const struct entry *e, const struct name *zone, struct soa *ret)
{
	const struct rr *rr =
		e->msg ? msg_find(e->msg, (struct rr_wanted){ MSG_ANSWER, RR_SOA, zone }) : NULL;

	return rr && (e->msg->flags & FLAG_AA) && msg_rdata_soa(e->msg, rr, ret) == 0;
}

static struct report_server server_of(
	struct making *m, const struct server *s, bool del, bool child)
{
	struct tree *t = m->r->inferences->pass;
	struct report_server line = { MARK_BAD, s->ns, s->addr, NULL, { 0 } };
	const struct ledger_host *h = ledger_host(t->ledger, &s->addr);
	struct entry e = soa_of(t, s);
	struct buf b = { .arena = m->a };
	struct soa soa;

	if (has_soa(&e, t->plan->zone, &soa)) {
		line.mark = MARK_GOOD;
		buf_printf(&b, "answers, serial %u", soa.serial);
	} else if (e.msg) {
		buf_str(&b, "replies, but not as an authority for the zone");
	} else if (h && h->replies) {
		line.mark = MARK_DOUBT;
		buf_str(&b, "replies to other questions only");
	} else if (e.state == ENTRY_UNSENT) {
		line.mark = MARK_DOUBT;
		buf_str(&b, "not asked");
	} else {
		buf_str(&b, "silent");
	}
	if (del != child)
		buf_str(&b, del ? " (on the parent's list only)" : " (on the zone's list only)");
	line.says = buf_text(&b);
	return line;
}

/* What validation made of a zone: the last words of its line. */
static const char *chain_text(struct making *m, const struct chain_zone *z)
{
	/* A server that was not asked, or is silent, makes nothing less secure. */
	if (z->why == BREAK_NONE || (z->security == SECURITY_SECURE && !z->uneven))
		return security_slug(z->security);
	return arena_printf(m->a, "%s (%s%s)", security_slug(z->security), chain_break_slug(z->why),
		z->uneven ? " on some servers" : "");
}

/* The first chain is that of the zone, or of the look-up. */
static const struct chain *first_chain(const struct report *r)
{
	const struct chain *c = r->inferences->chains.n ? r->inferences->chains.v[0] : NULL;

	return c && c->anchored ? c : NULL;
}

static const struct chain_zone *chain_of(const struct report *r, const struct name *apex)
{
	const struct chain *c = first_chain(r);

	for (size_t i = 0; c && i < c->zones.n; i++)
		if (name_equal(c->zones.v[i].apex, apex))
			return &c->zones.v[i];
	return NULL;
}

/* Of a zone further up: whether it replies is all that was looked at. */
static struct report_server host_of(const struct server *s, const struct ledger_host *h)
{
	if (!h || h->unsendable)
		return (struct report_server){ MARK_NONE, s->ns, s->addr, "not asked", { 0 } };
	if (h->replies)
		return (struct report_server){ MARK_GOOD, s->ns, s->addr, "replies", { 0 } };
	return (struct report_server){ MARK_BAD, s->ns, s->addr, "silent", { 0 } };
}

/* Servers of a zone: how many reply, and whether it is secure. */
static void add_zone(struct making *m, const struct name *apex, const struct servers *list)
{
	const struct chain_zone *chained = chain_of(m->r, apex);
	struct tree *t = m->r->inferences->pass;
	struct servers each = servers_by_addr(m->a, list);
	struct report_zone zone = { .apex = apex, .depth = (unsigned int)m->r->zones.n };
	size_t replied = 0, asked = 0;

	vec_each (const struct server, s, each) {
		const struct ledger_host *h = ledger_host(t->ledger, &s->addr);

		asked += h && !h->unsendable;
		replied += h && h->replies > 0;
		vec_push(m->a, &zone.servers, host_of(s, h));
	}
	zone.mark = !asked	       ? MARK_DOUBT
		    : replied == asked ? MARK_GOOD
		    : replied	       ? MARK_DOUBT
				       : MARK_BAD;
	zone.says = arena_printf(m->a, "%zu of %zu servers reply%s%s", replied, asked,
		chained ? "; " : "", chained ? chain_text(m, chained) : "");
	vec_push(m->a, &m->r->zones, zone);
	vec_push(m->a, &m->r->tree,
		(struct report_line){ 0, zone.mark,
			arena_printf(m->a, "%s %s", words_name(m->a, apex), zone.says) });
}

/* Those of the tested zone, whose servers stand in the last zone already, by address. */
static void add_servers(struct making *m, const struct delegation *d)
{
	struct report_zone *zone = &m->r->zones.v[m->r->zones.n - 1];
	size_t shown = 0;

	zone->servers.n = 0;
	vec_each (const struct server, s, d->all) {
		struct report_server x =
			server_of(m, s, servers_have(&d->del_ips, &s->addr) || !d->del.v.n,
				servers_have(&d->child_ips, &s->addr) || !d->child.v.n);

		vec_push(m->a, &zone->servers, x);
		if (shown++ < SERVERS_MOST)
			vec_push(m->a, &m->r->tree,
				(struct report_line){ 1, x.mark,
					arena_printf(m->a, "%s%s%s: %s",
						x.ns ? words_name(m->a, x.ns) : "", x.ns ? " " : "",
						words_server(m->a, &x.addr), x.says) });
	}
	if (d->all.n > SERVERS_MOST)
		vec_push(m->a, &m->r->tree,
			(struct report_line){ 1, MARK_NONE,
				arena_printf(m->a, "and %zu more", d->all.n - SERVERS_MOST) });
}

static void add_zones(struct making *m, struct tree *t)
{
	const struct delegation *d = delegation(t);
	const struct descent *way = descent(t);

	vec_each (const struct descent_zone, z, way->zones)
		add_zone(m, z->apex, &z->servers);
	if (!d->all.n)
		return;
	add_zone(m, t->plan->zone, &d->all);
	add_servers(m, d);
}

/* The worst that a test case found; -1: it was not run, or could not be. */
static int worst_of(const struct making *m, const struct tree_case *t)
{
	int worst = -1;

	for (size_t i = 0; i < m->findings->ran.n; i++)
		if (strcmp(m->findings->ran.v[i], t->id) == 0)
			worst = SEV_DEBUG;
	vec_each (const struct finding_gap, gap, m->findings->untested)
		if (strcmp(gap->what, t->id) == 0)
			return -1;
	vec_each (const struct finding, x, m->findings->list)
		if (x->test_case && strcmp(x->test_case, t->id) == 0 && (int)x->severity > worst)
			worst = (int)x->severity;
	return worst;
}

/* "nameserver: 14 test cases; nameserver02 warning, nameserver15 notice" */
static void add_module(struct making *m, const struct case_module *module)
{
	enum report_mark mark = MARK_GOOD;
	struct buf b = { .arena = m->a };
	size_t run = 0, bad = 0;

	for (size_t i = 0; i < module->n; i++) {
		int worst = worst_of(m, &module->cases[i]);

		run += worst >= 0;
		if (worst < SEV_NOTICE)
			continue;
		buf_printf(&b, "%s%s %s", bad++ ? ", " : "", module->cases[i].id,
			severity_slug((enum severity)worst));
		if (worst >= SEV_ERROR)
			mark = MARK_BAD;
		else if (mark == MARK_GOOD)
			mark = MARK_DOUBT;
	}
	if (!run)
		return;
	vec_push(m->a, &m->r->cases,
		(struct report_line){ 0, mark,
			bad ? arena_printf(m->a, "%s: %zu of %zu found something: %s", module->name,
				      bad, run, buf_text(&b))
			    : arena_printf(m->a, "%s: %zu found nothing", module->name, run) });
}

static size_t count_cases(const struct making *m)
{
	size_t n = 0;

	for (size_t i = 0; i < case_nmodules; i++)
		for (size_t k = 0; k < case_modules[i]->n; k++)
			n += worst_of(m, &case_modules[i]->cases[k]) >= 0;
	return n;
}

const char *report_tree_summary(struct making *m)
{
	size_t n = count_cases(m), notices = 0;

	vec_each (const struct finding, x, m->findings->list)
		notices += x->severity == SEV_NOTICE;
	if (m->r->facts->tree->lookup.name)
		return arena_printf(m->a, "no fault found in the chain of trust to %s: %s",
			words_question(m->a, &m->r->facts->tree->lookup),
			first_chain(m->r) ? security_slug(first_chain(m->r)->security)
					  : "it was not validated, for want of a trust anchor");
	return arena_printf(m->a, "no fault found in the delegation of %s: %zu test case%s%s",
		words_name(m->a, m->r->facts->tree->zone), n, n == 1 ? "" : "s",
		notices ? arena_printf(m->a, ", %zu notice%s", notices, notices == 1 ? "" : "s")
			: "");
}

const char *report_tree_harmless(struct making *m)
{
	size_t n = 0;

	/* What is well is a finding, too, but none to count here. */
	vec_each (const struct finding, x, m->findings->list)
		n += x->severity >= SEV_NOTICE;
	return arena_printf(m->a,
		"nothing that makes a lookup fail; the worst of %zu finding%s: %s", n,
		n == 1 ? "" : "s", words_summary(m->a, m->r->verdict.main));
}

/* What each server of the last zone says to the look-up. */
static void add_answers(struct making *m, const struct chain *c)
{
	static const enum report_mark marks[] = {
		[SECURITY_SECURE] = MARK_GOOD,
		[SECURITY_INSECURE] = MARK_GOOD,
		[SECURITY_BOGUS] = MARK_BAD,
		[SECURITY_INDETERMINATE] = MARK_DOUBT,
	};

	struct report_zone *zone = m->r->zones.n ? &m->r->zones.v[m->r->zones.n - 1] : NULL;

	vec_each (const struct chain_server, s, c->answers) {
		struct chain_zone as = { .security = s->security, .why = s->why };
		struct buf b = { .arena = m->a };

		if (s->server.ns)
			buf_printf(&b, "%s ", words_name(m->a, s->server.ns));
		buf_printf(&b, "%s: %s", words_server(m->a, &s->server.addr), chain_text(m, &as));
		vec_push(m->a, &m->r->tree,
			(struct report_line){ 1, marks[s->security], buf_text(&b) });
		if (zone)
			vec_push(m->a, &zone->servers,
				(struct report_server){ marks[s->security], s->server.ns,
					s->server.addr, chain_text(m, &as), { 0 } });
	}
}

/* A look-up: the zones that were validated on its way, its aliases' ways included. */
static void add_chain(struct making *m, const struct chain *c)
{
	unsigned int depth = 0;

	vec_each (const struct chain_zone, z, c->zones) {
		struct report_zone zone = { depth++, MARK_GOOD, z->apex, chain_text(m, z), { 0 } };

		if (z->security == SECURITY_BOGUS || z->uneven)
			zone.mark = MARK_BAD;
		else if (z->security == SECURITY_INDETERMINATE)
			zone.mark = MARK_DOUBT;
		vec_push(m->a, &m->r->zones, zone);
		vec_push(m->a, &m->r->tree,
			(struct report_line){ 0, zone.mark,
				arena_printf(
					m->a, "%s %s", words_name(m->a, z->apex), zone.says) });
	}
	add_answers(m, c);
}

/* A diagnosis says in a line what validation came to. */
static void tell_security(struct making *m)
{
	const struct chain *c = first_chain(m->r);
	const char *line;

	if (!c)
		return;
	line = arena_printf(m->a, "DNSSEC: %s%s%s", security_slug(c->security),
		c->broken >= 0 ? ", from " : "",
		c->broken >= 0 ? words_name(m->a, c->zones.v[c->broken].apex) : "");
	vec_push(m->a, &m->r->tested, line);
	vec_push(m->a, &m->r->lookup, line);
}

void report_tree(struct making *m)
{
	struct tree *t = m->r->inferences->pass;

	if (!t)
		return;
	if (!report_is_tree(m->r)) {
		tell_security(m);
		return;
	}
	if (t->plan->lookup.name) {
		for (const struct chain *c = first_chain(m->r); c; c = c->next)
			add_chain(m, c);
		return;
	}
	add_zones(m, t);
	for (size_t i = 0; i < case_nmodules; i++)
		add_module(m, case_modules[i]);
}
