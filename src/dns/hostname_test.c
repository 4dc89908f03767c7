/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of hosts and what they break. */
#include "dns/hostname.h"
#include "tap.h"

struct row {
	const char *name;
	unsigned int breaks;
};
static const struct row rows[] = {
	{ ".", 0 },
	{ "example.", 0 },
	{ "ns1.example.com.", 0 },
	{ "NS1.Example.COM.", 0 },
	{ "3com.com.", 0 },
	{ "1.2.3.", HOSTNAME_NUMERIC_TLD },
	{ "ns.123.example.", 0 },
	{ "ns.example.0x1.", 0 },
	{ "_dmarc.example.", HOSTNAME_CHARS },
	{ "0/25.2.0.192.in-addr.arpa.", HOSTNAME_CHARS },
	{ "a\\.b.example.", HOSTNAME_CHARS },
	{ "a\\032b.example.", HOSTNAME_CHARS },
	{ "\\228.example.", HOSTNAME_CHARS },
	{ "a@b.example.", HOSTNAME_CHARS },
	{ "-a.example.", HOSTNAME_FIRST },
	{ "a-.example.", HOSTNAME_LAST },
	{ "-.example.", HOSTNAME_FIRST | HOSTNAME_LAST },
	{ "a.-b-.example.", HOSTNAME_FIRST | HOSTNAME_LAST },
	{ "ab--cd.example.", HOSTNAME_DOUBLE_DASH },
	{ "ab--.example.", HOSTNAME_DOUBLE_DASH | HOSTNAME_LAST },
	{ "a--b.example.", 0 },
	{ "abc--d.example.", 0 },
	{ "xn--mller-kva.example.", 0 },
	{ "XN--mller-kva.example.", 0 },
	{ "yn--mller-kva.example.", HOSTNAME_DOUBLE_DASH },
	{ "ab--c.1.", HOSTNAME_DOUBLE_DASH | HOSTNAME_NUMERIC_TLD },
};

static void test_labels(void)
{
	unsigned int at = 0;
	struct span label;
	struct name n;

	name_parse("ns1.example.", &n);
	label = hostname_label(&n, &at);
	ok(label.n == 3 && memcmp(label.p, "ns1", 3) == 0, "the first label");
	label = hostname_label(&n, &at);
	ok(label.n == 7 && memcmp(label.p, "example", 7) == 0, "the second label");
	ok(!hostname_label(&n, &at).n, "then no more");
	ok(!hostname_label(&n, &at).n, "and again no more");
	at = 0;
	ok(!hostname_label(&name_root, &at).n, "the root has none");
	n.len = 0;
	ok(!hostname_label(&n, &at).n, "nor has no name");
}

int main(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct name n = { 0 };

		ok(name_parse(rows[i].name, &n) == 0, "%s is a name", rows[i].name);
		is_int(hostname_breaks(&n), rows[i].breaks, rows[i].name);
	}
	test_labels();
	return tap_done();
}
