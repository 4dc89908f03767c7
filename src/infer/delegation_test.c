// SPDX-License-Identifier: GPL-3.0-or-later
// Parent, delegation and zone as Zonemaster's MethodsV2 have them, by its scenarios (v2025.2).
#include "infer/delegation.h"

#include "base/err.h"
#include "treeworld.h"

/* A name with the addresses of a host of the world. */
#define AT(name, n)    name "/9." n ".0.1 " name "/2a09:" n "::1"
#define NS1	       AT("ns1.child.xa.", "31")
#define NS2	       AT("ns2.child.xa.", "32")
#define OTHER	       AT("ns.other.xb.", "33")
#define HEALTHY	       NS1 " " NS2 " " OTHER
#define NIC_A	       AT("a.nic.xa.", "13")
#define NIC_B	       AT("b.nic.xa.", "14")
#define NIC	       NIC_A " " NIC_B
#define ADDRS(name, n) name " A 9." n ".0.1\n" name " AAAA 2a09:" n "::1\n"
#define DELEGATION     "child.xa. NS|ns1.child.xa.|ns2.child.xa."
#define AT_B(text)                                                                                 \
	{                                                                                          \
		.at = "b.nic.xa", .zone = "xa.", .drop = DELEGATION, .add = text                   \
	}
#define UNDELEGATED                                                                                \
	{                                                                                          \
		.zone = "xa.", .drop = DELEGATION                                                  \
	}
#define DELEGATED(text)                                                                            \
	{                                                                                          \
		.zone = "xa.", .drop = DELEGATION, .add = text                                     \
	}
#define ZONE(text)                                                                                 \
	{                                                                                          \
		.zone = "child.xa.", .drop = DELEGATION, .add = text                               \
	}
#define BOTH(text) DELEGATED(text), ZONE(text)
#define SISTER	   "sister.xa. NS ns.other.xb."

static const struct scenario {
	const char *parent, *del,
		*child; /* "undefined", or pairs; a name without address by itself */
	struct treeworld_row row;
} scenarios[] = {
	{ NIC, HEALTHY, HEALTHY, { .what = "good" } },
	{ NIC, OTHER " " AT("ns2.other.xb.", "34"), OTHER " " AT("ns2.other.xb.", "34"),
		{ .what = "good, names elsewhere only",
			.changes = { BOTH("child.xa. NS ns.other.xb.\nchild.xa. NS ns2.other.xb."),
				{ .at = "ns2.other.xb",
					.zone = "child.xa.",
					.drop = "child.xa. NS",
					.add = "child.xa. NS ns.other.xb.\n"
					       "child.xa. NS ns2.other.xb." } } } },
	{ AT("a.root.xb.", "11") " " NIC, HEALTHY, HEALTHY,
		{ .what = "good, the grandparent serves the parent",
			.changes = { { .at = "a.root.xb", .zone = "xa." } } } },
	{ NIC, HEALTHY " " AT("a.root.xb.", "11") " " AT("a.nic.xa.", "13"),
		HEALTHY " " AT("a.root.xb.", "11") " " AT("a.nic.xa.", "13"),
		{ .what = "good, parent and grandparent serve the child, too",
			.changes = { { .zone = "xa.",
					     .add = "child.xa. NS a.root.xb.\n"
						    "child.xa. NS a.nic.xa." },
				{ .zone = "child.xa.",
					.add = "child.xa. NS a.root.xb.\n"
					       "child.xa. NS a.nic.xa." },
				{ .at = "a.nic.xa",
					.zone = "child.xa.",
					.add = "child.xa. NS a.root.xb.\n"
					       "child.xa. NS a.nic.xa." } } } },
	{ NIC, NIC, NIC,
		{ .what = "good, only the parent serves the child",
			.changes = { DELEGATED("child.xa. NS a.nic.xa.\nchild.xa. NS b.nic.xa."),
				{ .at = "ns1.child.xa ns2.child.xa ns.other.xb",
					.zone = "child.xa.",
					.unload = true },
				{ .at = "a.nic.xa b.nic.xa",
					.zone = "child.xa.",
					.drop = DELEGATION,
					.add = "child.xa. NS a.nic.xa.\nchild.xa. NS "
					       "b.nic.xa." } } } },
	{ "", "ns1.child.xa./9.31.0.1 " OTHER, HEALTHY,
		{ .what = "given beside a delegation",
			.ns = "ns1.child.xa/9.31.0.1 ns.other.xb" } },
	{ "", "ns.other.xb./9.33.0.1 ns3.child.xa.", NS1 " " NS2 " ns.other.xb./9.33.0.1",
		{ .what = "given, one elsewhere with an address, one inside without",
			.ns = "ns.other.xb/9.33.0.1 ns3.child.xa",
			.changes = { UNDELEGATED } } },
	{ NIC, HEALTHY, AT("ns3.child.xa.", "31") " " AT("ns4.child.xa.", "32"),
		{ .what = "other names for the same servers",
			.changes = { ZONE("child.xa. NS ns3.child.xa.\nchild.xa. NS "
					  "ns4.child.xa.\n" ADDRS("ns4.child.xa.", "32")
						     ADDRS("ns5.child.xa.", "31")),
				{ .zone = "child.xa.",
					.drop = "ns3.child.xa.",
					.add = ADDRS("ns3.child.xa.", "31") } } } },
	{ NIC, HEALTHY, "ns1.child.xa. ns2.child.xa. " OTHER,
		{ .what = "names that the zone does not have",
			.changes = { { .zone = "child.xa.",
				.drop = "ns1.child.xa.|ns2.child.xa." } } } },
	{ NIC, HEALTHY, "",
		{ .what = "servers fail",
			.changes = { { .at = TREEWORLD_CHILD,
				.under = "child.xa.",
				.rcode = RCODE_SERVFAIL,
				.clear = FLAG_AA,
				.empty = true } } } },
	{ NIC, HEALTHY, "",
		{ .what = "servers are silent",
			.changes = { { .at = TREEWORLD_CHILD,
				.under = "child.xa.",
				.silent = true } } } },
	{ "undefined", "undefined", "undefined",
		{ .what = "no such name", .changes = { UNDELEGATED } } },
	{ "undefined", "undefined", "undefined",
		{ .what = "no zone", .changes = { DELEGATED("child.xa. TXT x") } } },
	{ "undefined", "undefined", "undefined",
		{ .what = "no child, and half of the grandparent denies the parent",
			.changes = { UNDELEGATED,
				{ .at = "a.root.xb",
					.zone = ".",
					.drop = "xa. NS|a.nic.xa.|b.nic.xa." } } } },
	{ AT("a.root.xb.", "11") " " NIC, OTHER " " NS1 " " NS2, HEALTHY,
		{ .what = "half of the grandparent delegates the child itself",
			.changes = { { .at = "a.root.xb",
				.zone = ".",
				.drop = "xa. NS|a.nic.xa.|b.nic.xa.",
				.add = "child.xa. NS ns.other.xb." } } } },
	{ NIC_A, HEALTHY, HEALTHY,
		{ .what = "half of the parent denies", .changes = { AT_B("") } } },
	{ NIC_A, HEALTHY, HEALTHY,
		{ .what = "half of the parent has an alias",
			.changes = { AT_B("child.xa. CNAME x.xa.\nx.xa. A 9.32.0.1") } } },
	{ NIC_A, HEALTHY, HEALTHY,
		{ .what = "half of the parent has an alias to a zone",
			.changes = { AT_B("child.xa. CNAME sister.xa.\n" SISTER) } } },
	{ NIC_A, HEALTHY, HEALTHY,
		{ .what = "half of the parent has a DNAME",
			.changes = { AT_B("child.xa. DNAME sister.xa.\n" SISTER) } } },
	{ NIC_A, HEALTHY, HEALTHY,
		{ .what = "half of the parent has data",
			.changes = { AT_B("child.xa. A 9.32.0.1") } } },
	{ NIC_A, HEALTHY, HEALTHY,
		{ .what = "half of the parent denies, half serves the child",
			.changes = { AT_B(""), { .at = "a.nic.xa", .zone = "child.xa." } } } },
	{ "undefined", "undefined", "undefined",
		{ .what = "the grandparent fails",
			.changes = { { .at = TREEWORLD_XA, .rcode = RCODE_SERVFAIL } } } },
	{ "undefined", "undefined", "undefined",
		{ .what = "a DNAME",
			.changes = { DELEGATED("child.xa. DNAME sister.xa.\n" SISTER) } } },
	{ NIC_A, HEALTHY, HEALTHY,
		{ .what = "half of the parent without authority",
			.changes = { { .at = "b.nic.xa", .name = "xa.", .clear = FLAG_AA } } } },
	{ NIC_A, HEALTHY, HEALTHY,
		{ .what = "half of the parent without NS records",
			.changes = { { .at = "b.nic.xa",
				.name = "xa.",
				.type = RR_NS,
				.empty = true } } } },
	{ NIC_A, HEALTHY, HEALTHY,
		{ .what = "half of the parent with NS records of another name",
			.changes = { { .at = "b.nic.xa",
				.name = "xa.",
				.type = RR_NS,
				.answer = "oncle.xa. NS b.nic.xa." } } } },
	{ NIC, OTHER " empty.xb.", OTHER " empty.xb.",
		{ .what = "a name elsewhere without address",
			.changes = { BOTH("child.xa. NS ns.other.xb.\nchild.xa. NS empty.xb."),
				{ .zone = "xb.", .add = "empty.xb. TXT x" } } } },
	{ NIC, OTHER " none.xb.", OTHER " none.xb.",
		{ .what = "a name elsewhere that does not exist",
			.changes = { BOTH("child.xa. NS ns.other.xb.\nchild.xa. NS none.xb.") } } },
	{ NIC, "none.xb. nobody.xb.", "",
		{ .what = "two names elsewhere that do not exist",
			.changes = { DELEGATED(
				"child.xa. NS none.xb.\nchild.xa. NS nobody.xb.") } } },
	{ NIC, AT("alias.child.xa.", "32"), AT("alias.child.xa.", "32"),
		{ .what = "an alias inside",
			.changes = { DELEGATED("child.xa. NS alias.child.xa.\n" ADDRS(
					     "alias.child.xa.", "32")),
				ZONE("child.xa. NS alias.child.xa.\n"
				     "alias.child.xa. CNAME real.child.xa.\n" ADDRS(
					     "real.child.xa.", "32")) } } },
	{ NIC, AT("alias.child.xa.", "32"), "alias.child.xa./9.36.0.1 alias.child.xa./2a09:36::1",
		{ .what = "an alias inside to a name elsewhere",
			.changes = { DELEGATED("child.xa. NS alias.child.xa.\n" ADDRS(
					     "alias.child.xa.", "32")),
				ZONE("child.xa. NS alias.child.xa.\n"
				     "alias.child.xa. CNAME spare.xb.") } } },
	{ NIC, AT("alias.xb.", "33"), AT("alias.xb.", "33"),
		{ .what = "an alias elsewhere",
			.changes = { BOTH("child.xa. NS alias.xb."),
				{ .zone = "xb.", .add = "alias.xb. CNAME ns.other.xb." } } } },
	{ NIC_B " " AT("alias.xa.", "13"), HEALTHY, HEALTHY,
		{ .what = "an alias of the parent",
			.changes = { { .zone = ".",
					     .drop = "xa. NS a.nic",
					     .add = "xa. NS alias.xa.\n" ADDRS("alias.xa.", "13") },
				{ .zone = "xa.",
					.drop = "xa. NS a.nic",
					.add = "xa. NS alias.xa.\nalias.xa. CNAME "
					       "a.nic.xa." } } } },
	{ NIC " " AT("c.nic.xa.", "14"), HEALTHY, HEALTHY,
		{ .what = "two names of one server of the parent",
			.changes = { { .zone = ".",
					     .add = "xa. NS c.nic.xa.\n" ADDRS("c.nic.xa.", "14") },
				{ .zone = "xa.",
					.add = "xa. NS c.nic.xa.\n" ADDRS(
						"c.nic.xa.", "14") } } } },
	{ NIC " " AT("c.nic.xa.", "14"), HEALTHY, HEALTHY,
		{ .what = "two names of one server of the parent, one of them at the parent only",
			.changes = { { .zone = "xa.",
				.add = "xa. NS c.nic.xa.\n" ADDRS("c.nic.xa.", "14") } } } },
	{ "", AT("a.root.xb.", "11") " " AT("b.root.xb.", "12"),
		AT("a.root.xb.", "11") " " AT("b.root.xb.", "12"),
		{ .what = "the root", .zone = "." } },
};

static void put_pair(struct buf *b, const struct name *ns, const struct addr *addr)
{
	char text[ADDR_TEXT];

	if (b->n)
		buf_char(b, ' ');
	name_put(ns, b);
	if (addr)
		buf_printf(b, "/%s", addr_text(addr, text));
}

static const char *set_text(struct arena *a, const struct ns_set *set)
{
	struct buf b = { .arena = a };

	vec_each (const struct ns_entry, ns, set->v) {
		if (!ns->addrs.n)
			put_pair(&b, ns->name, NULL);
		vec_each (const struct addr, addr, ns->addrs)
			put_pair(&b, ns->name, addr);
	}
	return set->known ? buf_text(&b) : "undefined";
}

static const char *parent_text(struct arena *a, const struct delegation *d)
{
	struct buf b = { .arena = a };

	vec_each (const struct server, s, d->parent)
		put_pair(&b, s->ns, &s->addr);
	return d->parent_known ? buf_text(&b) : "undefined";
}

static void test_scenario(const struct scenario *s)
{
	struct arena *a = arena_new();
	struct treeworld_row row = s->row;
	struct treeworld_run run;
	const struct delegation *d;

	/* No test case but the delegation itself asks. */
	row.cases = "none";
	run = treeworld_run(a, &row);
	d = delegation(run.tree);
	ok(run.ended && !d->pending, "%s: ends", row.what);
	is_str(parent_text(a, d), s->parent, arena_printf(a, "%s: parent", row.what));
	is_str(set_text(a, &d->del), s->del, arena_printf(a, "%s: delegation", row.what));
	is_str(set_text(a, &d->child), s->child, arena_printf(a, "%s: zone", row.what));
	arena_free(a);
}

int main(void)
{
	for (size_t i = 0; i < ARRAY_LEN(scenarios); i++)
		test_scenario(&scenarios[i]);
	return tap_done();
}
