// SPDX-License-Identifier: GPL-3.0-or-later
// The test cases of the module "connectivity" in a world with one fault each.
#include "base/err.h"
#include "tagproof.h"

#define NS1 "[ns1.child.xa/9.31.0.1 ns1.child.xa/2a09:31::1]"

/* One question to ns1.child.xa. */
#define SOA_AT .at = "ns1.child.xa", .name = "child.xa.", .type = RR_SOA
#define NS_AT  .at = "ns1.child.xa", .name = "child.xa.", .type = RR_NS

#define WRONG_SOA "ns1.child.xa. SOA ns1.child.xa. h.child.xa. 1 14400 3600 1209600 3600"
#define WRONG_NS  "ns1.child.xa. NS ns1.child.xa."

#define AS_ZONE	    .at = "a.nic.xb b.nic.xb", .zone = "asn.xb."
#define V4_ALL	    "*.31.9.|*.32.9.|*.33.9."
#define V6_ALL	    "*.1.3.0.0.9.|*.2.3.0.0.9.|*.3.3.0.0.9."
#define V4_AS(text) "*.9.origin.asn.xb. TXT \"" text "\""
#define V6_AS(text) "*.3.0.0.9.0.a.2.origin6.asn.xb. TXT \"" text "\""
#define AS31(text)                                                                                 \
	{                                                                                          \
		AS_ZONE, .drop = "*.31.9.", .add = "*.31.9.origin.asn.xb. TXT \"" text "\""        \
	}
#define AS_CASE(id) .cases = id, .plan = TREEWORLD_ASN, .show = TREEWORLD_INFO
#define FINE4	    "CN04_IPV4_DIFFERENT_PREFIX"
#define FINE6	    "CN04_IPV6_DIFFERENT_PREFIX"

static const struct treeworld_row rows[] = {
	{ .what = "healthy",
		.cases = "connectivity01 connectivity02",
		.show = TREEWORLD_DEBUG,
		.expect = "" },
	{ .what = "IPv4 off",
		.cases = "connectivity01",
		.plan = TREEWORLD_NO_V4,
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.expect = "CN01_IPV4_DISABLED[ns1.child.xa/9.31.0.1 ns2.child.xa/9.32.0.1 "
			  "ns.other.xb/9.33.0.1]" },
	{ .what = "IPv6 off",
		.cases = "connectivity01",
		.plan = TREEWORLD_NO_V6,
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.expect = "CN01_IPV6_DISABLED[ns1.child.xa/2a09:31::1 ns2.child.xa/2a09:32::1 "
			  "ns.other.xb/2a09:33::1]" },
	{ .what = "IPv6 off, TCP",
		.cases = "connectivity02",
		.plan = TREEWORLD_NO_V6,
		.show = TREEWORLD_DEBUG,
		.expect = "" },
	{ .what = "UDP: silent to SOA",
		.cases = "connectivity01",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.expect = "CN01_NO_RESPONSE_SOA_QUERY_UDP" NS1,
		.changes = { { SOA_AT, .silent = true, .udp = true } } },
	{ .what = "TCP: silent to SOA",
		.cases = "connectivity02",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.expect = "CN02_NO_RESPONSE_SOA_QUERY_TCP" NS1,
		.changes = { { SOA_AT, .silent = true, .tcp = true } } },
	{ .what = "UDP: silent to NS",
		.cases = "connectivity01",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.expect = "CN01_NO_RESPONSE_NS_QUERY_UDP" NS1,
		.changes = { { NS_AT, .silent = true, .udp = true } } },
	{ .what = "TCP: silent to NS",
		.cases = "connectivity02",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.expect = "CN02_NO_RESPONSE_NS_QUERY_TCP" NS1,
		.changes = { { NS_AT, .silent = true, .tcp = true } } },
	{ .what = "UDP: silent to both",
		.cases = "connectivity01",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.expect = "CN01_NO_RESPONSE_UDP" NS1,
		.changes = { { .at = "ns1.child.xa", .silent = true, .udp = true } } },
	{ .what = "TCP: silent to both",
		.cases = "connectivity02",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.expect = "CN02_NO_RESPONSE_TCP" NS1,
		.changes = { { .at = "ns1.child.xa", .silent = true, .tcp = true } } },
	{ .what = "UDP: code of SOA",
		.cases = "connectivity01",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.expect = "CN01_UNEXPECTED_RCODE_SOA_QUERY_UDP" NS1,
		.changes = { { SOA_AT, .rcode = RCODE_REFUSED, .empty = true, .udp = true } } },
	{ .what = "TCP: code of SOA",
		.cases = "connectivity02",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.expect = "CN02_UNEXPECTED_RCODE_SOA_QUERY_TCP" NS1,
		.changes = { { SOA_AT, .rcode = RCODE_REFUSED, .empty = true, .tcp = true } } },
	{ .what = "UDP: code of NS",
		.cases = "connectivity01",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.expect = "CN01_UNEXPECTED_RCODE_NS_QUERY_UDP" NS1,
		.changes = { { NS_AT, .rcode = RCODE_SERVFAIL, .udp = true } } },
	{ .what = "TCP: code of NS",
		.cases = "connectivity02",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.expect = "CN02_UNEXPECTED_RCODE_NS_QUERY_TCP" NS1,
		.changes = { { NS_AT, .rcode = RCODE_SERVFAIL, .tcp = true } } },
	{ .what = "UDP: no SOA",
		.cases = "connectivity01",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.expect = "CN01_MISSING_SOA_RECORD_UDP" NS1,
		.changes = { { SOA_AT, .empty = true, .udp = true } } },
	{ .what = "TCP: no SOA",
		.cases = "connectivity02",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.expect = "CN02_MISSING_SOA_RECORD_TCP" NS1,
		.changes = { { SOA_AT, .empty = true, .tcp = true } } },
	{ .what = "UDP: no NS",
		.cases = "connectivity01",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.expect = "CN01_MISSING_NS_RECORD_UDP" NS1,
		.changes = { { NS_AT, .empty = true, .udp = true } } },
	{ .what = "TCP: no NS",
		.cases = "connectivity02",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.expect = "CN02_MISSING_NS_RECORD_TCP" NS1,
		.changes = { { NS_AT, .empty = true, .tcp = true } } },
	{ .what = "UDP: another SOA",
		.cases = "connectivity01",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.expect = "CN01_WRONG_SOA_RECORD_UDP" NS1,
		.changes = { { SOA_AT, .answer = WRONG_SOA, .udp = true } } },
	{ .what = "TCP: another SOA",
		.cases = "connectivity02",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.expect = "CN02_WRONG_SOA_RECORD_TCP" NS1,
		.changes = { { SOA_AT, .answer = WRONG_SOA, .tcp = true } } },
	{ .what = "UDP: another NS",
		.cases = "connectivity01",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.expect = "CN01_WRONG_NS_RECORD_UDP" NS1,
		.changes = { { NS_AT, .answer = WRONG_NS, .udp = true } } },
	{ .what = "TCP: another NS",
		.cases = "connectivity02",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.expect = "CN02_WRONG_NS_RECORD_TCP" NS1,
		.changes = { { NS_AT, .answer = WRONG_NS, .tcp = true } } },
	{ .what = "UDP: SOA without AA",
		.cases = "connectivity01",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.expect = "CN01_SOA_RECORD_NOT_AA_UDP" NS1,
		.changes = { { SOA_AT, .clear = FLAG_AA, .udp = true } } },
	{ .what = "TCP: SOA without AA",
		.cases = "connectivity02",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.expect = "CN02_SOA_RECORD_NOT_AA_TCP" NS1,
		.changes = { { SOA_AT, .clear = FLAG_AA, .tcp = true } } },
	{ .what = "UDP: NS without AA",
		.cases = "connectivity01",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.expect = "CN01_NS_RECORD_NOT_AA_UDP" NS1,
		.changes = { { NS_AT, .clear = FLAG_AA, .udp = true } } },
	{ .what = "TCP: NS without AA",
		.cases = "connectivity02",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.expect = "CN02_NS_RECORD_NOT_AA_TCP" NS1,
		.changes = { { NS_AT, .clear = FLAG_AA, .tcp = true } } },
	{ .what = "UDP: details",
		.cases = "connectivity01",
		.show = TREEWORLD_DEBUG | TREEWORLD_DETAILS,
		.expect = "CN01_UNEXPECTED_RCODE_SOA_QUERY_UDP{nameservers=ns1.child.xa./9.31.0.1,"
			  "ns1.child.xa./2a09:31::1 rcode=REFUSED} "
			  "CN01_UNEXPECTED_RCODE_SOA_QUERY_UDP{nameservers=ns2.child.xa./9.32.0.1,"
			  "ns2.child.xa./2a09:32::1 rcode=NOTIMP} "
			  "CN01_WRONG_SOA_RECORD_UDP{nameservers=ns.other.xb./2a09:33::1 "
			  "domain_found=ns1.child.xa. domain_expected=child.xa.}",
		.changes = { { .at = "ns1.child.xa",
				     .name = "child.xa.",
				     .type = RR_SOA,
				     .rcode = RCODE_REFUSED },
			{ .at = "ns2.child.xa",
				.name = "child.xa.",
				.type = RR_SOA,
				.rcode = RCODE_NOTIMP },
			{ .at = "2a09:33::1",
				.name = "child.xa.",
				.type = RR_SOA,
				.answer = WRONG_SOA } } },

	{ .what = "networks: healthy",
		AS_CASE("connectivity03 connectivity04"),
		.expect = "IPV4_DIFFERENT_ASN IPV6_DIFFERENT_ASN " FINE4 " " FINE6 },
	{ .what = "networks: details",
		.cases = "connectivity03",
		.ns = "ns.other.xb/9.33.0.1",
		.plan = TREEWORLD_ASN | TREEWORLD_NO_V6,
		.show = TREEWORLD_DEBUG | TREEWORLD_DETAILS,
		.expect =
			"ASN_INFOS_RAW{nameservers=ns.other.xb./9.33.0.1 data=64533 | 9.33.0.0/16 "
			"| XA | test | 2020-01-01} "
			"ASN_INFOS_ANNOUNCE_BY{nameservers=ns.other.xb./9.33.0.1 asn=64533} "
			"ASN_INFOS_ANNOUNCE_IN{nameservers=ns.other.xb./9.33.0.1 "
			"prefix=9.33.0.0/16} "
			"IPV4_ONE_ASN{nameservers=ns.other.xb./9.33.0.1 asn=64533}",
		.changes = { { .at = TREEWORLD_CHILD,
			.zone = "child.xa.",
			.drop = "child.xa. NS",
			.add = "child.xa. NS ns.other.xb." } } },
	{ .what = "networks: no source",
		.cases = "connectivity03 connectivity04",
		.show = TREEWORLD_DEBUG,
		.expect = "" },
	{ .what = "one AS, IPv4",
		AS_CASE("connectivity03"),
		.expect = "IPV4_ONE_ASN IPV6_DIFFERENT_ASN",
		.changes = { { AS_ZONE, .drop = V4_ALL,
			.add = V4_AS("64500 | 9.0.0.0/8 | XA") } } },
	{ .what = "one AS, IPv6",
		AS_CASE("connectivity03"),
		.expect = "IPV4_DIFFERENT_ASN IPV6_ONE_ASN",
		.changes = { { AS_ZONE, .drop = V6_ALL,
			.add = V6_AS("64500 | 2a09::/16 | XA") } } },
	{ .what = "the same two, IPv4",
		AS_CASE("connectivity03"),
		.expect = "IPV4_SAME_ASN IPV6_DIFFERENT_ASN",
		.changes = { { AS_ZONE, .drop = V4_ALL,
			.add = V4_AS("64501 64500 | 9.0.0.0/8 | XA") } } },
	{ .what = "the same two, IPv6",
		AS_CASE("connectivity03"),
		.expect = "IPV4_DIFFERENT_ASN IPV6_SAME_ASN",
		.changes = { { AS_ZONE, .drop = V6_ALL,
			.add = V6_AS("64500 64501 | 2a09::/16 | XA") } } },
	{ .what = "one prefix, IPv4",
		AS_CASE("connectivity04"),
		.expect = "CN04_IPV4_SAME_PREFIX CN04_IPV4_SINGLE_PREFIX " FINE6,
		.changes = { { AS_ZONE, .drop = V4_ALL,
			.add = V4_AS("64500 | 9.0.0.0/8 | XA") } } },
	{ .what = "one prefix, IPv6",
		AS_CASE("connectivity04"),
		.expect = FINE4 " CN04_IPV6_SAME_PREFIX CN04_IPV6_SINGLE_PREFIX",
		.changes = { { AS_ZONE, .drop = V6_ALL,
			.add = V6_AS("64500 | 2a09::/16 | XA") } } },
	{ .what = "one prefix for two",
		.cases = "connectivity04",
		.plan = TREEWORLD_ASN | TREEWORLD_NO_V6,
		.show = TREEWORLD_DEBUG | TREEWORLD_DETAILS,
		.expect = "CN04_IPV4_SAME_PREFIX{nameservers=ns1.child.xa./9.31.0.1,"
			  "ns2.child.xa./9.32.0.1 ip_prefix=9.0.0.0/8} "
			  "CN04_IPV4_DIFFERENT_PREFIX{nameservers=ns.other.xb./9.33.0.1} "
			  "CN04_IPV6_DIFFERENT_PREFIX{nameservers=ns1.child.xa./2a09:31::1,"
			  "ns2.child.xa./2a09:32::1,ns.other.xb./2a09:33::1}",
		.changes = { { AS_ZONE, .drop = "*.31.9.|*.32.9.",
			.add = V4_AS("64500 | 9.0.0.0/8 | XA") } } },
	{ .what = "the longest of several",
		.cases = "connectivity03",
		.show = TREEWORLD_INFO | TREEWORLD_DETAILS,
		.plan = TREEWORLD_ASN | TREEWORLD_NO_V6,
		.expect = "IPV4_ONE_ASN{nameservers=ns1.child.xa./9.31.0.1,ns2.child.xa./9.32.0.1,"
			  "ns.other.xb./9.33.0.1 asn=64502} "
			  "IPV6_DIFFERENT_ASN{nameservers=ns1.child.xa./2a09:31::1,"
			  "ns2.child.xa./2a09:32::1,ns.other.xb./2a09:33::1 "
			  "asn_list=64531,64532,64533}",
		.changes = { { AS_ZONE, .drop = V4_ALL, .add = V4_AS("64500 | 9.0.0.0/8 | XA") },
			{ AS_ZONE, .add = V4_AS("64502 | 9.0.0.0/9 | XA") },
			{ AS_ZONE, .add = V4_AS("64501 | 8.0.0.0/7 | XA") },
			{ AS_ZONE, .add = V4_AS("nonsense") } } },
	{ .what = "nothing known",
		AS_CASE("connectivity03 connectivity04"),
		.expect = "EMPTY_ASN_SET IPV4_DIFFERENT_ASN IPV6_DIFFERENT_ASN "
			  "CN04_EMPTY_PREFIX_SET " FINE4 " " FINE6,
		.changes = { { AS_ZONE, .drop = "*.31.9." } } },
	{ .what = "not one prefix when one is unknown",
		AS_CASE("connectivity04"),
		.expect = "CN04_EMPTY_PREFIX_SET CN04_IPV4_SAME_PREFIX " FINE6,
		.changes = { { AS_ZONE, .drop = V4_ALL, .add = V4_AS("64500 | 9.0.0.0/8 | XA") },
			{ AS_ZONE, .add = "*.31.9.origin.asn.xb. A 9.9.9.9" } } },
	{ .what = "the service fails",
		AS_CASE("connectivity03 connectivity04"),
		.expect = "ERROR_ASN_DATABASE IPV4_DIFFERENT_ASN IPV6_DIFFERENT_ASN "
			  "CN04_ERROR_PREFIX_DATABASE " FINE4 " " FINE6,
		.changes = { { .under = "31.9.origin.asn.xb.",
			.rcode = RCODE_SERVFAIL,
			.empty = true } } },
	{ .what = "another's prefix",
		AS_CASE("connectivity03 connectivity04"),
		.expect = "ERROR_ASN_DATABASE IPV4_DIFFERENT_ASN IPV6_DIFFERENT_ASN "
			  "CN04_ERROR_PREFIX_DATABASE " FINE4 " " FINE6,
		.changes = { AS31("64500 | 10.0.0.0/8 | XA") } },
	{ .what = "nothing that can be read",
		AS_CASE("connectivity03 connectivity04"),
		.expect = "ERROR_ASN_DATABASE IPV4_DIFFERENT_ASN IPV6_DIFFERENT_ASN "
			  "CN04_EMPTY_PREFIX_SET " FINE4 " " FINE6,
		.changes = { AS31("no such thing") } },
};

/* TCP matters where replies of the same server over UDP are truncated. */
static void test_effect(void)
{
	static const struct {
		const char *what, *at, *effect;
		uint16_t type;
	} worlds[] = {
		{ "a reply was truncated", "ns1.child.xa", "intermittent", RR_AAAA },
		{ "only the small one was", "ns1.child.xa", "cosmetic", RR_DNSKEY },
		{ "one of another server was", "ns2.child.xa", "cosmetic", RR_AAAA },
	};

	for (size_t i = 0; i < ARRAY_LEN(worlds); i++) {
		struct treeworld_row row = { .cases = "nameserver05 nameserver13 connectivity02",
			.changes = { { .at = "ns1.child.xa", .tcp = true, .silent = true },
				{ .at = worlds[i].at,
					.type = worlds[i].type,
					.udp = true,
					.set = FLAG_TC } } };
		struct arena *a = arena_new();
		struct treeworld_run run = treeworld_run(a, &row);
		const char *effect = NULL;

		vec_each (const struct finding, x, run.findings.list)
			if (strcmp(x->tag, "CN02_NO_RESPONSE_TCP") == 0)
				effect = effect_slug(x->effect);
		is_str(effect, worlds[i].effect, worlds[i].what);
		arena_free(a);
	}
}

/* What is said of an address is shown by the reply about it. */
static void test_evidence(void)
{
	static const struct treeworld_row row = { .cases = "connectivity03",
		.plan = TREEWORLD_ASN,
		.changes = { { AS_ZONE, .drop = "*.31.9.|*.32.9." } } };
	struct arena *a = arena_new();
	struct treeworld_run run = treeworld_run(a, &row);
	struct name about;
	size_t n = 0;

	name_parse("31.9.origin.asn.xb.", &about);
	vec_each (const struct finding, x, run.findings.list) {
		if (strcmp(x->tag, "EMPTY_ASN_SET") != 0)
			continue;
		is_int((int64_t)x->evidence.n, 2, "a reply for each address");
		for (size_t i = 0; i < x->evidence.n; i++)
			n += name_under(run.facts->v[x->evidence.v[i]]->ask.question.name, &about);
	}
	is_int((int64_t)n, 1, "the right one");
	arena_free(a);
}

static void test_untested(void)
{
	static const struct treeworld_row row = { .cases = "connectivity03 connectivity04" };
	struct arena *a = arena_new();
	struct treeworld_run run = treeworld_run(a, &row);

	is_int((int64_t)run.findings.untested.n, 2, "two cases need AS data");
	is_str(run.findings.untested.v[0].what, "connectivity03", "the first");
	is_str(run.findings.untested.v[1].what, "connectivity04", "the second");
	is_str(run.findings.untested.v[1].why, "no source of AS data was given", "why");
	arena_free(a);
}

/* A file takes the place of the look-ups. */
static void test_file(void)
{
	static const char text[] = "9.0.0.0/8 64500\n2a09:31::/32 64501\n2a09:32::/32 64502\n";
	static const struct treeworld_row row = { .cases = "connectivity03 connectivity04",
		.plan = TREEWORLD_ASN,
		.show = TREEWORLD_INFO | TREEWORLD_SERVERS };
	struct arena *a = arena_new();
	struct treeworld_run run = treeworld_run(a, &row);
	struct tree_plan plan = *run.tree->plan;
	struct asn_rows table;
	size_t line;

	is_int(asn_read(a, (struct span){ (const uint8_t *)text, strlen(text) }, &table, &line), 0,
		"a table");
	plan.asn = &table;
	run.tree->plan = &plan;
	run.findings = (struct findings){ .arena = a };
	cases_run(run.tree, &run.findings);
	is_str(treeworld_tags(a, &run, &row),
		"EMPTY_ASN_SET[ns.other.xb/2a09:33::1] "
		"IPV4_ONE_ASN[ns1.child.xa/9.31.0.1 ns2.child.xa/9.32.0.1 ns.other.xb/9.33.0.1] "
		"IPV6_DIFFERENT_ASN[ns1.child.xa/2a09:31::1 ns2.child.xa/2a09:32::1] "
		"CN04_EMPTY_PREFIX_SET[ns.other.xb/2a09:33::1] "
		"CN04_IPV4_SAME_PREFIX[ns1.child.xa/9.31.0.1 ns2.child.xa/9.32.0.1 "
		"ns.other.xb/9.33.0.1] CN04_IPV4_SINGLE_PREFIX "
		"CN04_IPV6_DIFFERENT_PREFIX[ns1.child.xa/2a09:31::1 ns2.child.xa/2a09:32::1]",
		"from a file");
	arena_free(a);
}

int main(void)
{
	static const enum tag tags[] = {
#define TAG(name, ...) TAG_##name,
#include "check/cases/connectivity.def"
#undef TAG
	};

	tagproof_rows(rows, ARRAY_LEN(rows));
	tagproof_tags(tags, ARRAY_LEN(tags));
	test_effect();
	test_evidence();
	test_untested();
	test_file();
	return tap_done();
}
