/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the reader of keys and the verifier of signatures share. */
#ifndef DNS_DNSSEC_INNER_H
#define DNS_DNSSEC_INNER_H

#include "dns/dnssec.h"

/* The two numbers of an RSA key (RFC 3110 2), neither of them empty; false: it is none. */
bool dnskey_rsa(const struct dnskey *k, struct span *ret_exponent, struct span *ret_modulus);
/* Without leading zeros. */
unsigned int dnskey_number_bits(struct span number);

enum { MEMO_HASH = 32 }; /* SHA-256 */

/* Work that was done before; used: result is known. */
struct memo_result {
	bool used;
	enum sig_result result;
};
/* By the hash of data, signature and key; by the records and the key, of messages that stay. */
struct memo_place {
	const struct rr *rrsig;
	const uint8_t *key;
	size_t n; /* of the set */
};
struct memo_result *memo_by_hash(struct dnssec_memo *memo, const uint8_t hash[MEMO_HASH]);
struct memo_result *memo_by_place(struct dnssec_memo *memo, const struct memo_place *place);
/* Counts one that is worked out now. */
void memo_add(struct dnssec_memo *memo, struct memo_result *result);
/* What a signature costs, and a block of a hash, beside its octets; in octets. */
enum { MEMO_SIGNATURE = 32 << 10, MEMO_BLOCK = 64 };
/* false: that would be more work than is done for one run. */
bool memo_spend(struct dnssec_memo *memo, size_t octets);

#endif
