/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The catalogue's entries for what servers say of names and data that do not exist. */
#include <stddef.h>

#include "fault/entries.h"

static const char empty_nonterminal_nxdomain_explain[] =
	"A name without records of its own, but with names below it, exists: the right answer "
	"is NODATA. This server says NXDOMAIN. A resolver may conclude from it that nothing "
	"below exists either (RFC 8020), and one that minimises names (RFC 9156, the default "
	"of many) asks for the upper name first and may go no further.\n"
	"\n"
	"So the name below works for some and does not exist for others. Block lists that "
	"mail servers ask have had this fault.";
static const char empty_nonterminal_nxdomain_seen[] =
	"The names between the zone and the name asked for were asked for by themselves, and "
	"at least one of them got NXDOMAIN, while the name below it has records at the same "
	"server.";
static const char *const empty_nonterminal_nxdomain_here[] = {
	"Let the resolver ask for whole names. BIND: qname-minimization off; PowerDNS "
	"Recursor: qname-minimization=no. Knot Resolver: flag NO_MINIMIZE for the zone.",
	"Unbound asks for the whole name after NXDOMAIN by itself, except in signed zones, "
	"unless qname-minimisation-strict: yes is set; qname-minimisation: no helps "
	"everywhere.",
	NULL,
};
static const char *const empty_nonterminal_nxdomain_there[] = {
	"Answer NODATA for names that have names below them. Old versions of rbldnsd, and "
	"servers that were written for one purpose, as for block lists, need an update for "
	"it.",
	NULL,
};
static const char *const empty_nonterminal_nxdomain_refs[] = {
	"RFC 8020 2",
	"RFC 9156",
	"RFC 4592 2.2.2",
	"https://github.com/jsdelivr/jsdelivr/issues/18164",
	"https://github.com/PowerDNS/pdns/issues/8496",
	NULL,
};

const struct fault fault_empty_nonterminal_nxdomain = {
	.id = "empty-nonterminal-nxdomain",
	.title = "A server that denies a name which has names below it",
	.summary = "{servers} say that [{what}|a name] does not exist, although a name below it "
		   "has data",
	.explain = empty_nonterminal_nxdomain_explain,
	.seen = empty_nonterminal_nxdomain_seen,
	.advice_here = empty_nonterminal_nxdomain_here,
	.advice_there = empty_nonterminal_nxdomain_there,
	.refs = empty_nonterminal_nxdomain_refs,
};

static const char bad_negative_answer_explain[] =
	"An answer that something does not exist has to have the zone's SOA record in "
	"its authority section, which says how long this may be remembered, and the AA "
	"flag. Without the record it is not remembered at all and is asked for again "
	"and again; without both, some resolvers take the server for one that does not "
	"serve the zone, and end in SERVFAIL.";
static const char bad_negative_answer_seen[] =
	"A random name, and a type at the zone's apex that nobody has, were asked for. The "
	"reply says that there is nothing, and lacks the SOA record or AA; the plain question "
	"for the SOA record is answered with authority by the same server.";
static const char *const bad_negative_answer_here[] = {
	"Most resolvers bear it: BIND 9.18, Unbound 1.17 and PowerDNS Recursor 4.8 were seen "
	"to take such answers, Unbound 1.18 was said to refuse them. Where it fails at one "
	"resolver, compare with another.",
	NULL,
};
static const char *const bad_negative_answer_there[] = {
	"Send the SOA record and AA with NODATA and NXDOMAIN.",
	NULL,
};
static const char *const bad_negative_answer_refs[] = {
	"RFC 2308 2",
	"RFC 2308 3",
	"RFC 2308 5",
	"https://community.letsencrypt.org/t/210483",
	"https://github.com/PowerDNS/pdns/issues/1344",
	NULL,
};

const struct fault fault_bad_negative_answer = {
	.id = "bad-negative-answer",
	.title = "A negative answer that lacks what it needs",
	.summary = "negative answers of {servers} lack what they need[: {what}]",
	.explain = bad_negative_answer_explain,
	.seen = bad_negative_answer_seen,
	.advice_here = bad_negative_answer_here,
	.advice_there = bad_negative_answer_there,
	.refs = bad_negative_answer_refs,
};
