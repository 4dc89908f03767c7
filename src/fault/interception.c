/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The catalogue's entry for queries that never reach whom they are sent to. */
#include <stddef.h>

#include "fault/entries.h"

static const char interception_explain[] =
	"Something between this host and the Internet takes DNS queries to any address and answers "
	"them itself, in the name of the server that was asked: a router or a provider that sends "
	"all of port 53 to its own resolver, a captive portal, or security software. Whoever only "
	"asks a resolver hardly notices. A resolver of one's own, which asks the zones' servers, "
	"gets replies that it cannot use: no referrals, no authority, signatures left out; it "
	"fails for all names or for some.\n"
	"\n"
	"Nothing can be said from here of the zone, of its servers or of those of its parents: "
	"none of them was reached.";
static const char interception_seen[] =
	"Every root server that replied did so without authority for the root, which each of them "
	"has. That alone could be broken root hints; so one sign more is demanded: all of them "
	"offer "
	"recursion, which no root server does; or they answer for names far below, in place of "
	"a referral; or an address that belongs to documentation and to no host answers as well. A "
	"server of one zone that recurses for everybody is `open-recursor` instead.";
static const char *const interception_here[] = {
	"Look in the router for \"DNS redirection\", \"DNS proxy\", \"DNS filter\" or \"parental "
	"control\", and on this host for security software and VPN clients; a rule that redirects "
	"port 53 is the thing. Else ask the provider.",
	"A resolver of your own can forward over TLS (port 853) or HTTPS, which is not redirected.",
	NULL,
};
static const char *const interception_there[] = {
	"Nothing can be mended there: queries do not arrive.",
	NULL,
};
static const char *const interception_refs[] = {
	"RFC 2870 2.5",
	"RFC 5625",
	"RFC 5737",
	NULL,
};

const struct fault fault_interception = {
	.id = "interception",
	.title = "Somebody on the way answers in the servers' name",
	.summary = "queries[ over {families}] do not reach the servers that they are sent to: "
		   "[{roots} root servers reply as no root server does|root servers reply as none "
		   "does][, {recursion} of them offer recursion]"
		   "[, {beyond} answers are for names far below][, and an address that is nobody's "
		   "replied {nobody} times]",
	.explain = interception_explain,
	.seen = interception_seen,
	.advice_here = interception_here,
	.advice_there = interception_there,
	.refs = interception_refs,
};
