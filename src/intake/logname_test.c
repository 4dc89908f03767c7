/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Local parts go, host names stay. */
#include "intake/logname.h"

#include "base/err.h"
#include "prop.h"
#include "tap.h"

static const struct {
	const char *line, *want;
} strips[] = {
	{ "nothing here", "nothing here" },
	{ "", "" },
	{ "@", "@" },
	{ "to=<a@b.example>", "to=<@b.example>" },
	{ "to=a@b.example,", "to=@b.example," },
	{ "x=a=c@b.example", "@b.example" },
	{ "from=a=c@b.example", "from=@b.example" },
	{ "== a.b+c@b.example R=d", "== @b.example R=d" },
	{ "<\"a b\"@b.example>", "<@b.example>" },
	{ "<\"a\\\"> <b\"@b.example>", "<@b.example>" },
	{ "<a b c@b.example>", "<@b.example>" },
	{ "<a@x.example@b.example>", "<@b.example>" },
	{ "a@x.example@b.example", "@b.example" },
	{ "<a> b@c <d@e>", "<a> @c <@e>" },
	{ "\"a b\" c", "\"a b\" c" },
	{ "\"a b", "\"a b" },
	{ "say \"no\" to \"a b\"@c", "say \"no\" to @c" },
	{ "client @0x7f 1", "client @0x7f 1" },
	{ "<\"a b@x.example c@b.example>", "<@b.example>" },
	{ "o'brien@x", "@x" },
	{ "<@relay.example:a@b.example>", "<@b.example>" },
};

static const struct {
	const char *text, *want; /* NULL: none */
	enum logname_service service;
	size_t size;
} names[] = {
	{ "live.com", "live.com.", LOGNAME_HOST, 8 },
	{ "LIVE.com. MX", "live.com.", LOGNAME_HOST, 9 },
	{ "live.com: text", "live.com.", LOGNAME_HOST, 8 },
	{ "_25._tcp.mx.live.com", "mx.live.com.", LOGNAME_OTHER, 20 },
	{ "a._domainkey.live.com", "live.com.", LOGNAME_DKIM, 21 },
	{ "a.b._DomainKey.live.com", "live.com.", LOGNAME_DKIM, 23 },
	{ "_dmarc.live.com", "live.com.", LOGNAME_DMARC, 15 },
	{ "1.2.0.192.in-addr.arpa", "1.2.0.192.in-addr.arpa.", LOGNAME_HOST, 22 },
	{ "xn--a.xn--p1ai", "xn--a.xn--p1ai.", LOGNAME_HOST, 14 },
	{ "", NULL, LOGNAME_HOST, 0 },
	{ ".", NULL, LOGNAME_HOST, 0 },
	{ "com", NULL, LOGNAME_HOST, 0 },
	{ "192.0.2.1", NULL, LOGNAME_HOST, 0 },
	{ "a.b1", NULL, LOGNAME_HOST, 0 },
	{ "a.b", NULL, LOGNAME_HOST, 0 },
	{ "a..com", NULL, LOGNAME_HOST, 0 },
	{ ".a.com", NULL, LOGNAME_HOST, 0 },
	{ "-a.com", NULL, LOGNAME_HOST, 0 },
	{ "a-.com", NULL, LOGNAME_HOST, 0 },
	{ "a_b.com", NULL, LOGNAME_HOST, 0 },
	{ "a.com._tcp", NULL, LOGNAME_HOST, 0 },
	{ "@a.com", NULL, LOGNAME_HOST, 0 },
	{ "\\097.com", NULL, LOGNAME_HOST, 0 },
};

static struct span span(const char *text)
{
	return (struct span){ (const uint8_t *)text, strlen(text) };
}

static void test_strips(void)
{
	for (size_t i = 0; i < ARRAY_LEN(strips); i++) {
		char got[100];
		size_t n = logname_strip(span(strips[i].line), (uint8_t *)got);

		got[n] = '\0';
		is_str(got, strips[i].want, strips[i].line);
	}
}

static void test_names(void)
{
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		enum logname_service service;
		char text[NAME_TEXT];
		struct name n;
		size_t size;
		bool got = logname_read(span(names[i].text), &n, &service, &size);

		is_str(got ? name_text(&n, text) : NULL, names[i].want, names[i].text);
		ok(!got || (service == names[i].service && size == names[i].size),
			"service and size of %s", names[i].text);
	}
}

/* Any octets: no more of them than before, none but theirs, and nothing left of an "@" but what
 * cannot be of an address. */
static bool case_strip(struct rng *r)
{
	static const char letters[] = "ab@<>\" \\.=:,";
	uint8_t line[64], to[64];
	size_t n = rng_below(r, sizeof(line) + 1), out;

	for (size_t i = 0; i < n; i++)
		line[i] = (uint8_t)letters[rng_below(r, sizeof(letters) - 1)];
	out = logname_strip((struct span){ line, n }, to);
	if (out > n)
		return false;
	for (size_t i = 1; i < out; i++)
		if (to[i] == '@' && (to[i - 1] == 'a' || to[i - 1] == 'b' || to[i - 1] == '.'))
			return false;
	return true;
}

int main(void)
{
	test_strips();
	test_names();
	prop("nothing stands left of an @", case_strip, 20000);
	return tap_done();
}
