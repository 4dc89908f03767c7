/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Source ports that real filters single out, and both sides of boundaries that real rules have. */
#include "infer/ports.h"

#include "base/err.h"

/*
 * Single ports: the union of Cloudflare's Magic Firewall minimal rules, the block list of Google's
 * quiche, NTT's policers of 2018, lists of US providers, and ports that local software swallows
 * (RoCE 4791, VXLAN 4789, Azure 65330 …), and those that BIND drops by itself. Boundaries: the classes of Linux and Cisco NAT (511|512,
 * 599|600, 1023|1024), powers of two, OS port ranges (32767|32768, 49151|49152, 60999|61000),
 * traceroute's 33434-33534, Unbound's gap 49152-49407, PowerDNS's 10000-19999.
 */
const uint16_t ports_seeds[] = {
	1, 7, 13, 17, 19, 37, 52, 53, 54, 69, 111, 123, 135, 137, 138, 139, 161, 162, 177, 255, 256, 389, 427,
	500, 511, 512, 520, 599, 600, 623, 922, 1022, 1023, 1024, 1025, 1194, 1434, 1645, 1701,
	1812, 1900, 2047, 2048, 2049, 3074, 3283, 3306, 3389, 3478, 3659, 3702, 4095, 4096, 4500,
	4789, 4791, 5000, 5001, 5060, 5093, 5351, 5353, 5355, 5683, 6081, 6881, 7001, 8191, 8192,
	9999, 10000, 10001, 10074, 11211, 16383, 16384, 17185, 19999, 20000, 20800, 27005, 27015,
	27960, 30718, 32414, 32767, 32768, 33433, 33434, 33534, 33535, 37810, 47808, 49151, 49152,
	49407, 49408, 51820, 60999, 61000, 61439, 61440, 65330, 65535,
};
const unsigned int ports_nseeds = ARRAY_LEN(ports_seeds);

/*
 * named answers no query from the UDP ports of echo, daytime, chargen and time, against loops and
 * reflection (measured: BIND 9.18.49; NSD 4.6.1, Knot DNS 3.2.6 and PowerDNS 4.7.3 answer them).
 */
const struct portrange ports_of_named[] = { { 7, 7 }, { 13, 13 }, { 19, 19 }, { 37, 37 } };
const unsigned int ports_nof_named = ARRAY_LEN(ports_of_named);
