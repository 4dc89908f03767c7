/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads the rdata of DNSSEC's records: keys, digests, signatures, and what denies. */
#include <string.h>

#include "base/err.h"
#include "dns/dnssec_inner.h"
#include "dns/form.h"
#include "dns/rr.h"

static uint16_t get16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8U | p[1]);
}

static uint32_t get32(const uint8_t *p)
{
	return (uint32_t)get16(p) << 16U | get16(p + 2);
}

/* Keys ----------------------------------------------------------------------------------------- */

/* RFC 4034 appendix B; algorithm 1 (B.1): the last but one two octets of the modulus. */
static uint16_t key_tag(const struct dnskey *k)
{
	uint32_t sum = 0;

	if (k->algorithm == 1)
		return k->rdata.n < 7 ? 0 : get16(k->rdata.p + k->rdata.n - 3);
	for (size_t i = 0; i < k->rdata.n; i++)
		sum += i & 1U ? k->rdata.p[i] : (uint32_t)k->rdata.p[i] << 8U;
	return (uint16_t)(sum + (sum >> 16U));
}

bool dnskey_rsa(const struct dnskey *k, struct span *ret_exponent, struct span *ret_modulus)
{
	static const uint8_t rsa[] = { 1, 5, 7, 8, 10 };
	struct span key = k->key;
	size_t at = 1, length;

	if (!memchr(rsa, k->algorithm, sizeof(rsa)) || key.n < 3)
		return false;
	length = key.p[0];
	if (length == 0) { /* RFC 3110 2: two more octets have it */
		length = get16(key.p + 1);
		at = 3;
	}
	if (length == 0 || length >= key.n - at)
		return false;
	*ret_exponent = (struct span){ key.p + at, length };
	*ret_modulus = (struct span){ key.p + at + length, key.n - at - length };
	return true;
}

unsigned int dnskey_number_bits(struct span number)
{
	unsigned int bits;

	while (number.n && !number.p[0]) {
		number.p++;
		number.n--;
	}
	if (!number.n)
		return 0;
	bits = (unsigned int)(number.n - 1) * 8;
	for (unsigned int first = number.p[0]; first; first >>= 1U)
		bits++;
	return bits;
}

static unsigned int key_bits(const struct dnskey *k)
{
	static const struct {
		uint8_t algorithm, octets;
		uint16_t bits;
	} fixed[] = {
		{ 12, 64, 512 }, /* GOST R 34.10-2001, RFC 5933 */
		{ 13, 64, 256 }, /* P-256, RFC 6605 */
		{ 14, 96, 384 }, /* P-384 */
		{ 15, 32, 256 }, /* Ed25519, RFC 8080 */
		{ 16, 57, 456 }, /* Ed448 */
	};
	struct span exponent, modulus;

	if (dnskey_rsa(k, &exponent, &modulus))
		return dnskey_number_bits(modulus);
	for (size_t i = 0; i < ARRAY_LEN(fixed); i++)
		if (fixed[i].algorithm == k->algorithm && fixed[i].octets == k->key.n)
			return fixed[i].bits;
	return 0;
}

int dnskey_read(const struct rr *rr, struct dnskey *ret)
{
	const uint8_t *p = rr->rdata;
	struct dnskey k;

	if (rr->rdlength < 5)
		return -ERR_PARSE;
	k = (struct dnskey){
		.flags = get16(p),
		.protocol = p[2],
		.algorithm = p[3],
		.key = { p + 4, rr->rdlength - 4U },
		.rdata = { p, rr->rdlength },
	};
	k.tag = key_tag(&k);
	k.bits = key_bits(&k);
	*ret = k;
	return 0;
}

int ds_read(const struct rr *rr, struct ds *ret)
{
	const uint8_t *p = rr->rdata;

	if (rr->rdlength < 5)
		return -ERR_PARSE;
	*ret = (struct ds){
		.tag = get16(p),
		.algorithm = p[2],
		.digest_type = p[3],
		.digest = { p + 4, rr->rdlength - 4U },
	};
	return 0;
}

/* Signatures ----------------------------------------------------------------------------------- */

enum { RRSIG_FIXED = 18 };

int rrsig_read(const struct msg *m, const struct rr *rr, struct rrsig *ret)
{
	const uint8_t *p = rr->rdata;
	uint16_t at = RRSIG_FIXED;
	struct rrsig s;

	if (rr->type != RR_RRSIG || form_check(m, rr, NULL, NULL) || rr->rdlength <= RRSIG_FIXED ||
		msg_rdata_name(m, rr, &s.signer, &at))
		return -ERR_PARSE;
	s.covered = get16(p);
	s.algorithm = p[2];
	s.labels = p[3];
	s.original_ttl = get32(p + 4);
	s.expiration = get32(p + 8);
	s.inception = get32(p + 12);
	s.tag = get16(p + 16);
	s.signature = (struct span){ p + at, (size_t)rr->rdlength - at };
	*ret = s;
	return s.signature.n ? 0 : -ERR_PARSE;
}

int64_t rrsig_time(uint32_t field, int64_t now)
{
	uint32_t ahead = field - (uint32_t)(uint64_t)now;

	return ahead < 0x80000000U ? now + ahead : now - (int64_t)(0x100000000 - ahead);
}

/* Denial --------------------------------------------------------------------------------------- */

int nsec_read(const struct msg *m, const struct rr *rr, struct nsec *ret)
{
	uint16_t at = 0;
	struct nsec n;

	if (rr->type != RR_NSEC || form_check(m, rr, NULL, NULL) ||
		msg_rdata_name(m, rr, &n.next, &at))
		return -ERR_PARSE;
	n.types = (struct span){ rr->rdata + at, (size_t)rr->rdlength - at };
	*ret = n;
	return 0;
}

/* A length and so many octets, from at on, which moves behind them. */
static int take_counted(const struct rr *rr, size_t *at, struct span *ret)
{
	size_t n;

	if (*at >= rr->rdlength)
		return -ERR_PARSE;
	n = rr->rdata[*at];
	if (n > rr->rdlength - *at - 1)
		return -ERR_PARSE;
	*ret = (struct span){ rr->rdata + *at + 1, n };
	*at += n + 1;
	return 0;
}

int nsec3_read(const struct rr *rr, struct nsec3 *ret)
{
	const uint8_t *p = rr->rdata;
	struct nsec3 n = { 0 };
	size_t at = 4;

	if (rr->rdlength < 5)
		return -ERR_PARSE;
	n.hash = p[0];
	n.flags = p[1];
	n.iterations = get16(p + 2);
	if (take_counted(rr, &at, &n.salt))
		return -ERR_PARSE;
	if (rr->type == RR_NSEC3) {
		if (take_counted(rr, &at, &n.next) || !n.next.n)
			return -ERR_PARSE;
		n.types = (struct span){ p + at, rr->rdlength - at };
		at = rr->rdlength;
	}
	if (at != rr->rdlength || !bitmap_valid(n.types))
		return -ERR_PARSE;
	*ret = n;
	return 0;
}

/* The window at *at, which moves behind it; false at the end and where it does not fit. */
static bool next_window(struct span types, size_t *at, uint8_t *ret_number, struct span *ret)
{
	if (types.n < *at + 2 || types.p[*at + 1] < 1 || types.p[*at + 1] > 32 ||
		types.p[*at + 1] > types.n - *at - 2)
		return false;
	*ret_number = types.p[*at];
	*ret = (struct span){ types.p + *at + 2, types.p[*at + 1] };
	*at += 2 + ret->n;
	return true;
}

bool bitmap_valid(struct span types)
{
	struct span bits;
	uint8_t number;
	size_t at = 0;
	int last = -1;

	while (next_window(types, &at, &number, &bits)) {
		if (number <= last)
			return false;
		last = number;
	}
	return at == types.n;
}

bool bitmap_has(struct span types, uint16_t type)
{
	struct span bits;
	uint8_t number;
	size_t at = 0, octet = (type & 255U) / 8;

	while (next_window(types, &at, &number, &bits))
		if (number == type >> 8U)
			return octet < bits.n && (bits.p[octet] & 0x80U >> type % 8U);
	return false;
}

/* The lowest type of the window that is not below from; -1: none. */
static int32_t first_bit(struct span bits, uint8_t number, uint32_t from)
{
	for (size_t i = 0; i < bits.n * 8; i++) {
		uint32_t type = (uint32_t)number << 8U | (uint32_t)i;

		if (type >= from && (bits.p[i / 8] & 0x80U >> i % 8))
			return (int32_t)type;
	}
	return -1;
}

int32_t bitmap_next(struct span types, uint32_t from)
{
	struct span bits;
	uint8_t number;
	size_t at = 0;

	while (next_window(types, &at, &number, &bits)) {
		int32_t type = first_bit(bits, number, from);

		if (type >= 0)
			return type;
	}
	return -1;
}
