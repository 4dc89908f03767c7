/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The catalogue's entries for answers that differ: between servers, and from the resolver's. */
#include <stddef.h>

#include "fault/entries.h"

static const char serial_explain[] = "All servers of a zone should hold the same version of it, "
				     "which the serial number in the SOA "
				     "record counts. They do not: some still serve an older one. "
				     "For a short time after each change "
				     "that is normal. When it lasts, transfers to the servers "
				     "behind have stopped working, and one "
				     "day the zone expires there and the server answers SERVFAIL.";
static const char serial_seen[] =
	"Each server is asked for the SOA record directly, at about the same time, and the serial "
	"numbers are compared. When the answers to the question itself differ, it is "
	"`answer-mismatch` as well.";
static const char *const serial_here[] = {
	"Ask again after the zone's refresh time. If the same servers are still behind, tell the "
	"operator.",
	NULL,
};
static const char *const serial_there[] = {
	"See that NOTIFY and zone transfers reach the servers that are behind: access lists, TSIG "
	"keys "
	"and clocks, TCP port 53 towards the primary.",
	"See that the serial went up with the last change: a secondary ignores one that did not.",
	NULL,
};
static const char *const serial_refs[] = {
	"RFC 1034 4.3.5",
	"RFC 1982",
	"RFC 1996",
	"zonemaster:MULTIPLE_SOA_SERIALS",
	"zonemaster:SOA_SERIAL_VARIATION",
	NULL,
};

const struct fault fault_serial_mismatch = {
	.id = "serial-mismatch",
	.title = "The servers hold different versions of the zone",
	.summary =
		"the servers of {subject} hold different versions of the zone[: serials {serials}]",
	.explain = serial_explain,
	.seen = serial_seen,
	.advice_here = serial_here,
	.advice_there = serial_there,
	.refs = serial_refs,
};

static const char answer_explain[] =
	"Two servers of one zone answered the same question with different data. Which answer a "
	"resolver gets depends on which server it happens to ask, so the same lookup works at one "
	"moment, or at one site, and not at another.\n"
	"\n"
	"The usual causes are a zone that is not transferred to all servers any more, one that is "
	"edited by hand on each, and a change of providers of which only half is done. Some "
	"services "
	"give different addresses on purpose, by the asker's place or by chance: then each answer "
	"is "
	"good, and this finding is no fault.";
static const char answer_seen[] =
	"All servers of the last zone on the way are asked the question directly; their response "
	"codes "
	"and the records of the type asked for are compared as sets, without TTLs and order.";
static const char *const answer_here[] = {
	"Compare the answers listed: when one is empty or says NXDOMAIN, lookups fail by chance, "
	"and the "
	"operator should know.",
	NULL,
};
static const char *const answer_there[] = {
	"Bring the zone to the same version on all servers and see that transfers work.",
	"Take servers of a former provider out of the NS set, at the zone and at the parent.",
	NULL,
};
static const char *const answer_refs[] = {
	"RFC 1034 4.3.5",
	"RFC 2182",
	"zonemaster:Z09_INCONSISTENT_MX",
	"zonemaster:Z09_INCONSISTENT_MX_DATA",
	"zonemaster:Z11_INCONSISTENT_SPF_POLICIES",
	"zonemaster:Z11_DIFFERENT_SPF_POLICIES_FOUND",
	NULL,
};

const struct fault fault_answer_mismatch = {
	.id = "answer-mismatch",
	.title = "Servers of one zone give different answers",
	.summary = "the servers of {subject} answer the same question differently[: {answers}]",
	.explain = answer_explain,
	.seen = answer_seen,
	.advice_here = answer_here,
	.advice_there = answer_there,
	.refs = answer_refs,
};

static const char silent_explain[] = "The resolver that this host is set to use gave no reply. "
				     "Nothing can be looked up through it, "
				     "whatever the state of the zones is.";
static const char silent_seen[] =
	"The question was sent to the resolver as a program here would send it, several times, and "
	"nothing came back, or this host was told that nobody listens there. A resolver that "
	"replies "
	"SERVFAIL is reachable, and the servers behind it are looked at instead.";
static const char *const silent_here[] = {
	"See that the address in /etc/resolv.conf is right, that the resolver runs and listens on "
	"it, "
	"and that its access list permits this host.",
	"Look for a firewall between this host and the resolver: UDP and TCP port 53, both "
	"directions.",
	NULL,
};
static const char *const silent_there[] = {
	"See that the resolver runs, listens on this address and permits the asker.",
	NULL,
};
static const char *const silent_refs[] = {
	"RFC 1123 6.1.3",
	NULL,
};

const struct fault fault_resolver_unreachable = {
	.id = "resolver-unreachable",
	.title = "The resolver does not reply",
	.summary = "the resolver {servers} does not reply[ (given up after {took})]",
	.explain = silent_explain,
	.seen = silent_seen,
	.advice_here = silent_here,
	.advice_there = silent_there,
	.refs = silent_refs,
};

static const char disagrees_explain[] =
	"The resolver says one thing, the zone's own servers, asked directly from this host, say "
	"another, and nothing that was found on the way explains it. So the cause lies in the "
	"resolver or in its own way to the servers: it remembers an older answer or an older "
	"failure, "
	"validates signatures that do not hold, follows a policy (a block list, an override), "
	"forwards "
	"to somebody else, has reached a limit of its own, or its packets take another way than "
	"those "
	"of this host.\n"
	"\n"
	"The time it took is a hint. A failure within milliseconds is a cached one or a refusal; "
	"one "
	"after 1.5 seconds is what PowerDNS does when nobody answers, and one after 10 seconds "
	"what BIND "
	"does.";
static const char disagrees_seen[] =
	"The same question goes to the resolver, as programs send it, and to every server of the "
	"zone "
	"that the walk from the root led to. The results differ in kind (data, no data, no such "
	"name, failure), and no other finding says why.";
static const char *const disagrees_here[] = {
	"Ask the resolver again with checking disabled (dig +cd): if that works, the zone's DNSSEC "
	"signatures are the matter.",
	"Let the resolver forget the name: rndc flushtree, unbound-control flush_zone, rec_control "
	"wipe-cache.",
	"Read the resolver's log for the name; failures are often not logged by default (BIND: "
	"category "
	"query-errors, Unbound: log-servfail: yes).",
	"Run this program on the resolver's own host, so that the packets take the resolver's way.",
	NULL,
};
static const char *const disagrees_there[] = {
	"When the resolver is run by somebody else: give its operator the question, the time and "
	"both "
	"answers.",
	NULL,
};
static const char *const disagrees_refs[] = {
	"RFC 2308 7",
	"RFC 9520",
	"RFC 8914",
	NULL,
};

const struct fault fault_resolver_disagrees = {
	.id = "resolver-disagrees",
	.title = "The resolver says something else than the zone's servers",
	.summary = "the resolver says [{resolver}|something else][ after {took}], "
		   "the servers of {subject}[ say {servers}| do not][; it adds: {ede_name}]"
		   "[: {ede_text}]",
	.explain = disagrees_explain,
	.seen = disagrees_seen,
	.advice_here = disagrees_here,
	.advice_there = disagrees_there,
	.refs = disagrees_refs,
};
