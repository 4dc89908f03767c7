// SPDX-License-Identifier: GPL-3.0-or-later
// dnssec15 to dnssec18: what is right and wrong of CDS and CDNSKEY.
#include "dnssec_world.h"

#define KEYS .keys = { DNSSEC_WORLD_KSK, DNSSEC_WORLD_ZSK }, .ds = { { .key = 1, .digest = 2 } }
/* With a third key. */
#define SPARE(bits, ...)                                                                           \
	.keys = { DNSSEC_WORLD_KSK, DNSSEC_WORLD_ZSK,                                              \
		{ .pem = SIGNER_P256_3, .algorithm = 13, .flags = bits, __VA_ARGS__ } },           \
	.ds = { { .key = 1, .digest = 2 } }
#define CDS(...)     .cds = { __VA_ARGS__ }
#define CDNSKEY(...) .cdnskey = { __VA_ARGS__ }
#define FIRST                                                                                      \
	{                                                                                          \
		.key = 1, .digest = 2                                                              \
	}
#define THIRD                                                                                      \
	{                                                                                          \
		.key = 3, .digest = 2                                                              \
	}
#define DELETE                                                                                     \
	{                                                                                          \
		.nobody = true, .key = 1                                                           \
	}
#define SPOIL(...)                                                                                 \
	.spoils = { { .type = RR_CDS, __VA_ARGS__ }, { .type = RR_CDNSKEY, __VA_ARGS__ } }
#define PLAN(...)                                                                                  \
	&(const struct signer_plan)                                                                \
	{                                                                                          \
		__VA_ARGS__                                                                        \
	}
#define HEALTHY	 PLAN(KEYS, CDS(FIRST), CDNSKEY(1))
#define NONE	 PLAN(KEYS)
#define UNSIGNED PLAN(.denial = SIGNER_NO_DENIAL)

#define ALL	 .cases = "dnssec15 dnssec16 dnssec17 dnssec18"
#define VALIDATE .cases = "dnssec16 dnssec17"
#define AT_ALL	 .at = TREEWORLD_CHILD

static const struct dnssec_world_row rows[] = {
	{ "healthy", ALL, "DS15_HAS_CDS_AND_CDNSKEY", HEALTHY },
	{ "neither", ALL, "DS15_NO_CDS_CDNSKEY", NONE },
	{ "neither, unsigned", ALL, "DS15_NO_CDS_CDNSKEY", UNSIGNED },

	/* dnssec15 */
	{ "CDS only", ALL, "DS15_HAS_CDS_NO_CDNSKEY", PLAN(KEYS, CDS(FIRST)) },
	{ "CDNSKEY only", ALL, "DS15_HAS_CDNSKEY_NO_CDS", PLAN(KEYS, CDNSKEY(1)) },
	{ "of different keys", .cases = "dnssec15",
		"DS15_HAS_CDS_AND_CDNSKEY DS15_MISMATCH_CDS_CDNSKEY",
		PLAN(SPARE(257, .signs = SIGNER_KEYSETS), CDS(FIRST), CDNSKEY(3)) },
	{ "two keys by one type, one by the other", .cases = "dnssec15",
		"DS15_HAS_CDS_AND_CDNSKEY DS15_MISMATCH_CDS_CDNSKEY",
		PLAN(SPARE(257, .signs = SIGNER_KEYSETS), CDS(FIRST), CDNSKEY(1, 3)) },
	{ "two digests of the same key", .cases = "dnssec15", "DS15_HAS_CDS_AND_CDNSKEY",
		PLAN(KEYS, CDS(FIRST, { .key = 1, .digest = 4 }), CDNSKEY(1)) },
	{ "a digest of unknown type", .cases = "dnssec15", "DS15_HAS_CDS_AND_CDNSKEY",
		PLAN(KEYS, CDS({ .key = 1, .digest = 77 }), CDNSKEY(1)) },
	{ "a wrong digest", .cases = "dnssec15",
		"DS15_HAS_CDS_AND_CDNSKEY DS15_MISMATCH_CDS_CDNSKEY",
		PLAN(KEYS, CDS({ .key = 1, .digest = 2, .wrong_digest = true }), CDNSKEY(1)) },
	{ "one deletes, the other does not", .cases = "dnssec15",
		"DS15_HAS_CDS_AND_CDNSKEY DS15_MISMATCH_CDS_CDNSKEY",
		PLAN(KEYS, CDS(DELETE), CDNSKEY(1)) },
	{ "one server has other CDS", .cases = "dnssec15",
		"DS15_HAS_CDS_AND_CDNSKEY DS15_INCONSISTENT_CDS", HEALTHY,
		PLAN(KEYS, CDS(FIRST, { .key = 1, .digest = 4 }), CDNSKEY(1)) },
	{ "one server has CDNSKEY for one more key", .cases = "dnssec15",
		"DS15_HAS_CDS_AND_CDNSKEY DS15_MISMATCH_CDS_CDNSKEY DS15_INCONSISTENT_CDNSKEY",
		HEALTHY, PLAN(SPARE(257, .signs = SIGNER_NOTHING), CDS(FIRST), CDNSKEY(1, 3)) },
	{ "one server has neither", .cases = "dnssec15",
		"DS15_HAS_CDS_AND_CDNSKEY[ns1.child.xa/9.31.0.1 ns1.child.xa/2a09:31::1 "
		"ns.other.xb/9.33.0.1 ns.other.xb/2a09:33::1] "
		"DS15_INCONSISTENT_CDS[ns1.child.xa/9.31.0.1 ns1.child.xa/2a09:31::1 "
		"ns2.child.xa/9.32.0.1 ns2.child.xa/2a09:32::1 ns.other.xb/9.33.0.1 "
		"ns.other.xb/2a09:33::1] "
		"DS15_INCONSISTENT_CDNSKEY[ns1.child.xa/9.31.0.1 ns1.child.xa/2a09:31::1 "
		"ns2.child.xa/9.32.0.1 ns2.child.xa/2a09:32::1 ns.other.xb/9.33.0.1 "
		"ns.other.xb/2a09:33::1]",
		HEALTHY, NONE, .show = TREEWORLD_SERVERS },
	{ "one server does not reply", ALL, "DS15_HAS_CDS_AND_CDNSKEY", HEALTHY,
		.changes = { { .at = "ns2.child.xa", .type = RR_CDS, .silent = true } } },
	{ "one server refuses CDNSKEY", ALL, "DS15_HAS_CDS_AND_CDNSKEY", HEALTHY,
		.changes = { { .at = "ns2.child.xa",
			.type = RR_CDNSKEY,
			.rcode = RCODE_REFUSED,
			.empty = true } } },
	{ "all servers answer without authority", ALL, "DS15_NO_CDS_CDNSKEY", HEALTHY,
		.changes = { { AT_ALL, .type = RR_CDS, .clear = FLAG_AA },
			{ AT_ALL, .type = RR_CDNSKEY, .clear = FLAG_AA } } },

	/* dnssec16, dnssec17 */
	{ "no DNSKEY", VALIDATE, "DS16_CDS_WITHOUT_DNSKEY DS17_CDNSKEY_WITHOUT_DNSKEY", HEALTHY,
		.changes = { { AT_ALL, .type = RR_DNSKEY, .empty = true } } },
	{ "DNSKEY refused", VALIDATE, "DS16_CDS_WITHOUT_DNSKEY DS17_CDNSKEY_WITHOUT_DNSKEY",
		HEALTHY,
		.changes = { { AT_ALL, .type = RR_DNSKEY, .rcode = RCODE_REFUSED,
			.empty = true } } },
	{ "delete", ALL, "DS15_HAS_CDS_AND_CDNSKEY DS16_DELETE_CDS DS17_DELETE_CDNSKEY",
		PLAN(KEYS, CDS(DELETE), CDNSKEY(SIGNER_DELETE)) },
	{ "delete, and a key", VALIDATE, "DS16_MIXED_DELETE_CDS DS17_MIXED_DELETE_CDNSKEY",
		PLAN(KEYS, CDS(FIRST, DELETE), CDNSKEY(1, SIGNER_DELETE)) },
	{ "delete, unsigned", VALIDATE,
		"DS16_DELETE_CDS DS16_CDS_UNSIGNED DS17_DELETE_CDNSKEY DS17_CDNSKEY_UNSIGNED",
		PLAN(KEYS, CDS(DELETE), CDNSKEY(SIGNER_DELETE), SPOIL(.how = SIGNER_UNSIGNED)) },
	{ "of a key that is not there", VALIDATE,
		"DS16_CDS_MATCHES_NO_DNSKEY DS17_CDNSKEY_MATCHES_NO_DNSKEY",
		PLAN(SPARE(257, .hidden = true), CDS(FIRST, THIRD), CDNSKEY(1, 3)) },
	{ "of a key that is none of the zone's", VALIDATE,
		"DS16_CDS_MATCHES_NON_ZONE_DNSKEY DS17_CDNSKEY_IS_NON_ZONE",
		PLAN(SPARE(1, .signs = SIGNER_NOTHING), CDS(FIRST, { .key = 3, .digest = 77 }),
			CDNSKEY(1, 3)) },
	{ "of a key without SEP that signs all", VALIDATE,
		"DS16_CDS_MATCHES_NON_SEP_DNSKEY DS17_CDNSKEY_IS_NON_SEP",
		PLAN(SPARE(256, .signs = SIGNER_BOTH), CDS(FIRST, THIRD), CDNSKEY(1, 3)) },
	{ "of a key that signs nothing", VALIDATE,
		"DS16_DNSKEY_NOT_SIGNED_BY_CDS DS16_CDS_NOT_SIGNED_BY_CDS "
		"DS17_DNSKEY_NOT_SIGNED_BY_CDNSKEY DS17_CDNSKEY_NOT_SIGNED_BY_CDNSKEY",
		PLAN(SPARE(257, .signs = SIGNER_NOTHING), CDS(FIRST, THIRD), CDNSKEY(1, 3)) },
	{ "of a key that signs all but DNSKEY", VALIDATE,
		"DS16_DNSKEY_NOT_SIGNED_BY_CDS DS17_DNSKEY_NOT_SIGNED_BY_CDNSKEY",
		PLAN(SPARE(257, .signs = SIGNER_KEYSETS), CDS(FIRST, THIRD), CDNSKEY(1, 3),
			.spoils = { { .how = SIGNER_UNSIGNED, .type = RR_DNSKEY, .key = 3 } }) },
	{ "of a key that signs DNSKEY only", VALIDATE,
		"DS16_CDS_NOT_SIGNED_BY_CDS DS17_CDNSKEY_NOT_SIGNED_BY_CDNSKEY",
		PLAN(SPARE(257, .signs = SIGNER_KEYSETS), CDS(FIRST, THIRD), CDNSKEY(1, 3),
			SPOIL(.how = SIGNER_UNSIGNED, .key = 3)) },
	{ "unsigned", VALIDATE,
		"DS16_CDS_NOT_SIGNED_BY_CDS DS16_CDS_UNSIGNED DS17_CDNSKEY_NOT_SIGNED_BY_CDNSKEY "
		"DS17_CDNSKEY_UNSIGNED",
		PLAN(KEYS, CDS(FIRST), CDNSKEY(1), SPOIL(.how = SIGNER_UNSIGNED)) },
	{ "signed by a key that is not there", VALIDATE,
		"DS16_CDS_NOT_SIGNED_BY_CDS DS16_CDS_SIGNED_BY_UNKNOWN_DNSKEY "
		"DS17_CDNSKEY_NOT_SIGNED_BY_CDNSKEY DS17_CDNSKEY_SIGNED_BY_UNKNOWN_DNSKEY",
		PLAN(KEYS, CDS(FIRST), CDNSKEY(1), SPOIL(.how = SIGNER_TAG)) },
	{ "signed wrongly", VALIDATE, "DS16_CDS_INVALID_RRSIG DS17_CDNSKEY_INVALID_RRSIG",
		PLAN(KEYS, CDS(FIRST), CDNSKEY(1), SPOIL(.how = SIGNER_WRONG)) },
	{ "signed too long ago", VALIDATE, "DS16_CDS_INVALID_RRSIG DS17_CDNSKEY_INVALID_RRSIG",
		PLAN(KEYS, CDS(FIRST), CDNSKEY(1),
			SPOIL(.how = SIGNER_TIMES, .from = -9 * SIGNER_DAY, .to = -1)) },
	{ "signed in the name of another zone", VALIDATE,
		"DS16_CDS_INVALID_RRSIG DS17_CDNSKEY_INVALID_RRSIG",
		PLAN(KEYS, CDS(FIRST), CDNSKEY(1), SPOIL(.how = SIGNER_STRANGER)) },
	{ "signed wrongly at one address", .cases = "dnssec16",
		"DS16_CDS_INVALID_RRSIG[ns2.child.xa/9.32.0.1 ns2.child.xa/2a09:32::1]", HEALTHY,
		PLAN(KEYS, CDS(FIRST), CDNSKEY(1), SPOIL(.how = SIGNER_WRONG)),
		.show = TREEWORLD_SERVERS },

	/* dnssec18 */
	{ "DS is of a key that signs neither", .cases = "dnssec18",
		"DS18_NO_MATCH_CDS_RRSIG_DS DS18_NO_MATCH_CDNSKEY_RRSIG_DS",
		PLAN(.keys = { DNSSEC_WORLD_KSK, DNSSEC_WORLD_ZSK, DNSSEC_WORLD_SPARE(257) },
			.ds = { THIRD }, CDS(FIRST), CDNSKEY(1)) },
	{ "one of two DS is of a key that signs both", .cases = "dnssec18", "",
		PLAN(.keys = { DNSSEC_WORLD_KSK, DNSSEC_WORLD_ZSK, DNSSEC_WORLD_SPARE(257) },
			.ds = { THIRD, FIRST }, CDS(FIRST), CDNSKEY(1)) },
	{ "DS is of a key that signs CDS, but not CDNSKEY", .cases = "dnssec18",
		"DS18_NO_MATCH_CDNSKEY_RRSIG_DS",
		PLAN(KEYS, CDS(FIRST), CDNSKEY(1),
			.spoils = { { .how = SIGNER_UNSIGNED, .type = RR_CDNSKEY } }) },
	{ "DS is of no key", .cases = "dnssec18",
		"DS18_NO_MATCH_CDS_RRSIG_DS DS18_NO_MATCH_CDNSKEY_RRSIG_DS",
		PLAN(.keys = { DNSSEC_WORLD_KSK, DNSSEC_WORLD_ZSK },
			.ds = { { .key = 1, .digest = 2, .wrong_digest = true } }, CDS(FIRST),
			CDNSKEY(1)) },
	{ "no DS", .cases = "dnssec18", "",
		PLAN(.keys = { DNSSEC_WORLD_KSK, DNSSEC_WORLD_ZSK }, CDS(FIRST), CDNSKEY(1),
			SPOIL(.how = SIGNER_UNSIGNED)) },
	{ "no DNSKEY at any server", .cases = "dnssec18", "", HEALTHY,
		.changes = { { AT_ALL, .type = RR_DNSKEY, .empty = true } } },
	{ "undelegated, with DS of a key that signs neither", .cases = "dnssec18",
		"DS18_NO_MATCH_CDS_RRSIG_DS DS18_NO_MATCH_CDNSKEY_RRSIG_DS",
		PLAN(.keys = { DNSSEC_WORLD_KSK, DNSSEC_WORLD_ZSK, DNSSEC_WORLD_SPARE(257) },
			.ds = { THIRD }, CDS(FIRST), CDNSKEY(1)),
		.ns = "ns1.child.xa/9.31.0.1 ns2.child.xa/9.32.0.1" },
	{ "undelegated, without DS", .cases = "dnssec18", "",
		PLAN(.keys = { DNSSEC_WORLD_KSK, DNSSEC_WORLD_ZSK }, CDS(FIRST), CDNSKEY(1),
			SPOIL(.how = SIGNER_UNSIGNED)),
		.ns = "ns1.child.xa/9.31.0.1 ns2.child.xa/9.32.0.1" },
};

int main(void)
{
	static bool seen[TAGS];

	dnssec_world_test(rows, ARRAY_LEN(rows), seen);
	dnssec_world_all(seen, "DS15_");
	dnssec_world_all(seen, "DS16_");
	dnssec_world_all(seen, "DS17_");
	dnssec_world_all(seen, "DS18_");
	return tap_done();
}
