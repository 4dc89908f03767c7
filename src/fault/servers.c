/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The catalogue's entries for servers that do not serve. */
#include <stddef.h>

#include "fault/entries.h"

static const char unreachable_explain[] =
	"A name server gave no reply to any query, whatever source port it was sent from, while "
	"other "
	"servers did reply. Either the server is off, or its address is wrong, or everything "
	"between "
	"here and it is lost: by routing, by a filter on addresses, or by one that drops all DNS.\n"
	"\n"
	"Resolvers go on to the zone's other servers, so one dead server of several costs time, "
	"and "
	"only when all are dead the lookup fails. A resolver with little patience fails sooner: it "
	"may spend its whole time on the dead ones.";
static const char unreachable_seen[] =
	"Silence to every port that was tried, without one reply of any kind, while other servers "
	"answered in the same minutes. When nothing at all answers, the fault may be here, and no "
	"such "
	"finding is made. When only some ports are silent it is `source-port-filter`; when the "
	"server replies but not as an authority it is `lame-delegation`.";
static const char *const unreachable_here[] = {
	"Ask from another network, to tell a dead server from a path that is broken from here: "
	"dnsfault judge takes saved facts of both.",
	"See whether a firewall of yours blocks that address, and whether the route to it works: "
	"traceroute, and the routes of IPv4 and IPv6 apart.",
	NULL,
};
static const char *const unreachable_there[] = {
	"Start the server, or take its name out of the NS set at the zone and at the parent.",
	"See that UDP and TCP port 53 are let through from everywhere to each listed address.",
	NULL,
};
static const char *const unreachable_refs[] = {
	"RFC 2182 3",
	"zonemaster:CN01_NO_RESPONSE_UDP",
	"zonemaster:B02_NS_NO_RESPONSE",
	NULL,
};

const struct fault fault_unreachable = {
	.id = "unreachable",
	.title = "A server answers from no source port",
	.summary = "no reply at all from {servers}[ ({tried} queries from scattered source ports)]"
		   "[, while {others} other resolvers reach the zone's servers]",
	.explain = unreachable_explain,
	.seen = unreachable_seen,
	.advice_here = unreachable_here,
	.advice_there = unreachable_there,
	.refs = unreachable_refs,
};

static const char lame_explain[] =
	"The delegation names a server for the zone, the server replies, but it does not know the "
	"zone: it says REFUSED or SERVFAIL, refers to somewhere else, or answers without "
	"authority. "
	"Most often the zone was never set up on it, was removed, or has expired there because it "
	"can no "
	"longer be fetched from the primary.\n"
	"\n"
	"A resolver notes the server as lame and asks another one. When all are lame, or the "
	"others do "
	"not answer, the lookup ends in SERVFAIL.";
static const char lame_seen[] = "The server's reply to the SOA question for the zone, asked "
				"directly and without recursion, is "
				"not an authoritative answer. A server that does not reply at all "
				"is `unreachable` instead.";
static const char *const lame_here[] = {
	"Nothing can be mended from here; tell the zone's operator, whose address is in the SOA "
	"record "
	"of a server that still answers.",
	NULL,
};
static const char *const lame_there[] = {
	"Load the zone on that server and see that transfers to it work and that it has not "
	"expired.",
	"Or take the server out of the NS set, at the zone and, through the registrar, at the "
	"parent.",
	NULL,
};
static const char *const lame_refs[] = {
	"RFC 1912 2.8",
	"RFC 9499 7",
	"zonemaster:CHILD_ZONE_LAME",
	"zonemaster:B02_UNEXPECTED_RCODE",
	"zonemaster:CN01_MISSING_NS_RECORD_UDP",
	"zonemaster:CN01_UNEXPECTED_RCODE_NS_QUERY_UDP",
	"zonemaster:CN01_UNEXPECTED_RCODE_SOA_QUERY_UDP",
	"zonemaster:CN01_WRONG_NS_RECORD_UDP",
	"zonemaster:CN01_WRONG_SOA_RECORD_UDP",
	"zonemaster:CN02_MISSING_NS_RECORD_TCP",
	"zonemaster:CN02_UNEXPECTED_RCODE_NS_QUERY_TCP",
	"zonemaster:CN02_UNEXPECTED_RCODE_SOA_QUERY_TCP",
	"zonemaster:CN02_WRONG_NS_RECORD_TCP",
	"zonemaster:CN02_WRONG_SOA_RECORD_TCP",
	"dnsviz:SERVER_NOT_AUTHORITATIVE",
	NULL,
};

const struct fault fault_lame_delegation = {
	.id = "lame-delegation",
	.title = "A server named for the zone does not serve it",
	.summary = "no authority for {subject} at {servers}[: {why}][ ({rcode})]",
	.explain = lame_explain,
	.seen = lame_seen,
	.advice_here = lame_here,
	.advice_there = lame_there,
	.refs = lame_refs,
};
