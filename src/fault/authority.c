/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The catalogue's entries for what servers say, as authorities, of the zone itself. */
#include <stddef.h>

#include "fault/entries.h"

static const char *const nothing_here[] = {
	"Nothing can be mended from here; tell the operator of the zone.",
	NULL,
};

static const char dead_explain[] =
	"The zone is delegated, but not one of the servers named for it answers for it with "
	"authority: they are silent, fail, do not know it, or cannot be found. Look-ups of "
	"anything in the zone end in SERVFAIL.\n"
	"\n"
	"Sometimes such servers still give an address of www, so that the web site seems to work "
	"from some places while everything else, mail above all, fails.";
static const char dead_seen[] =
	"Every address of every name server in the delegation is asked for the zone's SOA record. "
	"None gives it with authority. What each of them does is told beside this: `unreachable`, "
	"`lame-delegation`, `not-authoritative`, `missing-soa`, `ns-without-address`.";
static const char *const dead_here[] = {
	"Ask from another network, to tell dead servers from a path that is broken from here.",
	NULL,
};
static const char *const dead_there[] = {
	"Load the zone on the servers of the delegation, or have it delegated to servers that "
	"have it.",
	"See that the zone has not expired on secondaries because the primary is gone.",
	NULL,
};
static const char *const dead_refs[] = {
	"RFC 1034 4.2.2",
	"RFC 1912 2.8",
	"zonemaster:B02_NO_WORKING_NS",
	"zonemaster:HAS_A_RECORDS",
	NULL,
};

const struct fault fault_no_working_server = {
	.id = "no-working-server",
	.title = "No server of the delegation serves the zone",
	.summary = "no server of the delegation serves {subject}",
	.explain = dead_explain,
	.seen = dead_seen,
	.advice_here = dead_here,
	.advice_there = dead_there,
	.refs = dead_refs,
};

static const char soa_explain[] =
	"A server answers for the zone, without an error, but has no SOA record for it. Every zone "
	"has one: it says how long a denial may be remembered, and secondaries watch it. A server "
	"without it mostly does not have the zone at all and makes up its answers, or has a "
	"broken copy. Denials that carry no SOA record are not remembered, and some resolvers take "
	"the server for lame.";
static const char soa_seen[] =
	"Each server is asked for the SOA record of the zone. The reply is NOERROR and has none in "
	"its answer section. An error in its place is `lame-delegation`; SOA records that differ "
	"are `soa-mismatch`.";
static const char *const soa_there[] = {
	"Load the whole zone on that server, with its SOA record.",
	"On load balancers and servers of home make: answer SOA and NS at the name of the zone.",
	NULL,
};
static const char *const soa_refs[] = {
	"RFC 2181 6.1",
	"RFC 2308 3",
	"zonemaster:B02_NS_BROKEN",
	"zonemaster:SOA_NOT_EXISTS",
	"zonemaster:CN01_MISSING_SOA_RECORD_UDP",
	"zonemaster:CN02_MISSING_SOA_RECORD_TCP",
	NULL,
};

const struct fault fault_missing_soa = {
	.id = "missing-soa",
	.title = "A server has no SOA record for the zone",
	.summary = "no SOA record of {subject} at {servers}",
	.explain = soa_explain,
	.seen = soa_seen,
	.advice_here = nothing_here,
	.advice_there = soa_there,
	.refs = soa_refs,
};

static const char authority_explain[] =
	"A server that is named for the zone replies, but without the mark of authority (the AA "
	"bit). Mostly the zone is not set up on it, and the reply is a referral, an error, or "
	"comes out of a cache because a resolver listens there. Resolvers take such a server for "
	"lame and go on to another one; when all are so, look-ups end in SERVFAIL.";
static const char authority_seen[] =
	"Each server is asked for the zone's SOA record over UDP and TCP, without recursion. The "
	"AA bit of the reply is unset. When it is so over one of the two only, they do not lead to "
	"the same server.";
static const char *const authority_there[] = {
	"Set the zone up on that server as a primary or secondary.",
	"See that no forwarder, cache or load balancer stands in front of it.",
	"Or take the server out of the NS set, at the zone and, through the registrar, at the "
	"parent.",
	NULL,
};
static const char *const authority_refs[] = {
	"RFC 1035 4.1.1",
	"RFC 2181 6.1",
	"RFC 1912 2.8",
	"zonemaster:B02_NS_NOT_AUTH",
	"zonemaster:IS_NOT_AUTHORITATIVE",
	"zonemaster:Z09_NON_AUTH_MX_RESPONSE",
	"zonemaster:CN01_NS_RECORD_NOT_AA_UDP",
	"zonemaster:CN01_SOA_RECORD_NOT_AA_UDP",
	"zonemaster:CN02_NS_RECORD_NOT_AA_TCP",
	"zonemaster:CN02_SOA_RECORD_NOT_AA_TCP",
	"dnsviz:NOT_AUTHORITATIVE",
	NULL,
};

const struct fault fault_not_authoritative = {
	.id = "not-authoritative",
	.title = "A server named for the zone answers without authority",
	.summary = "no authority for {subject} in replies of {servers}",
	.explain = authority_explain,
	.seen = authority_seen,
	.advice_here = nothing_here,
	.advice_there = authority_there,
	.refs = authority_refs,
};

static const char mismatch_explain[] =
	"The servers of the zone give SOA records that differ in more than the serial: in the "
	"primary that is named (MNAME), the contact (RNAME) or the timers. Secondaries copy the "
	"record from the primary, so servers that differ for long do not hold the same zone: two "
	"primaries, or an old copy.\n"
	"\n"
	"Look-ups seldom suffer from the record itself. But other data may differ as well, and "
	"updates go to whoever MNAME names.";
static const char mismatch_seen[] =
	"Each server is asked for the zone's SOA record directly; MNAME, RNAME (without regard to "
	"letter case) and the four timers are compared. Serials are `serial-mismatch`; answers to "
	"the question are `answer-mismatch`.";
static const char *const mismatch_there[] = {
	"Let all servers take the zone from one primary, and see that transfers work.",
	"With two providers: see that both fill the SOA record in the same way.",
	NULL,
};
static const char *const mismatch_refs[] = {
	"RFC 1034 4.3.5",
	"RFC 1035 3.3.13",
	"zonemaster:MULTIPLE_SOA_MNAMES",
	"zonemaster:MULTIPLE_SOA_RNAMES",
	"zonemaster:MULTIPLE_SOA_TIME_PARAMETER_SET",
	NULL,
};

const struct fault fault_soa_mismatch = {
	.id = "soa-mismatch",
	.title = "The servers give different SOA records",
	.summary = "the servers of {subject} give different SOA records",
	.explain = mismatch_explain,
	.seen = mismatch_seen,
	.advice_here = nothing_here,
	.advice_there = mismatch_there,
	.refs = mismatch_refs,
};
