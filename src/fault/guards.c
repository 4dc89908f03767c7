/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The catalogue's entries for what stands before this network: guards and translation. */
#include <stddef.h>

#include "fault/entries.h"

static const char ids_block_explain[] =
	"Security software takes many small packets, or odd ones, from one address for a port "
	"scan, a flood or an attack, and then drops everything from that address for a while: to "
	"one server, to all servers of a site, or, when it stands near, to all servers there are. "
	"It is found in intrusion prevention (IDS, IPS), in firewalls with a list of blocked "
	"addresses, in routers, on hosts, and at providers. Resolvers send just such packets: "
	"many, "
	"from many ports, in many shapes.\n"
	"\n"
	"So lookups work, fail all together, and work again some seconds or minutes later, the "
	"more often the more there is to look up. In between nothing is wrong with any server. "
	"This test stopped when everything fell silent, and knocked a few times after growing "
	"pauses. Nothing is said of what was asked while the block lasted.";
static const char ids_block_seen[] =
	"A server that answered stops to answer anything at one moment: every shape, the plain "
	"question, from every port, and over TCP where that was asked. It stays silent to knocks "
	"after pauses of 1, 2 and 4 seconds at least, and then answers again. When as many queries "
	"as before bring the same about once more, it is a guard with a confidence of 0.99; when "
	"the budget does not allow to try (`diagnose` never tries), "
	"with 0.7, since an outage that passed looks the same. When as many queries do not bring "
	"it "
	"about, it is no finding. A server of another operator is asked meanwhile: when it "
	"answers, "
	"the guard is far; when it is silent just then, too, it is near.\n"
	"\n"
	"A limit (`rate-limited`) lets a part of the queries through, and all when they come "
	"slowly; a burst of loss is over by the first knocks. A server that died, or whose guard "
	"blocks for longer than two minutes, does not come back while it is watched: then the "
	"cause "
	"is said to be unknown.";
static const char *const ids_block_here[] = {
	"When the guard is far: ask the operator of the servers to exempt your resolver's address. "
	"When it is near: look in the router and on this host for intrusion prevention, port scan "
	"or flood protection (UDP flood, DNS flood), and exempt the resolver's address, or UDP "
	"port "
	"53 of others.",
	"Many resolvers behind one address share its count: give them addresses of their own, and "
	"let them cache.",
	"Until then a resolver that forwards over one TLS connection, instead of asking the "
	"zones' servers, does not look like a scan.",
	"Do not raise --rate to see it sooner: whoever shares the address would be blocked as "
	"well.",
	NULL,
};
static const char *const ids_block_there[] = {
	"Do not drop queries of a whole address for a while: addresses of UDP packets are forged "
	"with ease, so that anybody can have any resolver blocked from your zones.",
	"Limit replies instead (RRL with slip 1 or 2), so that honest resolvers come over TCP, "
	"and exempt port 53 of the name servers from scan and flood detection.",
	"Odd queries (unknown options, flags, types and opcodes) are to be answered, and are no "
	"attack.",
	NULL,
};
static const char *const ids_block_refs[] = {
	"RFC 8906 4",
	"RFC 5452 9.2",
	"https://github.com/hickory-dns/hickory-dns/issues/1555",
	NULL,
};

const struct fault fault_ids_block = {
	.id = "ids-block",
	.title = "A guard takes queries for an attack and blocks this address",
	.summary = "[after {queries} queries ]{servers} answered nothing any more[ over "
		   "{transports}][, "
		   "for {lasted} or more], and then again[ ({seen})]: a guard blocks who asks much",
	.explain = ids_block_explain,
	.seen = ids_block_seen,
	.advice_here = ids_block_here,
	.advice_there = ids_block_there,
	.refs = ids_block_refs,
};

static const char snat_exhaustion_explain[] =
	"Between private addresses and the Internet a translator (NAT, SNAT, CGN, a cloud's "
	"gateway) gives each flow a port of a public address and keeps it for a while after "
	"the last packet: two minutes or more by the standard, which lets it be less for port "
	"53. A resolver takes a new port for every query. When the share of ports that a host "
	"or subscriber gets is used up, new flows are dropped without a word until old ones "
	"are forgotten. Shares are often small: some gateways give 64 ports to a host.\n"
	"\n"
	"Ports can mostly be used again towards another destination. So it hits first where "
	"most queries go, above all a forwarder, while names that are looked up from the root "
	"down still work.";
static const char snat_exhaustion_seen[] =
	"Pairs of queries leave together, one from a new port and one from a port in use, in "
	"random order: the new ports get lost, the others do not. The lost ports are answered "
	"after a pause, and when pairs are sent once more, these very ports, now in use, are "
	"answered where new ones are lost. A limit at the server (`rate-limited`) counts "
	"queries and not ports. Ports that are lost each time, whatever the rate, are "
	"`source-port-filter` or `flow-hash-loss`; those of `source-port-policer` do not fare "
	"better for being in use.\n"
	"\n"
	"A firewall with a full table of flows looks the same from here, and so does one that "
	"limits new flows. Servers of other operators, asked in the same way, tell which side "
	"it is on. A share of more ports than were asked from is not found.";
static const char *const snat_exhaustion_here[] = {
	"Raise the number of ports for each host at the gateway (the least number of ports a "
	"VM, in clouds), or give it more public addresses.",
	"Give the resolver a public address of its own, without translation.",
	"Shorten the time for which the gateway keeps UDP flows to port 53, and let one "
	"resolver with a cache ask for all hosts.",
	"A forwarder can be asked over TCP or TLS, where many queries share one port: Unbound "
	"forward-tcp-upstream: yes or forward-tls-upstream: yes. Several forwarders have "
	"ports of their own each.",
	NULL,
};
static const char *const snat_exhaustion_there[] = {
	"Where servers of others bear it and yours do not: look at what stands before them, a "
	"firewall or load balancer, for a limit of flows or new flows for each client.",
	"Let queries to port 53 pass without keeping a state for each.",
	NULL,
};
static const char *const snat_exhaustion_refs[] = {
	"RFC 4787 REQ-5",
	"RFC 6888 REQ-4",
	"RFC 5452 9.2",
	"https://emile.hofsink.net/blog/dns-forwarders",
	"https://blog.blksthl.com/2020/07/06/",
	NULL,
};

const struct fault fault_snat_exhaustion = {
	.id = "snat-exhaustion",
	.title = "Address translation on the way has no ports left",
	.summary = "queries to {servers} from new ports get lost when many are in use: a "
		   "translation or a table of flows on the way is full[: {what}]",
	.explain = snat_exhaustion_explain,
	.seen = snat_exhaustion_seen,
	.advice_here = snat_exhaustion_here,
	.advice_there = snat_exhaustion_there,
	.refs = snat_exhaustion_refs,
};
