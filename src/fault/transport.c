/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The catalogue's entries for what happens to messages on their way: size, TCP, replies that do not
 * fit. */
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
	"The same question was asked with a buffer of 4096 octets, which is silent, and "
	"a small one, which is answered; its answer is larger than 1232 octets, or was "
	"truncated in the small one. When the truncated answer cannot be had over TCP "
	"it is `truncation-without-tcp` besides.";
static const char *const large_udp_loss_here[] = {
	"Announce 1232 octets: BIND edns-udp-size 1232; Unbound edns-buffer-size: 1232; "
	"PowerDNS edns-bufsize=1232.",
	"Let fragments and ICMP \"fragmentation needed\", ICMPv6 \"packet too big\", "
	"through your firewall.",
	NULL,
};
static const char *const large_udp_loss_there[] = {
	"Send at most 1232 octets over UDP (max-udp-size 1232; or the like), and "
	"truncate what is larger.",
	"Let fragments out, and ICMP errors in.",
	NULL,
};
static const char *const large_udp_loss_refs[] = {
	"RFC 9715 3",
	"RFC 8900 4",
	"RFC 6891 6.2.5",
	"https://github.com/NLnetLabs/unbound/issues/106",
	NULL,
};

const struct fault fault_large_udp_loss = {
	.id = "large-udp-loss",
	.title = "Large answers over UDP get lost",
	.summary = "answers over 1232 octets do not arrive over UDP from {servers}[ ({what})]",
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
	"A reply over UDP has TC, and each of several questions over TCP failed several "
	"times. Where nothing is truncated it is `tcp-blocked`.";
static const char *const truncation_without_tcp_here[] = {
	"See that your own firewall lets TCP to port 53 out.",
	"A larger buffer (edns-udp-size and the like) may avoid the truncation, where "
	"the path bears it.",
	NULL,
};
static const char *const truncation_without_tcp_there[] = {
	"Open TCP port 53 from everywhere to each server, in every firewall before it.",
	"Make the answer smaller.",
	NULL,
};
static const char *const truncation_without_tcp_refs[] = {
	"RFC 7766 5",
	"RFC 9210 4",
	"RFC 2181 9",
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
	"Three queries went out over one connection at once; fewer than half were "
	"answered, in each of several connections, while a single query over TCP is "
	"answered each time.";
static const char *const tcp_one_query_only_here[] = {
	"Nothing needs to be done: resolvers ask again over a new connection.",
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
	.summary = "{servers} answer the first query of a TCP connection, and not those behind it",
	.explain = tcp_one_query_only_explain,
	.seen = tcp_one_query_only_seen,
	.advice_here = tcp_one_query_only_here,
	.advice_there = tcp_one_query_only_there,
	.refs = tcp_one_query_only_refs,
};

static const char reply_mismatch_explain[] =
	"Beside good replies there came datagrams that fit no query: with another id, "
	"to another question, a second time, or long after the query was given up. "
	"Resolvers ignore them and count them as an attack; some then go to TCP.\n"
	"\n"
	"Causes are servers or load balancers that mix up queries, paths that double "
	"packets, servers that are slower than anybody waits, and forgers.";
static const char reply_mismatch_seen[] =
	"At least three such datagrams of one kind came from the server's address and "
	"port to the port that had asked it. A reply in which only letter case differs "
	"is `case-mangled`, one from elsewhere `reply-from-other-address`.";
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
	.summary = "datagrams come from {servers} that do not answer what was asked[: {what}]",
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
	"The same question was asked from several ports with a request for the server's "
	"name (NSID); replies with different names differ in their data. A single "
	"server whose zone changed meanwhile is not taken for several.";
static const char *const anycast_inconsistent_here[] = {
	"Say which node it is: the name is in the dig line with +nsid.",
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
	"RFC 4786 4.4",
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
	"Pairs of queries were sent from one port and from two. Of the first kind one "
	"of two was lost so often that it is no chance, of the second not.";
static const char *const conntrack_race_here[] = {
	"glibc: options single-request-reopen in /etc/resolv.conf sends them from two "
	"ports; use-vc sends them over TCP.",
	"Kubernetes: a cache on the node (NodeLocal DNSCache) that asks over TCP. See "
	"\"insert_failed\" of conntrack -S.",
	NULL,
};
static const char *const conntrack_race_there[] = {
	"If a firewall before the server tracks connections, do not let it do so for "
	"port 53.",
	NULL,
};
static const char *const conntrack_race_refs[] = {
	"https://lambda.lt/blog/2018/racy_conntrack.html",
	NULL,
};

const struct fault fault_conntrack_race = {
	.id = "conntrack-race",
	.title = "Two queries at once from one port: one gets lost",
	.summary = "of two queries sent at once from one port to {servers} one is lost[: {what}]",
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
	"The kernel's counter of such datagrams rose while every query over UDP to the "
	"server stayed without reply, and the server answered over TCP. The counter is "
	"that of the whole host.";
static const char *const bad_udp_checksum_here[] = {
	"Switch the offloading off to see whether it helps: ethtool -K INTERFACE tx- "
	"checksum-ip-generic off, on both ends of the tunnel.",
	NULL,
};
static const char *const bad_udp_checksum_there[] = {
	"Capture what leaves the server: a wrong checksum in a capture on the sending "
	"host itself means little, on the next host it is the proof.",
	NULL,
};
static const char *const bad_udp_checksum_refs[] = {
	"RFC 768",
	"https://github.com/k3s-io/k3s/issues/2013",
	NULL,
};

const struct fault fault_bad_udp_checksum = {
	.id = "bad-udp-checksum",
	.title = "Replies arrive with a wrong UDP checksum",
	.summary = "replies of {servers} arrive with a wrong UDP checksum[: {what}]",
	.explain = bad_udp_checksum_explain,
	.seen = bad_udp_checksum_seen,
	.advice_here = bad_udp_checksum_here,
	.advice_there = bad_udp_checksum_there,
	.refs = bad_udp_checksum_refs,
};
