/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPF records that follow the grammar of RFC 7208 12, and that do not. */
#include "dns/spf.h"
#include "base/err.h"
#include "tap.h"

struct row {
	const char *text;
	const char *bad; /* the term at fault; NULL: none */
};
static const struct row rows[] = {
	{ "v=spf1", NULL },
	{ "v=spf1 ", NULL },
	{ "v=spf1 -all", NULL },
	{ "V=SPF1  +A  MX   -ALL  ", NULL },
	{ "v=spf1 a mx ptr ?all", NULL },
	{ "v=spf1 ~all", NULL },
	{ "v=spf1 all:example.com", "all:example.com" },
	{ "v=spf1 all/24", "all/24" },
	{ "v=spf1 *all", "*all" },
	{ "v=spf1 -", "-" },
	{ "v=spf1 --all", "--all" },
	{ "v=spf1 -all.", "-all." },
	{ "v=spf1 alle", "alle" },
	{ "v=spf1\ta -all", "v=spf1\ta" },
	{ "v=spf1 a\t-all", "a\t-all" },
	{ "v=spf10 -all", "v=spf10" },
	{ "v=spf1; -all", "v=spf1;" },
	{ " v=spf1 -all", "v=spf1" },
	{ "", "" },
	/* Domains. */
	{ "v=spf1 a:example.com mx:example.com. ptr:x.example", NULL },
	{ "v=spf1 include:_spf.example.com exists:%{i}.spf.example.com", NULL },
	{ "v=spf1 include:.com", NULL },
	{ "v=spf1 include:ex/am=ple:x.com", NULL },
	{ "v=spf1 include:a.b-c include:a.1-2 include:a.1a include:a.xn--p1ai", NULL },
	{ "v=spf1 include", "include" },
	{ "v=spf1 include:", "include:" },
	{ "v=spf1 include=example.com", NULL }, /* an unknown modifier */
	{ "v=spf1 include:example", "include:example" },
	{ "v=spf1 include:example.123", "include:example.123" },
	{ "v=spf1 include:example.-com", "include:example.-com" },
	{ "v=spf1 include:example.com-", "include:example.com-" },
	{ "v=spf1 include:example.c_m", "include:example.c_m" },
	{ "v=spf1 include:example.com..", "include:example.com.." },
	{ "v=spf1 include:.", "include:." },
	{ "v=spf1 include:..", "include:.." },
	{ "v=spf1 include:example.com/24", "include:example.com/24" },
	{ "v=spf1 exists", "exists" },
	{ "v=spf1 a:", "a:" },
	{ "v=spf1 ptr:", "ptr:" },
	{ "v=spf1 ptr/24", "ptr/24" },
	{ "v=spf1 include:ex\303\244.com", "include:ex\303\244.com" },
	{ "v=spf1 include:ex\x7f.com", "include:ex\x7f.com" },
	/* Prefix lengths. */
	{ "v=spf1 a/24 mx//64 a/0//0 mx/32//128", NULL },
	{ "v=spf1 a:example.com/24 mx:example.com//64 a:x.y/1//2", NULL },
	{ "v=spf1 a:%{d}/24 a:foo.com1/24", NULL },
	{ "v=spf1 a:x/24.example.com", NULL },
	{ "v=spf1 a/33", "a/33" },
	{ "v=spf1 a//129", "a//129" },
	{ "v=spf1 a/024", "a/024" },
	{ "v=spf1 a/", "a/" },
	{ "v=spf1 a//", "a//" },
	{ "v=spf1 a///64", "a///64" },
	{ "v=spf1 a/24/64", "a/24/64" },
	{ "v=spf1 a/24//", "a/24//" },
	{ "v=spf1 a//64/24", "a//64/24" },
	{ "v=spf1 a:/24", "a:/24" },
	{ "v=spf1 a/4294967320", "a/4294967320" },
	/* Networks. */
	{ "v=spf1 ip4:192.0.2.1 ip4:192.0.2.0/24 ip4:0.0.0.0/0", NULL },
	{ "v=spf1 ip6:2001:db8::1 ip6:2001:db8::/32 ip6:::/0 ip6:::ffff:192.0.2.1", NULL },
	{ "v=spf1 IP4:192.0.2.1", NULL },
	{ "v=spf1 ip4", "ip4" },
	{ "v=spf1 ip4:", "ip4:" },
	{ "v=spf1 ip4:192.0.2", "ip4:192.0.2" },
	{ "v=spf1 ip4:192.0.2.256", "ip4:192.0.2.256" },
	{ "v=spf1 ip4:192.0.2.01", "ip4:192.0.2.01" },
	{ "v=spf1 ip4:192.0.2.0/33", "ip4:192.0.2.0/33" },
	{ "v=spf1 ip4:192.0.2.0/", "ip4:192.0.2.0/" },
	{ "v=spf1 ip4:192.0.2.0/24/24", "ip4:192.0.2.0/24/24" },
	{ "v=spf1 ip4:192.0.2.0/255.255.255.0", "ip4:192.0.2.0/255.255.255.0" },
	{ "v=spf1 ip4:2001:db8::1", "ip4:2001:db8::1" },
	{ "v=spf1 ip4=192.0.2.1", NULL }, /* an unknown modifier */
	{ "v=spf1 ip6:192.0.2.1", "ip6:192.0.2.1" },
	{ "v=spf1 ip6:fe80::1%lo", "ip6:fe80::1%lo" },
	{ "v=spf1 ip6:2001:db8::/129", "ip6:2001:db8::/129" },
	{ "v=spf1 ip6:2001:db8:::1", "ip6:2001:db8:::1" },
	{ "v=spf1 ipv4:192.0.2.1", "ipv4:192.0.2.1" },
	{ "v=spf1 ip4: 192.0.2.1", "ip4:" },
	{ "v=spf1 192.0.2.1", "192.0.2.1" },
	{ "v=spf1 a,mx", "a,mx" },
	/* Modifiers. */
	{ "v=spf1 redirect=_spf.example.com", NULL },
	{ "v=spf1 -all exp=explain.example.com Redirect=%{d}", NULL },
	{ "v=spf1 unknown=%{s} x-y_z.1= a=b v=spf1", NULL },
	{ "v=spf1 redirect=a.example redirect=b.example", "redirect=b.example" },
	{ "v=spf1 exp=a.example EXP=b.example", "EXP=b.example" },
	{ "v=spf1 redirect=", "redirect=" },
	{ "v=spf1 redirect:example.com", "redirect:example.com" },
	{ "v=spf1 redirect=com", "redirect=com" },
	{ "v=spf1 =x", "=x" },
	{ "v=spf1 1x=y", "1x=y" },
	{ "v=spf1 -redirect=a.example", "-redirect=a.example" },
	{ "v=spf1 x=100%", "x=100%" },
	/* Macros. */
	{ "v=spf1 exists:%{ir}.%{v}._spf.%{d2}", NULL },
	{ "v=spf1 exists:%{l1r-}.%{D}%{S.-+,/_=}", NULL },
	{ "v=spf1 exists:%%%_%-.%{o}", NULL },
	{ "v=spf1 exists:%%", NULL },
	{ "v=spf1 exists:%{d10R}", NULL },
	{ "v=spf1 exists:%{d}x", "exists:%{d}x" },
	{ "v=spf1 exists:%{d}.com", NULL },
	{ "v=spf1 exists:%{d}com", "exists:%{d}com" },
	{ "v=spf1 exists:%{d0}", "exists:%{d0}" },
	{ "v=spf1 exists:%{d00r}", "exists:%{d00r}" },
	{ "v=spf1 exists:%{x}", "exists:%{x}" },
	{ "v=spf1 exists:%{d", "exists:%{d" },
	{ "v=spf1 exists:%{", "exists:%{" },
	{ "v=spf1 exists:%{}", "exists:%{}" },
	{ "v=spf1 exists:%d.com", "exists:%d.com" },
	{ "v=spf1 exists:%", "exists:%" },
	{ "v=spf1 exists:%{dr2}", "exists:%{dr2}" },
	{ "v=spf1 exists:%{d;}", "exists:%{d;}" },
	{ "v=spf1 exists:%{d.r}", "exists:%{d.r}" },
};

static struct span span(const char *text)
{
	return (struct span){ (const uint8_t *)text, strlen(text) };
}

static void test_row(const struct row *r)
{
	struct span bad = { NULL, 0 };
	int err = spf_check(span(r->text), &bad);

	is_int(err, r->bad ? -ERR_PARSE : 0, r->text);
	if (err < 0 && r->bad)
		ok(bad.n == strlen(r->bad) && memcmp(bad.p, r->bad, bad.n) == 0,
			"the term at fault is '%.*s'", (int)bad.n, (const char *)bad.p);
}

int main(void)
{
	struct span bad;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		test_row(&rows[i]);
	ok(spf_check((struct span){ (const uint8_t *)"v=spf1 a\0b", 10 }, &bad) < 0,
		"an octet of 0 fits nowhere");
	ok(spf_check((struct span){ (const uint8_t *)"v=spf1 exists:%{d00", 19 }, &bad) < 0,
		"digits at the end");
	ok(spf_is_record(span("v=spf1")) && spf_is_record(span("V=spF1 x")), "records");
	ok(!spf_is_record(span("v=spf")) && !spf_is_record(span("v=spf2")) &&
			!spf_is_record(span("v=spf1-")) && !spf_is_record(span("")),
		"other texts");
	ok(spf_is_null(span("v=spf1 -all")) && spf_is_null(span("V=SPF1  -ALL ")), "no sender");
	ok(!spf_is_null(span("v=spf1")) && !spf_is_null(span("v=spf1 ~all")) &&
			!spf_is_null(span("v=spf1 mx -all")) &&
			!spf_is_null(span("v=spf1 -all x=y")) && !spf_is_null(span("-all")),
		"some senders");
	return tap_done();
}
