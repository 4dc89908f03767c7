/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Captured packets, layer by layer: each reader takes a header off and says what comes next. */
#include "intake/packet.h"

#include <netinet/in.h>
#include <string.h>

#include "base/err.h"

enum {
	TAGS_MOST = 4,	     /* VLAN tags on a frame; IEEE 802.1ad has two */
	EXTENSIONS_MOST = 8, /* RFC 8200 4.1: each kind once, destination options twice */
	V4_HEADER = 20,	     /* RFC 791 3.1 */
	V6_HEADER = 40,	     /* RFC 8200 3 */
	UDP_HEADER = 8,	     /* RFC 768 */
	TCP_HEADER = 20,     /* RFC 9293 3.1 */
	ICMP_HEADER = 8,
	V4_OFFSET = 0x1fff, /* RFC 791 3.1 */
	V4_MORE = 0x2000,
	V6_OFFSET = 0xfff8, /* RFC 8200 4.5 */
	V6_MORE = 1,
	TYPE_IPV4 = 0x0800, /* IEEE 802 numbers */
	TYPE_IPV6 = 0x86dd,
};

/* What is left to read, and what is known of it. */
struct reader {
	struct span s;
	bool cut;     /* s is not all that was sent */
	bool quote;   /* inside an ICMP error: lengths speak of what is not there */
	uint8_t next; /* IPPROTO_x of s */
	struct addr from, to;
	struct packet_part part;
};

static uint16_t number(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static void skip(struct reader *r, size_t n)
{
	r->s.p += n;
	r->s.n -= n;
}

/* What follows is n octets long, whatever else was captured: padding of short frames. */
static void bound(struct reader *r, size_t n)
{
	if (r->s.n < n)
		r->cut = true;
	else
		r->s.n = n;
}

static struct addr address(uint8_t family, const uint8_t *p)
{
	struct addr a = { .family = family };

	memcpy(a.ip, p, family == ADDR_V6 ? 16 : 4);
	return a;
}

/*
 * Readers of IP return PACKET_UDP when there is more to read: r->next says what.
 * A length of 0: the card cuts the packet into segments later; it is as long as the capture says.
 */
static enum packet_kind read_v4(struct reader *r)
{
	const uint8_t *p = r->s.p;
	size_t header, length;
	uint16_t fragment;

	if (r->s.n < V4_HEADER)
		return PACKET_DAMAGED;
	header = 4 * (p[0] & 15U);
	length = number(p + 2);
	if (header < V4_HEADER || header > r->s.n || (!r->quote && length && length < header))
		return PACKET_DAMAGED;
	fragment = number(p + 6);
	r->next = p[9];
	r->from = address(ADDR_V4, p + 12);
	r->to = address(ADDR_V4, p + 16);
	if (fragment & (V4_OFFSET | V4_MORE))
		r->part = (struct packet_part){ true, r->next, number(p + 4) };
	skip(r, header);
	if (fragment & V4_OFFSET)
		return PACKET_LATER;
	if (length && !r->quote)
		bound(r, length - header);
	r->cut = r->cut || fragment & V4_MORE;
	return PACKET_UDP;
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

/* Octets of the extension header that begins s; 0: next is none. */
static size_t extension(const struct reader *r)
{
	for (size_t i = 0; i < ARRAY_LEN(extensions); i++)
		if (extensions[i].kind == r->next)
			return 8 + (size_t)extensions[i].unit * (r->s.n > 1 ? r->s.p[1] : 0);
	return 0;
}

static enum packet_kind read_extensions(struct reader *r)
{
	for (int i = 0; i < EXTENSIONS_MOST; i++) {
		const uint8_t *p = r->s.p;
		size_t n = extension(r);
		uint8_t kind = r->next;

		if (!n)
			return PACKET_UDP;
		if (n > r->s.n)
			return PACKET_DAMAGED;
		r->next = p[0];
		skip(r, n);
		if (kind != IPPROTO_FRAGMENT)
			continue;
		/* Later ones have not the first one's headers: no protocol to compare. */
		if (number(p + 2) & (V6_OFFSET | V6_MORE))
			r->part = (struct packet_part){ true, 0,
				(uint32_t)number(p + 4) << 16 | number(p + 6) };
		if (number(p + 2) & V6_OFFSET)
			return PACKET_LATER;
		r->cut = r->cut || number(p + 2) & V6_MORE;
	}
	return PACKET_OTHER;
}

static enum packet_kind read_v6(struct reader *r)
{
	const uint8_t *p = r->s.p;

	if (r->s.n < V6_HEADER)
		return PACKET_DAMAGED;
	r->next = p[6];
	r->from = address(ADDR_V6, p + 8);
	r->to = address(ADDR_V6, p + 24);
	skip(r, V6_HEADER);
	if (number(p + 4) && !r->quote)
		bound(r, number(p + 4));
	return read_extensions(r);
}

static enum packet_kind read_ip(struct reader *r)
{
	if (!r->s.n)
		return PACKET_DAMAGED;
	if (r->s.p[0] >> 4 == 4)
		return read_v4(r);
	return r->s.p[0] >> 4 == 6 ? read_v6(r) : PACKET_OTHER;
}

/* Link layers: octets before the IP header; 0: this is not IP. False: not even that is there. */

/* Customer and provider tags (IEEE 802.1Q, 802.1ad), and one from before the standard. */
static bool is_tag(uint16_t type)
{
	return type == 0x8100 || type == 0x88a8 || type == 0x9100;
}

static bool link_tagged(struct span s, size_t at, size_t *ret)
{
	for (int i = 0; i <= TAGS_MOST; i++, at += 4) {
		uint16_t type;

		if (s.n < at + 2)
			return false;
		type = number(s.p + at);
		*ret = type == TYPE_IPV4 || type == TYPE_IPV6 ? at + 2 : 0;
		if (!is_tag(type))
			return true;
	}
	return true;
}

static bool link_ethernet(struct span s, size_t *ret)
{
	return link_tagged(s, 12, ret);
}

/* https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL.html: the protocol ends the header. */
static bool link_sll(struct span s, size_t *ret)
{
	return link_tagged(s, 14, ret);
}

/* https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL2.html: the protocol begins it. */
static bool link_sll2(struct span s, size_t *ret)
{
	uint16_t type;

	if (s.n < 20)
		return false;
	type = number(s.p);
	*ret = type == TYPE_IPV4 || type == TYPE_IPV6 ? 20 : 0;
	/* The 2 octets of a tag come behind the header, and the type behind them. */
	return is_tag(type) ? link_tagged(s, 22, ret) : true;
}

/* The family's number differs by system, and its order by machine; the IP header tells as well. */
static bool link_family(struct span s, size_t *ret)
{
	*ret = 4;
	return s.n >= 4;
}

static const struct {
	int link;
	bool (*read)(struct span s, size_t *ret); /* NULL: there is no header */
} links[] = {
	{ PACKET_LINK_NULL, link_family },
	{ PACKET_LINK_ETHERNET, link_ethernet },
	{ PACKET_LINK_RAW, NULL },
	{ PACKET_LINK_RAW_FILE, NULL },
	{ PACKET_LINK_LOOP, link_family },
	{ PACKET_LINK_SLL, link_sll },
	{ PACKET_LINK_IPV4, NULL },
	{ PACKET_LINK_IPV6, NULL },
	{ PACKET_LINK_SLL2, link_sll2 },
};

static enum packet_kind read_link(struct reader *r, int link)
{
	for (size_t i = 0; i < ARRAY_LEN(links); i++) {
		size_t n = 0;

		if (links[i].link != link)
			continue;
		if (!links[i].read)
			return PACKET_UDP;
		if (!links[i].read(r->s, &n) || n > r->s.n)
			return PACKET_DAMAGED;
		skip(r, n);
		return n ? PACKET_UDP : PACKET_OTHER;
	}
	return PACKET_OTHER;
}

static enum packet_kind read_udp(struct reader *r, struct packet *ret)
{
	const uint8_t *p = r->s.p;

	if (r->s.n < UDP_HEADER)
		return PACKET_DAMAGED;
	ret->from.port = number(p);
	ret->to.port = number(p + 2);
	/* RFC 2675 4: 0 in jumbograms, which DNS has none of. */
	if (number(p + 4) < UDP_HEADER)
		return PACKET_DAMAGED;
	skip(r, UDP_HEADER);
	bound(r, number(p + 4) - (size_t)UDP_HEADER);
	return PACKET_UDP;
}

static enum packet_kind read_tcp(struct reader *r, struct packet *ret)
{
	const uint8_t *p = r->s.p;
	size_t header;

	if (r->s.n < TCP_HEADER)
		return PACKET_DAMAGED;
	header = 4 * (size_t)(p[12] >> 4);
	if (header < TCP_HEADER || (header > r->s.n && !r->cut))
		return PACKET_DAMAGED;
	ret->from.port = number(p);
	ret->to.port = number(p + 2);
	ret->flags = p[13];
	ret->seq = (uint32_t)number(p + 4) << 16 | number(p + 6);
	skip(r, header < r->s.n ? header : r->s.n);
	return PACKET_TCP;
}

/* Type and code of errors that end a packet's way, or do not. */
static const struct {
	uint8_t protocol, type;
	int code; /* -1: any */
	enum packet_kind kind;
} errors[] = {
	{ IPPROTO_ICMP, 3, 4, PACKET_TOO_BIG }, /* RFC 792; RFC 1191 4: fragmentation needed */
	{ IPPROTO_ICMP, 3, -1, PACKET_ICMP },
	{ IPPROTO_ICMP, 11, -1, PACKET_ICMP },
	{ IPPROTO_ICMP, 12, -1, PACKET_ICMP },
	{ IPPROTO_ICMPV6, 1, -1, PACKET_ICMP }, /* RFC 4443 */
	{ IPPROTO_ICMPV6, 2, -1, PACKET_TOO_BIG },
	{ IPPROTO_ICMPV6, 3, -1, PACKET_ICMP },
	{ IPPROTO_ICMPV6, 4, -1, PACKET_ICMP },
};

static enum packet_kind error_kind(uint8_t protocol, const uint8_t *p)
{
	for (size_t i = 0; i < ARRAY_LEN(errors); i++)
		if (errors[i].protocol == protocol && errors[i].type == p[0] &&
			(errors[i].code < 0 || errors[i].code == p[1]))
			return errors[i].kind;
	return PACKET_OTHER;
}

/* Ports are in the 8 octets that RFC 792 asks for; the id behind them is not always. */
static enum packet_kind read_quote(struct reader *r, struct packet_quote *ret)
{
	enum packet_kind kind;

	r->quote = true;
	kind = read_ip(r);
	if (kind != PACKET_UDP)
		return kind == PACKET_DAMAGED ? kind : PACKET_OTHER;
	if (r->next != IPPROTO_UDP && r->next != IPPROTO_TCP)
		return PACKET_OTHER;
	if (r->s.n < UDP_HEADER)
		return PACKET_DAMAGED;
	ret->tcp = r->next == IPPROTO_TCP;
	ret->from = r->from;
	ret->to = r->to;
	ret->from.port = number(r->s.p);
	ret->to.port = number(r->s.p + 2);
	ret->has_id = !ret->tcp && r->s.n >= UDP_HEADER + 2;
	ret->id = ret->has_id ? number(r->s.p + UDP_HEADER) : 0;
	return PACKET_ICMP;
}

static enum packet_kind read_icmp(struct reader *r, struct packet *ret)
{
	enum packet_kind kind, quoted;

	if (r->s.n < ICMP_HEADER)
		return PACKET_DAMAGED;
	kind = error_kind(r->next, r->s.p);
	if (kind == PACKET_OTHER)
		return kind;
	skip(r, ICMP_HEADER);
	quoted = read_quote(r, &ret->quote);
	return quoted == PACKET_ICMP ? kind : quoted;
}

static const struct {
	uint8_t protocol, family;
	enum packet_kind (*read)(struct reader *r, struct packet *ret);
} transports[] = {
	{ IPPROTO_UDP, ADDR_NONE, read_udp },
	{ IPPROTO_TCP, ADDR_NONE, read_tcp },
	{ IPPROTO_ICMP, ADDR_V4, read_icmp },
	{ IPPROTO_ICMPV6, ADDR_V6, read_icmp },
};

static enum packet_kind read_transport(struct reader *r, struct packet *ret)
{
	for (size_t i = 0; i < ARRAY_LEN(transports); i++)
		if (transports[i].protocol == r->next &&
			(!transports[i].family || transports[i].family == r->from.family))
			return transports[i].read(r, ret);
	return PACKET_OTHER;
}

enum packet_kind packet_read(const struct packet_raw *raw, struct packet *ret)
{
	struct reader r = { .s = raw->bytes };
	struct packet p = { 0 };
	enum packet_kind kind = read_link(&r, raw->link);

	if (kind == PACKET_UDP)
		kind = read_ip(&r);
	if (kind != PACKET_UDP && kind != PACKET_LATER)
		return kind;
	p.from = r.from;
	p.to = r.to;
	p.part = r.part;
	if (kind != PACKET_LATER)
		kind = read_transport(&r, &p);
	if (kind >= PACKET_OTHER)
		return kind;
	if (kind == PACKET_UDP || kind == PACKET_TCP)
		p.payload = r.s;
	p.cut = r.cut;
	*ret = p;
	return kind;
}
