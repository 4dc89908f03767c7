/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Quotes in ICMP errors: good ones, and good ones spoilt in one octet or cut anywhere. */
#include "net/rawquote.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "tap.h"

enum { PACKET_MOST = 128, PAYLOAD = 20, SENDER = 41000, ID = 0xbeef };

struct packet {
	uint8_t p[PACKET_MOST];
	size_t n;
};

static void put(struct packet *k, const void *p, size_t n)
{
	memcpy(k->p + k->n, p, n);
	k->n += n;
}

/* The checksum of a message whose own is 0 (RFC 1071). */
static void sum_up(uint8_t *p, size_t n)
{
	uint32_t sum = 0;

	p[2] = p[3] = 0;
	for (size_t i = 0; i < n; i++)
		sum += i % 2 ? p[i] : (uint32_t)p[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	p[2] = (uint8_t)(~sum >> 8);
	p[3] = (uint8_t)~sum;
}

/* A UDP header from SENDER to 53, and the header of a query. */
static void put_query(struct packet *k)
{
	const uint8_t udp[8] = { SENDER >> 8, SENDER & 0xff, 0, 53, 0, 8 + PAYLOAD };
	const uint8_t query[PAYLOAD] = { ID >> 8, ID & 0xff, 1, 0, 0, 1 };

	put(k, udp, sizeof(udp));
	put(k, query, sizeof(query));
}

/* words: of options in both IPv4 headers. */
static struct packet v4(size_t words)
{
	const uint8_t options[16] = { 1, 1, 1, 1 };
	uint8_t outer[20] = { (uint8_t)(0x45 + words), 0, 0, 0, 0, 0, 0, 0, 60, 1, 0, 0, 198, 51,
		100, 1, 192, 0, 2, 10 };
	const uint8_t icmp[8] = { 11, 0 };
	const uint8_t inner[20] = { (uint8_t)(0x45 + words), 0, 0, 48, 0, 0, 0x40, 0, 1, 17, 0, 0,
		192, 0, 2, 10, 203, 0, 113, 11 };
	struct packet k = { .n = 0 };

	put(&k, outer, sizeof(outer));
	put(&k, options, 4 * words);
	put(&k, icmp, sizeof(icmp));
	put(&k, inner, sizeof(inner));
	put(&k, options, 4 * words);
	put_query(&k);
	k.p[3] = (uint8_t)k.n;
	sum_up(k.p + 20 + 4 * words, k.n - 20 - 4 * words);
	return k;
}

/* kind: of an extension header before UDP; 0: none. */
static struct packet v6(uint8_t kind, size_t many)
{
	const uint8_t icmp[8] = { 3, 0 };
	uint8_t inner[40] = { 0x60, 0, 0, 0, 0, 28, kind ? kind : 17, 1, 0x20, 1, 0xd,
		0xb8, [23] = 10, [24] = 0x20, 1, 0xd, 0xb8, 0, 15, [39] = 11 };
	uint8_t extension[8] = { kind };
	struct packet k = { .n = 0 };

	put(&k, icmp, sizeof(icmp));
	put(&k, inner, sizeof(inner));
	for (size_t i = 0; kind && i < many; i++) {
		extension[0] = i + 1 < many ? kind : 17;
		put(&k, extension, sizeof(extension));
	}
	put_query(&k);
	return k;
}

static bool read(const struct packet *k, bool is_v6, struct rawquote *ret)
{
	/* Exactly as long as it is, so that a read beyond it is noticed. */
	uint8_t *copy = malloc(k->n ? k->n : 1);
	bool good;

	if (!copy)
		abort();
	memcpy(copy, k->p, k->n);
	good = (is_v6 ? rawquote_read_v6 : rawquote_read_v4)((struct span){ copy, k->n }, ret);
	free(copy);
	return good;
}

static bool is_ours(const struct rawquote *q, uint8_t type, const char *from)
{
	char text[ADDR_TEXT];

	return q->type == type && q->code == 0 && q->id == ID && q->to.port == 53 &&
	       strcmp(addr_text_port(&q->from, text), from) == 0;
}

static void good(void)
{
	static const struct {
		uint8_t kind;
		size_t many;
		bool read;
	} chains[] = { { 0, 0, true }, { 0, 0, true }, { 60, 1, true }, { 43, 4, true },
		{ 44, 1, true }, { 51, 2, true }, { 60, 5, false }, { 50, 1, false },
		{ 59, 1, false } };
	struct rawquote q;

	for (size_t words = 0; words < 4; words++) {
		struct packet k = v4(words);

		memset(&q, 0, sizeof(q));
		ok(read(&k, false, &q) && is_ours(&q, 11, "192.0.2.10#41000"),
			"IPv4, %zu words of options", words);
	}
	for (size_t i = 0; i < ARRAY_LEN(chains); i++) {
		struct packet k = v6(chains[i].kind, chains[i].many);
		bool got = read(&k, true, &q);

		ok(got == chains[i].read && (!got || is_ours(&q, 3, "2001:db8::a#41000")),
			"IPv6, %zu headers of kind %u", chains[i].many, chains[i].kind);
	}
}

/* One octet set to something else; -1: the octet there stays. */
struct spoilt {
	const char *name;
	bool v6;
	size_t at;
	uint8_t value;
	bool still_good;
};

static const struct spoilt rows[] = {
	{ "not IPv4", false, 0, 0x65, false },
	{ "header of 16 octets", false, 0, 0x44, false },
	{ "header as long as the packet", false, 0, 0x4f, false },
	{ "total length too small", false, 3, 50, false },
	{ "total length too large", false, 2, 1, false },
	{ "not ICMP", false, 9, 17, false },
	{ "echo reply", false, 20, 0, false },
	{ "destination unreachable", false, 20, 3, true },
	{ "source quench", false, 20, 4, false },
	{ "any code", false, 21, 13, true },
	{ "quote said to be 20 octets", false, 25, 5, false },
	{ "quote said to be 32 octets", false, 25, 8, true },
	{ "quote said to be longer than it is", false, 25, 200, false },
	{ "quoted: not IPv4", false, 28, 0x65, false },
	{ "quoted: header of 16 octets", false, 28, 0x44, false },
	{ "quoted: header of 60 octets", false, 28, 0x4f, false },
	{ "quoted: total length spoilt", false, 30, 0xff, true },
	{ "quoted: a later fragment", false, 35, 1, false },
	{ "quoted: more fragments", false, 34, 0x20, true },
	{ "quoted: TCP", false, 37, 6, false },
	{ "quoted: port 0", false, 51, 0, false },
	{ "quoted: UDP too short for a query", false, 53, 19, false },
	{ "ICMPv6 echo request", true, 0, 128, false },
	{ "ICMPv6 packet too big", true, 0, 2, false },
	{ "ICMPv6 destination unreachable", true, 0, 1, true },
	{ "ICMPv6 any code", true, 1, 1, true },
	{ "ICMPv6 quote said to be 40 octets", true, 4, 5, false },
	{ "ICMPv6 quote said to be 56 octets", true, 4, 7, true },
	{ "ICMPv6 quote said to be longer than it is", true, 4, 255, false },
	{ "ICMPv6 quoted: not IPv6", true, 8, 0x45, false },
	{ "ICMPv6 quoted: TCP", true, 14, 6, false },
	{ "ICMPv6 quoted: no next header", true, 14, 59, false },
	{ "ICMPv6 quoted: UDP too short for a query", true, 53, 19, false },
};

static void spoilt(void)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct packet k = rows[i].v6 ? v6(0, 0) : v4(0);
		struct rawquote q;

		k.p[rows[i].at] = rows[i].value;
		/* Port 0 and UDP's length take both octets. */
		if (strstr(rows[i].name, "port 0"))
			k.p[rows[i].at - 1] = k.p[48] = k.p[49] = 0;
		if (!rows[i].v6)
			sum_up(k.p + 20, k.n - 20);
		is_int(read(&k, rows[i].v6, &q), rows[i].still_good, rows[i].name);
	}
}

/* An extension header that is longer than the quote, or of a later fragment. */
static void chains(void)
{
	struct packet k = v6(60, 1);
	struct rawquote q;

	k.p[49] = 1;
	ok(!read(&k, true, &q), "an extension header that eats the UDP header");
	k.p[49] = 255;
	ok(!read(&k, true, &q), "an extension header beyond the quote");
	k = v6(44, 1);
	k.p[51] = 8;
	ok(!read(&k, true, &q), "a later fragment");
	k = v4(0);
	k.p[60] ^= 1;
	ok(!read(&k, false, &q), "a wrong checksum");
}

static void shortened(void)
{
	unsigned int wrong = 0;

	for (size_t n = 0; n < v4(0).n; n++) {
		struct packet k = v4(0);
		struct rawquote q;
		bool enough = n >= 20 + 8 + 20 + 8 + 2;

		k.n = n;
		k.p[3] = (uint8_t)n;
		if (n > 28)
			sum_up(k.p + 20, n - 20);
		wrong += read(&k, false, &q) != enough;
	}
	is_int(wrong, 0, "IPv4 cut anywhere: read as soon as the id is there");
	for (size_t n = 0; n < v6(60, 2).n; n++) {
		struct packet k = v6(60, 2);
		struct rawquote q;

		k.n = n;
		wrong += read(&k, true, &q) != (n >= 8 + 40 + 16 + 8 + 2);
	}
	is_int(wrong, 0, "IPv6 cut anywhere: read as soon as the id is there");
}

int main(void)
{
	good();
	spoilt();
	chains();
	shortened();
	return tap_done();
}
