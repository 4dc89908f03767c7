// SPDX-License-Identifier: GPL-3.0-or-later
// Family tree: what a check of the delegation tree shows beyond the tags of its test cases.
#include "base/err.h"
#include "check/check.h"
#include "infer/delegation.h"
#include "infer/mail.h"
#include "infer/resolve.h"

struct texts VEC(const char *);

/* A list of names that share a fault. */
struct named {
	const struct check_input *in;
	struct findings *f;
	struct texts names;
	const struct entry *shown; /* NULL: nothing in particular */
};

static void add_name(struct named *n, const struct name *name)
{
	char text[NAME_TEXT];

	vec_push(n->f->arena, &n->names, arena_str(n->f->arena, name_text(name, text)));
}

/* Nobody who comes from the parent finds a server: lookups fail; else they are slow at best. */
static bool unreachable(const struct delegation *d)
{
	return !d->del_ips.n;
}

static struct finding *emit(struct named *n, const char *id)
{
	const struct delegation *d = delegation(n->in->inferences->pass);
	struct finding *x;

	if (!n->names.n)
		return NULL;
	x = findings_add(n->f, id, unreachable(d) ? SEV_ERROR : SEV_WARNING, WHERE_ZONE);
	x->subject = n->in->facts->tree->zone;
	x->effect = unreachable(d) ? EFFECT_EXPLAINS : EFFECT_INTERMITTENT;
	finding_detail(n->f, x,
		(struct detail){ .key = "ns",
			.kind = DETAIL_TEXTS,
			.texts = n->names.v,
			.ntexts = n->names.n });
	if (n->shown && n->shown->index != SIZE_MAX) {
		finding_server(n->f, x, &n->shown->server);
		finding_evidence(n->f, x, n->shown->index);
	}
	return x;
}

/* Whoever asks for single test cases gets these alone. */
static bool wanted(const struct tree *t)
{
	return t && !t->plan->cases.n;
}

/* Names of servers inside the zone whose address the parent does not give (RFC 9471 2). */
static void missing_glue(const struct check_input *in, struct findings *f)
{
	struct named n = { in, f, { 0 }, NULL };
	struct tree *t = in->inferences->pass;

	if (!wanted(t) || tree_undelegated(t) || t->plan->lookup.name)
		return; /* for a look-up the family zone tells it */
	n.shown = delegation(t)->referral;
	vec_each (const struct ns_entry, ns, delegation(t)->del.v)
		if (n.shown && ns->in_bailiwick && !ns->glue.n)
			add_name(&n, ns->name);
	emit(&n, "missing-glue");
}

/*
 * Names of servers that could only be looked up by asking servers that are looked for: two zones,
 * or more, whose servers all have names in each other, without glue.
 */
static void delegation_loop(const struct check_input *in, struct findings *f)
{
	struct named n = { in, f, { 0 }, NULL };
	struct tree *t = in->inferences->pass;

	if (!wanted(t))
		return;
	n.shown = delegation(t)->referral;
	vec_each (const struct ns_entry, ns, delegation(t)->del.v) {
		const struct resolved_addrs *r;

		if (ns->in_bailiwick || ns->addrs.n)
			continue;
		r = resolve_addrs(t, ns->name);
		if (r->v4 == RESOLVE_LOOP && r->v6 == RESOLVE_LOOP)
			add_name(&n, ns->name);
	}
	emit(&n, "delegation-loop");
}

/* Names of MX records that lead to no address: mail for them cannot be delivered (RFC 5321 5.1). */
static void mx_without_address(const struct check_input *in, struct findings *f)
{
	struct named n = { in, f, { 0 }, NULL };
	struct tree *t = in->inferences->pass;
	const struct name *domain = t ? mail_planned(t) : NULL;
	struct finding *x;
	struct mail mail;

	/* Where mail is what was asked about, the family mail tells it. */
	if (!domain || t->plan->mail)
		return;
	mail = mail_of(t, domain);
	vec_each (const struct mail_exchange, one, mail.exchanges)
		if (mail_addressless(one))
			add_name(&n, one->name);
	n.shown = mail.entry;
	x = emit(&n, "mx-without-address");
	if (!x)
		return;
	x->subject = domain;
	x->severity = n.names.n == mail.exchanges.n ? SEV_ERROR : SEV_WARNING;
	x->effect = n.names.n == mail.exchanges.n ? EFFECT_EXPLAINS : EFFECT_INTERMITTENT;
}

static const struct check checks[] = {
	{ "missing-glue", missing_glue },
	{ "delegation-loop", delegation_loop },
	{ "mx-without-address", mx_without_address },
};

const struct family family_tree = { "tree", checks, ARRAY_LEN(checks) };
