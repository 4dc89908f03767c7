/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Packets of all link types, whole, cut and broken. */
#include "intake/packet.h"

#include <stdlib.h>

#include "base/err.h"
#include "intake/test_packet.h"
#include "prop.h"
#include "tap.h"

#define V4 ((struct ends){ "192.0.2.1#40000", "198.51.100.4#53" })
#define V6 ((struct ends){ "2001:db8::1#40000", "2001:db8::4#53" })

static const struct span hello = { (const uint8_t *)"hello", 5 };

static enum packet_kind read_raw(struct span s, struct packet *ret)
{
	return packet_read(&(struct packet_raw){ PACKET_LINK_RAW, 0, s }, ret);
}

static bool is_hello(const struct packet *p, struct ends e)
{
	struct addr from = test_addr(e.from), to = test_addr(e.to);

	return addr_equal(&p->from, &from) && addr_equal(&p->to, &to) && p->payload.n == 5 &&
	       memcmp(p->payload.p, "hello", 5) == 0 && !p->cut;
}

/* Octets before an IPv4 packet; the second row of each is no IP. */
static const struct link_row {
	const char *name;
	int link;
	const char *header;
	size_t n;
	enum packet_kind kind;
} link_rows[] = {
	{ "raw", PACKET_LINK_RAW, "", 0, PACKET_UDP },
	{ "raw in files", PACKET_LINK_RAW_FILE, "", 0, PACKET_UDP },
	{ "IPv4", PACKET_LINK_IPV4, "", 0, PACKET_UDP },
	{ "null, little end first", PACKET_LINK_NULL, "\2\0\0\0", 4, PACKET_UDP },
	{ "loop", PACKET_LINK_LOOP, "\0\0\0\2", 4, PACKET_UDP },
	{ "Ethernet", PACKET_LINK_ETHERNET, "ddddddssssss\x08\0", 14, PACKET_UDP },
	{ "a tag", PACKET_LINK_ETHERNET, "ddddddssssss\x81\0\0\7\x08\0", 18, PACKET_UDP },
	{ "two tags", PACKET_LINK_ETHERNET, "ddddddssssss\x88\xa8\0\7\x81\0\0\7\x08\0", 22,
		PACKET_UDP },
	{ "ARP", PACKET_LINK_ETHERNET, "ddddddssssss\x08\6", 14, PACKET_OTHER },
	{ "a length", PACKET_LINK_ETHERNET, "ddddddssssss\0\x40", 14, PACKET_OTHER },
	{ "SLL", PACKET_LINK_SLL, "\0\4\0\1\0\6ssssss\0\0\x08\0", 16, PACKET_UDP },
	{ "SLL with a tag", PACKET_LINK_SLL, "\0\4\0\1\0\6ssssss\0\0\x81\0\0\7\x08\0", 20,
		PACKET_UDP },
	{ "SLL of ARP", PACKET_LINK_SLL, "\0\4\0\1\0\6ssssss\0\0\x08\6", 16, PACKET_OTHER },
	{ "SLL2", PACKET_LINK_SLL2, "\x08\0\0\0\0\0\0\2\0\1\4\6ssssss\0\0", 20, PACKET_UDP },
	{ "SLL2 with a tag", PACKET_LINK_SLL2, "\x81\0\0\0\0\0\0\2\0\1\4\6ssssss\0\0\0\7\x08\0", 24,
		PACKET_UDP },
	{ "SLL2 of ARP", PACKET_LINK_SLL2, "\x08\6\0\0\0\0\0\2\0\1\4\6ssssss\0\0", 20,
		PACKET_OTHER },
	{ "an unknown link type", 147, "", 0, PACKET_OTHER },
};

static void links(struct arena *a)
{
	struct span ip = test_udp(a, V4, hello);

	for (size_t i = 0; i < ARRAY_LEN(link_rows); i++) {
		const struct link_row *r = &link_rows[i];
		struct buf b = { .arena = a };
		struct packet p;
		enum packet_kind kind;

		buf_put(&b, r->header, r->n);
		buf_put(&b, ip.p, ip.n);
		buf_str(&b, "padding");
		kind = packet_read(&(struct packet_raw){ r->link, 0, buf_span(&b) }, &p);
		ok(kind == r->kind && (kind != PACKET_UDP || is_hello(&p, V4)), "link: %s",
			r->name);
		kind = packet_read(
			&(struct packet_raw){ r->link, 0, { (const uint8_t *)b.p, r->n / 2 } }, &p);
		ok(kind == PACKET_DAMAGED || kind == PACKET_OTHER, "link: %s, cut in its header",
			r->name);
	}
}

/* Puts a fragment header before what an IPv6 packet carries. */
static struct span fragment_v6(struct arena *a, struct span ip, uint16_t where)
{
	struct buf b = { .arena = a };

	buf_put(&b, ip.p, 40);
	b.p[6] = 44;
	b.p[5] = (char)(b.p[5] + 8);
	buf_u16(&b, 0x1100);
	buf_u16(&b, where);
	buf_u32(&b, 7);
	buf_put(&b, ip.p + 40, ip.n - 40);
	return buf_span(&b);
}

static struct span with(struct arena *a, struct span s, size_t at, uint16_t value)
{
	uint8_t *copy = arena_dup(a, s.p, s.n);

	copy[at] = (uint8_t)(value >> 8);
	copy[at + 1] = (uint8_t)value;
	return (struct span){ copy, s.n };
}

static void fragments(struct arena *a)
{
	struct span v4 = test_udp(a, V4, hello), v6 = test_udp(a, V6, hello);
	struct packet p = { 0 };

	ok(read_raw(with(a, v4, 6, 0x4000), &p) == PACKET_UDP && !p.cut, "do not fragment");
	ok(read_raw(with(a, v4, 6, 0x2000), &p) == PACKET_UDP && p.cut && p.payload.n == 5,
		"a first fragment is cut");
	ok(p.part.is && p.part.number == 0x1234 && p.part.protocol == 17, "and says of what");
	ok(read_raw(with(a, v4, 6, 0x2001), &p) == PACKET_LATER, "a later one");
	ok(p.part.is && p.part.number == 0x1234 && p.part.protocol == 17 && p.from.port == 0 &&
			p.to.port == 0 && p.to.family == ADDR_V4,
		"with the same number, and no ports");
	ok(read_raw(with(a, v4, 6, 0x0001), &p) == PACKET_LATER, "the last one");
	ok(read_raw(fragment_v6(a, v6, 0), &p) == PACKET_UDP && is_hello(&p, V6),
		"IPv6: a fragment of one");
	ok(read_raw(fragment_v6(a, v6, 1), &p) == PACKET_UDP && p.cut, "IPv6: the first of more");
	ok(read_raw(fragment_v6(a, v6, 9), &p) == PACKET_LATER, "IPv6: a later one");
}

static void lengths(struct arena *a)
{
	struct span v4 = test_udp(a, V4, hello), v6 = test_udp(a, V6, hello);
	struct packet p = { 0 };
	struct span s;

	ok(read_raw(v4, &p) == PACKET_UDP && is_hello(&p, V4), "IPv4");
	ok(read_raw(v6, &p) == PACKET_UDP && is_hello(&p, V6), "IPv6");
	s = (struct span){ v4.p, v4.n - 3 };
	ok(read_raw(s, &p) == PACKET_UDP && p.cut && p.payload.n == 2,
		"snap length in the payload");
	ok(read_raw((struct span){ v4.p, 27 }, &p) == PACKET_DAMAGED, "and in the UDP header");
	ok(read_raw((struct span){ v6.p, 39 }, &p) == PACKET_DAMAGED, "and in the IP header");
	ok(read_raw((struct span){ v4.p, 0 }, &p) == PACKET_DAMAGED, "and before it");
	ok(read_raw(with(a, v4, 2, 0), &p) == PACKET_UDP && is_hello(&p, V4),
		"a length that the card will set");
	ok(read_raw(with(a, v4, 2, 19), &p) == PACKET_DAMAGED, "a length below the header's");
	ok(read_raw(with(a, v4, 0, 0x4400), &p) == PACKET_DAMAGED, "a header below 20 octets");
	ok(read_raw(with(a, v4, 0, 0x4f00), &p) == PACKET_DAMAGED, "options beyond the end");
	ok(read_raw(with(a, v4, 24, 7), &p) == PACKET_DAMAGED, "a UDP length below its header's");
	ok(read_raw(with(a, v4, 24, 500), &p) == PACKET_UDP && p.cut, "and beyond the packet");
	ok(read_raw(with(a, v4, 24, 10), &p) == PACKET_UDP && p.payload.n == 2 && !p.cut,
		"and within");
	ok(read_raw(with(a, v4, 0, 0x3500), &p) == PACKET_OTHER, "version 3");
	ok(read_raw(with(a, v4, 8, 0x4084), &p) == PACKET_OTHER, "SCTP");
	ok(read_raw(with(a, v4, 8, 0x403a), &p) == PACKET_OTHER, "ICMPv6 in IPv4");
}

static void segments(struct arena *a)
{
	struct packet p = { 0 };
	struct span s = test_tcp(a, V6, PACKET_SYN, (struct span){ 0 });

	ok(read_raw(s, &p) == PACKET_TCP && p.flags == PACKET_SYN && p.payload.n == 0, "SYN");
	ok(read_raw(test_tcp(a, V4, PACKET_ACK, hello), &p) == PACKET_TCP && is_hello(&p, V4),
		"data behind an option");
	s = test_tcp(a, V4, PACKET_ACK, hello);
	ok(read_raw((struct span){ s.p, 42 }, &p) == PACKET_TCP && p.cut && p.payload.n == 0,
		"snap length in the options");
	ok(read_raw((struct span){ s.p, 39 }, &p) == PACKET_DAMAGED, "and in the header");
	ok(read_raw(with(a, s, 32, 0x4010), &p) == PACKET_DAMAGED, "a header below 20 octets");
}

static const struct error_row {
	const char *name;
	uint16_t kind;
	size_t quoted; /* octets; 0: all */
	enum packet_kind v4, v6;
	bool has_id;
} error_rows[] = {
	{ "port unreachable (v4)", 0x0303, 0, PACKET_ICMP, PACKET_ICMP, true },
	{ "fragmentation needed (v4)", 0x0304, 0, PACKET_TOO_BIG, PACKET_ICMP, true },
	{ "port unreachable (v6)", 0x0104, 0, PACKET_OTHER, PACKET_ICMP, true },
	{ "packet too big (v6)", 0x0200, 0, PACKET_OTHER, PACKET_TOO_BIG, true },
	{ "time exceeded (v4)", 0x0b00, 0, PACKET_ICMP, PACKET_OTHER, true },
	{ "echo reply", 0x0000, 0, PACKET_OTHER, PACKET_OTHER, true },
	{ "the least of a quote (v4)", 0x0303, 28, PACKET_ICMP, PACKET_DAMAGED, false },
	{ "less than that", 0x0303, 27, PACKET_DAMAGED, PACKET_DAMAGED, false },
	{ "the least of a quote (v6)", 0x0104, 48, PACKET_OTHER, PACKET_ICMP, false },
};

static void errors(struct arena *a)
{
	static const struct ends routers[] = { { "192.0.2.9", "192.0.2.1" },
		{ "2001:db8::9", "2001:db8::1" } };

	for (size_t i = 0; i < 2 * ARRAY_LEN(error_rows); i++) {
		const struct error_row *r = &error_rows[i / 2];
		struct ends e = i % 2 ? V6 : V4;
		struct span q = test_udp(a, e, test_message(a, 77, "live.com", 0));
		struct addr from = test_addr(e.from);
		struct packet p = { 0 };
		enum packet_kind kind;

		q.n = r->quoted ? r->quoted : q.n;
		kind = read_raw(test_icmp(a, routers[i % 2], r->kind, q), &p);
		ok(kind == (i % 2 ? r->v6 : r->v4) &&
				((kind != PACKET_ICMP && kind != PACKET_TOO_BIG) ||
					(addr_equal(&p.quote.from, &from) && !p.quote.tcp &&
						p.quote.to.port == 53 &&
						(i % 2 || (p.quote.has_id == r->has_id &&
								  (!r->has_id ||
									  p.quote.id == 77))))),
			"%s in IPv%d", r->name, i % 2 ? 6 : 4);
	}
}

/* What is cut anywhere is read to there; what is changed anywhere is still read within bounds. */
static bool case_noise(struct rng *r)
{
	struct arena *a = arena_new();
	struct span s =
		rng_below(r, 2)
			? test_udp(a, V4, test_message(a, 1, "live.com", 0))
			: test_icmp(a, (struct ends){ "2001:db8::9", "2001:db8::1" }, 0x0100,
				  test_udp(a, V6, test_message(a, 1, "live.com", 0)));
	size_t n = rng_below(r, (uint32_t)s.n + 1);
	uint8_t *exact = malloc(n + !n);
	struct packet p = { 0 };
	enum packet_kind kind;
	bool good;

	memcpy(exact, s.p, n);
	for (int i = 0; n && i < 3; i++)
		exact[rng_below(r, (uint32_t)n)] = (uint8_t)rng_u64(r);
	kind = read_raw((struct span){ exact, n }, &p);
	good = kind < PACKET_KINDS &&
	       (kind == PACKET_ICMP || kind > PACKET_ICMP ||
		       (p.payload.p >= exact && p.payload.p + p.payload.n <= exact + n));
	free(exact);
	arena_free(a);
	return good;
}

int main(void)
{
	struct arena *a = arena_new();

	links(a);
	fragments(a);
	lengths(a);
	segments(a);
	errors(a);
	prop("noise stays within bounds", case_noise, 5000);
	arena_free(a);
	return tap_done();
}
