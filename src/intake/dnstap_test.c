/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages of dnstap, field by field. */
#include "intake/dnstap.h"

#include <stdlib.h>

#include "base/err.h"
#include "intake/test_packet.h"
#include "prop.h"
#include "tap.h"

/* Fields of Protocol Buffers; numbers below 128, or of two octets. */

static void put_varint(struct buf *b, uint64_t v)
{
	for (; v > 127; v >>= 7)
		buf_u8(b, (uint8_t)(v | 0x80));
	buf_u8(b, (uint8_t)v);
}

static void put_number(struct buf *b, unsigned int field, uint64_t v)
{
	put_varint(b, field << 3);
	put_varint(b, v);
}

static void put_bytes(struct buf *b, unsigned int field, struct span s)
{
	put_varint(b, field << 3 | 2);
	put_varint(b, s.n);
	buf_put(b, s.p, s.n);
}

static void put_fixed32(struct buf *b, unsigned int field, uint32_t v)
{
	put_varint(b, field << 3 | 5);
	for (int i = 0; i < 4; i++)
		buf_u8(b, (uint8_t)(v >> (8 * i)));
}

struct tap {
	unsigned int type, protocol;
	const char *from, *server;
	uint64_t sec;
	uint32_t nsec;
	uint16_t id;
	const char *version;
};

static struct span text(const char *s)
{
	return (struct span){ (const uint8_t *)s, strlen(s) };
}

static struct span message(struct arena *a, const struct tap *t)
{
	bool reply = t->type % 2 == 0;
	struct addr from = test_addr(t->from), server = test_addr(t->server);
	struct buf b = { .arena = a };

	put_number(&b, 1, t->type);
	put_number(&b, 2, server.family == ADDR_V4 ? 1 : 2);
	put_number(&b, 3, t->protocol);
	put_bytes(&b, 4, addr_octets(&from));
	put_bytes(&b, 5, addr_octets(&server));
	put_number(&b, 6, from.port);
	put_number(&b, 7, server.port);
	put_number(&b, reply ? 12 : 8, t->sec);
	put_fixed32(&b, reply ? 13 : 9, t->nsec);
	put_bytes(&b, reply ? 14 : 10, test_message(a, t->id, "live.com", reply ? FLAG_QR : 0));
	put_number(&b, 99, 1); /* of a version to come */
	return buf_span(&b);
}

static struct span frame(struct arena *a, const struct tap *t)
{
	struct buf b = { .arena = a };

	put_bytes(&b, 1, text("host"));
	if (t->version)
		put_bytes(&b, 2, text(t->version));
	put_bytes(&b, 14, message(a, t));
	put_number(&b, 15, 1);
	return buf_span(&b);
}

static const struct row {
	const char *name;
	struct tap v[3];
	const char *from, *ends; /* of the first sighting; of all, a letter each */
	unsigned int unread, others;
} rows[] = {
	{ "query and response",
		{ { 3, 1, "192.0.2.1#1000", "198.51.100.4#53", 10, 500000000, 7, "x" },
			{ 4, 1, "192.0.2.1#1000", "198.51.100.4#53", 10, 520000000, 7, "x" } },
		"192.0.2.1#1000", "a", 0, 0 },
	{ "of a forwarder",
		{ { 7, 1, "192.0.2.1#1000", "198.51.100.4#53", 10, 0, 7, "x" },
			{ 8, 1, "192.0.2.1#1000", "198.51.100.4#53", 10, 1, 7, "x" } },
		"192.0.2.1#1000", "a", 0, 0 },
	{ "an address that is not told, a wrong port in the response",
		{ { 3, 1, "0.0.0.0#1000", "198.51.100.4#53", 10, 0, 7, "x" },
			{ 4, 1, "0.0.0.0#2000", "198.51.100.4#53", 10, 1, 7, "x" } },
		"(none)#1000", "a", 0, 0 },
	{ "port 53 of Unbound", { { 3, 1, "::#53", "2001:db8::4#53", 10, 0, 7, "unbound 1.17.1" } },
		"(none)#0", "u", 0, 0 },
	{ "port 53 of who knows", { { 3, 1, "::#53", "2001:db8::4#53", 10, 0, 7, NULL } },
		"(none)#0", "u", 0, 0 },
	{ "port 53 of BIND", { { 3, 1, "::#53", "2001:db8::4#53", 10, 0, 7, "BIND 9.18" } },
		"(none)#53", "u", 0, 0 },
	{ "silence",
		{ { 3, 2, "192.0.2.1#1000", "198.51.100.4#53", 10, 0, 7, "x" },
			{ 3, 1, "192.0.2.1#1001", "198.51.100.4#53", 18, 0, 8, "x" } },
		"192.0.2.1#1000", "su", 0, 0 },
	{ "other messages and transports",
		{ { 5, 1, "192.0.2.1#1000", "198.51.100.4#53", 10, 0, 7, "x" },
			{ 1, 1, "192.0.2.1#1000", "198.51.100.4#53", 10, 0, 7, "x" },
			{ 3, 3, "192.0.2.1#1000", "198.51.100.4#53", 10, 0, 7, "x" } },
		NULL, "", 0, 3 },
	{ "nanoseconds beyond a second",
		{ { 3, 1, "192.0.2.1#1000", "198.51.100.4#53", 10, 1000000000, 7, "x" } }, NULL, "",
		1, 0 },
	{ "seconds beyond all times",
		{ { 3, 1, "192.0.2.1#1000", "198.51.100.4#53", UINT64_MAX, 0, 7, "x" } }, NULL, "",
		1, 0 },
};

static void run(struct arena *a, const struct row *r)
{
	struct pairing *p = pairing_new(a, &(struct pairing_filter){ .source = SIGHT_DNSTAP });
	struct dnstap d = { .pairing = p, .arena = a };
	const struct pairing_report *report = pairing_report(p);
	struct facts *f = facts_new(a);
	char ends[4] = "", buf[ADDR_TEXT];

	for (size_t i = 0; i < ARRAY_LEN(r->v) && r->v[i].type; i++)
		dnstap_frame(&d, frame(a, &r->v[i]));
	pairing_end(p, 0, f);
	for (size_t i = 0; i < f->sightings.n && i < sizeof(ends) - 1; i++)
		ends[i] = sighting_end_slug(f->sightings.v[i].end)[0];
	ok(strcmp(ends, r->ends) == 0 && report->tally.unread == r->unread &&
			report->tally.others == r->others,
		"%s: %s, %u unread, %u others", r->name, ends, (unsigned int)report->tally.unread,
		(unsigned int)report->tally.others);
	if (r->from)
		is_str(f->sightings.n ? addr_text_port(&f->sightings.v[0].from, buf) : NULL,
			r->from, "from");
	is_str(report->identity, "host", "identity");
	is_str(report->version, r->v[0].version, "version");
	pairing_free(p);
}

static void times(struct arena *a)
{
	struct pairing *p = pairing_new(a, &(struct pairing_filter){ .source = SIGHT_DNSTAP });
	struct dnstap d = { .pairing = p, .arena = a };
	struct facts *f = facts_new(a);

	dnstap_frame(&d, frame(a, &rows[0].v[0]));
	dnstap_frame(&d, frame(a, &rows[0].v[1]));
	pairing_end(p, 0, f);
	ok(f->sightings.n == 1 && f->sightings.v[0].at == 10500000 &&
			f->sightings.v[0].rtt == 20000 && f->sightings.v[0].source == SIGHT_DNSTAP,
		"times in microseconds");
	pairing_free(p);
}

static unsigned int unread(struct arena *a, struct span s)
{
	struct pairing *p = pairing_new(a, &(struct pairing_filter){ .source = SIGHT_DNSTAP });
	struct dnstap d = { .pairing = p, .arena = a };
	unsigned int n;

	dnstap_frame(&d, s);
	n = (unsigned int)pairing_report(p)->tally.unread;
	pairing_free(p);
	return n;
}

/* What breaks the grammar of the outer message. */
static const struct {
	const char *name, *bytes;
	size_t n;
} broken[] = {
	{ "a number without end", "\x78\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\1", 12 },
	{ "a number cut", "\x78\x81", 2 },
	{ "bytes beyond the end", "\x72\5abc", 5 },
	{ "bytes of a length beyond all", "\x72\xff\xff\xff\xff\xff\xff\xff\xff\xff\1", 11 },
	{ "a group", "\x78\1\x73", 3 },
	{ "field 0", "\0\1", 2 },
	{ "another wire type of a known field", "\x70\1\x78\1", 4 },
	{ "no type", "\x72\0", 2 },
	{ "nothing", "", 0 },
};

/* Cut anywhere, it is unread or less is told; never more. */
static bool case_cut(struct rng *r)
{
	struct arena *a = arena_new();
	struct span s = frame(a, &rows[0].v[0]);
	size_t n = rng_below(r, (uint32_t)s.n);
	uint8_t *exact = malloc(n + !n);
	bool good;

	memcpy(exact, s.p, n);
	good = unread(a, (struct span){ exact, n }) == 1;
	free(exact);
	arena_free(a);
	return good;
}

int main(void)
{
	struct arena *a = arena_new();

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		run(a, &rows[i]);
	times(a);
	for (size_t i = 0; i < ARRAY_LEN(broken); i++)
		ok(unread(a, (struct span){ (const uint8_t *)broken[i].bytes, broken[i].n }) == 1,
			"unread: %s", broken[i].name);
	prop("cut anywhere", case_cut, 500);
	arena_free(a);
	return tap_done();
}
