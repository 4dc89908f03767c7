/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks of why the user's resolver fails where its question, put directly, is answered. */
#include <string.h>

#include "base/err.h"
#include "check/check_resolver.h"
#include "dns/rr.h"

/* What looks the same and cannot be told from here: a trust anchor of the resolver's own. */
#define LACKS_SURE 0.9
/* What looks the same: a rule of the resolver's for this name. */
#define REMEMBERS_SURE 0.8
/* A failure that came at once and went by itself. */
#define RECOVERED_SURE 0.95

/* It stopped where such resolvers stop; it is such a resolver; it may be one. */
#define LIMIT_SEEN  0.97
#define LIMIT_SURE  0.9
#define LIMIT_GUESS 0.7

#define ALIASES	 "aliases in a chain"
#define NAMELESS "names of servers without address"

/* µs: without asking anybody; well under the patience of any resolver. */
enum { AT_ONCE = 200000, SOON = 1400000 };

/* The resolver says SERVFAIL, and did so again when it was asked again. */
static bool fails(const struct resolver_result *r)
{
	return r->meaning == MEANS_SERVFAIL &&
	       (!r->repeat.seen || r->repeat.meaning == MEANS_SERVFAIL);
}

/* The zone's servers, asked from here, all say the same, and a lookup can end with it. */
static bool servers_well(const struct check_input *in)
{
	const struct cut_tree *t = in->inferences->tree;

	return t && t->last >= 0 && t->consistent && resolver_settles(t->meaning);
}

/*
 * With CD it answers, it does validate, and the zone is not known to be unsigned: then signatures
 * are the matter.
 */
static bool of_validation(const struct check_input *in)
{
	const struct resolver_result *r = &in->inferences->resolver;
	const struct chains *chains = &in->inferences->chains;

	return resolver_settles(r->unchecked.meaning) && r->elsewhere.authentic && chains->n &&
	       chains->v[0]->security != SECURITY_INSECURE;
}

/* validator-lacks-algorithm -------------------------------------------------------------------- */

/*
 * Algorithms that a validator may know by name while its cryptography refuses them, for which zones
 * are then bogus to it instead of unsigned (RFC 4035 5.2).
 */
static const struct lagging {
	uint8_t algorithm;
	const char *name, *why;
} lagging[] = {
	{ 5, "RSASHA1", "policies of systems disable SHA-1" },
	{ 7, "RSASHA1-NSEC3-SHA1", "policies of systems disable SHA-1" },
	{ 15, "ED25519", "cryptography in FIPS mode may lack it" },
	{ 16, "ED448", "cryptography in FIPS mode may lack it" },
};

static const struct lagging *lagging_of(uint8_t algorithm)
{
	for (size_t i = 0; i < ARRAY_LEN(lagging); i++)
		if (lagging[i].algorithm == algorithm)
			return &lagging[i];
	return NULL;
}

/* All keys that the zone is trusted by have such an algorithm; NULL: one has another. */
static const struct lagging *rests_on(const struct chain_zone *z)
{
	const struct lagging *found = NULL;

	if (z->security != SECURITY_SECURE)
		return NULL;
	vec_each (const struct dnskey, key, z->keys) {
		found = lagging_of(key->algorithm);
		if (!found)
			return NULL;
	}
	return found;
}

static bool secure(const struct chain *first)
{
	for (const struct chain *c = first; c; c = c->next)
		if (c->pending || c->uneven || c->security != SECURITY_SECURE)
			return false;
	return first != NULL;
}

static const struct chain_zone *lagging_zone(const struct chain *first)
{
	for (const struct chain *c = first; c; c = c->next)
		vec_each (const struct chain_zone, z, c->zones)
			if (rests_on(z))
				return z;
	return NULL;
}

/* The root, whose data the resolver did validate, has another algorithm. */
static bool controlled(const struct resolver_result *r, const struct chain *c)
{
	return r->elsewhere.authentic && c->zones.n && c->zones.v[0].keys.n &&
	       !lagging_of(c->zones.v[0].keys.v[0].algorithm);
}

static void validator_lacks_algorithm(const struct check_input *in, struct findings *f)
{
	const struct resolver_result *r = &in->inferences->resolver;
	const struct chains *chains = &in->inferences->chains;
	const struct chain *c = chains->n ? chains->v[0] : NULL;
	const struct chain_zone *z;
	struct finding *x;

	if (!fails(r) || !resolver_settles(r->unchecked.meaning) || !secure(c) || !controlled(r, c))
		return;
	z = lagging_zone(c);
	if (!z)
		return;
	x = check_resolver_about(in, f, "validator-lacks-algorithm", SEV_ERROR);
	x->subject = z->apex;
	x->confidence = LACKS_SURE;
	x->effect = EFFECT_EXPLAINS;
	finding_int(f, x, "algorithm", rests_on(z)->algorithm);
	finding_text(f, x, "mnemonic", rests_on(z)->name);
	finding_text(f, x, "reason", rests_on(z)->why);
	finding_int(f, x, "other", c->zones.v[0].keys.v[0].algorithm);
	check_resolver_shown(in, f, (struct check_resolver_told){ x, r->repeat.seen });
	check_resolver_shown(in, f, (struct check_resolver_told){ x, r->unchecked.seen });
	check_resolver_shown(in, f, (struct check_resolver_told){ x, r->elsewhere.seen });
}

/* resolver-limit ------------------------------------------------------------------------------- */

/* What there is of something that resolvers have a limit for. */
static size_t aliases(const struct cut_tree *t)
{
	return t->aliases;
}

/* Names of servers, on the parent's list, that lead to no address though they were looked up. */
static size_t nameless(const struct cut_tree *t)
{
	size_t n = 0;

	vec_each (const struct cut_ns, ns, t->zones.v[t->last].ns)
		n += ns->in_parent && ns->resolved && !ns->glue.n && !ns->addrs.n;
	return n;
}

/*
 * What a make bears in one lookup, as measured in the lab (BIND 9.18.49, Unbound 1.17.1, PowerDNS
 * Recursor 4.8.8, Knot Resolver 5.6.0): a chain that is longer always fails, with more names that
 * lead nowhere BIND fails always and others at times, since they choose among the names.
 */
static const struct limit_row {
	const char *software; /* NULL: a make that is not known */
	const char *what;
	size_t (*count)(const struct cut_tree *t);
	size_t most;
	const char *setting; /* NULL: none */
	bool lasting;	     /* what was looked up is not remembered for the next try */
} limit_rows[] = {
	{ "bind", ALIASES, aliases, 11, "max-query-restarts", true },
	{ "unbound", ALIASES, aliases, 11, NULL, true },
	{ "pdns-recursor", ALIASES, aliases, 11, NULL, true },
	{ "knot-resolver", ALIASES, aliases, 12, NULL, true },
	{ NULL, ALIASES, aliases, 11, NULL, true },
	{ "bind", NAMELESS, nameless, 4, NULL, false },
	{ "unbound", NAMELESS, nameless, 5, NULL, false },
	{ "pdns-recursor", NAMELESS, nameless, 10, "max-ns-address-qperq", false },
	{ "knot-resolver", NAMELESS, nameless, 3, NULL, false },
	{ NULL, NAMELESS, nameless, 5, NULL, false },
};

static const char *software(const struct check_input *in)
{
	const struct audit *a = in->inferences->pools.audit;

	return a ? a->software : NULL;
}

static bool is_of(const struct limit_row *row, const char *make)
{
	return make ? row->software && strcmp(row->software, make) == 0 : !row->software;
}

/* The first limit that this lookup is beyond. */
static const struct limit_row *beyond(const struct check_input *in)
{
	const struct resolver_result *r = &in->inferences->resolver;

	for (size_t i = 0; i < ARRAY_LEN(limit_rows); i++) {
		const struct limit_row *row = &limit_rows[i];

		if (is_of(row, software(in)) && row->count(in->inferences->tree) > row->most &&
			(!row->lasting || r->repeat.meaning == MEANS_SERVFAIL))
			return row;
	}
	return NULL;
}

/* Some give, with their SERVFAIL, the aliases up to where they gave up. */
static size_t followed(const struct resolver_result *r)
{
	return msg_count(r->seen->msg, (struct rr_wanted){ MSG_ANSWER, RR_CNAME, NULL });
}

static void tell_limit(struct findings *f, struct finding *x, const struct check_input *in,
	const struct limit_row *row)
{
	const struct resolver_result *r = &in->inferences->resolver;
	size_t given = followed(r);

	x->effect = EFFECT_EXPLAINS;
	finding_int(f, x, "count", row->count(in->inferences->tree));
	finding_text(f, x, "what", row->what);
	/* The walk, too, ends somewhere. */
	if (row->count == aliases && in->inferences->tree->meaning == MEANS_ALIAS)
		finding_text(f, x, "more", "more follow");
	finding_int(f, x, "limit", row->most);
	if (row->software)
		finding_text(f, x, "software", row->software);
	if (row->setting)
		finding_text(f, x, "setting", row->setting);
	if (row->count == aliases && given)
		finding_int(f, x, "followed", given);
	x->confidence = row->count == aliases && given >= row->most ? LIMIT_SEEN
			: row->software				    ? LIMIT_SURE
								    : LIMIT_GUESS;
}

static void resolver_limit(const struct check_input *in, struct findings *f)
{
	const struct resolver_result *r = &in->inferences->resolver;
	const struct limit_row *row;
	struct finding *x;

	if (r->meaning != MEANS_SERVFAIL || r->took > SOON || !servers_well(in) ||
		of_validation(in) || check_resolver_explained(f))
		return;
	row = beyond(in);
	if (!row)
		return;
	x = check_resolver_about(in, f, "resolver-limit", SEV_ERROR);
	tell_limit(f, x, in, row);
	check_resolver_shown(in, f, (struct check_resolver_told){ x, r->repeat.seen });
}

/* resolver-remembers --------------------------------------------------------------------------- */

/* So soon that nobody was asked. */
static bool at_once(const struct observation *seen, uint64_t took)
{
	return seen && seen->msg && took <= AT_ONCE;
}

/*
 * Either it answers again at the end of the run, or it still fails, at once, for this name alone:
 * another one of the zone, for which it has to ask the same servers, it answers.
 */
static bool remembers(const struct resolver_result *r)
{
	if (r->meaning != MEANS_SERVFAIL || !at_once(r->seen, r->took))
		return false;
	if (resolver_settles(r->repeat.meaning))
		return true;
	return r->repeat.meaning == MEANS_SERVFAIL && at_once(r->repeat.seen, r->repeat.took) &&
	       resolver_settles(r->fresh.meaning);
}

static void resolver_remembers(const struct check_input *in, struct findings *f)
{
	const struct resolver_result *r = &in->inferences->resolver;
	bool recovered = resolver_settles(r->repeat.meaning);
	struct finding *x;

	if (!remembers(r) || !servers_well(in) || of_validation(in) || check_resolver_explained(f))
		return;
	/* A first try that is much work may fail, and leave its work for the next. */
	if (nameless(in->inferences->tree))
		return;
	x = check_resolver_about(in, f, "resolver-remembers", SEV_WARNING);
	x->confidence = recovered ? RECOVERED_SURE : REMEMBERS_SURE;
	finding_text(
		f, x, recovered ? "recovered" : "still", recovered ? "answers" : "still fails");
	finding_detail(f, x,
		(struct detail){ .key = "after",
			.kind = DETAIL_DURATION,
			.integer = (int64_t)(r->repeat.seen->sent - r->seen->sent) });
	if (resolver_settles(r->fresh.meaning))
		finding_text(f, x, "fresh", "another name of the zone at once");
	check_resolver_shown(in, f, (struct check_resolver_told){ x, r->repeat.seen });
	check_resolver_shown(in, f, (struct check_resolver_told){ x, r->fresh.seen });
}

static const struct check rows[] = {
	{ "validator-lacks-algorithm", validator_lacks_algorithm },
	{ "resolver-limit", resolver_limit },
	{ "resolver-remembers", resolver_remembers },
};

const struct family family_resolver_why = { "resolver_why", rows, ARRAY_LEN(rows) };
