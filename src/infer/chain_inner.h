/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of a validation: a set, a proof of absence, a zone, an answer. */
#ifndef INFER_CHAIN_INNER_H
#define INFER_CHAIN_INNER_H

#include "infer/chain.h"

/* Who may sign: a zone with keys. now: seconds since 1970; 0: times are not looked at. */
struct chain_signer {
	struct tree *t;
	int64_t now;
	const struct name *apex;
	const struct dnskey *keys;
	size_t nkeys;
};

/*
 * A signature of the set is valid by one of the keys: ret's security, with the signature in
 * ret_sig (may be NULL); else what is wrong with the one that comes closest.
 */
bool chain_set(const struct chain_signer *by, const struct rrset *s, struct chain_server *ret,
	struct rrsig *ret_sig);

/* What NSEC and NSEC3 records in the authority section are to prove. */
enum chain_proof_kind {
	PROOF_NODATA,	  /* the name is there, or a wildcard for it, without the type */
	PROOF_NXDOMAIN,	  /* neither the name nor a wildcard for it */
	PROOF_WILDCARD,	  /* nothing between the name and the wildcard that was expanded */
	PROOF_DELEGATION, /* a delegation without DS (RFC 4035 5.2, RFC 5155 8.9) */
};
struct chain_proof {
	const struct msg *m;
	enum chain_proof_kind kind;
	const struct name *qname;
	uint16_t qtype;
	unsigned int labels; /* PROOF_WILDCARD: of the signature */
};

/* One record of absence whose signature is valid. */
struct chain_denial {
	const struct name *owner;
	struct nsec nsec;
	struct nsec3 nsec3;
	uint8_t hash[NSEC3_HASH]; /* of an NSEC3: its owner's */
};
struct chain_denials VEC(struct chain_denial);

/* Secure; insecure by opt-out, or by NSEC3 iterations; or bogus. */
void chain_denied(
	const struct chain_signer *by, const struct chain_proof *p, struct chain_server *ret);
/* The NSEC3 part: SECURITY_BOGUS when they do not prove it. */
enum security chain_denied3(const struct chain_signer *by, const struct chain_proof *p,
	const struct chain_denials *list);
/* What a record at the question's own name, or at the wildcard for it, has to look like. */
bool chain_denies_type(const struct chain_proof *p, struct span types);
/* The owner is a delegation or a DNAME: nothing is said of what is below (RFC 6840 4.1). */
bool chain_is_cut(struct span types);

/* A zone on the way, and who serves it. */
struct chain_step {
	const struct name *apex;
	struct servers servers;
};

/* Fills in z, which has its apex. above (NULL: the root) is secure, or z is pending. */
struct chain_above {
	const struct chain_step *step;
	const struct chain_zone *zone;
};
void chain_zone(struct tree *t, const struct chain_step *step, const struct chain_above *above,
	struct chain_zone *z);

/* A reply that can say something: NOERROR or NXDOMAIN, whole. */
bool chain_readable(const struct entry *e);
void chain_blame(struct chain_server *ret, enum chain_break why, uint16_t type);
void chain_silent(struct chain_server *ret, uint16_t type);
/* How bad it is: who is silent harms less than who is wrong, since somebody else is asked. */
unsigned int chain_harm(enum security s);
/* The best of the servers; INDETERMINATE when there are none. */
enum security chain_best(const struct chain_servers *list);
/* The one that is worst; NULL: none is less than secure. */
const struct chain_server *chain_worst(const struct chain_servers *list);
bool chain_uneven(const struct chain_servers *list);

/* One server's reply to the question; ret_alias (len 0: none) is where an alias points. */
void chain_answer(const struct chain_signer *by, const struct question *q, struct chain_server *ret,
	struct name *ret_alias);

#endif
