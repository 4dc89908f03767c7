/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A healthy tree for tests of the walk, the cuts and the zone checks, and ways to spoil it. */
#ifndef TESTS_WORLDS_H
#define TESTS_WORLDS_H

#include "walked.h"

#define SOA " SOA ns.test. h.test. 1 1800 900 604800 60\n"

#define ROOT_TEXT                                                                                  \
	"." SOA ". NS a.root-servers.test.\n"                                                      \
	"a.root-servers.test. A 192.0.2.1\n"                                                       \
	"com. NS a.gtld.net.\n"                                                                    \
	"net. NS a.gtld.net.\n"                                                                    \
	"a.gtld.net. A 192.0.2.2\n"                                                                \
	"org. NS a.org.\n"                                                                         \
	"a.org. A 192.0.2.3\n"
#define COM_APEX "com." SOA "com. NS a.gtld.net.\n"
#define COM_TEXT                                                                                   \
	COM_APEX                                                                                   \
	"live.com. NS ns1.msft.net.\n"                                                             \
	"live.com. NS ns2.msft.net.\n"                                                             \
	"live.com. NS ns3.msft.net.\n"                                                             \
	"live.com. NS ns4.msft.net.\n"                                                             \
	"inside.com. NS ns1.inside.com.\n"                                                         \
	"inside.com. NS ns2.inside.com.\n"                                                         \
	"ns1.inside.com. A 203.0.113.31\n"                                                         \
	"ns2.inside.com. A 203.0.113.32\n"
#define NET_APEX                                                                                   \
	"net." SOA "net. NS a.gtld.net.\n"                                                         \
	"a.gtld.net. A 192.0.2.2\n"                                                                \
	"msft.net. NS ns1.msft.net.\n"                                                             \
	"msft.net. NS ns2.msft.net.\n"
#define NET_TEXT                                                                                   \
	NET_APEX                                                                                   \
	"ns1.msft.net. A 203.0.113.11\n"                                                           \
	"ns2.msft.net. A 203.0.113.12\n"
#define MSFT_TEXT                                                                                  \
	"msft.net." SOA "msft.net. NS ns1.msft.net.\n"                                             \
	"msft.net. NS ns2.msft.net.\n"                                                             \
	"ns1.msft.net. A 203.0.113.11\n"                                                           \
	"ns2.msft.net. A 203.0.113.12\n"                                                           \
	"ns3.msft.net. A 203.0.113.13\n"                                                           \
	"ns4.msft.net. A 203.0.113.14\n"
#define LIVE_NS                                                                                    \
	"live.com. NS ns1.msft.net.\n"                                                             \
	"live.com. NS ns2.msft.net.\n"                                                             \
	"live.com. NS ns3.msft.net.\n"                                                             \
	"live.com. NS ns4.msft.net.\n"
#define LIVE_DATA                                                                                  \
	"live.com. MX 10 mail.live.com.\n"                                                         \
	"mail.live.com. A 203.0.113.99\n"                                                          \
	"www.live.com. CNAME mail.live.com.\n"                                                     \
	"out.live.com. CNAME www.example.org.\n"                                                   \
	"gone.live.com. CNAME nowhere.example.org.\n"                                              \
	"a.live.com. CNAME b.live.com.\n"                                                          \
	"b.live.com. CNAME a.live.com.\n"
#define INSIDE_NS                                                                                  \
	"inside.com. NS ns1.inside.com.\n"                                                         \
	"inside.com. NS ns2.inside.com.\n"
#define INSIDE_ADDRS                                                                               \
	"ns1.inside.com. A 203.0.113.31\n"                                                         \
	"ns2.inside.com. A 203.0.113.32\n"
#define ORG_TEXT                                                                                   \
	"org." SOA "org. NS a.org.\n"                                                              \
	"a.org. A 192.0.2.3\n"                                                                     \
	"example.org. NS ns.example.org.\n"                                                        \
	"ns.example.org. A 203.0.113.21\n"
#define EXAMPLE_TEXT                                                                               \
	"example.org." SOA "example.org. NS ns.example.org.\n"                                     \
	"ns.example.org. A 203.0.113.21\n"                                                         \
	"www.example.org. A 203.0.113.80\n"                                                        \
	"out.example.org. CNAME out.live.com.\n"

#define COM                                                                                        \
	{                                                                                          \
		"com.", COM_TEXT                                                                   \
	}
#define NET                                                                                        \
	{                                                                                          \
		"net.", NET_TEXT                                                                   \
	}
#define MSFT                                                                                       \
	{                                                                                          \
		"msft.net.", MSFT_TEXT                                                             \
	}
#define LIVE                                                                                       \
	{                                                                                          \
		"live.com.", "live.com." SOA LIVE_NS LIVE_DATA                                     \
	}
#define INSIDE                                                                                     \
	{                                                                                          \
		"inside.com.", "inside.com." SOA INSIDE_NS INSIDE_ADDRS                            \
			       "inside.com. MX 10 mail.inside.com.\n"                              \
	}

/* Servers of live.com are glueless in com., those of inside.com lie inside it. */
static const struct world healthy = {
	.hosts = {
		{ .addr = "192.0.2.1", .zones = { { ".", ROOT_TEXT } } },
		{ .addr = "192.0.2.2", .zones = { COM, NET } },
		{ .addr = "192.0.2.3", .zones = { { "org.", ORG_TEXT } } },
		{ .addr = "203.0.113.11", .zones = { MSFT, LIVE } },
		{ .addr = "203.0.113.12", .zones = { MSFT, LIVE } },
		{ .addr = "203.0.113.13", .zones = { LIVE } },
		{ .addr = "203.0.113.14", .zones = { LIVE } },
		{ .addr = "203.0.113.21", .zones = { { "example.org.", EXAMPLE_TEXT } } },
		{ .addr = "203.0.113.31", .zones = { INSIDE } },
		{ .addr = "203.0.113.32", .zones = { INSIDE } },
	},
};

enum { CHANGES = 4 };

/* The healthy world with some of its hosts replaced, or new ones added. */
__attribute__((unused)) static struct world spoiled(const struct world_host *changes)
{
	struct world w = healthy;

	for (size_t i = 0; i < CHANGES && changes[i].addr; i++) {
		size_t k = 0;

		while (w.hosts[k].addr && strcmp(w.hosts[k].addr, changes[i].addr) != 0)
			k++;
		assert(k < WALKED_HOSTS);
		w.hosts[k] = changes[i];
	}
	return w;
}

/* A reply without records, with these flags and this code. */
__attribute__((unused)) static void answer_flags(
	const struct ask *ask, uint16_t id, uint16_t flags, struct buf *ret_reply)
{
	size_t at = ret_reply->n;

	sim_answer_empty(NULL, ask, id, ret_reply);
	ret_reply->p[at + 2] = (char)(flags >> 8);
	ret_reply->p[at + 3] = (char)(flags & 0xff);
}

/* Refuses everything, as a server does that is not set up for the zone. */
__attribute__((unused)) static void answer_refused(
	const struct sim_server *s, const struct ask *ask, uint16_t id, struct buf *ret_reply)
{
	(void)s;
	answer_flags(ask, id, FLAG_QR | RCODE_REFUSED, ret_reply);
}

#endif
