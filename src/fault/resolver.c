/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The catalogue's entries for resolvers that do not resolve. */
#include <stddef.h>

#include "fault/entries.h"

static const char refuses_explain[] =
	"The resolver that this host is set to use answers REFUSED: it is there, and does not want "
	"to look this up. Most often its access list does not have this host's address, or it is "
	"an authoritative server, which looks nothing up for anybody. When it answers other "
	"questions, a policy of its operator forbids this name, or the server that it forwards to "
	"refused.\n"
	"\n"
	"Programs report this as a temporary failure, and some go on to the next resolver of their "
	"list.";
static const char refuses_seen[] =
	"The question was sent as a program sends it, with recursion desired, and the reply is "
	"REFUSED. Then the SOA of the root is asked for: REFUSED again means that it is not about "
	"the name, an answer that it is. A resolver that looked and failed says SERVFAIL instead, "
	"and one that is not there says nothing (`resolver-unreachable`).";
static const char *const refuses_here[] = {
	"Refused whatever is asked: put this host's network on the resolver's access list (BIND: "
	"allow-recursion and allow-query-cache, Unbound: access-control, PowerDNS Recursor: "
	"allow-from), or put the address of another resolver into /etc/resolv.conf.",
	"Refused for this name only: look for it in the resolver's policy (response policy zones, "
	"local-zone, block lists), and at what it forwards to.",
	NULL,
};
static const char *const refuses_there[] = {
	"See whether this host is meant to be served, and which rule refuses it.",
	NULL,
};
static const char *const refuses_refs[] = {
	"RFC 1035 4.1.1",
	"RFC 5358 4",
	"RFC 8914 4.19",
	NULL,
};

const struct fault fault_resolver_refuses = {
	.id = "resolver-refuses",
	.title = "The resolver refuses to answer",
	.summary = "the resolver {servers} refuses[ {scope}][; recursion is {recursion}]"
		   "[; it adds: {ede_name}][: {ede_text}]",
	.explain = refuses_explain,
	.seen = refuses_seen,
	.advice_here = refuses_here,
	.advice_there = refuses_there,
	.refs = refuses_refs,
};
