/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What DNSSEC computes: RRsets in canonical form, key tags, digests, signatures, and denial of
 * existence (RFC 4033-4035, 5155, 6840). Signatures by libdnssec; who is to be trusted is decided
 * above (infer/chain.h).
 */
#ifndef DNS_DNSSEC_H
#define DNS_DNSSEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/span.h"
#include "base/vec.h"
#include "dns/msg.h"

/* Records of one owner, class IN, and type from one section of a message; with what signs them. */
struct rrset {
	const struct msg *msg;
	enum msg_section section;
	const struct name *owner; /* as it came */
	uint16_t type;
	struct VEC(const struct rr *) rrs;    /* each rdata once, in canonical order */
	struct VEC(struct span) rdata;	      /* of these, canonical (RFC 4034 6.2) */
	struct VEC(const struct rr *) rrsigs; /* RRSIG records of the same owner that cover the
						 type, the first 64 */
};

/* w has an owner and a type. Empty rrs when there are none. */
struct rrset rrset_find(struct arena *a, const struct msg *m, struct rr_wanted w);
/* The canonical rdata (RFC 4034 6.2, 6.3), sorted, length-prefixed: equal sets are equal bytes. */
struct span rrset_canonical(struct arena *a, const struct rrset *s);

/* DNSKEY, CDNSKEY (RFC 4034 2.1, RFC 7344 3.2). -ERR_PARSE when the rdata is too short. */
enum { DNSKEY_ZONE = 0x0100, DNSKEY_REVOKE = 0x0080, DNSKEY_SEP = 0x0001 };
struct dnskey {
	uint16_t flags, tag; /* tag: RFC 4034 appendix B */
	uint8_t protocol, algorithm;
	struct span key;   /* public key */
	struct span rdata; /* all of it */
	unsigned int bits; /* of an RSA modulus (RFC 3110), else of the key; 0: cannot be told */
};
int dnskey_read(const struct rr *rr, struct dnskey *ret);

/* DS, CDS (RFC 4034 5.1). */
struct ds {
	uint16_t tag;
	uint8_t algorithm, digest_type;
	struct span digest;
};
struct ds_list VEC(struct ds);
int ds_read(const struct rr *rr, struct ds *ret);

/* RRSIG (RFC 4034 3.1). signer: as it came, whole. */
struct rrsig {
	uint16_t covered, tag;
	uint8_t algorithm, labels;
	uint32_t original_ttl, expiration, inception; /* seconds, serial arithmetic (RFC 1982) */
	struct name signer;
	struct span signature;
};
int rrsig_read(const struct msg *m, const struct rr *rr, struct rrsig *ret);
/* The time around now (seconds since 1970) that the 32 bits stand for (RFC 4034 3.1.5). */
int64_t rrsig_time(uint32_t field, int64_t now);

/* NSEC (RFC 4034 4.1). */
struct nsec {
	struct name next;
	struct span types; /* the bit maps */
};
int nsec_read(const struct msg *m, const struct rr *rr, struct nsec *ret);

/* NSEC3 and NSEC3PARAM (RFC 5155 3.1, 4.1). Of a NSEC3PARAM, next and types are empty. */
enum { NSEC3_OPT_OUT = 0x01 };
struct nsec3 {
	uint8_t hash, flags;
	uint16_t iterations;
	struct span salt, next, types;
};
int nsec3_read(const struct rr *rr, struct nsec3 *ret);

/* The type bit maps (RFC 4034 4.1.2) have the type; are well-formed. */
bool bitmap_has(struct span types, uint16_t type);
bool bitmap_valid(struct span types);
/* The lowest type that is not below from; -1: none. */
int32_t bitmap_next(struct span types, uint32_t from);

/*
 * The hash of a name (RFC 5155 5): 20 octets. -ERR_NONE for an unknown hash algorithm; -ERR_LIMIT
 * for more iterations than RFC 5155 10.3 ever allowed, so that no reply can cost us much time.
 * Who judges as a validator does stops far below, at NSEC3_TRUSTED.
 */
enum {
	NSEC3_HASH = 20,
	NSEC3_TRUSTED = 150, /* with more of them, validators take a zone for unsigned (RFC 9276) */
	NSEC3_MOST = 2500,
};
int nsec3_hash(const struct nsec3 *p, const struct name *n, uint8_t ret[NSEC3_HASH]);
/* The hash that is the first label of an NSEC3 record's owner, in base32hex. -ERR_PARSE. */
int nsec3_owner_hash(const struct name *owner, uint8_t ret[NSEC3_HASH]);

/* NSEC: owner < n < next in canonical order, the last one of a zone reaching round. */
bool nsec_covers(const struct name *owner, const struct name *next, const struct name *n);
bool nsec3_covers(const uint8_t owner[NSEC3_HASH], struct span next, const uint8_t n[NSEC3_HASH]);

/* Whether this program can verify signatures of the algorithm; can compute the digest type. */
bool dnssec_algorithm_known(uint8_t algorithm);
bool dnssec_digest_known(uint8_t digest_type);
/* Both: a DS that is not usable is as good as none (RFC 4035 5.2). */
bool ds_usable(const struct ds *ds);

/*
 * The DS stands for the key (RFC 4035 5.2): tag, algorithm and digest are the same. Any algorithm
 * will do. -ERR_NONE: the digest type is unknown; -ERR_PARSE: it differs.
 */
int ds_matches(const struct ds *ds, const struct name *owner, const struct dnskey *key);

enum sig_result {
	SIG_VALID,
	SIG_WRONG,     /* the signature is not that key's over these data */
	SIG_EXPIRED,   /* valid but for the time */
	SIG_NOT_YET,   /* the same */
	SIG_UNKNOWN,   /* the algorithm is none that we can verify */
	SIG_OTHER_KEY, /* tag, algorithm or signer are not the key's */
	SIG_MALFORMED, /* it cannot be read, or key or labels make no sense, or the key is an RSA
			  one over 4,096 bits (RFC 5702 2) or with an exponent over 64 bits */
};

/*
 * Results that were worked out before. a, and all messages that it meets, live as long as it is
 * used. It does only so much work (2,000 signatures); what exceeds that is as good as wrong, and
 * the memo is full.
 */
struct dnssec_memo;
struct dnssec_memo *dnssec_memo_new(struct arena *a);
/* How many signatures it knows: so many cost their time. */
size_t dnssec_memo_count(const struct dnssec_memo *memo);
/* In octets that were hashed, about: for tests. */
size_t dnssec_memo_work(const struct dnssec_memo *memo);
bool dnssec_memo_full(const struct dnssec_memo *memo);
/* nsec3_hash; -ERR_LIMIT also when it is full. */
int dnssec_memo_nsec3(struct dnssec_memo *memo, const struct nsec3 *p, const struct name *n,
	uint8_t ret[NSEC3_HASH]);

/*
 * One RRSIG of the set by one key of that zone (RFC 4035 5.3). now: seconds since 1970; 0: times
 * are not looked at. memo may be NULL. Which of a key's flags matter is for the caller to say.
 */
struct sig_check {
	const struct rrset *set;
	const struct rr *rrsig;
	const struct name *zone; /* that owns the key: the signer must be it */
	const struct dnskey *key;
	int64_t now;
	struct dnssec_memo *memo;
};
enum sig_result sig_verify(const struct sig_check *c);
/* The set's owner has more labels than the signature counts: a wildcard was expanded. */
bool rrsig_expanded(const struct rrsig *s, const struct name *owner);

/* "RSASHA256", "ECDSAP256SHA256"; "SHA-256"; NULL for unknown ones (IANA registries). */
const char *dnssec_algorithm_name(uint8_t algorithm);
const char *dnssec_digest_name(uint8_t digest_type);

#endif
