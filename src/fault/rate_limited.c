/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The catalogue's entry for servers that limit their replies. */
#include <stddef.h>

#include "fault/entries.h"

static const char explain[] =
	"A name server, or a firewall before it, answers only so many queries a second from one "
	"network. Of those beyond it drops some, and answers some with a reply that is truncated "
	"(TC) although the answer is small, with BADCOOKIE, or with REFUSED. Servers do that on "
	"purpose: queries with forged source addresses would else have them flood a victim with "
	"replies (response rate limiting, RRL). A truncated reply lets an honest asker come again "
	"over TCP, where addresses cannot be forged.\n"
	"\n"
	"BIND, NSD and Knot count by the asker's network, and most by the kind of reply and the "
	"name asked for; none by the source port. So a limit does not single out ports, but it "
	"makes any test that asks fast see silence at random, and half of the ports of a server "
	"can look blocked to a naive one. This run slowed down when it saw the limit, and asked "
	"each "
	"question of the zone in turn. It sends the server's DNS cookie when there is one, because "
	"whoever has a good cookie is exempt.\n"
	"\n"
	"Resolvers seldom meet such a limit, because they cache. Those that do are many resolvers "
	"behind one address, forwarders that do not cache, and whoever looks up many names that "
	"do not exist: all of these share one bucket. They wait, try another server, or come over "
	"TCP; when TCP is blocked, lookups fail.";

static const char seen[] =
	"Truncated replies to a question that had whole ones, and whose answer is short enough for "
	"any packet; BADCOOKIE or REFUSED to questions that had answers, when asked fast; or "
	"losses "
	"that follow the rate, by Fisher's exact test with a chance of error below 1 in 10,000, in "
	"at least two times that were fast with a slow and lossless time between. An answer that "
	"is always truncated is none of that, nor is a path that loses whatever the rate. Losses "
	"that lie on some source ports and not on others are a rule about ports. The limit is "
	"estimated from the whole replies of the second before each sign; with several questions "
	"that are counted apart it is their sum.";

static const char *const here[] = {
	"Nothing has to be done for a test now and then: it only takes longer. Do not raise "
	"--rate.",
	"When your resolvers meet the limit: see why they ask so much. Let them cache, give many "
	"resolvers behind one address addresses of their own, and let TCP port 53 out.",
	"Use a resolver that sends DNS cookies, as BIND does; servers that know them exempt it.",
	NULL,
};
static const char *const there[] = {
	"If honest resolvers are hurt, raise the limit (BIND responses-per-second, NSD "
	"rrl-ratelimit, Knot rate-limit), or exempt their networks.",
	"Keep slip at 1 or 2, so that an honest asker can come over TCP, and answer over TCP.",
	"Answer with DNS cookies (BIND does by default; NSD answer-cookie: yes; Knot mod-cookies "
	"before mod-rrl): askers that prove their address are then not limited.",
	NULL,
};
static const char *const refs[] = {
	"RFC 7873",
	"RFC 9018",
	"ISC TN 2012-1 (response rate limiting)",
	NULL,
};

const struct fault fault_rate_limited = {
	.id = "rate-limited",
	.title = "A server limits its replies to this network",
	.summary =
		"replies from {servers} are limited[ to about {limit} a second][ (told by {sign}, "
		"first after {onset})]: asked more slowly for that",
	.explain = explain,
	.seen = seen,
	.advice_here = here,
	.advice_there = there,
	.refs = refs,
};
