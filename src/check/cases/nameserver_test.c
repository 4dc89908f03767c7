// SPDX-License-Identifier: GPL-3.0-or-later
// The test cases of the module "nameserver" in a world with one fault each.
#include "base/err.h"
#include "tagproof.h"

#define NS1 "[ns1.child.xa/9.31.0.1 ns1.child.xa/2a09:31::1]"
#define ALL                                                                                        \
	"[ns1.child.xa/9.31.0.1 ns1.child.xa/2a09:31::1 ns2.child.xa/9.32.0.1 "                    \
	"ns2.child.xa/2a09:32::1 ns.other.xb/9.33.0.1 ns.other.xb/2a09:33::1]"
#define OTHERS                                                                                     \
	"[ns2.child.xa/9.32.0.1 ns2.child.xa/2a09:32::1 ns.other.xb/9.33.0.1 "                     \
	"ns.other.xb/2a09:33::1]"
#define CASE(id) .cases = "nameserver" id, .show = TREEWORLD_DEBUG | TREEWORLD_SERVERS

/* ns1.child.xa. spoils the reply to one question, or to one in some manner. */
#define AT	   .at = "ns1.child.xa"
#define APEX(t)	   AT, .name = "child.xa.", .type = t
#define SPELT	   AT, .name = "www.child.xa.", .type = RR_SOA
#define IN(manner) AT, .manners = TREEWORLD_IN(manner)
#define IISE	   AT, .name = "xn--nameservertest.iis.se."
#define ICANN	   AT, .name = "xn--nameservertest.icann.org."
#define RIPE	   AT, .name = "xn--nameservertest.ripe.net."
#define FORMERR	   .rcode = RCODE_FORMERR, .empty = true, .no_opt = true

static struct name name_of(const char *text)
{
	struct name n = name_root;

	name_parse(text, &n);
	return n;
}

static void add(
	struct treeworld_reply *r, enum msg_section section, uint16_t type, struct span data)
{
	vec_push(r->arena, &r->records,
		(struct treeworld_record){ (uint8_t)section, r->name, type, r->class, 60, data });
}

/* Refers to the root's servers. */
static void refer_upward(struct treeworld_reply *r, const struct ask *ask)
{
	struct name *ns = arena_alloc(r->arena, sizeof(*ns));

	(void)ask;
	*ns = name_of("a.root.xb.");
	r->flags = FLAG_QR;
	r->name = name_root;
	add(r, MSG_AUTHORITY, RR_NS, (struct span){ ns->wire, ns->len });
}

/* An AAAA record with an IPv4 address in it (RFC 4074 4.4). */
static void short_address(struct treeworld_reply *r, const struct ask *ask)
{
	static const uint8_t four[4] = { 9, 31, 0, 1 };

	(void)ask;
	add(r, MSG_ANSWER, RR_AAAA, (struct span){ four, sizeof(four) });
}

static void answer_version_1(struct treeworld_reply *r, const struct ask *ask)
{
	(void)ask;
	r->version = 1;
}

/* Tells a version in class CH, or in whichever class r has. */
static void tell_version(struct treeworld_reply *r, const struct ask *ask)
{
	static const uint8_t text[] = { 4, ' ', '\t', 'A', 'B', 3, 'C', ' ', ' ' };

	(void)ask;
	r->flags = FLAG_QR | FLAG_AA;
	add(r, MSG_ANSWER, RR_TXT, (struct span){ text, sizeof(text) });
}

static void tell_version_in(struct treeworld_reply *r, const struct ask *ask)
{
	tell_version(r, ask);
	r->records.v[r->records.n - 1].class = CLASS_IN;
}

static void tell_blanks(struct treeworld_reply *r, const struct ask *ask)
{
	static const uint8_t text[] = { 2, ' ', '\t' };

	(void)ask;
	r->flags = FLAG_QR | FLAG_AA;
	add(r, MSG_ANSWER, RR_TXT, (struct span){ text, sizeof(text) });
}

/* Another version, in class CH, and a third one where it does not belong. */
static void tell_another(struct treeworld_reply *r, const struct ask *ask)
{
	static const uint8_t text[] = { 1, 'D' }, more[] = { 1, 'E' };

	(void)ask;
	r->flags = FLAG_QR | FLAG_AA;
	add(r, MSG_ANSWER, RR_TXT, (struct span){ text, sizeof(text) });
	add(r, MSG_AUTHORITY, RR_TXT, (struct span){ more, sizeof(more) });
	add(r, MSG_ANSWER, RR_SOA + 1000, (struct span){ more, sizeof(more) });
}

/* The question that comes back is another one. */
static void ask_back(struct treeworld_reply *r, const struct ask *ask)
{
	(void)ask;
	r->name = name_of("ww.child.xa.");
}

/* The spelling that is asked first is asked first in every row. */
static bool is_second(const struct ask *ask)
{
	static struct name first;

	if (!first.len)
		first = *ask->question.name;
	return !name_same_case(&first, ask->question.name);
}

static void refuse_second(struct treeworld_reply *r, const struct ask *ask)
{
	if (is_second(ask))
		r->flags = (uint16_t)(r->flags | RCODE_REFUSED);
}

static void drop_second(struct treeworld_reply *r, const struct ask *ask)
{
	r->silent = is_second(ask);
}

static void empty_second(struct treeworld_reply *r, const struct ask *ask)
{
	if (is_second(ask))
		r->records.n = 0;
}

/* Labels of 63 and 58 octets: three of the one and one of the other make a name of 252. */
#define LONG "a23456789012345678901234567890123456789012345678901234567890123"
#define REST "a234567890123456789012345678901234567890123456789012345678."

#define WWW_SOA	 "www.child.xa. SOA ns1.child.xa. h.child.xa. 1 14400 3600 1209600 3600"
#define APEX_SOA "child.xa. SOA ns1.child.xa. h.child.xa. 1 14400 3600 1209600 3600"

static const struct treeworld_row rows[] = {
	{ CASE("01"), .what = "no recursion", .expect = "NO_RECURSOR" ALL },
	{ CASE("01"), .what = "recursion is offered",
		.expect = "IS_A_RECURSOR" NS1 " NO_RECURSOR" OTHERS,
		.changes = { { .at = "ns1.child.xa",
			.type = RR_A,
			.under = "iis.se.",
			.set = FLAG_RA } } },
	{ CASE("01"), .what = "all three are denied",
		.expect = "IS_A_RECURSOR" NS1 " NO_RECURSOR" OTHERS,
		.changes = { { IISE, .rcode = RCODE_NXDOMAIN }, { ICANN, .rcode = RCODE_NXDOMAIN },
			{ RIPE, .rcode = RCODE_NXDOMAIN } } },
	{ CASE("01"), .what = "two of three are denied", .expect = "NO_RECURSOR" ALL,
		.changes = { { IISE, .rcode = RCODE_NXDOMAIN },
			{ RIPE, .rcode = RCODE_NXDOMAIN } } },
	{ CASE("01"), .what = "two of three are denied, one is dropped",
		.expect = "NO_RESPONSE" NS1 " NO_RECURSOR" OTHERS,
		.changes = { { IISE, .rcode = RCODE_NXDOMAIN }, { ICANN, .silent = true },
			{ RIPE, .rcode = RCODE_NXDOMAIN } } },

	{ CASE("02"), .what = "EDNS", .expect = "EDNS0_SUPPORT" ALL },
	{ CASE("02"), .what = "silent to all", .expect = "NO_RESPONSE" NS1,
		.changes = { { APEX(RR_SOA), .silent = true } } },
	{ CASE("02"), .what = "silent to EDNS", .expect = "BREAKS_ON_EDNS" NS1,
		.changes = { { IN(MANNER_EDNS), .silent = true } } },
	{ CASE("02"), .what = "FORMERR", .expect = "NO_EDNS_SUPPORT" NS1,
		.changes = { { IN(MANNER_EDNS), FORMERR } } },
	{ CASE("02"), .what = "FORMERR with EDNS", .expect = "NS_ERROR" NS1,
		.changes = { { IN(MANNER_EDNS), .rcode = RCODE_FORMERR, .empty = true } } },
	{ CASE("02"), .what = "reply without EDNS", .expect = "EDNS_RESPONSE_WITHOUT_EDNS" NS1,
		.changes = { { IN(MANNER_EDNS), .no_opt = true } } },
	{ CASE("02"), .what = "reply of version 1", .expect = "EDNS_VERSION_ERROR" NS1,
		.changes = { { IN(MANNER_EDNS), .edit = answer_version_1 } } },
	{ CASE("02"), .what = "refused", .expect = "NS_ERROR" NS1,
		.changes = { { IN(MANNER_EDNS), .rcode = RCODE_REFUSED } } },
	{ CASE("02"), .what = "no SOA with EDNS", .expect = "NS_ERROR" NS1,
		.changes = { { IN(MANNER_EDNS), .empty = true } } },

	{ CASE("03"), .what = "no transfer", .expect = "AXFR_FAILURE" ALL },
	{ CASE("03"), .what = "transfer", .expect = "AXFR_AVAILABLE" NS1 " AXFR_FAILURE" OTHERS,
		.changes = { { AT, .transfers = true } } },
	{ CASE("03"), .what = "silent to a transfer", .expect = "AXFR_FAILURE" ALL,
		.changes = { { AT, .tcp = true, .silent = true } } },
	{ CASE("03"), .what = "another zone's transfer", .expect = "AXFR_FAILURE" ALL,
		.changes = { { AT, .type = RR_AXFR, .clear = 0x000f,
			.answer = "xa. SOA a.xa. h.xa. 1 1 1 1 1" } } },
	{ CASE("03"), .what = "an empty transfer", .expect = "AXFR_FAILURE" ALL,
		.changes = { { AT, .type = RR_AXFR, .clear = 0x000f } } },

	{ CASE("04"), .what = "same source", .expect = "SAME_SOURCE_IP" ALL },
	{ .cases = "nameserver04",
		.what = "another source",
		.show = TREEWORLD_DEBUG | TREEWORLD_DETAILS,
		.expect = "DIFFERENT_SOURCE_IP{nameservers=ns1.child.xa./9.31.0.1 "
			  "source=9.9.9.9}",
		.changes = { { .at = "9.31.0.1", .speaks = "9.9.9.9" } } },
	{ CASE("04"), .what = "nobody replies", .expect = "",
		.changes = { { .at = TREEWORLD_CHILD,
			.name = "child.xa.",
			.type = RR_SOA,
			.silent = true } } },

	{ CASE("05"), .what = "AAAA", .expect = "AAAA_WELL_PROCESSED" ALL },
	{ CASE("05"), .what = "silent to A",
		.expect = "NO_RESPONSE" NS1 " AAAA_WELL_PROCESSED" OTHERS,
		.changes = { { APEX(RR_A), .silent = true } } },
	{ CASE("05"), .what = "code of A",
		.expect = "A_UNEXPECTED_RCODE" NS1 " AAAA_WELL_PROCESSED" OTHERS,
		.changes = { { APEX(RR_A), .rcode = RCODE_REFUSED },
			{ APEX(RR_AAAA), .silent = true } } },
	{ CASE("05"), .what = "silent to AAAA", .expect = "AAAA_QUERY_DROPPED" NS1,
		.changes = { { APEX(RR_AAAA), .silent = true } } },
	{ .cases = "nameserver05",
		.what = "codes of AAAA",
		.show = TREEWORLD_DEBUG | TREEWORLD_DETAILS,
		.expect = "AAAA_UNEXPECTED_RCODE{nameservers=ns1.child.xa./9.31.0.1 "
			  "rcode=NXDOMAIN} "
			  "AAAA_UNEXPECTED_RCODE{nameservers=ns1.child.xa./2a09:31::1 "
			  "rcode=NOTIMP}",
		.changes = { { .at = "9.31.0.1",
				     .name = "child.xa.",
				     .type = RR_AAAA,
				     .rcode = RCODE_NXDOMAIN },
			{ .at = "2a09:31::1",
				.name = "child.xa.",
				.type = RR_AAAA,
				.rcode = RCODE_NOTIMP } } },
	{ CASE("05"), .what = "a short address", .expect = "AAAA_BAD_RDATA" NS1,
		.changes = { { APEX(RR_AAAA), .edit = short_address } } },

	{ CASE("06"), .what = "all have addresses", .expect = "CAN_BE_RESOLVED" },
	{ .cases = "nameserver06",
		.what = "one has none",
		.show = TREEWORLD_DEBUG | TREEWORLD_DETAILS,
		.expect = "CAN_NOT_BE_RESOLVED{nsname_list=ghost.other.xb.}",
		.changes = { { .at = TREEWORLD_CHILD,
				     .zone = "child.xa.",
				     .add = "child.xa. NS ghost.other.xb." },
			{ .at = TREEWORLD_XA,
				.zone = "xa.",
				.add = "child.xa. NS ghost.other.xb." } } },
	{ .cases = "nameserver06",
		.what = "none has any",
		.show = TREEWORLD_DEBUG | TREEWORLD_DETAILS,
		.ns = "ghost.other.xb ghoul.other.xb",
		.expect = "NO_RESOLUTION{names=ghost.other.xb.,ghoul.other.xb.}" },

	{ CASE("07"), .what = "no referral", .expect = "NO_UPWARD_REFERRAL" ALL },
	{ CASE("07"), .what = "upward referral", .expect = "UPWARD_REFERRAL" NS1,
		.changes = { { AT, .name = ".", .type = RR_NS, .edit = refer_upward } } },
	{ CASE("07"), .what = "the root itself", .zone = ".",
		.expect = "UPWARD_REFERRAL_IRRELEVANT" },

	{ CASE("08"), .what = "letters come back", .expect = "QNAME_CASE_SENSITIVE" ALL },
	{ CASE("08"), .what = "letters are lost",
		.expect = "QNAME_CASE_INSENSITIVE" NS1 " QNAME_CASE_SENSITIVE" OTHERS,
		.changes = { { SPELT, .lower = true } } },
	{ CASE("08"), .what = "another question comes back",
		.expect = "QNAME_CASE_SENSITIVE" OTHERS,
		.changes = { { SPELT, .edit = ask_back } } },
	{ CASE("08"), .what = "no room for another label", .zone = LONG "." LONG "." LONG "." REST,
		.ns = "ns1.child.xa/9.31.0.1", .expect = "" },
	{ .cases = "nameserver09",
		.show = TREEWORLD_DEBUG,
		.what = "no room for another label",
		.zone = LONG "." LONG "." LONG "." REST,
		.ns = "ns1.child.xa/9.31.0.1",
		.expect = "" },
	{ CASE("08"), .what = "silent to mixed letters", .expect = "QNAME_CASE_SENSITIVE" OTHERS,
		.changes = { { SPELT, .silent = true } } },

	{ .cases = "nameserver09",
		.show = TREEWORLD_DEBUG,
		.what = "the same code",
		.expect = "CASE_QUERY_SAME_RC CASE_QUERY_SAME_RC CASE_QUERY_SAME_RC "
			  "CASE_QUERY_SAME_RC CASE_QUERY_SAME_RC CASE_QUERY_SAME_RC "
			  "CASE_QUERIES_RESULTS_OK" },
	{ .cases = "nameserver09",
		.show = TREEWORLD_DEBUG,
		.what = "the same answer",
		.expect = "CASE_QUERY_SAME_ANSWER CASE_QUERY_SAME_ANSWER CASE_QUERY_SAME_ANSWER "
			  "CASE_QUERY_SAME_ANSWER CASE_QUERY_SAME_ANSWER CASE_QUERY_SAME_ANSWER "
			  "CASE_QUERIES_RESULTS_OK",
		.changes = { { .at = TREEWORLD_CHILD,
			.name = "www.child.xa.",
			.type = RR_SOA,
			.answer = WWW_SOA } } },
	{ .cases = "nameserver09",
		.what = "another code",
		.show = TREEWORLD_SERVERS,
		.expect = "CASE_QUERY_DIFFERENT_RC[ns1.child.xa/9.31.0.1] "
			  "CASE_QUERY_DIFFERENT_RC[ns1.child.xa/2a09:31::1] "
			  "CASE_QUERIES_RESULTS_DIFFER" NS1,
		.changes = { { SPELT, .edit = refuse_second } } },
	{ .cases = "nameserver09",
		.what = "another answer",
		.show = TREEWORLD_SERVERS,
		.expect = "CASE_QUERY_DIFFERENT_ANSWER[ns1.child.xa/9.31.0.1] "
			  "CASE_QUERY_DIFFERENT_ANSWER[ns1.child.xa/2a09:31::1] "
			  "CASE_QUERIES_RESULTS_DIFFER" NS1,
		.changes = { { SPELT, .answer = WWW_SOA, .edit = empty_second } } },
	{ .cases = "nameserver09",
		.what = "no answer to one",
		.show = TREEWORLD_SERVERS,
		.expect = "CASE_QUERY_NO_ANSWER[ns1.child.xa/9.31.0.1] "
			  "CASE_QUERY_NO_ANSWER[ns1.child.xa/2a09:31::1] "
			  "CASE_QUERIES_RESULTS_DIFFER" NS1,
		.changes = { { SPELT, .edit = drop_second } } },
	{ .cases = "nameserver09",
		.what = "lost letters are no difference",
		.show = TREEWORLD_INFO,
		.expect = "CASE_QUERIES_RESULTS_OK",
		.changes = { { SPELT, .lower = true } } },
	{ .cases = "nameserver09",
		.what = "silent to both",
		.show = TREEWORLD_INFO,
		.expect = "CASE_QUERIES_RESULTS_OK",
		.changes = { { SPELT, .silent = true } } },

	{ CASE("10"), .what = "BADVERS", .expect = "" },
	{ CASE("10"), .what = "silent to version 1", .expect = "N10_NO_RESPONSE_EDNS1_QUERY" NS1,
		.changes = { { IN(MANNER_VERSION), .silent = true } } },
	{ CASE("10"), .what = "silent to EDNS", .expect = "",
		.changes = { { AT, .edns = true, .silent = true } } },
	{ .cases = "nameserver10",
		.what = "version 1 is answered",
		.show = TREEWORLD_DEBUG | TREEWORLD_DETAILS,
		.expect = "N10_UNEXPECTED_RCODE{nameservers=ns1.child.xa./9.31.0.1,"
			  "ns1.child.xa./2a09:31::1 rcode=FORMERR}",
		.changes = { { IN(MANNER_VERSION), FORMERR } } },
	{ CASE("10"), .what = "BADVERS with another version",
		.expect = "N10_EDNS_RESPONSE_ERROR" NS1,
		.changes = { { IN(MANNER_VERSION), .edit = answer_version_1 } } },
	{ CASE("10"), .what = "BADVERS with an answer", .expect = "N10_EDNS_RESPONSE_ERROR" NS1,
		.changes = { { IN(MANNER_VERSION), .answer = APEX_SOA } } },

	{ CASE("11"), .what = "the option is ignored", .expect = "" },
	{ CASE("11"), .what = "the option is dropped", .expect = "N11_NO_RESPONSE" NS1,
		.changes = { { IN(MANNER_OPTION), .silent = true } } },
	{ .cases = "nameserver11",
		.what = "code",
		.show = TREEWORLD_DEBUG | TREEWORLD_DETAILS,
		.expect = "N11_UNEXPECTED_RCODE{nameservers=ns1.child.xa./9.31.0.1,"
			  "ns1.child.xa./2a09:31::1 rcode=SERVFAIL}",
		.changes = { { IN(MANNER_OPTION), .rcode = RCODE_SERVFAIL } } },
	{ CASE("11"), .what = "no EDNS", .expect = "N11_NO_EDNS" NS1,
		.changes = { { IN(MANNER_OPTION), .no_opt = true } } },
	{ CASE("11"), .what = "no answer", .expect = "N11_UNEXPECTED_ANSWER_SECTION" NS1,
		.changes = { { IN(MANNER_OPTION), .empty = true } } },
	{ CASE("11"), .what = "no authority", .expect = "N11_UNSET_AA" NS1,
		.changes = { { IN(MANNER_OPTION), .clear = FLAG_AA } } },
	{ CASE("11"), .what = "the option comes back",
		.expect = "N11_RETURNS_UNKNOWN_OPTION_CODE" NS1,
		.changes = { { IN(MANNER_OPTION), .echo_options = true } } },
	{ CASE("11"), .what = "no EDNS at all", .expect = "",
		.changes = { { AT, .edns = true, FORMERR } } },
	{ .cases = "nameserver11",
		.what = "all at once",
		.show = TREEWORLD_INFO,
		.expect = "N11_NO_RESPONSE N11_UNEXPECTED_RCODE N11_RETURNS_UNKNOWN_OPTION_CODE",
		.changes = { { IN(MANNER_OPTION), .echo_options = true },
			{ .at = "ns2.child.xa",
				.manners = TREEWORLD_IN(MANNER_OPTION),
				.rcode = RCODE_SERVFAIL },
			{ .at = "ns.other.xb",
				.manners = TREEWORLD_IN(MANNER_OPTION),
				.silent = true } } },

	{ CASE("12"), .what = "the flag is ignored", .expect = "" },
	{ CASE("12"), .what = "the flag is dropped", .expect = "NO_RESPONSE" NS1,
		.changes = { { IN(MANNER_ZFLAGS), .silent = true } } },
	{ CASE("12"), .what = "FORMERR for the flag", .expect = "NO_EDNS_SUPPORT" NS1,
		.changes = { { IN(MANNER_ZFLAGS), FORMERR } } },
	{ CASE("12"), .what = "the flag comes back", .expect = "Z_FLAGS_NOTCLEAR" NS1,
		.changes = { { IN(MANNER_ZFLAGS), .echo_flags = true } } },
	{ CASE("12"), .what = "no answer with the flag", .expect = "NS_ERROR" NS1,
		.changes = { { IN(MANNER_ZFLAGS), .empty = true } } },

	{ CASE("13"), .what = "a small reply", .expect = "" },
	{ CASE("13"), .what = "no reply", .expect = "NO_RESPONSE" NS1,
		.changes = { { IN(MANNER_SMALL), .silent = true } } },
	{ CASE("13"), .what = "FORMERR", .expect = "NO_EDNS_SUPPORT" NS1,
		.changes = { { IN(MANNER_SMALL), FORMERR } } },
	{ CASE("13"), .what = "truncated with EDNS", .expect = "",
		.changes = { { IN(MANNER_SMALL), .set = FLAG_TC, .empty = true } } },
	{ CASE("13"), .what = "truncated without EDNS", .expect = "MISSING_OPT_IN_TRUNCATED" NS1,
		.changes = { { IN(MANNER_SMALL), .set = FLAG_TC, .empty = true,
			.no_opt = true } } },
	{ CASE("13"), .what = "refused", .expect = "NS_ERROR" NS1,
		.changes = { { IN(MANNER_SMALL), .rcode = RCODE_REFUSED } } },

	{ CASE("15"), .what = "no version", .expect = "N15_NO_VERSION_REVEALED" ALL },
	{ .cases = "nameserver15",
		.what = "a version",
		.show = TREEWORLD_DEBUG | TREEWORLD_DETAILS,
		.expect = "N15_SOFTWARE_VERSION{nameservers=ns1.child.xa./9.31.0.1,"
			  "ns1.child.xa./2a09:31::1 query_name=version.bind string=ABC} "
			  "N15_NO_VERSION_REVEALED{nameservers=ns2.child.xa./9.32.0.1,"
			  "ns2.child.xa./2a09:32::1,ns.other.xb./9.33.0.1,"
			  "ns.other.xb./2a09:33::1}",
		.changes = { { AT, .name = "version.bind.", .class = CLASS_CH,
			.edit = tell_version } } },
	{ .cases = "nameserver15",
		.what = "several versions",
		.show = TREEWORLD_DETAILS,
		.expect = "N15_SOFTWARE_VERSION{nameservers=ns1.child.xa./9.31.0.1 "
			  "query_name=version.bind string=ABC} "
			  "N15_SOFTWARE_VERSION{nameservers=ns1.child.xa./9.31.0.1 "
			  "query_name=version.server string=ABC} "
			  "N15_SOFTWARE_VERSION{nameservers=ns2.child.xa./9.32.0.1 "
			  "query_name=version.bind string=D} "
			  "N15_SOFTWARE_VERSION{nameservers=ns2.child.xa./9.32.0.1 "
			  "query_name=version.server string=D}",
		.changes = { { .at = "9.31.0.1", .class = CLASS_CH, .edit = tell_version },
			{ .at = "9.32.0.1", .class = CLASS_CH, .edit = tell_another } } },
	{ CASE("15"), .what = "a version of another class",
		.expect = "N15_SOFTWARE_VERSION" NS1 " N15_NO_VERSION_REVEALED" OTHERS
			  " N15_WRONG_CLASS" NS1,
		.changes = { { AT, .name = "version.server.", .class = CLASS_CH,
			.edit = tell_version_in } } },
	{ CASE("15"), .what = "a version of blanks", .expect = "N15_NO_VERSION_REVEALED" ALL,
		.changes = { { AT, .class = CLASS_CH, .edit = tell_blanks } } },
	{ .cases = "nameserver15",
		.what = "no reply or a failure",
		.show = TREEWORLD_DEBUG | TREEWORLD_DETAILS,
		.expect = "N15_ERROR_ON_VERSION_QUERY{nameservers=ns1.child.xa./9.31.0.1,"
			  "ns1.child.xa./2a09:31::1 query_name=version.bind} "
			  "N15_ERROR_ON_VERSION_QUERY{nameservers=ns1.child.xa./9.31.0.1,"
			  "ns1.child.xa./2a09:31::1 query_name=version.server} "
			  "N15_NO_VERSION_REVEALED{nameservers=ns1.child.xa./9.31.0.1,"
			  "ns1.child.xa./2a09:31::1,ns2.child.xa./9.32.0.1,"
			  "ns2.child.xa./2a09:32::1,ns.other.xb./9.33.0.1,"
			  "ns.other.xb./2a09:33::1}",
		.changes = { { AT, .name = "version.bind.", .silent = true },
			{ AT, .name = "version.server.", .rcode = RCODE_SERVFAIL } } },
};

/* One world, one tag, its effect. */
#define WORLD(id, ...)                                                                             \
	{                                                                                          \
		CASE(id), .changes = { { __VA_ARGS__ } }                                           \
	}
static const struct {
	const char *tag, *effect;
	struct treeworld_row row;
} effects[] = {
	{ "BREAKS_ON_EDNS", "intermittent", WORLD("02", IN(MANNER_EDNS), .silent = true) },
	{ "BREAKS_ON_EDNS", "explains",
		WORLD("02", .manners = TREEWORLD_IN(MANNER_EDNS), .silent = true) },
	{ "N11_NO_RESPONSE", "intermittent",
		WORLD("11", .at = TREEWORLD_CHILD, .manners = TREEWORLD_IN(MANNER_OPTION),
			.silent = true) },
	{ "N11_NO_EDNS", "cosmetic", WORLD("11", IN(MANNER_OPTION), .no_opt = true) },
	{ "NS_ERROR", "intermittent", WORLD("02", IN(MANNER_EDNS), .rcode = RCODE_REFUSED) },
	/* Lame, which is another finding. */
	{ "NS_ERROR", "cosmetic", WORLD("02", APEX(RR_SOA), .rcode = RCODE_REFUSED) },
	{ "NS_ERROR", "cosmetic", WORLD("02", APEX(RR_SOA), .empty = true) },
	{ "NS_ERROR", "cosmetic", WORLD("12", IN(MANNER_ZFLAGS), .rcode = RCODE_REFUSED) },
	{ "CAN_NOT_BE_RESOLVED", "intermittent",
		WORLD("06", .at = TREEWORLD_CHILD, .zone = "child.xa.",
			.add = "child.xa. NS ghost.other.xb.") },
	{ "CASE_QUERY_SAME_RC", "cosmetic", { .cases = "nameserver09" } },
	{ "CASE_QUERIES_RESULTS_DIFFER", "intermittent",
		WORLD("09", .at = TREEWORLD_CHILD, .name = "www.child.xa.", .type = RR_SOA,
			.edit = drop_second) },
};

static void test_effects(void)
{
	for (size_t i = 0; i < ARRAY_LEN(effects); i++) {
		struct arena *a = arena_new();
		struct treeworld_run run = treeworld_run(a, &effects[i].row);
		const char *got = NULL;

		vec_each (const struct finding, x, run.findings.list)
			if (strcmp(x->tag, effects[i].tag) == 0)
				got = effect_slug(x->effect);
		is_str(got, effects[i].effect, effects[i].tag);
		arena_free(a);
	}
}

int main(void)
{
	static const enum tag tags[] = {
#define TAG(name, ...) TAG_##name,
#include "check/cases/nameserver.def"
#undef TAG
	};

	tagproof_rows(rows, ARRAY_LEN(rows));
	tagproof_tags(tags, ARRAY_LEN(tags));
	test_effects();
	return tap_done();
}
