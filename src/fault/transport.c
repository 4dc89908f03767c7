/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The catalogue's entries for messages on their way: size, TCP, replies that do not fit. */
#include <stddef.h>

#include "fault/entries.h"

static const char large_udp_loss_explain[] =
	"An answer that is larger than a packet of the path travels in fragments, and "
	"many firewalls drop fragments, or the ICMP messages that tell of a smaller "
	"path are dropped. The query is answered, the answer is lost, and the resolver "
	"waits.\n"
	"\n"
	"A resolver that announces at most 1232 octets (the default of current ones) "
	"gets a truncated answer instead and asks again over TCP.";
static const char large_udp_loss_seen[] =
	"The same question with DO, for the name asked for or for the zone's keys, gets no "
	"reply where it allows 4096 octets, several times, and one where it allows 1232 or "
	"512. The answer is larger than 1232 octets, as TCP shows, or was truncated in the "
	"small reply. When every query that allows 4096 octets is dropped, there is "
	"`edns-drop` as well, and then it is the query that is lost. When the answer cannot "
	"be had over TCP either, it is `truncation-without-tcp` besides.";
static const char *const large_udp_loss_here[] = {
	"Announce 1232 octets: BIND edns-udp-size 1232; Unbound edns-buffer-size: 1232; "
	"PowerDNS Recursor edns-outgoing-bufsize=1232; dnsmasq edns-packet-max=1232. If these "
	"get lost as well, 512.",
	"Let fragments, ICMP \"fragmentation needed\" and ICMPv6 \"packet too big\" through your "
	"firewall, and TCP to port 53 out.",
	NULL,
};
static const char *const large_udp_loss_there[] = {
	"Send at most 1232 octets over UDP and truncate what is larger: BIND max-udp-size "
	"1232; NSD ipv4-edns-size and ipv6-edns-size: 1232; Knot udp-max-payload: 1232; "
	"PowerDNS udp-truncation-threshold=1232.",
	"Let fragments out, ICMP errors in, and TCP to port 53 in.",
	NULL,
};
static const char *const large_udp_loss_refs[] = {
	"RFC 9715 3",
	"RFC 8900 3",
	"RFC 6891 6.2.5",
	"https://github.com/NLnetLabs/unbound/issues/106",
	"https://github.com/dns-violations/dnsflagday/issues/125",
	NULL,
};

const struct fault fault_large_udp_loss = {
	.id = "large-udp-loss",
	.title = "Large answers over UDP get lost",
	.summary = "large answers do not arrive over UDP from {servers}[ ({what})]",
	.explain = large_udp_loss_explain,
	.seen = large_udp_loss_seen,
	.advice_here = large_udp_loss_here,
	.advice_there = large_udp_loss_there,
	.refs = large_udp_loss_refs,
};

static const char truncation_without_tcp_explain[] =
	"An answer that does not fit into a datagram comes truncated, with the flag TC, "
	"and has to be asked for again over TCP. At this server TCP port 53 is closed "
	"or filtered, so the whole answer can be had by nobody who gets the truncated "
	"one. A resolver ends in SERVFAIL.\n"
	"\n"
	"It often begins when records are added: with one more mail server the answer "
	"no longer fits.";
static const char truncation_without_tcp_seen[] =
	"A reply over UDP has TC, and of several questions over TCP none was answered and two "
	"at least failed each time: no connection, a reset, or silence on it. Where nothing "
	"is truncated it is `tcp-blocked`. A server that truncates small answers because it "
	"is asked fast is `rate-limited` besides.";
static const char *const truncation_without_tcp_here[] = {
	"See that TCP to port 53 may leave this network: when no server at all answers over "
	"TCP, the block is here.",
	"A larger buffer (BIND edns-udp-size, Unbound edns-buffer-size, PowerDNS Recursor "
	"edns-outgoing-bufsize) may avoid the truncation, where the path bears it and the "
	"server sends as much.",
	"A mail server that looks up names by itself has to be able to ask over TCP: let it "
	"use a resolver that does.",
	NULL,
};
static const char *const truncation_without_tcp_there[] = {
	"Open TCP port 53 from everywhere to each server, in every firewall before it.",
	"Make the answer smaller.",
	NULL,
};
static const char *const truncation_without_tcp_refs[] = {
	"RFC 7766 5",
	"RFC 9210 3",
	"RFC 2181 9",
	"outlook.com, August 2023: the MX answer outgrew a UDP reply",
	NULL,
};

const struct fault fault_truncation_without_tcp = {
	.id = "truncation-without-tcp",
	.title = "An answer that needs TCP, and TCP that does not work",
	.summary = "{servers} truncate answers over UDP and do not answer over TCP[: {what}]",
	.explain = truncation_without_tcp_explain,
	.seen = truncation_without_tcp_seen,
	.advice_here = truncation_without_tcp_here,
	.advice_there = truncation_without_tcp_there,
	.refs = truncation_without_tcp_refs,
};

static const char tcp_one_query_only_explain[] =
	"Several queries may be sent over one connection, without waiting for replies "
	"in between. This server answers the first and closes, or ignores the others. "
	"Resolvers that reuse connections lose queries by it and repeat them.";
static const char tcp_one_query_only_seen[] =
	"Three queries go out over one connection without waiting. Of several such connections "
	"two or more had replies to some of them and none had all; while a single query in a "
	"connection of its own is answered. A connection without any reply is not counted: "
	"that may be loss. A server that answers none over TCP is `tcp-blocked`.";
static const char *const tcp_one_query_only_here[] = {
	"Mostly nothing needs to be done: resolvers ask again over a new connection.",
	"A resolver that loses time by it can be told not to reuse connections: Unbound "
	"max-reuse-tcp-queries: 1, PowerDNS Recursor tcp-out-max-queries=1.",
	NULL,
};
static const char *const tcp_one_query_only_there[] = {
	"Keep the connection while queries come in, and answer all that came before it "
	"is closed.",
	NULL,
};
static const char *const tcp_one_query_only_refs[] = {
	"RFC 7766 6.2.1",
	"RFC 9210 4.2",
	NULL,
};

const struct fault fault_tcp_one_query_only = {
	.id = "tcp-one-query-only",
	.title = "A server that answers one query of a TCP connection",
	.summary = "{servers} answer a single query over TCP, but not several in one connection",
	.explain = tcp_one_query_only_explain,
	.seen = tcp_one_query_only_seen,
	.advice_here = tcp_one_query_only_here,
	.advice_there = tcp_one_query_only_there,
	.refs = tcp_one_query_only_refs,
};

static const char reply_mismatch_explain[] =
	"Beside good replies there came datagrams that fit no query: with another id, to "
	"another question, from another sender, a second time, or long after the query was "
	"given up. Resolvers ignore them and some count them as an attack and go to TCP.\n"
	"\n"
	"Causes are servers or load balancers that mix up queries, paths that double packets, "
	"servers that are slower than anybody waits, and forgers.";
static const char reply_mismatch_seen[] =
	"At least three such datagrams of one kind came to ports from which the server had "
	"been asked. A reply in which only letter case differs is `case-mangled`. Replies "
	"from elsewhere that come in the place of the server's own, and not besides, are "
	"`reply-from-other-address`.";
static const char *const reply_mismatch_here[] = {
	"Capture the packets on both sides of your own firewall or NAT, to see whether "
	"they are doubled here.",
	NULL,
};
static const char *const reply_mismatch_there[] = {
	"Look at what stands before the server: a load balancer that sends queries to "
	"several servers at once, or answers late.",
	NULL,
};
static const char *const reply_mismatch_refs[] = {
	"RFC 5452 9.1",
	"RFC 5452 4.3",
	NULL,
};

const struct fault fault_reply_mismatch = {
	.id = "reply-mismatch",
	.title = "Replies that are no replies to what was asked",
	.summary = "beside the replies of {servers} there are some that do not fit what was "
		   "asked[: {what}]",
	.explain = reply_mismatch_explain,
	.seen = reply_mismatch_seen,
	.advice_here = reply_mismatch_here,
	.advice_there = reply_mismatch_there,
	.refs = reply_mismatch_refs,
};

static const char anycast_inconsistent_explain[] =
	"Several servers answer at this address, as their names (NSID) say, and they do "
	"not have the same: one has another serial, or answers with another RCODE. "
	"Which one is met depends on where the query comes from, and sometimes on its "
	"source port, so that the lookup works for some and fails for others.";
static const char anycast_inconsistent_seen[] =
	"The zone's SOA record was asked for from several ports, with a request for the "
	"server's name (NSID). Replies with different names, or with and without one, have "
	"another serial or another RCODE. A single name whose serial changes is a zone that "
	"was changed meanwhile. Nodes that are a few serials apart for a moment are seen so, "
	"too: ask again later.";
static const char *const anycast_inconsistent_here[] = {
	"Tell the operator which node it is: dig +nsid shows its name.",
	"Nothing can be set here to choose a node; the zone's other servers help.",
	NULL,
};
static const char *const anycast_inconsistent_there[] = {
	"See that the zone gets to all nodes, and take a node that cannot load it out "
	"of the routing.",
	NULL,
};
static const char *const anycast_inconsistent_refs[] = {
	"RFC 5001 3",
	"RFC 4892 1",
	"RFC 4786 4.6",
	"https://github.com/NixOS/infra/issues/873",
	NULL,
};

const struct fault fault_anycast_inconsistent = {
	.id = "anycast-inconsistent",
	.title = "Several servers behind one address do not agree",
	.summary = "{servers} give different answers from one query to the next[: {what}]",
	.explain = anycast_inconsistent_explain,
	.seen = anycast_inconsistent_seen,
	.advice_here = anycast_inconsistent_here,
	.advice_there = anycast_inconsistent_there,
	.refs = anycast_inconsistent_refs,
};

static const char conntrack_race_explain[] =
	"Two queries leave at the same moment from the same port to the same server, as "
	"programs send them for A and AAAA. One of them is lost. On a Linux host or "
	"router that translates addresses or tracks connections, both make an entry for "
	"the same flow at the same time, and the second is dropped. A lookup then takes "
	"five seconds, until the program asks again.";
static const char conntrack_race_seen[] =
	"Queries for A and AAAA were sent at once in pairs, some from one port, some from "
	"two. Of the first kind one of the two was lost in five pairs at least, and more "
	"often than of the second kind by Fisher's exact test with a chance of error below 1 "
	"in 1,000. A server that has nothing for AAAA tears both kinds.";
static const char *const conntrack_race_here[] = {
	"glibc: options single-request-reopen in /etc/resolv.conf sends the second from a "
	"port of its own once one was lost, single-request sends them one after the other, "
	"use-vc sends them over TCP.",
	"Kubernetes: a cache on the node (NodeLocal DNSCache) that asks over TCP. See "
	"\"insert_failed\" of conntrack -S.",
	"Or have the host or router that translates leave DNS untracked.",
	NULL,
};
static const char *const conntrack_race_there[] = {
	"If a firewall before the server tracks connections, do not let it do so for "
	"port 53.",
	NULL,
};
static const char *const conntrack_race_refs[] = {
	"RFC 5452 9.2",
	"resolv.conf(5): single-request-reopen",
	"https://lambda.lt/blog/2018/racy_conntrack.html",
	NULL,
};

const struct fault fault_conntrack_race = {
	.id = "conntrack-race",
	.title = "Two queries at once from one port: one gets lost",
	.summary = "of two queries sent at once from one port to {servers} often only one is "
		   "answered[: {what}]",
	.explain = conntrack_race_explain,
	.seen = conntrack_race_seen,
	.advice_here = conntrack_race_here,
	.advice_there = conntrack_race_there,
	.refs = conntrack_race_refs,
};

static const char bad_udp_checksum_explain[] =
	"The kernel throws away datagrams whose checksum is wrong, before any program "
	"sees them: it looks like silence. A network card or a virtual one that leaves "
	"checksums to hardware which is not there is the usual cause, above all with "
	"tunnels between containers. TCP works, since there it is computed elsewhere.";
static const char bad_udp_checksum_seen[] =
	"The kernel's counter of such datagrams (Udp InCsumErrors in /proc/net/snmp) rose by "
	"half of the unanswered queries or more, while every query over UDP to the server "
	"stayed without reply, and the server answered over TCP. The counter is that of the "
	"whole host: what else arrived here with a wrong checksum is in it.";
static const char *const bad_udp_checksum_here[] = {
	"Switch the offloading off to see whether it helps: ethtool -K INTERFACE "
	"tx-checksum-ip-generic off, on both ends of the tunnel.",
	"See whether the kernel's log says \"UDP: bad checksum\", and from whom.",
	NULL,
};
static const char *const bad_udp_checksum_there[] = {
	"Capture what leaves the server: a wrong checksum in a capture on the sending "
	"host itself means little, on the next host it is the proof.",
	NULL,
};
static const char *const bad_udp_checksum_refs[] = {
	"RFC 768",
	"RFC 1122 4.1.3.4",
	"https://github.com/k3s-io/k3s/issues/2013",
	"https://github.com/flannel-io/flannel/issues/1279",
	NULL,
};

const struct fault fault_bad_udp_checksum = {
	.id = "bad-udp-checksum",
	.title = "Replies arrive with a wrong UDP checksum",
	.summary = "{servers} seem silent over UDP, while this host throws away datagrams with a "
		   "wrong checksum[: {what}]",
	.explain = bad_udp_checksum_explain,
	.seen = bad_udp_checksum_seen,
	.advice_here = bad_udp_checksum_here,
	.advice_there = bad_udp_checksum_there,
	.refs = bad_udp_checksum_refs,
};
