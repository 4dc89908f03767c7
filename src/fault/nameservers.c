/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The catalogue's entries for the names and addresses of a zone's name servers. */
#include <stddef.h>

#include "fault/entries.h"

static const char *const nothing_here[] = {
	"Nothing can be mended from here; tell the operator of the zone.",
	NULL,
};

static const char few_explain[] =
	"A zone should have two name servers at least, so that it can be looked up while one is "
	"down. IPv4 and IPv6 are networks of their own: for a resolver that has only one of them, "
	"just the servers with an address of that family count. Here there is one.\n"
	"\n"
	"As long as it works nothing is amiss. When it fails, look-ups fail for everybody, or for "
	"all whose network is of that family.";
static const char few_seen[] =
	"Names are counted, in the delegation and in the zone's own NS records, in all and by the "
	"families of their addresses. A family without any is `no-address-family`.";
static const char *const few_there[] = {
	"Add a second name server, best in another network and at another place, to the zone and "
	"to the delegation.",
	"Give the servers that have addresses of one family only one of the other as well.",
	NULL,
};
static const char *const few_refs[] = {
	"RFC 1034 4.1",
	"RFC 2182 5",
	"zonemaster:NOT_ENOUGH_NS_DEL",
	"zonemaster:NOT_ENOUGH_NS_CHILD",
	"zonemaster:NOT_ENOUGH_IPV4_NS_DEL",
	"zonemaster:NOT_ENOUGH_IPV4_NS_CHILD",
	"zonemaster:NOT_ENOUGH_IPV6_NS_DEL",
	"zonemaster:NOT_ENOUGH_IPV6_NS_CHILD",
	NULL,
};

const struct fault fault_too_few_servers = {
	.id = "too-few-servers",
	.title = "The zone hangs on a single name server",
	.summary = "fewer than two name servers for {subject}[: {names}]",
	.explain = few_explain,
	.seen = few_seen,
	.advice_here = nothing_here,
	.advice_there = few_there,
	.refs = few_refs,
};

static const char family_explain[] =
	"None of the zone's name servers has an address of one family. A resolver that has only "
	"that family finds nobody to ask. Without IPv4 that is so for many resolvers, and their "
	"look-ups fail; without IPv6 it is so for few, so far.";
static const char family_seen[] =
	"The addresses of all name servers, of those in the delegation and of those in the zone's "
	"own NS records, are looked at. A single server with such an address is `too-few-servers`.";
static const char *const family_here[] = {
	"See that the resolver has both IPv4 and IPv6.",
	NULL,
};
static const char *const family_there[] = {
	"Give two or more of the name servers an address of the other family, in their zone and "
	"as glue.",
	NULL,
};
static const char *const family_refs[] = {
	"RFC 3901 3",
	"RFC 4472 1.3",
	"zonemaster:NO_IPV4_NS_DEL",
	"zonemaster:NO_IPV4_NS_CHILD",
	"zonemaster:NO_IPV6_NS_DEL",
	"zonemaster:NO_IPV6_NS_CHILD",
	"dnsviz:NO_NS_ADDRESSES_FOR_IPV4",
	"dnsviz:NO_NS_ADDRESSES_FOR_IPV6",
	NULL,
};

const struct fault fault_no_address_family = {
	.id = "no-address-family",
	.title = "No name server can be reached over IPv4, or over IPv6",
	.summary = "no name server of {subject} has an address of one family",
	.explain = family_explain,
	.seen = family_seen,
	.advice_here = family_here,
	.advice_there = family_there,
	.refs = family_refs,
};

static const char share_explain[] =
	"Two or more name servers of the zone have the same address: they are one server under "
	"several names. The list looks as if there were a spare one, and there is none: when that "
	"address fails, all of these names fail together.";
static const char share_seen[] =
	"The addresses of all name servers are compared, those of the delegation and those of the "
	"zone's own NS records each among themselves. Different addresses in one network are "
	"another matter.";
static const char *const share_there[] = {
	"Give each name server an address of its own, on a machine of its own.",
	"Or list the server once, and add a real second one.",
	NULL,
};
static const char *const share_refs[] = {
	"RFC 1034 4.1",
	"RFC 2182 3",
	"zonemaster:DEL_NS_SAME_IP",
	"zonemaster:CHILD_NS_SAME_IP",
	NULL,
};

const struct fault fault_ns_share_address = {
	.id = "ns-share-address",
	.title = "Name servers of the zone have one address between them",
	.summary = "name servers of {subject} share an address[ {ns_ip}][: {names}]",
	.explain = share_explain,
	.seen = share_seen,
	.advice_here = nothing_here,
	.advice_there = share_there,
	.refs = share_refs,
};

static const char alias_explain[] =
	"An NS record must name a host that has addresses of its own. This one names an alias, a "
	"name with a CNAME record. BIND leaves such a server out, and others follow the alias, so "
	"the zone works for some and not for others.\n"
	"\n"
	"When all name servers of the zone are aliases, resolvers that keep to the rule find "
	"nobody to ask, and look-ups end in SERVFAIL.";
static const char alias_seen[] =
	"The address of each name server is asked for: names inside the zone at all of its own "
	"servers, others by a look-up from the root. The answer holds a CNAME record.";
static const char *const alias_there[] = {
	"Name the host itself in the NS records, in the zone and in the delegation.",
	"Or put address records in the place of the CNAME record.",
	NULL,
};
static const char *const alias_refs[] = {
	"RFC 2181 10.3",
	"RFC 1912 2.4",
	"zonemaster:NS_IS_CNAME",
	NULL,
};

const struct fault fault_ns_is_alias = {
	.id = "ns-is-alias",
	.title = "A name server's name is an alias",
	.summary = "the name server name [{ns}|in an NS record] of {subject} is an alias",
	.explain = alias_explain,
	.seen = alias_seen,
	.advice_here = nothing_here,
	.advice_there = alias_there,
	.refs = alias_refs,
};

static const char address_explain[] =
	"A name server's name leads to no address: the name does not exist, has no address "
	"records, or the zone that it is in does not work. That server cannot be asked. Resolvers "
	"lose time with it and go on to the others; when it is so for all of them, nothing in the "
	"zone can be looked up.\n"
	"\n"
	"Old domains of providers that went away are a common reason. They are a danger, too: who "
	"registers such a domain anew answers for the zone.";
static const char address_seen[] =
	"Names inside the zone are taken from the glue and asked for at the zone's own servers, "
	"others are looked up from the root. Glue that is missing while the zone has an address is "
	"`missing-glue`; a name that is an alias is `ns-is-alias`.";
static const char *const address_there[] = {
	"Give the name its addresses in its own zone and, when it lies inside the zone that it "
	"serves, as glue at the parent.",
	"Or take it out of the NS set, in the zone and through the registrar at the parent.",
	NULL,
};
static const char *const address_refs[] = {
	"RFC 1912 2.8",
	"RFC 9471",
	"zonemaster:B02_NS_NO_IP_ADDR",
	"zonemaster:UNEXPECTED_RCODE",
	"zonemaster:CAN_NOT_BE_RESOLVED",
	"zonemaster:NO_RESOLUTION",
	"zonemaster:A01_NO_NAME_SERVERS_FOUND",
	"dnsviz:ERROR_RESOLVING_NS_NAME",
	"dnsviz:NO_ADDRESS_FOR_NS_NAME",
	NULL,
};

const struct fault fault_ns_without_address = {
	.id = "ns-without-address",
	.title = "A name server's name leads to no address",
	.summary = "no address for [{ns}|a name server] of {subject}",
	.explain = address_explain,
	.seen = address_seen,
	.advice_here = nothing_here,
	.advice_there = address_there,
	.refs = address_refs,
};
