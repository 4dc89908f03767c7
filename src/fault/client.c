/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The catalogue's entry for servers that are silent to one asker. */
#include <stddef.h>

#include "fault/entries.h"

static const char blocked_explain[] =
	"The servers answer others and are silent to this host's address: a list of addresses in "
	"front of them has it. Such lists are filled by hand, by reputation services, and by "
	"systems "
	"that take many queries, or an odd one, for an attack; these often forget after a while. A "
	"resolver that sends from that address fails for all names of the zone, whatever its "
	"settings, while everybody else sees no fault.";
static const char blocked_seen[] =
	"From one address every query to these servers stayed unanswered, from all source "
	"ports; another address of this host, asked from in the same seconds, got a reply, or one "
	"of the "
	"same network, with `dnsfault judge A B`. Silence "
	"to both is `unreachable`: a whole network that is blocked cannot be told from a way that "
	"is "
	"broken, but with `--second-opinion`, or saved facts from another network beside these, "
	"others can be "
	"heard that reach the servers.";
static const char *const blocked_here[] = {
	"Let the resolver send from another address (BIND: query-source, Unbound: "
	"outgoing-interface, PowerDNS Recursor: query-local-address).",
	"See whether this address is on public lists, and why; then ask the operator of the zone "
	"to "
	"let it through.",
	NULL,
};
static const char *const blocked_there[] = {
	"Look for the address in the firewalls, the intrusion prevention and the access lists in "
	"front of the name servers, and take it out. DNS servers that drop instead of answering "
	"REFUSED make every such case look like an outage.",
	NULL,
};
static const char *const blocked_refs[] = {
	"RFC 8906 2",
	NULL,
};

const struct fault fault_client_blocked = {
	.id = "client-blocked",
	.title = "The servers are silent to this host's address only",
	.summary =
		"{servers} do not answer[ what {source} sends][, and do answer {other}, which is "
		"this host as well]",
	.explain = blocked_explain,
	.seen = blocked_seen,
	.advice_here = blocked_here,
	.advice_there = blocked_there,
	.refs = blocked_refs,
};
