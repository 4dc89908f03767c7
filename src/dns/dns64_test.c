/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prefixes that a resolver's answer for ipv4only.arpa shows. */
#include "dns/dns64.h"

#include <stdio.h>

#include "base/err.h"
#include "dns/test_wire.h"
#include "tap.h"

#define HEAD(n) "0007 8580 0001 " n " 0000 0000 .ipv4only .arpa 00 001c 0001 "
#define AAAA	"c00c 001c 0001 0000003c 0010 "

static const struct {
	const char *id, *wire, *want;
} rows[] = {
	{ "none", HEAD("0000"), "" },
	{ "the well-known one",
		HEAD("0002") AAAA "0064ff9b ~8 c00000aa " AAAA "0064ff9b ~8 c00000ab",
		"64:ff9b::/96" },
	{ "in another order", HEAD("0002") AAAA "0064ff9b ~8 c00000ab " AAAA "0064ff9b ~8 c00000aa",
		"64:ff9b::/96" },
	{ "32 bits", HEAD("0002") AAAA "20010db8 c00000aa ~8 " AAAA "20010db8 c00000ab ~8",
		"2001:db8::/32" },
	{ "40 bits",
		HEAD("0002") AAAA "20010db801 c00000 00 aa ~6 " AAAA "20010db801 c00000 00 ab ~6",
		"2001:db8:100::/40" },
	{ "48 bits",
		HEAD("0002") AAAA "20010db80122 c000 00 00aa ~5 " AAAA
				  "20010db80122 c000 00 00ab ~5",
		"2001:db8:122::/48" },
	{ "56 bits",
		HEAD("0002") AAAA "20010db8012203 c0 00 0000aa ~4 " AAAA
				  "20010db8012203 c0 00 0000ab ~4",
		"2001:db8:122:300::/56" },
	{ "64 bits",
		HEAD("0002") AAAA "20010db801220344 00 c00000aa ~3 " AAAA
				  "20010db801220344 00 c00000ab ~3",
		"2001:db8:122:344::/64" },
	{ "a suffix behind it",
		HEAD("0002") AAAA "20010db8 c00000aa 00 ~6 01 " AAAA "20010db8 c00000ab 00 ~6 01",
		"2001:db8::/32" },
	{ "octet 8 in use",
		HEAD("0002") AAAA "20010db8 c00000aa 01 ~7 " AAAA "20010db8 c00000ab 01 ~7", "" },
	{ "one of the two only", HEAD("0001") AAAA "0064ff9b ~8 c00000aa", "" },
	{ "two of different prefixes",
		HEAD("0002") AAAA "0064ff9b ~8 c00000aa " AAAA "0064ff9c ~8 c00000ab", "" },
	{ "two prefixes, one of them twice",
		HEAD("0005") AAAA "0064ff9b ~8 c00000aa " AAAA "20010db8 c00000ab ~8 " AAAA
				  "0064ff9b ~8 c00000ab " AAAA "0064ff9b ~8 c00000aa " AAAA
				  "20010db8 c00000aa ~8",
		"64:ff9b::/96 2001:db8::/32" },
	{ "an ordinary address", HEAD("0001") AAAA "20010db8 ~11 01", "" },
	{ "an address that is cut",
		HEAD("0002") "c00c 001c 0001 0000003c 0008 20010db8 c00000aa " AAAA
			     "20010db8 c00000ab ~8",
		"" },
};

int main(void)
{
	struct arena *a = arena_new();

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf wire = { .arena = a }, got = { .arena = a };
		const struct msg *m = msg_read(a, test_wire(&wire, rows[i].wire));
		struct dns64_prefix list[DNS64_PREFIXES];
		size_t n = dns64_prefixes(m, list);
		char text[ADDR_TEXT];

		for (size_t k = 0; k < n; k++)
			buf_printf(&got, "%s%s/%u", k ? " " : "", addr_text(&list[k].addr, text),
				list[k].bits);
		is_str(buf_text(&got), rows[i].want, rows[i].id);
	}
	arena_free(a);
	return tap_done();
}
