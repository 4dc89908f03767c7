/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The test cases of the module "syntax", each in worlds in which its tags come up and do not. */
#include "base/err.h"
#include "tagproof.h"

/* The two names of the SOA record of child.xa. */
#define SOA(mname, rname)                                                                          \
	{                                                                                          \
		.at = TREEWORLD_CHILD, .zone = "child.xa.", .drop = "child.xa. SOA",               \
		.add = "child.xa. SOA " mname " " rname " 2026010101 14400 3600 1209600 3600"      \
	}
#define MNAME(name) SOA(name, "hostmaster.child.xa.")
#define RNAME(name) SOA("ns1.child.xa.", name)
#define MX(lines)                                                                                  \
	{                                                                                          \
		.at = TREEWORLD_CHILD, .zone = "child.xa.", .drop = "child.xa. MX", .add = (lines) \
	}
#define ADD(lines)                                                                                 \
	{                                                                                          \
		.at = TREEWORLD_CHILD, .zone = "child.xa.", .add = (lines)                         \
	}
#define ALL_SERVERS                                                                                \
	"nameservers=ns1.child.xa./9.31.0.1,ns1.child.xa./2a09:31::1,ns2.child.xa./9.32.0.1,"      \
	"ns2.child.xa./2a09:32::1,ns.other.xb./9.33.0.1,ns.other.xb./2a09:33::1 "
#define ALL_NAMES "syntax01 syntax02 syntax03"

static const struct treeworld_row rows[] = {
	{ "a good name", ALL_NAMES, "ONLY_ALLOWED_CHARS NO_ENDING_HYPHENS NO_DOUBLE_DASH",
		.show = TREEWORLD_DEBUG },
	{ "the root", ALL_NAMES, "ONLY_ALLOWED_CHARS", .zone = ".", .show = TREEWORLD_DEBUG },
	{ "an internationalised name", ALL_NAMES,
		"ONLY_ALLOWED_CHARS NO_ENDING_HYPHENS NO_DOUBLE_DASH", .zone = "xn--mller-kva.xa.",
		.show = TREEWORLD_DEBUG },
	{ "a name with other characters", ALL_NAMES,
		"NON_ALLOWED_CHARS{domain=a_b.c/d.xa. label=a_b,c/d} "
		"NO_ENDING_HYPHENS{domain=a_b.c/"
		"d.xa.} NO_DOUBLE_DASH{domain=a_b.c/d.xa.}",
		.zone = "a_b.c/d.xa.", .show = TREEWORLD_DEBUG | TREEWORLD_DETAILS },
	{ "a hyphen at the start", ALL_NAMES, "ONLY_ALLOWED_CHARS INITIAL_HYPHEN NO_DOUBLE_DASH",
		.zone = "a.-b.xa.", .show = TREEWORLD_DEBUG },
	{ "a hyphen at the end", ALL_NAMES, "ONLY_ALLOWED_CHARS TERMINAL_HYPHEN NO_DOUBLE_DASH",
		.zone = "a.b-.xa.", .show = TREEWORLD_DEBUG },
	{ "hyphens on both sides", ALL_NAMES,
		"ONLY_ALLOWED_CHARS INITIAL_HYPHEN TERMINAL_HYPHEN NO_DOUBLE_DASH",
		.zone = "-b-.xa.", .show = TREEWORLD_DEBUG },
	{ "a double dash", ALL_NAMES,
		"ONLY_ALLOWED_CHARS NO_ENDING_HYPHENS DISCOURAGED_DOUBLE_DASH", .zone = "ab--c.xa.",
		.show = TREEWORLD_DEBUG },
	{ "name servers", "syntax04",
		"NAMESERVER_SYNTAX_OK NAMESERVER_SYNTAX_OK NAMESERVER_SYNTAX_OK",
		.show = TREEWORLD_DEBUG },
	{ "name servers on both sides", "syntax04",
		"NAMESERVER_SYNTAX_OK{domain=ns1.child.xa.} NAMESERVER_NUMERIC_TLD{domain=ns.1.} "
		"NAMESERVER_NON_ALLOWED_CHARS{domain=n_s.xa. label=n_s} "
		"NAMESERVER_DISCOURAGED_DOUBLE_DASH{domain=ns--1.xa. label=ns--1}",
		.show = TREEWORLD_DEBUG | TREEWORLD_DETAILS,
		.changes = { { .at = TREEWORLD_XA,
				     .zone = "xa.",
				     .drop = "child.xa. NS",
				     .add = "child.xa. NS ns1.child.xa.\nchild.xa. NS ns.1." },
			{ .at = TREEWORLD_CHILD,
				.zone = "child.xa.",
				.drop = "child.xa. NS",
				.add = "child.xa. NS n_s.xa.\nchild.xa. NS ns--1.xa." } } },
	{ "a name server with two faults", "syntax04",
		"NAMESERVER_SYNTAX_OK NAMESERVER_NON_ALLOWED_CHARS "
		"NAMESERVER_DISCOURAGED_DOUBLE_DASH",
		.show = TREEWORLD_DEBUG,
		.changes = { { .at = TREEWORLD_XA,
				     .zone = "xa.",
				     .drop = "child.xa. NS",
				     .add = "child.xa. NS ns1.child.xa." },
			{ .at = TREEWORLD_CHILD,
				.zone = "child.xa.",
				.drop = "child.xa. NS",
				.add = "child.xa. NS ns1.child.xa.\nchild.xa. NS a_--b.xa." } } },
	{ "a primary server", "syntax07", "MNAME_SYNTAX_OK", .show = TREEWORLD_DEBUG },
	{ "no primary server", "syntax07", "MNAME_SYNTAX_OK", .show = TREEWORLD_DEBUG,
		.changes = { MNAME(".") } },
	{ "a primary server with a character", "syntax07", "MNAME_NON_ALLOWED_CHARS",
		.show = TREEWORLD_DEBUG, .changes = { MNAME("n\\032s.child.xa.") } },
	{ "a primary server with a double dash", "syntax07", "MNAME_DISCOURAGED_DOUBLE_DASH",
		.show = TREEWORLD_DEBUG, .changes = { MNAME("a.ns--1.child.xa.") } },
	{ "a primary server that looks like an address", "syntax07", "MNAME_NUMERIC_TLD",
		.show = TREEWORLD_DEBUG, .changes = { MNAME("192.0.2.1.") } },
	{ "no SOA", "syntax05 syntax07", "NO_RESPONSE_SOA_QUERY NO_RESPONSE_SOA_QUERY",
		.show = TREEWORLD_DEBUG,
		.changes = { { .at = TREEWORLD_CHILD, .type = RR_SOA, .empty = true } } },
	{ "a mail server", "syntax08", "MX_SYNTAX_OK", .show = TREEWORLD_DEBUG },
	{ "no mail", "syntax08", "MX_SYNTAX_OK", .show = TREEWORLD_DEBUG,
		.changes = { MX("child.xa. MX 0 .") } },
	{ "no MX", "syntax08", "", .show = TREEWORLD_DEBUG, .changes = { MX(NULL) } },
	{ "mail servers of all kinds", "syntax08",
		"MX_NON_ALLOWED_CHARS MX_DISCOURAGED_DOUBLE_DASH MX_NUMERIC_TLD MX_SYNTAX_OK",
		.show = TREEWORLD_DEBUG,
		.changes = { MX("child.xa. MX 10 m_x.xa.\nchild.xa. MX 20 mx--1.xa.\n"
				"child.xa. MX 30 192.0.2.1.\nchild.xa. MX 40 mx.xa.\n"
				"child.xa. MX 50 MX.xa.") } },
	{ "no answer", "syntax08", "NO_RESPONSE_MX_QUERY", .show = TREEWORLD_DEBUG,
		.changes = { { .at = TREEWORLD_CHILD, .type = RR_MX, .silent = true } } },

	{ "no at sign", "syntax05", "RNAME_NO_AT_SIGN", .show = TREEWORLD_DEBUG },
	{ "an at sign", "syntax05", "RNAME_MISUSED_AT_SIGN", .show = TREEWORLD_DEBUG,
		.changes = { RNAME("hostmaster@child.xa.") } },
	{ "an at sign further right", "syntax05", "RNAME_MISUSED_AT_SIGN", .show = TREEWORLD_DEBUG,
		.changes = { RNAME("host.master\\@child.xa.") } },
	{ "a mailbox", "syntax06",
		"RNAME_RFC822_VALID{" ALL_SERVERS
		"rname=hostmaster.child.xa. mailbox=hostmaster@child.xa}",
		.show = TREEWORLD_DEBUG | TREEWORLD_DETAILS },
	{ "a mailbox with a dot", "syntax06",
		"RNAME_RFC822_VALID{" ALL_SERVERS
		"rname=host\\.master.child.xa. mailbox=host.master@child.xa}",
		.show = TREEWORLD_DEBUG | TREEWORLD_DETAILS,
		.changes = { RNAME("host\\.master.child.xa.") } },
	{ "no mailbox", "syntax06", "RNAME_RFC822_INVALID", .show = TREEWORLD_DEBUG,
		.changes = { RNAME("hostmaster@child.xa.") } },
	{ "a mailbox at one server, none at others", "syntax06",
		"RNAME_RFC822_INVALID RNAME_RFC822_VALID", .show = TREEWORLD_DEBUG,
		.changes = { { .at = "ns1.child.xa",
			.zone = "child.xa.",
			.drop = "child.xa. SOA",
			.add = "child.xa. SOA ns1.child.xa. . 1 14400 3600 1209600 3600" } } },
	{ "a domain that does not exist", "syntax06", "RNAME_MAIL_DOMAIN_INVALID",
		.show = TREEWORLD_DEBUG, .changes = { RNAME("hostmaster.x.child.xa.") } },
	{ "a domain that cannot be looked up", "syntax06", "RNAME_MAIL_DOMAIN_INVALID",
		.show = TREEWORLD_DEBUG,
		.changes = { RNAME("hostmaster.other.xb."),
			{ .name = "other.xb.", .type = RR_MX, .rcode = RCODE_SERVFAIL } } },
	{ "a domain without MX, with an address", "syntax06", "RNAME_RFC822_VALID",
		.show = TREEWORLD_DEBUG, .changes = { RNAME("hostmaster.www.child.xa.") } },
	{ "a domain without MX and address", "syntax06", "RNAME_MAIL_DOMAIN_INVALID",
		.show = TREEWORLD_DEBUG, .changes = { RNAME("hostmaster.other.xb.") } },
	{ "a domain that is an alias of a mail domain", "syntax06", "RNAME_RFC822_VALID",
		.show = TREEWORLD_DEBUG,
		.changes = { RNAME("hostmaster.m.child.xa."),
			ADD("m.child.xa. CNAME child.xa.") } },
	{ "a domain that is an alias of a host", "syntax06",
		"RNAME_MAIL_ILLEGAL_CNAME RNAME_MAIL_DOMAIN_INVALID", .show = TREEWORLD_DEBUG,
		.changes = { RNAME("hostmaster.m.child.xa."),
			ADD("m.child.xa. CNAME www.child.xa.") } },
	{ "a mail server that is an alias", "syntax06",
		"RNAME_MAIL_ILLEGAL_CNAME RNAME_MAIL_DOMAIN_INVALID", .show = TREEWORLD_DEBUG,
		.changes = { MX("child.xa. MX 10 m.child.xa."),
			ADD("m.child.xa. CNAME mail.child.xa.") } },
	{ "a mail server at home", "syntax06",
		"RNAME_MAIL_DOMAIN_LOCALHOST{domain=m.child.xa. address=127.0.0.1} "
		"RNAME_MAIL_DOMAIN_INVALID{domain=m.child.xa.}",
		.show = TREEWORLD_DEBUG | TREEWORLD_DETAILS,
		.changes = { MX("child.xa. MX 10 m.child.xa."),
			ADD("m.child.xa. A 127.0.0.1\nm.child.xa. AAAA 2a09:37::1") } },
	{ "one mail server of two without address", "syntax06", "RNAME_MAIL_DOMAIN_INVALID",
		.show = TREEWORLD_DEBUG,
		.changes = { MX("child.xa. MX 10 mail.child.xa.\nchild.xa. MX 20 m.child.xa.") } },
	{ "a domain without mail", "syntax06", "RNAME_MAIL_DOMAIN_INVALID", .show = TREEWORLD_DEBUG,
		.changes = { MX("child.xa. MX 0 .") } },
	{ "silence and nothing", "syntax06", "NO_RESPONSE NO_RESPONSE_SOA_QUERY RNAME_RFC822_VALID",
		.show = TREEWORLD_DEBUG,
		.changes = { { .at = "9.31.0.1", .type = RR_SOA, .silent = true },
			{ .at = "9.32.0.1", .type = RR_SOA, .empty = true } } },
	{ "silence of a family that is off", "syntax06", "RNAME_RFC822_VALID",
		.show = TREEWORLD_DEBUG, .plan = TREEWORLD_NO_V4,
		.changes = { { .at = "9.31.0.1", .silent = true } } },
};

int main(void)
{
	static const enum tag tags[] = {
#define TAG(name, ...) TAG_##name,
#include "check/cases/syntax.def"
#undef TAG
	};

	tagproof_rows(rows, ARRAY_LEN(rows));
	tagproof_tags(tags, ARRAY_LEN(tags));
	for (size_t i = 0; i < ARRAY_LEN(tags); i++)
		ok(tagproof_seen[tags[i]].with, "%s comes up", tag_table[tags[i]].name);
	return tap_done();
}
