/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The catalogue's entries for what a resolver draws its source ports from. */
#include <stddef.h>

#include "fault/entries.h"

static const char *const there[] = {
	"Nothing is wrong at the servers for this. When somebody else runs the resolver: send him "
	"this report; the change is his.",
	NULL,
};

static const char fixed_explain[] =
	"All queries of this resolver leave from one source port. Whoever wants to slip it a "
	"forged reply has to guess the 16 bits of the message id alone, which takes minutes, "
	"instead of id and port together (RFC 5452; the attack of 2008, CVE-2008-1447). And "
	"whatever a firewall or a translator on the way does to that one port it does to every "
	"query: when the port is dropped, nothing resolves; a second resolver behind the same "
	"translated address that uses the same port is given another one, a low one if the port "
	"is low.\n"
	"\n"
	"A fixed port is most often left over from the time when firewalls were told to let "
	"replies to port 53 pass. A firewall that keeps state needs no such rule.";
static const char fixed_seen[] =
	"Its configuration names the port, and what was seen of its packets does not contradict "
	"that; or so many of its queries were seen from a single port that it cannot be chance. "
	"One port that the kernel chose and that stays for the life of the process counts as "
	"well: it can be found out and is then as good as fixed.";
static const char *const fixed_here[] = {
	"Let the resolver draw its ports at random from a large range.",
	"See before that the firewall lets queries out from all of these ports and the replies "
	"back in by state, not by a list of ports.",
	NULL,
};
static const char *const fixed_refs[] = { "RFC 5452 9.2", "RFC 6056", "CVE-2008-1447", NULL };

const struct fault fault_resolver_fixed_port = {
	.id = "resolver-fixed-port",
	.title = "The resolver sends all queries from one port",
	.summary =
		"[{software}|the resolver] sends all its queries from [{ports}|one port][, {as}][ "
		"({file}, line {line})]: easy to forge for, and lost as a whole when that port is",
	.explain = fixed_explain,
	.seen = fixed_seen,
	.advice_here = fixed_here,
	.advice_there = there,
	.refs = fixed_refs,
};

static const char small_explain[] =
	"This resolver draws its source ports from fewer than 1,024. Each halving of the range "
	"halves the work of a forger (RFC 5452 9.2 wants the range as large as possible), and "
	"makes it likelier that a set of ports that is dropped somewhere covers all or much of "
	"it: then a retry does not help, because it is drawn from the same few.";
static const char small_seen[] =
	"The configuration says so and nothing contradicts it, or ports come back among the "
	"queries that were seen so often that the upper end of the 95% interval for the size of "
	"the pool is below 1,024.";
static const char *const small_here[] = {
	"Widen the range to all ports from 1024 up.",
	NULL,
};
static const char *const small_refs[] = { "RFC 5452 9.2", "RFC 6056 3.2", NULL };

const struct fault fault_resolver_small_pool = {
	.id = "resolver-small-pool",
	.title = "The resolver draws its source ports from few",
	.summary = "[{software}|the resolver] draws its source ports from [about {size}|few] "
		   "only[, {as}][ "
		   "({file}, line {line})]",
	.explain = small_explain,
	.seen = small_seen,
	.advice_here = small_here,
	.advice_there = there,
	.refs = small_refs,
};

static const char sequential_explain[] =
	"Each query leaves, or arrives, from the port that follows the one before. Who sees one "
	"query, for example because the resolver asks him for a name of his own, knows the ports "
	"of the next ones, and is back at guessing the message id alone. Resolvers have not done "
	"that since 2008; address translators still do, and undo the randomness of the resolver "
	"behind them.";
static const char sequential_seen[] =
	"Among the queries that were seen, far more ports lie a small step above the one before "
	"than chance would put there.";
static const char *const sequential_here[] = {
	"Compare the ports as they leave the resolver with those that arrive (dnsfault resolver "
	"--beacon): when only the latter are in order, the translator makes them so. Have it keep "
	"ports or draw them by chance, as nftables does with masquerade random,fully-random.",
	"When they leave in order, the resolver or its operating system is older than 2008: "
	"replace it.",
	NULL,
};
static const char *const sequential_refs[] = { "RFC 5452 9.2", "RFC 6056 3.1", NULL };

const struct fault fault_resolver_sequential_ports = {
	.id = "resolver-sequential-ports",
	.title = "The resolver's source ports follow each other",
	.summary = "source ports of [{software}|the resolver] follow each other[, by {source}: "
		   "{samples} queries, {distinct} ports]",
	.explain = sequential_explain,
	.seen = sequential_seen,
	.advice_here = sequential_here,
	.advice_there = there,
	.refs = sequential_refs,
};

static const char case_explain[] =
	"The resolver sends names in the letters' case in which they were asked. Some resolvers "
	"mix upper and lower case at random and check that the reply has the same: each letter "
	"adds a bit that a forger has to guess (0x20). It is an extra, not a duty, and a few "
	"servers do not keep the case, which costs such resolvers a second query.";
static const char case_seen[] =
	"Of the names with at least eight letters that it was seen to ask for, none had letters "
	"of both cases; at random less than one in a hundred would have had one case.";
static const char *const case_here[] = {
	"Unbound: use-caps-for-id: yes. Knot Resolver does it by itself. BIND and PowerDNS have no "
	"such option: there, random ports, cookies and DNSSEC validation are the protection.",
	NULL,
};
static const char *const case_refs[] = { "draft-vixie-dnsext-dns0x20-00", NULL };

const struct fault fault_resolver_no_0x20 = {
	.id = "resolver-no-0x20",
	.title = "The resolver does not mix the case of names",
	.summary = "[{software}|the resolver] does not mix the case of names[ ({lettered} queries "
		   "seen)]",
	.explain = case_explain,
	.seen = case_seen,
	.advice_here = case_here,
	.advice_there = there,
	.refs = case_refs,
};

static const char differs_explain[] =
	"The resolver's configuration says one thing of its source ports, its packets show "
	"another. Everything that is concluded from the file is then in doubt: the file may not "
	"be the one that the running process has read, the process may not have been reloaded, "
	"another program may be the one that answers, or something between the resolver and the "
	"place of the capture rewrites ports.";
static const char differs_seen[] =
	"Queries were seen from ports that the configured pool does not hold (at least two such "
	"ports, so that one packet of another program does not count); or all of them from a part "
	"of the pool so small that chance would not do that; or from many ports where one, or a "
	"few, were configured.";
static const char *const differs_here[] = {
	"See that the running process has read this file: compare its command line and start time "
	"with the file, and reload it.",
	"See whether a translator (NAT) or another resolver on this host sends these queries.",
	NULL,
};
static const char *const differs_refs[] = { "RFC 5452 9.2", NULL };

const struct fault fault_pool_differs_from_config = {
	.id = "pool-differs-from-config",
	.title = "The resolver's source ports are not those of its configuration",
	.summary = "[{software}|the resolver] sends from other ports than its configuration says[: "
		   "{outside} are outside]",
	.explain = differs_explain,
	.seen = differs_seen,
	.advice_here = differs_here,
	.advice_there = there,
	.refs = differs_refs,
};
