// SPDX-License-Identifier: GPL-3.0-or-later
// Family dnssec: where the chain of trust to the question breaks, on which servers.
#include <string.h>
#include <time.h>

#include "base/err.h"
#include "check/check.h"
#include "dns/rr.h"
#include "dns/text.h"

enum { HITS = 256 }; /* of one finding */

/* Servers of one zone that show the same break, in whatever they were asked. */
struct group {
	const struct name *subject;
	bool all;   /* everybody who answered some of it is bogus: lookups fail */
	bool whole; /* and that goes for the zone, not for the question only */
	bool bogus; /* else it is only unsigned for those who validate */
	struct VEC(const struct chain_server *) hits;
};

struct view {
	struct findings *f;
	enum chain_break why;
	struct VEC(struct group) groups;
};

/* A list of servers, and whose data they were asked for. */
struct asked {
	const struct chain_servers *servers;
	const struct name *zone;
	bool whole;
};

static struct group *group_get(struct view *v, const struct name *subject)
{
	vec_each (struct group, g, v->groups)
		if (name_equal(g->subject, subject))
			return g;
	vec_push(v->f->arena, &v->groups, (struct group){ .subject = subject });
	return &v->groups.v[v->groups.n - 1];
}

/* Nobody among them would do for a validator. */
static bool all_bogus(const struct chain_servers *list)
{
	vec_each (const struct chain_server, s, *list)
		if (s->security == SECURITY_SECURE || s->security == SECURITY_INSECURE)
			return false;
	return true;
}

static void look(struct view *v, const struct asked *a)
{
	vec_each (const struct chain_server, s, *a->servers) {
		struct group *g;

		if (s->why != v->why || s->security == SECURITY_INDETERMINATE)
			continue;
		g = group_get(v, a->zone);
		g->bogus |= s->security == SECURITY_BOGUS;
		g->all |= all_bogus(a->servers);
		g->whole |= a->whole;
		if (g->hits.n < HITS)
			vec_push(v->f->arena, &g->hits, s);
	}
}

/*
 * The parent's servers speak with the parent's signatures, but what DS records they have is about
 * the zone.
 */
static const struct name *parents_subject(const struct view *v, const struct chain *c, size_t i)
{
	bool own = v->why == BREAK_DS_MISMATCH || v->why == BREAK_ALGORITHM;

	return c->zones.v[own || !i ? i : i - 1].apex;
}

static void look_chain(struct view *v, const struct chain *c)
{
	for (size_t i = 0; i < c->zones.n; i++) {
		const struct chain_zone *z = &c->zones.v[i];

		look(v, &(struct asked){ &z->parents, parents_subject(v, c, i), true });
		look(v, &(struct asked){ &z->servers, z->apex, true });
	}
	if (c->zones.n)
		look(v, &(struct asked){ &c->answers, c->zones.v[c->zones.n - 1].apex, false });
}

static void put_types(struct view *v, struct finding *x, const struct group *g)
{
	struct VEC(const char *) types = { 0 };

	for (size_t i = 0; i < g->hits.n; i++) {
		char text[TEXT_MNEMONIC];
		bool again = false;

		for (size_t k = 0; k < i; k++)
			again |= g->hits.v[k]->type == g->hits.v[i]->type;
		if (!again)
			vec_push(v->f->arena, &types,
				arena_str(v->f->arena, text_type(g->hits.v[i]->type, text)));
	}
	finding_detail(v->f, x,
		(struct detail){ .key = "types",
			.kind = DETAIL_TEXTS,
			.texts = types.v,
			.ntexts = types.n });
}

static void put_evidence(struct view *v, struct finding *x, const struct entry *e)
{
	if (!e || e->index == SIZE_MAX)
		return;
	vec_each (const size_t, known, x->evidence)
		if (*known == e->index)
			return;
	finding_evidence(v->f, x, e->index);
}

static void put_servers(struct view *v, struct finding *x, const struct group *g)
{
	struct VEC(const char *) names = { 0 };

	for (size_t i = 0; i < g->hits.n; i++) {
		const struct chain_server *s = g->hits.v[i];
		char name[NAME_TEXT], addr[ADDR_TEXT];

		put_evidence(v, x, s->entry);
		if (finding_names(x, &s->server.addr))
			continue;
		finding_server(v->f, x, &s->server.addr);
		addr_text(&s->server.addr, addr);
		vec_push(v->f->arena, &names,
			s->server.ns ? arena_printf(v->f->arena, "%s/%s",
					       name_text(s->server.ns, name), addr)
				     : arena_str(v->f->arena, addr));
	}
	finding_detail(v->f, x,
		(struct detail){ .key = "nameservers",
			.kind = DETAIL_TEXTS,
			.texts = names.v,
			.ntexts = names.n });
}

/* Numbers of the first server; others may have other keys. */
static void put_numbers(struct view *v, struct finding *x, const struct chain_server *s)
{
	const char *mnemonic = dnssec_algorithm_name(s->algorithm);
	time_t since = (time_t)s->since;
	char text[32];
	struct tm tm;

	if (s->tag || s->algorithm) {
		finding_int(v->f, x, "keytag", s->tag);
		finding_int(v->f, x, "algo_num", s->algorithm);
	}
	if ((s->tag || s->algorithm) && mnemonic)
		finding_text(v->f, x, "algo_mnemo", mnemonic);
	if (s->iterations)
		finding_int(v->f, x, "int", s->iterations);
	if (s->since && gmtime_r(&since, &tm) &&
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm))
		finding_text(v->f, x, "time", arena_str(v->f->arena, text));
}

static enum severity severity_of(const struct group *g)
{
	if (!g->bogus)
		return SEV_NOTICE;
	if (!g->all)
		return SEV_WARNING;
	return g->whole ? SEV_CRITICAL : SEV_ERROR;
}

static enum effect effect_of(const struct group *g)
{
	if (!g->bogus)
		return EFFECT_COSMETIC;
	return g->all ? EFFECT_EXPLAINS : EFFECT_INTERMITTENT;
}

/* Zones above are on the way of an alias's target as well: what is told of them is told once. */
static void run(const struct check_input *in, struct findings *f, enum chain_break why)
{
	const char *id = arena_printf(f->arena, "dnssec-%s", chain_break_slug(why));
	struct view v = { .f = f, .why = why };

	for (size_t i = 0; i < in->inferences->chains.n; i++)
		for (const struct chain *c = in->inferences->chains.v[i]; c; c = c->next)
			look_chain(&v, c);
	vec_each (const struct group, g, v.groups) {
		struct finding *x = findings_add(f, id, severity_of(g), WHERE_ZONE);

		x->subject = g->subject;
		x->effect = effect_of(g);
		put_servers(&v, x, g);
		put_types(&v, x, g);
		put_numbers(&v, x, g->hits.v[0]);
	}
}

#define CHECK(name, why)                                                                           \
	static void name(const struct check_input *in, struct findings *f)                         \
	{                                                                                          \
		run(in, f, why);                                                                   \
	}
CHECK(expired, BREAK_EXPIRED)
CHECK(not_yet_valid, BREAK_NOT_YET_VALID)
CHECK(ds_mismatch, BREAK_DS_MISMATCH)
CHECK(missing_key, BREAK_MISSING_KEY)
CHECK(missing_signature, BREAK_MISSING_SIGNATURE)
CHECK(wrong_signature, BREAK_WRONG_SIGNATURE)
CHECK(broken_denial, BREAK_DENIAL)
CHECK(iterations, BREAK_ITERATIONS)
CHECK(algorithm_unsupported, BREAK_ALGORITHM)
CHECK(signer, BREAK_SIGNER)
#undef CHECK

static const struct check checks[] = {
	{ "dnssec-expired", expired },
	{ "dnssec-not-yet-valid", not_yet_valid },
	{ "dnssec-ds-mismatch", ds_mismatch },
	{ "dnssec-missing-key", missing_key },
	{ "dnssec-missing-signature", missing_signature },
	{ "dnssec-wrong-signature", wrong_signature },
	{ "dnssec-broken-denial", broken_denial },
	{ "dnssec-iterations", iterations },
	{ "dnssec-algorithm-unsupported", algorithm_unsupported },
	{ "dnssec-signer", signer },
};

const struct family family_dnssec = { "dnssec", checks, ARRAY_LEN(checks) };
