/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Digests of keys and signatures by keys, by libdnssec; each signature is worked out once. */
#include <gnutls/crypto.h>
#include <libdnssec/error.h>
#include <libdnssec/key.h>
#include <libdnssec/sign.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "dns/dnssec_inner.h"
#include "dns/rr.h"

/* IANA "DNS Security Algorithm Numbers". */
static const struct {
	uint8_t algorithm;
	bool verify;
	const char *name;
} algorithms[] = {
	{ 1, false, "RSAMD5" },
	{ 2, false, "DH" },
	{ 3, false, "DSA" },
	{ 5, true, "RSASHA1" },
	{ 6, false, "DSA-NSEC3-SHA1" },
	{ 7, true, "RSASHA1-NSEC3-SHA1" },
	{ 8, true, "RSASHA256" },
	{ 10, true, "RSASHA512" },
	{ 12, false, "ECC-GOST" },
	{ 13, true, "ECDSAP256SHA256" },
	{ 14, true, "ECDSAP384SHA384" },
	{ 15, true, "ED25519" },
	{ 16, true, "ED448" },
	{ 17, false, "SM2SM3" },
	{ 23, false, "ECC-GOST12" },
	{ 252, false, "INDIRECT" },
	{ 253, false, "PRIVATEDNS" },
	{ 254, false, "PRIVATEOID" },
};

bool dnssec_algorithm_known(uint8_t algorithm)
{
	for (size_t i = 0; i < ARRAY_LEN(algorithms); i++)
		if (algorithms[i].algorithm == algorithm)
			/* The system's policy may forbid what the library knows. */
			return algorithms[i].verify && dnssec_algorithm_key_support(algorithm);
	return false;
}

const char *dnssec_algorithm_name(uint8_t algorithm)
{
	for (size_t i = 0; i < ARRAY_LEN(algorithms); i++)
		if (algorithms[i].algorithm == algorithm)
			return algorithms[i].name;
	return NULL;
}

/* Digests -------------------------------------------------------------------------------------- */

enum { DIGEST_MOST = 48 };

/* IANA "DNSSEC Delegation Signer (DS) Resource Record (RR) Type Digest Algorithms". */
static const struct digest {
	uint8_t type, octets;
	gnutls_digest_algorithm_t gnutls; /* GNUTLS_DIG_NULL: unknown to us */
	const char *name;
} digests[] = {
	{ 1, DNSSEC_KEY_DIGEST_LEN_SHA1, GNUTLS_DIG_SHA1, "SHA-1" },
	{ 2, DNSSEC_KEY_DIGEST_LEN_SHA256, GNUTLS_DIG_SHA256, "SHA-256" },
	{ 3, 32, GNUTLS_DIG_NULL, "GOST R 34.11-94" },
	{ 4, DNSSEC_KEY_DIGEST_LEN_SHA384, GNUTLS_DIG_SHA384, "SHA-384" },
	{ 5, 32, GNUTLS_DIG_NULL, "GOST R 34.11-2012" },
	{ 6, 32, GNUTLS_DIG_NULL, "SM3" },
};

static const struct digest *digest_find(uint8_t type)
{
	for (size_t i = 0; i < ARRAY_LEN(digests); i++)
		if (digests[i].type == type)
			return &digests[i];
	return NULL;
}

bool dnssec_digest_known(uint8_t digest_type)
{
	const struct digest *d = digest_find(digest_type);

	return d && d->gnutls != GNUTLS_DIG_NULL;
}

bool ds_usable(const struct ds *ds)
{
	return dnssec_algorithm_known(ds->algorithm) && dnssec_digest_known(ds->digest_type);
}

const char *dnssec_digest_name(uint8_t digest_type)
{
	const struct digest *d = digest_find(digest_type);

	return d ? d->name : NULL;
}

/* RFC 4034 5.1.4: the owner in canonical form, then the key's rdata. */
int ds_matches(const struct ds *ds, const struct name *owner, const struct dnskey *key)
{
	const struct digest *d = digest_find(ds->digest_type);
	struct name lower = name_lower(owner);
	uint8_t digest[DIGEST_MOST];
	struct arena *a;
	struct buf b;
	bool same;

	if (!d || d->gnutls == GNUTLS_DIG_NULL)
		return -ERR_NONE;
	if (ds->tag != key->tag || ds->algorithm != key->algorithm || ds->digest.n != d->octets)
		return -ERR_PARSE;
	a = arena_new();
	b = (struct buf){ .arena = a };
	buf_put(&b, lower.wire, lower.len);
	buf_put(&b, key->rdata.p, key->rdata.n);
	same = gnutls_hash_fast(d->gnutls, b.p, b.n, digest) == 0 &&
	       !memcmp(digest, ds->digest.p, d->octets);
	arena_free(a);
	return same ? 0 : -ERR_PARSE;
}

/* Signatures ----------------------------------------------------------------------------------- */

enum {
	RSA_BITS_MOST = 4096, /* RFC 5702 2 */
	EXPONENT_BITS_MOST = 64,
	RRSIG_FIXED = 18,
	PROTOCOL_DNSSEC = 3, /* RFC 4034 2.1.2 */
};

static bool odd(struct span number)
{
	return number.p[number.n - 1] & 1U;
}

/* The key's form, and that it costs only so much time. */
static bool key_bearable(const struct dnskey *k)
{
	struct span exponent, modulus;

	if (k->protocol != PROTOCOL_DNSSEC || !k->bits)
		return false;
	if (!dnskey_rsa(k, &exponent, &modulus))
		return true;
	return k->bits <= RSA_BITS_MOST && odd(modulus) && odd(exponent) &&
	       dnskey_number_bits(exponent) > 1 &&
	       dnskey_number_bits(exponent) <= EXPONENT_BITS_MOST;
}

/* The name whose records were signed (RFC 4035 5.3.2); false when the labels make no sense. */
static bool signed_owner(const struct sig_check *c, const struct rrsig *s, struct name *ret)
{
	const struct name *owner = c->set->owner;
	unsigned int labels = name_labels(owner);
	bool star = owner->wire[0] == 1 && owner->wire[1] == '*';
	struct name n = name_lower(owner);

	/* RFC 4034 3.1.3: the asterisk is not counted. */
	if (s->labels > labels - star || s->labels < name_labels(c->zone) ||
		!name_under(owner, c->zone))
		return false;
	if (s->labels < labels) {
		struct name base = name_suffix(&n, s->labels);

		if (name_prepend(&base, "*", &n))
			return false;
	}
	*ret = n;
	return true;
}

bool rrsig_expanded(const struct rrsig *s, const struct name *owner)
{
	bool star = owner->wire[0] == 1 && owner->wire[1] == '*';

	return s->labels < name_labels(owner) - star;
}

/* RFC 4034 3.1.8.1. */
static void put_signed(
	struct buf *b, const struct sig_check *c, const struct rrsig *s, const struct name *owner)
{
	struct name signer = name_lower(&s->signer);

	buf_put(b, c->rrsig->rdata, RRSIG_FIXED);
	buf_put(b, signer.wire, signer.len);
	vec_each (const struct span, rdata, c->set->rdata) {
		buf_put(b, owner->wire, owner->len);
		buf_u16(b, c->set->type);
		buf_u16(b, CLASS_IN);
		buf_u32(b, s->original_ttl);
		buf_u16(b, (uint16_t)rdata->n);
		buf_put(b, rdata->p, rdata->n);
	}
}

/* RFC 8032 5.2.7: S is below 2^446, so its last octet is 0, which the library does not look at. */
static bool signature_bearable(struct span signature, const struct dnskey *k)
{
	return k->algorithm != DNSSEC_KEY_ALGORITHM_ED448 || !signature.p[signature.n - 1];
}

static enum sig_result compute(struct span data, struct span signature, const struct dnskey *k)
{
	/* The library's type knows no const; it only reads. */
	dnssec_binary_t rdata = { k->rdata.n, (uint8_t *)k->rdata.p };
	dnssec_binary_t in = { data.n, (uint8_t *)data.p };
	dnssec_binary_t sig = { signature.n, (uint8_t *)signature.p };
	enum sig_result ret = SIG_MALFORMED;
	dnssec_sign_ctx_t *ctx = NULL;
	dnssec_key_t *key = NULL;

	if (!signature_bearable(signature, k))
		return SIG_WRONG;
	if (dnssec_key_new(&key) != DNSSEC_EOK)
		err_no_memory();
	if (dnssec_key_set_rdata(key, &rdata) == DNSSEC_EOK &&
		dnssec_sign_new(&ctx, key) == DNSSEC_EOK && dnssec_sign_add(ctx, &in) == DNSSEC_EOK)
		ret = dnssec_sign_verify(ctx, false, &sig) == DNSSEC_EOK ? SIG_VALID : SIG_WRONG;
	dnssec_sign_free(ctx);
	dnssec_key_free(key);
	return ret;
}

/* b holds the signed data; signature and key are put behind them, to make them one hash. */
static enum sig_result remembered(
	struct dnssec_memo *memo, struct buf *b, struct span signature, const struct dnskey *k)
{
	size_t n = b->n;
	uint8_t hash[MEMO_HASH];
	struct memo_result *known;

	/* With their lengths, which make it clear where each begins. */
	buf_put(b, signature.p, signature.n);
	buf_put(b, k->rdata.p, k->rdata.n);
	buf_u32(b, (uint32_t)signature.n);
	buf_u32(b, (uint32_t)k->rdata.n);
	if (!memo_spend(memo, b->n))
		return SIG_WRONG;
	if (gnutls_hash_fast(GNUTLS_DIG_SHA256, b->p, b->n, hash) != 0)
		return compute((struct span){ (const uint8_t *)b->p, n }, signature, k);
	known = memo_by_hash(memo, hash);
	if (known->used)
		return known->result;
	if (!memo_spend(memo, MEMO_SIGNATURE))
		return SIG_WRONG;
	memo_add(memo, known);
	known->result = compute((struct span){ (const uint8_t *)b->p, n }, signature, k);
	return known->result;
}

/* Messages do not change, so what was worked out of the same records need not be put together. */
static enum sig_result recall(
	const struct sig_check *c, const struct rrsig *s, const struct name *owner)
{
	const struct memo_place place = { c->rrsig, c->key->rdata.p, c->set->rrs.n };
	struct memo_result *known = memo_by_place(c->memo, &place);
	struct arena *a;
	struct buf b;

	if (known->used)
		return known->result;
	a = arena_new();
	b = (struct buf){ .arena = a };
	put_signed(&b, c, s, owner);
	known->used = true;
	known->result = remembered(c->memo, &b, s->signature, c->key);
	arena_free(a);
	return known->result;
}

static enum sig_result verify_data(const struct sig_check *c, const struct rrsig *s)
{
	enum sig_result ret;
	struct name owner;
	struct arena *a;
	struct buf b;

	if (!signed_owner(c, s, &owner))
		return SIG_MALFORMED;
	if (c->memo)
		return recall(c, s, &owner);
	a = arena_new();
	b = (struct buf){ .arena = a };
	put_signed(&b, c, s, &owner);
	ret = compute(buf_span(&b), s->signature, c->key);
	arena_free(a);
	return ret;
}

/* RFC 4034 3.1.5: both ends belong to the time in which it is valid. */
static enum sig_result verify_time(const struct rrsig *s, int64_t now)
{
	if (rrsig_time(s->expiration, now) < now)
		return SIG_EXPIRED;
	return rrsig_time(s->inception, now) > now ? SIG_NOT_YET : SIG_VALID;
}

enum sig_result sig_verify(const struct sig_check *c)
{
	enum sig_result ret;
	struct rrsig s;

	if (!c->set->rrs.n || rrsig_read(c->set->msg, c->rrsig, &s) || s.covered != c->set->type)
		return SIG_MALFORMED;
	if (s.tag != c->key->tag || s.algorithm != c->key->algorithm ||
		!name_equal(&s.signer, c->zone))
		return SIG_OTHER_KEY;
	if (!dnssec_algorithm_known(s.algorithm))
		return SIG_UNKNOWN;
	if (!key_bearable(c->key))
		return SIG_MALFORMED;
	ret = verify_data(c, &s);
	return ret == SIG_VALID && c->now ? verify_time(&s, c->now) : ret;
}
