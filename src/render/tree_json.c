/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A check of the delegation tree in the JSON document. */
#include "render/tree_json.h"

#include "check/cases.h"
#include "dns/text.h"
#include "infer/chain.h"
#include "infer/delegation.h"
#include "infer/descent.h"
#include "render/words.h"

static void put_servers(struct json *j, const char *key, const struct servers *list)
{
	struct arena *a = j->out->arena;

	json_array(j, key);
	vec_each (const struct server, s, *list) {
		json_object(j, NULL);
		if (s->ns)
			json_str(j, "ns", words_name(a, s->ns));
		json_str(j, "address", words_server(a, &s->addr));
		json_end(j);
	}
	json_end(j);
}

static void put_set(struct json *j, const char *key, const struct ns_set *set)
{
	struct arena *a = j->out->arena;

	json_array(j, key);
	vec_each (const struct ns_entry, ns, set->v) {
		json_object(j, NULL);
		json_str(j, "ns", words_name(a, ns->name));
		json_array(j, "addresses");
		vec_each (const struct addr, addr, ns->addrs)
			json_str(j, NULL, words_server(a, addr));
		json_end(j);
		json_end(j);
	}
	json_end(j);
}

/* Zones from the root down, the tested one last. */
static void put_zones(struct json *j, struct tree *t)
{
	const struct descent *way = descent(t);
	const struct delegation *d = delegation(t);
	struct arena *a = j->out->arena;

	json_array(j, "zones");
	vec_each (const struct descent_zone, z, way->zones) {
		json_object(j, NULL);
		json_str(j, "name", words_name(a, z->apex));
		put_servers(j, "servers", &z->servers);
		json_end(j);
	}
	json_object(j, NULL);
	json_str(j, "name", words_name(a, t->plan->zone));
	put_servers(j, "servers", &d->pairs);
	json_end(j);
	json_end(j);
	put_set(j, "delegation", &d->del);
	put_set(j, "apex", &d->child);
}

static void put_chain_servers(struct json *j, const char *key, const struct chain_servers *list)
{
	struct arena *a = j->out->arena;

	if (!list->n)
		return;
	json_array(j, key);
	vec_each (const struct chain_server, s, *list) {
		json_object(j, NULL);
		if (s->server.ns)
			json_str(j, "ns", words_name(a, s->server.ns));
		json_str(j, "address", words_server(a, &s->server.addr));
		json_str(j, "security", security_slug(s->security));
		if (s->why != BREAK_NONE)
			json_str(j, "why", chain_break_slug(s->why));
		json_end(j);
	}
	json_end(j);
}

static void put_chain_zones(struct json *j, const struct chain *c)
{
	json_array(j, "zones");
	vec_each (const struct chain_zone, z, c->zones) {
		json_object(j, NULL);
		json_str(j, "name", words_name(j->out->arena, z->apex));
		json_str(j, "security", security_slug(z->security));
		if (z->why != BREAK_NONE && (z->security != SECURITY_SECURE || z->uneven))
			json_str(j, "why", chain_break_slug(z->why));
		put_chain_servers(j, "parents", &z->parents);
		put_chain_servers(j, "servers", &z->servers);
		json_end(j);
	}
	json_end(j);
}

/* The link that broke for every server that could be asked: a zone's, or the answer's. */
static void put_break(struct json *j, const struct chain *c)
{
	const struct chain_zone *z = c->broken >= 0 ? &c->zones.v[c->broken] : NULL;
	enum chain_break why = z ? z->why : BREAK_NONE;

	if (z)
		json_str(j, "zone", words_name(j->out->arena, z->apex));
	vec_each (const struct chain_server, s, c->answers)
		if (why == BREAK_NONE && s->security == c->security)
			why = s->why;
	if (why != BREAK_NONE)
		json_str(j, "why", chain_break_slug(why));
}

/* The first chain is that of the zone, or of the look-up. */
static void put_dnssec(struct json *j, const struct report *r)
{
	const struct chain *c = r->inferences->chains.n ? r->inferences->chains.v[0] : NULL;
	char type[TEXT_MNEMONIC];

	if (!c)
		return;
	json_object(j, "dnssec");
	json_str(j, "name", words_name(j->out->arena, c->name));
	json_str(j, "type", text_type(c->type, type));
	json_str(j, "security", security_slug(c->security));
	if (!c->anchored)
		json_str(j, "why", "no-trust-anchor");
	if (c->uneven)
		json_bool(j, "uneven", true);
	put_break(j, c);
	put_chain_zones(j, c);
	put_chain_servers(j, "answers", &c->answers);
	json_end(j);
}

void tree_json(struct json *j, const struct report *r)
{
	struct tree *t = r->inferences->pass;

	if (!t)
		return;
	put_dnssec(j, r);
	if (t->plan->lookup.name)
		return;
	json_object(j, "tree");
	json_str(j, "zone", words_name(j->out->arena, t->plan->zone));
	if (tree_undelegated(t))
		json_bool(j, "undelegated", true);
	put_zones(j, t);
	json_end(j);
}
