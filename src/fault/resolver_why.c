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

static const char remembers_explain[] = "The resolver answers SERVFAIL at once, without asking "
					"anybody, while the zone's servers answer "
					"whoever asks them: it remembers that an earlier try "
					"failed. Resolvers keep failures, for a "
					"second up to five minutes, so that a dead zone does not "
					"cost them a try for each question; "
					"and they keep notes of servers that did not answer, for "
					"longer. The fault itself was earlier, "
					"and is over, or comes and goes.";
static const char remembers_seen[] =
	"SERVFAIL came sooner than a server could have been asked; all servers of the zone gave "
	"this "
	"host the same answer; no signature is in question; and then either the resolver answered "
	"at "
	"the end of this run, or it still failed at once for this name, but looked up another name "
	"of "
	"the zone, for which it has to ask the same servers. A rule of the resolver's for one name "
	"looks like the second. Where the other name fails as well, it is `resolver-disagrees`.";
static const char *const remembers_here[] = {
	"Let it forget: rndc flushname NAME, unbound-control flush NAME and flush_infra all, "
	"rec_control wipe-cache NAME; or wait some minutes.",
	"Then look for what failed before: ask again for a while, from the resolver's host, and "
	"read "
	"its log. BIND: servfail-ttl, Unbound: infra-host-ttl and infra-keep-probing, PowerDNS "
	"Recursor: packetcache-servfail-ttl say how long it remembers.",
	NULL,
};
static const char *const remembers_there[] = {
	"When the resolver is run by somebody else: ask its operator to flush the name.",
	NULL,
};
static const char *const remembers_refs[] = {
	"RFC 9520 3.2",
	"RFC 2308 7",
	NULL,
};

const struct fault fault_resolver_remembers = {
	.id = "resolver-remembers",
	.title = "The resolver remembers a failure that is over",
	.summary = "the resolver {servers} fails[ after {took}] without asking, while the zone's "
		   "servers answer[; it {recovered} {after} later][; it {still} {after} later]"
		   "[, and answers {fresh}]: most likely it remembers an earlier failure",
	.explain = remembers_explain,
	.seen = remembers_seen,
	.advice_here = remembers_here,
	.advice_there = remembers_there,
	.refs = remembers_refs,
};

static const char limit_explain[] =
	"Resolvers bound what one question may cost them, against those who build zones that make "
	"them "
	"work for nothing: how many aliases they follow, how many names of servers they look up, "
	"how "
	"many queries they send. A zone that needs more is looked up by none of them, or by some, "
	"or at "
	"the second try, when a part of the work is in the cache. The answer is SERVFAIL, soon, "
	"although every server replies.";
static const char limit_seen[] =
	"The resolver says SERVFAIL long before its patience ends, the same walk from here finds "
	"the "
	"answer, at all servers, no signature is in question, and what the walk had to follow is "
	"more "
	"than is known of the resolver's make, or of any make when that is not known. That it "
	"stopped "
	"for this reason is an inference; where it gives the aliases that it followed, as BIND, "
	"PowerDNS and Knot Resolver do, their number shows it.";
static const char *const limit_here[] = {
	"The resolver's log tells such limits (Unbound: log-servfail: yes; BIND: category "
	"query-errors); BIND tells it as extended error, too.",
	"Where there is a setting (BIND: max-query-restarts; PowerDNS Recursor: "
	"max-ns-address-qperq) it "
	"can be raised, which lets others make the resolver work more.",
	NULL,
};
static const char *const limit_there[] = {
	"Let aliases lead to the last name at once: a few are the most that should be relied on.",
	"Take names of servers that do not exist out of the delegation, and give glue for those "
	"that "
	"do.",
	NULL,
};
static const char *const limit_refs[] = {
	"RFC 1034 3.6.2",
	"RFC 1034 5.3.3",
	NULL,
};

const struct fault fault_resolver_limit = {
	.id = "resolver-limit",
	.title = "The lookup needs more than the resolver does for one question",
	.summary =
		"the resolver {servers} fails[ after {took}]; most likely this lookup is beyond a "
		"limit of it[: {count} {what}][ ({more})][, where {software} bears {limit}]"
		"[ ({setting})][; it followed {followed}][; it adds: {ede_name}][: {ede_text}]",
	.explain = limit_explain,
	.seen = limit_seen,
	.advice_here = limit_here,
	.advice_there = limit_there,
	.refs = limit_refs,
};
