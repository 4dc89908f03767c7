/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The catalogue's entries for resolvers that fail by themselves. */
#include <stddef.h>

#include "fault/entries.h"

static const char lacks_explain[] =
	"The zone is signed, its signatures hold, and the resolver calls them bogus, because its "
	"cryptography does not verify signatures of that algorithm. A validator that does not know "
	"an algorithm has to treat the zone as unsigned. One that knows it, while a policy of the "
	"system took it from the library beneath (SHA-1 on Enterprise Linux 9 is the known case), "
	"sees signatures that fail, and answers SERVFAIL for every name of such zones.";
static const char lacks_seen[] =
	"The resolver says SERVFAIL twice; with checking disabled it answers; the chain of trust "
	"was validated here, from the root's anchor, and is secure on all servers; a zone in it "
	"rests on such an algorithm alone; and the resolver does validate the root, which has "
	"another one. A wrong trust anchor of the resolver's own for this zone would look the "
	"same. Signatures that do not hold here either are a `dnssec-...` finding.";
static const char *const lacks_here[] = {
	"Update the resolver: newer ones ask their library at the start, and treat such zones as "
	"unsigned. Or let the system have the algorithm (Enterprise Linux: update-crypto-policies "
	"--set DEFAULT:SHA1).",
	"BIND: disable-algorithms makes these zones unsigned to it. See also that it has no trust "
	"anchor of its own for the zone.",
	NULL,
};
static const char *const lacks_there[] = {
	"SHA-1 is no longer to be signed with (RFC 9905): roll the keys to algorithm 13 or 8.",
	NULL,
};
static const char *const lacks_refs[] = {
	"RFC 4035 5.2",
	"RFC 8624 3.1",
	"RFC 9905",
	"RFC 8914 4.2",
	NULL,
};

const struct fault fault_validator_lacks_algorithm = {
	.id = "validator-lacks-algorithm",
	.title = "The resolver cannot verify an algorithm and calls the zone bogus",
	.summary = "the resolver {servers} fails and answers with checking disabled, and {subject} "
		   "is signed well[, with algorithm {algorithm}][ ({mnemonic})]; most likely the "
		   "resolver cannot verify that[: {reason}][; it adds: {ede_name}]",
	.explain = lacks_explain,
	.seen = lacks_seen,
	.advice_here = lacks_here,
	.advice_there = lacks_there,
	.refs = lacks_refs,
};
