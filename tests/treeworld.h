/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A small Internet in which test cases of the tree are tried: a healthy world, and rows of what to
 * spoil in it and which tags must come of that.
 *
 *	static const struct signer_plan no_ksk = {
 *		.keys = { { SIGNER_P256_1, 13, 257, .signs = SIGNER_NOTHING },
 *			{ SIGNER_P256_2, 13, 256, .signs = SIGNER_BOTH } },
 *		.ds = { { .key = 1, .digest = 2 } },
 *	};
 *	static const struct treeworld_row rows[] = {
 *		{ .cases = "zone02", .expect = "REFRESH_MINIMUM_VALUE_LOWER",
 *			.changes = { { .zone = "child.xa.", .drop = "child.xa. SOA",
 *				.add = "child.xa. SOA ns1.child.xa. h.child.xa. 1 9 9 9 9" } } },
 *		{ .cases = "nameserver02", .show = TREEWORLD_SERVERS,
 *			.expect = "NO_EDNS_SUPPORT[ns2.child.xa/9.32.0.1]",
 *			.changes = { { .at = "9.32.0.1", .edns = true, .rcode = RCODE_FORMERR,
 *				.empty = true, .no_opt = true } } },
 *		{ .cases = "dnssec02", .secure = true, .child = &no_ksk, .expect =
 *			"DS02_NO_MATCHING_DNSKEY_RRSIG DS02_DNSKEY_NOT_SIGNED_BY_ANY_DS" },
 *	};
 *	treeworld_test(rows, ARRAY_LEN(rows));
 *
 * The healthy world. Each host has an address of each family, by its number N: 9.N.0.1 and
 * 2a09:N::1 (global ones: addresses for documentation are an error in address01).
 *
 *	a.root.xb 11, b.root.xb 12      "."
 *	a.nic.xa 13, b.nic.xa 14        "xa."
 *	a.nic.xb 15, b.nic.xb 16        "xb.", "in-addr.arpa.", "ip6.arpa.", "asn.xb."
 *	ns1.child.xa 31, ns2.child.xa 32, ns.other.xb 33    "child.xa.", the zone under test
 *	ns.other.xb 33, ns2.other.xb 34 "other.xb."
 *	ns3.child.xa 35                 "child.xa.", but no NS record names it; its address is there
 *	spare.xb 36                     no zone; its address is there
 *
 * child.xa. has www, mail (9.37.0.1, 2a09:37::1), an MX and an SPF policy. Every address has a PTR
 * (by wildcard) that names its host, and an AS of its own (64500 + N) in asn.xb., which the plan
 * names with TREEWORLD_ASN. All zones but child.xa., xa. and the root are never signed.
 *
 * At NOTICE and above nothing is to be said of the healthy world when it is signed (.secure); when
 * it is not, DS07_NOT_SIGNED and DS07_NOT_SIGNED_ON_SERVER.
 *
 * All is in virtual time and repeats; a row costs some milliseconds, a signed one some tens. A
 * server that is spoilt is a conforming one (net/sim.h) whose zones or replies are changed. What
 * rows cannot say, an edit function can: it gets the reply taken apart. To look closer at a row:
 * treeworld_ask() for one reply, treeworld_run() for all facts and the tree of the last pass.
 */
#ifndef TESTS_TREEWORLD_H
#define TESTS_TREEWORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/vec.h"
#include "check/finding.h"
#include "dns/msg.h"
#include "dns/rr.h"
#include "facts/facts.h"
#include "infer/tree.h"
#include "signer.h"
#include "tap.h"

enum {
	TREEWORLD_CHANGES = 8,
	TREEWORLD_STARTED = 1767225600, /* 2026-01-01: when the facts of a row are gathered */
};

/* All servers of child.xa.; of xa.; of the root. */
#define TREEWORLD_CHILD "ns1.child.xa ns2.child.xa ns.other.xb"
#define TREEWORLD_XA	"a.nic.xa b.nic.xa"
#define TREEWORLD_ROOT	"a.root.xb b.root.xb"

/* KSK 1 and ZSK 2 of algorithm 13, NSEC; a CSK; nothing. */
extern const struct signer_plan treeworld_signed, treeworld_above, treeworld_unsigned;

/* A set of manners, for struct treeworld_change. */
#define TREEWORLD_IN(manner) (1U << (manner))

/* A reply taken apart. Whatever is in it is what is sent. */
struct treeworld_record {
	uint8_t section; /* enum msg_section */
	struct name owner;
	uint16_t type, class;
	uint32_t ttl;
	struct span rdata;
};
struct treeworld_reply {
	struct arena *arena; /* lives as long as the row's run */
	uint16_t id, flags;  /* the header's second 16 bits: code in the lowest four */
	bool question;	     /* the question is echoed */
	struct name name;    /* as it is echoed */
	uint16_t type, class;
	struct VEC(struct treeworld_record) records; /* without OPT, in the order of sections */
	bool opt;
	uint16_t size, edns_flags;
	uint8_t extended, version; /* upper bits of the code; EDNS version */
	struct span options;	   /* the rdata of OPT */
	bool silent;		   /* nothing is sent */
	struct span raw;	   /* not empty: all of the message, but for its id */
};
typedef void treeworld_edit(struct treeworld_reply *r, const struct ask *ask);

/*
 * One thing that is not as in the healthy world. Changes to zones come first, in their order; then
 * those of behaviour, each for every query that fits all of its conditions.
 */
struct treeworld_change {
	/*
	 * Hosts: names or addresses (then only there), separated by blanks; NULL: all that serve
	 * the zone, or all. An address that no host has is a new host without zones.
	 */
	const char *at;

	/*
	 * A zone's text: first lines are dropped that begin with one of drop's parts, separated by
	 * '|' ("*": all lines), then lines are added. A host without the zone gets it first: the
	 * healthy one's where there is one of that apex, else an empty one.
	 */
	const char *zone, *drop, *add;
	bool late;   /* of a signed zone: it is the signed text that is changed (tests/signer.h) */
	bool unload; /* the zone is taken from the host */
	/* The zone is signed like this there; &treeworld_unsigned: not at all. */
	const struct signer_plan *sign;
	bool transfers; /* AXFR is allowed */

	/* Conditions: unset ones fit all. */
	uint16_t type, class;
	const char *name;     /* of the question */
	const char *under;    /* the question's name is at or below */
	bool udp, tcp;	      /* only over this transport */
	bool edns;	      /* only with EDNS */
	unsigned int manners; /* TREEWORLD_IN(MANNER_TCP) | … : of that shape and transport */

	/* Behaviour. */
	bool silent;
	uint16_t rcode;	     /* not 0 */
	uint16_t set, clear; /* flags */
	bool empty;	     /* no records but OPT */
	bool no_opt, no_question, no_authority, no_additional;
	bool echo_options, echo_flags; /* of EDNS */
	bool lower;		       /* the question comes back in lower case */
	const char *answer;	       /* the answer section is these lines instead */
	const char *speaks;	       /* UDP replies come from this address */
	treeworld_edit *edit;	       /* after all that */
};

/* What of findings is compared. */
enum treeworld_show {
	TREEWORLD_INFO = 1,    /* tags of INFO, too */
	TREEWORLD_DEBUG = 2,   /* and of DEBUG */
	TREEWORLD_SERVERS = 4, /* TAG[ns1.child.xa/9.31.0.1 …] */
	TREEWORLD_DETAILS = 8, /* TAG{key=value …}, behind the servers */
};

/* Plans. */
enum treeworld_plan {
	TREEWORLD_ASN = 1, /* AS data come from asn.xb. */
	TREEWORLD_NO_V4 = 2,
	TREEWORLD_NO_V6 = 4,
};

struct treeworld_row {
	const char *what;   /* NULL: named by its expectation */
	const char *cases;  /* ids, separated by blanks; NULL: all */
	const char *expect; /* tags in the order in which they are emitted, separated by blanks */
	const char *zone;   /* NULL: child.xa. */
	const char *ns;	    /* undelegated: "ns1.child.xa/9.31.0.1 ns2.child.xa" */
	unsigned int show, plan;
	bool chains; /* chains of trust are asked for as well (infer/chain.h: chain_planned) */
	bool mail;   /* the look-ups of mail for the zone are made (infer/mailset.h) … */
	const char *clients, *selectors, *helo; /* … of these senders; the first two with blanks */
	const char *lookup; /* only this look-up is validated, and no test case run; NULL: none */
	uint16_t lookup_type;
	/*
	 * child.xa., xa. and the root are signed by these plans (NULL: treeworld_signed, and
	 * treeworld_above for the two). xa. has the DS records that child's plan says, the root
	 * those of xa's, and the trust anchor is what root's plan says; an undelegated test is
	 * given the DS records of child's.
	 */
	bool secure;
	const struct signer_plan *child, *xa, *root;
	/* Of each round trip over UDP, this share is lost; patient: with the fetch's own waits. */
	double loss;
	uint64_t seed; /* of what is lost; 0: 1 */
	bool patient;
	struct treeworld_change changes[TREEWORLD_CHANGES];
};

/* What came of a row; all of it in the arena, and nothing else: arena_used is what a run takes. */
struct treeworld_run {
	struct facts *facts;
	struct findings findings;
	struct tree *tree;   /* of the last pass: for a test that looks deeper */
	bool ended;	     /* false: it asks without end */
	const char *overran; /* fetch_overran */
	/* What it cost. */
	size_t passes, asked; /* asked: packets, but for those of a TCP handshake */
	size_t pass_bytes;    /* that the largest pass took */
	size_t verified;      /* signatures */
	size_t work;	      /* dnssec_memo_work */
	uint64_t lasted;      /* µs of virtual time */
};
struct treeworld_run treeworld_run(struct arena *a, const struct treeworld_row *row);

/* One question to one address of the row's world: what came of it. Never a stray. */
struct treeworld_ask {
	const char *addr, *name;
	uint16_t type;
	enum manner manner;
};
const struct observation *treeworld_ask(
	struct arena *a, const struct treeworld_row *row, const struct treeworld_ask *q);

/* The findings as a row expects them. */
const char *treeworld_tags(
	struct arena *a, const struct treeworld_run *run, const struct treeworld_row *row);

/* Runs the rows: a test each. */
__attribute__((unused)) static void treeworld_test(const struct treeworld_row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct treeworld_row *row = &rows[i];
		struct arena *a = arena_new();
		struct treeworld_run run = treeworld_run(a, row);
		const char *what = row->what ? row->what : row->cases;

		ok(run.ended && !run.overran, "%s: ends", what);
		is_str(treeworld_tags(a, &run, row), row->expect, what);
		arena_free(a);
	}
}

#endif
