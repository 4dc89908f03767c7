// SPDX-License-Identifier: GPL-3.0-or-later
// The test cases of the module "consistency" in a world with one fault each.
#include "base/err.h"
#include "tagproof.h"

#define SOA(mname, rname, numbers) "child.xa. SOA " mname " " rname " " numbers
#define TIMERS			   " 14400 3600 1209600 3600"
#define MNAME			   "ns1.child.xa."
#define RNAME			   "hostmaster.child.xa."
#define AT(host, soa)                                                                              \
	{                                                                                          \
		.at = host, .zone = "child.xa.", .drop = "child.xa. SOA", .add = soa               \
	}
#define SERIAL(host, n) AT(host, SOA(MNAME, RNAME, n TIMERS))
#define ALL_NS1		"[ns1.child.xa/9.31.0.1 ns1.child.xa/2a09:31::1]"
#define ALL_NS2		"[ns2.child.xa/9.32.0.1 ns2.child.xa/2a09:32::1]"
#define OTHERS                                                                                     \
	"ns1.child.xa/9.31.0.1 ns1.child.xa/2a09:31::1 ns.other.xb/9.33.0.1 "                      \
	"ns.other.xb/2a09:33::1"
#define EVERY                                                                                      \
	"[ns1.child.xa/9.31.0.1 ns1.child.xa/2a09:31::1 ns2.child.xa/9.32.0.1 "                    \
	"ns2.child.xa/2a09:32::1 ns.other.xb/9.33.0.1 ns.other.xb/2a09:33::1]"
#define NS2_ADDRS "ns2.child.xa. A 9.35.0.1\nns2.child.xa. AAAA 2a09:35::1"
/* A zone whose name servers' names lie in a zone below it. */
#define SUB                                                                                        \
	"child.xa. NS ns9.sub.child.xa.\nsub.child.xa. NS ns9.sub.child.xa.\n"                     \
	"ns9.sub.child.xa. A 9.32.0.1\nns9.sub.child.xa. AAAA 2a09:32::1"
#define SUB_ZONE                                                                                   \
	{                                                                                          \
		.at = "ns2.child.xa", .zone = "sub.child.xa.",                                     \
		.add = "sub.child.xa. SOA a. b. 1 2 3 4 5\nsub.child.xa. NS ns9.sub.child.xa.\n"   \
		       "ns9.sub.child.xa. A 9.32.0.1\nns9.sub.child.xa. AAAA 2a09:32::1"           \
	}
/* The delegation to a name beside the zone, with the parent's addresses for it. */
#define BESIDE(n)                                                                                  \
	{ .zone = "xa.",                                                                           \
		.add = "child.xa. NS ns2.beside.xa.\nbeside.xa. NS ns2.other.xb.\n"                \
		       "ns2.beside.xa. A 9." n ".0.1\nns2.beside.xa. AAAA 2a09:" n "::1" },        \
		{ .zone = "child.xa.", .add = "child.xa. NS ns2.beside.xa." },                     \
	{                                                                                          \
		.at = "ns2.other.xb", .zone = "beside.xa.",                                        \
		.add = "beside.xa. SOA a. b. 1 2 3 4 5\nbeside.xa. NS ns2.other.xb.\n"             \
		       "ns2.beside.xa. A 9.32.0.1\nns2.beside.xa. AAAA 2a09:32::1"                 \
	}

static const struct treeworld_row rows[] = {
	/* Serials. */
	{ .what = "one serial",
		.cases = "consistency01",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.expect = "ONE_SOA_SERIAL" EVERY " SOA_SERIAL" EVERY },
	{ .what = "an old serial",
		.cases = "consistency01",
		.show = TREEWORLD_DEBUG | TREEWORLD_DETAILS,
		.expect =
			"MULTIPLE_SOA_SERIALS{nameservers=ns1.child.xa./9.31.0.1,"
			"ns1.child.xa./2a09:31::1,ns2.child.xa./9.32.0.1,ns2.child.xa./2a09:32::1,"
			"ns.other.xb./9.33.0.1,ns.other.xb./2a09:33::1 count=2 "
			"serials=2026010101 at ns1.child.xa./9.31.0.1 ns1.child.xa./2a09:31::1 "
			"ns.other.xb./9.33.0.1 ns.other.xb./2a09:33::1,"
			"2026010100 at ns2.child.xa./9.32.0.1 ns2.child.xa./2a09:32::1} "
			"SOA_SERIAL_VARIATION{serial_min=2026010100 serial_max=2026010101 "
			"max_variation=0} SOA_SERIAL{nameservers=ns1.child.xa./9.31.0.1,"
			"ns1.child.xa./2a09:31::1,ns.other.xb./9.33.0.1,ns.other.xb./2a09:33::1 "
			"serial=2026010101} SOA_SERIAL{nameservers=ns2.child.xa./9.32.0.1,"
			"ns2.child.xa./2a09:32::1 serial=2026010100}",
		.changes = { SERIAL("ns2.child.xa", "2026010100") } },
	{ .what = "serials around zero",
		.cases = "consistency01",
		.show = TREEWORLD_DETAILS,
		.expect =
			"MULTIPLE_SOA_SERIALS{nameservers=ns1.child.xa./9.31.0.1,"
			"ns1.child.xa./2a09:31::1,ns2.child.xa./9.32.0.1,ns2.child.xa./2a09:32::1,"
			"ns.other.xb./9.33.0.1,ns.other.xb./2a09:33::1 count=2 "
			"serials=4294967295 at ns1.child.xa./9.31.0.1 ns1.child.xa./2a09:31::1,"
			"1 at ns2.child.xa./9.32.0.1 ns2.child.xa./2a09:32::1 "
			"ns.other.xb./9.33.0.1 ns.other.xb./2a09:33::1} "
			"SOA_SERIAL_VARIATION{serial_min=4294967295 serial_max=1 max_variation=0}",
		.changes = { SERIAL("ns1.child.xa", "4294967295"),
			SERIAL("ns2.child.xa ns.other.xb", "1") } },
	{ .what = "silence, and no SOA record",
		.cases = "consistency01",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.expect = "NO_RESPONSE[ns1.child.xa/2a09:31::1] NO_RESPONSE_SOA_QUERY" ALL_NS2
			  " ONE_SOA_SERIAL[ns1.child.xa/9.31.0.1 ns.other.xb/9.33.0.1 "
			  "ns.other.xb/2a09:33::1] SOA_SERIAL[ns1.child.xa/9.31.0.1 "
			  "ns.other.xb/9.33.0.1 ns.other.xb/2a09:33::1]",
		.changes = { { .at = "2a09:31::1", .silent = true },
			{ .at = "ns2.child.xa", .type = RR_SOA, .empty = true } } },
	{ .what = "silence of all",
		.cases = "consistency01 consistency02 consistency03 consistency04 consistency06",
		.show = TREEWORLD_DEBUG,
		.expect = "NO_RESPONSE NO_RESPONSE NO_RESPONSE NO_RESPONSE NO_RESPONSE",
		.changes = { { .at = TREEWORLD_CHILD, .under = "child.xa.", .silent = true } } },

	/* The rest of the SOA record. */
	{ .what = "one RNAME",
		.cases = "consistency02",
		.show = TREEWORLD_DEBUG,
		.expect = "ONE_SOA_RNAME" },
	{ .what = "one RNAME in two spellings",
		.cases = "consistency02",
		.show = TREEWORLD_DEBUG,
		.expect = "ONE_SOA_RNAME",
		.changes = { AT("ns2.child.xa",
			SOA(MNAME, "HostMaster.CHILD.xa.", "2026010101" TIMERS)) } },
	{ .what = "two RNAMEs",
		.cases = "consistency02",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.expect = "MULTIPLE_SOA_RNAMES" EVERY " SOA_RNAME[" OTHERS "] SOA_RNAME" ALL_NS2,
		.changes = { AT(
			"ns2.child.xa", SOA(MNAME, "other.child.xa.", "2026010101" TIMERS)) } },
	{ .what = "the same timers",
		.cases = "consistency03",
		.show = TREEWORLD_DEBUG | TREEWORLD_DETAILS,
		.expect =
			"ONE_SOA_TIME_PARAMETER_SET{nameservers=ns1.child.xa./9.31.0.1,"
			"ns1.child.xa./2a09:31::1,ns2.child.xa./9.32.0.1,ns2.child.xa./2a09:32::1,"
			"ns.other.xb./9.33.0.1,ns.other.xb./2a09:33::1 "
			"refresh=14400 retry=3600 expire=1209600 minimum=3600}",
		.changes = { SERIAL("ns2.child.xa", "7") } },
	{ .what = "another refresh",
		.cases = "consistency03",
		.show = TREEWORLD_DEBUG,
		.expect = "MULTIPLE_SOA_TIME_PARAMETER_SET SOA_TIME_PARAMETER_SET "
			  "SOA_TIME_PARAMETER_SET",
		.changes = { AT("ns2.child.xa",
			SOA(MNAME, RNAME, "2026010101 14401 3600 1209600 3600")) } },
	{ .what = "another retry, another expire, another minimum",
		.cases = "consistency03",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.expect = "MULTIPLE_SOA_TIME_PARAMETER_SET" EVERY " SOA_TIME_PARAMETER_SET" ALL_NS1
			  " SOA_TIME_PARAMETER_SET" ALL_NS2
			  " SOA_TIME_PARAMETER_SET[ns.other.xb/9.33.0.1 ns.other.xb/2a09:33::1]",
		.changes = { AT("ns1.child.xa",
				     SOA(MNAME, RNAME, "2026010101 14400 3601 1209600 3600")),
			AT("ns2.child.xa", SOA(MNAME, RNAME, "2026010101 14400 3600 1209601 3600")),
			AT("ns.other.xb",
				SOA(MNAME, RNAME, "2026010101 14400 3600 1209600 3601")) } },
	{ .what = "one MNAME",
		.cases = "consistency06",
		.show = TREEWORLD_DEBUG,
		.expect = "ONE_SOA_MNAME" },
	{ .what = "two MNAMEs",
		.cases = "consistency06",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.expect = "NO_RESPONSE[ns2.child.xa/9.32.0.1] "
			  "MULTIPLE_SOA_MNAMES[ns1.child.xa/9.31.0.1 "
			  "ns1.child.xa/2a09:31::1 ns2.child.xa/2a09:32::1 ns.other.xb/9.33.0.1 "
			  "ns.other.xb/2a09:33::1]",
		.changes = { AT("ns2.child.xa", SOA("ns2.child.xa.", RNAME, "2026010101" TIMERS)),
			{ .at = "9.32.0.1", .silent = true } } },
	{ .what = "two MNAMEs, undelegated",
		.cases = "consistency06",
		.show = TREEWORLD_DEBUG,
		.ns = "ns1.child.xa/9.31.0.1 ns2.child.xa/9.32.0.1",
		.expect = "MULTIPLE_SOA_MNAMES",
		.changes = { AT(
			"ns2.child.xa", SOA("ns2.child.xa.", RNAME, "2026010101" TIMERS)) } },

	/* NS records. */
	{ .what = "one set",
		.cases = "consistency04",
		.show = TREEWORLD_DEBUG,
		.expect = "ONE_NS_SET" },
	{ .what = "a set without one",
		.cases = "consistency04",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.expect = "MULTIPLE_NS_SET" EVERY " NS_SET[" OTHERS "] NS_SET" ALL_NS2,
		.changes = { { .at = "ns2.child.xa",
			.zone = "child.xa.",
			.drop = "child.xa. NS ns.other" } } },
	{ .what = "another name",
		.cases = "consistency04",
		.show = TREEWORLD_DEBUG,
		.expect = "MULTIPLE_NS_SET NS_SET NS_SET",
		.changes = { { .at = "ns2.child.xa",
			.zone = "child.xa.",
			.drop = "child.xa. NS ns.other",
			.add = "child.xa. NS ns3.child.xa." } } },
	{ .what = "another TTL",
		.cases = "consistency04",
		.show = TREEWORLD_DEBUG,
		.expect = "MULTIPLE_NS_SET NS_SET NS_SET",
		.changes = { { .at = "ns2.child.xa",
			.zone = "child.xa.",
			.drop = "child.xa. NS",
			.add = "child.xa. 77 NS ns1.child.xa.\nchild.xa. 77 NS ns2.child.xa.\n"
			       "child.xa. 77 NS ns.other.xb." } } },
	{ .what = "no authority, silence",
		.cases = "consistency04",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.expect = "NO_RESPONSE" ALL_NS1 " NO_RESPONSE_NS_QUERY" ALL_NS2
			  " ONE_NS_SET[ns.other.xb/9.33.0.1 ns.other.xb/2a09:33::1]",
		.changes = { { .at = "ns1.child.xa", .silent = true },
			{ .at = "ns2.child.xa", .clear = FLAG_AA } } },

	/* Addresses in delegation and zone. */
	{ .what = "the same addresses",
		.cases = "consistency05",
		.show = TREEWORLD_DEBUG,
		.expect = "ADDRESSES_MATCH" },
	{ .what = "no names in the zone",
		.cases = "consistency05",
		.show = TREEWORLD_DEBUG,
		.expect = "ADDRESSES_MATCH",
		.changes = { { .zone = "xa.", .drop = "child.xa. NS ns1|child.xa. NS ns2|ns" },
			{ .zone = "child.xa.", .drop = "child.xa. NS ns1|child.xa. NS ns2" } } },
	{ .what = "one server has no authority",
		.cases = "consistency05",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.expect = "CHILD_NS_FAILED" ALL_NS1 " ADDRESSES_MATCH",
		.changes = { { .at = "ns1.child.xa", .clear = FLAG_AA } } },
	{ .what = "one server fails",
		.cases = "consistency05",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.expect = "CHILD_NS_FAILED" ALL_NS1 " ADDRESSES_MATCH",
		.changes = { { .at = "ns1.child.xa", .rcode = RCODE_SERVFAIL } } },
	{ .what = "one server is silent",
		.cases = "consistency05",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.expect = "NO_RESPONSE" ALL_NS1 " ADDRESSES_MATCH",
		.changes = { { .at = "ns1.child.xa", .silent = true } } },
	{ .what = "beside the zone, with glue",
		.cases = "consistency05",
		.show = TREEWORLD_DEBUG,
		.expect = "ADDRESSES_MATCH",
		.changes = { BESIDE("32") } },
	{ .what = "in a zone below",
		.cases = "consistency05",
		.show = TREEWORLD_DEBUG,
		.expect = "ADDRESSES_MATCH",
		.changes = { { .zone = "xa.", .drop = "child.xa. NS|ns", .add = SUB },
			{ .zone = "child.xa.", .drop = "child.xa. NS|ns", .add = SUB },
			SUB_ZONE } },
	{ .what = "the parent serves the zone",
		.cases = "consistency05",
		.show = TREEWORLD_DEBUG,
		.expect = "ADDRESSES_MATCH",
		.changes = { { .at = TREEWORLD_XA, .zone = "child.xa." } } },
	{ .what = "undelegated",
		.cases = "consistency05",
		.show = TREEWORLD_DEBUG,
		.ns = "ns1.child.xa/9.31.0.1 ns1.child.xa/2a09:31::1 ns2.child.xa/9.32.0.1 "
		      "ns2.child.xa/2a09:32::1 ns.other.xb/9.33.0.1",
		.expect = "ADDRESSES_MATCH" },
	{ .what = "the root",
		.cases = "consistency05",
		.zone = ".",
		.show = TREEWORLD_DEBUG,
		.expect = "ADDRESSES_MATCH" },
	{ .what = "nobody answers",
		.cases = "consistency05",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.expect = "NO_RESPONSE" EVERY " CHILD_ZONE_LAME" EVERY,
		.changes = { { .at = TREEWORLD_CHILD, .under = "child.xa.", .silent = true } } },
	{ .what = "nobody answers well",
		.cases = "consistency05",
		.show = TREEWORLD_DEBUG,
		.expect = "CHILD_NS_FAILED CHILD_ZONE_LAME",
		.changes = { { .at = "ns1.child.xa ns.other.xb",
				     .under = "child.xa.",
				     .clear = FLAG_AA },
			{ .at = "ns2.child.xa", .rcode = RCODE_SERVFAIL } } },
	{ .what = "nobody was asked",
		.cases = "consistency05",
		.show = TREEWORLD_DEBUG,
		.ns = "ns1.child.xa/9.31.0.1",
		.plan = TREEWORLD_NO_V4,
		.expect = "" },
	{ .what = "other addresses in the zone",
		.cases = "consistency05",
		.show = TREEWORLD_DEBUG | TREEWORLD_DETAILS,
		.expect =
			"IN_BAILIWICK_ADDR_MISMATCH{nameservers=ns2.child.xa./9.32.0.1,"
			"ns2.child.xa./2a09:32::1 parent_addresses=ns1.child.xa./9.31.0.1,"
			"ns1.child.xa./2a09:31::1,ns2.child.xa./9.32.0.1,ns2.child.xa./2a09:32::1 "
			"zone_addresses=ns1.child.xa./9.31.0.1,ns1.child.xa./2a09:31::1,"
			"ns2.child.xa./9.35.0.1,ns2.child.xa./2a09:35::1} "
			"EXTRA_ADDRESS_CHILD{nameservers=ns2.child.xa./9.35.0.1,"
			"ns2.child.xa./2a09:35::1 ns_ip_list=ns2.child.xa./9.35.0.1,"
			"ns2.child.xa./2a09:35::1}",
		.changes = { { .zone = "child.xa.", .drop = "ns2.child.xa.", .add = NS2_ADDRS } } },
	{ .what = "no addresses in the zone",
		.cases = "consistency05",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.expect = "IN_BAILIWICK_ADDR_MISMATCH" ALL_NS2,
		.changes = { { .zone = "child.xa.", .drop = "ns2.child.xa." } } },
	{ .what = "an alias in the zone is no address",
		.cases = "consistency05",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.expect = "IN_BAILIWICK_ADDR_MISMATCH" ALL_NS2,
		.changes = { { .zone = "child.xa.",
			.drop = "ns2.child.xa.",
			.add = "ns2.child.xa. CNAME real.child.xa.\nreal.child.xa. A 9.32.0.1\n"
			       "real.child.xa. AAAA 2a09:32::1" } } },
	{ .what = "more addresses in the zone",
		.cases = "consistency05",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.expect = "EXTRA_ADDRESS_CHILD[ns3.child.xa/9.35.0.1 ns3.child.xa/2a09:35::1]",
		.changes = { { .zone = "child.xa.", .add = NS2_ADDRS } } },
	{ .what = "beside the zone, with other glue",
		.cases = "consistency05",
		.show = TREEWORLD_DEBUG | TREEWORLD_DETAILS,
		.expect = "OUT_OF_BAILIWICK_ADDR_MISMATCH{nameservers=ns2.beside.xa./9.35.0.1,"
			  "ns2.beside.xa./2a09:35::1 "
			  "parent_addresses=ns2.beside.xa./9.35.0.1,ns2.beside.xa./2a09:35::1 "
			  "zone_addresses=ns2.beside.xa./9.32.0.1,ns2.beside.xa./2a09:32::1}",
		.changes = { BESIDE("35") } },
	{ .what = "given, other than by look-up",
		.cases = "consistency05",
		.show = TREEWORLD_SERVERS,
		.ns = "ns1.child.xa/9.31.0.1 ns1.child.xa/2a09:31::1 "
		      "ns2.child.xa/9.32.0.1 ns2.child.xa/2a09:32::1 ns.other.xb/9.35.0.1",
		.expect = "OUT_OF_BAILIWICK_ADDR_MISMATCH[ns3.child.xa/9.35.0.1]" },
};

int main(void)
{
	static const enum tag tags[] = {
#define TAG(name, ...) TAG_##name,
#include "check/cases/consistency.def"
#undef TAG
	};

	tagproof_rows(rows, ARRAY_LEN(rows));
	tagproof_tags(tags, ARRAY_LEN(tags));
	return tap_done();
}
