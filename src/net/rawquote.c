/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Quotes in ICMP errors, octet by octet; everything in them was chosen by somebody else. */
#include "net/rawquote.h"

#include <netinet/in.h>
#include <string.h>

#include "base/err.h"

enum {
	V4_HEADER = 20, /* RFC 791 3.1, without options */
	V6_HEADER = 40, /* RFC 8200 3 */
	ICMP_HEADER = 8,
	UDP_HEADER = 8,
	DNS_HEADER = 12,
	EXTENSIONS_MOST = 4,   /* headers between IPv6 and UDP: none of ours has any */
	V4_UNREACHABLE = 3,    /* RFC 792 */
	V4_TIME_EXCEEDED = 11, /* RFC 792 */
	V6_UNREACHABLE = 1,    /* RFC 4443 3.1 */
	V6_TIME_EXCEEDED = 3,  /* RFC 4443 3.3 */
	V4_FRAGMENT = 0x1fff,  /* RFC 791 3.1: offset */
	V6_FRAGMENT = 0xfff8,  /* RFC 8200 4.5: offset */
};

static uint16_t number(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static struct span rest(struct span s, size_t n)
{
	return (struct span){ s.p + n, s.n - n };
}

/*
 * RFC 4884 4: an error may say how long the quote is, in words of so many octets, and go on behind
 * it; 0: the quote is all the rest. False when it says more than there is.
 */
static bool cut(struct span *quote, size_t words, size_t word)
{
	if (words * word > quote->n)
		return false;
	if (words)
		quote->n = words * word;
	return true;
}

/* The UDP header and what follows. */
static bool read_udp(struct span s, struct rawquote *q)
{
	if (s.n < UDP_HEADER + 2 || number(s.p + 4) < UDP_HEADER + DNS_HEADER)
		return false;
	q->from.port = number(s.p);
	q->to.port = number(s.p + 2);
	q->id = number(s.p + UDP_HEADER);
	return q->from.port && q->to.port;
}

static struct addr address(uint8_t family, const uint8_t *p)
{
	struct addr a = { .family = family };

	memcpy(a.ip, p, family == ADDR_V6 ? 16 : 4);
	return a;
}

/* A quoted IPv4 header. Its total length is not looked at: there are routers that spoil it. */
static bool read_inner_v4(struct span s, struct rawquote *q)
{
	size_t header;

	if (s.n < V4_HEADER || s.p[0] >> 4 != 4)
		return false;
	header = 4 * (s.p[0] & 15U);
	if (header < V4_HEADER || header > s.n || s.p[9] != IPPROTO_UDP ||
		number(s.p + 6) & V4_FRAGMENT)
		return false;
	q->from = address(ADDR_V4, s.p + 12);
	q->to = address(ADDR_V4, s.p + 16);
	return read_udp(rest(s, header), q);
}

/* Extension headers: 8 octets, and as many units more as the second octet says. */
static const struct {
	uint8_t kind, unit;
} extensions[] = {
	{ IPPROTO_HOPOPTS, 8 }, /* RFC 8200 4.3 */
	{ IPPROTO_ROUTING, 8 },
	{ IPPROTO_DSTOPTS, 8 },
	{ IPPROTO_AH, 4 }, /* RFC 4302 2.2 */
	{ IPPROTO_FRAGMENT, 0 },
};

/* Octets of the extension header that begins s; 0: none that is known, or of a later fragment. */
static size_t extension(uint8_t kind, struct span s)
{
	if (s.n < 8 || (kind == IPPROTO_FRAGMENT && number(s.p + 2) & V6_FRAGMENT))
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(extensions); i++)
		if (extensions[i].kind == kind)
			return 8 + (size_t)extensions[i].unit * s.p[1];
	return 0;
}

static bool read_inner_v6(struct span s, struct rawquote *q)
{
	uint8_t kind;

	if (s.n < V6_HEADER || s.p[0] >> 4 != 6)
		return false;
	kind = s.p[6];
	q->from = address(ADDR_V6, s.p + 8);
	q->to = address(ADDR_V6, s.p + 24);
	s = rest(s, V6_HEADER);
	for (int i = 0; i < EXTENSIONS_MOST && kind != IPPROTO_UDP; i++) {
		size_t n = extension(kind, s);

		if (!n || n > s.n)
			return false;
		kind = s.p[0];
		s = rest(s, n);
	}
	return kind == IPPROTO_UDP && read_udp(s, q);
}

/* RFC 1071: the sum of all words of a message with its checksum is -0. */
static bool sums_up(struct span s)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < s.n; i++)
		sum += i % 2 ? s.p[i] : (uint32_t)s.p[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum == 0xffff;
}

bool rawquote_read_v4(struct span packet, struct rawquote *ret)
{
	struct rawquote q = { 0 };
	struct span s = packet;
	size_t header;

	if (s.n < V4_HEADER || s.n > UINT16_MAX || s.p[0] >> 4 != 4)
		return false;
	header = 4 * (s.p[0] & 15U);
	if (header < V4_HEADER || header + ICMP_HEADER > s.n || s.p[9] != IPPROTO_ICMP ||
		number(s.p + 2) != s.n)
		return false;
	s = rest(s, header);
	/* The kernel hands raw sockets what it has not summed up yet. */
	if ((s.p[0] != V4_UNREACHABLE && s.p[0] != V4_TIME_EXCEEDED) || !sums_up(s))
		return false;
	q.type = s.p[0];
	q.code = s.p[1];
	header = s.p[5];
	s = rest(s, ICMP_HEADER);
	if (!cut(&s, header, 4) || !read_inner_v4(s, &q))
		return false;
	*ret = q;
	return true;
}

bool rawquote_read_v6(struct span message, struct rawquote *ret)
{
	struct rawquote q = { 0 };
	struct span s = message;
	size_t words;

	if (s.n < ICMP_HEADER || (s.p[0] != V6_UNREACHABLE && s.p[0] != V6_TIME_EXCEEDED))
		return false;
	q.type = s.p[0];
	q.code = s.p[1];
	words = s.p[4];
	s = rest(s, ICMP_HEADER);
	if (!cut(&s, words, 8) || !read_inner_v6(s, &q))
		return false;
	*ret = q;
	return true;
}
