/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The exact lines by which a resolver gets other source ports. */
#include "fault/remedy.h"

#include <string.h>

#include "base/err.h"
#include "base/version.h"

enum { RANGES_MOST = 16 };

#define GUESSING                                                                                   \
	"a pool that is smaller by these ports is as good against forged replies; a pool of few "  \
	"ports is not (RFC 5452)"
#define KERNEL                                                                                     \
	"the kernel's range holds for every program of this host: keep ports of local services "   \
	"out of it with net.ipv4.ip_local_reserved_ports"
#define KERNEL_WIDEN "net.ipv4.ip_local_port_range = 1024 65535"

/*
 * Options by the versions' own manuals and sources: BIND 9.18 ARM and notes of 9.21.2; Unbound
 * 1.17; PowerDNS Recursor 4.8 and 5.2; dnsmasq 2.90; systemd 252; Knot Resolver 5.6; dnsdist 1.7;
 * Windows Server (dnscmd).
 */
const struct remedy remedy_table[] = {
	{ "bind", NULL, "9.21.2", "named.conf",
		.widen = "in options, use-v4-udp-ports { range 1024 65535; }; use-v6-udp-ports { "
			 "range 1024 65535; }; and no port in query-source and query-source-v6",
		.avoid_begin = "avoid-v4-udp-ports { ", .avoid_range = "range %u %u;",
		.avoid_port = "%u;", .avoid_between = " ",
		.avoid_end = " }; and the same as avoid-v6-udp-ports",
		.caution = "these options go away with BIND 9.21.2, which follows the kernel's "
			   "range; " GUESSING },
	{ "bind", "9.21.2", NULL, "/etc/sysctl.d", .widen = KERNEL_WIDEN,
		.caution = "BIND reads the range, and not the reserved ports beside it; " KERNEL },
	{ "unbound", NULL, NULL, "unbound.conf",
		.widen = "the default is all ports from 1024 up that IANA has not assigned",
		.without = true, .avoid_begin = "", .avoid_range = "outgoing-port-avoid: %u-%u",
		.avoid_port = "outgoing-port-avoid: %u", .avoid_between = "; ",
		.avoid_end = " (a line each, behind any outgoing-port-permit)",
		.caution = GUESSING },
	{ "pdns-recursor", NULL, "5.2", "recursor.conf",
		.widen = "udp-source-port-min=1024 and udp-source-port-max=65535",
		.avoid_begin = "udp-source-port-avoid=", .avoid_port = "%u", .avoid_between = ",",
		.avoid_end = " (beside those that it has: 11211)", .caution = GUESSING },
	{ "pdns-recursor", "5.2", NULL, "recursor.yml, outgoing:",
		.widen = "udp_source_port_min: 1024 and udp_source_port_max: 65535",
		.avoid_begin = "udp_source_port_avoid: [", .avoid_port = "%u",
		.avoid_between = ", ", .avoid_end = "] (with those that it has: 4791, 11211)",
		.caution = GUESSING },
	{ "dnsmasq", NULL, NULL, "dnsmasq.conf",
		.widen = "min-port=1024, and no query-port (max-port is 65535 then)",
		.caution = "dnsmasq keeps one port for all tries of a query, so a dropped port "
			   "costs the whole lookup" },
	{ "knot-resolver", NULL, NULL, "/etc/sysctl.d", .widen = KERNEL_WIDEN,
		.avoid_begin = "net.ipv4.ip_local_reserved_ports = ", .avoid_range = "%u-%u",
		.avoid_port = "%u", .avoid_between = ",", .avoid_end = "", .caution = KERNEL },
	{ "systemd-resolved", NULL, NULL, "/etc/sysctl.d", .widen = KERNEL_WIDEN,
		.avoid_begin = "net.ipv4.ip_local_reserved_ports = ", .avoid_range = "%u-%u",
		.avoid_port = "%u", .avoid_between = ",", .avoid_end = "", .caution = KERNEL },
	{ "coredns", NULL, NULL, "/etc/sysctl.d", .widen = KERNEL_WIDEN,
		.avoid_begin = "net.ipv4.ip_local_reserved_ports = ", .avoid_range = "%u-%u",
		.avoid_port = "%u", .avoid_between = ",", .avoid_end = "", .caution = KERNEL },
	{ "dnsdist", NULL, NULL, "dnsdist.conf",
		.widen = "setRandomizedOutgoingSockets(true), and sockets=16 in newServer{}",
		.caution = "each socket keeps its port for the life of the process" },
	{ "windows", NULL, NULL, NULL, .widen = "dnscmd /Config /SocketPoolSize 10000",
		.avoid_begin = "dnscmd /Config /SocketPoolExcludedPortRanges ",
		.avoid_range = "%u-%u", .avoid_port = "%u-%u", .avoid_between = " ",
		.avoid_end = "",
		.caution = "the pool is drawn anew when the DNS service starts: restart it" },
};
const size_t remedy_count = ARRAY_LEN(remedy_table);

static bool holds(const struct remedy *r, const char *version)
{
	if (!version)
		return r->since == NULL;
	return (!r->since || version_compare(version, r->since) >= 0) &&
	       (!r->below || version_compare(version, r->below) < 0);
}

const struct remedy *remedy_find(const char *software, const char *version)
{
	for (size_t i = 0; i < remedy_count; i++)
		if (strcmp(remedy_table[i].software, software) == 0 &&
			holds(&remedy_table[i], version))
			return &remedy_table[i];
	return NULL;
}

static void put_number(struct buf *b, uint16_t port)
{
	buf_printf(b, "%u", port);
}

/* The template with its "%u" replaced, the first by lo, the second by hi. */
static void put_range(struct buf *b, const char *form, struct portrange range)
{
	uint16_t next = range.lo;

	for (; *form; form++) {
		if (form[0] != '%' || form[1] != 'u') {
			buf_char(b, *form);
			continue;
		}
		put_number(b, next);
		next = range.hi;
		form++;
	}
}

/* A range, or its ports one by one. False: too many. */
static bool put_avoided(struct buf *b, const struct remedy *r, struct portrange range)
{
	if (range.lo != range.hi && r->avoid_range) {
		put_range(b, r->avoid_range, range);
		return true;
	}
	if (range.hi - range.lo >= RANGES_MOST)
		return false;
	for (uint32_t p = range.lo; p <= range.hi; p++) {
		if (p > range.lo)
			buf_str(b, r->avoid_between);
		put_range(b, r->avoid_port, (struct portrange){ (uint16_t)p, (uint16_t)p });
	}
	return true;
}

const char *remedy_avoid(struct arena *a, const struct remedy *r, const struct portset *set)
{
	struct buf b = { .arena = a };
	struct portrange range;
	uint32_t from = 0;

	if (!r->avoid_port || portset_empty(set) || portset_ranges(set) > RANGES_MOST)
		return NULL;
	buf_str(&b, r->avoid_begin);
	for (; portset_next_range(set, from, &range); from = (uint32_t)range.hi + 1) {
		if (from)
			buf_str(&b, r->avoid_between);
		if (!put_avoided(&b, r, range))
			return NULL;
	}
	buf_str(&b, r->avoid_end);
	return buf_text(&b);
}
