/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The catalogue's entries for what stands before this network: guards and translation. */
#include <stddef.h>

#include "fault/entries.h"

static const char ids_block_explain[] =
	"A resolver sends many small packets from many ports to many addresses, and replies "
	"come back to all of these ports. Security software on the host, in the router or at "
	"the provider can take that for a port scan or a flood. It then drops queries or "
	"replies, of all servers or of those it has just learnt to suspect, and forgets after "
	"some minutes.\n"
	"\n"
	"So lookups work, fail all together, and work again, the more often the more there is "
	"to look up. In between nothing is wrong with any server.";
static const char ids_block_seen[] =
	"Replies come until some number of queries is reached, and then stop for servers of "
	"several operators at once; after a pause they come again, and the same happens once "
	"more. A server that stops alone is `rate-limited` or `client-blocked`; one network "
	"or one side of it that is down does not come back by a pause. Loss that grows only "
	"with the number of ports in use is `snat-exhaustion`.";
static const char *const ids_block_here[] = {
	"Look in the router and on this host for intrusion prevention, port scan or flood "
	"protection (UDP flood, DNS flood), and exempt the resolver's address, or UDP port 53 "
	"of others.",
	"Until then a resolver that forwards over one TLS connection, instead of asking the "
	"zones' servers, does not look like a scan.",
	"Do not raise --rate to see it sooner: whoever shares the address would be blocked as "
	"well.",
	NULL,
};
static const char *const ids_block_there[] = {
	"Nothing can be mended at the servers that were asked.",
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
	.title = "Something near takes lookups for an attack and blocks them",
	.summary = "after some queries nothing replied any more, {servers} and others alike, "
		   "until a pause had passed[: {what}]",
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
