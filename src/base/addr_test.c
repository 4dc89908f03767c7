/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of base/addr. */
#include "base/addr.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>

#include "prop.h"
#include "tap.h"

#include "base/err.h"

/* Text in, family, port and canonical text out. */
static const struct {
	const char *text;
	uint8_t family;
	uint16_t port;
	const char *want;
} good[] = {
	{ "192.0.2.1", ADDR_V4, 0, "192.0.2.1" },
	{ "192.0.2.1#53", ADDR_V4, 53, "192.0.2.1" },
	{ "192.0.2.1#65535", ADDR_V4, 65535, "192.0.2.1" },
	{ "0.0.0.0", ADDR_V4, 0, "0.0.0.0" },
	{ "::", ADDR_V6, 0, "::" },
	{ "::1#5353", ADDR_V6, 5353, "::1" },
	{ "2001:DB8:0:0:0:0:0:1", ADDR_V6, 0, "2001:db8::1" }, /* RFC 5952 4 */
	{ "2001:db8:0:0:1:0:0:1", ADDR_V6, 0, "2001:db8::1:0:0:1" },
	{ "::ffff:192.0.2.1", ADDR_V6, 0, "::ffff:192.0.2.1" },
	{ "fe80::1", ADDR_V6, 0, "fe80::1" },
	{ "fe80::1%lo", ADDR_V6, 0, "fe80::1%lo" },
	{ "fe80::1%lo#53", ADDR_V6, 53, "fe80::1%lo" },
	{ "fe80::1%1", ADDR_V6, 0, "fe80::1%lo" },
	{ "fe80::1%4000000000", ADDR_V6, 0, "fe80::1%4000000000" },
	{ "ff02::fb%lo#5353", ADDR_V6, 5353, "ff02::fb%lo" },
};

static const char *const bad[] = {
	"",
	"#53",
	"192.0.2",
	"192.0.2.256",
	"192.0.2.01",
	"192.0.2.1.",
	" 192.0.2.1",
	"192.0.2.1 ",
	"192.0.2.1#",
	"192.0.2.1#0",
	"192.0.2.1#65536",
	"192.0.2.1#-1",
	"192.0.2.1#5x",
	"192.0.2.1#53#53",
	"192.0.2.1#00000000053",
	"192.0.2.1:53",
	"192.0.2.1%lo",
	"2001:db8::1%lo",
	"fe80::1%",
	"fe80::1%nosuchif0",
	"fe80::1%0",
	"fe00::1%lo",
	"fec0::1%lo",
	"ff05::1%lo",
	"fe80::1%4294967296",
	"1:2:3:4:5:6:7",
	"1:2:3:4:5:6:7:8:9",
	"::1::",
	"g::",
	"live.com",
	"0x7f.1",
};

static void test_texts(void)
{
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		char text[ADDR_TEXT], with[ADDR_TEXT], want[ADDR_TEXT + 8];
		struct addr a, back;

		is_int(addr_parse_port(good[i].text, &a), 0, good[i].text);
		is_int(a.family, good[i].family, "family");
		is_int(a.port, good[i].port, "port");
		is_str(addr_text(&a, text), good[i].want, "text");
		snprintf(want, sizeof(want), "%s#%u", good[i].want, good[i].port);
		is_str(addr_text_port(&a, with), want, "text with port");
		ok(addr_parse(text, &back) == 0 && addr_same_host(&a, &back), "reads back");
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct addr a = { .scope = 42 };

		is_int(addr_parse_port(bad[i], &a), -ERR_PARSE, bad[i]);
		is_int(a.scope, 42, "result untouched");
	}
	for (size_t n = 1; n < 200; n++) {
		char text[201];
		struct addr a;

		memset(text, n % 2 ? '1' : ':', n);
		text[n] = '\0';
		if (addr_parse_port(text, &a) != -ERR_PARSE && n != 2)
			ok(false, "%zu signs are no address", n);
	}
	ok(addr_parse("192.0.2.1#53", &(struct addr){ 0 }) == -ERR_PARSE,
		"no port where none is meant");
}

static void test_none(void)
{
	struct addr none = { 0 };
	struct sockaddr_storage ss;
	char text[ADDR_TEXT];

	is_str(addr_text(&none, text), "(none)", "text of no address");
	is_int(addr_to_sockaddr(&none, &ss), 0, "no sockaddr of no address");
	is_int(addr_from_sockaddr(&(struct sockaddr){ .sa_family = AF_UNIX }).family, ADDR_NONE,
		"no address of a Unix socket");
	ok(!addr_is_special(&none), "not special");
	ok(addr_equal(&none, &(struct addr){ 0 }), "equal to itself");
}

/* Is an address of that kind? */
struct kind {
	const char *text;
	bool is;
};

static void check_kinds(bool (*is)(const struct addr *), const struct kind *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct addr a = { 0 };

		addr_parse(v[i].text, &a);
		is_int(is(&a), v[i].is, v[i].text);
	}
}

/* First and last address of every block, and their neighbours outside. */
static const struct kind specials[] = {
	{ "0.0.0.0", true },
	{ "0.255.255.255", true },
	{ "1.0.0.0", false },
	{ "9.255.255.255", false },
	{ "10.0.0.0", true },
	{ "10.255.255.255", true },
	{ "11.0.0.0", false },
	{ "100.63.255.255", false },
	{ "100.64.0.0", true },
	{ "100.127.255.255", true },
	{ "100.128.0.0", false },
	{ "126.255.255.255", false },
	{ "127.0.0.1", true },
	{ "127.255.255.255", true },
	{ "128.0.0.0", false },
	{ "169.253.255.255", false },
	{ "169.254.0.0", true },
	{ "169.255.0.0", false },
	{ "172.15.255.255", false },
	{ "172.16.0.0", true },
	{ "172.31.255.255", true },
	{ "172.32.0.0", false },
	{ "191.255.255.255", false },
	{ "192.0.0.0", true },
	{ "192.0.0.9", false },
	{ "192.0.0.10", false },
	{ "192.0.0.11", true },
	{ "192.0.1.0", false },
	{ "192.0.2.255", true },
	{ "192.0.3.0", false },
	{ "192.31.196.1", false },
	{ "192.88.99.1", false },
	{ "192.175.48.1", false },
	{ "192.168.0.0", true },
	{ "192.168.255.255", true },
	{ "192.169.0.0", false },
	{ "198.17.255.255", false },
	{ "198.18.0.0", true },
	{ "198.19.255.255", true },
	{ "198.20.0.0", false },
	{ "198.51.100.7", true },
	{ "198.51.101.0", false },
	{ "203.0.113.11", true },
	{ "203.0.114.0", false },
	{ "223.255.255.255", false },
	{ "224.0.0.0", true },
	{ "239.255.255.255", true },
	{ "240.0.0.0", true },
	{ "255.255.255.255", true },
	{ "8.8.8.8", false },
	{ "::", true },
	{ "::1", true },
	{ "::2", false },
	{ "::ffff:8.8.8.8", false },
	{ "::ffff:10.1.1.1", true },
	{ "64:ff9b::808:808", false },
	{ "64:ff9b:1::808:808", false },
	{ "100::", true },
	{ "100::ffff:0:0:1", true },
	{ "100:0:0:1::1", true },
	{ "100:0:0:2::", false },
	{ "2001::1", false },
	{ "2001:2::", true },
	{ "2001:2:0:ffff::", true },
	{ "2001:2:1::", false },
	{ "2001:4:112::1", false },
	{ "2001:db8::", true },
	{ "2001:db8:ffff::", true },
	{ "2001:db9::", false },
	{ "2002:a00:1::1", false },
	{ "2001:500:2::c", false },
	{ "2620:4f:8000::1", false },
	{ "3fff::", true },
	{ "3fff:fff:ffff::", true },
	{ "3fff:1000::", false },
	{ "5f00::1", true },
	{ "5f01::", false },
	{ "fbff::", false },
	{ "fc00::", true },
	{ "fdff::1", true },
	{ "fe00::", false },
	{ "fe7f::", false },
	{ "fe80::1", true },
	{ "febf::1", true },
	{ "fec0::1", false },
	{ "ff00::", true },
	{ "ff02::fb", true },
};

static const struct kind privates[] = {
	{ "9.255.255.255", false },
	{ "10.0.0.0", true },
	{ "10.255.255.255", true },
	{ "11.0.0.0", false },
	{ "100.63.255.255", false },
	{ "100.64.0.0", true },
	{ "100.127.255.255", true },
	{ "100.128.0.0", false },
	{ "172.15.255.255", false },
	{ "172.16.0.0", true },
	{ "172.31.255.255", true },
	{ "172.32.0.0", false },
	{ "192.168.0.0", true },
	{ "192.169.0.0", false },
	{ "192.0.2.1", false },
	{ "127.0.0.1", false },
	{ "fbff::1", false },
	{ "fc00::1", true },
	{ "fdff::1", true },
	{ "fe80::1", false },
	{ "2001:db8::1", false },
};

static void test_private(void)
{
	check_kinds(addr_is_private, privates, ARRAY_LEN(privates));
}

static void test_loopback(void)
{
	static const struct kind rows[] = { { "127.0.0.1", true }, { "127.9.9.9", true },
		{ "::1", true }, { "128.0.0.1", false }, { "::2", false }, { "1::1", false } };

	check_kinds(addr_is_loopback, rows, ARRAY_LEN(rows));
}

static void test_special(void)
{
	check_kinds(addr_is_special, specials, ARRAY_LEN(specials));
}

static const struct {
	const char *text;
	enum addr_reach reach;
} reaches[] = {
	{ "0.0.0.0", ADDR_REACH_NOWHERE },
	{ "9.9.9.9", ADDR_REACH_GLOBAL },
	{ "10.1.2.3", ADDR_REACH_LOCAL },
	{ "100.127.255.255", ADDR_REACH_LOCAL },
	{ "127.0.0.1", ADDR_REACH_LOCAL },
	{ "169.254.1.1", ADDR_REACH_LOCAL },
	{ "172.31.0.1", ADDR_REACH_LOCAL },
	{ "192.0.0.8", ADDR_REACH_NOWHERE },
	{ "192.0.0.9", ADDR_REACH_GLOBAL },
	{ "192.0.0.10", ADDR_REACH_GLOBAL },
	{ "192.0.0.170", ADDR_REACH_NOWHERE },
	{ "192.0.2.1", ADDR_REACH_DOCUMENTATION },
	{ "192.31.196.1", ADDR_REACH_GLOBAL },
	{ "192.52.193.1", ADDR_REACH_GLOBAL },
	{ "192.88.99.1", ADDR_REACH_NOWHERE },
	{ "192.168.0.1", ADDR_REACH_LOCAL },
	{ "192.175.48.1", ADDR_REACH_GLOBAL },
	{ "198.19.0.1", ADDR_REACH_NOWHERE },
	{ "198.51.100.1", ADDR_REACH_DOCUMENTATION },
	{ "203.0.113.1", ADDR_REACH_DOCUMENTATION },
	{ "224.0.0.1", ADDR_REACH_NOWHERE },
	{ "255.255.255.255", ADDR_REACH_NOWHERE },
	{ "::", ADDR_REACH_NOWHERE },
	{ "::1", ADDR_REACH_LOCAL },
	{ "::ffff:8.8.8.8", ADDR_REACH_NOWHERE },
	{ "64:ff9b::808:808", ADDR_REACH_GLOBAL },
	{ "64:ff9b:1::1", ADDR_REACH_NOWHERE },
	{ "100::1", ADDR_REACH_NOWHERE },
	{ "2001::1", ADDR_REACH_NOWHERE },
	{ "2001:1::1", ADDR_REACH_GLOBAL },
	{ "2001:1::3", ADDR_REACH_GLOBAL },
	{ "2001:1::4", ADDR_REACH_NOWHERE },
	{ "2001:2::1", ADDR_REACH_NOWHERE },
	{ "2001:3::1", ADDR_REACH_GLOBAL },
	{ "2001:4:112::1", ADDR_REACH_GLOBAL },
	{ "2001:10::1", ADDR_REACH_NOWHERE },
	{ "2001:2f::1", ADDR_REACH_GLOBAL },
	{ "2001:3f::1", ADDR_REACH_GLOBAL },
	{ "2001:40::1", ADDR_REACH_NOWHERE },
	{ "2001:200::1", ADDR_REACH_GLOBAL },
	{ "2001:db8::1", ADDR_REACH_DOCUMENTATION },
	{ "2002::1", ADDR_REACH_NOWHERE },
	{ "2620:4f:8000::1", ADDR_REACH_GLOBAL },
	{ "3fff::1", ADDR_REACH_DOCUMENTATION },
	{ "5f00::1", ADDR_REACH_NOWHERE },
	{ "fd00::1", ADDR_REACH_LOCAL },
	{ "febf::1", ADDR_REACH_LOCAL },
	{ "ff02::1", ADDR_REACH_NOWHERE },
};

static void test_reach(void)
{
	struct addr none = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(reaches); i++) {
		struct addr a = { 0 };

		addr_parse(reaches[i].text, &a);
		is_int(addr_reach(&a), reaches[i].reach, reaches[i].text);
	}
	is_int(addr_reach(&none), ADDR_REACH_GLOBAL, "no address is in no block");
}

static void test_order(void)
{
	static const char *const ascending[] = { "9.255.0.1", "10.0.0.1", "10.0.0.1#52",
		"10.0.0.1#53", "10.0.0.2#1", "::1", "2001:db8::1", "fe80::1", "fe80::1%1",
		"fe80::1%2#1", "fe80::1%3" };

	for (size_t i = 0; i < ARRAY_LEN(ascending); i++) {
		for (size_t k = 0; k < ARRAY_LEN(ascending); k++) {
			struct addr a = { 0 }, b = { 0 };
			int by;

			addr_parse_port(ascending[i], &a);
			addr_parse_port(ascending[k], &b);
			by = addr_compare(&a, &b);
			ok((by > 0) - (by < 0) == (i > k) - (i < k), "%s against %s", ascending[i],
				ascending[k]);
			ok(addr_equal(&a, &b) == (i == k), "equal only to itself");
		}
	}
}

static void test_same_host(void)
{
	struct addr a = { 0 }, b = { 0 };

	addr_parse("10.0.0.1", &a);
	b = addr_with_port(a, 53);
	is_int(b.port, 53, "another port");
	ok(addr_same_host(&a, &b) && !addr_equal(&a, &b), "same host, other port");
	b.ip[15] = 7;
	ok(addr_same_host(&a, &b), "octets that v4 does not use do not count");
	addr_parse("fe80::1%1", &a);
	addr_parse("fe80::1%2", &b);
	ok(!addr_same_host(&a, &b), "scopes count");
}

static void test_mapped(void)
{
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons(53) };
	char text[ADDR_TEXT];
	struct addr a;

	inet_pton(AF_INET6, "::ffff:192.0.2.1", &v6.sin6_addr);
	a = addr_from_sockaddr((struct sockaddr *)&v6);
	is_str(addr_text_port(&a, text), "192.0.2.1#53", "a mapped address becomes v4");
	inet_pton(AF_INET6, "2001:db8::1", &v6.sin6_addr);
	v6.sin6_scope_id = 3;
	is_int(addr_from_sockaddr((struct sockaddr *)&v6).scope, 0,
		"a global address has no scope");
	inet_pton(AF_INET6, "fe80::1", &v6.sin6_addr);
	is_int(addr_from_sockaddr((struct sockaddr *)&v6).scope, 3, "a link-local one has");
}

static struct addr random_addr(struct rng *r)
{
	struct addr a = { .family = rng_below(r, 2) ? ADDR_V4 : ADDR_V6 };

	a.port = (uint16_t)rng_below(r, 65536);
	for (size_t i = 0; i < (a.family == ADDR_V4 ? 4 : 16); i++)
		a.ip[i] = rng_below(r, 3) ? (uint8_t)rng_below(r, 256) : 0;
	if (a.family == ADDR_V6 && rng_below(r, 4) == 0) {
		a.ip[0] = 0xfe;
		a.ip[1] = 0x80;
		a.scope = 1 + rng_below(r, 100);
	}
	return a;
}

static bool case_text(struct rng *r)
{
	struct addr a = random_addr(r), back;
	char text[ADDR_TEXT];

	a.port = a.port ? a.port : 1;
	return addr_parse_port(addr_text_port(&a, text), &back) == 0 && addr_equal(&a, &back);
}

static bool case_sockaddr(struct rng *r)
{
	struct addr a = random_addr(r), back;
	struct sockaddr_storage ss;
	socklen_t n = addr_to_sockaddr(&a, &ss);

	back = addr_from_sockaddr((struct sockaddr *)&ss);
	return n == (a.family == ADDR_V4 ? sizeof(struct sockaddr_in)
					 : sizeof(struct sockaddr_in6)) &&
	       addr_equal(&a, &back);
}

static bool case_noise(struct rng *r)
{
	static const char letters[] = "0123456789abf.:::%#lo";
	char text[100];
	size_t n = rng_below(r, sizeof(text));
	struct addr a;

	for (size_t i = 0; i < n; i++)
		text[i] = letters[rng_below(r, sizeof(letters) - 1)];
	text[n] = '\0';
	return addr_parse_port(text, &a) == 0 ? a.family != ADDR_NONE : true;
}

int main(void)
{
	test_texts();
	test_none();
	test_special();
	test_reach();
	test_loopback();
	test_private();
	test_order();
	test_same_host();
	test_mapped();
	prop("parse(text(a)) = a", case_text, 3000);
	prop("from(to(a)) = a", case_sockaddr, 3000);
	prop("noise is an address or refused", case_noise, 20000);
	return tap_done();
}
