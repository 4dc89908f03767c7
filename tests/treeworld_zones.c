// SPDX-License-Identifier: GPL-3.0-or-later
// The healthy world of tests/treeworld.h.
#include "treeworld_inner.h"

const struct treeworld_host treeworld_hosts[] = {
	{ "a.root.xb", 11, "." },
	{ "b.root.xb", 12, "." },
	{ "a.nic.xa", 13, "xa." },
	{ "b.nic.xa", 14, "xa." },
	{ "a.nic.xb", 15, "xb. in-addr.arpa. ip6.arpa. asn.xb." },
	{ "b.nic.xb", 16, "xb. in-addr.arpa. ip6.arpa. asn.xb." },
	{ "ns1.child.xa", 31, "child.xa." },
	{ "ns2.child.xa", 32, "child.xa." },
	{ "ns.other.xb", 33, "child.xa. other.xb." },
	{ "ns2.other.xb", 34, "other.xb." },
	{ "ns3.child.xa", 35, "child.xa." },
	{ "spare.xb", 36, "" },
};
const size_t treeworld_nhosts = sizeof(treeworld_hosts) / sizeof(*treeworld_hosts);

#define SOA(apex, mname)                                                                           \
	apex " SOA " mname " hostmaster.child.xa. 2026010101 14400 3600 1209600 3600\n"
#define ADDRS(name, n) name " A 9." #n ".0.1\n" name " AAAA 2a09:" #n "::1\n"
/* a and b: the digits of the host's number. */
#define PTR4(n, name)	 "*." #n ".9.in-addr.arpa. PTR " name "\n"
#define PTR6(a, b, name) "*." #b "." #a ".0.0.9.0.a.2.ip6.arpa. PTR " name "\n"
#define AS(a, b)                                                                                   \
	"*." #a #b ".9.origin.asn.xb. TXT \"645" #a #b " | 9." #a #b                               \
	".0.0/16 | XA | test | 2020-01-01\"\n"                                                     \
	"*." #b "." #a ".0.0.9.0.a.2.origin6.asn.xb. TXT \"645" #a #b " | 2a09:" #a #b             \
	"::/32 | XA | test | 2020-01-01\"\n"

#define ROOT_NS ". NS a.root.xb.\n. NS b.root.xb.\n"
#define XA_NS	"xa. NS a.nic.xa.\nxa. NS b.nic.xa.\n"
#define XB_NS	"xb. NS a.nic.xb.\nxb. NS b.nic.xb.\n"
#define CHILD_NS                                                                                   \
	"child.xa. NS ns1.child.xa.\n"                                                             \
	"child.xa. NS ns2.child.xa.\n"                                                             \
	"child.xa. NS ns.other.xb.\n"
#define OTHER_NS    "other.xb. NS ns.other.xb.\nother.xb. NS ns2.other.xb.\n"
#define ROOT_ADDRS  ADDRS("a.root.xb.", 11) ADDRS("b.root.xb.", 12)
#define XA_ADDRS    ADDRS("a.nic.xa.", 13) ADDRS("b.nic.xa.", 14)
#define XB_ADDRS    ADDRS("a.nic.xb.", 15) ADDRS("b.nic.xb.", 16)
#define CHILD_ADDRS ADDRS("ns1.child.xa.", 31) ADDRS("ns2.child.xa.", 32)
#define OTHER_ADDRS ADDRS("ns.other.xb.", 33) ADDRS("ns2.other.xb.", 34)

const struct treeworld_zone treeworld_zones[] = {
	{ ".", SOA(".", "a.root.xb.") ROOT_NS ROOT_ADDRS XA_NS XA_ADDRS XB_NS XB_ADDRS
		"in-addr.arpa. NS a.nic.xb.\n"
		"in-addr.arpa. NS b.nic.xb.\n"
		"ip6.arpa. NS a.nic.xb.\n"
		"ip6.arpa. NS b.nic.xb.\n" },
	{ "xa.", SOA("xa.", "a.nic.xa.") XA_NS XA_ADDRS CHILD_NS CHILD_ADDRS },
	{ "xb.", SOA("xb.", "a.nic.xb.") XB_NS XB_ADDRS ROOT_ADDRS OTHER_NS OTHER_ADDRS ADDRS(
			 "spare.xb.", 36) "asn.xb. NS a.nic.xb.\n"
					  "asn.xb. NS b.nic.xb.\n" },
	{ "child.xa.", SOA("child.xa.", "ns1.child.xa.") CHILD_NS CHILD_ADDRS ADDRS(
			       "ns3.child.xa.", 35) ADDRS("mail.child.xa.", 37)
			       ADDRS("www.child.xa.", 38) "child.xa. MX 10 mail.child.xa.\n"
							  "child.xa. TXT \"v=spf1 mx -all\"\n" },
	{ "other.xb.", SOA("other.xb.", "ns.other.xb.") OTHER_NS OTHER_ADDRS },
	{ "in-addr.arpa.",
		SOA("in-addr.arpa.",
			"a.nic.xb.") "in-addr.arpa. NS a.nic.xb.\n"
				     "in-addr.arpa. NS b.nic.xb.\n" PTR4(11, "a.root.xb.") PTR4(
					     12, "b.root.xb.") PTR4(13, "a.nic.xa.") PTR4(14,
					     "b.nic.xa.") PTR4(15, "a.nic.xb.") PTR4(16,
					     "b.nic.xb.") PTR4(31, "ns1.child.xa.") PTR4(32,
					     "ns2.child.xa.") PTR4(33, "ns.other.xb.") PTR4(34,
					     "ns2.other.xb.") PTR4(35, "ns3.child.xa.")
					     PTR4(36, "spare.xb.") PTR4(37, "mail.child.xa.")
						     PTR4(38, "www.child.xa.") },
	{ "ip6.arpa.",
		SOA("ip6.arpa.",
			"a.nic.xb.") "ip6.arpa. NS a.nic.xb.\n"
				     "ip6.arpa. NS b.nic.xb.\n" PTR6(1, 1, "a.root.xb.") PTR6(
					     1, 2, "b.root.xb.") PTR6(1, 3, "a.nic.xa.") PTR6(1, 4,
					     "b.nic.xa.") PTR6(1, 5, "a.nic.xb.") PTR6(1, 6,
					     "b.nic.xb.") PTR6(3, 1, "ns1.child.xa.") PTR6(3, 2,
					     "ns2.child.xa.") PTR6(3, 3, "ns.other.xb.") PTR6(3, 4,
					     "ns2.other.xb.") PTR6(3, 5, "ns3.child.xa.")
					     PTR6(3, 6, "spare.xb.") PTR6(3, 7, "mail.child.xa.")
						     PTR6(3, 8, "www.child.xa.") },
	{ "asn.xb.",
		SOA("asn.xb.", "a.nic.xb.") "asn.xb. NS a.nic.xb.\n"
					    "asn.xb. NS b.nic.xb.\n" AS(1, 1) AS(1, 2) AS(1, 3)
						    AS(1, 4) AS(1, 5) AS(1, 6) AS(3, 1) AS(3, 2)
							    AS(3, 3) AS(3, 4) AS(3, 5) AS(3, 6) },
};
const size_t treeworld_nzones = sizeof(treeworld_zones) / sizeof(*treeworld_zones);
