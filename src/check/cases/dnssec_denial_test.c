// SPDX-License-Identifier: GPL-3.0-or-later
// dnssec10: what of denial is right and wrong.
#include "dnssec_world.h"

#define PLAN(...)                                                                                  \
	&(const struct signer_plan)                                                                \
	{                                                                                          \
		DNSSEC_WORLD_HEALTHY, __VA_ARGS__                                                  \
	}
#define NSEC3(...) PLAN(.denial = SIGNER_NSEC3, __VA_ARGS__)
#define WITH_NSEC  PLAN(.denial = SIGNER_NSEC)
#define WITH_NSEC3 PLAN(.denial = SIGNER_NSEC3)
#define UNSIGNED                                                                                   \
	&(const struct signer_plan)                                                                \
	{                                                                                          \
		.denial = SIGNER_NO_DENIAL                                                         \
	}
#define SPOIL(...)                                                                                 \
	.spoils = {                                                                                \
		{ .type = RR_NSEC, __VA_ARGS__ },                                                  \
		{ .type = RR_NSEC3, __VA_ARGS__ },                                                 \
	}

/* The record of a type in the authority section; NULL: none. */
static struct treeworld_record *denier(struct treeworld_reply *r, uint16_t type)
{
	vec_each (struct treeworld_record, one, r->records)
		if (one->section == MSG_AUTHORITY && one->type == type)
			return one;
	return NULL;
}

static void add_copy(struct treeworld_reply *r, uint16_t type)
{
	const struct treeworld_record *one = denier(r, type);
	struct treeworld_record copy;

	if (!one)
		return;
	copy = *one;
	vec_push(r->arena, &r->records, copy);
}

/* A second record that denies, with another owner. */
static void edit_many(struct treeworld_reply *r, const struct ask *ask)
{
	(void)ask;
	add_copy(r, RR_NSEC);
	add_copy(r, RR_NSEC3);
	if (r->records.n)
		name_prepend(&name_root, "xb", &r->records.v[r->records.n - 1].owner);
}

static void edit_no_soa(struct treeworld_reply *r, const struct ask *ask)
{
	struct treeworld_record *soa = denier(r, RR_SOA);

	(void)ask;
	if (soa)
		*soa = r->records.v[--r->records.n];
}

static void edit_other_soa(struct treeworld_reply *r, const struct ask *ask)
{
	struct treeworld_record *soa = denier(r, RR_SOA);

	(void)ask;
	if (soa)
		soa->owner = name_parent(&soa->owner);
}

/* What denies is of another name: "other" below the parent of the name that owns it. */
static void edit_elsewhere(struct treeworld_reply *r, const struct ask *ask)
{
	struct name owner, parent;
	const struct treeworld_record *one = denier(r, RR_NSEC);

	(void)ask;
	if (!one)
		one = denier(r, RR_NSEC3);
	if (!one)
		return;
	owner = one->owner;
	parent = name_parent(&owner);
	vec_each (struct treeworld_record, rr, r->records)
		if (rr->section == MSG_AUTHORITY && rr->type != RR_SOA &&
			name_equal(&rr->owner, &owner))
			name_prepend(&parent, "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom", &rr->owner);
}

/* Another octet in the rdata of the NSEC3 record. */
static void edit_octet(struct treeworld_reply *r, size_t at, uint8_t value)
{
	struct treeworld_record *one = denier(r, RR_NSEC3);
	uint8_t *rdata;

	if (!one)
		return;
	rdata = arena_dup(r->arena, one->rdata.p, one->rdata.n);
	rdata[at] = value;
	one->rdata.p = rdata;
}

static void edit_hash(struct treeworld_reply *r, const struct ask *ask)
{
	(void)ask;
	edit_octet(r, 0, 2);
}

static void edit_iterations(struct treeworld_reply *r, const struct ask *ask)
{
	(void)ask;
	edit_octet(r, 2, 0xff);
}

static void edit_one_more(struct treeworld_reply *r, const struct ask *ask)
{
	(void)ask;
	edit_octet(r, 3, 1);
}

#define NS1    "ns1.child.xa./9.31.0.1,ns1.child.xa./2a09:31::1"
#define NS2    "ns2.child.xa./9.32.0.1,ns2.child.xa./2a09:32::1"
#define NS3    "ns.other.xb./9.33.0.1,ns.other.xb./2a09:33::1"
#define ALL    NS1 "," NS2 "," NS3
#define OTHERS NS1 "," NS3
#define CASE   .cases = "dnssec10"
/* NSEC records: next ns1.child.xa., types NS SOA RRSIG NSEC DNSKEY; next ns2.child.xa., type A. */
#define NSEC_ANSWER "child.xa. NSEC \\# 23 036e7331056368696c6402786100000722000000000380\n"
#define NSEC_TAIL   "NSEC \\# 17 036e7332056368696c6402786100000140"

static const struct dnssec_world_row rows[] = {
	{ "NSEC", CASE, "DS10_HAS_NSEC", WITH_NSEC },
	{ "NSEC3", CASE, "DS10_HAS_NSEC3", WITH_NSEC3 },
	{ "NSEC3 with salt and iterations", CASE, "DS10_HAS_NSEC3",
		NSEC3(.salt = "aabb", .iterations = 5) },
	{ "unsigned", CASE, "DS10_ZONE_NO_DNSSEC", UNSIGNED },
	{ "one server unsigned", CASE,
		"DS10_HAS_NSEC[ns1.child.xa/9.31.0.1 ns1.child.xa/2a09:31::1 ns.other.xb/9.33.0.1 "
		"ns.other.xb/2a09:33::1] "
		"DS10_SERVER_NO_DNSSEC[ns2.child.xa/9.32.0.1 ns2.child.xa/2a09:32::1]",
		WITH_NSEC, UNSIGNED, .show = TREEWORLD_SERVERS },
	{ "one server with NSEC3", CASE,
		"DS10_INCONSISTENT_NSEC_NSEC3{nameservers=" OTHERS "," NS2 " ns_list_nsec=" OTHERS
		" ns_list_nsec3=" NS2 "}",
		WITH_NSEC, WITH_NSEC3, .show = TREEWORLD_DETAILS },
	{ "no denial", CASE, "DS10_EXPECTED_NSEC_NSEC3_MISSING", PLAN(.denial = SIGNER_NO_DENIAL) },
	{ "both", CASE, "DS10_MIXED_NSEC_NSEC3", WITH_NSEC3,
		.changes = { { .at = TREEWORLD_CHILD, .type = RR_NSEC, .answer = NSEC_ANSWER } } },

	/* Signatures. */
	{ "NSEC without signature", CASE, "DS10_NSEC_MISSING_SIGNATURE DS10_HAS_NSEC",
		PLAN(SPOIL(.how = SIGNER_UNSIGNED)) },
	{ "NSEC3 without signature", CASE, "DS10_NSEC3_MISSING_SIGNATURE DS10_HAS_NSEC3",
		NSEC3(SPOIL(.how = SIGNER_UNSIGNED)) },
	{ "NSEC with a wrong signature", CASE,
		"DS10_NSEC_RRSIG_VERIFY_ERROR DS10_NSEC_NO_VERIFIED_SIGNATURE DS10_HAS_NSEC",
		PLAN(SPOIL(.how = SIGNER_WRONG)) },
	{ "NSEC3 with a wrong signature", CASE,
		"DS10_NSEC3_RRSIG_VERIFY_ERROR DS10_NSEC3_NO_VERIFIED_SIGNATURE DS10_HAS_NSEC3",
		NSEC3(SPOIL(.how = SIGNER_WRONG)) },
	{ "NSEC expired", CASE,
		"DS10_NSEC_RRSIG_EXPIRED DS10_NSEC_NO_VERIFIED_SIGNATURE DS10_HAS_NSEC",
		PLAN(SPOIL(.how = SIGNER_TIMES, .from = -9 * SIGNER_DAY, .to = -1)) },
	{ "NSEC3 expired", CASE,
		"DS10_NSEC3_RRSIG_EXPIRED DS10_NSEC3_NO_VERIFIED_SIGNATURE DS10_HAS_NSEC3",
		NSEC3(SPOIL(.how = SIGNER_TIMES, .from = -9 * SIGNER_DAY, .to = -1)) },
	{ "NSEC expires this second", CASE, "DS10_HAS_NSEC",
		PLAN(SPOIL(.how = SIGNER_TIMES, .from = -9 * SIGNER_DAY, .to = 0)) },
	{ "NSEC too early", CASE,
		"DS10_NSEC_RRSIG_NOT_YET_VALID DS10_NSEC_NO_VERIFIED_SIGNATURE DS10_HAS_NSEC",
		PLAN(SPOIL(.how = SIGNER_TIMES, .from = 1, .to = SIGNER_DAY)) },
	{ "NSEC3 too early", CASE,
		"DS10_NSEC3_RRSIG_NOT_YET_VALID DS10_NSEC3_NO_VERIFIED_SIGNATURE DS10_HAS_NSEC3",
		NSEC3(SPOIL(.how = SIGNER_TIMES, .from = 1, .to = SIGNER_DAY)) },
	{ "NSEC by a key that is not there", CASE,
		"DS10_NSEC_RRSIG_NO_DNSKEY DS10_NSEC_NO_VERIFIED_SIGNATURE DS10_HAS_NSEC",
		PLAN(SPOIL(.how = SIGNER_TAG)) },
	{ "NSEC3 by a key that is not there", CASE,
		"DS10_NSEC3_RRSIG_NO_DNSKEY DS10_NSEC3_NO_VERIFIED_SIGNATURE DS10_HAS_NSEC3",
		NSEC3(SPOIL(.how = SIGNER_TAG)) },
	{ "an algorithm that we do not know", CASE, "DS10_ALGO_NOT_SUPPORTED_BY_ZM DS10_HAS_NSEC",
		PLAN(SPOIL(.how = SIGNER_ALGORITHM), .stranger = 12) },
	{ "one signature is wrong, another right", CASE,
		"DS10_NSEC_RRSIG_VERIFY_ERROR DS10_HAS_NSEC",
		PLAN(.spoils = { { .how = SIGNER_ALSO, .type = RR_NSEC, .key = 1 },
			     { .how = SIGNER_WRONG, .type = RR_NSEC, .key = 2 } }) },
	{ "signatures of other sets do not matter", CASE, "DS10_HAS_NSEC",
		PLAN(.spoils = { { .how = SIGNER_WRONG, .type = RR_SOA },
			     { .how = SIGNER_UNSIGNED, .type = RR_DNSKEY } }) },

	/* Type lists. */
	{ "NSEC lists NSEC3", CASE, "DS10_NSEC_ERR_TYPE_LIST DS10_HAS_NSEC",
		PLAN(.bits_add = RR_NSEC3) },
	{ "NSEC leaves out DNSKEY", CASE, "DS10_NSEC_ERR_TYPE_LIST DS10_HAS_NSEC",
		PLAN(.bits_drop = RR_DNSKEY) },
	{ "NSEC3 lists NSEC", CASE, "DS10_NSEC3_ERR_TYPE_LIST DS10_HAS_NSEC3",
		NSEC3(.bits_add = RR_NSEC) },
	{ "NSEC3 leaves out NSEC3PARAM", CASE, "DS10_NSEC3_ERR_TYPE_LIST DS10_HAS_NSEC3",
		NSEC3(.bits_drop = RR_NSEC3PARAM) },
	{ "other types may be there", CASE, "DS10_HAS_NSEC3", NSEC3(.bits_add = RR_MX) },

	/* Replies. */
	{ "no reply about NSEC", CASE,
		"DS10_NSEC_QUERY_RESPONSE_ERR DS10_INCONSISTENT_NSEC DS10_HAS_NSEC", WITH_NSEC,
		.changes = { { .at = TREEWORLD_CHILD, .type = RR_NSEC, .silent = true } } },
	{ "NSEC refused", CASE,
		"DS10_NSEC_QUERY_RESPONSE_ERR DS10_INCONSISTENT_NSEC3 DS10_HAS_NSEC3", WITH_NSEC3,
		.changes = { { .at = TREEWORLD_CHILD,
			.type = RR_NSEC,
			.rcode = RCODE_REFUSED,
			.empty = true } } },
	{ "NSEC3PARAM without authority", CASE,
		"DS10_NSEC3PARAM_QUERY_RESPONSE_ERR DS10_INCONSISTENT_NSEC3 DS10_HAS_NSEC3",
		WITH_NSEC3,
		.changes = { { .at = TREEWORLD_CHILD, .type = RR_NSEC3PARAM, .clear = FLAG_AA } } },
	{ "NSEC answered by something else", CASE,
		"DS10_NSEC_GIVES_ERR_ANSWER DS10_INCONSISTENT_NSEC DS10_HAS_NSEC", WITH_NSEC,
		.changes = { { .at = TREEWORLD_CHILD,
			.type = RR_NSEC,
			.answer = "child.xa. TXT x" } } },
	{ "NSEC3PARAM answered by something else", CASE,
		"DS10_NSEC3PARAM_GIVES_ERR_ANSWER DS10_INCONSISTENT_NSEC3 DS10_HAS_NSEC3",
		WITH_NSEC3,
		.changes = { { .at = TREEWORLD_CHILD,
			.type = RR_NSEC3PARAM,
			.answer = "child.xa. TXT x" } } },
	{ "two NSEC in an answer", CASE, "DS10_ERR_MULT_NSEC DS10_HAS_NSEC", WITH_NSEC,
		.changes = { { .at = TREEWORLD_CHILD,
			.type = RR_NSEC,
			.answer = NSEC_ANSWER "child.xa. " NSEC_TAIL } } },
	{ "NSEC of another name", CASE, "DS10_NSEC_MISMATCHES_APEX DS10_HAS_NSEC", WITH_NSEC,
		.changes = { { .at = TREEWORLD_CHILD,
			.type = RR_NSEC,
			.answer = "ns1.child.xa. " NSEC_TAIL } } },
	{ "two NSEC3PARAM", CASE, "DS10_ERR_MULT_NSEC3PARAM DS10_HAS_NSEC3", WITH_NSEC3,
		.changes = { { .at = TREEWORLD_CHILD,
			.type = RR_NSEC3PARAM,
			.answer = "child.xa. NSEC3PARAM \\# 5 0100000000\n"
				  "child.xa. NSEC3PARAM \\# 5 0100000100" } } },
	{ "NSEC3PARAM of another name", CASE, "DS10_NSEC3PARAM_MISMATCHES_APEX DS10_HAS_NSEC3",
		WITH_NSEC3,
		.changes = { { .at = TREEWORLD_CHILD,
			.type = RR_NSEC3PARAM,
			.answer = "ns1.child.xa. NSEC3PARAM \\# 5 0100000000" } } },

	/* Denials. */
	{ "two NSEC deny", CASE, "DS10_ERR_MULT_NSEC DS10_HAS_NSEC", WITH_NSEC,
		.changes = { { .at = TREEWORLD_CHILD,
			.type = RR_NSEC3PARAM,
			.edit = edit_many } } },
	{ "two NSEC3 deny", CASE, "DS10_ERR_MULT_NSEC3 DS10_HAS_NSEC3", WITH_NSEC3,
		.changes = { { .at = TREEWORLD_CHILD, .type = RR_NSEC, .edit = edit_many } } },
	{ "NSEC without SOA", CASE, "DS10_NSEC_NODATA_MISSING_SOA DS10_HAS_NSEC", WITH_NSEC,
		.changes = { { .at = TREEWORLD_CHILD,
			.type = RR_NSEC3PARAM,
			.edit = edit_no_soa } } },
	{ "NSEC3 without SOA", CASE, "DS10_NSEC3_NODATA_MISSING_SOA DS10_HAS_NSEC3", WITH_NSEC3,
		.changes = { { .at = TREEWORLD_CHILD, .type = RR_NSEC, .edit = edit_no_soa } } },
	{ "NSEC with another SOA", CASE,
		"DS10_NSEC_NODATA_WRONG_SOA{nameservers=ns1.child.xa./9.31.0.1 domain=xa.} "
		"DS10_HAS_NSEC{nameservers=" ALL "}",
		WITH_NSEC, .show = TREEWORLD_DETAILS,
		.changes = { { .at = "9.31.0.1",
			.type = RR_NSEC3PARAM,
			.edit = edit_other_soa } } },
	{ "NSEC3 with another SOA", CASE, "DS10_NSEC3_NODATA_WRONG_SOA DS10_HAS_NSEC3", WITH_NSEC3,
		.changes = { { .at = TREEWORLD_CHILD, .type = RR_NSEC, .edit = edit_other_soa } } },
	{ "NSEC of another name denies", CASE,
		"DS10_NSEC_MISMATCHES_APEX DS10_NSEC_RRSIG_VERIFY_ERROR "
		"DS10_NSEC_NO_VERIFIED_SIGNATURE DS10_HAS_NSEC",
		WITH_NSEC,
		.changes = { { .at = TREEWORLD_CHILD,
			.type = RR_NSEC3PARAM,
			.edit = edit_elsewhere } } },
	{ "NSEC3 of another name denies", CASE,
		"DS10_NSEC3_MISMATCHES_APEX DS10_NSEC3_RRSIG_VERIFY_ERROR "
		"DS10_NSEC3_NO_VERIFIED_SIGNATURE DS10_HAS_NSEC3",
		WITH_NSEC3,
		.changes = { { .at = TREEWORLD_CHILD, .type = RR_NSEC, .edit = edit_elsewhere } } },

	/* What fails for it. */
	{ "NSEC expired at one server", .cases = "dnssec07 dnssec10",
		"DS07_SIGNED_ON_SERVER DS07_SIGNED DS07_DS_ON_PARENT_SERVER "
		"DS07_DS_FOR_SIGNED_ZONE "
		"DS10_NSEC_RRSIG_EXPIRED DS10_NSEC_NO_VERIFIED_SIGNATURE DS10_HAS_NSEC",
		WITH_NSEC, PLAN(SPOIL(.how = SIGNER_TIMES, .from = -9 * SIGNER_DAY, .to = -1)),
		.effect = EFFECT_INTERMITTENT },
	{ "NSEC expired at all of them", CASE,
		"DS10_NSEC_RRSIG_EXPIRED DS10_NSEC_NO_VERIFIED_SIGNATURE DS10_HAS_NSEC",
		PLAN(SPOIL(.how = SIGNER_TIMES, .from = -9 * SIGNER_DAY, .to = -1)),
		.effect = EFFECT_EXPLAINS },
	{ "types are listed wrongly", CASE, "DS10_NSEC_ERR_TYPE_LIST DS10_HAS_NSEC",
		PLAN(.bits_drop = RR_DNSKEY), .effect = EFFECT_COSMETIC },

	{ "NSEC3 with a hash that nobody knows", CASE,
		"DS10_NSEC3_RRSIG_VERIFY_ERROR DS10_NSEC3_NO_VERIFIED_SIGNATURE DS10_HAS_NSEC3",
		WITH_NSEC3,
		.changes = { { .at = TREEWORLD_CHILD, .type = RR_NSEC, .edit = edit_hash } } },
	{ "NSEC3 with more iterations than we do", CASE,
		"DS10_NSEC3_RRSIG_VERIFY_ERROR DS10_NSEC3_NO_VERIFIED_SIGNATURE DS10_HAS_NSEC3",
		WITH_NSEC3,
		.changes = { { .at = TREEWORLD_CHILD,
			.type = RR_NSEC,
			.edit = edit_iterations } } },
	{ "NSEC3 with other iterations than its owner", CASE,
		"DS10_NSEC3_MISMATCHES_APEX DS10_NSEC3_RRSIG_VERIFY_ERROR "
		"DS10_NSEC3_NO_VERIFIED_SIGNATURE DS10_HAS_NSEC3",
		WITH_NSEC3,
		.changes = { { .at = TREEWORLD_CHILD, .type = RR_NSEC, .edit = edit_one_more } } },

	/* Servers that do not count. */
	{ "one server silent, one refusing, one without authority", CASE,
		"DS10_HAS_NSEC[ns1.child.xa/2a09:31::1 ns2.child.xa/2a09:32::1 "
		"ns.other.xb/2a09:33::1]",
		WITH_NSEC, .show = TREEWORLD_SERVERS,
		.changes = { { .at = "9.31.0.1", .type = RR_DNSKEY, .silent = true },
			{ .at = "9.32.0.1",
				.type = RR_DNSKEY,
				.rcode = RCODE_REFUSED,
				.empty = true },
			{ .at = "9.33.0.1", .type = RR_DNSKEY, .clear = FLAG_AA } } },
	{ "one address whose reply is truncated, without TCP", CASE,
		"DS10_HAS_NSEC[ns1.child.xa/2a09:31::1 ns2.child.xa/9.32.0.1 "
		"ns2.child.xa/2a09:32::1 "
		"ns.other.xb/9.33.0.1 ns.other.xb/2a09:33::1]",
		WITH_NSEC, .show = TREEWORLD_SERVERS,
		.changes = { { .at = "9.31.0.1",
				     .type = RR_DNSKEY,
				     .udp = true,
				     .set = FLAG_TC,
				     .empty = true },
			{ .at = "9.31.0.1", .type = RR_DNSKEY, .tcp = true, .silent = true } } },
	{ "IPv6 is off", CASE,
		"DS10_HAS_NSEC[ns1.child.xa/9.31.0.1 ns2.child.xa/9.32.0.1 ns.other.xb/9.33.0.1]",
		WITH_NSEC, .show = TREEWORLD_SERVERS, .families = TREEWORLD_NO_V6 },
};

int main(void)
{
	static bool seen[TAGS];

	dnssec_world_test(rows, ARRAY_LEN(rows), seen);
	dnssec_world_all(seen, "DS10_");
	return tap_done();
}
