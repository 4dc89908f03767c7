// SPDX-License-Identifier: GPL-3.0-or-later
// The catalogue's entries for what servers do beyond answering for their zone, and do badly.
#include <stddef.h>

#include "fault/entries.h"

static const char aaaa_malformed_explain[] =
	"The server answers a question for IPv6 addresses with a record that does not have their "
	"length, usually an IPv4 address under the wrong type. Such a reply cannot be read, so "
	"resolvers throw it away and count the server as broken.\n"
	"\n"
	"Programs ask for IPv4 and IPv6 addresses together. When the second question fails, many "
	"of them wait for it, and some give up altogether.";
static const char aaaa_malformed_seen[] =
	"A AAAA record in the answer has another length than 16 octets. A server that is "
	"silent to AAAA is `qtype-drop`, one that replies with an error code `qtype-error`; "
	"in `shapes` both are `aaaa-broken`.";
static const char *const aaaa_malformed_here[] = {
	"Nothing can be mended from here.",
	NULL,
};
static const char *const aaaa_malformed_there[] = {
	"Update or replace the server, or the load balancer that makes up its answers: this "
	"fault was described in 2005.",
	NULL,
};
static const char *const aaaa_malformed_refs[] = {
	"RFC 3596 2.2",
	"RFC 4074 4.4",
	"zonemaster:AAAA_BAD_RDATA",
	NULL,
};

const struct fault fault_aaaa_malformed = {
	.id = "aaaa-malformed",
	.title = "The answer for AAAA holds no IPv6 address",
	.summary = "the AAAA record from {servers} for {subject} is no IPv6 address",
	.explain = aaaa_malformed_explain,
	.seen = aaaa_malformed_seen,
	.advice_here = aaaa_malformed_here,
	.advice_there = aaaa_malformed_there,
	.refs = aaaa_malformed_refs,
};

static const char case_changes_answer_explain[] =
	"Names in the DNS are the same whether they are written in capitals or not. This server "
	"gives another reply, or none, to the same name in other letters.\n"
	"\n"
	"Users type names as they like, and some resolvers mix the letters on purpose, as a "
	"protection against forged replies. Such lookups fail here, while those in small letters "
	"work.";
static const char case_changes_answer_seen[] =
	"One question is asked in two spellings: both mixed in `tree`, one in small letters "
	"in `shapes`. The replies differ in their answers or codes, or one spelling gets no "
	"reply. A server that answers alike but does not send the letters back is "
	"`case-mangled`.";
static const char *const case_changes_answer_here[] = {
	"When the resolver mixes letters (Unbound: use-caps-for-id), exempt the zone: "
	"caps-exempt.",
	NULL,
};
static const char *const case_changes_answer_there[] = {
	"Update the server, or the script or device that compares names letter by letter.",
	NULL,
};
static const char *const case_changes_answer_refs[] = {
	"RFC 1034 3.1",
	"RFC 4343",
	"zonemaster:CASE_QUERIES_RESULTS_DIFFER",
	"zonemaster:CASE_QUERY_DIFFERENT_ANSWER",
	"zonemaster:CASE_QUERY_DIFFERENT_RC",
	"zonemaster:CASE_QUERY_NO_ANSWER",
	NULL,
};

const struct fault fault_case_changes_answer = {
	.id = "case-changes-answer",
	.title = "The server takes letter case of names for a difference",
	.summary = "the reply of {servers} depends on the case of the letters in a name",
	.explain = case_changes_answer_explain,
	.seen = case_changes_answer_seen,
	.advice_here = case_changes_answer_here,
	.advice_there = case_changes_answer_there,
	.refs = case_changes_answer_refs,
};

static const char open_recursor_explain[] =
	"The server of a zone also offers to look up names of other zones, and does so for an "
	"asker that it does not know. It can be used to flood others with replies that they did "
	"not ask for, and what strangers make it look up fills its cache, out of which it may "
	"answer for its own zones.\n"
	"\n"
	"No lookup in the zone fails because of this. It is a risk for others, and for the zone.";
static const char open_recursor_seen[] =
	"The server says that recursion is available, or it knows that each of three names in "
	"zones of different operators does not exist.";
static const char *const open_recursor_here[] = {
	"Nothing needs to be done here.",
	NULL,
};
static const char *const open_recursor_there[] = {
	"Switch recursion off on servers that are named in delegations (BIND: recursion no;), or "
	"allow it to your own networks only.",
	"Run the resolver on another address than the name server.",
	NULL,
};
static const char *const open_recursor_refs[] = {
	"RFC 5358",
	"zonemaster:IS_A_RECURSOR",
	NULL,
};

const struct fault fault_open_recursor = {
	.id = "open-recursor",
	.title = "A name server of the zone resolves names for anybody",
	.summary = "{servers} resolve names of other zones for anybody",
	.explain = open_recursor_explain,
	.seen = open_recursor_seen,
	.advice_here = open_recursor_here,
	.advice_there = open_recursor_there,
	.refs = open_recursor_refs,
};

static const char case_mangled_explain[] =
	"A reply repeats the question that it answers. This server repeats it in other letters, "
	"for instance all in lower case. The name is the same, but resolvers that mix the "
	"letters of their queries at random, to recognise forged replies, look at exactly that.\n"
	"\n"
	"Such a resolver takes the reply for a forgery. Most of them notice after some tries and "
	"give up the check for this server, which makes the first lookups slow and leaves them "
	"without the protection.";
static const char case_mangled_seen[] =
	"A name in mixed letters is asked for, and the question in the reply has the same name "
	"in other letters. Replies that differ in their answers are `case-changes-answer`.";
static const char *const case_mangled_here[] = {
	"When lookups fail at a resolver that mixes letters, exempt the zone (Unbound: "
	"caps-exempt).",
	NULL,
};
static const char *const case_mangled_there[] = {
	"Update the server, or the load balancer before it: the question is to be copied octet "
	"by octet.",
	NULL,
};
static const char *const case_mangled_refs[] = {
	"RFC 1034 3.1",
	"RFC 4343 3",
	"zonemaster:QNAME_CASE_INSENSITIVE",
	"dnsviz:CASE_NOT_PRESERVED",
	NULL,
};

const struct fault fault_case_mangled = {
	.id = "case-mangled",
	.title = "Replies do not keep the letters of the query",
	.summary = "{servers} send the name of a query back in other letters",
	.explain = case_mangled_explain,
	.seen = case_mangled_seen,
	.advice_here = case_mangled_here,
	.advice_there = case_mangled_there,
	.refs = case_mangled_refs,
};

static const char tcp_blocked_explain[] =
	"DNS is spoken over UDP and over TCP. A reply that does not fit into a UDP packet comes "
	"truncated, and the resolver asks again over TCP. This server does not answer there, so "
	"large replies, with keys and signatures, many addresses or long texts, cannot be had "
	"from it.\n"
	"\n"
	"Small answers do not suffer: the lookup of an address works, that of a TXT or DNSKEY "
	"set fails or is slow. Servers also answer truncated when they are flooded; those who "
	"ask honestly then need TCP as well.";
static const char tcp_blocked_seen[] =
	"Queries over UDP are answered, queries over TCP are not: no connection, a reset, or "
	"silence on it. When a reply of the server over UDP was truncated besides, it does "
	"harm: `shapes` says `truncation-without-tcp` then.";
static const char *const tcp_blocked_here[] = {
	"See that TCP to port 53 may leave this network: when no server at all answers over TCP, "
	"the block is here.",
	NULL,
};
static const char *const tcp_blocked_there[] = {
	"Open TCP port 53 to the server in every firewall before it, in both directions.",
	"Let the server listen on TCP, on all of its addresses, and raise the number of "
	"connections when it is at its limit.",
	NULL,
};
static const char *const tcp_blocked_refs[] = {
	"RFC 1123 6.1.3.2",
	"RFC 7766 5",
	"RFC 9210 3",
	"zonemaster:CN02_NO_RESPONSE_TCP",
	"dnsviz:SERVER_UNRESPONSIVE_TCP",
	NULL,
};

const struct fault fault_tcp_blocked = {
	.id = "tcp-blocked",
	.title = "The server does not answer over TCP",
	.summary = "no reply over TCP from {servers}[: {what}]",
	.explain = tcp_blocked_explain,
	.seen = tcp_blocked_seen,
	.advice_here = tcp_blocked_here,
	.advice_there = tcp_blocked_there,
	.refs = tcp_blocked_refs,
};

static const char upward_referral_explain[] =
	"Asked for something that it does not serve, the server replies with a list of the "
	"root's servers. Old software did that to be helpful. It helps nobody: resolvers know "
	"the root, and such a reply is ten times as large as the query, which is what an "
	"attacker with a forged address wants.\n"
	"\n"
	"No lookup in the zone fails because of it. When the server does the same for the zone "
	"itself, it is lame, which is `lame-delegation`.";
static const char upward_referral_seen[] =
	"The NS query for the root brings NS records in the authority section. Servers of today "
	"answer REFUSED.";
static const char *const upward_referral_here[] = {
	"Nothing needs to be done here.",
	NULL,
};
static const char *const upward_referral_there[] = {
	"Take the root hints out of a server that does no recursion (BIND: recursion no;), or "
	"update it.",
	NULL,
};
static const char *const upward_referral_refs[] = {
	"RFC 9499 4",
	"zonemaster:UPWARD_REFERRAL",
	"dnsviz:UPWARD_REFERRAL",
	NULL,
};

const struct fault fault_upward_referral = {
	.id = "upward-referral",
	.title = "The server refers askers to the root",
	.summary = "{servers} refer whoever asks for the root to other servers",
	.explain = upward_referral_explain,
	.seen = upward_referral_seen,
	.advice_here = upward_referral_here,
	.advice_there = upward_referral_there,
	.refs = upward_referral_refs,
};

static const char version_query_mishandled_explain[] =
	"By custom a server can be asked for its software version by a name of its own, "
	"version.bind or version.server, in a class of its own, CH. This one does not reply to "
	"such a query, fails at it, or answers with records of another class.\n"
	"\n"
	"No lookup depends on it. It is a sign that something inspects the queries and drops "
	"what it does not know, which may hit other queries as well.";
static const char version_query_mishandled_seen[] =
	"The server answers for the zone. A TXT query of class CH gets silence or SERVFAIL, or "
	"an answer whose class is not CH. A refusal is a good reply.";
static const char *const version_query_mishandled_here[] = {
	"Nothing needs to be done here.",
	NULL,
};
static const char *const version_query_mishandled_there[] = {
	"Let the server answer, or refuse; do not let a firewall drop such queries.",
	NULL,
};
static const char *const version_query_mishandled_refs[] = {
	"RFC 4892",
	"RFC 8906 4",
	"zonemaster:N15_ERROR_ON_VERSION_QUERY",
	"zonemaster:N15_WRONG_CLASS",
	NULL,
};

const struct fault fault_version_query_mishandled = {
	.id = "version-query-mishandled",
	.title = "Asked for its version, the server does not reply well",
	.summary = "{servers} do not handle the query for their version",
	.explain = version_query_mishandled_explain,
	.seen = version_query_mishandled_seen,
	.advice_here = version_query_mishandled_here,
	.advice_there = version_query_mishandled_there,
	.refs = version_query_mishandled_refs,
};

static const char version_revealed_explain[] =
	"Asked by a name that is used by custom, version.bind or version.server, the server "
	"tells what it runs. Whoever looks for servers with a known hole finds them so. Whoever "
	"has to find a fault finds it sooner so, too.\n"
	"\n"
	"It is a matter of taste, and no lookup depends on it.";
static const char version_revealed_seen[] =
	"A TXT query of class CH for version.bind or version.server brings a text that is not "
	"empty.";
static const char *const version_revealed_here[] = {
	"Nothing needs to be done here.",
	NULL,
};
static const char *const version_revealed_there[] = {
	"If the version is nobody's business, set it to an empty text or have it refused (BIND: "
	"version none; NSD, Unbound: hide-version: yes).",
	NULL,
};
static const char *const version_revealed_refs[] = {
	"RFC 4892",
	"zonemaster:N15_SOFTWARE_VERSION",
	NULL,
};

const struct fault fault_version_revealed = {
	.id = "version-revealed",
	.title = "The server tells which software it runs",
	.summary = "{servers} tell their software version[: {string}]",
	.explain = version_revealed_explain,
	.seen = version_revealed_seen,
	.advice_here = version_revealed_here,
	.advice_there = version_revealed_there,
	.refs = version_revealed_refs,
};

static const char reply_from_other_address_explain[] =
	"The server has several addresses, and a query to one of them is answered from another. "
	"Resolvers do not take such a reply: it could have been sent by anybody. To them the "
	"server is silent.\n"
	"\n"
	"It happens where a server listens on all addresses at once and leaves it to the system "
	"which one a reply goes out from, or where a translation of addresses works in one "
	"direction only.";
static const char reply_from_other_address_seen[] =
	"A packet arrived at the port from which the query was sent, from an address or a "
	"port that was not asked. In `shapes` there are three of them at least, and queries "
	"to the server went without a reply: packets that come besides its replies are "
	"`reply-mismatch`. A forger who knows the port could send the same.";
static const char *const reply_from_other_address_here[] = {
	"See that no translation of addresses on this side does it: other servers would show the "
	"same then.",
	NULL,
};
static const char *const reply_from_other_address_there[] = {
	"Let the server listen on each address by itself (NSD: ip-address; BIND: listen-on), so "
	"that it replies from the one that was asked.",
	"See that a load balancer or NAT before the server translates replies back.",
	NULL,
};
static const char *const reply_from_other_address_refs[] = {
	"RFC 2181 4",
	"RFC 5452 9.1",
	"zonemaster:DIFFERENT_SOURCE_IP",
	NULL,
};

const struct fault fault_reply_from_other_address = {
	.id = "reply-from-other-address",
	.title = "Replies come from another address than was asked",
	.summary = "{servers} reply from another address[: {source}][: {what}]",
	.explain = reply_from_other_address_explain,
	.seen = reply_from_other_address_seen,
	.advice_here = reply_from_other_address_here,
	.advice_there = reply_from_other_address_there,
	.refs = reply_from_other_address_refs,
};

static const char zone_transfer_open_explain[] =
	"A zone transfer is how a secondary server gets all records of a zone. This server "
	"answers one to an asker that it does not know. Some do so on purpose. Others would "
	"rather not publish a list of all their hosts, and transfers of a large zone are work "
	"that a stranger can cause.\n"
	"\n"
	"No lookup depends on it.";
static const char zone_transfer_open_seen[] =
	"The reply to an AXFR query over TCP begins with the SOA record of the zone.";
static const char *const zone_transfer_open_here[] = {
	"Nothing needs to be done here.",
	NULL,
};
static const char *const zone_transfer_open_there[] = {
	"Allow transfers to the secondary servers only, by address or better by key (BIND: "
	"allow-transfer; NSD: provide-xfr).",
	NULL,
};
static const char *const zone_transfer_open_refs[] = {
	"RFC 5936 5",
	"zonemaster:AXFR_AVAILABLE",
	NULL,
};

const struct fault fault_zone_transfer_open = {
	.id = "zone-transfer-open",
	.title = "The server gives the whole zone to anybody",
	.summary = "{servers} transfer the zone {subject} to anybody",
	.explain = zone_transfer_open_explain,
	.seen = zone_transfer_open_seen,
	.advice_here = zone_transfer_open_here,
	.advice_there = zone_transfer_open_there,
	.refs = zone_transfer_open_refs,
};
