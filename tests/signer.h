/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Signs a zone's text (net/sim.h) in memory, well or in all the ways that zones are signed badly.
 * What it computes is its own or libdnssec's, never dns/dnssec.h's, so that the two can be held
 * against each other. The same zone and plan give the same text.
 *
 *	struct signer_plan plan = { .keys = { { SIGNER_P256_1, 13, 257, SIGNER_BOTH } },
 *		.ds = { { .key = 1, .digest = 2 } } };
 *	const char *signed_text = signer_sign(arena, "child.xa.", text, &plan);
 *	const char *for_parent = signer_ds(arena, "child.xa.", &plan);
 */
#ifndef TESTS_SIGNER_H
#define TESTS_SIGNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/span.h"

/* Private keys (tests/signer_keys.c). */
enum signer_pem {
	SIGNER_P256_1,
	SIGNER_P256_2,
	SIGNER_P256_3,
	SIGNER_P384_1,
	SIGNER_P384_2,
	SIGNER_ED25519_1,
	SIGNER_ED25519_2,
	SIGNER_ED448_1,
	SIGNER_RSA1024_1,
	SIGNER_RSA2048_1,
	SIGNER_RSA2048_2,
	SIGNER_PEMS
};
extern const char *const signer_pems[SIGNER_PEMS];

enum {
	SIGNER_KEYS = 6,
	SIGNER_SPOILS = 6,
	SIGNER_DSES = 4,
	SIGNER_NOW = 1767225600, /* 2026-01-01, that of tests/treeworld.h */
	SIGNER_DAY = 86400,
};

/* What a key signs. */
enum signer_signs {
	SIGNER_NOTHING, /* it is published only */
	SIGNER_KEYSETS, /* DNSKEY, CDS, CDNSKEY: a KSK */
	SIGNER_DATA,	/* all other sets: a ZSK */
	SIGNER_BOTH,
};

struct signer_key {
	enum signer_pem pem;
	uint8_t algorithm; /* 0: no key */
	uint16_t flags;	   /* 257, 256; 0: no zone key */
	enum signer_signs signs;
	bool hidden;	   /* not in the DNSKEY set */
	unsigned int bits; /* not 0: an RSA key of that size that nobody has; it cannot sign */
	const char *raw;   /* not NULL: the same with this public key, in hex, of any algorithm */
	uint8_t protocol;  /* 0: 3 */
};

/* A DS or CDS record. */
struct signer_ds {
	unsigned int key; /* 1-based; 0: no record */
	uint8_t digest;	  /* its type: 1, 2, 4; another one: 32 octets of noise */
	bool wrong_digest, wrong_tag;
	uint8_t algorithm; /* another one than the key's; 0: the key's */
	bool nobody;	   /* CDS: the delete request of RFC 8078 4; key is not looked at */
};

/* What is done to the signatures of a set. */
enum signer_how {
	SIGNER_FINE,
	SIGNER_UNSIGNED,  /* none */
	SIGNER_WRONG,	  /* a bit of the signature is wrong */
	SIGNER_TIMES,	  /* other times: from and to */
	SIGNER_ALSO,	  /* made, by a key that would not */
	SIGNER_TAG,	  /* another key tag */
	SIGNER_STRANGER,  /* the signer's name is "stranger.", and it is signed so */
	SIGNER_ALGORITHM, /* the algorithm field is that of the plan's stranger */
};
struct signer_spoil {
	enum signer_how how;
	const char *owner; /* NULL: all of the type */
	uint16_t type;	   /* 0: all types of the owner */
	unsigned int key;  /* 1-based; 0: all that sign the set */
	int64_t from, to;  /* SIGNER_TIMES: seconds from SIGNER_NOW */
};

enum signer_denial { SIGNER_NSEC, SIGNER_NSEC3, SIGNER_NO_DENIAL };

/* A plan without keys leaves the text as it is. */
struct signer_plan {
	struct signer_key keys[SIGNER_KEYS];
	struct signer_ds ds[SIGNER_DSES], cds[SIGNER_DSES];
	unsigned int cdnskey[SIGNER_DSES]; /* 1-based keys; SIGNER_DELETE: RFC 8078 4 */
	enum signer_denial denial;
	uint16_t iterations;
	const char *salt;   /* in hex; NULL: none */
	uint8_t nsec3_hash; /* the field's value; 0: 1 */
	bool opt_out;
	uint16_t bits_add, bits_drop; /* a type that the apex's bit map has too many, or lacks */
	int64_t from,
		to; /* of signatures, seconds from SIGNER_NOW; both 0: an hour ago to 14 days */
	uint8_t stranger; /* SIGNER_ALGORITHM */
	struct signer_spoil spoils[SIGNER_SPOILS];
};
enum { SIGNER_DELETE = 99 };

/* The text with DNSKEY, CDS, CDNSKEY, RRSIG, NSEC or NSEC3 and NSEC3PARAM records added. */
const char *signer_sign(
	struct arena *a, const char *apex, const char *text, const struct signer_plan *plan);

/* The DS records of the plan, for the text of the parent. */
const char *signer_ds(struct arena *a, const char *apex, const struct signer_plan *plan);

/* The rdata of one of them; n 0 when there is none. And of a key's DNSKEY, and its tag. */
struct span signer_ds_rdata(struct arena *a, const char *apex, const struct signer_plan *plan,
	const struct signer_ds *ds);
struct span signer_key_rdata(struct arena *a, const struct signer_key *key);
uint16_t signer_key_tag(const struct signer_plan *plan, unsigned int key);

#endif
