// SPDX-License-Identifier: GPL-3.0-or-later
// Runs the check of the tree in the world of a row, in virtual time.
#include "treeworld.h"

#include <assert.h>
#include <string.h>

#include "base/err.h"
#include "check/cases.h"
#include "infer/chain.h"
#include "infer/delegation.h"
#include "infer/mail.h"
#include "infer/mailset.h"
#include "net/drive.h"
#include "net/sim.h"
#include "probe/fetch.h"
#include "treeworld_inner.h"

enum { RTT = 20000, TIMEOUT = 500000, TRIES = 2, PORT = 53, END = 1000000000, DS_FIXED = 4 };

static struct addr need_addr(const char *text)
{
	struct addr a = { 0 };
	int err = addr_parse(text, &a);

	assert(err == 0);
	return addr_with_port(a, PORT);
}

static const struct name *need_name(struct arena *a, const char *text)
{
	struct name n;
	int err = name_parse(text, &n);

	assert(err == 0);
	return name_keep(a, &n);
}

/* "ns1.child.xa/9.31.0.1 ns2.child.xa" */
static void plan_ns(struct arena *a, struct tree_plan *plan, const char *list)
{
	char *text = arena_str(a, list), *save = NULL;

	for (char *one = strtok_r(text, " ", &save); one; one = strtok_r(NULL, " ", &save)) {
		char *slash = strchr(one, '/');
		struct tree_ns ns = { 0 };

		if (slash) {
			*slash = '\0';
			ns.addr = need_addr(slash + 1);
		}
		ns.name = need_name(a, one);
		vec_push(a, &plan->ns, ns);
	}
}

/* The DS records of a signed zone, as the user gives them. */
static void plan_ds(
	struct arena *a, const struct treeworld_row *row, const char *apex, struct ds_list *ret)
{
	const struct signer_plan *plan = treeworld_plan(row, apex);

	for (size_t i = 0; plan && i < SIGNER_DSES; i++) {
		struct span r = signer_ds_rdata(a, apex, plan, &plan->ds[i]);

		if (r.n)
			vec_push(a, ret,
				(struct ds){ (uint16_t)(r.p[0] << 8 | r.p[1]), r.p[2], r.p[3],
					{ r.p + DS_FIXED, r.n - DS_FIXED } });
	}
}

static void plan_mail(struct arena *a, const struct treeworld_row *row, struct tree_plan *plan)
{
	char *text = arena_str(a, row->clients ? row->clients : ""), *save = NULL;

	if (!row->mail)
		return;
	plan->mail = true;
	plan->lookup = (struct question){ plan->zone, RR_MX, CLASS_IN };
	for (char *one = strtok_r(text, " ", &save); one; one = strtok_r(NULL, " ", &save))
		vec_push(a, &plan->clients, addr_with_port(need_addr(one), 0));
	text = arena_str(a, row->selectors ? row->selectors : "");
	for (char *one = strtok_r(text, " ", &save); one; one = strtok_r(NULL, " ", &save))
		vec_push(a, &plan->selectors, one);
	plan->helo = row->helo ? need_name(a, row->helo) : NULL;
}

static struct tree_plan *plan_of(struct arena *a, const struct treeworld_row *row)
{
	static const struct {
		const char *name, *addr;
	} roots[] = {
		{ "a.root.xb.", "9.11.0.1" },
		{ "a.root.xb.", "2a09:11::1" },
		{ "b.root.xb.", "9.12.0.1" },
		{ "b.root.xb.", "2a09:12::1" },
	};
	struct tree_plan *plan = arena_alloc(a, sizeof(*plan));
	char *text = arena_str(a, row->cases ? row->cases : ""), *save = NULL;

	plan->zone = need_name(a, row->zone ? row->zone : "child.xa.");
	for (size_t i = 0; i < ARRAY_LEN(roots); i++) {
		struct tree_ns ns = { need_name(a, roots[i].name), need_addr(roots[i].addr) };

		vec_push(a, &plan->roots, ns);
	}
	for (char *one = strtok_r(text, " ", &save); one; one = strtok_r(NULL, " ", &save))
		vec_push(a, &plan->cases, one);
	if (row->ns)
		plan_ns(a, plan, row->ns);
	plan_ds(a, row, ".", &plan->anchors);
	if (row->ns)
		plan_ds(a, row, "child.xa.", &plan->ds);
	plan->all = true;
	plan->no_v4 = row->plan & TREEWORLD_NO_V4;
	plan->no_v6 = row->plan & TREEWORLD_NO_V6;
	if (row->lookup)
		plan->lookup =
			(struct question){ need_name(a, row->lookup), row->lookup_type, CLASS_IN };
	plan_mail(a, row, plan);
	if (row->plan & TREEWORLD_ASN)
		plan->asn_zone = need_name(a, "asn.xb.");
	return plan;
}

static struct sim_net *net_of(struct arena *a, const struct treeworld_row *row)
{
	struct treeworld_servers list = treeworld_build(a, row);
	struct sim_server *servers = arena_alloc(a, list.n * sizeof(*servers));
	struct sim_net *net = arena_alloc(a, sizeof(*net));

	for (size_t i = 0; i < list.n; i++)
		servers[i] = (struct sim_server){
			.addr = list.v[i].addr,
			.answer = treeworld_answer,
			.user = &list.v[i],
			.transfers = list.v[i].transfers,
			.speaks = list.v[i].speaks,
		};
	*net = (struct sim_net){
		.rtt = RTT, .loss = row->loss, .servers = servers, .nservers = list.n
	};
	return net;
}

/* What the last pass found; earlier ones are thrown away. */
struct passes {
	struct arena *pass, *found;
	struct ledger *ledger;
	bool chains;
	size_t n, bytes; /* passes; of the largest */
	struct findings findings;
};

static void run_pass(void *user)
{
	struct passes *p = user;
	struct tree *t;

	arena_reset(p->pass);
	arena_reset(p->found);
	p->findings = (struct findings){ .arena = p->found };
	t = tree_new(p->pass, p->ledger);
	if (p->chains)
		(void)chain_planned(t);
	(void)delegation(t);
	if (p->chains && mail_planned(t))
		(void)mail_of(t, mail_planned(t));
	(void)mailset(t);
	cases_run(t, &p->findings);
	p->n++;
	if (arena_used(p->pass) > p->bytes)
		p->bytes = arena_used(p->pass);
}

static void count(struct treeworld_run *run, const struct passes *p)
{
	const struct facts *f = run->facts;

	run->passes = p->n;
	run->pass_bytes = p->bytes;
	run->verified = dnssec_memo_count(ledger_memo(p->ledger));
	run->work = dnssec_memo_work(ledger_memo(p->ledger));
	for (size_t i = 0; i < f->n; i++) {
		run->asked += f->v[i]->outcome != OUTCOME_STRAY && f->v[i]->outcome != OUTCOME_LATE;
		if (f->v[i]->done - f->v[0]->sent > run->lasted)
			run->lasted = f->v[i]->done - f->v[0]->sent;
	}
}

struct treeworld_run treeworld_run(struct arena *a, const struct treeworld_row *row)
{
	struct treeworld_run run = { .facts = facts_new(a) };
	struct passes passes = { .pass = arena_new(),
		.found = arena_new(),
		.chains = row->chains || row->lookup || row->mail };
	struct tree_plan *plan = plan_of(a, row);
	struct fetch_plan fetch = {
		.pass = run_pass, .user = &passes, .timeout = TIMEOUT, .tries = TRIES
	};
	struct rng rng = rng_seed(row->seed ? row->seed : 1);
	struct arena *world = arena_new();
	struct wire *wire = sim_new(a, &rng, net_of(world, row));
	struct drive drive = { .wire = wire, .facts = run.facts, .deadline = wire_now(wire) + END };
	struct fetch *f;

	if (row->patient)
		fetch.timeout = fetch.tries = 0;
	run.facts->command = row->mail ? "mail" : "tree";
	run.facts->started = TREEWORLD_STARTED;
	run.facts->tree = plan;
	passes.ledger = fetch.ledger = ledger_new(a, run.facts, false);
	f = fetch_new(a, &fetch);
	run.ended = drive_run(&drive, fetch_probe(f)) == 0;
	run.overran = fetch_overran(f);
	wire->ops->free(wire);
	arena_free(world);
	count(&run, &passes);

	/* Once more, into the arena that outlives this function. */
	ledger_take(passes.ledger);
	run.findings.arena = a;
	run.tree = tree_new(a, passes.ledger);
	cases_run(run.tree, &run.findings);
	arena_free(passes.pass);
	arena_free(passes.found);
	return run;
}

const struct observation *treeworld_ask(
	struct arena *a, const struct treeworld_row *row, const struct treeworld_ask *q)
{
	const struct manner_row *manner = &manner_table[q->manner];
	struct ask ask = {
		.server = need_addr(q->addr),
		.transport = (uint8_t)manner->transport,
		.timeout = TIMEOUT,
		.question = { need_name(a, q->name), q->type, CLASS_IN },
		.shape = manner->shape,
	};
	struct rng rng = rng_seed(1);
	struct wire *wire = sim_new(a, &rng, net_of(a, row));
	struct observation o = { 0 };

	wire->ops->send(wire, &ask);
	while (wire->ops->next(wire, UINT64_MAX, &o) && o.outcome == OUTCOME_STRAY)
		continue;
	wire->ops->free(wire);
	return arena_dup(a, &o, sizeof(o));
}

static bool wanted(const struct finding *x, const struct treeworld_row *row)
{
	static const enum severity levels[] = { SEV_NOTICE, SEV_INFO, SEV_DEBUG, SEV_DEBUG };
	const char *at = row->cases;
	size_t n = x->test_case ? strlen(x->test_case) : 0;

	if (!x->tag || x->severity < levels[row->show & (TREEWORLD_INFO | TREEWORLD_DEBUG)])
		return false;
	if (!at)
		return true;
	for (at += strspn(at, " "); n && *at; at += strspn(at, " ")) {
		size_t length = strcspn(at, " ");

		if (length == n && strncasecmp(at, x->test_case, n) == 0)
			return true;
		at += length;
	}
	return false;
}

static void put_server(struct buf *b, const struct addr *addr)
{
	char text[ADDR_TEXT];

	addr_text(addr, text);
	for (size_t i = 0; i < treeworld_nhosts; i++) {
		const struct treeworld_host *h = &treeworld_hosts[i];
		char v4[ADDR_TEXT], v6[ADDR_TEXT];

		snprintf(v4, sizeof(v4), "9.%u.0.1", h->number);
		snprintf(v6, sizeof(v6), "2a09:%u::1", h->number);
		if (strcmp(text, v4) == 0 || strcmp(text, v6) == 0)
			buf_printf(b, "%s/", h->name);
	}
	buf_str(b, text);
}

static void put_value(struct buf *b, const struct detail *d)
{
	char text[ADDR_TEXT];

	switch (d->kind) {
	case DETAIL_TEXT: buf_str(b, d->text); break;
	case DETAIL_NAME: name_put(d->name, b); break;
	case DETAIL_ADDR: buf_str(b, addr_text(&d->addr, text)); break;
	case DETAIL_TEXTS:
		for (size_t i = 0; i < d->ntexts; i++)
			buf_printf(b, "%s%s", i ? "," : "", d->texts[i]);
		break;
	default: buf_printf(b, "%lld", (long long)d->integer);
	}
}

static void put_finding(struct buf *b, const struct finding *x, unsigned int show)
{
	buf_printf(b, "%s%s", b->n ? " " : "", x->tag);
	if (show & TREEWORLD_SERVERS && x->servers.n) {
		for (size_t i = 0; i < x->servers.n; i++) {
			buf_char(b, i ? ' ' : '[');
			put_server(b, &x->servers.v[i]);
		}
		buf_char(b, ']');
	}
	if (show & TREEWORLD_DETAILS && x->details.n) {
		for (size_t i = 0; i < x->details.n; i++) {
			buf_printf(b, "%c%s=", i ? ' ' : '{', x->details.v[i].key);
			put_value(b, &x->details.v[i]);
		}
		buf_char(b, '}');
	}
}

const char *treeworld_tags(
	struct arena *a, const struct treeworld_run *run, const struct treeworld_row *row)
{
	struct buf b = { .arena = a };

	vec_each (const struct finding, x, run->findings.list)
		if (wanted(x, row))
			put_finding(&b, x, row->show);
	return buf_text(&b);
}
