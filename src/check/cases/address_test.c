// SPDX-License-Identifier: GPL-3.0-or-later
// The test cases of the module "address" in a world with one fault each.
#include "base/err.h"
#include "tagproof.h"

/* ns1.child.xa. gets other addresses, in its zone and as glue. */
#define MOVED(addrs)                                                                               \
	{ .at = TREEWORLD_CHILD, .zone = "child.xa.", .drop = "ns1.child.xa.", .add = addrs },     \
	{                                                                                          \
		.at = TREEWORLD_XA, .zone = "xa.", .drop = "ns1.child.xa.", .add = addrs           \
	}
#define REACH .cases = "address01", .show = TREEWORLD_INFO | TREEWORLD_SERVERS
#define OTHERS                                                                                     \
	"A01_GLOBALLY_REACHABLE_ADDR[ns2.child.xa/9.32.0.1 ns2.child.xa/2a09:32::1 "               \
	"ns.other.xb/9.33.0.1 ns.other.xb/2a09:33::1]"

/* All servers are at one address. */
#define ONLY_AT(addr)                                                                              \
	.ns = "ns9.child.xa/" addr,                                                                \
	.changes = { { .at = TREEWORLD_CHILD " " addr,                                             \
		.zone = "child.xa.",                                                               \
		.drop = "child.xa. NS",                                                            \
		.add = "child.xa. NS ns9.child.xa.\nns9.child.xa. A " addr } }

#define V4_ZONE .at = "a.nic.xb b.nic.xb", .zone = "in-addr.arpa."
#define V6_ZONE .at = "a.nic.xb b.nic.xb", .zone = "ip6.arpa."

static const struct treeworld_row rows[] = {
	{ .what = "healthy",
		.cases = "address01",
		.show = TREEWORLD_DEBUG,
		.expect = "A01_GLOBALLY_REACHABLE_ADDR" },
	{ .what = "documentation",
		REACH,
		.expect = "A01_DOCUMENTATION_ADDR[192.0.2.1 2001:db8::1] " OTHERS,
		.changes = { MOVED("ns1.child.xa. A 192.0.2.1\nns1.child.xa. AAAA 2001:db8::1") } },
	{ .what = "local use",
		REACH,
		.expect = "A01_LOCAL_USE_ADDR[10.1.1.1 fd00::1] " OTHERS,
		.changes = { MOVED("ns1.child.xa. A 10.1.1.1\nns1.child.xa. AAAA fd00::1") } },
	{ .what = "reserved",
		REACH,
		.expect = "A01_ADDR_NOT_GLOBALLY_REACHABLE[198.18.0.1 2001:2::1] " OTHERS,
		.changes = { MOVED("ns1.child.xa. A 198.18.0.1\nns1.child.xa. AAAA 2001:2::1") } },
	{ .what = "all kinds",
		.cases = "address01",
		.show = TREEWORLD_INFO,
		.expect = "A01_DOCUMENTATION_ADDR A01_LOCAL_USE_ADDR "
			  "A01_ADDR_NOT_GLOBALLY_REACHABLE A01_GLOBALLY_REACHABLE_ADDR",
		.changes = { MOVED("ns1.child.xa. A 203.0.113.1\nns1.child.xa. A 127.0.0.1\n"
				   "ns1.child.xa. A 240.0.0.1") } },
	{ .what = "none global",
		.cases = "address01",
		.show = TREEWORLD_INFO,
		.expect = "A01_LOCAL_USE_ADDR A01_NO_GLOBALLY_REACHABLE_ADDR",
		ONLY_AT("10.9.9.9") },
	{ .what = "no address at all",
		.cases = "address01",
		.show = TREEWORLD_INFO,
		.ns = "ghost.other.xb",
		.expect = "A01_NO_NAME_SERVERS_FOUND" },

	{ .what = "names of addresses: healthy",
		.cases = "address02 address03",
		.show = TREEWORLD_DEBUG,
		.expect = "NAMESERVERS_IP_WITH_REVERSE NAMESERVER_IP_PTR_MATCH" },
	{ .what = "no name",
		.cases = "address02 address03",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.expect = "NAMESERVER_IP_WITHOUT_REVERSE[ns1.child.xa/9.31.0.1 "
			  "ns2.child.xa/2a09:32::1]",
		.changes = { { V4_ZONE, .drop = "*.31.9." },
			{ V6_ZONE, .drop = "*.2.3.0.0.9.",
				.add = "*.2.3.0.0.9.0.a.2.ip6.arpa. TXT none" } } },
	{ .what = "no name, and another's is wrong: address03 is left out",
		.cases = "address02 address03",
		.show = TREEWORLD_DEBUG,
		.expect = "NAMESERVER_IP_WITHOUT_REVERSE",
		.changes = { { V4_ZONE, .drop = "*.31.9." },
			{ V4_ZONE, .drop = "*.32.9.",
				.add = "1.0.32.9.in-addr.arpa. PTR a.example." } } },
	{ .what = "no name, and another's is wrong: address03 alone",
		.cases = "address03",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.expect = "NAMESERVER_IP_WITHOUT_REVERSE[ns1.child.xa/9.31.0.1] "
			  "NAMESERVER_IP_PTR_MISMATCH[ns2.child.xa/9.32.0.1]",
		.changes = { { V4_ZONE, .drop = "*.31.9." },
			{ V4_ZONE, .drop = "*.32.9.",
				.add = "1.0.32.9.in-addr.arpa. PTR a.example." } } },
	{ .what = "no reply: address03 alone",
		.cases = "address03",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.expect = "NO_RESPONSE_PTR_QUERY[ns2.child.xa/9.32.0.1]",
		.changes = { { .under = "32.9.in-addr.arpa.", .silent = true } } },
	{ .what = "an alias (RFC 2317)",
		.cases = "address02 address03",
		.show = TREEWORLD_DEBUG,
		.expect = "NAMESERVERS_IP_WITH_REVERSE NAMESERVER_IP_PTR_MATCH",
		.changes = { { V4_ZONE, .drop = "*.31.9.",
			.add = "1.0.31.9.in-addr.arpa. CNAME 1.0-63.0.31.9.in-addr.arpa.\n"
			       "1.0-63.0.31.9.in-addr.arpa. PTR ns1.child.xa." } } },
	{ .what = "no reply",
		.cases = "address02 address03",
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.expect = "NO_RESPONSE_PTR_QUERY[ns2.child.xa/9.32.0.1]",
		.changes = { { .under = "32.9.in-addr.arpa.", .silent = true } } },
	{ .what = "another name",
		.cases = "address02 address03",
		.show = TREEWORLD_DEBUG | TREEWORLD_DETAILS,
		.expect = "NAMESERVERS_IP_WITH_REVERSE{nameservers=ns1.child.xa./9.31.0.1,"
			  "ns1.child.xa./2a09:31::1,ns2.child.xa./9.32.0.1,"
			  "ns2.child.xa./2a09:32::1,ns.other.xb./9.33.0.1,ns.other.xb./2a09:33::1} "
			  "NAMESERVER_IP_PTR_MISMATCH{nameservers=ns1.child.xa./9.31.0.1 "
			  "nsname=ns1.child.xa. ns_ip=9.31.0.1 names=a.example.,b.example.}",
		.changes = { { V4_ZONE, .drop = "*.31.9.",
			.add = "1.0.31.9.in-addr.arpa. PTR a.example.\n"
			       "1.0.31.9.in-addr.arpa. PTR b.example." } } },
	{ .what = "one of several names, in capitals",
		.cases = "address03",
		.show = TREEWORLD_DEBUG,
		.expect = "NAMESERVER_IP_PTR_MATCH",
		.changes = { { V4_ZONE, .drop = "*.31.9.",
			.add = "1.0.31.9.in-addr.arpa. PTR a.example.\n"
			       "1.0.31.9.in-addr.arpa. PTR NS1.Child.XA." } } },
};

/* A private address that answers here is no cause of failures here. */
static void test_effect(void)
{
	static const struct treeworld_row served = { .cases = "address01 basic02",
		ONLY_AT("10.9.9.9") };
	static const struct treeworld_row dead = { .cases = "address01 basic02",
		.ns = "ns9.child.xa/10.9.9.9" };
	static const struct treeworld_row half = { .cases = "address01 basic02",
		.ns = "ns9.child.xa/10.9.9.9 ns8.child.xa/10.9.9.8",
		.changes = { { .at = TREEWORLD_CHILD " 10.9.9.9", .zone = "child.xa." } } };
	static const struct {
		const struct treeworld_row *row;
		const char *effect;
	} worlds[] = { { &served, "cosmetic" }, { &dead, "explains" }, { &half, "cosmetic" } };

	for (size_t i = 0; i < ARRAY_LEN(worlds); i++) {
		struct arena *a = arena_new();
		struct treeworld_run run = treeworld_run(a, worlds[i].row);
		size_t n = 0;

		vec_each (const struct finding, x, run.findings.list) {
			if (strcmp(x->test_case, "address01") != 0)
				continue;
			n++;
			is_str(effect_slug(x->effect), worlds[i].effect, x->tag);
		}
		is_int((int64_t)n, 2, "both tags");
		arena_free(a);
	}
}

/* A missing name is shown by the reply that says so. */
static void test_evidence(void)
{
	static const struct treeworld_row row = { .cases = "address02",
		.changes = { { V4_ZONE, .drop = "*.31.9." } } };
	struct arena *a = arena_new();
	struct treeworld_run run = treeworld_run(a, &row);
	const struct finding *x = run.findings.list.v;
	char text[NAME_TEXT];

	if (ok(run.findings.list.n == 1 && x->evidence.n == 1, "one reply shows it"))
		is_str(name_text(run.facts->v[x->evidence.v[0]]->ask.question.name, text),
			"1.0.31.9.in-addr.arpa.", "about that address");
	arena_free(a);
}

int main(void)
{
	static const enum tag tags[] = {
#define TAG(name, ...) TAG_##name,
#include "check/cases/address.def"
#undef TAG
	};

	tagproof_rows(rows, ARRAY_LEN(rows));
	tagproof_tags(tags, ARRAY_LEN(tags));
	test_effect();
	test_evidence();
	return tap_done();
}
