/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The catalogue's entries for losses that depend on the source port and are no filter. */
#include <stddef.h>

#include "fault/entries.h"

static const char hash_explain[] =
	"Some queries vanish and some do not, and the source port decides, but no rule could name "
	"the "
	"ports: about one in so many is lost, all over the range. That is how a group of links or "
	"of "
	"servers looks of which one member is dead. Routers spread their load over such a group by "
	"a "
	"hash of addresses, ports and protocol, so that all packets of one flow take the same "
	"member; "
	"flows that fall on the dead one are lost for good, all others never. A resolver draws a "
	"new "
	"port for most of its queries, so about that share of them times out, and the next try "
	"most "
	"often works.\n"
	"\n"
	"The members may be links of an aggregate (LAG), paths of equal cost (ECMP), line cards, "
	"or the "
	"machines behind a load balancer. Health checks and monitoring use few flows, and the odds "
	"are "
	"good that theirs fall on members that live: nobody sees the fault but those whose flows "
	"meet "
	"it. Replies are spread by a hash of their own, on the way back.";
static const char hash_seen[] =
	"Silent ports stay silent, and open ones open, when they are asked again after a pause, so "
	"it is "
	"not the rate or the time. They are scattered: with so many runs of silent and open ports "
	"no set "
	"of ranges explains them. Then the same ports are asked at another destination, another "
	"address "
	"of the same site or the same address over TCP. A rule for ports has the same ports silent "
	"there (`source-port-filter`); a hash over the flow has others. The number of members is "
	"the one "
	"that fits the share of silent ports best; powers of two are preferred where the numbers "
	"leave "
	"a choice.";
static const char *const hash_here[] = {
	"Find out which provider's group it is: run `dnsfault path` with the ports below, or trace "
	"from "
	"a silent and an open port, and compare where each path ends.",
	"Until it is mended: more tries help, each from a new port. A resolver or forwarder that "
	"keeps "
	"one port for all tries fails for good: give it new ports.",
	NULL,
};
static const char *const hash_there[] = {
	"Look for a member of a link aggregate, of an ECMP group or of a pool behind the load "
	"balancer "
	"that takes packets and loses them: counters of errors and drops by member, one flow at a "
	"time "
	"(the dig lines of the report are such flows).",
	"Take the member out of the group, and let health checks use flows that reach every "
	"member.",
	NULL,
};
static const char *const hash_refs[] = {
	"RFC 2992",
	"RFC 7424",
	"https://github.com/facebookarchive/fbtracert",
	NULL,
};

const struct fault fault_flow_hash_loss = {
	.id = "flow-hash-loss",
	.title = "A pseudo-random share of flows is lost",
	.summary =
		"[about 1 in {members}|some] of all flows to {servers} vanish, wherever the source "
		"port lies: a dead member of a group",
	.explain = hash_explain,
	.seen = hash_seen,
	.advice_here = hash_here,
	.advice_there = hash_there,
	.refs = hash_refs,
};

static const char policer_explain[] =
	"Queries from certain source ports are not dropped but limited: a few a second pass, for "
	"all of "
	"these ports together, and perhaps for all senders together, and the rest is lost. "
	"Networks put "
	"such policers on UDP from ports that amplification attacks are known to come from, such "
	"as "
	"123, 1900, 11211, or on all low ports, and forget that honest queries leave from such "
	"ports as "
	"well. At quiet times all is well; when an attack or just many resolvers fill the limit, "
	"queries "
	"from these ports time out, and nothing can be seen wrong with any of them later.";
static const char policer_seen[] = "The same port answers at one time and is silent at another, "
				   "far more often than the loss of "
				   "other ports explains; asked again slowly after a pause, these "
				   "ports still lose more than ports "
				   "that never lost anything. When they all answer then, it was "
				   "the time or the rate of all ports "
				   "(`rate-limited`, or loss that followed the clock); when the "
				   "silent ones stay silent it is a "
				   "filter or a hash.";
static const char *const policer_here[] = {
	"Keep the resolver off these ports: see `dnsfault explain source-port-filter` for the "
	"setting of "
	"each make.",
	NULL,
};
static const char *const policer_there[] = {
	"Take UDP to the name servers' port 53 out of the policer: what arrives there is a query, "
	"not a "
	"reflected reply, whatever its source port.",
	"When reflection is to be held back, limit by destination port and by sender, and give DNS "
	"a "
	"class of its own.",
	NULL,
};
static const char *const policer_refs[] = {
	"RFC 5452 9.2",
	"https://www.senki.org/memcached-on-port-11211-udp-tcp-being-exploited/",
	NULL,
};

const struct fault fault_source_port_policer = {
	.id = "source-port-policer",
	.title = "Queries from certain source ports are rate limited",
	.summary = "queries from source [{policed}|ports of a set] to {servers} pass at a low rate "
		   "only, "
		   "[{lost} of them were lost|most of them were lost]",
	.explain = policer_explain,
	.seen = policer_seen,
	.advice_here = policer_here,
	.advice_there = policer_there,
	.refs = policer_refs,
};
