/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The test cases of the module "zone", each in worlds in which its tags come up and do not. */
#include "base/err.h"
#include "tagproof.h"

/* The whole SOA record of child.xa. at some of its servers, from the MNAME on. */
#define SOA_AT(where, fields)                                                                      \
	{                                                                                          \
		.at = (where), .zone = "child.xa.", .drop = "child.xa. SOA",                       \
		.add = "child.xa. SOA " fields                                                     \
	}
#define SOA(fields) SOA_AT(TREEWORLD_CHILD, fields)
/* The same with MNAME alone; with the four times alone. */
#define MNAME(name)  SOA(name " hostmaster.child.xa. 2026010101 14400 3600 1209600 3600")
#define TIMES(times) SOA("ns1.child.xa. hostmaster.child.xa. 2026010101 " times)
/* Records of child.xa. instead of those of the type. */
#define SET_AT(where, type, lines)                                                                 \
	{                                                                                          \
		.at = (where), .zone = "child.xa.", .drop = "child.xa. " type, .add = (lines)      \
	}
#define SET(type, lines) SET_AT(TREEWORLD_CHILD, type, lines)
#define ADD(lines)                                                                                 \
	{                                                                                          \
		.at = TREEWORLD_CHILD, .zone = "child.xa.", .add = (lines)                         \
	}
#define TXT(policy) SET("TXT", "child.xa. TXT \"" policy "\"")

#define NO_SOA                                                                                     \
	{                                                                                          \
		.at = TREEWORLD_CHILD, .type = RR_SOA, .name = "child.xa.", .empty = true          \
	}

static const struct treeworld_row rows[] = {
	{ "a master", "zone01",
		"Z01_MNAME_IS_MASTER[ns1.child.xa/9.31.0.1 ns1.child.xa/2a09:31::1]",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS },
	{ "a dot", "zone01", "Z01_MNAME_IS_DOT", .changes = { MNAME(".") } },
	{ "localhost", "zone01", "Z01_MNAME_IS_LOCALHOST", .changes = { MNAME("LocalHost.") } },
	{ "a dot at one server", "zone01", "Z01_MNAME_IS_DOT[ns2.child.xa/9.32.0.1]",
		.show = TREEWORLD_INFO | TREEWORLD_SERVERS,
		.changes = { SOA_AT("9.32.0.1",
			". hostmaster.child.xa. 2026010101 14400 3600 1209600 3600") } },
	{ "loopback addresses", "zone01",
		"Z01_MNAME_NOT_IN_NS_LIST Z01_MNAME_HAS_LOCALHOST_ADDR "
		"Z01_MNAME_HAS_LOCALHOST_ADDR",
		.show = TREEWORLD_DEBUG,
		.changes = { MNAME("m.child.xa."),
			ADD("m.child.xa. A 127.0.0.1\nm.child.xa. AAAA ::1") } },
	{ "no address", "zone01", "Z01_MNAME_NOT_IN_NS_LIST Z01_MNAME_NOT_RESOLVE",
		.show = TREEWORLD_DEBUG, .changes = { MNAME("m.child.xa.") } },
	{ "a hidden master", "zone01", "Z01_MNAME_NOT_IN_NS_LIST Z01_MNAME_IS_MASTER",
		.show = TREEWORLD_DEBUG, .changes = { MNAME("ns3.child.xa.") } },
	{ "a server without the zone", "zone01",
		"Z01_MNAME_NOT_IN_NS_LIST Z01_MNAME_UNEXPECTED_RCODE Z01_MNAME_UNEXPECTED_RCODE",
		.show = TREEWORLD_DEBUG, .changes = { MNAME("spare.xb.") } },
	{ "a server without SOA", "zone01",
		"Z01_MNAME_NOT_IN_NS_LIST Z01_MNAME_MISSING_SOA_RECORD "
		"Z01_MNAME_MISSING_SOA_RECORD",
		.show = TREEWORLD_DEBUG,
		.changes = { MNAME("ns3.child.xa."),
			{ .at = "ns3.child.xa", .type = RR_SOA, .empty = true } } },
	{ "a server without authority", "zone01",
		"Z01_MNAME_NOT_IN_NS_LIST Z01_MNAME_NOT_AUTHORITATIVE Z01_MNAME_IS_MASTER",
		.show = TREEWORLD_DEBUG,
		.changes = { MNAME("ns3.child.xa."),
			{ .at = "9.35.0.1", .type = RR_SOA, .clear = FLAG_AA } } },
	{ "a silent server", "zone01",
		"Z01_MNAME_NOT_IN_NS_LIST Z01_MNAME_NO_RESPONSE Z01_MNAME_NO_RESPONSE",
		.show = TREEWORLD_DEBUG,
		.changes = { MNAME("ns3.child.xa."), { .at = "ns3.child.xa", .silent = true } } },
	{ "a silent server over IPv6 that is off", "zone01",
		"Z01_MNAME_NOT_IN_NS_LIST Z01_MNAME_IS_MASTER", .show = TREEWORLD_DEBUG,
		.plan = TREEWORLD_NO_V6,
		.changes = { MNAME("ns3.child.xa."), { .at = "2a09:35::1", .silent = true } } },
	{ "an old master", "zone01", "Z01_MNAME_NOT_MASTER", .show = TREEWORLD_DEBUG,
		.changes = { SOA_AT("ns2.child.xa", "ns1.child.xa. hostmaster.child.xa. 2026010102 "
						    "14400 3600 1209600 3600") } },
	{ "serials that wrap around", "zone01", "Z01_MNAME_NOT_MASTER", .show = TREEWORLD_DEBUG,
		.changes = { SOA_AT("ns1.child.xa", "ns1.child.xa. h.child.xa. 4294967295 14400 "
						    "3600 1209600 3600"),
			SOA_AT("ns2.child.xa ns.other.xb",
				"ns1.child.xa. h.child.xa. 1 14400 3600 1209600 3600") } },
	{ "a master that is ahead", "zone01", "Z01_MNAME_IS_MASTER", .show = TREEWORLD_DEBUG,
		.changes = { SOA_AT("ns1.child.xa", "ns1.child.xa. hostmaster.child.xa. 2026010102 "
						    "14400 3600 1209600 3600") } },
	{ "two masters, one of them old", "zone01", "Z01_MNAME_NOT_MASTER Z01_MNAME_IS_MASTER",
		.show = TREEWORLD_DEBUG,
		.changes = { SOA_AT("ns2.child.xa", "ns2.child.xa. hostmaster.child.xa. 2026010102 "
						    "14400 3600 1209600 3600") } },
	{ "no SOA", "zone01", "", .show = TREEWORLD_DEBUG, .changes = { NO_SOA } },
	{ "no alias", "zone07", "MNAME_IS_NOT_CNAME", .show = TREEWORLD_DEBUG },
	{ "an alias", "zone07", "MNAME_IS_CNAME", .show = TREEWORLD_DEBUG,
		.changes = { MNAME("m.child.xa."), ADD("m.child.xa. CNAME ns1.child.xa.") } },
	{ "an alias of nothing", "zone07", "MNAME_IS_CNAME MNAME_HAS_NO_ADDRESS",
		.show = TREEWORLD_DEBUG,
		.changes = { MNAME("m.child.xa."), ADD("m.child.xa. CNAME x.child.xa.") } },
	{ "no address", "zone07", "MNAME_IS_NOT_CNAME MNAME_HAS_NO_ADDRESS",
		.show = TREEWORLD_DEBUG, .changes = { MNAME("m.child.xa.") } },
	{ "a name that cannot be looked up", "zone07", "MNAME_HAS_NO_ADDRESS",
		.show = TREEWORLD_DEBUG,
		.changes = { MNAME("m.other.xb."),
			{ .name = "m.other.xb.", .rcode = RCODE_SERVFAIL } } },
	{ "no SOA", "zone07", "NO_RESPONSE_SOA_QUERY", .show = TREEWORLD_DEBUG,
		.changes = { NO_SOA } },

	{ "good times", "zone02 zone03 zone04 zone05 zone06",
		"REFRESH_MINIMUM_VALUE_OK REFRESH_HIGHER_THAN_RETRY RETRY_MINIMUM_VALUE_OK "
		"EXPIRE_MINIMUM_VALUE_OK SOA_DEFAULT_TTL_MAXIMUM_VALUE_OK",
		.show = TREEWORLD_DEBUG },
	{ "times at their bounds", "zone02 zone03 zone04 zone05 zone06",
		"REFRESH_MINIMUM_VALUE_OK REFRESH_HIGHER_THAN_RETRY RETRY_MINIMUM_VALUE_OK "
		"EXPIRE_MINIMUM_VALUE_OK SOA_DEFAULT_TTL_MAXIMUM_VALUE_OK",
		.show = TREEWORLD_DEBUG, .changes = { TIMES("14400 3600 604800 300") } },
	{ "times outside of them", "zone02 zone03 zone04 zone05 zone06",
		"REFRESH_MINIMUM_VALUE_LOWER REFRESH_HIGHER_THAN_RETRY RETRY_MINIMUM_VALUE_LOWER "
		"EXPIRE_MINIMUM_VALUE_LOWER SOA_DEFAULT_TTL_MAXIMUM_VALUE_LOWER",
		.show = TREEWORLD_DEBUG, .changes = { TIMES("14399 3599 604799 299") } },
	{ "large times", "zone02 zone03 zone04 zone05 zone06",
		"REFRESH_MINIMUM_VALUE_OK REFRESH_LOWER_THAN_RETRY RETRY_MINIMUM_VALUE_OK "
		"EXPIRE_LOWER_THAN_REFRESH SOA_DEFAULT_TTL_MAXIMUM_VALUE_HIGHER",
		.show = TREEWORLD_DEBUG, .changes = { TIMES("700000 700000 699999 86401") } },
	{ "an expire of both kinds", "zone05",
		"EXPIRE_MINIMUM_VALUE_LOWER EXPIRE_LOWER_THAN_REFRESH", .show = TREEWORLD_DEBUG,
		.changes = { TIMES("14400 3600 100 86400") } },
	{ "an expire as long as refresh", "zone05 zone06",
		"EXPIRE_MINIMUM_VALUE_OK SOA_DEFAULT_TTL_MAXIMUM_VALUE_OK", .show = TREEWORLD_DEBUG,
		.changes = { TIMES("604800 3600 604800 86400") } },
	{ "an answer without authority is passed over", "zone02", "REFRESH_MINIMUM_VALUE_OK",
		.show = TREEWORLD_DEBUG,
		.changes = { SOA_AT("ns1.child.xa", "ns1.child.xa. h.child.xa. 1 1 1 1 1"),
			{ .at = "ns1.child.xa", .type = RR_SOA, .clear = FLAG_AA } } },
	{ "no SOA", "zone02 zone03 zone04 zone05 zone06",
		"NO_RESPONSE_SOA_QUERY NO_RESPONSE_SOA_QUERY NO_RESPONSE_SOA_QUERY "
		"NO_RESPONSE_SOA_QUERY NO_RESPONSE_SOA_QUERY",
		.show = TREEWORLD_DEBUG, .changes = { NO_SOA } },
	{ "one SOA", "zone10", "ONE_SOA", .show = TREEWORLD_DEBUG },
	{ "two SOA", "zone10", "MULTIPLE_SOA[ns1.child.xa/9.31.0.1]",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.changes = { { .at = "9.31.0.1",
			.type = RR_SOA,
			.name = "child.xa.",
			.answer = "child.xa. SOA ns1.child.xa. h.child.xa. 1 14400 3600 1209600 1\n"
				  "child.xa. SOA ns1.child.xa. h.child.xa. 2 14400 3600 1209600 "
				  "1" } } },
	{ "another SOA", "zone10", "WRONG_SOA[ns1.child.xa/9.31.0.1]",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.changes = { { .at = "9.31.0.1",
			.type = RR_SOA,
			.name = "child.xa.",
			.answer = "xa. SOA ns1.child.xa. h.child.xa. 1 14400 3600 1209600 1" } } },
	{ "silence and nothing", "zone10", "NO_RESPONSE NO_SOA_IN_RESPONSE",
		.show = TREEWORLD_DEBUG,
		.changes = { { .at = "9.31.0.1", .type = RR_SOA, .silent = true },
			{ .at = "9.32.0.1", .type = RR_SOA, .empty = true } } },
	{ "silence of a family that is off", "zone10", "ONE_SOA", .show = TREEWORLD_DEBUG,
		.plan = TREEWORLD_NO_V4, .changes = { { .at = "9.31.0.1", .silent = true } } },

	{ "no alias", "zone08", "MX_RECORD_IS_NOT_CNAME", .show = TREEWORLD_DEBUG },
	{ "an alias", "zone08", "MX_RECORD_IS_CNAME", .show = TREEWORLD_DEBUG,
		.changes = { SET("MX", "child.xa. MX 10 m.child.xa."),
			ADD("m.child.xa. CNAME mail.child.xa.") } },
	{ "an alias elsewhere, and none", "zone08", "MX_RECORD_IS_CNAME MX_RECORD_IS_NOT_CNAME",
		.show = TREEWORLD_DEBUG,
		.changes = { SET("MX", "child.xa. MX 10 m.other.xb.\nchild.xa. MX 20 spare.xb."),
			{ .zone = "other.xb.", .add = "m.other.xb. CNAME spare.xb." } } },
	{ "a name that does not exist", "zone08", "MX_RECORD_IS_NOT_CNAME", .show = TREEWORLD_DEBUG,
		.changes = { SET("MX", "child.xa. MX 10 m.child.xa.") } },
	{ "no mail", "zone08", "", .show = TREEWORLD_DEBUG,
		.changes = { SET("MX", "child.xa. MX 0 .") } },
	{ "no answer with authority", "zone08", "NO_RESPONSE_MX_QUERY", .show = TREEWORLD_DEBUG,
		.changes = { { .at = TREEWORLD_CHILD, .type = RR_MX, .clear = FLAG_AA } } },
	{ "an MX", "zone09", "Z09_MX_DATA", .show = TREEWORLD_DEBUG },
	{ "no MX", "zone09", "Z09_MISSING_MAIL_TARGET", .show = TREEWORLD_DEBUG,
		.changes = { SET("MX", NULL) } },
	{ "no MX at some", "zone09",
		"Z09_INCONSISTENT_MX[ns2.child.xa/9.32.0.1 ns2.child.xa/2a09:32::1] "
		"Z09_NO_MX_FOUND[ns2.child.xa/9.32.0.1 ns2.child.xa/2a09:32::1] "
		"Z09_MX_FOUND[ns1.child.xa/9.31.0.1 ns1.child.xa/2a09:31::1 "
		"ns.other.xb/9.33.0.1 ns.other.xb/2a09:33::1] "
		"Z09_MX_DATA[ns1.child.xa/9.31.0.1 ns1.child.xa/2a09:31::1 "
		"ns.other.xb/9.33.0.1 ns.other.xb/2a09:33::1]",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.changes = { SET_AT("ns2.child.xa", "MX", NULL) } },
	{ "another MX at some", "zone09",
		"Z09_INCONSISTENT_MX_DATA[ns1.child.xa/9.31.0.1] "
		"Z09_MX_DATA[ns1.child.xa/9.31.0.1] "
		"Z09_MX_DATA[ns1.child.xa/2a09:31::1 ns2.child.xa/9.32.0.1 ns2.child.xa/2a09:32::1 "
		"ns.other.xb/9.33.0.1 ns.other.xb/2a09:33::1]",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.changes = { SET_AT("9.31.0.1", "MX", "child.xa. MX 20 mail.child.xa.") } },
	{ "the same MX, written otherwise", "zone09", "Z09_MX_DATA", .show = TREEWORLD_DEBUG,
		.changes = { SET_AT("9.31.0.1", "MX",
				     "child.xa. MX 10 A.child.xa.\nchild.xa. MX 20 b.child.xa."),
			SET_AT("2a09:31::1 ns2.child.xa ns.other.xb", "MX",
				"child.xa. MX 20 b.child.xa.\nchild.xa. MX 10 a.CHILD.xa.") } },
	{ "answers without authority", "zone09", "Z09_NON_AUTH_MX_RESPONSE Z09_MX_DATA",
		.show = TREEWORLD_DEBUG,
		.changes = { { .at = "ns1.child.xa", .type = RR_MX, .clear = FLAG_AA } } },
	{ "silence", "zone09", "Z09_NO_RESPONSE_MX_QUERY Z09_MX_DATA", .show = TREEWORLD_DEBUG,
		.changes = { { .at = "ns1.child.xa", .type = RR_MX, .silent = true } } },
	{ "truncated, and silence over TCP", "zone09", "Z09_NO_RESPONSE_MX_QUERY Z09_MX_DATA",
		.show = TREEWORLD_DEBUG,
		.changes = { { .at = "ns1.child.xa",
				     .type = RR_MX,
				     .udp = true,
				     .set = FLAG_TC,
				     .empty = true },
			{ .at = "ns1.child.xa", .type = RR_MX, .tcp = true, .silent = true } } },
	{ "codes", "zone09",
		"Z09_UNEXPECTED_RCODE_MX[ns1.child.xa/9.31.0.1 ns2.child.xa/9.32.0.1] "
		"Z09_UNEXPECTED_RCODE_MX[ns1.child.xa/2a09:31::1] "
		"Z09_MX_DATA[ns2.child.xa/2a09:32::1 ns.other.xb/9.33.0.1 "
		"ns.other.xb/2a09:33::1]",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.changes = { { .at = "9.31.0.1 9.32.0.1", .type = RR_MX, .rcode = RCODE_REFUSED },
			{ .at = "2a09:31::1", .type = RR_MX, .rcode = RCODE_NXDOMAIN } } },
	{ "a server without SOA does not count", "zone09", "Z09_MX_DATA", .show = TREEWORLD_DEBUG,
		.changes = { { .at = "ns1.child.xa", .type = RR_MX, .silent = true },
			{ .at = "ns1.child.xa", .type = RR_SOA, .rcode = RCODE_SERVFAIL } } },
	{ "no mail", "zone09", "", .show = TREEWORLD_DEBUG,
		.changes = { SET("MX", "child.xa. MX 0 .") } },
	{ "no mail, but a server", "zone09", "Z09_NULL_MX_WITH_OTHER_MX", .show = TREEWORLD_DEBUG,
		.changes = { SET("MX", "child.xa. MX 0 .\nchild.xa. MX 10 mail.child.xa.") } },
	{ "no mail, with a preference", "zone09", "Z09_NULL_MX_NON_ZERO_PREF",
		.show = TREEWORLD_DEBUG, .changes = { SET("MX", "child.xa. MX 256 .") } },
	{ "a top-level domain with mail", "zone09", "Z09_TLD_EMAIL_DOMAIN", .zone = "xa.",
		.show = TREEWORLD_DEBUG,
		.changes = { { .zone = "xa.", .add = "xa. MX 10 mail.child.xa." } } },
	{ "a top-level domain without mail", "zone09", "", .zone = "xa.", .show = TREEWORLD_DEBUG },
	{ "the root with mail", "zone09", "Z09_ROOT_EMAIL_DOMAIN", .zone = ".",
		.show = TREEWORLD_DEBUG,
		.changes = { { .zone = ".", .add = ". MX 10 mail.child.xa." } } },
	{ "the root without mail", "zone09", "", .zone = ".", .show = TREEWORLD_DEBUG },
	{ "a reverse zone without mail", "zone09", "", .zone = "in-addr.arpa.",
		.show = TREEWORLD_DEBUG },

	{ "a policy", "zone11", "Z11_SPF_SYNTAX_OK", .show = TREEWORLD_DEBUG },
	{ "a policy in parts, and other texts", "zone11", "Z11_SPF_SYNTAX_OK",
		.show = TREEWORLD_DEBUG,
		.changes = { SET("TXT", "child.xa. TXT \"other\"\n"
					"child.xa. TXT \"V=spf\" \"1 \" \"MX -all\"\n"
					"child.xa. TXT \"v=spf10 x\"") } },
	{ "a policy that cannot be read", "zone11",
		"Z11_SPF_SYNTAX_ERROR[ns1.child.xa/9.31.0.1 ns1.child.xa/2a09:31::1 "
		"ns2.child.xa/9.32.0.1 ns2.child.xa/2a09:32::1 ns.other.xb/9.33.0.1 "
		"ns.other.xb/2a09:33::1]",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.changes = { TXT("v=spf1 ipv4:192.0.2.1 -all") } },
	{ "two policies", "zone11", "Z11_SPF_MULTIPLE_RECORDS", .show = TREEWORLD_DEBUG,
		.changes = { SET("TXT", "child.xa. TXT \"v=spf1 -all\"\n"
					"child.xa. TXT \"v=spf1 mx -all\"") } },
	{ "the same in another order", "zone11", "Z11_SPF_MULTIPLE_RECORDS",
		.show = TREEWORLD_DEBUG,
		.changes = { SET_AT("9.31.0.1", "TXT",
				     "child.xa. TXT \"v=spf1 a\"\nchild.xa. TXT \"v=spf1 mx\""),
			SET_AT("2a09:31::1 ns2.child.xa ns.other.xb", "TXT",
				"child.xa. TXT \"v=spf1 mx\"\nchild.xa. TXT \"V=SPF1 A\"") } },
	{ "another policy at some", "zone11",
		"Z11_INCONSISTENT_SPF_POLICIES[ns1.child.xa/9.31.0.1] "
		"Z11_DIFFERENT_SPF_POLICIES_FOUND[ns1.child.xa/9.31.0.1] "
		"Z11_DIFFERENT_SPF_POLICIES_FOUND[ns1.child.xa/2a09:31::1 ns2.child.xa/9.32.0.1 "
		"ns2.child.xa/2a09:32::1 ns.other.xb/9.33.0.1 ns.other.xb/2a09:33::1]",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.changes = { SET_AT("9.31.0.1", "TXT", "child.xa. TXT \"v=spf1 -all\"") } },
	{ "no policy at some", "zone11",
		"Z11_INCONSISTENT_SPF_POLICIES Z11_DIFFERENT_SPF_POLICIES_FOUND "
		"Z11_DIFFERENT_SPF_POLICIES_FOUND",
		.show = TREEWORLD_DEBUG, .changes = { SET_AT("9.31.0.1", "TXT", NULL) } },
	{ "no text", "zone11", "Z11_NO_SPF_FOUND", .show = TREEWORLD_DEBUG,
		.changes = { SET("TXT", NULL) } },
	{ "no policy among the texts", "zone11", "Z11_NO_SPF_FOUND", .show = TREEWORLD_DEBUG,
		.changes = { TXT("v=spf1-all") } },
	{ "answers without authority", "zone11", "Z11_UNABLE_TO_CHECK_FOR_SPF",
		.show = TREEWORLD_DEBUG,
		.changes = { { .at = TREEWORLD_CHILD, .type = RR_TXT, .clear = FLAG_AA } } },
	{ "silence and codes", "zone11", "Z11_UNABLE_TO_CHECK_FOR_SPF", .show = TREEWORLD_DEBUG,
		.changes = { { .at = "ns1.child.xa", .type = RR_TXT, .silent = true },
			{ .at = "ns2.child.xa ns.other.xb",
				.type = RR_TXT,
				.rcode = RCODE_SERVFAIL } } },
	{ "silence of some", "zone11", "Z11_SPF_SYNTAX_OK", .show = TREEWORLD_DEBUG,
		.changes = { { .at = "ns1.child.xa", .type = RR_TXT, .silent = true } } },
	{ "a top-level domain with a policy", "zone11", "Z11_NON_NULL_SPF_NON_MAIL_DOMAIN",
		.zone = "xa.", .show = TREEWORLD_DEBUG,
		.changes = { { .zone = "xa.", .add = "xa. TXT \"v=spf1 mx -all\"" } } },
	{ "a top-level domain from which no mail comes", "zone11", "Z11_NULL_SPF_NON_MAIL_DOMAIN",
		.zone = "xa.", .show = TREEWORLD_DEBUG,
		.changes = { { .zone = "xa.", .add = "xa. TXT \"v=spf1 -all\"" } } },
	{ "a top-level domain without a policy", "zone11", "Z11_NO_SPF_NON_MAIL_DOMAIN",
		.zone = "xa.", .show = TREEWORLD_DEBUG },
	{ "the root without a policy", "zone11", "Z11_NO_SPF_NON_MAIL_DOMAIN", .zone = ".",
		.show = TREEWORLD_DEBUG },
	{ "a reverse zone without a policy", "zone11", "Z11_NO_SPF_NON_MAIL_DOMAIN",
		.zone = "in-addr.arpa.", .show = TREEWORLD_DEBUG },
};

/* What a tag of a row does to lookups: the effect of its finding. */
static void effect_is(const struct treeworld_row *row, const char *tag, enum effect want)
{
	struct arena *a = arena_new();
	struct treeworld_run run = treeworld_run(a, row);
	int got = -1;

	vec_each (const struct finding, x, run.findings.list)
		if (strcmp(x->tag, tag) == 0)
			got = (int)x->effect;
	is_int(got, (int)want, row->what);
	arena_free(a);
}

static void test_effects(void)
{
	static const struct treeworld_row some = { "two SOA at some: lookups fail by chance",
		"zone10", "",
		.changes = { { .at = "9.31.0.1",
			.type = RR_SOA,
			.name = "child.xa.",
			.answer = "child.xa. SOA ns1.child.xa. h.child.xa. 1 1 1 1 1\n"
				  "child.xa. SOA ns1.child.xa. h.child.xa. 2 1 1 1 1" } } };
	static const struct treeworld_row all = { "no TXT anywhere: lookups fail", "zone11", "",
		.changes = { { .at = TREEWORLD_CHILD, .type = RR_TXT, .rcode = RCODE_SERVFAIL } } };
	static const struct treeworld_row none = { "short times: no lookup fails", "zone02", "",
		.changes = { TIMES("1 1 1 1") } };
	static const struct treeworld_row odd = { "one server with another MX: by chance", "zone09",
		"", .changes = { SET_AT("ns1.child.xa", "MX", "child.xa. MX 20 mail.child.xa.") } };

	effect_is(&some, "MULTIPLE_SOA", EFFECT_INTERMITTENT);
	effect_is(&all, "Z11_UNABLE_TO_CHECK_FOR_SPF", EFFECT_EXPLAINS);
	effect_is(&none, "REFRESH_MINIMUM_VALUE_LOWER", EFFECT_COSMETIC);
	effect_is(&odd, "Z09_INCONSISTENT_MX_DATA", EFFECT_INTERMITTENT);
}

int main(void)
{
	static const enum tag tags[] = {
#define TAG(name, ...) TAG_##name,
#include "check/cases/zone.def"
#undef TAG
	};

	tagproof_rows(rows, ARRAY_LEN(rows));
	test_effects();
	tagproof_tags(tags, ARRAY_LEN(tags));
	for (size_t i = 0; i < ARRAY_LEN(tags); i++)
		ok(tagproof_seen[tags[i]].with, "%s comes up", tag_table[tags[i]].name);
	return tap_done();
}
