/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every look-up that mail for a domain takes, and what comes of each for delivery: what a sender
 * asks on its way out (RFC 5321 5.1, RFC 7672, RFC 8461, RFC 8460), and what a receiver asks about
 * the domain as a sender (RFC 7208, RFC 6376, RFC 7489, names of addresses). Each is resolved as
 * infer/resolve.h does and validated as infer/chain.h does, as a resolver that validates would.
 *
 *	const struct mailset *m = mailset(t);
 *
 *	vec_each (const struct mail_row, row, m->rows)
 *		if (row->problem != MAIL_PROBLEM_NONE)
 *			...
 */
#ifndef INFER_MAILSET_H
#define INFER_MAILSET_H

#include "infer/chain.h"
#include "infer/resolve.h"

/* What a look-up is for. */
enum mail_purpose {
	MAIL_MX,
	MAIL_EXCHANGE, /* an address of an exchange, or of the domain in its place */
	MAIL_TLSA,     /* which certificate an exchange shows (RFC 7672) */
	MAIL_STS,      /* whether there is an MTA-STS policy (RFC 8461) */
	MAIL_STS_HOST, /* where it is fetched */
	MAIL_TLSRPT,   /* where reports about TLS go (RFC 8460) */
	MAIL_REVERSE,  /* the name of an address that sends */
	MAIL_FORWARD,  /* whether that name leads back to it */
	MAIL_HELO,     /* the name that the sender gives */
	MAIL_SPF,      /* the policy, and those that it includes (RFC 7208) */
	MAIL_SPF_TERM, /* what a term of a policy looks up */
	MAIL_DKIM,     /* the key of a signature (RFC 6376) */
	MAIL_DMARC,    /* the policy for what fails both (RFC 7489) */
	MAIL_PURPOSES
};
const char *mail_purpose_slug(enum mail_purpose p);

/* How a look-up ends, for a resolver that validates. Those from MAIL_SILENT on may pass by. */
enum mail_state {
	MAIL_PENDING,
	MAIL_UNTOLD, /* it was not made to its end: nothing can be said */
	MAIL_FOUND,
	MAIL_NODATA,
	MAIL_NXDOMAIN,
	MAIL_SILENT, /* no server that could tell replies */
	MAIL_SERVFAIL,
	MAIL_REFUSED,
	MAIL_LAME,	/* replies that lead nowhere, or no server at all */
	MAIL_LOOP,	/* aliases, or servers, lead in a circle */
	MAIL_TRUNCATED, /* too large for UDP, and TCP brings nothing */
	MAIL_BOGUS,	/* what is signed does not validate */
	MAIL_STATES
};
const char *mail_state_slug(enum mail_state s);
bool mail_temporary(enum mail_state s);

/* What it does to delivery. */
enum mail_consequence {
	MAIL_NONE, /* nothing is in the way */
	MAIL_DEFERRED,
	MAIL_BOUNCED,
	MAIL_BOUNCED_NULL,
	MAIL_NULL_AMBIGUOUS,
	MAIL_IMPLICIT,
	MAIL_PASSED_OVER,
	MAIL_UNREACHABLE,
	MAIL_SOME_DEFER,
	MAIL_SOME_REFUSE_ALIAS,
	MAIL_DANE,
	MAIL_DANE_UNUSABLE,
	MAIL_NO_DANE,
	MAIL_DANE_DEFERRED,
	MAIL_STS_FETCHED,
	MAIL_NO_STS,
	MAIL_STS_IGNORED,
	MAIL_STS_UNFETCHED,
	MAIL_REPORTS,
	MAIL_NO_REPORTS,
	MAIL_CLIENT_REFUSED,
	MAIL_CLIENT_DEFERRED,
	MAIL_HELO_REFUSED,
	MAIL_HELO_DEFERRED,
	MAIL_SPF_NONE,
	MAIL_SPF_PERMERROR,
	MAIL_SPF_TEMPERROR,
	MAIL_SPF_VOID,
	MAIL_DKIM_FAILS,
	MAIL_DKIM_UNDEFINED,
	MAIL_DKIM_DEFERRED,
	MAIL_DMARC_NONE,
	MAIL_DMARC_IGNORED,
	MAIL_DMARC_PARTLY,
	MAIL_DMARC_DEFERRED,
	MAIL_CONSEQUENCES
};
/* "deferred (4.4.3)"; "" for MAIL_NONE. */
const char *mail_consequence_text(enum mail_consequence c);

/* Faults; check/mail.c has the finding of each. */
enum mail_problem {
	MAIL_PROBLEM_NONE,
	MAIL_PROBLEM_NO_DOMAIN, /* the domain does not exist */
	MAIL_PROBLEM_MX_FAILS,
	MAIL_PROBLEM_MISSING_MX,
	MAIL_PROBLEM_NULL_MX,
	MAIL_PROBLEM_NULL_MX_MALFORMED,
	MAIL_PROBLEM_MX_IS_ADDRESS,
	MAIL_PROBLEM_MX_IS_ALIAS,
	MAIL_PROBLEM_MX_WITHOUT_ADDRESS,
	MAIL_PROBLEM_MX_ADDRESS_UNUSABLE,
	MAIL_PROBLEM_ADDRESS_FAILS,
	MAIL_PROBLEM_TLSA_FAILS,
	MAIL_PROBLEM_STS_INVALID,
	MAIL_PROBLEM_STS_WITHOUT_HOST,
	MAIL_PROBLEM_TLSRPT_INVALID,
	MAIL_PROBLEM_TLS_POLICY_FAILS, /* MTA-STS, reports */
	MAIL_PROBLEM_RECEIVER_FAILS,   /* what a receiver looks up */
	MAIL_PROBLEM_REVERSE_MISSING,
	MAIL_PROBLEM_REVERSE_MISMATCH,
	MAIL_PROBLEM_HELO,
	MAIL_PROBLEM_SPF_MISSING,
	MAIL_PROBLEM_SPF_INVALID,
	MAIL_PROBLEM_SPF_MULTIPLE,
	MAIL_PROBLEM_SPF_LOOKUPS,
	MAIL_PROBLEM_SPF_VOIDS,
	MAIL_PROBLEM_SPF_LOOP,
	MAIL_PROBLEM_SPF_INCLUDE,
	MAIL_PROBLEM_DKIM_MISSING,
	MAIL_PROBLEM_DKIM_INVALID,
	MAIL_PROBLEM_DKIM_REVOKED,
	MAIL_PROBLEM_DMARC_MISSING,
	MAIL_PROBLEM_DMARC_INVALID,
	MAIL_PROBLEMS
};

struct mail_row {
	enum mail_purpose purpose;
	const struct name *name; /* that is looked up */
	uint16_t type;
	enum mail_state state;
	enum security security; /* of the answer or denial; INDETERMINATE without a trust anchor */
	bool alias;		/* aliases were followed */
	unsigned int records;	/* in the answer */
	bool large;		/* the reply did not fit into 512 octets of UDP */
	const struct entry *entry; /* the reply that tells, or one of those that fail; NULL: none */
	const struct chain *chain; /* NULL: it was not validated */
	enum mail_problem problem;
	enum mail_consequence consequence;
	const char *note; /* what is wrong, or what it is about; may hold bytes of others; NULL */
	unsigned int count, most; /* of what there is too much; most 0: nothing */
};

enum {
	MAIL_ROWS = 192,       /* look-ups of a run */
	MAIL_SPF_LOOKUPS = 10, /* that a policy may cause (RFC 7208 4.6.4) */
	MAIL_SPF_VOIDS = 2,    /* of which so many may find nothing */
};

struct mailset {
	bool pending;
	bool cut;	 /* there are more look-ups than are made */
	bool no_dane;	 /* MX and addresses were not secure: nobody looks for TLSA */
	bool spf_macros; /* a policy has macros, which only an address of a sender can fill */
	struct VEC(struct mail_row) rows;
};

/* By the plan, which has mail set; else empty. Once a pass; never NULL. */
const struct mailset *mailset(struct tree *t);

/* The validations of its rows that are not in the list yet are added. */
void mailset_chains(struct tree *t, struct chains *ret);

#endif
