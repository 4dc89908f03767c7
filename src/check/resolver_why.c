/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks of why the user's resolver fails where its question, put directly, is answered. */
#include "base/err.h"
#include "check/check_resolver.h"

/* What looks the same and cannot be told from here: a trust anchor of the resolver's own. */
#define LACKS_SURE 0.9
/* What looks the same: a rule of the resolver's for this name. */
#define REMEMBERS_SURE 0.8
/* A failure that came at once and went by itself. */
#define RECOVERED_SURE 0.95

enum { AT_ONCE = 200000 }; /* µs */

/* The resolver says SERVFAIL, and did so again when it was asked again. */
static bool fails(const struct resolver_result *r)
{
	return r->meaning == MEANS_SERVFAIL &&
	       (!r->repeat.seen || r->repeat.meaning == MEANS_SERVFAIL);
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

/* resolver-remembers --------------------------------------------------------------------------- */

/* The zone's servers, asked from here, all say the same, and a lookup can end with it. */
static bool servers_well(const struct check_input *in)
{
	const struct cut_tree *t = in->inferences->tree;

	return t && t->last >= 0 && t->consistent && resolver_settles(t->meaning);
}

/* So soon that nobody was asked. */
static bool at_once(const struct observation *seen, uint64_t took)
{
	return seen && seen->msg && took <= AT_ONCE;
}

/* With CD it answers, and there are signatures: then these are the matter. */
static bool of_validation(const struct check_input *in)
{
	const struct chains *chains = &in->inferences->chains;

	return resolver_settles(in->inferences->resolver.unchecked.meaning) && chains->n &&
	       chains->v[0]->security != SECURITY_INSECURE;
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
	{ "resolver-remembers", resolver_remembers },
};

const struct family family_resolver_why = { "resolver_why", rows, ARRAY_LEN(rows) };
