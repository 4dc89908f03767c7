/* SPDX-License-Identifier: GPL-3.0-or-later */
/* IP addresses and ports: text, order, special blocks, the kernel's form. */
#include "base/addr.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"

static const struct addr none = { .family = ADDR_NONE };

static size_t ip_size(const struct addr *a)
{
	return a->family == ADDR_V4 ? 4 : a->family == ADDR_V6 ? 16 : 0;
}

/* RFC 4007 6: only addresses that are not global need a zone; of these DNS meets link-local. */
static bool needs_scope(const struct addr *a)
{
	if (a->family != ADDR_V6)
		return false;
	return (a->ip[0] == 0xfe && (a->ip[1] & 0xc0) == 0x80) ||
	       (a->ip[0] == 0xff && (a->ip[1] & 0x0f) <= 2);
}

/* A decimal number 1 .. most, of at most 10 digits; 0 for anything else. */
static uint32_t parse_number(const char *text, uint32_t most)
{
	uint64_t v = 0;

	for (size_t i = 0; text[i]; i++) {
		if (i == 10 || text[i] < '0' || text[i] > '9')
			return 0;
		v = v * 10 + (uint64_t)(text[i] - '0');
	}
	return v <= most ? (uint32_t)v : 0;
}

/* RFC 4007 11.2: the zone is the interface's name or its index. */
static uint32_t parse_scope(const char *text)
{
	uint32_t index = if_nametoindex(text);

	return index ? index : parse_number(text, UINT32_MAX);
}

int addr_parse(const char *text, struct addr *ret)
{
	char ip[INET6_ADDRSTRLEN];
	size_t n = strcspn(text, "%");
	struct addr a = none;

	if (n >= sizeof(ip))
		return -ERR_PARSE;
	memcpy(ip, text, n);
	ip[n] = '\0';
	if (inet_pton(AF_INET, ip, a.ip) == 1)
		a.family = ADDR_V4;
	else if (inet_pton(AF_INET6, ip, a.ip) == 1)
		a.family = ADDR_V6;
	else
		return -ERR_PARSE;
	if (text[n]) {
		a.scope = needs_scope(&a) ? parse_scope(text + n + 1) : 0;
		if (!a.scope)
			return -ERR_PARSE;
	}
	*ret = a;
	return 0;
}

int addr_parse_port(const char *text, struct addr *ret)
{
	char host[ADDR_TEXT];
	/* The last one: an interface's name may hold the sign, too. */
	const char *sign = strrchr(text, '#');
	size_t n = sign ? (size_t)(sign - text) : strlen(text);
	uint32_t port = 0;
	int err;

	if (n >= sizeof(host))
		return -ERR_PARSE;
	if (sign) {
		port = parse_number(sign + 1, UINT16_MAX);
		if (!port)
			return -ERR_PARSE;
	}
	memcpy(host, text, n);
	host[n] = '\0';
	err = addr_parse(host, ret);
	if (!err)
		ret->port = (uint16_t)port;
	return err;
}

const char *addr_text(const struct addr *a, char *buf)
{
	char name[IF_NAMESIZE];
	size_t n;

	if (!ip_size(a))
		return memcpy(buf, "(none)", sizeof("(none)"));
	inet_ntop(a->family == ADDR_V4 ? AF_INET : AF_INET6, a->ip, buf, ADDR_TEXT);
	n = strlen(buf);
	if (a->scope && if_indextoname(a->scope, name))
		snprintf(buf + n, ADDR_TEXT - n, "%%%s", name);
	else if (a->scope)
		snprintf(buf + n, ADDR_TEXT - n, "%%%u", a->scope);
	return buf;
}

const char *addr_text_port(const struct addr *a, char *buf)
{
	size_t n = strlen(addr_text(a, buf));

	snprintf(buf + n, ADDR_TEXT - n, "#%u", a->port);
	return buf;
}

bool addr_equal(const struct addr *a, const struct addr *b)
{
	return addr_compare(a, b) == 0;
}

bool addr_same_host(const struct addr *a, const struct addr *b)
{
	return a->family == b->family && a->scope == b->scope &&
	       memcmp(a->ip, b->ip, ip_size(a)) == 0;
}

static int order(uint32_t a, uint32_t b)
{
	return (a > b) - (a < b);
}

int addr_compare(const struct addr *a, const struct addr *b)
{
	int by = order(a->family, b->family);

	if (by == 0)
		by = memcmp(a->ip, b->ip, ip_size(a));
	if (by == 0)
		by = order(a->scope, b->scope);
	return by ? by : order(a->port, b->port);
}

struct addr addr_with_port(struct addr a, uint16_t port)
{
	a.port = port;
	return a;
}

struct block {
	uint8_t ip[16];
	uint8_t bits;
	bool global; /* an exception: reachable from everywhere, inside a later row's block */
};

/*
 * Blocks that no foreign server answers from. Blocks of the registries that are globally reachable
 * (AS112 of RFC 7534 and 7535, AMT, ORCHIDv2) or that lead to such hosts (6to4, Teredo, both NAT64
 * prefixes of RFC 6052 and 8215) are left out: their servers deserve the care of any other.
 */
static const struct block blocks_v4[] = {
	{ { 0 }, 8, false },		 /* RFC 791 3.2: this network */
	{ { 10 }, 8, false },		 /* RFC 1918: private */
	{ { 100, 64 }, 10, false },	 /* RFC 6598: shared by carrier NATs */
	{ { 127 }, 8, false },		 /* RFC 1122 3.2.1.3: loopback */
	{ { 169, 254 }, 16, false },	 /* RFC 3927: link-local */
	{ { 172, 16 }, 12, false },	 /* RFC 1918: private */
	{ { 192, 0, 0, 9 }, 32, true },	 /* RFC 7723: port control anycast */
	{ { 192, 0, 0, 10 }, 32, true }, /* RFC 8155: TURN anycast */
	{ { 192, 0, 0 }, 24, false },	 /* RFC 6890 2.1: protocol assignments */
	{ { 192, 0, 2 }, 24, false },	 /* RFC 5737: documentation */
	{ { 192, 168 }, 16, false },	 /* RFC 1918: private */
	{ { 198, 18 }, 15, false },	 /* RFC 2544: benchmark */
	{ { 198, 51, 100 }, 24, false }, /* RFC 5737: documentation */
	{ { 203, 0, 113 }, 24, false },	 /* RFC 5737: documentation */
	{ { 224 }, 4, false },		 /* RFC 5771: multicast */
	{ { 240 }, 4, false },		 /* RFC 1112 4: reserved; RFC 919 7: limited broadcast */
};

static const struct block blocks_v6[] = {
	{ { 0 }, 128, false },			   /* RFC 4291 2.5.2: unspecified */
	{ { [15] = 1 }, 128, false },		   /* RFC 4291 2.5.3: loopback */
	{ { 0x01, 0x00 }, 64, false },		   /* RFC 6666: discard */
	{ { 0x01, 0x00, [7] = 1 }, 64, false },	   /* RFC 9780: dummy prefix */
	{ { 0x20, 0x01, 0x00, 0x02 }, 48, false }, /* RFC 5180: benchmark */
	{ { 0x20, 0x01, 0x0d, 0xb8 }, 32, false }, /* RFC 3849: documentation */
	{ { 0x3f, 0xff }, 20, false },		   /* RFC 9637: documentation */
	{ { 0x5f, 0x00 }, 16, false },		   /* RFC 9602: segment routing ids */
	{ { 0xfc }, 7, false },			   /* RFC 4193: unique local */
	{ { 0xfe, 0x80 }, 10, false },		   /* RFC 4291 2.5.6: link-local */
	{ { 0xff }, 8, false },			   /* RFC 4291 2.7: multicast */
};

static bool in_block(const uint8_t *ip, const struct block *b)
{
	size_t whole = b->bits / 8;
	unsigned int rest = b->bits % 8;

	if (memcmp(ip, b->ip, whole) != 0)
		return false;
	return rest == 0 || (ip[whole] ^ b->ip[whole]) >> (8 - rest) == 0;
}

struct blocks {
	const struct block *v;
	size_t n;
};

#define BLOCKS(array) ((struct blocks){ array, ARRAY_LEN(array) })

static bool in_blocks(const uint8_t *ip, struct blocks b)
{
	for (size_t i = 0; i < b.n; i++) {
		if (in_block(ip, &b.v[i]))
			return !b.v[i].global;
	}
	return false;
}

/* RFC 4291 2.5.5.2: ::ffff:0:0/96, where an IPv6 socket shows IPv4 hosts. */
static bool is_mapped(const uint8_t *ip)
{
	static const uint8_t prefix[12] = { [10] = 0xff, [11] = 0xff };

	return memcmp(ip, prefix, sizeof(prefix)) == 0;
}

static bool in_either(const struct addr *a, struct blocks v4, struct blocks v6)
{
	if (a->family == ADDR_V4)
		return in_blocks(a->ip, v4);
	return a->family == ADDR_V6 && in_blocks(a->ip, v6);
}

bool addr_is_special(const struct addr *a)
{
	/* A packet to a mapped address goes to the IPv4 host, so that one counts. */
	if (a->family == ADDR_V6 && is_mapped(a->ip))
		return in_blocks(a->ip + 12, BLOCKS(blocks_v4));
	return in_either(a, BLOCKS(blocks_v4), BLOCKS(blocks_v6));
}

struct span addr_octets(const struct addr *a)
{
	return (struct span){ a->ip, ip_size(a) };
}

bool addr_is_loopback(const struct addr *a)
{
	static const struct block v4[] = { { { 127 }, 8, false } };
	static const struct block v6[] = { { { [15] = 1 }, 128, false } };

	return in_either(a, BLOCKS(v4), BLOCKS(v6));
}

bool addr_is_private(const struct addr *a)
{
	static const struct block v4[] = {
		{ { 10 }, 8, false },
		{ { 100, 64 }, 10, false },
		{ { 172, 16 }, 12, false },
		{ { 192, 168 }, 16, false },
	};
	static const struct block v6[] = { { { 0xfc }, 7, false } };

	return in_either(a, BLOCKS(v4), BLOCKS(v6));
}

socklen_t addr_to_sockaddr(const struct addr *a, struct sockaddr_storage *ret)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = htons(a->port) };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons(a->port) };

	if (!ip_size(a))
		return 0;
	*ret = (struct sockaddr_storage){ 0 };
	if (a->family == ADDR_V4) {
		memcpy(&v4.sin_addr, a->ip, 4);
		memcpy(ret, &v4, sizeof(v4));
		return sizeof(v4);
	}
	v6.sin6_scope_id = a->scope;
	memcpy(&v6.sin6_addr, a->ip, 16);
	memcpy(ret, &v6, sizeof(v6));
	return sizeof(v6);
}

static struct addr from_v4(const struct sockaddr *sa)
{
	struct addr a = { .family = ADDR_V4 };
	struct sockaddr_in v4;

	memcpy(&v4, sa, sizeof(v4));
	a.port = ntohs(v4.sin_port);
	memcpy(a.ip, &v4.sin_addr, 4);
	return a;
}

static struct addr from_v6(const struct sockaddr *sa)
{
	struct addr a = { .family = ADDR_V6 };
	struct sockaddr_in6 v6;

	memcpy(&v6, sa, sizeof(v6));
	a.port = ntohs(v6.sin6_port);
	if (is_mapped(v6.sin6_addr.s6_addr)) {
		a.family = ADDR_V4;
		memcpy(a.ip, v6.sin6_addr.s6_addr + 12, 4);
		return a;
	}
	memcpy(a.ip, &v6.sin6_addr, 16);
	a.scope = needs_scope(&a) ? v6.sin6_scope_id : 0;
	return a;
}

struct addr addr_from_sockaddr(const struct sockaddr *sa)
{
	if (sa->sa_family == AF_INET)
		return from_v4(sa);
	if (sa->sa_family == AF_INET6)
		return from_v6(sa);
	return none;
}
