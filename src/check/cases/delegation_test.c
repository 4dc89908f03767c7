// SPDX-License-Identifier: GPL-3.0-or-later
// The test cases of the module "delegation" in a world with one fault each.
#include "base/err.h"
#include "tagproof.h"

#define ENOUGH_DEL   "ENOUGH_NS_DEL ENOUGH_IPV4_NS_DEL ENOUGH_IPV6_NS_DEL"
#define ENOUGH_CHILD "ENOUGH_NS_CHILD ENOUGH_IPV4_NS_CHILD ENOUGH_IPV6_NS_CHILD"
/* A change of the delegation, of the zone itself, and of both. */
#define PARENT(...)                                                                                \
	{                                                                                          \
		.zone = "xa.", __VA_ARGS__                                                         \
	}
#define ZONE(...)                                                                                  \
	{                                                                                          \
		.zone = "child.xa.", __VA_ARGS__                                                   \
	}
#define BOTH(...)      PARENT(__VA_ARGS__), ZONE(__VA_ARGS__)
#define CHILD_ADDRS(n) "ns2.child.xa. A 9." n ".0.1\nns2.child.xa. AAAA 2a09:" n "::1"
#define LONG(n, zone)                                                                              \
	"child.xa. NS ns" n ".abcdefghijklmnopqrstuvwxyz" n ".lmnopqrstuvw" n zone "\n"
#define LONG_LABELS(n) LONG(n, ".child.xa.")
#define LONG_NAMES(n)  LONG(n, ".abcdefghijklmnopqr" n ".xb.")
#define ALL_NS2	       "[ns2.child.xa/9.32.0.1 ns2.child.xa/2a09:32::1]"

static const struct treeworld_row rows[] = {
	/* Enough name servers. */
	{ .what = "three",
		.cases = "delegation01",
		.show = TREEWORLD_DEBUG,
		.expect = ENOUGH_DEL " " ENOUGH_CHILD },
	{ .what = "one in the delegation",
		.cases = "delegation01",
		.show = TREEWORLD_DEBUG,
		.expect = "NOT_ENOUGH_NS_DEL NOT_ENOUGH_IPV4_NS_DEL "
			  "NOT_ENOUGH_IPV6_NS_DEL " ENOUGH_CHILD,
		.changes = { PARENT(.drop = "child.xa. NS ns2|child.xa. NS ns.other") } },
	{ .what = "one in the zone",
		.cases = "delegation01",
		.show = TREEWORLD_DEBUG | TREEWORLD_DETAILS,
		.expect = "ENOUGH_NS_DEL{count=3 minimum=2 "
			  "names=ns1.child.xa.,ns2.child.xa.,ns.other.xb.} "
			  "ENOUGH_IPV4_NS_DEL{count=3 minimum=2 "
			  "names=ns1.child.xa.,ns2.child.xa.,ns.other.xb.} "
			  "ENOUGH_IPV6_NS_DEL{count=3 minimum=2 "
			  "names=ns1.child.xa.,ns2.child.xa.,ns.other.xb.} "
			  "NOT_ENOUGH_NS_CHILD{count=1 minimum=2 names=ns1.child.xa.} "
			  "NOT_ENOUGH_IPV4_NS_CHILD{count=1 minimum=2 names=ns1.child.xa.} "
			  "NOT_ENOUGH_IPV6_NS_CHILD{count=1 minimum=2 names=ns1.child.xa.}",
		.changes = { ZONE(.drop = "child.xa. NS ns2|child.xa. NS ns.other") } },
	{ .what = "no IPv4",
		.cases = "delegation01",
		.show = TREEWORLD_DEBUG,
		.expect = "ENOUGH_NS_DEL NO_IPV4_NS_DEL ENOUGH_IPV6_NS_DEL "
			  "ENOUGH_NS_CHILD NO_IPV4_NS_CHILD ENOUGH_IPV6_NS_CHILD",
		.changes = { BOTH(.drop = "ns1.child.xa. A |ns2.child.xa. A |"
					  "child.xa. NS ns.other") } },
	{ .what = "no IPv6",
		.cases = "delegation01",
		.show = TREEWORLD_DEBUG,
		.expect = "ENOUGH_NS_DEL ENOUGH_IPV4_NS_DEL NO_IPV6_NS_DEL "
			  "ENOUGH_NS_CHILD ENOUGH_IPV4_NS_CHILD NO_IPV6_NS_CHILD",
		.changes = { BOTH(.drop = "ns1.child.xa. AAAA|ns2.child.xa. AAAA|"
					  "child.xa. NS ns.other") } },
	{ .what = "no IPv6 but in the zone",
		.cases = "delegation01",
		.show = TREEWORLD_DEBUG,
		.expect = "ENOUGH_NS_DEL ENOUGH_IPV4_NS_DEL NO_IPV6_NS_DEL " ENOUGH_CHILD,
		.changes = { PARENT(.drop = "ns1.child.xa. AAAA|ns2.child.xa. AAAA|"
					    "child.xa. NS ns.other") } },
	{ .what = "the root",
		.cases = "delegation01",
		.zone = ".",
		.show = TREEWORLD_DEBUG,
		.expect = ENOUGH_DEL " " ENOUGH_CHILD },
	{ .what = "undelegated",
		.cases = "delegation01",
		.ns = "ns1.child.xa/9.31.0.1",
		.show = TREEWORLD_DEBUG,
		.expect = "NOT_ENOUGH_NS_DEL NOT_ENOUGH_IPV4_NS_DEL NO_IPV6_NS_DEL " ENOUGH_CHILD },
	{ .what = "nobody was asked",
		.cases = "delegation01 delegation07",
		.ns = "ns1.child.xa/9.31.0.1 ns2.child.xa/9.32.0.1",
		.plan = TREEWORLD_NO_V4,
		.show = TREEWORLD_DEBUG,
		.expect = "ENOUGH_NS_DEL ENOUGH_IPV4_NS_DEL NO_IPV6_NS_DEL" },

	/* An address for each. */
	{ .what = "distinct",
		.cases = "delegation02",
		.show = TREEWORLD_DEBUG,
		.expect = "DEL_DISTINCT_NS_IP CHILD_DISTINCT_NS_IP" },
	{ .what = "one address in the delegation",
		.cases = "delegation02",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.expect = "DEL_NS_SAME_IP[ns1.child.xa/9.31.0.1] "
			  "DEL_NS_SAME_IP[ns1.child.xa/2a09:31::1] CHILD_DISTINCT_NS_IP",
		.changes = { PARENT(.drop = "ns2.child.xa.", .add = CHILD_ADDRS("31")) } },
	{ .what = "one address in the zone",
		.cases = "delegation02",
		.show = TREEWORLD_DEBUG | TREEWORLD_DETAILS,
		.expect = "DEL_DISTINCT_NS_IP CHILD_NS_SAME_IP{nameservers=ns1.child.xa./9.31.0.1 "
			  "ns_ip=9.31.0.1 names=ns1.child.xa.,ns2.child.xa.} "
			  "CHILD_NS_SAME_IP{nameservers=ns1.child.xa./2a09:31::1 ns_ip=2a09:31::1 "
			  "names=ns1.child.xa.,ns2.child.xa.}",
		.changes = { ZONE(.drop = "ns2.child.xa.", .add = CHILD_ADDRS("31")) } },
	{ .what = "one address in both",
		.cases = "delegation02",
		.show = TREEWORLD_DEBUG,
		.expect = "DEL_NS_SAME_IP CHILD_NS_SAME_IP",
		.changes = { BOTH(.drop = "ns2.child.xa.", .add = "ns2.child.xa. A 9.31.0.1") } },
	{ .what = "one address by a look-up",
		.cases = "delegation02",
		.show = TREEWORLD_DEBUG,
		.expect = "DEL_NS_SAME_IP DEL_NS_SAME_IP CHILD_NS_SAME_IP CHILD_NS_SAME_IP",
		.changes = { BOTH(.add = "child.xa. NS ns2.other.xb."),
			{ .zone = "other.xb.",
				.drop = "ns2.other.xb.",
				.add = "ns2.other.xb. A 9.33.0.1\nns2.other.xb. AAAA "
				       "2a09:33::1" } } },

	/*
	 * Sizes: 271 for header and question; 18 for a short name in the zone and 60 for a long
	 * one; 25 for ns.other.xb.; addresses 16 and 28.
	 */
	{ .what = "a small referral",
		.cases = "delegation03",
		.show = TREEWORLD_DEBUG | TREEWORLD_DETAILS,
		.expect = "REFERRAL_SIZE_OK{size=332}" },
	{ .what = "with addresses",
		.cases = "delegation03",
		.ns = "ns1.child.xa/9.31.0.1 ns2.child.xa/2a09:32::1",
		.show = TREEWORLD_DEBUG | TREEWORLD_DETAILS,
		.expect = "REFERRAL_SIZE_OK{size=351}" },
	{ .what = "of the root",
		.cases = "delegation03",
		.zone = ".",
		.show = TREEWORLD_DEBUG | TREEWORLD_DETAILS,
		.expect = "REFERRAL_SIZE_OK{size=352}" },
	{ .what = "long names, but not too long",
		.cases = "delegation03",
		.show = TREEWORLD_DEBUG | TREEWORLD_DETAILS,
		.expect = "REFERRAL_SIZE_OK{size=511}",
		.changes = { PARENT(.drop = "child.xa. NS", .add = LONG_LABELS("1") LONG_LABELS("2")
								    LONG_LABELS("3")
									    LONG_LABELS("4")) } },
	{ .what = "too long a name more",
		.cases = "delegation03",
		.show = TREEWORLD_DEBUG | TREEWORLD_DETAILS,
		.expect = "REFERRAL_SIZE_TOO_LARGE{size=573}",
		.changes = { PARENT(.drop = "child.xa. NS",
			.add = "child.xa. NS ns1.child.xa.\n" LONG_LABELS("1") LONG_LABELS("2")
				LONG_LABELS("3") LONG_LABELS("4")) } },
	{ .what = "long names elsewhere",
		.cases = "delegation03",
		.show = TREEWORLD_DEBUG,
		.expect = "REFERRAL_SIZE_TOO_LARGE",
		.changes = { PARENT(.drop = "child.xa. NS",
			.add = LONG_NAMES("1") LONG_NAMES("2") LONG_NAMES("3") LONG_NAMES("4")) } },

	/* Authority. */
	{ .what = "authority",
		.cases = "delegation04",
		.show = TREEWORLD_DEBUG,
		.expect = "ARE_AUTHORITATIVE" },
	{ .what = "no authority",
		.cases = "delegation04",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.expect = "IS_NOT_AUTHORITATIVE" ALL_NS2 " IS_NOT_AUTHORITATIVE" ALL_NS2,
		.changes = { { .at = "ns2.child.xa", .clear = FLAG_AA } } },
	{ .what = "no authority over TCP",
		.cases = "delegation04",
		.show = TREEWORLD_DEBUG | TREEWORLD_DETAILS,
		.expect = "IS_NOT_AUTHORITATIVE{nameservers=ns2.child.xa./9.32.0.1 proto=TCP}",
		.changes = { { .at = "9.32.0.1", .tcp = true, .clear = FLAG_AA } } },
	{ .what = "no authority over UDP",
		.cases = "delegation04",
		.show = TREEWORLD_DEBUG | TREEWORLD_DETAILS,
		.expect = "IS_NOT_AUTHORITATIVE{nameservers=ns2.child.xa./9.32.0.1 proto=UDP}",
		.changes = { { .at = "9.32.0.1", .udp = true, .clear = FLAG_AA } } },
	{ .what = "silence is not judged",
		.cases = "delegation04",
		.show = TREEWORLD_DEBUG,
		.expect = "ARE_AUTHORITATIVE",
		.changes = { { .at = "ns2.child.xa", .silent = true } } },
	{ .what = "silence of all",
		.cases = "delegation04 delegation06",
		.show = TREEWORLD_DEBUG,
		.expect = "",
		.changes = { { .at = TREEWORLD_CHILD, .under = "child.xa.", .silent = true } } },

	/* Aliases. */
	{ .what = "no alias",
		.cases = "delegation05",
		.show = TREEWORLD_DEBUG,
		.expect = "NO_NS_CNAME" },
	{ .what = "an alias in the zone",
		.cases = "delegation05",
		.show = TREEWORLD_DEBUG | TREEWORLD_DETAILS,
		.expect = "NS_IS_CNAME{ns=ns2.child.xa.}",
		.changes = { ZONE(.drop = "ns2.child.xa.",
			.add = "ns2.child.xa. CNAME real.child.xa.\n"
			       "real.child.xa. A 9.32.0.1\n"
			       "real.child.xa. AAAA 2a09:32::1") } },
	{ .what = "an alias elsewhere",
		.cases = "delegation05",
		.show = TREEWORLD_DEBUG | TREEWORLD_DETAILS,
		.expect = "NS_IS_CNAME{ns=alias.xb.}",
		.changes = { PARENT(.add = "child.xa. NS alias.xb."),
			{ .zone = "xb.", .add = "alias.xb. CNAME ns2.child.xa." } } },
	{ .what = "an alias that leads nowhere",
		.cases = "delegation05",
		.show = TREEWORLD_DEBUG | TREEWORLD_DETAILS,
		.expect = "NS_IS_CNAME{ns=alias.xb.}",
		.changes = { ZONE(.add = "child.xa. NS alias.xb."),
			{ .zone = "xb.", .add = "alias.xb. CNAME none.xb." } } },
	{ .what = "an alias in a zone below",
		.cases = "delegation05",
		.show = TREEWORLD_DEBUG | TREEWORLD_DETAILS,
		.expect = "NS_IS_CNAME{ns=ns9.sub.child.xa.}",
		.changes = { ZONE(.add = "child.xa. NS ns9.sub.child.xa.\n"
					 "sub.child.xa. NS ns2.other.xb."),
			{ .at = "ns2.other.xb",
				.zone = "sub.child.xa.",
				.add = "sub.child.xa. SOA a. b. 1 2 3 4 5\n"
				       "sub.child.xa. NS ns2.other.xb.\n"
				       "ns9.sub.child.xa. CNAME ns2.child.xa." } } },
	{ .what = "no alias in a zone below",
		.cases = "delegation05",
		.show = TREEWORLD_DEBUG,
		.expect = "NO_NS_CNAME",
		.changes = { ZONE(.add = "child.xa. NS ns9.sub.child.xa.\n"
					 "sub.child.xa. NS ns2.other.xb."),
			{ .at = "ns2.other.xb",
				.zone = "sub.child.xa.",
				.add = "sub.child.xa. SOA a. b. 1 2 3 4 5\n"
				       "sub.child.xa. NS ns2.other.xb.\n"
				       "ns9.sub.child.xa. A 9.32.0.1" } } },
	{ .what = "a name that the zone has not",
		.cases = "delegation05",
		.show = TREEWORLD_DEBUG | TREEWORLD_DETAILS,
		.expect = "UNEXPECTED_RCODE{nameservers=ns1.child.xa./9.31.0.1,"
			  "ns1.child.xa./2a09:31::1,ns2.child.xa./9.32.0.1,"
			  "ns2.child.xa./2a09:32::1,ns.other.xb./9.33.0.1,ns.other.xb./2a09:33::1 "
			  "rcode=NXDOMAIN query_name=ns2.child.xa. rrtype=A} NO_NS_CNAME",
		.changes = { ZONE(.drop = "ns2.child.xa.") } },
	{ .what = "silence about names",
		.cases = "delegation05",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.expect = "NO_RESPONSE" ALL_NS2 " NO_RESPONSE" ALL_NS2 " NO_NS_CNAME",
		.changes = { { .at = "ns2.child.xa", .silent = true } } },

	/* SOA records. */
	{ .what = "a SOA record",
		.cases = "delegation06",
		.show = TREEWORLD_DEBUG,
		.expect = "SOA_EXISTS" },
	{ .what = "no SOA record at one",
		.cases = "delegation06",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.expect = "SOA_NOT_EXISTS" ALL_NS2,
		.changes = { { .at = "ns2.child.xa", .type = RR_SOA, .empty = true } } },
	{ .what = "codes and silence are not judged",
		.cases = "delegation06",
		.show = TREEWORLD_DEBUG,
		.expect = "SOA_EXISTS",
		.changes = { { .at = "ns2.child.xa",
				     .type = RR_SOA,
				     .rcode = RCODE_REFUSED,
				     .empty = true },
			{ .at = "9.31.0.1", .silent = true } } },

	/* Names in parent and zone. */
	{ .what = "the same names",
		.cases = "delegation07",
		.show = TREEWORLD_DEBUG | TREEWORLD_DETAILS,
		.expect = "NAMES_MATCH{names=ns1.child.xa.,ns2.child.xa.,ns.other.xb.}" },
	{ .what = "more in the delegation",
		.cases = "delegation07",
		.show = TREEWORLD_DEBUG | TREEWORLD_DETAILS,
		.expect = "EXTRA_NAME_PARENT{names=ns.other.xb.}",
		.changes = { ZONE(.drop = "child.xa. NS ns.other") } },
	{ .what = "more in the zone",
		.cases = "delegation07",
		.show = TREEWORLD_DEBUG | TREEWORLD_DETAILS,
		.expect = "EXTRA_NAME_CHILD{names=ns3.child.xa.}",
		.changes = { ZONE(.add = "child.xa. NS ns3.child.xa.") } },
	{ .what = "no name in both",
		.cases = "delegation07",
		.show = TREEWORLD_DEBUG | TREEWORLD_DETAILS,
		.expect =
			"EXTRA_NAME_PARENT{names=ns1.child.xa.,ns2.child.xa.,ns.other.xb.} "
			"EXTRA_NAME_CHILD{names=ns3.child.xa.} "
			"TOTAL_NAME_MISMATCH{parent_only=ns1.child.xa.,ns2.child.xa.,ns.other.xb. "
			"child_only=ns3.child.xa.}",
		.changes = { ZONE(.drop = "child.xa. NS", .add = "child.xa. NS ns3.child.xa.") } },
};

int main(void)
{
	static const enum tag tags[] = {
#define TAG(name, ...) TAG_##name,
#include "check/cases/delegation.def"
#undef TAG
	};

	tagproof_rows(rows, ARRAY_LEN(rows));
	tagproof_tags(tags, ARRAY_LEN(tags));
	return tap_done();
}
