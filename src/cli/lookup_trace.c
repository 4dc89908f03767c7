/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lookup +trace: from the root's servers down, each referral shown as it came. */
#include "cli/lookup_run.h"

#include <string.h>

#include "base/err.h"
#include "dns/name.h"
#include "dns/rr.h"

enum { MAX_STEPS = 32, MAX_SERVERS = 64 }; /* hostile referrals must end */

struct trace {
	struct lookup_run *r;
	const struct lookup_target *t; /* the question; its servers are the resolvers */
	struct lookup_servers next;
};

static bool family_allowed(const struct trace *tr, const struct addr *a)
{
	const struct digargs *args = tr->r->args;

	return !(args->v4 && a->family != ADDR_V4) && !(args->v6 && a->family != ADDR_V6) &&
	       (args->source.family == ADDR_NONE || args->source.family == a->family);
}

/* Adds the addresses that m has for the name in section. */
static void add_addresses(
	struct trace *tr, const struct msg *m, const struct name *ns, enum msg_section section)
{
	char text[NAME_TEXT];

	for (size_t i = 0; i < m->nrrs && tr->next.n < MAX_SERVERS; i++) {
		const struct rr *rr = &m->rrs[i];
		struct addr a = { .port = tr->r->port };

		if (rr->section != section || !name_equal(rr->owner, ns))
			continue;
		if (rr->type == RR_A && rr->rdlength == 4)
			a.family = ADDR_V4;
		else if (rr->type == RR_AAAA && rr->rdlength == 16)
			a.family = ADDR_V6;
		else
			continue;
		memcpy(a.ip, rr->rdata, rr->rdlength);
		if (!family_allowed(tr, &a))
			continue;
		name_text(ns, text);
		text[strlen(text) - 1] = '\0';
		vec_push(tr->r->arena, &tr->next,
			(struct lookup_server){ a, arena_str(tr->r->arena, text) });
	}
}

/* Asks the resolvers for the addresses of a name server without glue. */
static void resolve(struct trace *tr, const struct name *ns)
{
	static const uint16_t types[] = { RR_A, RR_AAAA };
	struct lookup_target t = *tr->t;
	struct digargs_lookup settings = *tr->t->settings;
	size_t before = tr->next.n;

	settings.rd = true;
	settings.dnssec = false;
	t.settings = &settings;
	t.question.name = ns;
	t.shape = lookup_shape(tr->r, &settings, &t.question);
	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		struct lookup_result result;
		struct name end;

		t.question.type = types[i];
		result = lookup_ask(tr->r, &t);
		if (!result.last || !observation_answered(result.last))
			continue;
		end = msg_chain_end(result.last->msg, &t.question);
		add_addresses(tr, result.last->msg, &end, MSG_ANSWER);
	}
	if (tr->next.n == before) {
		buf_str(&tr->r->out, "couldn't get address for '");
		dig_name(ns, &tr->r->out);
		buf_str(&tr->r->out, "': not found\n");
	}
}

/* The servers that the NS records of section name; *ret_zone is what they serve. */
static void collect(struct trace *tr, const struct msg *m, enum msg_section section,
	const struct name **ret_zone)
{
	struct arena *a = tr->r->arena;
	struct VEC(struct name) bare = { 0 };

	tr->next = (struct lookup_servers){ 0 };
	for (size_t i = 0; i < m->nrrs; i++) {
		const struct rr *rr = &m->rrs[i];
		struct name ns;
		size_t before = tr->next.n;

		if (rr->section != section || rr->type != RR_NS || msg_rdata_name(m, rr, &ns, NULL))
			continue;
		*ret_zone = rr->owner;
		add_addresses(tr, m, &ns, MSG_ADDITIONAL);
		if (tr->next.n == before)
			vec_push(a, &bare, ns);
	}
	/* Glue will do; names without it are looked up when there is none at all. */
	for (size_t i = 0; i < bare.n; i++)
		if (!tr->next.n || section == MSG_ANSWER)
			resolve(tr, name_keep(a, &bare.v[i]));
	rng_shuffle(&tr->r->rng, tr->next.v, tr->next.n, sizeof(*tr->next.v));
}

/* The resolvers' word on who the root's servers are; the exit code. */
static int root(struct trace *tr, const struct name **ret_zone)
{
	struct lookup_target t = *tr->t;
	struct digargs_lookup settings = *tr->t->settings;
	struct lookup_result result;
	int code;

	settings.rd = true;
	t.settings = &settings;
	t.question = (struct question){ &name_root, RR_NS, CLASS_IN };
	t.shape = lookup_shape(tr->r, &settings, &t.question);
	result = lookup_ask(tr->r, &t);
	if (result.last && observation_answered(result.last))
		collect(tr, result.last->msg, MSG_ANSWER, ret_zone);
	code = lookup_show(tr->r, &t, &result, !tr->next.n);
	return code || tr->next.n ? code : DIG_NO_REPLY;
}

/* One step down; *ret_more: the reply was a referral to servers that can be asked. */
static int step(struct trace *tr, const struct name **zone, bool *ret_more)
{
	struct lookup_servers servers = tr->next;
	struct lookup_target t = *tr->t;
	struct digargs_lookup settings = *tr->t->settings;
	struct lookup_result result;
	bool referral;
	int code;

	settings.rd = false;
	t.settings = &settings;
	t.shape = lookup_shape(tr->r, &settings, &t.question);
	t.servers = &servers;
	t.zone = *zone;
	result = lookup_ask(tr->r, &t);
	referral = result.last && observation_answered(result.last) &&
		   msg_meaning(result.last->msg, &t.question, *zone) == MEANS_REFERRAL;
	if (referral)
		collect(tr, result.last->msg, MSG_AUTHORITY, zone);
	*ret_more = referral && tr->next.n;
	code = lookup_show(tr->r, &t, &result, !*ret_more);
	/* A referral to servers that nobody can find is the end of the way, but no answer. */
	return referral && !*ret_more ? DIG_NO_REPLY : code;
}

int lookup_trace(struct lookup_run *r, const struct lookup_target *t)
{
	struct trace tr = { .r = r, .t = t };
	const struct name *zone = &name_root;
	int code = root(&tr, &zone);
	bool more = true;

	for (int i = 0; i < MAX_STEPS && !code && more; i++)
		code = step(&tr, &zone, &more);
	return code;
}
