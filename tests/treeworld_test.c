// SPDX-License-Identifier: GPL-3.0-or-later
// The world in which test cases are tried is healthy, and is spoilt in the way a row says.
#include "treeworld.h"

#include "base/err.h"
#include "infer/delegation.h"
#include "infer/resolve.h"

/* "ns1.child.xa./9.31.0.1 …" */
static const char *servers_text(struct arena *a, const struct servers *list)
{
	struct buf b = { .arena = a };
	char name[NAME_TEXT], addr[ADDR_TEXT];

	vec_each (const struct server, s, *list)
		buf_printf(&b, "%s%s/%s", b.n ? " " : "", s->ns ? name_text(s->ns, name) : "?",
			addr_text(&s->addr, addr));
	return buf_text(&b);
}

#define CHILD_PAIRS                                                                                \
	"ns1.child.xa./9.31.0.1 ns1.child.xa./2a09:31::1 "                                         \
	"ns2.child.xa./9.32.0.1 ns2.child.xa./2a09:32::1 "                                         \
	"ns.other.xb./9.33.0.1 ns.other.xb./2a09:33::1"
#define XA_PAIRS "a.nic.xa./9.13.0.1 a.nic.xa./2a09:13::1 b.nic.xa./9.14.0.1 b.nic.xa./2a09:14::1"

/* Signed: what is asked with DO comes with signatures, from the root down. */
static const struct signer_plan nsec3 = {
	.keys = { { .pem = SIGNER_ED25519_1,
		.algorithm = 15,
		.flags = 257,
		.signs = SIGNER_BOTH } },
	.ds = { { .key = 1, .digest = 2 }, { .key = 1, .digest = 4 } },
	.denial = SIGNER_NSEC3,
};
static const struct {
	const char *what, *addr, *name;
	uint16_t type;
	struct treeworld_row row;
	unsigned int answers, authority;
} secure[] = {
	{ "SOA", "9.31.0.1", "child.xa.", RR_SOA, { .secure = true }, 2, 0 },
	{ "keys", "9.31.0.1", "child.xa.", RR_DNSKEY, { .secure = true }, 3, 0 },
	{ "DS", "9.13.0.1", "child.xa.", RR_DS, { .secure = true }, 2, 0 },
	{ "DS of xa.", "9.11.0.1", "xa.", RR_DS, { .secure = true }, 2, 0 },
	{ "no DS of xb.", "9.11.0.1", "xb.", RR_DS, { .secure = true }, 0, 4 },
	{ "referral", "9.13.0.1", "www.child.xa.", RR_A, { .secure = true }, 0, 5 },
	{ "another plan", "9.13.0.1", "child.xa.", RR_DS, { .secure = true, .child = &nsec3 }, 3,
		0 },
	{ "NSEC3", "9.31.0.1", "child.xa.", RR_A, { .secure = true, .child = &nsec3 }, 0, 4 },
	{ "one server without", "9.32.0.1", "child.xa.", RR_SOA,
		{ .secure = true,
			.changes = { { .at = "ns2.child.xa",
				.zone = "child.xa.",
				.sign = &treeworld_unsigned } } },
		1, 0 },
	{ "the other with", "9.31.0.1", "child.xa.", RR_SOA,
		{ .secure = true,
			.changes = { { .at = "ns2.child.xa",
				.zone = "child.xa.",
				.sign = &treeworld_unsigned } } },
		2, 0 },
	{ "no DS", "9.13.0.1", "child.xa.", RR_DS,
		{ .secure = true, .changes = { { .zone = "xa.", .drop = "child.xa. DS" } } }, 0,
		4 },
	{ "dropped late", "9.31.0.1", "child.xa.", RR_DNSKEY,
		{ .secure = true,
			.changes = { { .zone = "child.xa.",
				.late = true,
				.drop = "child.xa. 3600 DNSKEY" } } },
		0, 4 },
	{ "unsigned", "9.31.0.1", "child.xa.", RR_SOA, { 0 }, 1, 0 },
};

static void test_secure(void)
{
	for (size_t i = 0; i < ARRAY_LEN(secure); i++) {
		struct arena *a = arena_new();
		struct treeworld_ask q = { secure[i].addr, secure[i].name, secure[i].type,
			MANNER_DNSSEC };
		const struct msg *m = treeworld_ask(a, &secure[i].row, &q)->msg;

		ok(m != NULL, "%s: a reply", secure[i].what);
		if (m) {
			is_int(m->counts[MSG_ANSWER], secure[i].answers, secure[i].what);
			is_int(m->counts[MSG_AUTHORITY], secure[i].authority, secure[i].what);
		}
		arena_free(a);
	}
}

/* The trust anchor is the root's key. */
static void test_anchor(void)
{
	struct arena *a = arena_new();
	struct treeworld_row row = {
		.cases = "none", .secure = true, .ns = "ns1.child.xa/9.31.0.1"
	};
	struct treeworld_run run = treeworld_run(a, &row);
	const struct tree_plan *plan = run.facts->tree;

	is_int((int64_t)plan->anchors.n, 1, "one anchor");
	is_int(plan->anchors.v[0].tag, signer_key_tag(&treeworld_above, 1), "its tag");
	is_int((int64_t)plan->anchors.v[0].digest.n, 32, "its digest");
	is_int((int64_t)plan->ds.n, 1, "the DS of a delegation to be");
	is_int(plan->ds.v[0].tag, signer_key_tag(&treeworld_signed, 1), "its tag");
	arena_free(a);
}

static void test_healthy(void)
{
	struct arena *a = arena_new();
	struct treeworld_row row = { .cases = "none" };
	struct treeworld_run run = treeworld_run(a, &row);
	const struct delegation *d = delegation(run.tree);

	ok(run.ended, "the run ends");
	ok(!d->pending, "nothing is pending");
	is_str(servers_text(a, &d->parent), XA_PAIRS, "parents");
	is_str(servers_text(a, &d->pairs), CHILD_PAIRS, "servers of the child");
	is_int((int)d->child.v.n, 3, "names at the child");
	for (size_t i = 0; i < run.facts->n; i++)
		if (run.facts->v[i]->outcome != OUTCOME_ANSWERED)
			ok(false, "observation %zu: %s", i,
				outcome_slug((enum outcome)run.facts->v[i]->outcome));
	arena_free(a);
}

/* Nothing is wrong with the healthy world but that it may be unsigned. */
static void test_no_tags(void)
{
	static const struct treeworld_row rows[] = {
		{ .what = "signed", .secure = true, .plan = TREEWORLD_ASN },
		{ .what = "unsigned", .plan = TREEWORLD_ASN },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena *a = arena_new();
		struct treeworld_run run = treeworld_run(a, &rows[i]);

		ok(run.ended, "%s: ends", rows[i].what);
		vec_each (const struct finding, x, run.findings.list)
			ok(x->severity < SEV_NOTICE ||
					(!rows[i].secure &&
						strncmp(x->tag, "DS07_NOT_SIGNED", 15) == 0),
				"%s: %s", rows[i].what, x->tag);
		arena_free(a);
	}
}

/* One question to one address of a spoilt world. */
static const struct probe_row {
	const char *what;
	struct treeworld_change change;
	const char *addr, *name;
	uint16_t type;
	enum manner manner;
	const char *want;
} probes[] = {
	{ "healthy", { .at = "ns2.child.xa", .rcode = RCODE_REFUSED }, "9.31.0.1", "child.xa.",
		RR_SOA, MANNER_EDNS, "rcode 0 aa 1 opt 1 answers 1" },
	{ "code", { .at = "ns1.child.xa", .rcode = RCODE_REFUSED, .clear = FLAG_AA, .empty = true },
		"9.31.0.1", "child.xa.", RR_SOA, MANNER_EDNS, "rcode 5 aa 0 opt 1 answers 0" },
	{ "one address", { .at = "9.31.0.1", .rcode = RCODE_REFUSED }, "2a09:31::1", "child.xa.",
		RR_SOA, MANNER_EDNS, "rcode 0 aa 1 opt 1 answers 1" },
	{ "extended code", { .rcode = RCODE_BADVERS }, "9.31.0.1", "child.xa.", RR_SOA, MANNER_EDNS,
		"rcode 16 aa 1 opt 1 answers 1" },
	{ "no OPT", { .no_opt = true }, "9.31.0.1", "child.xa.", RR_SOA, MANNER_EDNS,
		"rcode 0 aa 1 opt 0 answers 1" },
	{ "type", { .type = RR_MX, .empty = true }, "9.31.0.1", "child.xa.", RR_SOA, MANNER_PLAIN,
		"rcode 0 aa 1 opt 0 answers 1" },
	{ "the same type", { .type = RR_MX, .empty = true }, "9.31.0.1", "child.xa.", RR_MX,
		MANNER_PLAIN, "rcode 0 aa 1 opt 0 answers 0" },
	{ "manner", { .manners = TREEWORLD_IN(MANNER_VERSION), .silent = true }, "9.31.0.1",
		"child.xa.", RR_SOA, MANNER_VERSION, "silence" },
	{ "another manner", { .manners = TREEWORLD_IN(MANNER_VERSION), .silent = true }, "9.31.0.1",
		"child.xa.", RR_SOA, MANNER_EDNS, "rcode 0 aa 1 opt 1 answers 1" },
	{ "TCP", { .tcp = true, .silent = true }, "9.31.0.1", "child.xa.", RR_SOA, MANNER_TCP,
		"silence" },
	{ "not UDP", { .tcp = true, .silent = true }, "9.31.0.1", "child.xa.", RR_SOA, MANNER_PLAIN,
		"rcode 0 aa 1 opt 0 answers 1" },
	{ "other answer",
		{ .answer = "child.xa. MX 1 a.xa.\nchild.xa. MX 2 b.xa.\nchild.xa. MX 3 c.xa." },
		"9.31.0.1", "child.xa.", RR_MX, MANNER_PLAIN, "rcode 0 aa 1 opt 0 answers 3" },
	{ "other sender", { .at = "9.31.0.1", .speaks = "9.99.0.1" }, "9.31.0.1", "child.xa.",
		RR_SOA, MANNER_PLAIN, "silence" },
	{ "line dropped", { .zone = "child.xa.", .drop = "child.xa. MX" }, "9.31.0.1", "child.xa.",
		RR_MX, MANNER_PLAIN, "rcode 0 aa 1 opt 0 answers 0" },
	{ "lines dropped and added",
		{ .zone = "child.xa.",
			.drop = "child.xa. MX|child.xa. TXT",
			.add = "child.xa. TXT a\nchild.xa. TXT b" },
		"9.31.0.1", "child.xa.", RR_TXT, MANNER_PLAIN, "rcode 0 aa 1 opt 0 answers 2" },
	{ "zone gone", { .at = "ns1.child.xa", .zone = "child.xa.", .unload = true }, "9.31.0.1",
		"child.xa.", RR_SOA, MANNER_PLAIN, "rcode 5 aa 0 opt 0 answers 0" },
	{ "zone come", { .at = "spare.xb", .zone = "child.xa." }, "9.36.0.1", "child.xa.", RR_SOA,
		MANNER_PLAIN, "rcode 0 aa 1 opt 0 answers 1" },
	{ "new host", { .at = "9.99.0.1", .zone = "child.xa." }, "9.99.0.1", "child.xa.", RR_SOA,
		MANNER_PLAIN, "rcode 0 aa 1 opt 0 answers 1" },
	{ "pointer", { .at = "9.31.0.1", .transfers = true }, "9.15.0.1", "1.0.31.9.in-addr.arpa.",
		RR_PTR, MANNER_PLAIN, "rcode 0 aa 1 opt 0 answers 1" },
	{ "transfer", { .at = "9.31.0.1", .transfers = true }, "9.31.0.1", "child.xa.", RR_AXFR,
		MANNER_TCP, "rcode 0 aa 1 opt 0 answers 17" },
	{ "no transfer", { .at = "9.31.0.1", .transfers = true }, "9.32.0.1", "child.xa.", RR_AXFR,
		MANNER_TCP, "rcode 5 aa 0 opt 0 answers 0" },
	{ "AS", { .at = "9.31.0.1", .transfers = true }, "9.15.0.1", "1.0.31.9.origin.asn.xb.",
		RR_TXT, MANNER_PLAIN, "rcode 0 aa 1 opt 0 answers 1" },
};

static const char *probe(struct arena *a, const struct probe_row *p)
{
	struct treeworld_row row = { .changes = { p->change } };
	const struct observation *o = treeworld_ask(
		a, &row, &(struct treeworld_ask){ p->addr, p->name, p->type, p->manner });
	const struct msg *m = o->msg;

	if (o->outcome != OUTCOME_ANSWERED)
		return "silence";
	return arena_printf(a, "rcode %u aa %d opt %d answers %u", m->rcode, !!(m->flags & FLAG_AA),
		m->edns.present, m->counts[MSG_ANSWER]);
}

static void test_probes(void)
{
	for (size_t i = 0; i < ARRAY_LEN(probes); i++) {
		struct arena *a = arena_new();

		is_str(probe(a, &probes[i]), probes[i].want, probes[i].what);
		arena_free(a);
	}
}

int main(void)
{
	test_healthy();
	test_no_tags();
	test_probes();
	test_secure();
	test_anchor();
	return tap_done();
}
