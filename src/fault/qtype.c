/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The catalogue's entries for servers that do not treat all types of questions alike. */
#include <stddef.h>

#include "fault/entries.h"

static const char qtype_drop_explain[] =
	"The server answers questions for other types of the same name, but keeps silent when "
	"it is asked for this one. A filter before it, or a simple load balancer in its place, "
	"knows a few types only and drops the rest.\n"
	"\n"
	"Silence is the worst of replies: a resolver waits, asks again, marks the server as "
	"dead and takes that out on all questions. Lookups of this type fail or take seconds.";
static const char qtype_drop_seen[] =
	"Each server is asked for types side by side, several times, over UDP and where "
	"needed over TCP. A server that answers nothing at all is `unreachable`; one that "
	"answers with an error is `qtype-error`. `shapes` has ids of their own for AAAA and "
	"TXT: `aaaa-broken` and `txt-broken`.";
static const char *const qtype_drop_here[] = {
	"Ask the server by hand, for both types, to see the difference.",
	"A resolver of your own cannot mend it; the other servers of the zone, if there are "
	"some that answer, save the lookup.",
	NULL,
};
static const char *const qtype_drop_there[] = {
	"Let the server, or the filter before it, answer every type: with NOERROR and an empty "
	"answer when the name has no such record.",
	NULL,
};
static const char *const qtype_drop_refs[] = {
	"RFC 8906 3.1.1",
	"RFC 8906 2",
	"zonemaster:Z09_NO_RESPONSE_MX_QUERY",
	"zonemaster:CN01_NO_RESPONSE_NS_QUERY_UDP",
	"zonemaster:CN01_NO_RESPONSE_SOA_QUERY_UDP",
	"zonemaster:CN02_NO_RESPONSE_NS_QUERY_TCP",
	"zonemaster:CN02_NO_RESPONSE_SOA_QUERY_TCP",
	"zonemaster:AAAA_QUERY_DROPPED",
	"https://github.com/danefail/list/issues/42",
	"https://community.letsencrypt.org/t/caa-servfail-changes/38298",
	NULL,
};

const struct fault fault_qtype_drop = {
	.id = "qtype-drop",
	.title = "A server that does not answer questions for some types",
	.summary = "servers of {subject} do not answer questions for [type {what}|some types][: "
		   "{servers}]",
	.explain = qtype_drop_explain,
	.seen = qtype_drop_seen,
	.advice_here = qtype_drop_here,
	.advice_there = qtype_drop_there,
	.refs = qtype_drop_refs,
};

static const char qtype_error_explain[] =
	"The server answers questions for other types of the same name properly, but gives an "
	"error, or no answer with authority, for this one. The right reply for a type that a "
	"name does not have is NOERROR with an empty answer.\n"
	"\n"
	"After SERVFAIL, REFUSED or NOTIMP a resolver goes on to the next server, and the "
	"lookup fails when all do the same. NXDOMAIN is worse: it says that the name does not "
	"exist, is remembered for all types, and so hides the name.";
static const char qtype_error_seen[] =
	"Each server is asked for types side by side; the code of the reply is compared with "
	"that for SOA in `tree`, and with that for any other type of the name in `shapes`. "
	"Silence is `qtype-drop`. `shapes` has ids of their own for AAAA and TXT: "
	"`aaaa-broken` and `txt-broken`.";
static const char *const qtype_error_here[] = {
	"Ask the server by hand, for both types, to see the difference.",
	NULL,
};
static const char *const qtype_error_there[] = {
	"Let the server answer every type: with NOERROR and an empty answer when the name has "
	"no such record.",
	"When the server has its records from a database or a script, look there for the type "
	"in question.",
	NULL,
};
static const char *const qtype_error_refs[] = {
	"RFC 8906 3.1.2",
	"RFC 2308 2.2",
	"zonemaster:Z09_UNEXPECTED_RCODE_MX",
	"zonemaster:Z11_UNABLE_TO_CHECK_FOR_SPF",
	"zonemaster:AAAA_UNEXPECTED_RCODE",
	"zonemaster:A_UNEXPECTED_RCODE",
	NULL,
};

const struct fault fault_qtype_error = {
	.id = "qtype-error",
	.title = "A server that answers questions for some types with an error",
	.summary = "servers of {subject} answer questions for [type {what}|some types] with an "
		   "error[ ({result})][: {servers}]",
	.explain = qtype_error_explain,
	.seen = qtype_error_seen,
	.advice_here = qtype_error_here,
	.advice_there = qtype_error_there,
	.refs = qtype_error_refs,
};
