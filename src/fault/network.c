// SPDX-License-Identifier: GPL-3.0-or-later
// The catalogue's entries for the addresses of name servers and the networks they are in.
#include <stddef.h>

#include "fault/entries.h"

static const char as_data_missing_explain[] =
	"To see whether a zone's servers stand in different networks, each address is looked up "
	"in a table, or at a service, that knows which networks are announced on the Internet. "
	"Of this address nothing is known, or the service could not be asked.\n"
	"\n"
	"It says nothing of the zone. An address that nobody announces cannot be reached either, "
	"and then there is a finding about that.";
static const char as_data_missing_seen[] =
	"The table has no prefix that covers the address; or the service has no entry, does not "
	"answer, or its answer cannot be read.";
static const char *const as_data_missing_here[] = {
	"Use a newer table, or another service; see that the service's zone can be resolved from "
	"here.",
	NULL,
};
static const char *const as_data_missing_there[] = {
	"Nothing needs to be done at the zone.",
	NULL,
};
static const char *const as_data_missing_refs[] = {
	"zonemaster:EMPTY_ASN_SET",
	"zonemaster:ERROR_ASN_DATABASE",
	"zonemaster:CN04_EMPTY_PREFIX_SET",
	"zonemaster:CN04_ERROR_PREFIX_DATABASE",
	NULL,
};

const struct fault fault_as_data_missing = {
	.id = "as-data-missing",
	.title = "It is not known which network an address is in",
	.summary = "no data about the network of {servers}",
	.explain = as_data_missing_explain,
	.seen = as_data_missing_seen,
	.advice_here = as_data_missing_here,
	.advice_there = as_data_missing_there,
	.refs = as_data_missing_refs,
};

static const char family_disabled_explain[] =
	"This run was told to use IPv4 or IPv6 only. The zone has servers with addresses of the "
	"other family. What is wrong with them does not show here, while resolvers may meet it.";
static const char family_disabled_seen[] =
	"The family was switched off by an option, and there is at least one address of it. A "
	"family that this host has no route for is noted as untested instead.";
static const char *const family_disabled_here[] = {
	"Run it again with both families, on a host that has both.",
	NULL,
};
static const char *const family_disabled_there[] = {
	"Nothing needs to be done at the zone.",
	NULL,
};
static const char *const family_disabled_refs[] = {
	"zonemaster:CN01_IPV4_DISABLED",
	"zonemaster:CN01_IPV6_DISABLED",
	NULL,
};

const struct fault fault_family_disabled = {
	.id = "family-disabled",
	.title = "Servers of one address family were not asked",
	.summary = "one address family is switched off: {servers} were not asked",
	.explain = family_disabled_explain,
	.seen = family_disabled_seen,
	.advice_here = family_disabled_here,
	.advice_there = family_disabled_there,
	.refs = family_disabled_refs,
};

static const char ns_address_unusable_explain[] =
	"Some blocks of addresses are set aside: for private networks, for one link or host, for "
	"documentation, for tests. A name server of the zone has an address out of such a block, "
	"so nobody outside can reach it there, and inside another network somebody else may be "
	"at that address.\n"
	"\n"
	"Resolvers that pick it wait in vain and go on to another address. When the zone has no "
	"other, it cannot be looked up. Inside the network that the address belongs to "
	"everything works, which is how it goes unseen.";
static const char ns_address_unusable_seen[] =
	"The addresses of the delegation and of the zone are held against the special-purpose "
	"registries of IANA and the block of multicast. Whether the address answers from here is "
	"another question: `unreachable`.";
static const char *const ns_address_unusable_here[] = {
	"Where the zone is meant for this network only, nothing needs to be done.",
	NULL,
};
static const char *const ns_address_unusable_there[] = {
	"Take the address out of the zone and out of the glue, or give the server one that is "
	"routed on the Internet.",
	"When the zone has an inner and an outer view, see that the inner addresses do not leak "
	"into the outer one.",
	NULL,
};
static const char *const ns_address_unusable_refs[] = {
	"RFC 6890",
	"RFC 1918",
	"zonemaster:A01_ADDR_NOT_GLOBALLY_REACHABLE",
	"zonemaster:A01_DOCUMENTATION_ADDR",
	"zonemaster:A01_LOCAL_USE_ADDR",
	"zonemaster:A01_NO_GLOBALLY_REACHABLE_ADDR",
	"dnsviz:NS_NAME_PRIVATE_IP",
	"dnsviz:GLUE_PRIVATE_IP",
	NULL,
};

const struct fault fault_ns_address_unusable = {
	.id = "ns-address-unusable",
	.title = "A name server has an address that others cannot reach",
	.summary = "addresses of name servers of {subject} that cannot be reached from "
		   "everywhere[: {nameservers}]",
	.explain = ns_address_unusable_explain,
	.seen = ns_address_unusable_seen,
	.advice_here = ns_address_unusable_here,
	.advice_there = ns_address_unusable_there,
	.refs = ns_address_unusable_refs,
};

static const char reverse_mismatch_explain[] =
	"There is a PTR record for the address of a name server, but it gives another name than "
	"the one under which the server is known in the zone. No lookup depends on that. People "
	"who read logs are misled by it, and some filters of mail and of logins want both "
	"directions to agree.";
static const char reverse_mismatch_seen[] =
	"The PTR records of each address in the zone are looked up; none of them gives the name "
	"of the NS record that led to the address. An address without any is `reverse-missing`.";
static const char *const reverse_mismatch_here[] = {
	"Nothing needs to be done here.",
	NULL,
};
static const char *const reverse_mismatch_there[] = {
	"Add the server's name to the PTR records of its address, or have the holder of the "
	"address block do so.",
	NULL,
};
static const char *const reverse_mismatch_refs[] = {
	"RFC 1912 2.1",
	"zonemaster:NAMESERVER_IP_PTR_MISMATCH",
	NULL,
};

const struct fault fault_reverse_mismatch = {
	.id = "reverse-mismatch",
	.title = "The name of an address is not the name server's name",
	.summary = "the PTR record of {servers} says another name[: {names}]",
	.explain = reverse_mismatch_explain,
	.seen = reverse_mismatch_seen,
	.advice_here = reverse_mismatch_here,
	.advice_there = reverse_mismatch_there,
	.refs = reverse_mismatch_refs,
};

static const char reverse_missing_explain[] =
	"For every address there can be a PTR record, which says what host it belongs to. The "
	"address of a name server has none, or the zone in which it would be could not be looked "
	"up. No lookup of names depends on it; it is good order, and helps whoever reads an "
	"address in a log.";
static const char reverse_missing_seen[] =
	"The PTR record of each address of the zone's servers is looked up from the root down, "
	"aliases are followed. The name does not exist, has no such record, or no server on the "
	"way answers.";
static const char *const reverse_missing_here[] = {
	"Nothing needs to be done here.",
	NULL,
};
static const char *const reverse_missing_there[] = {
	"Have PTR records made by whoever holds the address block, mostly the provider.",
	"When the look-up fails altogether, the delegation of the address block's zone is "
	"broken: check that zone.",
	NULL,
};
static const char *const reverse_missing_refs[] = {
	"RFC 1912 2.1",
	"zonemaster:NAMESERVER_IP_WITHOUT_REVERSE",
	"zonemaster:NO_RESPONSE_PTR_QUERY",
	NULL,
};

const struct fault fault_reverse_missing = {
	.id = "reverse-missing",
	.title = "The address of a name server has no name",
	.summary = "no PTR record could be found for {servers}",
	.explain = reverse_missing_explain,
	.seen = reverse_missing_seen,
	.advice_here = reverse_missing_here,
	.advice_there = reverse_missing_there,
	.refs = reverse_missing_refs,
};

static const char shared_network_explain[] =
	"Servers of a zone should stand in different places and networks, so that one fault does "
	"not take all of them away. Here all, or several, are in the same autonomous system or "
	"in the same announced prefix: one mistake in routing, one provider's outage, and the "
	"zone is gone.\n"
	"\n"
	"As long as the network works no lookup fails. Anycast makes one prefix many places, and "
	"then this is less of a risk than it looks.";
static const char shared_network_seen[] =
	"The origin of each server's address is taken from a table of announced prefixes or from "
	"a look-up service; IPv4 and IPv6 are counted apart.";
static const char *const shared_network_here[] = {
	"Nothing needs to be done here.",
	NULL,
};
static const char *const shared_network_there[] = {
	"Put at least one server into the network of another provider, or have a secondary "
	"service carry the zone as well.",
	NULL,
};
static const char *const shared_network_refs[] = {
	"RFC 2182 3.1",
	"zonemaster:IPV4_ONE_ASN",
	"zonemaster:IPV6_ONE_ASN",
	"zonemaster:IPV4_SAME_ASN",
	"zonemaster:IPV6_SAME_ASN",
	"zonemaster:CN04_IPV4_SINGLE_PREFIX",
	"zonemaster:CN04_IPV6_SINGLE_PREFIX",
	"zonemaster:CN04_IPV4_SAME_PREFIX",
	"zonemaster:CN04_IPV6_SAME_PREFIX",
	NULL,
};

const struct fault fault_shared_network = {
	.id = "shared-network",
	.title = "Name servers of the zone share one network",
	.summary = "name servers of {subject} share one network[: AS{asn}][: {asn_list}][: "
		   "{ip_prefix}]",
	.explain = shared_network_explain,
	.seen = shared_network_seen,
	.advice_here = shared_network_here,
	.advice_there = shared_network_there,
	.refs = shared_network_refs,
};
