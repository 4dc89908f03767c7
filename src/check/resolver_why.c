/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks of why the user's resolver fails where its question, put directly, is answered. */
#include "base/err.h"
#include "check/check_resolver.h"

/* What looks the same and cannot be told from here: a trust anchor of the resolver's own. */
#define LACKS_SURE 0.9

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

static const struct check rows[] = {
	{ "validator-lacks-algorithm", validator_lacks_algorithm },
};

const struct family family_resolver_why = { "resolver_why", rows, ARRAY_LEN(rows) };
