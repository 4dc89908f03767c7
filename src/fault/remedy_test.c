/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lines are those of the software and version, with the ports in its own syntax. */
#include "fault/remedy.h"

#include <string.h>

#include "base/err.h"
#include "tap.h"

static void test_avoid(void)
{
	static const struct {
		const char *software, *version, *ports, *line;
	} rows[] = {
		{ "bind", "9.18.49", "4791,20000-20124",
			"avoid-v4-udp-ports { 4791; range 20000 20124; }; and the same as "
			"avoid-v6-udp-ports" },
		{ "bind", "9.21.2", "4791", NULL },
		{ "unbound", NULL, "20800,27000-27005",
			"outgoing-port-avoid: 20800; outgoing-port-avoid: 27000-27005 (a line "
			"each, "
			"behind any outgoing-port-permit)" },
		{ "pdns-recursor", "4.8.8", "4791-4793",
			"udp-source-port-avoid=4791,4792,4793 (beside those that it has: 11211)" },
		{ "pdns-recursor", "4.8.8", "20000-20999", NULL },
		{ "pdns-recursor", "5.2.0", "1",
			"udp_source_port_avoid: [1] (with those that it has: 4791, 11211)" },
		{ "knot-resolver", "5.6.0", "1-2,5", "net.ipv4.ip_local_reserved_ports = 1-2,5" },
		{ "dnsmasq", "2.90", "5", NULL },
		{ "windows", NULL, "5", "dnscmd /Config /SocketPoolExcludedPortRanges 5-5" },
		{ "unbound", NULL, "", NULL },
		{ "unbound", NULL, "1,3,5,7,9,11,13,15,17,19,21,23,25,27,29,31,33", NULL },
		{ "unbound", NULL, "65535",
			"outgoing-port-avoid: 65535 (a line each, behind any "
			"outgoing-port-permit)" },
	};
	struct arena *a = arena_new();

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct remedy *r = remedy_find(rows[i].software, rows[i].version);
		struct portset set = { 0 };
		const char *line;

		portset_parse(rows[i].ports, &set, NULL);
		ok(r != NULL, "%s has a row", rows[i].software);
		line = r ? remedy_avoid(a, r, &set) : "no row";
		is_str(line ? line : "(none)", rows[i].line ? rows[i].line : "(none)", "its line");
	}
	arena_free(a);
}

int main(void)
{
	test_avoid();
	ok(!remedy_find("djbdns", NULL), "software without a row has none");
	for (size_t i = 0; i < remedy_count; i++)
		ok(remedy_table[i].widen && remedy_table[i].caution,
			"%s: what to write, and what it costs", remedy_table[i].software);
	return tap_done();
}
