/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The catalogue's entry for filters that drop by source port. */
#include <stddef.h>

#include "fault/entries.h"

static const char explain[] =
	"Every DNS query over UDP leaves from a source port, and its reply comes back to that "
	"port. "
	"A resolver draws a new port for nearly every query, so that replies are hard to forge. "
	"Here a "
	"fixed set of ports is cut off: a query from one of them, or the reply to it, is dropped "
	"somewhere, while the same query from another port is answered at once. A resolver that "
	"happens to draw a dropped port waits in vain and tries again; when all its tries are "
	"unlucky it says SERVFAIL. So lookups fail now and then, at some sites and not at others, "
	"and "
	"every look at the records of the zone finds them in order.\n"
	"\n"
	"Three kinds of filter are common. One is stateless and drops UDP from source ports below "
	"1024, "
	"often with an exception for 53, on the idea that no honest query comes from there. One is "
	"a "
	"list of single ports known from amplification attacks, such as 389, 1900 or 11211, which "
	"drops with the attack the one query in some ten thousand that was drawn from such a port. "
	"And BIND's named itself ignores queries from UDP ports 7, 13, 19 and 37 (echo, daytime, "
	"chargen, time), so that nobody can set two such services talking to each other: when just "
	"these are blocked, no firewall is to be looked for, and no resolver should use them.\n"
	"\n"
	"RFC 5452 9.2 has resolvers draw their ports from 53 and from 1024 upwards, and RFC 6056 "
	"has "
	"clients of any kind use 1024 to 65535. So a modern resolver that nothing stands in front "
	"of "
	"sends nothing from the other low ports. Queries from low ports are there all the same: "
	"from "
	"resolvers and forwarders set to a fixed port or to a range that begins too low, from old "
	"stacks, and from address translation. The translation of Linux keeps a port when it is "
	"free, and else draws one of the same class: 1-511 for a port below 512, 600-1023 for "
	"one of 512-1023, 1024-65535 for the others. Two resolvers that send from port 53 and "
	"share an "
	"outside address are enough: the first keeps 53, the second gets a port in 1-511. The "
	"asker cannot see this and cannot help it, and a server has no reason to care: a DNS "
	"server has "
	"to answer whatever port a query comes from.\n"
	"\n"
	"From one end it can often not be told whether the query or the reply to it is dropped: "
	"both "
	"carry the same port. Both are the same rule to look for, once by source and once by "
	"destination port. Where routers answer behind the drop, it is the query.";

static const char seen[] =
	"A reply proves a port open; silence is only evidence. The loss of the path is measured on "
	"ports that answer, asked all along, and a port counts as blocked after so many silences "
	"that "
	"loss would hardly do it; silences while open ports were silent too do not count. The ends "
	"of "
	"each blocked range are tested port by port. Then servers of other operators are asked "
	"from "
	"the same ports: when they answer, the filter is far, at or in front of the servers; when "
	"all "
	"that answer from open ports are silent, it is near, in the asker's own network. Then "
	"a blocked and an open port send the query with rising TTLs: where routers answer the open "
	"one only, the other was dropped before. A router that rejects the ports by ICMP names "
	"itself. A server that answers from no port at all is `unreachable`.";

static const char *const advice_here[] = {
	"Find out which ports really leave your site: capture DNS to port 53 outside of any "
	"address "
	"translation, not on the resolver.",
	"When the filter is near: look on this host, its router, its cloud's network ACLs for a "
	"rule "
	"on UDP source ports, or on destination ports of replies, and make it stateful.",
	"Unbound: 'outgoing-port-avoid: 0-1023' and one line for each other blocked port; an "
	"'outgoing-port-permit' below 1024 has to go.",
	"BIND up to 9.20: no 'port' in query-source and query-source-v6, and 'use-v4-udp-ports { "
	"range "
	"1024 65535; };' (use-v6-udp-ports too), with avoid-v4-udp-ports for other blocked ports. "
	"Newer BIND takes the system's range: sysctl net.ipv4.ip_local_port_range.",
	"PowerDNS Recursor: udp-source-port-min=1024 and udp-source-port-avoid (from 5.2 on "
	"outgoing.udp_source_port_min and outgoing.udp_source_port_avoid).",
	"dnsmasq: min-port=1024 and no query-port.",
	"Address translation: map outgoing queries to ports from 1024 up (nftables: masquerade to "
	":1024-65535), and let no two resolvers send from port 53 behind one address.",
	NULL,
};

static const char *const advice_there[] = {
	"Take out the rule that drops DNS by source port in front of the name servers (or by "
	"destination port behind them), on firewalls, load balancers and scrubbing services alike. "
	"RFC 5452 9.2 permits queries from 53 and from 1024 up, address translation moves others "
	"below "
	"1024 without the asker's doing, and a DNS server has to answer any port.",
	"When the rule is against amplification: what arrives at UDP port 53 is a query, not a "
	"reflected reply. Limit reflected traffic to other destination ports, or limit by rate.",
	"Afterwards the dig lines of the report for blocked ports must be answered as those for "
	"open "
	"ports are.",
	NULL,
};

static const char *const refs[] = {
	"RFC 5452 9.2",
	"RFC 6056 3.2",
	"https://wordtothewise.com/2013/04/dns-servfail-firewalls-microsoft/",
	"https://github.com/PowerDNS/pdns/issues/6321",
	"https://github.com/kubernetes/dns/issues/205",
	NULL,
};

const struct fault fault_source_port_filter = {
	.id = "source-port-filter",
	.title = "Queries from certain source ports get no answer",
	.summary =
		"queries from source [{blocked}|ports of a fixed set] get no answer from {servers}",
	.explain = explain,
	.seen = seen,
	.advice_here = advice_here,
	.advice_there = advice_there,
	.refs = refs,
};
