/* SPDX-License-Identifier: GPL-3.0-or-later */
/* IP addresses and ports: text, order, the kernel's form. */
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

/* Many times quicker than inet_ntop(), and there are many. */
static const char *text_v4(const uint8_t *ip, char *buf)
{
	char *to = buf;

	for (int i = 0; i < 4; i++) {
		if (ip[i] >= 100)
			*to++ = (char)('0' + ip[i] / 100);
		if (ip[i] >= 10)
			*to++ = (char)('0' + ip[i] / 10 % 10);
		*to++ = (char)('0' + ip[i] % 10);
		*to++ = '.';
	}
	to[-1] = '\0';
	return buf;
}

const char *addr_text(const struct addr *a, char *buf)
{
	char name[IF_NAMESIZE];
	size_t n;

	if (!ip_size(a))
		return memcpy(buf, "(none)", sizeof("(none)"));
	if (a->family == ADDR_V4 && !a->scope)
		return text_v4(a->ip, buf);
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
	return addr_same_host(a, b) && a->port == b->port;
}

bool addr_same_host(const struct addr *a, const struct addr *b)
{
	return a->family == b->family && a->scope == b->scope &&
	       memcmp(a->ip, b->ip, ip_size(a)) == 0;
}

struct span addr_octets(const struct addr *a)
{
	return (struct span){ a->ip, ip_size(a) };
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

/* RFC 4291 2.5.5.2: ::ffff:0:0/96, where an IPv6 socket shows IPv4 hosts. */
static bool is_mapped(const uint8_t *ip)
{
	static const uint8_t prefix[12] = { [10] = 0xff, [11] = 0xff };

	return memcmp(ip, prefix, sizeof(prefix)) == 0;
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
