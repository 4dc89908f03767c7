// SPDX-License-Identifier: GPL-3.0-or-later
// Runs test cases and turns their tags into findings.
#include "check/cases.h"

#include <string.h>
#include <strings.h>

#include "dns/rr.h"
#include "dns/text.h"
#include "infer/descent.h"

const struct tree_case *case_find(const char *id)
{
	for (size_t i = 0; i < case_nmodules; i++)
		for (size_t k = 0; k < case_modules[i]->n; k++)
			if (strcasecmp(case_modules[i]->cases[k].id, id) == 0)
				return &case_modules[i]->cases[k];
	return NULL;
}

/* The user wants this one. */
static bool chosen(const struct tree_plan *plan, const struct tree_case *t)
{
	for (size_t i = 0; i < plan->cases.n; i++)
		if (strcasecmp(plan->cases.v[i], t->id) == 0)
			return true;
	return !plan->cases.n;
}

static bool is(const struct tree_case *t, const char *id)
{
	return strcmp(t->id, id) == 0;
}

static bool of_dnssec(const struct tree_case *t)
{
	return strncmp(t->id, "dnssec", strlen("dnssec")) == 0;
}

/* Something that was found makes this one senseless. */
static bool stopped(const struct cases *c, const struct tree_case *t)
{
	return (c->over && !is(t, "basic03")) ||
	       (c->unsigned_zone && of_dnssec(t) && !is(t, "dnssec11"));
}

/*
 * Zonemaster runs basic01 to basic03 first, and nothing else when basic02 finds no working server;
 * of the module dnssec it runs only dnssec07 and dnssec11 when the zone is not signed. A user who
 * names test cases gets them all the same.
 */
static bool skipped(const struct cases *c, const struct tree_case *t)
{
	return !c->plan->cases.n && stopped(c, t);
}

/* What was left out of what there is. */
static void tell_bounds(struct tree *t, struct findings *f)
{
	if (dnssec_memo_full(ledger_memo(t->ledger)))
		findings_untested(f, "some of the signatures", "there are too many of them");
	if (!t->plan->lookup.name && delegation(t)->cut)
		findings_untested(f, "some of the name servers", "there are too many of them");
}

void cases_run(struct tree *t, struct findings *f)
{
	struct cases c = {
		.arena = t->arena,
		.tree = t,
		.plan = t->plan,
		.zone = t->plan->zone,
		.findings = f,
		.wall = t->facts->started,
	};

	if (t->plan->lookup.name) {
		tell_bounds(t, f);
		return;
	}
	c.del = delegation(t);
	for (size_t i = 0; i < case_nmodules; i++)
		for (size_t k = 0; k < case_modules[i]->n; k++) {
			c.running = &case_modules[i]->cases[k];
			if (!chosen(c.plan, c.running))
				continue;
			if (skipped(&c, c.running)) {
				f->skipped++;
				continue;
			}
			vec_push(f->arena, &f->ran, c.running->id);
			c.running->run(&c);
		}
	tell_bounds(t, f);
}

static const struct entry *ask(
	struct cases *c, const struct server *s, const struct cases_q *q, uint16_t class)
{
	struct question question = { q->name ? q->name : c->zone, q->type, class };
	struct entry e =
		ledger_ask(c->tree->ledger, &(struct ledger_key){ &s->addr, &question, q->manner,
						    q->zone ? q->zone : c->zone });

	return arena_dup(c->arena, &e, sizeof(e));
}

const struct entry *cases_ask(struct cases *c, const struct server *s, const struct cases_q *q)
{
	return ask(c, s, q, CLASS_IN);
}

const struct entry *cases_ask_ch(struct cases *c, const struct server *s, const struct cases_q *q)
{
	return ask(c, s, q, CLASS_CH);
}

/* Resolvers do not look at DNSSEC in a zone to which no DS leads. */
static bool harmless(const struct cases *c)
{
	return c->insecure && of_dnssec(c->running);
}

struct finding *cases_emit(struct cases *c, enum tag tag)
{
	const struct tag_row *row = &tag_table[tag];
	struct finding *x = findings_add(c->findings, row->id, row->level, row->where);

	x->tag = row->name;
	x->line = row->text;
	x->test_case = c->running->id;
	x->subject = name_keep(c->findings->arena, c->zone);
	x->effect = row->harm == HARM_ZONE && !harmless(c) ? EFFECT_EXPLAINS : EFFECT_COSMETIC;
	return x;
}

static const struct name *ns_in(const struct servers *list, const struct addr *addr)
{
	vec_each (const struct server, s, *list)
		if (addr_equal(&s->addr, addr))
			return s->ns;
	return NULL;
}

/* The name under which the tested zone, or a zone above it, knows an address. */
static const struct name *ns_of(const struct cases *c, const struct addr *addr)
{
	const struct name *ns = ns_in(&c->del->pairs, addr);

	if (!ns)
		ns = ns_in(&c->del->parent, addr);
	vec_each (const struct descent_zone, z, descent(c->tree)->zones)
		if (!ns)
			ns = ns_in(&z->servers, addr);
	return ns;
}

/* "ns1.example./192.0.2.1", one for each of the finding's servers; known: names of some. */
static void name_servers(struct cases *c, struct finding *x, const struct servers *known)
{
	struct case_texts list = { 0 };

	vec_each (const struct addr, addr, x->servers) {
		struct buf b = { .arena = c->findings->arena };
		const struct name *ns = ns_in(known, addr);
		char text[ADDR_TEXT];

		if (!ns)
			ns = ns_of(c, addr);
		if (ns) {
			name_put(ns, &b);
			buf_char(&b, '/');
		}
		buf_str(&b, addr_text(addr, text));
		vec_push(c->arena, &list, buf_text(&b));
	}
	cases_texts(c, x, "nameservers", &list);
}

/* A server that answers lookups: one that never replied, or could not be asked, helps nobody. */
static bool alive(const struct cases *c, const struct server *s)
{
	const struct ledger_host *h = ledger_host(c->tree->ledger, &s->addr);

	return h && h->replies;
}

/* What is so at every server of the zone that answers is so for every lookup. */
static void weigh(struct cases *c, struct finding *x, enum harm harm)
{
	if (harm != HARM_SERVER || harmless(c))
		return;
	x->effect = EFFECT_EXPLAINS;
	vec_each (const struct server, s, c->del->all)
		if (alive(c, s) && !finding_names(x, &s->addr))
			x->effect = EFFECT_INTERMITTENT;
}

static void add_server(struct cases *c, struct finding *x, const struct addr *addr)
{
	if (!finding_names(x, addr))
		finding_server(c->findings, x, addr);
}

void cases_evidence(struct cases *c, struct finding *x, const struct entry *e)
{
	if (e->index != SIZE_MAX)
		finding_evidence(c->findings, x, e->index);
}

struct finding *cases_emit_heard(struct cases *c, enum tag tag, const struct heard *list)
{
	struct finding *x;

	if (!list->n)
		return NULL;
	x = cases_emit(c, tag);
	for (size_t i = 0; i < list->n; i++) {
		add_server(c, x, &list->v[i]->server);
		cases_evidence(c, x, list->v[i]);
	}
	name_servers(c, x, &c->del->pairs);
	weigh(c, x, tag_table[tag].harm);
	return x;
}

struct finding *cases_emit_of(struct cases *c, enum tag tag, const struct entry *e)
{
	struct heard one = { .v = &e, .n = 1, .cap = 1 };

	return cases_emit_heard(c, tag, &one);
}

struct finding *cases_emit_servers(struct cases *c, enum tag tag, const struct servers *list)
{
	struct finding *x;

	if (!list->n)
		return NULL;
	x = cases_emit(c, tag);
	vec_each (const struct server, s, *list)
		add_server(c, x, &s->addr);
	name_servers(c, x, list);
	weigh(c, x, tag_table[tag].harm);
	return x;
}

void cases_untested(struct cases *c, const char *why)
{
	findings_untested(c->findings, c->running->id, why);
}

void cases_name(struct cases *c, struct finding *x, const char *key, const struct name *n)
{
	finding_detail(c->findings, x,
		(struct detail){ .key = key,
			.kind = DETAIL_NAME,
			.name = name_keep(c->findings->arena, n) });
}

void cases_int(struct cases *c, struct finding *x, const char *key, uint64_t v)
{
	finding_int(c->findings, x, key, v);
}

void cases_text(struct cases *c, struct finding *x, const char *key, const char *text)
{
	finding_text(c->findings, x, key, arena_str(c->findings->arena, text));
}

void cases_type(struct cases *c, struct finding *x, const char *key, uint16_t type)
{
	char text[TEXT_MNEMONIC];

	cases_text(c, x, key, text_type(type, text));
}

void cases_rcode(struct cases *c, struct finding *x, const char *key, uint16_t rcode)
{
	char text[TEXT_MNEMONIC];

	cases_text(c, x, key, text_rcode(rcode, text));
}

void cases_addr(struct cases *c, struct finding *x, const char *key, const struct addr *addr)
{
	finding_detail(
		c->findings, x, (struct detail){ .key = key, .kind = DETAIL_ADDR, .addr = *addr });
}

void cases_texts(struct cases *c, struct finding *x, const char *key, const struct case_texts *v)
{
	struct case_texts kept = { 0 };

	for (size_t i = 0; i < v->n; i++)
		vec_push(c->findings->arena, &kept, arena_str(c->findings->arena, v->v[i]));
	finding_detail(c->findings, x,
		(struct detail){
			.key = key, .kind = DETAIL_TEXTS, .texts = kept.v, .ntexts = kept.n });
}

void cases_names(struct cases *c, struct finding *x, const char *key, const struct reply_names *n)
{
	struct case_texts list = { 0 };
	char text[NAME_TEXT];

	for (size_t i = 0; i < n->n; i++) {
		bool again = false;

		for (size_t k = 0; k < i; k++)
			again |= name_equal(n->v[i], n->v[k]);
		if (!again)
			vec_push(c->arena, &list, arena_str(c->arena, name_text(n->v[i], text)));
	}
	cases_texts(c, x, key, &list);
}
