// SPDX-License-Identifier: GPL-3.0-or-later
// dnssec11 to dnssec14: signed where DS says so, by all algorithms, with keys of a proper length.
#include "dnssec_world.h"

#define PLAN(...)                                                                                  \
	&(const struct signer_plan)                                                                \
	{                                                                                          \
		DNSSEC_WORLD_HEALTHY, __VA_ARGS__                                                  \
	}
#define HEALTHY PLAN(.denial = SIGNER_NSEC)
/* The same with one more key. */
#define MORE(...)                                                                                  \
	&(const struct signer_plan)                                                                \
	{                                                                                          \
		.keys = { DNSSEC_WORLD_KSK, DNSSEC_WORLD_ZSK, __VA_ARGS__ },                       \
		.ds = { { .key = 1, .digest = 2 } }                                                \
	}
#define P384(...) MORE({ .pem = SIGNER_P384_1, .algorithm = 14, .flags = 256, __VA_ARGS__ })
#define RSA(number, size)                                                                          \
	MORE({ .algorithm = number, .flags = 256, .signs = SIGNER_NOTHING, .bits = size })
#define UNSIGNED                                                                                   \
	&(const struct signer_plan)                                                                \
	{                                                                                          \
		.denial = SIGNER_NO_DENIAL                                                         \
	}
/* Its parent has DS records, but it is not signed. */
#define HIDDEN                                                                                     \
	{                                                                                          \
		.at = TREEWORLD_CHILD, .zone = "child.xa.", .sign = UNSIGNED                       \
	}

#define CHILD_ALL                                                                                  \
	"[ns1.child.xa/9.31.0.1 ns1.child.xa/2a09:31::1 ns2.child.xa/9.32.0.1 "                    \
	"ns2.child.xa/2a09:32::1 ns.other.xb/9.33.0.1 ns.other.xb/2a09:33::1]"

static const struct dnssec_world_row rows[] = {
	{ "healthy", .cases = "dnssec11 dnssec12 dnssec13 dnssec14", "KEY_SIZE_OK", HEALTHY },
	{ "unsigned", .cases = "dnssec11 dnssec13", "", UNSIGNED },
	{ "no key anywhere", .cases = "dnssec14", "NO_RESPONSE_DNSKEY" CHILD_ALL, UNSIGNED,
		.show = TREEWORLD_SERVERS },

	/* dnssec11 */
	{ "DS, but no server is signed", .cases = "dnssec11", "DS11_DS_BUT_UNSIGNED_ZONE" CHILD_ALL,
		HEALTHY, .show = TREEWORLD_SERVERS, .changes = { HIDDEN } },
	{ "DS, but one server is not signed", .cases = "dnssec11",
		"DS11_INCONSISTENT_SIGNED_ZONE[ns2.child.xa/9.32.0.1 ns2.child.xa/2a09:32::1] "
		"DS11_NS_WITH_UNSIGNED_ZONE[ns2.child.xa/9.32.0.1 ns2.child.xa/2a09:32::1] "
		"DS11_NS_WITH_SIGNED_ZONE[ns1.child.xa/9.31.0.1 ns1.child.xa/2a09:31::1 "
		"ns.other.xb/9.33.0.1 ns.other.xb/2a09:33::1]",
		HEALTHY, UNSIGNED, .show = TREEWORLD_SERVERS },
	{ "one server is not signed, but there is no DS", .cases = "dnssec11", "",
		&(const struct signer_plan){ .keys = { DNSSEC_WORLD_KSK, DNSSEC_WORLD_ZSK } },
		UNSIGNED },
	{ "one of the parent's servers has no DS", .cases = "dnssec11",
		"DS11_INCONSISTENT_DS[b.nic.xa/9.14.0.1 b.nic.xa/2a09:14::1] "
		"DS11_PARENT_WITHOUT_DS[b.nic.xa/9.14.0.1 b.nic.xa/2a09:14::1] "
		"DS11_PARENT_WITH_DS[a.nic.xa/9.13.0.1 a.nic.xa/2a09:13::1]",
		HEALTHY, .odd_ds = true, .show = TREEWORLD_SERVERS },
	{ "the parent's servers refuse DS", .cases = "dnssec11", "DS11_UNDETERMINED_DS", HEALTHY,
		.changes = { { .at = TREEWORLD_XA,
			.type = RR_DS,
			.rcode = RCODE_REFUSED,
			.empty = true } } },
	{ "the parent's servers are silent about DS", .cases = "dnssec11", "DS11_UNDETERMINED_DS",
		HEALTHY, .changes = { { .at = TREEWORLD_XA, .type = RR_DS, .silent = true } } },
	{ "one of the parent's servers is silent about DS", .cases = "dnssec11", "", HEALTHY,
		.changes = { { .at = "a.nic.xa", .type = RR_DS, .silent = true } } },
	{ "all servers refuse DNSKEY", .cases = "dnssec11",
		"DS11_UNDETERMINED_SIGNED_ZONE" CHILD_ALL, HEALTHY, .show = TREEWORLD_SERVERS,
		.changes = { { .at = TREEWORLD_CHILD,
			.type = RR_DNSKEY,
			.rcode = RCODE_REFUSED,
			.empty = true } } },
	{ "one server refuses DNSKEY", .cases = "dnssec11", "", HEALTHY,
		.changes = { { .at = "ns2.child.xa",
			.type = RR_DNSKEY,
			.rcode = RCODE_REFUSED,
			.empty = true } } },
	{ "a server without the zone does not count", .cases = "dnssec11", "", HEALTHY, UNSIGNED,
		.changes = { { .at = "ns2.child.xa", .type = RR_SOA, .empty = true } } },
	{ "undelegated, DS given, unsigned", .cases = "dnssec11", "DS11_DS_BUT_UNSIGNED_ZONE",
		HEALTHY, .ns = "ns1.child.xa/9.31.0.1 ns2.child.xa/9.32.0.1",
		.changes = { HIDDEN } },
	{ "undelegated, DS given, signed", .cases = "dnssec11", "", HEALTHY,
		.ns = "ns1.child.xa/9.31.0.1 ns2.child.xa/9.32.0.1" },
	{ "undelegated, no DS given, unsigned", .cases = "dnssec11", "", UNSIGNED,
		.ns = "ns1.child.xa/9.31.0.1 ns2.child.xa/9.32.0.1" },

	/* dnssec13 */
	{ "an algorithm signs nothing", .cases = "dnssec13",
		"DS13_ALGO_NOT_SIGNED_DNSKEY DS13_ALGO_NOT_SIGNED_SOA DS13_ALGO_NOT_SIGNED_NS",
		P384(.signs = SIGNER_NOTHING) },
	{ "an algorithm signs data only", .cases = "dnssec13", "DS13_ALGO_NOT_SIGNED_DNSKEY",
		P384(.signs = SIGNER_DATA) },
	{ "an algorithm signs keys only", .cases = "dnssec13",
		"DS13_ALGO_NOT_SIGNED_SOA DS13_ALGO_NOT_SIGNED_NS", P384(.signs = SIGNER_KEYSETS) },
	{ "both algorithms sign all", .cases = "dnssec13", "", P384(.signs = SIGNER_BOTH) },
	{ "two keys of an algorithm, one signs nothing", .cases = "dnssec13", "",
		MORE(DNSSEC_WORLD_SPARE(256)) },
	{ "the other algorithm signs SOA, but not NS, at one server", .cases = "dnssec13",
		"DS13_ALGO_NOT_SIGNED_NS[ns2.child.xa/9.32.0.1 ns2.child.xa/2a09:32::1]"
		"{nameservers=ns2.child.xa./9.32.0.1,ns2.child.xa./2a09:32::1 algo_num=14 "
		"algo_mnemo=ECDSAP384SHA384 algo_descr=ECDSA Curve P-384 with SHA-384}",
		P384(.signs = SIGNER_BOTH),
		&(const struct signer_plan){ .keys = { DNSSEC_WORLD_KSK, DNSSEC_WORLD_ZSK,
						     { .pem = SIGNER_P384_1,
							     .algorithm = 14,
							     .flags = 256,
							     .signs = SIGNER_BOTH } },
			.ds = { { .key = 1, .digest = 2 } },
			.spoils = { { .how = SIGNER_UNSIGNED, .type = RR_NS, .key = 3 } } },
		.show = TREEWORLD_SERVERS | TREEWORLD_DETAILS },
	{ "a set without any signature is for others, and ends it", .cases = "dnssec13",
		"DS13_ALGO_NOT_SIGNED_DNSKEY",
		&(const struct signer_plan){ .keys = { DNSSEC_WORLD_KSK, DNSSEC_WORLD_ZSK,
						     { .pem = SIGNER_P384_1,
							     .algorithm = 14,
							     .flags = 256,
							     .signs = SIGNER_NOTHING } },
			.ds = { { .key = 1, .digest = 2 } },
			.spoils = { { .how = SIGNER_UNSIGNED, .type = RR_SOA } } } },

	/* dnssec14 */
	{ "RSA of 2048 bits", .cases = "dnssec14", "KEY_SIZE_OK", RSA(8, 2048) },
	{ "RSA of 4096 bits", .cases = "dnssec14", "KEY_SIZE_OK", RSA(10, 4096) },
	{ "RSA of 2040 bits", .cases = "dnssec14", "DNSKEY_SMALLER_THAN_REC", RSA(8, 2040) },
	{ "RSASHA256 of 512 bits", .cases = "dnssec14", "DNSKEY_SMALLER_THAN_REC", RSA(8, 512) },
	{ "RSASHA256 of 504 bits", .cases = "dnssec14", "DNSKEY_TOO_SMALL_FOR_ALGO", RSA(8, 504) },
	{ "RSASHA1 of 504 bits", .cases = "dnssec14", "DNSKEY_TOO_SMALL_FOR_ALGO", RSA(5, 504) },
	{ "RSASHA512 of 1024 bits", .cases = "dnssec14", "DNSKEY_SMALLER_THAN_REC", RSA(10, 1024) },
	{ "RSASHA512 of 1016 bits", .cases = "dnssec14", "DNSKEY_TOO_SMALL_FOR_ALGO",
		RSA(10, 1016) },
	{ "RSA of 4104 bits", .cases = "dnssec14", "DNSKEY_TOO_LARGE_FOR_ALGO", RSA(7, 4104) },
	{ "RSAMD5 is not looked at", .cases = "dnssec14", "KEY_SIZE_OK", RSA(1, 504) },
	{ "one server without keys", .cases = "dnssec14",
		"NO_RESPONSE_DNSKEY[ns2.child.xa/9.32.0.1 ns2.child.xa/2a09:32::1]", HEALTHY,
		UNSIGNED, .show = TREEWORLD_SERVERS },
	{ "one server silent about keys", .cases = "dnssec14",
		"NO_RESPONSE[ns2.child.xa/9.32.0.1] KEY_SIZE_OK", HEALTHY,
		.show = TREEWORLD_DEBUG | TREEWORLD_SERVERS,
		.changes = { { .at = "9.32.0.1", .type = RR_DNSKEY, .silent = true } } },
	{ "IPv6 is off: nobody is silent", .cases = "dnssec11 dnssec13 dnssec14", "KEY_SIZE_OK",
		HEALTHY, .show = TREEWORLD_DEBUG, .families = TREEWORLD_NO_V6 },
};

int main(void)
{
	static bool seen[TAGS];

	dnssec_world_test(rows, ARRAY_LEN(rows), seen);
	dnssec_world_all(seen, "DS11_");
	dnssec_world_all(seen, "DS13_");
	dnssec_world_all(seen, "DNSKEY_");
	dnssec_world_all(seen, "NO_RESPONSE_DNSKEY");
	dnssec_world_all(seen, "KEY_SIZE_OK");
	return tap_done();
}
