/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The catalogue's entries for how servers take the shapes of queries: EDNS, flags, types. */
#include <stddef.h>

#include "fault/entries.h"

static const char edns_flags_mishandled_explain[] =
	"The second half of the OPT record's TTL has sixteen flags, of which DO is in use and "
	"one more is being introduced. A server has to ignore a flag that it does not know, "
	"and must not copy it into its reply. This one drops such queries, answers them with "
	"an error or without EDNS, or sends the flag back.\n"
	"\n"
	"While nobody uses the flag, nobody notices. Where it is DO that goes wrong, "
	"resolvers that ask for signatures get no answer at all.";
static const char edns_flags_mishandled_seen[] =
	"The SOA question with EDNS and no flag is answered. The same with an unknown flag, "
	"or with DO, gets silence several times, an error, a reply without EDNS, or one in "
	"which the unknown flag is set. A server that answers no EDNS at all is `edns-drop` "
	"or `edns-formerr`.";
static const char *const edns_flags_mishandled_here[] = {
	"BIND can be told to ask this server without EDNS, and so without DO: server ADDRESS "
	"{ edns no; };. In a signed zone validation fails then.",
	"When only the unknown flag goes wrong, nothing needs to be done: no resolver sends "
	"it.",
	NULL,
};
static const char *const edns_flags_mishandled_there[] = {
	"Update the server, or take the filter before it out of the way: flags that it "
	"does not know are to be ignored (RFC 6891 6.1.4).",
	NULL,
};
static const char *const edns_flags_mishandled_refs[] = {
	"RFC 6891 6.1.4",
	"RFC 3225 3",
	"RFC 8906 3.2.4",
	"RFC 8906 3.2.6",
	NULL,
};

const struct fault fault_edns_flags_mishandled = {
	.id = "edns-flags-mishandled",
	.title = "A server that does not bear an EDNS flag",
	.summary = "{servers} do not take EDNS flags as they should[: {what}]",
	.explain = edns_flags_mishandled_explain,
	.seen = edns_flags_mishandled_seen,
	.advice_here = edns_flags_mishandled_here,
	.advice_there = edns_flags_mishandled_there,
	.refs = edns_flags_mishandled_refs,
};

static const char flags_mishandled_explain[] =
	"A query may have flags that mean nothing to an authoritative server: AD and CD "
	"are for resolvers, RD asks for what it does not do, and one bit is reserved. "
	"All of them are to be ignored, RD is to be copied, the reserved bit is not. "
	"This server is silent to such a query, answers it with an error, or copies the "
	"reserved bit.\n"
	"\n"
	"Resolvers set CD when they validate for themselves, and programs set AD to ask "
	"whether the answer was validated.";
static const char flags_mishandled_seen[] =
	"The plain question is answered, and with one flag more it gets silence or an error, "
	"several times; or the reply has the reserved bit. The flags are tried one by one, so "
	"that the finding names those at fault. TC and unknown opcodes are tried as well and "
	"shown among the shapes, but make no finding: no resolver sends them.";
static const char *const flags_mishandled_here[] = {
	"dig sets AD by itself: compare dig +norec +noad with dig +norec +ad to the same "
	"server.",
	"RD is set by whatever forwards: do not name this server as a forwarder. A resolver "
	"asks it without RD.",
	"When only AA, RA or the reserved bit go wrong, nothing needs to be done: no resolver "
	"sends them.",
	NULL,
};
static const char *const flags_mishandled_there[] = {
	"Ignore flags that are not yours, and send the reserved bit as zero (RFC 1035 "
	"4.1.1, RFC 8906 8.1.3).",
	NULL,
};
static const char *const flags_mishandled_refs[] = {
	"RFC 1035 4.1.1",
	"RFC 4035 3.1.6",
	"RFC 6840 5.7",
	"RFC 8906 3.1.3",
	"https://github.com/dns-violations/dnsflagday/issues/91",
	NULL,
};

const struct fault fault_flags_mishandled = {
	.id = "flags-mishandled",
	.title = "A server that trips over a flag of the header",
	.summary = "{servers} mishandle queries[ with {what}]",
	.explain = flags_mishandled_explain,
	.seen = flags_mishandled_seen,
	.advice_here = flags_mishandled_here,
	.advice_there = flags_mishandled_there,
	.refs = flags_mishandled_refs,
};

static const char cookie_changes_answer_explain[] =
	"DNS cookies are a light defence against forged addresses and have nothing to "
	"do with data. At this server a query with the option COOKIE gets other "
	"records, or another RCODE, than the same query without it. Usually some device "
	"before the server, which answers from a list of its own, does not take its "
	"list for such queries.\n"
	"\n"
	"Resolvers that send cookies (BIND does by default) see a name that does not "
	"exist or has other addresses, those that do not see the right one.";
static const char cookie_changes_answer_seen[] =
	"The zone's SOA record is asked for with EDNS, once without and once with the option "
	"COOKIE. The replies have other RCODEs or other records, and each kind came to the "
	"same whenever it was asked again. A zone that changes all the time may look so, too: "
	"see whether only the serial differs. A server that drops the option is "
	"`edns-option-drop`, one that does not understand it `edns-option-mishandled`.";
static const char *const cookie_changes_answer_here[] = {
	"BIND: server ADDRESS { send-cookie no; }; for each of the addresses.",
	NULL,
};
static const char *const cookie_changes_answer_there[] = {
	"Give the same data with and without a cookie. If a load balancer answers before the "
	"server does, let it treat EDNS options as if they were not there.",
	NULL,
};
static const char *const cookie_changes_answer_refs[] = {
	"RFC 7873 5.2",
	"RFC 6891 6.1.2",
	"https://github.com/tailscale/tailscale/issues/20892",
	NULL,
};

const struct fault fault_cookie_changes_answer = {
	.id = "cookie-changes-answer",
	.title = "A server whose answer depends on the cookie",
	.summary = "{servers} give another answer when the query has a DNS cookie",
	.explain = cookie_changes_answer_explain,
	.seen = cookie_changes_answer_seen,
	.advice_here = cookie_changes_answer_here,
	.advice_there = cookie_changes_answer_there,
	.refs = cookie_changes_answer_refs,
};

static const char cookie_loop_explain[] =
	"A server may insist on a good cookie and answers BADCOOKIE together with one. "
	"The asker then asks again with that cookie. This server says BADCOOKIE to it, "
	"too. Most often several servers behind one address have secrets of their own, "
	"and each rejects what another one made.\n"
	"\n"
	"A resolver goes to TCP after some rounds, where that is possible: lookups are "
	"slow, and fail where TCP is blocked.";
static const char cookie_loop_seen[] =
	"The server's own cookie was sent back to it from the same address, and every reply "
	"to that, two at least, was BADCOOKIE. One BADCOOKIE for a query with no server's "
	"cookie in it is how it should be. A server that says it only when asked fast is "
	"`rate-limited`.";
static const char *const cookie_loop_here[] = {
	"BIND: server ADDRESS { send-cookie no; }; makes lookups work when the server "
	"does not insist on cookies from those who send none.",
	NULL,
};
static const char *const cookie_loop_there[] = {
	"Give all servers behind the address the same secret, in the same form (RFC "
	"9018), and let their clocks agree.",
	NULL,
};
static const char *const cookie_loop_refs[] = {
	"RFC 7873 5.2.5",
	"RFC 7873 5.3",
	"RFC 9018 4",
	"RFC 9018 5",
	"https://gitlab.isc.org/isc-projects/bind9/-/issues/2275",
	NULL,
};

const struct fault fault_cookie_loop = {
	.id = "cookie-loop",
	.title = "A server that is never content with its own cookie",
	.summary = "{servers} answer BADCOOKIE to the cookie that they gave themselves",
	.explain = cookie_loop_explain,
	.seen = cookie_loop_seen,
	.advice_here = cookie_loop_here,
	.advice_there = cookie_loop_there,
	.refs = cookie_loop_refs,
};

static const char aaaa_broken_explain[] =
	"The name exists and has data of another type, and a question for its AAAA "
	"record gets no reply or an error. The right answer for a name without IPv6 "
	"address is NODATA: NOERROR without records.\n"
	"\n"
	"Programs ask for A and AAAA together. Silence makes them wait, an error makes "
	"many give up the name, and NXDOMAIN is worse: a resolver may remember that the "
	"whole name does not exist. Mail servers defer what they cannot look up.";
static const char aaaa_broken_seen[] =
	"AAAA was asked for beside other types of the same name, from the same place, and at "
	"least one of these was answered with NOERROR. AAAA got silence several times, or an "
	"error, NXDOMAIN among them. Silence or an error for other types is `qtype-drop` or "
	"`qtype-error`, an answer that holds no IPv6 address `aaaa-malformed`.";
static const char *const aaaa_broken_here[] = {
	"Sendmail: ResolverOptions with WorkAroundBrokenAAAA. Other programs can be told to "
	"use IPv4 only.",
	"When some servers of the zone answer well, the lookup works at a resolver that tries "
	"them.",
	NULL,
};
static const char *const aaaa_broken_there[] = {
	"Answer questions for AAAA with NOERROR, with records or without. Where a load "
	"balancer answers for the name, this is a known fault of old ones: update it.",
	NULL,
};
static const char *const aaaa_broken_refs[] = {
	"RFC 4074 4.1",
	"RFC 4074 4.2",
	"RFC 4074 4.3",
	"RFC 8906 3.1.2",
	"RFC 8020 2",
	"https://docs.microsoft.com/en-US/exchange/troubleshoot/mailflow/dns-query-failed",
	NULL,
};

const struct fault fault_aaaa_broken = {
	.id = "aaaa-broken",
	.title = "A server that does not answer for AAAA as it should",
	.summary = "questions for AAAA get [{what}|no good reply] from {servers}, others are "
		   "answered",
	.explain = aaaa_broken_explain,
	.seen = aaaa_broken_seen,
	.advice_here = aaaa_broken_here,
	.advice_there = aaaa_broken_there,
	.refs = aaaa_broken_refs,
};

static const char txt_broken_explain[] =
	"The name exists and has data of another type, and a question for its TXT "
	"records gets no reply or an error. SPF, DKIM, DMARC and proofs of ownership "
	"are TXT records: mail that depends on them is deferred or rejected, while "
	"everything else works.\n"
	"\n"
	"Long answers are one cause: TXT records are often the largest of a zone. A "
	"filter that allows few types is another.";
static const char txt_broken_seen[] =
	"TXT was asked for beside other types of the same name, from the same place, and at "
	"least one of these was answered with NOERROR. TXT got silence several times, or an "
	"error. Where large answers of any type get lost there is `large-udp-loss` as well, "
	"and where they need TCP and that is closed `truncation-without-tcp`: look at these "
	"first.";
static const char *const txt_broken_here[] = {
	"Nothing can be mended from here; a second resolver helps only when not all "
	"servers of the zone have the fault.",
	NULL,
};
static const char *const txt_broken_there[] = {
	"Answer questions for TXT with NOERROR, with records or without, and over TCP "
	"as well.",
	NULL,
};
static const char *const txt_broken_refs[] = {
	"RFC 8906 3.1.2",
	"RFC 7208 4.4",
	"https://lists.dns-oarc.net/pipermail/dns-operations/2014-November/012450.html",
	NULL,
};

const struct fault fault_txt_broken = {
	.id = "txt-broken",
	.title = "A server that does not answer for TXT as it should",
	.summary = "questions for TXT get [{what}|no good reply] from {servers}, others are "
		   "answered",
	.explain = txt_broken_explain,
	.seen = txt_broken_seen,
	.advice_here = txt_broken_here,
	.advice_there = txt_broken_there,
	.refs = txt_broken_refs,
};

static const char query_isolated_explain[] =
	"A query fails and another one, to the same server, works. They differ in several "
	"things; this is the smallest set of them that brings the failure about: all of it is "
	"needed, and it is enough when the working query has it besides.\n"
	"\n"
	"That tells what a filter or server does not bear, and what a resolver that sends such "
	"queries would have to leave out. Where the query without it still fails, the next such "
	"set is a finding of its own. A source port that is named is one of those that the "
	"program draws from: `dnsfault ports` tells which others are dropped.";
static const char query_isolated_seen[] =
	"The query with these properties fails, again and again where the failure is silence, "
	"until loss cannot explain it. The same without each of them is answered, and the "
	"working query is asked in between, and answered. Whether the server or something on "
	"the way drops the query cannot be told from here; `dnsfault shapes` without "
	"--isolate asks servers of other operators the same.";
static const char *const query_isolated_here[] = {
	"Where the resolver has a setting for what is named, use it for this server alone.",
	NULL,
};
static const char *const query_isolated_there[] = {
	"Answer such queries, with an error if need be, and look at what stands before the "
	"server: firewalls drop what they do not know (RFC 8906 4).",
	NULL,
};
static const char *const query_isolated_refs[] = {
	"RFC 8906 4",
	"RFC 6891 6.1.2",
	NULL,
};

const struct fault fault_query_isolated = {
	.id = "query-isolated",
	.title = "What makes a query fail",
	.summary = "a query[ {what}] to {servers} fails[, and without that gets {got}]",
	.explain = query_isolated_explain,
	.seen = query_isolated_seen,
	.advice_here = query_isolated_here,
	.advice_there = query_isolated_there,
	.refs = query_isolated_refs,
};
