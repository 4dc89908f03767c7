/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way from the root to a name, and what it amounts to. */
#include "infer/chain.h"

#include <assert.h>

#include "dns/rr.h"
#include "infer/chain_inner.h"
#include "infer/resolve.h"

enum {
	HIDDEN = 16,  /* zones between two known ones */
	CHAINS = 256, /* validations of a pass */
};

struct chain_row {
	struct chain chain;
	bool busy;
};

struct chain_memo {
	struct VEC(struct chain_row *) rows;
	unsigned int aliases; /* that are being followed */
};

struct way {
	struct tree *t;
	struct chain *chain;
	struct VEC(struct chain_step) steps;
};

static const char *const slugs[BREAKS] = {
	[BREAK_NONE] = "none",
	[BREAK_DS_MISMATCH] = "ds-mismatch",
	[BREAK_MISSING_KEY] = "missing-key",
	[BREAK_MISSING_SIGNATURE] = "missing-signature",
	[BREAK_WRONG_SIGNATURE] = "wrong-signature",
	[BREAK_EXPIRED] = "expired",
	[BREAK_NOT_YET_VALID] = "not-yet-valid",
	[BREAK_DENIAL] = "broken-denial",
	[BREAK_ITERATIONS] = "iterations",
	[BREAK_ALGORITHM] = "algorithm-unsupported",
	[BREAK_SIGNER] = "signer",
	[BREAK_SILENT] = "silent",
};

const char *security_slug(enum security s)
{
	static const char *const words[] = {
		[SECURITY_SECURE] = "secure",
		[SECURITY_INSECURE] = "insecure",
		[SECURITY_BOGUS] = "bogus",
		[SECURITY_INDETERMINATE] = "indeterminate",
	};

	assert(s <= SECURITY_INDETERMINATE);
	return words[s];
}

const char *chain_break_slug(enum chain_break b)
{
	assert(b < BREAKS);
	return slugs[b];
}

/* The way -------------------------------------------------------------------------------------- */

static bool strictly_under(const struct name *a, const struct name *b)
{
	return name_under(a, b) && !name_equal(a, b);
}

/* What one server says of the zone that a name is in. */
enum told { TOLD_NOTHING, TOLD_ALIAS, TOLD_SAME, TOLD_HIDDEN };

static enum told tell(const struct entry *e, const struct name *zone, const struct name **ret)
{
	const struct question *q = e->question;
	const struct name *owner;
	struct name target;

	if (!e->msg)
		return TOLD_NOTHING;
	if (reply_delegation(e->msg, zone, q->name))
		return TOLD_SAME;
	if (!reply_authority(e->msg))
		return TOLD_NOTHING;
	if (reply_alias(e->msg, q, &target))
		return TOLD_ALIAS;
	owner = reply_zone(e->msg, q);
	if (!owner || !strictly_under(owner, zone))
		return TOLD_SAME;
	*ret = owner;
	return TOLD_HIDDEN;
}

/*
 * The first server of a step that can tell says it; the questions are those of the way down, which
 * have been asked already.
 */
static enum told ask_zone(struct way *w, const struct chain_step *step, const struct name *name,
	const struct name **ret)
{
	vec_each (const struct server, s, step->servers) {
		const struct entry *e = tree_ask(
			w->t, &s->addr, &(struct tree_q){ name, RR_SOA, MANNER_PLAIN, step->apex });
		enum told told = tell(e, step->apex, ret);

		if (told != TOLD_NOTHING)
			return told;
		if (e->state != ENTRY_PENDING)
			continue;
		w->chain->pending = true;
		if (!e->overdue)
			break;
	}
	return TOLD_NOTHING;
}

/*
 * Where servers serve a zone and one below, there is no referral from the one to the other: the
 * zones between a step and a name that hide so.
 */
static void add_hidden(struct way *w, const struct name *target)
{
	const struct name *found[HIDDEN], *owner = NULL;
	struct name name = name_lower(target);
	struct chain_step from;
	size_t n = 0;

	assert(w->steps.n); /* the root is there */
	from = w->steps.v[w->steps.n - 1];
	for (unsigned int i = 0; i < HIDDEN && strictly_under(&name, from.apex); i++) {
		enum told told = ask_zone(w, &from, tree_name(w->t, &name), &owner);

		if (told == TOLD_SAME || told == TOLD_NOTHING)
			break;
		if (told == TOLD_HIDDEN)
			name = *(found[n++] = owner);
		name = name_parent(&name);
	}
	while (n-- > 0)
		vec_push(w->t->arena, &w->steps,
			(struct chain_step){ tree_name(w->t, found[n]), from.servers });
}

static void add_step(struct way *w, struct resolve_zone *z)
{
	struct chain_step step = { .apex = z->apex };

	if (w->steps.n) {
		struct name above = name_parent(z->apex);

		add_hidden(w, &above);
	}
	w->chain->pending |= resolve_servers(w->t, z, &step.servers);
	vec_push(w->t->arena, &w->steps, step);
}

static void find_way(struct way *w, const struct name *home)
{
	bool pending = false;
	const struct resolve_zone *z = resolve_cut(w->t, home, &pending);
	struct VEC(const struct resolve_zone *) up = { 0 };

	w->chain->pending |= pending;
	for (; z; z = z->parent)
		vec_push(w->t->arena, &up, z);
	while (up.n-- > 0)
		add_step(w, (struct resolve_zone *)up.v[up.n]);
	if (!pending)
		add_hidden(w, home);
}

/* Validation ----------------------------------------------------------------------------------- */

/* From a zone that is not secure on, all below is like it. */
static void inherit(struct chain *c, size_t from)
{
	for (size_t i = from; i < c->zones.n; i++)
		c->zones.v[i].security = c->zones.v[from - 1].security;
}

static void walk(struct way *w)
{
	struct chain *c = w->chain;

	vec_each (const struct chain_step, step, w->steps)
		vec_push(w->t->arena, &c->zones,
			(struct chain_zone){
				.apex = step->apex, .security = SECURITY_INDETERMINATE });
	c->security = SECURITY_SECURE;
	for (size_t i = 0; i < c->zones.n; i++) {
		struct chain_zone *z = &c->zones.v[i];

		chain_zone(w->t, &w->steps.v[i],
			i ? &(struct chain_above){ &w->steps.v[i - 1], z - 1 } : NULL, z);
		c->pending |= z->pending;
		c->uneven |= z->uneven;
		c->security = z->security;
		if (z->security == SECURITY_SECURE)
			continue;
		c->broken = (int)i;
		inherit(c, i + 1);
		return;
	}
}

static void take_answers(struct way *w, struct name *ret_alias)
{
	struct chain *c = w->chain;
	const struct chain_zone *z = c->zones.v + c->zones.n - 1;
	struct question q = { c->name, c->type, CLASS_IN };
	struct chain_signer by = { w->t, w->t->facts->started, z->apex, z->keys.v, z->keys.n };
	enum security best = SECURITY_INDETERMINATE;

	assert(w->steps.n);
	vec_each (const struct server, s, w->steps.v[w->steps.n - 1].servers) {
		struct chain_server ret = { .server = *s };
		struct name alias;

		ret.entry = tree_ask(w->t, &s->addr,
			&(struct tree_q){ c->name, c->type, MANNER_DNSSEC, z->apex });
		if (ret.entry->state == ENTRY_PENDING) {
			c->pending = true;
			continue;
		}
		chain_answer(&by, &q, &ret, &alias);
		if (alias.len && (!ret_alias->len || ret.security < best)) {
			*ret_alias = alias;
			best = ret.security;
		}
		vec_push(w->t->arena, &c->answers, ret);
	}
	c->security = chain_best(&c->answers);
	c->uneven |= chain_uneven(&c->answers);
}

static const struct chain *validate(struct tree *t, const struct name *name, uint16_t type);

/* What is wrong behind an alias is wrong with the whole. */
static void follow(struct way *w, const struct name *target)
{
	struct chain_memo *memo = w->t->chains;
	struct chain *c = w->chain;

	if (memo->aliases >= CHAIN_ALIASES)
		return;
	memo->aliases++;
	c->next = validate(w->t, target, c->type);
	memo->aliases--;
	if (!c->next)
		return;
	c->pending |= c->next->pending;
	c->uneven |= c->next->uneven;
	if (chain_harm(c->next->security) > chain_harm(c->security))
		c->security = c->next->security;
}

/* In a zone that is not signed, aliases are as good as its servers' word. */
static void unsigned_alias(struct way *w, struct name *ret_alias)
{
	const struct resolved *r = resolve(w->t, w->chain->name, w->chain->type);

	w->chain->pending |= r->state == RESOLVE_PENDING;
	if (r->aliases)
		*ret_alias = *r->name;
}

static void work_out(struct tree *t, struct chain *c)
{
	struct question q = { c->name, c->type, CLASS_IN };
	struct name home = reply_home(&q), alias = { 0 };
	struct way w = { .t = t, .chain = c };

	c->broken = -1;
	c->security = SECURITY_INDETERMINATE;
	c->anchored = t->plan->anchors.n > 0;
	if (!c->anchored)
		return;
	find_way(&w, &home);
	walk(&w);
	assert(c->zones.n);
	if (c->broken < 0)
		take_answers(&w, &alias);
	else if (c->security == SECURITY_INSECURE && !c->pending)
		unsigned_alias(&w, &alias);
	if (alias.len && c->security != SECURITY_BOGUS)
		follow(&w, &alias);
}

static const struct chain *validate(struct tree *t, const struct name *name, uint16_t type)
{
	struct chain_row *row;

	if (!t->chains)
		t->chains = arena_alloc(t->arena, sizeof(*t->chains));
	for (size_t i = 0; i < t->chains->rows.n; i++) {
		row = t->chains->rows.v[i];
		if (row->chain.type == type && name_equal(row->chain.name, name))
			return row->busy ? NULL : &row->chain;
	}
	if (t->chains->rows.n >= CHAINS)
		return NULL;
	row = arena_alloc(t->arena, sizeof(*row));
	row->chain.name = tree_name(t, name);
	row->chain.type = type;
	row->busy = true;
	vec_push(t->arena, &t->chains->rows, row);
	work_out(t, &row->chain);
	row->busy = false;
	return &row->chain;
}

const struct chain *chain_validate(struct tree *t, const struct name *name, uint16_t type)
{
	static const struct chain none = { .security = SECURITY_INDETERMINATE, .broken = -1 };
	const struct chain *c = validate(t, name, type);

	return c ? c : &none;
}
