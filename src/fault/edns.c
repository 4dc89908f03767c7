// SPDX-License-Identifier: GPL-3.0-or-later
// The catalogue's entries for servers that do not take EDNS as they should.
#include <stddef.h>

#include "fault/entries.h"

static const char edns_drop_explain[] =
	"EDNS is the way in which a query says how large a reply may be and that it wants "
	"DNSSEC. Every resolver of today puts it into every query. The server, or something in "
	"front of it, drops such queries instead of answering them, while it answers those "
	"without.\n"
	"\n"
	"Resolvers once tried again without EDNS after a silence. Since the DNS flag day of 2019 "
	"they do not: to them the server is dead. When all servers of a zone do this, nothing in "
	"it can be looked up by a current resolver, though old ones and simple tools still see "
	"it.";
static const char edns_drop_seen[] =
	"The same SOA query goes to the server with an empty EDNS record of version 0 and "
	"without one, each several times. Only the second kind is answered. `shapes` wants "
	"those with DO to be dropped as well. A server that is silent to both kinds is "
	"`unreachable`; one that is silent only when there is an unknown option is "
	"`edns-option-drop`.";
static const char *const edns_drop_here[] = {
	"An old resolver, or one that is told to use no EDNS with this server (BIND: server "
	"ADDRESS { edns no; };), gets an answer until the operator has mended it.",
	NULL,
};
static const char *const edns_drop_there[] = {
	"See whether a firewall or load balancer drops UDP packets of DNS that it does not "
	"understand, or that ask for more than 512 octets; let them pass.",
	"Update the server: every maintained one answers EDNS, or says FORMERR.",
	NULL,
};
static const char *const edns_drop_refs[] = {
	"RFC 6891 7",
	"RFC 8906 3.2.1",
	"zonemaster:BREAKS_ON_EDNS",
	"dnsviz:ERROR_WITH_EDNS",
	NULL,
};

const struct fault fault_edns_drop = {
	.id = "edns-drop",
	.title = "The server does not reply to queries with EDNS",
	.summary = "no reply from {servers} to queries with EDNS, though plain ones are answered",
	.explain = edns_drop_explain,
	.seen = edns_drop_seen,
	.advice_here = edns_drop_here,
	.advice_there = edns_drop_there,
	.refs = edns_drop_refs,
};

static const char edns_error_explain[] =
	"The server answers, but a query with EDNS does not bring what the same query should "
	"bring: an error code, or no SOA record where there is one. Often the server does not "
	"serve the zone at all, and then plain queries fail as well. When only those with "
	"EDNS fail, something treats EDNS as an attack or as an error.\n"
	"\n"
	"Resolvers send EDNS with everything. What they get here is what counts.";
static const char edns_error_seen[] =
	"The reply to a SOA query with EDNS is neither an answer of version 0, nor FORMERR "
	"without EDNS (in `shapes`: any FORMERR), nor an answer without EDNS: these have ids "
	"of their own. `shapes` says it only when the plain query is answered. `tree` also "
	"uses this id for wrong replies to a reserved EDNS flag and to a query that allows "
	"512 octets only; no resolver depends on those two.";
static const char *const edns_error_here[] = {
	"Compare dig +norec +noedns with dig +norec +edns=0 to the same server: when the first "
	"is answered and the second is not, the fault is EDNS.",
	NULL,
};
static const char *const edns_error_there[] = {
	"See that the server has the zone loaded.",
	"Send queries with EDNS past whatever inspects DNS in front of the server, and compare.",
	NULL,
};
static const char *const edns_error_refs[] = {
	"RFC 6891 6.1.1",
	"RFC 8906 8.2",
	"zonemaster:NS_ERROR",
	"dnsviz:ERROR_WITH_EDNS",
	NULL,
};

const struct fault fault_edns_error = {
	.id = "edns-error",
	.title = "A query with EDNS gets a wrong reply",
	.summary = "a query with EDNS gets no good reply from {servers}[: {result}]",
	.explain = edns_error_explain,
	.seen = edns_error_seen,
	.advice_here = edns_error_here,
	.advice_there = edns_error_there,
	.refs = edns_error_refs,
};

static const char edns_formerr_explain[] =
	"The server says that it cannot read a query with EDNS. That is the reply which the "
	"standard demands of a server that does not know it, so resolvers ask again without, "
	"and mostly get their answer. A server that puts EDNS into the reply and says FORMERR "
	"all the same was not meant by that, and some resolvers count it as broken.\n"
	"\n"
	"It costs a second query each time, and it rules out DNSSEC and replies over 512 "
	"octets on UDP. A server as old as this has other faults, too.";
static const char edns_formerr_seen[] =
	"The reply to a query with EDNS has the code FORMERR. A server that is silent instead is "
	"`edns-drop`.";
static const char *const edns_formerr_here[] = {
	"Mostly nothing needs to be done here: resolvers fall back by themselves. One that "
	"does not can be told: BIND: server ADDRESS { edns no; };",
	NULL,
};
static const char *const edns_formerr_there[] = {
	"Update the server. EDNS has been a standard since 1999 and is needed for DNSSEC.",
	"See that no device in front of the server strips or refuses EDNS.",
	NULL,
};
static const char *const edns_formerr_refs[] = {
	"RFC 6891 7",
	"zonemaster:NO_EDNS_SUPPORT",
	"dnsviz:EDNS_IGNORED",
	"https://github.com/PowerDNS/pdns/issues/3841",
	"https://kevinlocke.name/bits/2017/01/20/formerr-from-microsoft-dns-server-for-dig",
	NULL,
};

const struct fault fault_edns_formerr = {
	.id = "edns-formerr",
	.title = "The server does not know EDNS",
	.summary = "{servers} reply FORMERR to queries with EDNS",
	.explain = edns_formerr_explain,
	.seen = edns_formerr_seen,
	.advice_here = edns_formerr_here,
	.advice_there = edns_formerr_there,
	.refs = edns_formerr_refs,
};

static const char edns_missing_opt_explain[] =
	"A query had an EDNS record, and the reply has none. A server that knows EDNS has to put "
	"it into every reply, also into a truncated one; a server that does not has to say "
	"FORMERR. This one ignores it, or something on the way takes it out.\n"
	"\n"
	"Most resolvers accept such a reply and remember that the server has no EDNS. They do "
	"not ask it for DNSSEC then: in a signed zone that makes lookups fail.";
static const char edns_missing_opt_seen[] =
	"The reply is a good one apart from that. The check looks at a SOA query, and at a query "
	"whose reply has to be truncated.";
static const char *const edns_missing_opt_here[] = {
	"For a signed zone, see whether the resolver asks this server without DO after a while: "
	"dnssec findings say what comes of it.",
	NULL,
};
static const char *const edns_missing_opt_there[] = {
	"Update the server, or the device in front of it that rewrites replies.",
	NULL,
};
static const char *const edns_missing_opt_refs[] = {
	"RFC 6891 6.1.1",
	"RFC 6891 7",
	"RFC 8906 3.2.5",
	"zonemaster:EDNS_RESPONSE_WITHOUT_EDNS",
	"zonemaster:MISSING_OPT_IN_TRUNCATED",
	"dnsviz:EDNS_IGNORED",
	NULL,
};

const struct fault fault_edns_missing_opt = {
	.id = "edns-missing-opt",
	.title = "Replies to EDNS come without EDNS",
	.summary = "replies from {servers} lack the EDNS record that the query had",
	.explain = edns_missing_opt_explain,
	.seen = edns_missing_opt_seen,
	.advice_here = edns_missing_opt_here,
	.advice_there = edns_missing_opt_there,
	.refs = edns_missing_opt_refs,
};

static const char edns_option_drop_explain[] =
	"EDNS options are small additions to a query. A server has to ignore those that it does "
	"not know. This one, or a firewall before it, drops the whole query.\n"
	"\n"
	"BIND sends a cookie with every query, other resolvers send client subnets or padding. "
	"To such a resolver the server is silent at first, and lookups are slow or fail until it "
	"tries without. So they fail at one resolver and work at the next, and never when one "
	"looks with a simple tool.";
static const char edns_option_drop_seen[] =
	"A query with EDNS alone is answered, and the same one with an option is not, each "
	"tried several times. `tree` uses option 137, which nobody has been given; `shapes` "
	"uses option 100, which is as unknown, and those that resolvers send: NSID, COOKIE, "
	"EXPIRE, Client Subnet, Padding. The finding names the ones that are dropped.";
static const char *const edns_option_drop_here[] = {
	"BIND can be told to leave out the cookie: server ADDRESS { send-cookie no; };",
	"BIND asks for NSID and Unbound or PowerDNS send client subnets only where they are "
	"set to: request-nsid, send-client-subnet, edns-subnet-allow-list.",
	NULL,
};
static const char *const edns_option_drop_there[] = {
	"Let the firewall or load balancer pass options that it does not know, or take it out of "
	"the way of DNS.",
	"Update the server software.",
	NULL,
};
static const char *const edns_option_drop_refs[] = {
	"RFC 6891 6.1.2",
	"RFC 8906 3.2.3",
	"zonemaster:N11_NO_RESPONSE",
	"dnsviz:ERROR_WITH_EDNS_OPTION",
	"https://community.nanog.org/t/edns-compliance-of-servers-for-the-alexa-top-1m/49728",
	NULL,
};

const struct fault fault_edns_option_drop = {
	.id = "edns-option-drop",
	.title = "Queries with an EDNS option are dropped",
	.summary = "no reply from {servers} to a query with [{what}|an EDNS option that they do "
		   "not know]",
	.explain = edns_option_drop_explain,
	.seen = edns_option_drop_seen,
	.advice_here = edns_option_drop_here,
	.advice_there = edns_option_drop_there,
	.refs = edns_option_drop_refs,
};

static const char edns_option_mishandled_explain[] =
	"A server has to treat an EDNS option that it does not know as if it were not there. "
	"Here it makes a difference: the reply has an error code, lacks the answer, its "
	"authority or its EDNS record, or sends the option back.\n"
	"\n"
	"An option that comes back does no harm by itself. An error code, or a reply without an "
	"answer, does: resolvers that send cookies or client subnets get it instead of the data.";
static const char edns_option_mishandled_seen[] =
	"A query with EDNS alone brings an authoritative answer. The same query with an "
	"option brings something else: option 137 in `tree`, option 100 or one that resolvers "
	"send in `shapes`; neither number has been given to anybody. When it brings nothing, "
	"it is `edns-option-drop`. A cookie that brings another answer is "
	"`cookie-changes-answer`.";
static const char *const edns_option_mishandled_here[] = {
	"BIND can be told to leave out the cookie: server ADDRESS { send-cookie no; };",
	NULL,
};
static const char *const edns_option_mishandled_there[] = {
	"Update the server, or what stands before it.",
	NULL,
};
static const char *const edns_option_mishandled_refs[] = {
	"RFC 6891 6.1.2",
	"RFC 8906 3.2.3",
	"zonemaster:N11_NO_EDNS",
	"zonemaster:N11_RETURNS_UNKNOWN_OPTION_CODE",
	"zonemaster:N11_UNEXPECTED_ANSWER_SECTION",
	"zonemaster:N11_UNEXPECTED_RCODE",
	"zonemaster:N11_UNSET_AA",
	"dnsviz:ERROR_WITH_EDNS_OPTION",
	NULL,
};

const struct fault fault_edns_option_mishandled = {
	.id = "edns-option-mishandled",
	.title = "An EDNS option spoils the reply",
	.summary = "the reply of {servers} is spoilt by [{what}|an EDNS option that they do not "
		   "know][: {result}]",
	.explain = edns_option_mishandled_explain,
	.seen = edns_option_mishandled_seen,
	.advice_here = edns_option_mishandled_here,
	.advice_there = edns_option_mishandled_there,
	.refs = edns_option_mishandled_refs,
};

static const char edns_version_mishandled_explain[] =
	"There is one version of EDNS, 0. A query of another version is to be refused with "
	"BADVERS, so that the asker learns which version to use; and a reply to version 0 is to "
	"be of version 0. The server does something else.\n"
	"\n"
	"No resolver sends another version today, so no lookup fails of it. It would fail on the "
	"day on which there is a version 1, which is why such servers are looked for now.";
static const char edns_version_mishandled_seen[] =
	"A query of version 0 is answered. One of version 1 gets silence, a code other than "
	"BADVERS, or a BADVERS that is not of version 0 or carries an answer; or the reply to "
	"version 0 is of another version.";
static const char *const edns_version_mishandled_here[] = {
	"Nothing can be mended from here.",
	NULL,
};
static const char *const edns_version_mishandled_there[] = {
	"Update the server.",
	"When the query of version 1 is dropped, look for a firewall that inspects DNS.",
	NULL,
};
static const char *const edns_version_mishandled_refs[] = {
	"RFC 6891 6.1.3",
	"RFC 8906 3.2.2",
	"zonemaster:EDNS_VERSION_ERROR",
	"zonemaster:N10_EDNS_RESPONSE_ERROR",
	"zonemaster:N10_NO_RESPONSE_EDNS1_QUERY",
	"zonemaster:N10_UNEXPECTED_RCODE",
	"dnsviz:EDNS_VERSION_MISMATCH",
	"dnsviz:ERROR_WITH_EDNS_VERSION",
	NULL,
};

const struct fault fault_edns_version_mishandled = {
	.id = "edns-version-mishandled",
	.title = "EDNS versions are not handled as they should be",
	.summary =
		"{servers} do not handle versions of EDNS as they should[: {result} to version 1]",
	.explain = edns_version_mishandled_explain,
	.seen = edns_version_mishandled_seen,
	.advice_here = edns_version_mishandled_here,
	.advice_there = edns_version_mishandled_there,
	.refs = edns_version_mishandled_refs,
};
