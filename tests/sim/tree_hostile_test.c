// SPDX-License-Identifier: GPL-3.0-or-later
// Zones and servers that are made to cost time, memory or packets: a run ends all the same, and its
// cost has a bound.
#include <string.h>

#include "base/err.h"
#include "treelies.h"
#include "treeworld.h"

#define EVIL_NS(n) "child.xa. NS ns.w" #n ".evil.xb.\n"
#define EVIL_8(n)                                                                                  \
	EVIL_NS(n##0)                                                                              \
	EVIL_NS(n##1)                                                                              \
	EVIL_NS(n##2)                                                                              \
	EVIL_NS(n##3) EVIL_NS(n##4) EVIL_NS(n##5) EVIL_NS(n##6) EVIL_NS(n##7)
#define EVIL_SET EVIL_8(1) EVIL_8(2) EVIL_8(3) EVIL_8(4)
#define EVIL                                                                                       \
	{                                                                                          \
		.zone = "xb.", .add = "evil.xb. NS spare.xb."                                      \
	}
#define NXNS(how)                                                                                  \
	{                                                                                          \
		EVIL, { .zone = "xa.", .drop = "child.xa. NS", .add = EVIL_SET },                  \
		{                                                                                  \
			.at = "spare.xb", .edit = how                                              \
		}                                                                                  \
	}
#define BY_ALL(...)                                                                                \
	{                                                                                          \
		{                                                                                  \
			.at = TREEWORLD_CHILD, __VA_ARGS__                                         \
		}                                                                                  \
	}

/* 64, and 126 labels in front of a zone. */
#define L8   "a.a.a.a.a.a.a.a."
#define L120 L8 L8 L8 L8 L8 L8 L8 L8 L8 L8 L8 L8 L8 L8 L8

/* Ten more servers of the zone. */
#define HOSTS                                                                                      \
	"9.40.0.1 9.41.0.1 9.42.0.1 9.43.0.1 9.44.0.1 9.45.0.1 9.46.0.1 9.47.0.1 9.48.0.1 "        \
	"9.49.0.1 2a09:40::1 2a09:41::1 2a09:42::1 2a09:43::1 2a09:44::1 2a09:45::1 2a09:46::1 "   \
	"2a09:47::1 2a09:48::1 2a09:49::1"
#define ONE_NS(n)                                                                                  \
	"child.xa. NS n" #n ".child.xa.\nn" #n ".child.xa. A 9." #n ".0.1\nn" #n                   \
	".child.xa. AAAA 2a09:" #n "::1\n"
#define TEN_NS                                                                                     \
	ONE_NS(40)                                                                                 \
	ONE_NS(41)                                                                                 \
	ONE_NS(42)                                                                                 \
	ONE_NS(43)                                                                                 \
	ONE_NS(44) ONE_NS(45) ONE_NS(46) ONE_NS(47) ONE_NS(48) ONE_NS(49)

#define LINK(n, m) "c" #n ".child.xa. CNAME c" #m ".child.xa.\n"
#define LINKS                                                                                      \
	LINK(1, 2)                                                                                 \
	LINK(2, 3)                                                                                 \
	LINK(3, 4)                                                                                 \
	LINK(4, 5)                                                                                 \
	LINK(5, 6)                                                                                 \
	LINK(6, 7)                                                                                 \
	LINK(7, 8)                                                                                 \
	LINK(8, 9)                                                                                 \
	LINK(9, 10)                                                                                \
	LINK(10, 11)                                                                               \
	LINK(11, 12)                                                                               \
	LINK(12, 13)                                                                               \
	LINK(13, 14)                                                                               \
	LINK(14, 15)                                                                               \
	LINK(15, 16) LINK(16, 17) LINK(17, 18) LINK(18, 19) LINK(19, 20) "c20.child.xa. A 9.9.9.9"

#define SALT_16 "000102030405060708090a0b0c0d0e0f"
#define SALT                                                                                       \
	SALT_16 SALT_16 SALT_16 SALT_16 SALT_16 SALT_16 SALT_16 SALT_16 SALT_16 SALT_16 SALT_16    \
		SALT_16 SALT_16 SALT_16 SALT_16 "000102030405060708090a0b0c0d0e"
#define NSEC3_PLAN(name, n)                                                                        \
	static const struct signer_plan name = {                                                   \
		.keys = { { .pem = SIGNER_P256_1,                                                  \
			.algorithm = 13,                                                           \
			.flags = 257,                                                              \
			.signs = SIGNER_BOTH } },                                                  \
		.ds = { { .key = 1, .digest = 2 } },                                               \
		.denial = SIGNER_NSEC3,                                                            \
		.iterations = (n),                                                                 \
		.salt = SALT,                                                                      \
	}
NSEC3_PLAN(trusted, 150);
NSEC3_PLAN(worst, 2500);
NSEC3_PLAN(absurd, 65535);

/* What a run may cost: packets, passes, memory (kB), DNSSEC's work (kB); and why it was cut short.
 */
struct cost {
	size_t asked, passes, memory, work;
	const char *overran;
};
#define LOOK_UPS "the look-ups that the zone leads to are more than one run may send"

static const struct hostile {
	struct cost most;
	struct treeworld_row row;
} rows[] = {
	{ { 270, 11, 2000, 270, NULL },
		{ .what = "healthy", .chains = true, .secure = true, .expect = "" } },
	{ { 580, 22, 9800, 0, LOOK_UPS },
		{ .what = "NXNS: zones without glue, and so on",
			.expect = "B02_NO_WORKING_NS B02_NS_NO_IP_ADDR*32",
			.changes = NXNS(treelies_spread_wide) } },
	{ { 580, 28, 7700, 0, LOOK_UPS },
		{ .what = "NXNS: names of somebody else",
			.expect = "B02_NO_WORKING_NS B02_NS_NO_IP_ADDR*32",
			.changes = NXNS(treelies_spread_at_victim) } },
	{ { 580, 33, 12000, 0, LOOK_UPS },
		{ .what = "NXNS: both",
			.expect = "B02_NO_WORKING_NS B02_NS_NO_IP_ADDR*32",
			.changes = NXNS(treelies_spread_both) } },
	{ { 730, 32, 11000, 0, LOOK_UPS },
		{ .what = "NXNS: behind good servers",
			.expect = "NO_RESPONSE_PTR_QUERY DS07_NOT_SIGNED_ON_SERVER DS07_NOT_SIGNED "
				  "EXTRA_NAME_CHILD CAN_NOT_BE_RESOLVED RNAME_MAIL_DOMAIN_INVALID",
			.changes = { EVIL, { .zone = "child.xa.", .add = EVIL_SET },
				{ .at = "spare.xb", .edit = treelies_spread_both } } } },
	{ { 730, 32, 15000, 0, LOOK_UPS },
		{ .what = "mail servers without end",
			.expect = "DS07_NOT_SIGNED_ON_SERVER "
				  "DS07_NOT_SIGNED RNAME_MAIL_DOMAIN_INVALID*32",
			.changes = { EVIL,
				{ .at = TREEWORLD_CHILD,
					.type = RR_MX,
					.edit = treelies_exchanges },
				{ .at = "spare.xb", .edit = treelies_spread_both } } } },
	{ { 240, 15, 1300, 150, NULL }, { .what = "a referral to what was asked",
						.expect = "B02_NO_WORKING_NS B02_NS_NOT_AUTH",
						.secure = true,
						.chains = true,
						.changes = BY_ALL(.edit = treelies_deeper) } },
	{ { 210, 160, 2000, 150, NULL },
		{ .what = "a cut at each of 122 labels",
			.expect = "B01_PARENT_NOT_FOUND B01_NO_CHILD B02_NO_DELEGATION",
			.secure = true,
			.chains = true,
			.zone = L120 "child.xa.",
			.changes = BY_ALL(.edit = treelies_deeper) } },
	{ { 220, 17, 830, 0, NULL }, { .what = "referrals up",
					     .expect = "B02_NO_WORKING_NS B02_NS_NOT_AUTH",
					     .changes = BY_ALL(.edit = treelies_up) } },
	{ { 2000, 69, 140000, 480, NULL },
		{ .what = "answers of 1,500 records",
			.expect = "B02_NO_WORKING_NS B02_NS_NO_RESPONSE HAS_A_RECORDS",
			.chains = true,
			.secure = true,
			.changes = BY_ALL(.edit = treelies_flood_answer) } },
	{ { 320, 38, 66000, 270, NULL }, { .what = "1,500 servers",
						 .expect = "UPWARD_REFERRAL",
						 .chains = true,
						 .secure = true,
						 .changes = BY_ALL(.edit = treelies_flood_ns) } },
	{ { 630, 11, 9700, 270, NULL },
		{ .what = "1,500 servers by the parent",
			.expect = "REFERRAL_SIZE_TOO_LARGE UNEXPECTED_RCODE*29 EXTRA_NAME_PARENT "
				  "CAN_NOT_BE_RESOLVED",
			.chains = true,
			.secure = true,
			.changes = { { .at = TREEWORLD_XA, .edit = treelies_flood_ns } } } },
	{ { 250, 36, 1100, 0, NULL }, { .what = "another question",
					      .expect = "B02_NO_WORKING_NS B02_NS_NO_RESPONSE",
					      .changes = BY_ALL(.edit = treelies_other_name) } },
	{ { 370, 41, 1300, 0, NULL }, { .what = "other letters",
					      .expect = "B02_NO_WORKING_NS B02_NS_NO_RESPONSE",
					      .changes = BY_ALL(.edit = treelies_other_case) } },
	{ { 330, 20, 1500, 0, NULL },
		{ .what = "TC over TCP, too",
			.expect = "DS07_NOT_SIGNED_ON_SERVER DS07_NOT_SIGNED "
				  "Z09_NO_RESPONSE_MX_QUERY Z11_UNABLE_TO_CHECK_FOR_SPF",
			.changes = BY_ALL(.set = FLAG_TC) } },
	{ { 1100, 12, 5200, 0, NULL },
		{ .what = "NS sets that change",
			.expect = "MULTIPLE_NS_SET DS07_NOT_SIGNED_ON_SERVER DS07_NOT_SIGNED "
				  "NO_IPV4_NS_CHILD NO_IPV6_NS_CHILD UNEXPECTED_RCODE*64 "
				  "EXTRA_NAME_PARENT EXTRA_NAME_CHILD TOTAL_NAME_MISMATCH "
				  "CAN_NOT_BE_RESOLVED",
			.changes = BY_ALL(.type = RR_NS, .edit = treelies_other_ns) } },
	{ { 260, 29, 1100, 150, NULL },
		{ .what = "aliases without end",
			.expect = "B02_NO_WORKING_NS B02_NS_BROKEN B02_NS_NO_IP_ADDR",
			.chains = true,
			.secure = true,
			.changes = BY_ALL(.edit = treelies_alias) } },
	{ { 260, 46, 1500, 0, NULL },
		{ .what = "an alias of 20 links",
			.expect = "DS07_NOT_SIGNED_ON_SERVER DS07_NOT_SIGNED "
				  "RNAME_MAIL_DOMAIN_INVALID MX_RECORD_IS_CNAME",
			.changes = { { .zone = "child.xa.",
				.drop = "child.xa. MX",
				.add = "child.xa. MX 5 c1.child.xa.\n" LINKS } } } },
	{ { 230, 15, 3200, 0, NULL },
		{ .what = "10,000 letters",
			.expect = "DS07_NOT_SIGNED_ON_SERVER DS07_NOT_SIGNED "
				  "N15_SOFTWARE_VERSION*2 N15_WRONG_CLASS Z11_NO_SPF_FOUND",
			.changes = BY_ALL(.type = RR_TXT, .edit = treelies_long_text) } },
	{ { 380, 44, 150000, 150, NULL }, { .what = "names by pointers",
						  .expect = "B02_NO_WORKING_NS B02_NS_NO_RESPONSE",
						  .chains = true,
						  .secure = true,
						  .changes = BY_ALL(.edit = treelies_bomb) } },
	{ { 400, 44, 1200, 150, NULL }, { .what = "a name that points at itself",
						.expect = "B02_NO_WORKING_NS B02_NS_NO_RESPONSE",
						.chains = true,
						.secure = true,
						.changes = BY_ALL(.edit = treelies_knot) } },
	{ { 220, 17, 740, 0, NULL }, { .what = "lame",
					     .expect = "B02_NO_WORKING_NS B02_UNEXPECTED_RCODE",
					     .changes = BY_ALL(.rcode = RCODE_REFUSED,
						     .empty = true, .clear = FLAG_AA) } },
	{ { 220, 17, 740, 0, NULL }, { .what = "SERVFAIL",
					     .expect = "B02_NO_WORKING_NS B02_UNEXPECTED_RCODE",
					     .changes = BY_ALL(.rcode = RCODE_SERVFAIL,
						     .empty = true, .clear = FLAG_AA) } },
	{ { 270, 47, 720, 0, NULL }, { .what = "dead",
					     .expect = "B02_NO_WORKING_NS B02_NS_NO_RESPONSE",
					     .patient = true,
					     .changes = BY_ALL(.silent = true) } },
	{ { 38, 6, 59, 0, NULL },
		{ .what = "all dead",
			.expect = "B01_PARENT_NOT_FOUND B01_NO_CHILD B02_NO_DELEGATION",
			.patient = true,
			.changes = { { .silent = true } } } },
	{ { 260, 11, 48000, 1700, NULL },
		{ .what = "500 DS records and keys of one tag",
			.expect = "DS02_NO_MATCH_DS_DNSKEY DS02_RRSIG_NOT_VALID_BY_DNSKEY "
				  "DS02_DNSKEY_NOT_SIGNED_BY_ANY_DS DS08_RRSIG_NOT_VALID_BY_DNSKEY",
			.chains = true,
			.secure = true,
			.changes = { { .at = TREEWORLD_XA,
					     .name = "child.xa.",
					     .type = RR_DS,
					     .edit = treelies_same_tag_ds },
				{ .at = TREEWORLD_CHILD,
					.type = RR_DNSKEY,
					.edit = treelies_same_tag_keys } } } },
	{ { 270, 11, 150000, 270, NULL }, { .what = "1,500 denials",
						  .expect = "DS10_ERR_MULT_NSEC",
						  .chains = true,
						  .secure = true,
						  .changes = BY_ALL(.edit = treelies_denials) } },
	{ { 260, 11, 23000, 49000, NULL },
		{ .what = "KeyTrap",
			.expect = "DS02_NO_MATCH_DS_DNSKEY DS02_RRSIG_NOT_VALID_BY_DNSKEY "
				  "DS02_DNSKEY_NOT_SIGNED_BY_ANY_DS DS08_RRSIG_NOT_VALID_BY_DNSKEY "
				  "DS09_RRSIG_NOT_VALID_BY_DNSKEY DS10_NSEC3PARAM_GIVES_ERR_ANSWER "
				  "DS10_INCONSISTENT_NSEC",
			.chains = true,
			.secure = true,
			.changes = BY_ALL(.manners = TREEWORLD_IN(MANNER_DNSSEC),
				.edit = treelies_keytrap) } },
	{ { 270, 11, 2000, 510, NULL },
		{ .what = "150 iterations",
			.expect = "DS03_ILLEGAL_ITERATION_VALUE DS03_ILLEGAL_SALT_LENGTH",
			.chains = true,
			.secure = true,
			.child = &trusted } },
	{ { 270, 11, 2000, 1300, NULL },
		{ .what = "2,500 iterations",
			.expect = "DS03_ILLEGAL_ITERATION_VALUE DS03_ILLEGAL_SALT_LENGTH",
			.chains = true,
			.secure = true,
			.child = &worst } },
	{ { 270, 11, 1900, 270, NULL }, { .what = "65,535 iterations",
						.expect = "DS10_INCONSISTENT_NSEC3",
						.chains = true,
						.secure = true,
						.child = &absurd } },
	{ { 1600, 28, 10000, 320, NULL }, { .what = "13 servers, two families",
						  .expect = "NAMESERVER_IP_WITHOUT_REVERSE",
						  .chains = true,
						  .secure = true,
						  .changes = { { .at = HOSTS, .zone = "child.xa." },
							  { .zone = "child.xa.", .add = TEN_NS },
							  { .zone = "xa.", .add = TEN_NS } } } },
	{ { 1600, 28, 98000, 73000, NULL },
		{ .what = "13 servers, KeyTrap",
			.expect = "NAMESERVER_IP_WITHOUT_REVERSE DS02_NO_MATCH_DS_DNSKEY "
				  "DS02_RRSIG_NOT_VALID_BY_DNSKEY DS02_DNSKEY_NOT_SIGNED_BY_ANY_DS "
				  "DS08_RRSIG_NOT_VALID_BY_DNSKEY DS09_RRSIG_NOT_VALID_BY_DNSKEY "
				  "DS10_NSEC3PARAM_GIVES_ERR_ANSWER DS10_INCONSISTENT_NSEC",
			.chains = true,
			.secure = true,
			.changes = { { .at = HOSTS, .zone = "child.xa." },
				{ .zone = "child.xa.", .add = TEN_NS },
				{ .zone = "xa.", .add = TEN_NS },
				{ .at = TREEWORLD_CHILD " " HOSTS,
					.manners = TREEWORLD_IN(MANNER_DNSSEC),
					.edit = treelies_keytrap } } } },
};

/* "A A A B": "A*3 B". */
static const char *folded(struct arena *a, const char *tags)
{
	struct buf b = { .arena = a };

	while (*tags) {
		size_t n = strcspn(tags, " "), times = 0;
		const char *first = tags;

		while (strncmp(tags, first, n) == 0 && (tags[n] == ' ' || !tags[n]) && *tags) {
			times++;
			tags += n + (tags[n] == ' ');
		}
		buf_printf(&b, "%s%.*s", b.n ? " " : "", (int)n, first);
		if (times > 1)
			buf_printf(&b, "*%zu", times);
	}
	return buf_text(&b);
}

static void check(const struct hostile *h)
{
	const struct treeworld_row *row = &h->row;
	struct arena *a = arena_new();
	struct treeworld_run run = treeworld_run(a, row);
	size_t memory = (arena_used(a) + run.pass_bytes) >> 10;

	ok(run.ended, "%s: ends", row->what);
	is_str(run.overran ? run.overran : "", h->most.overran ? h->most.overran : "", row->what);
	ok(run.asked <= h->most.asked, "%s: %zu packets", row->what, run.asked);
	ok(run.passes <= h->most.passes, "%s: %zu passes", row->what, run.passes);
	ok(memory <= h->most.memory, "%s: %zu kB", row->what, memory);
	ok(run.work >> 10 <= h->most.work, "%s: %zu kB of work, %zu signatures", row->what,
		run.work >> 10, run.verified);
	is_str(folded(a, treeworld_tags(a, &run, row)), row->expect, row->what);
	arena_free(a);
}

int main(int argc, char **argv)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (argc < 2 || strstr(rows[i].row.what, argv[1]))
			check(&rows[i]);
	return tap_done();
}
