// SPDX-License-Identifier: GPL-3.0-or-later
// The proofs of absence of test zones: NSEC (RFC 4034 4) and NSEC3 (RFC 5155), by libdnssec.
#include <assert.h>
#include <libdnssec/error.h>
#include <libdnssec/nsec.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "dns/rr.h"
#include "signer_inner.h"

enum { HASH = 20, SOA_MINIMUM = 4 };

struct names VEC(struct name);

static bool name_in(const struct names *list, const struct name *n)
{
	vec_each (const struct name, one, *list)
		if (name_equal(one, n))
			return true;
	return false;
}

static int by_name(const void *x, const void *y)
{
	return name_compare(x, y);
}

static void add_name(struct signing *s, struct names *list, const struct name *n)
{
	struct name lower = name_lower(n);

	if (!name_in(list, &lower))
		vec_push(s->arena, list, lower);
}

/* Names with records of the zone's own, and with empty ones in between if wanted. Sorted. */
static struct names owners(struct signing *s, bool empty)
{
	unsigned int above = name_labels(&s->apex);
	struct names list = { 0 };

	add_name(s, &list, &s->apex);
	vec_each (const struct sim_record, r, s->zone->v) {
		struct name at = r->owner;

		if (!name_under(&at, &s->apex) || signer_below_cut(s, &at))
			continue;
		add_name(s, &list, &at);
		for (; empty && name_labels(&at) > above; at = name_parent(&at))
			add_name(s, &list, &at);
	}
	assert(list.v);
	qsort(list.v, list.n, sizeof(*list.v), by_name);
	return list;
}

/* The bit map of a name; proof: the type of the record itself, 0: it is elsewhere (NSEC3). */
static void put_bitmap(struct signing *s, const struct name *n, uint16_t proof, struct buf *b)
{
	dnssec_nsec_bitmap_t *map = dnssec_nsec_bitmap_new();
	bool apex = name_equal(n, &s->apex), cut = signer_is_cut(s, n), has_rrsig = proof != 0;
	uint8_t *out;
	size_t size;

	vec_each (const struct sim_record, r, s->zone->v) {
		if (!name_equal(&r->owner, n) || r->type == RR_NSEC3 || r->type == RR_NSEC ||
			(cut && r->type != RR_NS && r->type != RR_DS))
			continue;
		if (!(apex && r->type == s->plan->bits_drop))
			dnssec_nsec_bitmap_add(map, r->type);
		has_rrsig |= signer_has_rrsig(s, n, r->type);
	}
	if (proof)
		dnssec_nsec_bitmap_add(map, proof);
	if (has_rrsig && !(apex && s->plan->bits_drop == RR_RRSIG))
		dnssec_nsec_bitmap_add(map, RR_RRSIG);
	if (apex && s->plan->bits_add)
		dnssec_nsec_bitmap_add(map, s->plan->bits_add);
	size = dnssec_nsec_bitmap_size(map);
	out = arena_alloc(s->arena, size);
	dnssec_nsec_bitmap_write(map, out);
	buf_put(b, out, size);
	dnssec_nsec_bitmap_free(map);
}

static void add_nsec(struct signing *s)
{
	struct names list = owners(s, false);

	for (size_t i = 0; i < list.n; i++) {
		const struct name *next = &list.v[(i + 1) % list.n];
		struct buf b = { .arena = s->arena };

		buf_put(&b, next->wire, next->len);
		put_bitmap(s, &list.v[i], RR_NSEC, &b);
		signer_add(
			s, &(struct sim_record){ list.v[i], RR_NSEC, s->negative, buf_span(&b) });
	}
}

/* A name's place in the chain of hashes. */
struct link {
	uint8_t hash[HASH];
	struct name name;
};

static int by_hash(const void *x, const void *y)
{
	return memcmp(((const struct link *)x)->hash, ((const struct link *)y)->hash, HASH);
}

static void hash_name(const struct signer_plan *plan, const struct name *n, struct link *ret)
{
	dnssec_nsec3_params_t params = { .algorithm = DNSSEC_NSEC3_ALGORITHM_SHA1,
		.iterations = plan->iterations };
	dnssec_binary_t data = { .size = n->len, .data = (uint8_t *)n->wire }, hash = { 0 };
	uint8_t salt[UINT8_MAX];
	char two[3] = "";
	int err;

	for (const char *hex = plan->salt ? plan->salt : ""; *hex; hex += 2) {
		memcpy(two, hex, 2);
		salt[params.salt.size++] = (uint8_t)strtoul(two, NULL, 16);
	}
	params.salt.data = salt;
	err = dnssec_nsec3_hash(&data, &params, &hash);
	assert(err == DNSSEC_EOK && hash.size == HASH);
	memcpy(ret->hash, hash.data, HASH);
	ret->name = *n;
	dnssec_binary_free(&hash);
}

/* RFC 4648 7 without padding: 20 octets are 32 digits. */
static void base32hex(const uint8_t hash[HASH], char ret[HASH / 5 * 8 + 1])
{
	static const char digits[] = "0123456789abcdefghijklmnopqrstuv";
	unsigned int have = 0, bits = 0;

	for (size_t i = 0; i < HASH; i++) {
		have = have << 8 | hash[i];
		for (bits += 8; bits >= 5; bits -= 5)
			*ret++ = digits[have >> (bits - 5) & 31];
	}
	*ret = '\0';
}

static void put_params(struct signing *s, uint8_t flags, struct buf *b)
{
	const char *salt = s->plan->salt ? s->plan->salt : "";
	char two[3] = "";

	buf_u8(b, s->plan->nsec3_hash ? s->plan->nsec3_hash : 1);
	buf_u8(b, flags);
	buf_u16(b, s->plan->iterations);
	buf_u8(b, (uint8_t)(strlen(salt) / 2));
	for (; *salt; salt += 2) {
		memcpy(two, salt, 2);
		buf_u8(b, (uint8_t)strtoul(two, NULL, 16));
	}
}

/* Opt-out: a delegation without DS, and what is only there for such ones, needs no record. */
static bool left_out(struct signing *s, const struct name *n)
{
	if (!s->plan->opt_out)
		return false;
	vec_each (const struct sim_record, r, s->zone->v) {
		if (!name_under(&r->owner, n) || signer_below_cut(s, &r->owner))
			continue;
		if (!signer_is_cut(s, &r->owner) || sim_zone_has(s->zone, &r->owner, RR_DS))
			return false;
	}
	return true;
}

static void add_link(struct signing *s, const struct link *at, const struct link *next)
{
	struct sim_record r = { .type = RR_NSEC3, .ttl = s->negative };
	struct buf b = { .arena = s->arena };
	char label[HASH / 5 * 8 + 1];
	int err;

	base32hex(at->hash, label);
	err = name_prepend(&s->apex, label, &r.owner);
	assert(err == 0);
	put_params(s, s->plan->opt_out, &b);
	buf_u8(&b, HASH);
	buf_put(&b, next->hash, HASH);
	put_bitmap(s, &at->name, 0, &b);
	r.rdata = buf_span(&b);
	signer_add(s, &r);
}

static void add_nsec3(struct signing *s)
{
	struct buf params = { .arena = s->arena };
	struct VEC(struct link) chain = { 0 };
	struct names list;

	put_params(s, 0, &params);
	signer_add(s, &(struct sim_record){ s->apex, RR_NSEC3PARAM, 0, buf_span(&params) });
	list = owners(s, true);
	for (size_t i = 0; i < list.n; i++) {
		struct link link;

		if (left_out(s, &list.v[i]))
			continue;
		hash_name(s->plan, &list.v[i], &link);
		vec_push(s->arena, &chain, link);
	}
	assert(chain.v); /* the apex is never left out */
	qsort(chain.v, chain.n, sizeof(*chain.v), by_hash);
	for (size_t i = 0; i < chain.n; i++)
		add_link(s, &chain.v[i], &chain.v[(i + 1) % chain.n]);
}

void signer_deny(struct signing *s)
{
	size_t i = 0;
	const struct sim_record *soa = sim_zone_next(s->zone, &s->apex, RR_SOA, &i);

	assert(soa && soa->rdata.n > SOA_MINIMUM);
	/* RFC 9077 3 */
	for (i = soa->rdata.n - SOA_MINIMUM; i < soa->rdata.n; i++)
		s->negative = s->negative << 8 | soa->rdata.p[i];
	s->negative = soa->ttl < s->negative ? soa->ttl : s->negative;
	if (s->plan->denial == SIGNER_NSEC)
		add_nsec(s);
	else if (s->plan->denial == SIGNER_NSEC3)
		add_nsec3(s);
}
