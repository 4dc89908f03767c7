/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kernel's counters out of its text, and out of anything else. */
#include "net/counters.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "prop.h"
#include "tap.h"

#define TCP  "Tcp: InErrs InCsumErrors\nTcp: 7 8\n"
#define LITE "UdpLite: InErrors InCsumErrors\nUdpLite: 5 6\n"
#define V4                                                                                         \
	TCP "Udp: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors "            \
	    "InCsumErrors IgnoredMulti MemErrors\nUdp: 145068 427 3 145505 1 0 42 9 0\n" LITE
#define V6                                                                                         \
	"Udp6InErrors                    \t3\nUdp6InCsumErrors                \t43\n"              \
	"UdpLite6InCsumErrors            \t6\n"

static const struct row {
	const char *name;
	bool (*parse)(struct span text, uint64_t *ret);
	const char *text;
	int64_t count; /* -1: not known */
} rows[] = {
	{ "Linux 6", counters_snmp, V4, 42 },
	{ "no line end", counters_snmp, "Udp: InCsumErrors\nUdp: 4", 4 },
	{ "before Linux 3.10", counters_snmp, "Udp: InErrors\nUdp: 3\n" TCP, -1 },
	{ "names alone", counters_snmp, "Udp: InErrors InCsumErrors\n", -1 },
	{ "fewer numbers than names", counters_snmp, "Udp: InErrors InCsumErrors\nUdp: 3\n", -1 },
	{ "no number", counters_snmp, "Udp: InCsumErrors\nUdp: x\n", -1 },
	{ "below zero", counters_snmp, "Udp: InCsumErrors\nUdp: -1\n", -1 },
	{ "too high", counters_snmp, "Udp: InCsumErrors\nUdp: 18446744073709551616\n", -1 },
	{ "names twice", counters_snmp, "Udp: InCsumErrors\nUdp: InCsumErrors\nUdp: 1\n", -1 },
	{ "of others", counters_snmp, TCP LITE, -1 },
	{ "nothing", counters_snmp, "", -1 },
	{ "blank lines", counters_snmp, "\n\n \nUdp: InCsumErrors\nUdp: 4\n", 4 },
	{ "Linux 6, IPv6", counters_snmp6, V6, 43 },
	{ "IPv6, no line end", counters_snmp6, "Udp6InCsumErrors 4", 4 },
	{ "IPv6, no number", counters_snmp6, "Udp6InCsumErrors\n5\n", -1 },
	{ "IPv6, no such line", counters_snmp6, "Udp6InErrors 3\n", -1 },
	{ "IPv6, nothing", counters_snmp6, "", -1 },
};

static void test_rows(void)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct row *r = &rows[i];
		struct span text = { (const uint8_t *)r->text, strlen(r->text) };
		uint64_t count = 0;
		bool known = r->parse(text, &count);

		is_int(known ? (int64_t)count : -1, r->count, r->name);
	}
}

/* A parser that finds nothing leaves the result as it was. */
static bool harmless(bool (*parse)(struct span, uint64_t *), struct span text)
{
	uint64_t count = 7;

	return parse(text, &count) || count == 7;
}

/* In memory that ends where the text does, so that AddressSanitizer sees a read beyond it. */
static bool prop_garbage(struct rng *r)
{
	static const char *const parts[] = { "Udp:", "InCsumErrors", "Udp6InCsumErrors", " ", "\n",
		"\t", "1", "99999999999", "\xff", "x" };
	struct buf b = { .arena = arena_new() };
	uint8_t *exact;
	bool good;

	for (uint32_t i = rng_below(r, 40); i; i--)
		buf_str(&b, parts[rng_below(r, ARRAY_LEN(parts))]);
	exact = malloc(b.n + 1);
	if (!exact)
		return false;
	if (b.n)
		memcpy(exact + 1, b.p, b.n);
	good = harmless(counters_snmp, (struct span){ exact + 1, b.n }) &&
	       harmless(counters_snmp6, (struct span){ exact + 1, b.n });
	free(exact);
	arena_free(b.arena);
	return good;
}

static void put_file(const char *folder, const char *name, const char *text)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	unlink(path);
	f = text ? fopen(path, "w") : NULL;
	if (!f)
		return;
	fputs(text, f);
	fclose(f);
}

static void test_read(void)
{
	static const struct {
		const char *name, *v4, *v6;
		int64_t count; /* -1: not known */
	} files[] = {
		{ "both families", V4, V6, 85 },
		{ "no IPv6", V4, NULL, 42 },
		{ "no IPv4", NULL, V6, -1 },
		{ "an old kernel", "Udp: InErrors\nUdp: 3\n", "Udp6InErrors 3\n", -1 },
		{ "half an old kernel", V4, "Udp6InErrors 3\n", -1 },
		{ "none", NULL, NULL, -1 },
	};
	char folder[] = "/tmp/counters.XXXXXX";
	struct facts_counters c;

	if (!ok(mkdtemp(folder) != NULL, "a folder"))
		return;
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		put_file(folder, "snmp", files[i].v4);
		put_file(folder, "snmp6", files[i].v6);
		c = counters_read(folder);
		is_int(c.known ? (int64_t)c.csum_errors : -1, files[i].count, files[i].name);
		ok(c.known || !c.csum_errors, "nothing is said of what is not known");
	}
	rmdir(folder);
	c = counters_read(folder);
	ok(!c.known, "no folder");
}

int main(void)
{
	test_rows();
	test_read();
	prop("garbage", prop_garbage, 20000);
	return tap_done();
}
