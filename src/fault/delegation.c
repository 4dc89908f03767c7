/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The catalogue's entries for delegations: whether there is one, and to which name servers. */
#include <stddef.h>

#include "fault/entries.h"

static const char *const nothing_here[] = {
	"Nothing can be mended from here; tell the operator of the zone.",
	NULL,
};

static const char none_explain[] =
	"The name is not a zone of its own: nobody delegated it. Either the name is wrong, or the "
	"domain was never registered, has expired or is on hold, or it is a plain name inside the "
	"zone above. In the last case look-ups of it work, only a check of a zone makes no sense.\n"
	"\n"
	"When the zone above says that the name does not exist (NXDOMAIN), every look-up at or "
	"below it fails.";
static const char none_seen[] =
	"All servers of the zone above are asked for the name, from the root down. None of them "
	"refers to name servers of it or answers for it. Servers that refer while others deny are "
	"`inconsistent-delegation`; a way that ends before the zone above is `parent-not-found`.";
static const char *const none_here[] = {
	"Look at the spelling of the name. When it is a name inside a zone, check that zone.",
	NULL,
};
static const char *const none_there[] = {
	"Look at the state of the registration (whois, RDAP): expired, on hold, without name "
	"servers.",
	"Have the zone delegated by the operator of the zone above.",
	NULL,
};
static const char *const none_refs[] = {
	"RFC 1034 4.2.1",
	"zonemaster:B01_NO_CHILD",
	"zonemaster:B02_NO_DELEGATION",
	"dnsviz:NO_NS_IN_PARENT_NXDOMAIN",
	"dnsviz:NO_NS_IN_PARENT_NODATA",
	NULL,
};

const struct fault fault_no_delegation = {
	.id = "no-delegation",
	.title = "The name is not delegated: there is no such zone",
	.summary = "{subject} is not delegated",
	.explain = none_explain,
	.seen = none_seen,
	.advice_here = none_here,
	.advice_there = none_there,
	.refs = none_refs,
};

static const char inconsistent_explain[] =
	"The servers of the zone above do not agree whether, or in which zone, the name is "
	"delegated. Who asks one of them is led on, who asks another hears that there is no such "
	"name, or finds other data. So look-ups fail by chance, and a resolver that met the denial "
	"remembers it for a while.\n"
	"\n"
	"Behind it is mostly a server of the zone above that is no longer kept up to date, or one "
	"that still serves a zone which it should have given up.";
static const char inconsistent_seen[] =
	"Every server of every zone on the way from the root is asked by itself, name by name. "
	"Their replies differ: referrals at some, NXDOMAIN, no data or an alias at others; or the "
	"zones that they refer from are not the same. When all deny it is `no-delegation`.";
static const char *const inconsistent_there[] = {
	"Bring the servers of the zone above to the same version of it, and see that transfers "
	"work.",
	"Take zones off servers to which they are not delegated any more.",
	NULL,
};
static const char *const inconsistent_refs[] = {
	"RFC 1034 4.2.2",
	"RFC 2308 5",
	"zonemaster:B01_INCONSISTENT_DELEGATION",
	"zonemaster:B01_PARENT_UNDETERMINED",
	NULL,
};

const struct fault fault_inconsistent_delegation = {
	.id = "inconsistent-delegation",
	.title = "Servers of the zone above disagree about the delegation",
	.summary = "servers above {subject} disagree about its delegation[: {nameservers}]",
	.explain = inconsistent_explain,
	.seen = inconsistent_seen,
	.advice_here = nothing_here,
	.advice_there = inconsistent_there,
	.refs = inconsistent_refs,
};

static const char parent_explain[] =
	"On the way from the root down to the zone, the way ends: no server of some zone above it "
	"says anything that can be used. They are silent, fail, or do not serve the zone for which "
	"they were named. Nothing below that point can be found by anybody, however well its own "
	"servers work.";
static const char parent_seen[] =
	"Each server on the way is asked for the SOA and NS records of its own zone and then for "
	"the next name. None of those that stand last gave an answer with authority, a referral or "
	"a denial. A denial would be `no-delegation`.";
static const char *const parent_here[] = {
	"Check the zone above in the same way: the fault lies in it or in its delegation.",
	"If several unrelated zones look like this, the path from here is broken, not the zones.",
	NULL,
};
static const char *const parent_there[] = {
	"Mend the servers of the zone above; the operator of the zone itself can do nothing but "
	"tell theirs.",
	NULL,
};
static const char *const parent_refs[] = {
	"RFC 1034 5.3.3",
	"zonemaster:B01_PARENT_NOT_FOUND",
	NULL,
};

const struct fault fault_parent_not_found = {
	.id = "parent-not-found",
	.title = "No server of the zone above gives a usable reply",
	.summary = "the way from the root to {subject} ends before the zone above it",
	.explain = parent_explain,
	.seen = parent_seen,
	.advice_here = parent_here,
	.advice_there = parent_there,
	.refs = parent_refs,
};

static const char alias_explain[] =
	"Instead of delegating the name, the zone above redirects everything below it to another "
	"name with a DNAME record. That is legal, and look-ups below it work as long as the target "
	"does. The name itself is no zone.\n"
	"\n"
	"When the servers of the zone above give different targets, look-ups end in different "
	"places, by chance.";
static const char alias_seen[] =
	"The servers of the zone above have no delegation of the name, and each is asked for a "
	"DNAME record there. Targets are compared. Servers that delegate beside others that "
	"redirect are `inconsistent-delegation` as well.";
static const char *const alias_here[] = {
	"Check the zone of the target instead.",
	NULL,
};
static const char *const alias_there[] = {
	"Give the same DNAME record on all servers of the zone above: bring them to one version.",
	NULL,
};
static const char *const alias_refs[] = {
	"RFC 6672",
	"zonemaster:B01_CHILD_IS_ALIAS",
	"zonemaster:B01_INCONSISTENT_ALIAS",
	NULL,
};

const struct fault fault_zone_is_alias = {
	.id = "zone-is-alias",
	.title = "The name is redirected to another one (DNAME), not delegated",
	.summary = "{subject} is an alias[ for {domain_target}]",
	.explain = alias_explain,
	.seen = alias_seen,
	.advice_here = alias_here,
	.advice_there = alias_there,
	.refs = alias_refs,
};

static const char size_explain[] =
	"A reply that refers to the zone names all its name servers and, where they lie inside, an "
	"address. For a question with a name as long as names may be, such a reply does not fit "
	"into the 512 octets that UDP carries without EDNS. It is cut, and has to be asked for "
	"again over TCP. Long names of servers that share no ending are the reason.\n"
	"\n"
	"Almost all resolvers use EDNS and never notice; one behind an old firewall does.";
static const char size_seen[] =
	"The size is worked out from the delegation, not measured: header, a question of 255 "
	"octets, all NS records with compressed names, and one address of each family where all "
	"servers with one lie in the zone above.";
static const char *const size_there[] = {
	"Choose names for the servers that have an ending in common, or fewer servers.",
	NULL,
};
static const char *const size_refs[] = {
	"RFC 1035 2.3.4",
	"RFC 9471",
	"zonemaster:REFERRAL_SIZE_TOO_LARGE",
	NULL,
};

const struct fault fault_referral_too_large = {
	.id = "referral-too-large",
	.title = "A referral to the zone may not fit into 512 octets",
	.summary = "a referral to {subject} may not fit into 512 octets[: {size}]",
	.explain = size_explain,
	.seen = size_seen,
	.advice_here = nothing_here,
	.advice_there = size_there,
	.refs = size_refs,
};
