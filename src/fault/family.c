/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The catalogue's entry for an address family that does not work. */
#include <stddef.h>

#include "fault/entries.h"

static const char broken_explain[] =
	"Servers that have addresses of IPv4 and of IPv6 answer over one of the two and are silent "
	"over the other. Where this is so at the servers of one zone only, their side is broken: a "
	"route that is not announced, a firewall that has no rules for the other family, a server "
	"that does not listen on the address that is published. Where nobody at all replies, this "
	"network is: an address and a route without a working way to the Internet.\n"
	"\n"
	"Resolvers try both families and go on with what answers, so that lookups take longer, and "
	"fail where a resolver gives up before that.";
static const char broken_seen[] =
	"Each address of the family was asked several times and never replied, the same servers, "
	"by "
	"name, replied in the other family, and servers of other zones replied in this one (or, "
	"where "
	"it is broken here, none did). A single dead address is `unreachable`; a family that this "
	"host does not have at all is not tested.";
static const char *const broken_here[] = {
	"When nobody replies: mend the family here, or take its address or default route from this "
	"host; until then let the resolver use the other one (BIND: named -4, Unbound: do-ip6: "
	"no).",
	"When it is one zone: the other family works, and there is nothing to mend here.",
	NULL,
};
static const char *const broken_there[] = {
	"See that the name servers listen on the published addresses of that family, that "
	"firewalls "
	"let UDP and TCP port 53 through in it, and that the prefix is announced; or take these "
	"addresses out of the zone and its glue.",
	NULL,
};
static const char *const broken_refs[] = {
	"RFC 3901 4",
	"RFC 4472 4.3",
	NULL,
};

const struct fault fault_family_broken = {
	.id = "family-broken",
	.title = "An address family does not work",
	.summary = "the servers of {subject} do not reply[ over {family}][, and do over {works}]"
		   "[; {others} other servers reply over it]",
	.explain = broken_explain,
	.seen = broken_seen,
	.advice_here = broken_here,
	.advice_there = broken_there,
	.refs = broken_refs,
};
