// SPDX-License-Identifier: GPL-3.0-or-later
// The test cases of the module "basic": are there a parent and a zone, and does a server serve it.
#include <strings.h>

#include "base/err.h"
#include "check/cases/tally.h"
#include "dns/rr.h"
#include "infer/descent.h"
#include "infer/resolve.h"

/* A set of kinds of steps. */
#define KIND(kind) (1U << DESCENT_##kind)

enum {
	PARENTAL = KIND(SOA) | KIND(DELEGATION) | KIND(NXDOMAIN) | KIND(NODATA) | KIND(CNAME) |
		   KIND(CNAME_REFERRAL) | KIND(DNAME),
	CHILD = KIND(SOA) | KIND(DELEGATION),
	/* The name is there, but as a part of another zone: look-ups of it may well work. */
	OTHERWISE = KIND(NODATA) | KIND(CNAME) | KIND(CNAME_REFERRAL) | KIND(DNAME),
	DENYING = KIND(NXDOMAIN) | OTHERWISE,
};

static bool of_kind(const struct descent_step *s, unsigned int kinds)
{
	return kinds & 1U << s->kind;
}

static bool sent(const struct entry *e)
{
	return e && e->state != ENTRY_UNSENT;
}

/* Adds a reply, but once for each server. */
static void hear(struct cases *c, struct heard *list, const struct entry *e)
{
	for (size_t i = 0; i < list->n; i++)
		if (addr_equal(&list->v[i]->server, &e->server))
			return;
	vec_push(c->arena, list, e);
}

/* Which steps are meant; what is NULL does not matter. */
struct which {
	unsigned int kinds;
	const struct name *zone, *target;
};

static bool meant(const struct descent_step *s, const struct which *w)
{
	return of_kind(s, w->kinds) && s->entry && (!w->zone || name_equal(s->zone, w->zone)) &&
	       (!w->target || (s->target && name_equal(s->target, w->target)));
}

static struct heard heard_of(struct cases *c, struct which w)
{
	struct heard list = { 0 };

	vec_each (const struct descent_step, s, descent(c->tree)->steps)
		if (meant(s, &w))
			hear(c, &list, s->entry);
	return list;
}

static bool any(struct cases *c, unsigned int kinds)
{
	return heard_of(c, (struct which){ .kinds = kinds }).n > 0;
}

/* Something of the way down could be sent at all. */
static bool descended(struct cases *c)
{
	vec_each (const struct descent_step, s, descent(c->tree)->steps)
		if (sent(s->entry))
			return true;
	return false;
}

/* The zones, or the targets, of such steps: each once, in the order of the steps. */
static struct reply_names list_names(struct cases *c, unsigned int kinds, bool targets)
{
	struct reply_names list = { 0 };

	vec_each (const struct descent_step, s, descent(c->tree)->steps) {
		const struct name *n = targets ? s->target : s->zone;
		bool have = !n || !of_kind(s, kinds);

		for (size_t i = 0; !have && i < list.n; i++)
			have = name_equal(list.v[i], n);
		if (!have)
			vec_push(c->arena, &list, n);
	}
	return list;
}

/* Replies that do not fit the procedure, those to the same question together. */
static void tell_errors(struct cases *c)
{
	const struct descent *d = descent(c->tree);

	for (size_t i = 0; i < d->steps.n; i++) {
		const struct descent_step *s = &d->steps.v[i];
		struct heard list = { 0 };
		struct finding *x;
		bool told = false;

		for (size_t k = 0; k < d->steps.n; k++) {
			const struct descent_step *other = &d->steps.v[k];

			if (s->kind != DESCENT_ERROR || other->kind != DESCENT_ERROR ||
				!sent(other->entry) || other->qtype != s->qtype ||
				!name_equal(other->qname, s->qname))
				continue;
			told |= k < i;
			hear(c, &list, other->entry);
		}
		if (told || !list.n)
			continue;
		x = cases_emit_heard(c, TAG_B01_SERVER_ZONE_ERROR, &list);
		cases_name(c, x, "query_name", s->qname);
		cases_type(c, x, "rrtype", s->qtype);
	}
}

static void tell_parent(struct cases *c)
{
	struct reply_names zones = list_names(c, PARENTAL, false);
	struct heard all = heard_of(c, (struct which){ .kinds = PARENTAL });

	for (size_t i = 0; i < zones.n; i++) {
		struct heard list =
			heard_of(c, (struct which){ .kinds = PARENTAL, .zone = zones.v[i] });

		cases_name(
			c, cases_emit_heard(c, TAG_B01_PARENT_FOUND, &list), "domain", zones.v[i]);
	}
	if (zones.n > 1)
		cases_names(c, cases_emit_heard(c, TAG_B01_PARENT_UNDETERMINED, &all), "parents",
			&zones);
	if (!zones.n)
		cases_emit(c, TAG_B01_PARENT_NOT_FOUND);
}

/* Servers of the parent that know nothing of a delegation which others have. */
static void tell_denying(struct cases *c)
{
	struct reply_names zones = list_names(c, DENYING, false);

	for (size_t i = 0; i < zones.n; i++) {
		struct heard list =
			heard_of(c, (struct which){ .kinds = DENYING, .zone = zones.v[i] });
		struct finding *x = cases_emit_heard(c, TAG_B01_INCONSISTENT_DELEGATION, &list);

		cases_name(c, x, "domain_child", c->zone);
		cases_name(c, x, "domain_parent", zones.v[i]);
		/* Who asks one of these gets nothing; the others lead on. */
		x->effect = EFFECT_INTERMITTENT;
	}
}

/*
 * What a zone that is none means for look-ups: of a name that is there otherwise, nothing; and
 * where no server of a parent could be heard, that is what they suffer from.
 */
static enum effect effect_of_none(struct cases *c)
{
	bool otherwise = any(c, OTHERWISE) && !any(c, KIND(NXDOMAIN));

	return otherwise || !any(c, PARENTAL) ? EFFECT_COSMETIC : EFFECT_EXPLAINS;
}

static void tell_no_child(struct cases *c)
{
	struct name super = name_parent(c->zone);
	struct heard list = heard_of(c, (struct which){ .kinds = DENYING });
	struct finding *x = list.n ? cases_emit_heard(c, TAG_B01_NO_CHILD, &list)
				   : cases_emit(c, TAG_B01_NO_CHILD);

	cases_name(c, x, "domain_child", c->zone);
	cases_name(c, x, "domain_super", &super);
	x->effect = effect_of_none(c);
}

static void tell_alias(struct cases *c)
{
	struct reply_names targets = list_names(c, KIND(DNAME), true);
	struct heard all = heard_of(c, (struct which){ .kinds = KIND(DNAME) });
	struct finding *x;

	for (size_t i = 0; i < targets.n; i++) {
		struct heard list =
			heard_of(c, (struct which){ .kinds = KIND(DNAME), .target = targets.v[i] });

		x = cases_emit_heard(c, TAG_B01_CHILD_IS_ALIAS, &list);
		cases_name(c, x, "domain_child", c->zone);
		cases_name(c, x, "domain_target", targets.v[i]);
	}
	if (targets.n < 2)
		return;
	x = cases_emit_heard(c, TAG_B01_INCONSISTENT_ALIAS, &all);
	cases_name(c, x, "domain", c->zone);
	cases_names(c, x, "targets", &targets);
	x->effect = EFFECT_INTERMITTENT;
}

static void basic01(struct cases *c)
{
	bool root = c->zone->len == 1, given = root || tree_undelegated(c->tree);

	if (given) {
		cases_name(c, cases_emit(c, TAG_B01_CHILD_FOUND), "domain", c->zone);
		cases_emit(c, root ? TAG_B01_ROOT_HAS_NO_PARENT : TAG_B01_PARENT_DISREGARDED);
		return;
	}
	if (!descended(c))
		return;
	tell_errors(c);
	tell_parent(c);
	if (any(c, CHILD)) {
		cases_name(c, cases_emit(c, TAG_B01_CHILD_FOUND), "domain", c->zone);
		tell_denying(c);
	} else {
		tell_no_child(c);
	}
	tell_alias(c);
}

/* What servers said to the SOA question, by what is wrong with it. */
enum reaction { AUTH, BROKEN, NOT_AUTH, SILENT, RCODE, REACTIONS };
struct reactions {
	struct heard all, of[REACTIONS];
	bool pending;
};

static enum reaction reaction(const struct cases *c, const struct msg *m)
{
	if (!m)
		return SILENT;
	if (m->rcode != RCODE_NOERROR)
		return RCODE;
	if (!(m->flags & FLAG_AA))
		return NOT_AUTH;
	return tree_answers(m, c->zone, RR_SOA) ? AUTH : BROKEN;
}

static struct reactions react(struct cases *c)
{
	struct reactions r = { 0 };

	vec_each (const struct server, s, c->del->del_ips) {
		const struct entry *e = cases_ask(c, s, &(struct cases_q){ .type = RR_SOA });

		r.pending |= e->state == ENTRY_PENDING;
		if (e->state == ENTRY_PENDING || !sent(e))
			continue;
		vec_push(c->arena, &r.all, e);
		vec_push(c->arena, &r.of[reaction(c, e->msg)], e);
	}
	return r;
}

/* Names of the delegation that lead to no address. */
static struct reply_names addressless(struct cases *c)
{
	struct reply_names list = { 0 };

	vec_each (const struct ns_entry, ns, c->del->del.v)
		if (!ns->addrs.n)
			vec_push(c->arena, &list, ns->name);
	return list;
}

static void tell_rcodes(struct cases *c, const struct heard *all)
{
	struct tally t = { .c = c };

	for (size_t i = 0; i < all->n; i++)
		tally_rcode(&t, TAG_B02_UNEXPECTED_RCODE, all->v[i]);
	tally_emit(&t);
}

/* Where a name without address is to be looked into: its zone may be silent, else its data lack. */
static enum where where_sought(struct cases *c, const struct name *name)
{
	const struct ns_entry *ns = ns_find(&c->del->del, name);
	const struct resolved_addrs *r;

	if (!ns || ns->in_bailiwick)
		return WHERE_ZONE;
	r = resolve_addrs(c->tree, name);
	return r->v4 == RESOLVE_FAILED || r->v6 == RESOLVE_FAILED ? WHERE_FAR : WHERE_ZONE;
}

/* Where no server works: at those that were asked, or at what leads to none. */
static enum where where_broken(
	struct cases *c, const struct reactions *r, const struct reply_names *none)
{
	enum where where = r->all.n ? WHERE_FAR : WHERE_ZONE;

	for (size_t i = 0; i < none->n; i++)
		if (where_sought(c, none->v[i]) == WHERE_FAR)
			where = WHERE_FAR;
	return where;
}

static void tell_not_working(struct cases *c, const struct reactions *r)
{
	struct reply_names none = addressless(c);
	struct finding *x = r->all.n ? cases_emit_heard(c, TAG_B02_NO_WORKING_NS, &r->all)
				     : cases_emit(c, TAG_B02_NO_WORKING_NS);

	x->where = where_broken(c, r, &none);
	cases_name(c, x, "domain", c->zone);
	cases_emit_heard(c, TAG_B02_NS_BROKEN, &r->of[BROKEN]);
	cases_emit_heard(c, TAG_B02_NS_NOT_AUTH, &r->of[NOT_AUTH]);
	for (size_t i = 0; i < none.n; i++) {
		x = cases_emit(c, TAG_B02_NS_NO_IP_ADDR);
		x->where = where_sought(c, none.v[i]);
		cases_name(c, x, "ns", none.v[i]);
	}
	cases_emit_heard(c, TAG_B02_NS_NO_RESPONSE, &r->of[SILENT]);
	tell_rcodes(c, &r->of[RCODE]);
}

/* given: the delegation was not to be found, but said. */
static void tell_no_delegation(struct cases *c, bool given)
{
	struct finding *x = cases_emit(c, TAG_B02_NO_DELEGATION);

	cases_name(c, x, "domain", c->zone);
	if (!given)
		x->effect = effect_of_none(c);
	c->over = !c->del->pending;
}

static void basic02(struct cases *c)
{
	struct reactions r = react(c);
	bool given = c->zone->len == 1 || tree_undelegated(c->tree);

	if (!c->del->del.v.n) {
		/* Where nothing could be asked for one, nothing is known of it. */
		if (!given && !descended(c))
			return;
		tell_no_delegation(c, given);
		return;
	}
	if (r.of[AUTH].n) {
		cases_name(c, cases_emit_heard(c, TAG_B02_AUTH_RESPONSE_SOA, &r.of[AUTH]), "domain",
			c->zone);
		return;
	}
	if (c->del->del_ips.n && !r.all.n)
		return;
	tell_not_working(c, &r);
	c->over = !r.pending && !c->del->pending;
}

/* Whether basic02 ran and found a working server. */
static bool works(const struct cases *c)
{
	bool ran = !c->plan->cases.n;

	for (size_t i = 0; i < c->plan->cases.n; i++)
		ran |= strcasecmp(c->plan->cases.v[i], "basic02") == 0;
	return ran && !c->over;
}

static void basic03(struct cases *c)
{
	struct heard with = { 0 }, without = { 0 }, silent = { 0 };
	struct name www;
	struct finding *x;

	if (works(c) || name_prepend(c->zone, "www", &www) < 0)
		return;
	vec_each (const struct server, s, c->del->del_ips) {
		const struct entry *e =
			cases_ask(c, s, &(struct cases_q){ .type = RR_A, .name = &www });

		if (e->msg && tree_answers(e->msg, &www, RR_A))
			vec_push(c->arena, &with, e);
		else if (e->msg)
			vec_push(c->arena, &without, e);
		else if (e->state == ENTRY_SILENT)
			vec_push(c->arena, &silent, e);
	}
	x = cases_emit_heard(c, TAG_HAS_A_RECORDS, &with);
	if (x)
		cases_name(c, x, "domain", &www);
	x = cases_emit_heard(c, TAG_NO_A_RECORDS, &without);
	if (x)
		cases_name(c, x, "domain", &www);
	if (!with.n && !without.n)
		cases_emit_heard(c, TAG_A_QUERY_NO_RESPONSES, &silent);
}

static const struct tree_case cases[] = {
	{ "basic01", "the parent zone, and a delegation in it", basic01 },
	{ "basic02", "a server that serves the zone", basic02 },
	{ "basic03", "addresses for the web where no server serves the zone", basic03 },
};

const struct case_module case_basic = { "basic", cases, ARRAY_LEN(cases) };
