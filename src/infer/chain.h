/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Validation from the trust anchor down to a name, as RFC 4035 section 5 and RFC 5155 section 8
 * have it, but of every server by itself: one stale secondary is enough for failures that come and
 * go.
 */
#ifndef INFER_CHAIN_H
#define INFER_CHAIN_H

#include "dns/dnssec.h"
#include "infer/tree.h"

enum security {
	SECURITY_SECURE,
	SECURITY_INSECURE, /* proven to be unsigned, or signed with what nobody need know */
	SECURITY_BOGUS,
	SECURITY_INDETERMINATE, /* a reply is missing, or there is no trust anchor */
};

const char *security_slug(enum security s);

/* The link that broke. Slugs are those of finding ids without "dnssec-". */
enum chain_break {
	BREAK_NONE,
	BREAK_DS_MISMATCH,	 /* no DS leads to a key of the zone */
	BREAK_MISSING_KEY,	 /* no DNSKEY set where a DS demands one */
	BREAK_MISSING_SIGNATURE, /* a set has no RRSIG, or none of a key that may sign it */
	BREAK_WRONG_SIGNATURE,
	BREAK_EXPIRED,
	BREAK_NOT_YET_VALID,
	BREAK_DENIAL,	  /* the proof of absence is missing or does not fit */
	BREAK_ITERATIONS, /* NSEC3 iterations that validators refuse (RFC 9276 3.2) */
	BREAK_ALGORITHM,  /* insecure: every DS or key has an algorithm that is not supported */
	BREAK_SIGNER,	  /* signed by another zone */
	BREAK_SILENT,	  /* no reply to a question that carries DNSSEC */
	BREAKS
};
const char *chain_break_slug(enum chain_break b);

/* What one server's replies amount to, for one zone or for the question. */
struct chain_server {
	struct server server;
	enum security security;
	enum chain_break why;
	const struct entry *entry; /* the reply in which it shows; NULL: none */
	uint16_t type; /* of the set that broke it: DS, DNSKEY, NSEC3 ..., the question's type */
	uint16_t tag;  /* of the key, signature or DS; 0: none in particular */
	uint8_t algorithm;   /* the same */
	uint16_t iterations; /* with BREAK_ITERATIONS */
	int64_t since;	     /* expired, not yet valid: the time of the signature; 0: none */
};
struct chain_servers VEC(struct chain_server);

/* A zone on the way, from the root down. */
struct chain_zone {
	const struct name *apex;
	bool pending;
	enum security security; /* by the best that its servers offer: a resolver may retry */
	enum chain_break why;	/* of the worst server, when one is not secure */
	bool uneven;		/* some servers are bogus, others not: some lookups fail */
	bool ds; /* its parent has DS records for it, or it is the root with an anchor */
	/*
	 * What each server of the parent says of DS; none for the root, for an undelegated test,
	 * and below a zone that is not secure. One whose DS records are all old is bogus.
	 */
	struct chain_servers parents;
	struct chain_servers servers;	/* its own servers: DNSKEY; none when there is no DS */
	struct VEC(struct dnskey) keys; /* trusted ones: of any server that is secure */
};

struct chain {
	const struct name *name; /* the question */
	uint16_t type;
	bool pending;
	bool anchored; /* there is a trust anchor for the root */
	struct VEC(struct chain_zone) zones;
	/* To the question, of each server of the last zone; none when that is not secure. */
	struct chain_servers answers;
	enum security security; /* of the whole way and the answer, aliases followed: the worst */
	bool uneven;		/* anywhere on it */
	int broken; /* index of the first zone that is not secure; -1: none, or the answer */
	const struct chain *next; /* of an alias's target; NULL: no alias, too many, a circle */
};

enum {
	CHAIN_SLACK = 300, /* seconds by which a signature may be out of its time */
	CHAIN_ALIASES = 8,
};

/*
 * Validates what the servers of the deepest zone say to the question, at the time at which the
 * facts were begun; our clock may be wrong by CHAIN_SLACK. Without an anchor nothing is asked.
 * Never NULL; belongs to the pass.
 */
const struct chain *chain_validate(struct tree *t, const struct name *name, uint16_t type);

/*
 * What a check of the tree validates: the plan's look-up if it has one; else the tested zone's SOA,
 * types of which it has not all, and a name that it has not, so that proofs of absence are seen.
 * Nothing when single test cases were asked for.
 */
struct chains VEC(const struct chain *);
struct chains chain_planned(struct tree *t);

#endif
