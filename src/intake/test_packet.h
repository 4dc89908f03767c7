/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Packets for tests, built octet by octet; checksums are 0, which nobody here looks at. */
#ifndef INTAKE_TEST_PACKET_H
#define INTAKE_TEST_PACKET_H

#include "dns/query.h"
#include "dns/rr.h"
#include "intake/packet.h"

/* Between whom: "192.0.2.1#1000". */
struct ends {
	const char *from, *to;
};

__attribute__((unused)) static struct addr test_addr(const char *text)
{
	struct addr a = { 0 };

	addr_parse_port(text, &a);
	return a;
}

/* An IP header of the family of the ends, before what it carries. */
__attribute__((unused)) static struct span test_ip(
	struct arena *a, struct ends e, uint8_t protocol, struct span inner)
{
	struct addr from = test_addr(e.from), to = test_addr(e.to);
	struct buf b = { .arena = a };

	if (from.family == ADDR_V4) {
		buf_u16(&b, 0x4500);
		buf_u16(&b, (uint16_t)(20 + inner.n));
		buf_u32(&b, 0x12340000);
		buf_u8(&b, 64);
		buf_u8(&b, protocol);
		buf_u16(&b, 0);
	} else {
		buf_u32(&b, 0x60000000);
		buf_u16(&b, (uint16_t)inner.n);
		buf_u8(&b, protocol);
		buf_u8(&b, 64);
	}
	buf_put(&b, from.ip, addr_octets(&from).n);
	buf_put(&b, to.ip, addr_octets(&to).n);
	buf_put(&b, inner.p, inner.n);
	return buf_span(&b);
}

__attribute__((unused)) static struct span test_udp(
	struct arena *a, struct ends e, struct span payload)
{
	struct buf b = { .arena = a };

	buf_u16(&b, test_addr(e.from).port);
	buf_u16(&b, test_addr(e.to).port);
	buf_u16(&b, (uint16_t)(8 + payload.n));
	buf_u16(&b, 0);
	buf_put(&b, payload.p, payload.n);
	return test_ip(a, e, 17, buf_span(&b));
}

__attribute__((unused)) static struct span test_tcp(
	struct arena *a, struct ends e, uint8_t flags, struct span payload)
{
	struct buf b = { .arena = a };

	buf_u16(&b, test_addr(e.from).port);
	buf_u16(&b, test_addr(e.to).port);
	buf_u32(&b, 1);
	buf_u32(&b, 1);
	buf_u8(&b, 0x60); /* 24 octets: an option */
	buf_u8(&b, flags);
	buf_u16(&b, 512);
	buf_u32(&b, 0);
	buf_u32(&b, 0x020405b4);
	buf_put(&b, payload.p, payload.n);
	return test_ip(a, e, 6, buf_span(&b));
}

/* An error of a type and code (type << 8 | code) about a packet. */
__attribute__((unused)) static struct span test_icmp(
	struct arena *a, struct ends e, uint16_t kind, struct span quoted)
{
	struct buf b = { .arena = a };

	buf_u16(&b, kind);
	buf_u16(&b, 0);
	buf_u32(&b, 0);
	buf_put(&b, quoted.p, quoted.n);
	return test_ip(a, e, test_addr(e.from).family == ADDR_V4 ? 1 : 58, buf_span(&b));
}

/* A query for the name's A records with EDNS; flags FLAG_QR make it the reply to that. */
__attribute__((unused)) static struct span test_message(
	struct arena *a, uint16_t id, const char *name, uint16_t flags)
{
	struct buf b = { .arena = a };
	struct name n;

	name_parse(name, &n);
	query_build(&b, &shape_iterative, &(struct question){ &n, RR_A, CLASS_IN }, id);
	b.p[2] = (char)((uint8_t)b.p[2] | flags >> 8);
	b.p[3] = (char)((uint8_t)b.p[3] | (flags & 0xff));
	return buf_span(&b);
}

/* With its length before it, for TCP. */
__attribute__((unused)) static struct span test_framed(struct arena *a, struct span message)
{
	struct buf b = { .arena = a };

	buf_u16(&b, (uint16_t)message.n);
	buf_put(&b, message.p, message.n);
	return buf_span(&b);
}

#endif
