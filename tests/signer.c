// SPDX-License-Identifier: GPL-3.0-or-later
// Keys, key sets and signatures of test zones (RFC 4034), by libdnssec.
#include "signer.h"

#include <assert.h>
#include <libdnssec/error.h>
#include <libdnssec/key.h>
#include <libdnssec/sign.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "dns/rr.h"
#include "dns/text.h"
#include "signer_inner.h"

enum { PROTOCOL = 3, HOUR = 3600, SPAN = 14, NOISE = 32, RRSIG_FIXED = 18, KEY_FIXED = 4 };

static const struct signer_key *key_of(const struct signer_plan *plan, unsigned int number)
{
	assert(number && number <= SIGNER_KEYS && plan->keys[number - 1].algorithm);
	return &plan->keys[number - 1];
}

/* The key with what signs by it; freed by the caller. */
static dnssec_key_t *load(const struct signer_key *key)
{
	const char *pem = signer_pems[key->pem];
	dnssec_binary_t data = { .size = strlen(pem), .data = (uint8_t *)pem };
	dnssec_key_t *ret = NULL;

	int err = dnssec_key_new(&ret);

	err = err ? err : dnssec_key_set_algorithm(ret, key->algorithm);
	err = err ? err : dnssec_key_set_flags(ret, key->flags);
	err = err ? err : dnssec_key_load_pkcs8(ret, &data);
	assert(err == DNSSEC_EOK);
	return ret;
}

static void put_hex(struct buf *b, struct span bytes)
{
	for (size_t i = 0; i < bytes.n; i++)
		buf_printf(b, "%02x", bytes.p[i]);
}

static void read_hex(struct buf *b, const char *hex)
{
	char two[3] = "";

	for (; *hex; hex += 2) {
		memcpy(two, hex, 2);
		buf_u8(b, (uint8_t)strtoul(two, NULL, 16));
	}
}

/* RFC 3110, with 65537 and a modulus that is as long as it has to be, but nothing else. */
static void put_rsa(struct buf *b, unsigned int bits)
{
	unsigned int octets = (bits + 7) / 8;

	read_hex(b, "03010001");
	buf_u8(b, (uint8_t)(1U << (bits + 7) % 8));
	for (unsigned int i = 1; i < octets; i++)
		buf_u8(b, (uint8_t)(i * 37 + 1));
}

struct span signer_key_rdata(struct arena *a, const struct signer_key *key)
{
	struct buf b = { .arena = a };
	dnssec_binary_t pub;
	dnssec_key_t *k;

	buf_u16(&b, key->flags);
	buf_u8(&b, key->protocol ? key->protocol : PROTOCOL);
	buf_u8(&b, key->algorithm);
	if (key->bits) {
		put_rsa(&b, key->bits);
	} else if (key->raw) {
		read_hex(&b, key->raw);
	} else {
		k = load(key);
		dnssec_key_get_pubkey(k, &pub);
		buf_put(&b, pub.data, pub.size);
		dnssec_key_free(k);
	}
	return buf_span(&b);
}

/* RFC 4034 appendix B. */
static uint16_t tag_of(struct span rdata)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < rdata.n; i++)
		sum += i % 2 ? rdata.p[i] : (uint32_t)rdata.p[i] << 8;
	return (uint16_t)(sum + (sum >> 16));
}

uint16_t signer_key_tag(const struct signer_plan *plan, unsigned int key)
{
	struct arena *a = arena_new();
	uint16_t tag = tag_of(signer_key_rdata(a, key_of(plan, key)));

	arena_free(a);
	return tag;
}

static struct name need_name(const char *text)
{
	struct name n;
	int err = name_parse(text, &n);

	assert(err == 0);
	return n;
}

static void put_digest(struct buf *b, const struct name *apex, const struct signer_ds *ds,
	const struct signer_key *key)
{
	struct span rdata = signer_key_rdata(b->arena, key);
	dnssec_binary_t bytes = { .size = rdata.n, .data = (uint8_t *)rdata.p }, digest = { 0 };
	dnssec_key_t *k = NULL;
	int err;

	if (ds->digest != 1 && ds->digest != 2 && ds->digest != 4) {
		for (int i = 0; i < NOISE; i++)
			buf_u8(b, (uint8_t)i);
		return;
	}
	err = dnssec_key_new(&k);
	err = err ? err : dnssec_key_set_dname(k, apex->wire);
	err = err ? err : dnssec_key_set_rdata(k, &bytes);
	err = err ? err : dnssec_key_create_ds(k, (dnssec_key_digest_t)ds->digest, &digest);
	assert(err == DNSSEC_EOK);
	buf_put(b, digest.data + KEY_FIXED, digest.size - KEY_FIXED);
	dnssec_binary_free(&digest);
	dnssec_key_free(k);
}

struct span signer_ds_rdata(struct arena *a, const char *apex, const struct signer_plan *plan,
	const struct signer_ds *ds)
{
	struct buf b = { .arena = a };
	struct name owner = need_name(apex);
	const struct signer_key *key;

	owner = name_lower(&owner);
	if (ds->nobody) {
		read_hex(&b, "0000000000");
		return buf_span(&b);
	}
	if (!ds->key)
		return (struct span){ NULL, 0 };
	key = key_of(plan, ds->key);
	buf_u16(&b, (uint16_t)(signer_key_tag(plan, ds->key) + ds->wrong_tag));
	buf_u8(&b, ds->algorithm ? ds->algorithm : key->algorithm);
	buf_u8(&b, ds->digest);
	put_digest(&b, &owner, ds, key);
	if (ds->wrong_digest)
		b.p[b.n - 1] = (char)(b.p[b.n - 1] ^ 1);
	return buf_span(&b);
}

static void put_line(struct buf *b, const struct sim_record *r)
{
	char type[TEXT_MNEMONIC];

	name_put(&r->owner, b);
	buf_printf(b, " %u %s \\# %zu ", r->ttl, text_type(r->type, type), r->rdata.n);
	put_hex(b, r->rdata);
	buf_char(b, '\n');
}

const char *signer_ds(struct arena *a, const char *apex, const struct signer_plan *plan)
{
	struct buf b = { .arena = a };
	struct sim_record r = { .owner = need_name(apex), .type = RR_DS, .ttl = HOUR };

	for (size_t i = 0; i < SIGNER_DSES; i++) {
		r.rdata = signer_ds_rdata(a, apex, plan, &plan->ds[i]);
		if (!r.rdata.n)
			continue;
		/* Without a TTL: tests drop such lines by how they begin. */
		name_put(&r.owner, &b);
		buf_printf(&b, " DS \\# %zu ", r.rdata.n);
		put_hex(&b, r.rdata);
		buf_char(&b, '\n');
	}
	return buf_text(&b);
}

void signer_add(struct signing *s, const struct sim_record *r)
{
	vec_push(s->arena, &s->zone->v, *r);
	put_line(s->out, r);
}

bool signer_is_cut(const struct signing *s, const struct name *n)
{
	return !name_equal(n, &s->apex) && sim_zone_has(s->zone, n, RR_NS);
}

bool signer_below_cut(const struct signing *s, const struct name *n)
{
	for (unsigned int i = name_labels(&s->apex) + 1; i < name_labels(n); i++) {
		struct name at = name_suffix(n, i);

		if (signer_is_cut(s, &at) || sim_zone_has(s->zone, &at, RR_DNAME))
			return true;
	}
	return false;
}

static bool is_keyset(uint16_t type)
{
	return type == RR_DNSKEY || type == RR_CDS || type == RR_CDNSKEY;
}

/* The first spoil about the set and the key; how SIGNER_FINE: none. */
static struct signer_spoil spoil_of(
	const struct signing *s, const struct name *owner, uint16_t type, unsigned int key)
{
	for (size_t i = 0; i < SIGNER_SPOILS; i++) {
		struct signer_spoil spoil = s->plan->spoils[i];
		struct name n = need_name(spoil.owner ? spoil.owner : ".");

		if (spoil.how != SIGNER_FINE && (!spoil.type || spoil.type == type) &&
			(!spoil.key || spoil.key == key) && (!spoil.owner || name_equal(&n, owner)))
			return spoil;
	}
	return (struct signer_spoil){ .how = SIGNER_FINE };
}

/* Whether that key signs the set. */
static bool does_sign(
	const struct signing *s, const struct name *owner, uint16_t type, unsigned int number)
{
	const struct signer_key *key = &s->plan->keys[number - 1];
	enum signer_how how = spoil_of(s, owner, type, number).how;
	enum signer_signs needed = is_keyset(type) ? SIGNER_KEYSETS : SIGNER_DATA;

	if (!key->algorithm || key->bits || key->raw || how == SIGNER_UNSIGNED)
		return false;
	return how == SIGNER_ALSO || (key->signs & needed);
}

bool signer_has_rrsig(const struct signing *s, const struct name *n, uint16_t type)
{
	if (type == RR_RRSIG || (signer_is_cut(s, n) && type != RR_DS && type != RR_NSEC))
		return false;
	for (unsigned int i = 1; i <= SIGNER_KEYS; i++)
		if (does_sign(s, n, type, i))
			return true;
	return false;
}

/* Where rdata has names that canonical form lowers (RFC 4034 6.2, RFC 6840 5.1). */
static const struct {
	uint16_t type, skip, names;
} lowered[] = {
	{ RR_NS, 0, 1 },
	{ RR_CNAME, 0, 1 },
	{ RR_PTR, 0, 1 },
	{ RR_DNAME, 0, 1 },
	{ RR_MX, 2, 1 },
	{ RR_SRV, 6, 1 },
	{ RR_SOA, 0, 2 },
};

static struct span canonical(struct arena *a, const struct sim_record *r)
{
	uint8_t *copy = arena_dup(a, r->rdata.p, r->rdata.n);

	for (size_t i = 0; i < ARRAY_LEN(lowered); i++) {
		size_t at = lowered[i].skip;

		if (lowered[i].type != r->type)
			continue;
		for (unsigned int k = 0; k < lowered[i].names; k++) {
			struct name n = sim_record_name(r, at);
			struct name lower = name_lower(&n);

			memcpy(copy + at, lower.wire, lower.len);
			at += lower.len;
		}
	}
	return (struct span){ copy, r->rdata.n };
}

static int compare_rdata(const void *x, const void *y)
{
	const struct span *a = x, *b = y;
	size_t n = a->n < b->n ? a->n : b->n;
	int diff = n ? memcmp(a->p, b->p, n) : 0;

	return diff ? diff : (a->n > b->n) - (a->n < b->n);
}

/* The records of a set as they are signed (RFC 4034 3.1.8.1, 6.3). */
static void put_set(struct signing *s, const struct sim_record *first, struct buf *b)
{
	struct name owner = name_lower(&first->owner);
	struct VEC(struct span) rdata = { 0 };
	const struct sim_record *r;
	size_t i = 0;

	while ((r = sim_zone_next(s->zone, &owner, first->type, &i)))
		vec_push(s->arena, &rdata, canonical(s->arena, r));
	assert(rdata.v);
	qsort(rdata.v, rdata.n, sizeof(*rdata.v), compare_rdata);
	for (i = 0; i < rdata.n; i++) {
		if (i && compare_rdata(&rdata.v[i], &rdata.v[i - 1]) == 0)
			continue;
		buf_put(b, owner.wire, owner.len);
		buf_u16(b, first->type);
		buf_u16(b, CLASS_IN);
		buf_u32(b, first->ttl);
		buf_u16(b, (uint16_t)rdata.v[i].n);
		buf_put(b, rdata.v[i].p, rdata.v[i].n);
	}
}

/* The fields of an RRSIG before the signature. */
static void put_fields(
	struct signing *s, const struct sim_record *first, unsigned int number, struct buf *b)
{
	struct signer_spoil spoil = spoil_of(s, &first->owner, first->type, number);
	bool wild =
		first->owner.len > 2 && first->owner.wire[0] == 1 && first->owner.wire[1] == '*';
	bool stranger = spoil.how == SIGNER_STRANGER, other = spoil.how == SIGNER_ALGORITHM;
	int64_t from = s->plan->from, to = s->plan->to;
	struct name signer = stranger ? need_name("stranger.") : s->apex;

	if (!from && !to) {
		from = -HOUR;
		to = SPAN * SIGNER_DAY;
	}
	if (spoil.how == SIGNER_TIMES) {
		from = spoil.from;
		to = spoil.to;
	}
	buf_u16(b, first->type);
	buf_u8(b, other ? s->plan->stranger : s->plan->keys[number - 1].algorithm);
	buf_u8(b, (uint8_t)(name_labels(&first->owner) - wild));
	buf_u32(b, first->ttl);
	buf_u32(b, (uint32_t)(SIGNER_NOW + to));
	buf_u32(b, (uint32_t)(SIGNER_NOW + from));
	buf_u16(b, (uint16_t)(signer_key_tag(s->plan, number) + (spoil.how == SIGNER_TAG)));
	buf_put(b, signer.wire, signer.len);
}

static void sign_by(struct signing *s, const struct sim_record *first, unsigned int number)
{
	bool wrong = spoil_of(s, &first->owner, first->type, number).how == SIGNER_WRONG;
	struct buf fields = { .arena = s->arena }, all = { .arena = s->arena };
	struct sim_record rrsig = { .owner = first->owner, .type = RR_RRSIG, .ttl = first->ttl };
	dnssec_key_t *key = load(&s->plan->keys[number - 1]);
	dnssec_binary_t data, signature = { 0 };
	dnssec_sign_ctx_t *ctx = NULL;
	int err;

	put_fields(s, first, number, &fields);
	buf_put(&all, fields.p, fields.n);
	put_set(s, first, &all);
	data = (dnssec_binary_t){ .size = all.n, .data = (uint8_t *)all.p };
	err = dnssec_sign_new(&ctx, key);
	err = err ? err : dnssec_sign_add(ctx, &data);
	err = err ? err : dnssec_sign_write(ctx, DNSSEC_SIGN_REPRODUCIBLE, &signature);
	assert(err == DNSSEC_EOK);
	if (wrong)
		signature.data[signature.size / 2] ^= 1;
	buf_put(&fields, signature.data, signature.size);
	rrsig.rdata = buf_span(&fields);
	signer_add(s, &rrsig);
	dnssec_binary_free(&signature);
	dnssec_sign_free(ctx);
	dnssec_key_free(key);
}

/* Signs the set that begins with record i, if it is one that is signed. */
static void sign_set(struct signing *s, size_t i)
{
	struct sim_record first = s->zone->v.v[i];
	size_t k = 0;

	sim_zone_next(s->zone, &first.owner, first.type, &k);
	if (k - 1 != i || signer_below_cut(s, &first.owner) ||
		!signer_has_rrsig(s, &first.owner, first.type))
		return;
	for (unsigned int number = 1; number <= SIGNER_KEYS; number++)
		if (does_sign(s, &first.owner, first.type, number))
			sign_by(s, &first, number);
}

static void add_at_apex(struct signing *s, uint16_t type, struct span rdata)
{
	if (rdata.n)
		signer_add(s, &(struct sim_record){ s->apex, type, HOUR, rdata });
}

static void add_keysets(struct signing *s, const char *apex)
{
	const struct signer_plan *plan = s->plan;
	struct buf nobody = { .arena = s->arena };

	read_hex(&nobody, "0000030000");
	for (size_t i = 0; i < SIGNER_KEYS; i++)
		if (plan->keys[i].algorithm && !plan->keys[i].hidden)
			add_at_apex(s, RR_DNSKEY, signer_key_rdata(s->arena, &plan->keys[i]));
	for (size_t i = 0; i < SIGNER_DSES; i++) {
		add_at_apex(s, RR_CDS, signer_ds_rdata(s->arena, apex, plan, &plan->cds[i]));
		if (plan->cdnskey[i] == SIGNER_DELETE)
			add_at_apex(s, RR_CDNSKEY, buf_span(&nobody));
		else if (plan->cdnskey[i])
			add_at_apex(s, RR_CDNSKEY,
				signer_key_rdata(s->arena, key_of(plan, plan->cdnskey[i])));
	}
}

const char *signer_sign(
	struct arena *a, const char *apex, const char *text, const struct signer_plan *plan)
{
	struct buf out = { .arena = a };
	struct signing s = { .arena = arena_new(), .plan = plan, .out = &out };
	size_t n;

	buf_str(&out, text);
	if (out.n && out.p[out.n - 1] != '\n')
		buf_char(&out, '\n');
	if (plan->keys[0].algorithm) {
		s.apex = need_name(apex);
		s.apex = name_lower(&s.apex);
		s.zone = sim_zone_read(s.arena, apex, text);
		add_keysets(&s, apex);
		signer_deny(&s);
		n = s.zone->v.n;
		for (size_t i = 0; i < n; i++)
			sign_set(&s, i);
	}
	arena_free(s.arena);
	return buf_text(&out);
}
