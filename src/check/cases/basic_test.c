// SPDX-License-Identifier: GPL-3.0-or-later
// The test cases of the module "basic" in a world with one fault each.
#include "base/err.h"
#include "tagproof.h"

/* The delegation of the tested zone, its glue too, as lines to drop from xa. */
#define DELEGATION "child.xa. NS|ns1.child.xa.|ns2.child.xa."
#define UNDELEGATED                                                                                \
	{                                                                                          \
		.zone = "xa.", .drop = DELEGATION                                                  \
	}
#define AT_B(text)                                                                                 \
	{                                                                                          \
		.at = "b.nic.xa", .zone = "xa.", .drop = DELEGATION, .add = text                   \
	}
#define AT_A(text)                                                                                 \
	{                                                                                          \
		.at = "a.nic.xa", .zone = "xa.", .drop = DELEGATION, .add = text                   \
	}
#define SISTER "\nsister.xa. NS ns.other.xb.\nsister.xa. NS ns2.other.xb."
/* The servers of the zone, of which ns.other.xb is asked for its own zone as well. */
#define CHILD .at = TREEWORLD_CHILD, .under = "child.xa."

static const struct treeworld_row rows[] = {
	/* The parent, and what it says. */
	{ .what = "delegated",
		.cases = "basic01",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.expect = "B01_PARENT_FOUND[a.nic.xa/9.13.0.1 a.nic.xa/2a09:13::1 "
			  "b.nic.xa/9.14.0.1 b.nic.xa/2a09:14::1] B01_CHILD_FOUND" },
	{ .what = "root",
		.cases = "basic01",
		.zone = ".",
		.show = TREEWORLD_DEBUG,
		.expect = "B01_CHILD_FOUND B01_ROOT_HAS_NO_PARENT" },
	{ .what = "undelegated",
		.cases = "basic01",
		.show = TREEWORLD_DEBUG,
		.ns = "ns1.child.xa/9.31.0.1 ns2.child.xa",
		.expect = "B01_CHILD_FOUND B01_PARENT_DISREGARDED",
		.changes = { UNDELEGATED } },
	{ .what = "parent serves the child",
		.cases = "basic01",
		.show = TREEWORLD_DEBUG,
		.expect = "B01_PARENT_FOUND B01_CHILD_FOUND",
		.changes = { { .at = TREEWORLD_XA, .zone = "child.xa." } } },
	{ .what = "root serves the parent",
		.cases = "basic01",
		.show = TREEWORLD_DEBUG,
		.expect = "B01_PARENT_FOUND B01_CHILD_FOUND",
		.changes = { { .at = "a.root.xb", .zone = "xa." } } },
	{ .what = "no such name",
		.cases = "basic01",
		.show = TREEWORLD_DEBUG | TREEWORLD_DETAILS,
		.expect = "B01_PARENT_FOUND{nameservers=a.nic.xa./9.13.0.1,a.nic.xa./2a09:13::1,"
			  "b.nic.xa./9.14.0.1,b.nic.xa./2a09:14::1 domain=xa.} "
			  "B01_NO_CHILD{nameservers=a.nic.xa./9.13.0.1,a.nic.xa./2a09:13::1,"
			  "b.nic.xa./9.14.0.1,b.nic.xa./2a09:14::1 domain_child=child.xa. "
			  "domain_super=xa.}",
		.changes = { UNDELEGATED } },
	{ .what = "a name that is no zone",
		.cases = "basic01",
		.show = TREEWORLD_DEBUG,
		.expect = "B01_PARENT_FOUND B01_NO_CHILD",
		.changes = { { .zone = "xa.", .drop = DELEGATION, .add = "child.xa. TXT x" } } },
	{ .what = "a name within the zone",
		.cases = "basic01",
		.zone = "www.child.xa.",
		.show = TREEWORLD_DEBUG,
		.expect = "B01_PARENT_FOUND B01_NO_CHILD" },
	{ .what = "a root server without the parent, no child",
		.cases = "basic01",
		.show = TREEWORLD_DEBUG,
		.expect = "B01_PARENT_FOUND B01_PARENT_FOUND B01_PARENT_UNDETERMINED B01_NO_CHILD",
		.changes = { UNDELEGATED, { .at = "a.root.xb",
						  .zone = ".",
						  .drop = "xa. NS|a.nic.xa.|b.nic.xa." } } },
	{ .what = "a root server delegates the child",
		.cases = "basic01",
		.show = TREEWORLD_DEBUG,
		.expect = "B01_PARENT_FOUND B01_PARENT_FOUND B01_PARENT_UNDETERMINED "
			  "B01_CHILD_FOUND",
		.changes = { { .at = "a.root.xb",
			.zone = ".",
			.drop = "xa. NS|a.nic.xa.|b.nic.xa.",
			.add = "child.xa. NS ns.other.xb." } } },
	{ .what = "half of the parent denies",
		.cases = "basic01",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.expect = "B01_PARENT_FOUND[a.nic.xa/9.13.0.1 a.nic.xa/2a09:13::1 "
			  "b.nic.xa/9.14.0.1 b.nic.xa/2a09:14::1] B01_CHILD_FOUND "
			  "B01_INCONSISTENT_DELEGATION[b.nic.xa/9.14.0.1 b.nic.xa/2a09:14::1]",
		.changes = { AT_B(NULL) } },
	{ .what = "half of the parent has an alias",
		.cases = "basic01",
		.show = TREEWORLD_DEBUG,
		.expect = "B01_PARENT_FOUND B01_CHILD_FOUND B01_INCONSISTENT_DELEGATION",
		.changes = { AT_B("child.xa. CNAME other.xa.\nother.xa. A 9.32.0.1") } },
	{ .what = "half of the parent has an alias to a zone",
		.cases = "basic01",
		.show = TREEWORLD_DEBUG,
		.expect = "B01_PARENT_FOUND B01_CHILD_FOUND B01_INCONSISTENT_DELEGATION",
		.changes = { AT_B("child.xa. CNAME sister.xa." SISTER),
			{ .at = "b.nic.xa",
				.name = "child.xa.",
				.type = RR_SOA,
				.clear = FLAG_AA } } },
	{ .what = "half of the parent has a DNAME",
		.cases = "basic01",
		.show = TREEWORLD_DEBUG,
		.expect = "B01_PARENT_FOUND B01_CHILD_FOUND B01_INCONSISTENT_DELEGATION "
			  "B01_CHILD_IS_ALIAS",
		.changes = { AT_B("child.xa. DNAME sister.xa." SISTER) } },
	{ .what = "half of the parent has data",
		.cases = "basic01",
		.show = TREEWORLD_DEBUG,
		.expect = "B01_PARENT_FOUND B01_CHILD_FOUND B01_INCONSISTENT_DELEGATION",
		.changes = { AT_B("child.xa. A 9.32.0.1") } },
	{ .what = "a DNAME",
		.cases = "basic01",
		.show = TREEWORLD_DEBUG,
		.expect = "B01_PARENT_FOUND B01_NO_CHILD B01_CHILD_IS_ALIAS",
		.changes = { AT_A("child.xa. DNAME sister.xa." SISTER),
			AT_B("child.xa. DNAME sister.xa." SISTER) } },
	{ .what = "a DNAME at the first server of the parent, data at the next",
		.cases = "basic01",
		.show = TREEWORLD_DEBUG,
		.expect = "B01_PARENT_FOUND B01_NO_CHILD B01_CHILD_IS_ALIAS",
		.changes = { AT_A("child.xa. DNAME sister.xa." SISTER),
			AT_B("child.xa. A 9.32.0.1") } },
	{ .what = "two DNAMEs",
		.cases = "basic01",
		.show = TREEWORLD_DEBUG,
		.expect = "B01_PARENT_FOUND B01_NO_CHILD B01_CHILD_IS_ALIAS B01_CHILD_IS_ALIAS "
			  "B01_INCONSISTENT_ALIAS",
		.changes = { AT_A("child.xa. DNAME brother.xa."),
			AT_B("child.xa. DNAME sister.xa.") } },
	{ .what = "the parent fails",
		.cases = "basic01",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.expect =
			"B01_SERVER_ZONE_ERROR[a.nic.xa/9.13.0.1 a.nic.xa/2a09:13::1 "
			"b.nic.xa/9.14.0.1 b.nic.xa/2a09:14::1] B01_PARENT_NOT_FOUND B01_NO_CHILD",
		.changes = { { .at = TREEWORLD_XA, .rcode = RCODE_SERVFAIL } } },
	{ .what = "one server of the parent has no authority",
		.cases = "basic01",
		.show = TREEWORLD_DEBUG | TREEWORLD_DETAILS,
		.expect = "B01_SERVER_ZONE_ERROR{nameservers=b.nic.xa./9.14.0.1,"
			  "b.nic.xa./2a09:14::1 query_name=xa. rrtype=SOA} "
			  "B01_PARENT_FOUND{nameservers=a.nic.xa./9.13.0.1,a.nic.xa./2a09:13::1 "
			  "domain=xa.} B01_CHILD_FOUND{domain=child.xa.}",
		.changes = { { .at = "b.nic.xa", .name = "xa.", .clear = FLAG_AA } } },
	{ .what = "one server of the parent has no NS records",
		.cases = "basic01",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.expect = "B01_SERVER_ZONE_ERROR[b.nic.xa/9.14.0.1 b.nic.xa/2a09:14::1] "
			  "B01_PARENT_FOUND[a.nic.xa/9.13.0.1 a.nic.xa/2a09:13::1] B01_CHILD_FOUND",
		.changes = { { .at = "b.nic.xa", .name = "xa.", .type = RR_NS, .empty = true } } },
	{ .what = "NS records of another name",
		.cases = "basic01",
		.show = TREEWORLD_DEBUG,
		.expect = "B01_SERVER_ZONE_ERROR B01_PARENT_FOUND B01_CHILD_FOUND",
		.changes = { { .at = "b.nic.xa",
			.name = "xa.",
			.type = RR_NS,
			.answer = "oncle.xa. NS b.nic.xa." } } },
	{ .what = "one server of the parent is silent",
		.cases = "basic01",
		.show = TREEWORLD_DEBUG,
		.expect = "B01_SERVER_ZONE_ERROR B01_PARENT_FOUND B01_CHILD_FOUND",
		.changes = { { .at = "9.14.0.1", .silent = true } } },
	{ .what = "a family that is off says nothing",
		.cases = "basic01 basic02",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.plan = TREEWORLD_NO_V6,
		.expect = "B01_PARENT_FOUND[a.nic.xa/9.13.0.1 b.nic.xa/9.14.0.1] B01_CHILD_FOUND "
			  "B02_AUTH_RESPONSE_SOA[ns1.child.xa/9.31.0.1 ns2.child.xa/9.32.0.1 "
			  "ns.other.xb/9.33.0.1]" },
	{ .what = "both families off",
		.cases = "basic01 basic02 basic03",
		.show = TREEWORLD_DEBUG,
		.plan = TREEWORLD_NO_V4 | TREEWORLD_NO_V6,
		.expect = "" },

	/* A server that works. */
	{ .what = "served",
		.cases = "basic02 basic03",
		.show = TREEWORLD_DEBUG,
		.expect = "B02_AUTH_RESPONSE_SOA" },
	{ .what = "served, by glue that was given",
		.cases = "basic02",
		.ns = "ns1.child.xa/9.31.0.1",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.expect = "B02_AUTH_RESPONSE_SOA[ns1.child.xa/9.31.0.1]",
		.changes = { UNDELEGATED } },
	{ .what = "served, by a name that was given",
		.cases = "basic02",
		.ns = "ns.other.xb",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.expect = "B02_AUTH_RESPONSE_SOA[ns.other.xb/9.33.0.1 ns.other.xb/2a09:33::1]",
		.changes = { UNDELEGATED } },
	{ .what = "root served",
		.cases = "basic02",
		.zone = ".",
		.show = TREEWORLD_DEBUG,
		.expect = "B02_AUTH_RESPONSE_SOA" },
	{ .what = "one server of several works",
		.cases = "basic02 basic03",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.expect = "B02_AUTH_RESPONSE_SOA[ns.other.xb/9.33.0.1 ns.other.xb/2a09:33::1]",
		.changes = { { .at = "9.31.0.1", .silent = true },
			{ .at = "2a09:31::1", .rcode = RCODE_SERVFAIL },
			{ .at = "ns2.child.xa", .clear = FLAG_AA } } },
	{ .what = "no delegation",
		.cases = "basic02",
		.show = TREEWORLD_DEBUG,
		.expect = "B02_NO_DELEGATION",
		.changes = { UNDELEGATED } },
	{ .what = "no SOA record",
		.cases = "basic02",
		.show = TREEWORLD_DEBUG,
		.expect = "B02_NO_WORKING_NS B02_NS_BROKEN",
		.changes = { { CHILD, .type = RR_SOA, .empty = true } } },
	{ .what = "no authority",
		.cases = "basic02",
		.show = TREEWORLD_DEBUG,
		.expect = "B02_NO_WORKING_NS B02_NS_NOT_AUTH",
		.changes = { { CHILD, .clear = FLAG_AA } } },
	{ .what = "no glue",
		.cases = "basic02",
		.show = TREEWORLD_DEBUG | TREEWORLD_DETAILS,
		.expect = "B02_NO_WORKING_NS{domain=child.xa.} B02_NS_NO_IP_ADDR{ns=ns1.child.xa.} "
			  "B02_NS_NO_IP_ADDR{ns=ns2.child.xa.}",
		.changes = { { .zone = "xa.",
			.drop = "ns1.child.xa.|ns2.child.xa.|child.xa. NS ns.other.xb." } } },
	{ .what = "names without addresses, and none such",
		.cases = "basic02",
		.show = TREEWORLD_DEBUG,
		.expect = "B02_NO_WORKING_NS B02_NS_NO_IP_ADDR B02_NS_NO_IP_ADDR",
		.changes = { { .zone = "xa.",
				     .drop = DELEGATION,
				     .add = "child.xa. NS empty.xb.\nchild.xa. NS none.xb." },
			{ .zone = "xb.", .add = "empty.xb. TXT x" } } },
	{ .what = "names given without addresses",
		.cases = "basic02",
		.show = TREEWORLD_DEBUG,
		.ns = "ns1.child.xa none.xb",
		.expect = "B02_NO_WORKING_NS B02_NS_NO_IP_ADDR B02_NS_NO_IP_ADDR" },
	{ .what = "silence",
		.cases = "basic02",
		.show = TREEWORLD_DEBUG,
		.expect = "B02_NO_WORKING_NS B02_NS_NO_RESPONSE",
		.changes = { { CHILD, .silent = true } } },
	{ .what = "codes",
		.cases = "basic02",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.expect = "B02_NO_WORKING_NS[ns1.child.xa/9.31.0.1 ns1.child.xa/2a09:31::1 "
			  "ns2.child.xa/9.32.0.1 ns2.child.xa/2a09:32::1 ns.other.xb/9.33.0.1 "
			  "ns.other.xb/2a09:33::1] B02_UNEXPECTED_RCODE[ns1.child.xa/9.31.0.1 "
			  "ns1.child.xa/2a09:31::1 ns.other.xb/9.33.0.1 ns.other.xb/2a09:33::1] "
			  "B02_UNEXPECTED_RCODE[ns2.child.xa/9.32.0.1 ns2.child.xa/2a09:32::1]",
		.changes = { { CHILD, .rcode = RCODE_SERVFAIL },
			{ .at = "ns2.child.xa", .rcode = RCODE_REFUSED } } },

	/* Addresses for the web. */
	{ .what = "lame, but good enough for the web",
		.cases = "basic02 basic03",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.expect = "B02_NO_WORKING_NS[ns1.child.xa/9.31.0.1 ns1.child.xa/2a09:31::1 "
			  "ns2.child.xa/9.32.0.1 ns2.child.xa/2a09:32::1 ns.other.xb/9.33.0.1 "
			  "ns.other.xb/2a09:33::1] B02_UNEXPECTED_RCODE[ns1.child.xa/9.31.0.1 "
			  "ns1.child.xa/2a09:31::1 ns2.child.xa/9.32.0.1 ns2.child.xa/2a09:32::1 "
			  "ns.other.xb/9.33.0.1 ns.other.xb/2a09:33::1] "
			  "HAS_A_RECORDS[ns1.child.xa/9.31.0.1 ns1.child.xa/2a09:31::1] "
			  "NO_A_RECORDS[ns2.child.xa/9.32.0.1 ns2.child.xa/2a09:32::1 "
			  "ns.other.xb/9.33.0.1 ns.other.xb/2a09:33::1]",
		.changes = { { CHILD, .type = RR_SOA, .rcode = RCODE_SERVFAIL, .empty = true },
			{ .at = "ns2.child.xa ns.other.xb",
				.name = "www.child.xa.",
				.rcode = RCODE_REFUSED,
				.empty = true } } },
	{ .what = "asked for by itself",
		.cases = "basic03",
		.show = TREEWORLD_DEBUG,
		.expect = "HAS_A_RECORDS" },
	{ .what = "silent, and nothing else is asked",
		.show = TREEWORLD_DEBUG,
		.expect = "B01_PARENT_FOUND B01_CHILD_FOUND B02_NO_WORKING_NS B02_NS_NO_RESPONSE "
			  "A_QUERY_NO_RESPONSES",
		.changes = { { CHILD, .silent = true } } },
};

/* What it does to look-ups, and whose it is. */
static const struct {
	const char *tag, *effect, *where;
	struct treeworld_row row;
} weights[] = {
	{ "B02_NO_DELEGATION", "explains", "zone",
		{ .cases = "basic02",
			.changes = { { .at = TREEWORLD_XA,
				.zone = "xa.",
				.drop = "child.xa. NS|ns1.child.xa.|ns2.child.xa." } } } },
	{ "B01_NO_CHILD", "explains", "zone",
		{ .cases = "basic01",
			.changes = { { .at = TREEWORLD_XA,
				.zone = "xa.",
				.drop = "child.xa. NS|ns1.child.xa.|ns2.child.xa." } } } },
	/* The name is there, as a part of the parent. */
	{ "B02_NO_DELEGATION", "cosmetic", "zone",
		{ .cases = "basic02",
			.changes = { AT_A("child.xa. A 9.32.0.1"),
				AT_B("child.xa. A 9.32.0.1") } } },
	{ "B02_NO_DELEGATION", "cosmetic", "zone",
		{ .cases = "basic02",
			.changes = { { .at = TREEWORLD_XA, .rcode = RCODE_SERVFAIL } } } },
	{ "B01_NO_CHILD", "cosmetic", "zone",
		{ .cases = "basic01",
			.changes = { { .at = TREEWORLD_XA, .rcode = RCODE_SERVFAIL } } } },
	{ "B01_PARENT_NOT_FOUND", "explains", "far",
		{ .cases = "basic01",
			.changes = { { .at = TREEWORLD_XA, .rcode = RCODE_SERVFAIL } } } },
	{ "B02_NO_WORKING_NS", "explains", "far",
		{ .cases = "basic02", .changes = { { CHILD, .silent = true } } } },
	{ "B02_NO_WORKING_NS", "explains", "far",
		{ .cases = "basic02",
			.ns = "ns.other.xb",
			.changes = { { .at = "ns.other.xb ns2.other.xb", .silent = true } } } },
	/* What the parent's glue says of a silent server is as good as an address. */
	{ "B02_NS_NO_RESPONSE", "explains", "far",
		{ .cases = "basic02",
			.ns = "ns.other.xb",
			.changes = { { .at = "ns.other.xb ns2.other.xb", .silent = true } } } },
	{ "B02_NS_NO_IP_ADDR", "explains", "zone", { .cases = "basic02", .ns = "none.xb" } },
	{ "B02_NO_WORKING_NS", "explains", "zone",
		{ .cases = "basic02", .ns = "none.xb nobody.xb" } },
};

static void test_weights(void)
{
	for (size_t i = 0; i < ARRAY_LEN(weights); i++) {
		struct arena *a = arena_new();
		struct treeworld_run run = treeworld_run(a, &weights[i].row);
		const char *effect = NULL, *where = NULL;

		vec_each (const struct finding, x, run.findings.list)
			if (strcmp(x->tag, weights[i].tag) == 0) {
				effect = effect_slug(x->effect);
				where = where_slug(x->where);
			}
		is_str(effect, weights[i].effect, weights[i].tag);
		is_str(where, weights[i].where, "where it is");
		arena_free(a);
	}
}

int main(void)
{
	static const enum tag tags[] = {
#define TAG(name, ...) TAG_##name,
#include "check/cases/basic.def"
#undef TAG
	};

	tagproof_rows(rows, ARRAY_LEN(rows));
	tagproof_tags(tags, ARRAY_LEN(tags));
	test_weights();
	return tap_done();
}
