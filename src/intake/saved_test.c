/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Saved queries: what was built is read back; what is no query, or is cut anywhere, is refused. */
#include "intake/saved.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/rng.h"
#include "intake/test_packet.h"
#include "tap.h"

static const uint8_t cookie[] = { 1, 2, 3, 4, 5, 6, 7, 8 };
static const struct shape_option options[] = { { EDNS_COOKIE, 8, cookie }, { 100, 0, NULL } };
static const struct shape shape = { .flags = FLAG_CD | FLAG_AD,
	.edns = true,
	.edns_size = 4096,
	.edns_flags = EDNS_DO,
	.options = options,
	.noptions = 2 };

static struct span query(struct arena *a, const struct shape *s, const char *name, uint16_t id)
{
	struct buf b = { .arena = a };
	struct question q = { NULL, RR_TLSA, CLASS_IN };
	struct name n;

	if (name_parse(name, &n) < 0)
		abort();
	q.name = name_keep(a, &n);
	query_build(&b, s, &q, id);
	return buf_span(&b);
}

static void test_wire(struct arena *a)
{
	struct saved_ends ends = { test_addr("192.0.2.9#600"), test_addr("192.0.2.1#53"),
		TRANSPORT_UDP };
	struct span wire = query(a, &shape, "Z.test.", 7);
	unsigned int taken = 0;
	struct buf again = { .arena = a };
	struct ask ask;

	ok(saved_from_wire(a, wire, &ends, &ask) == 0, "a query is read");
	query_build(&again, &ask.shape, &ask.question, 7);
	ok(again.n == wire.n && memcmp(again.p, wire.p, wire.n) == 0, "to the last octet");
	ok(ask.source.port == 600 && addr_equal(&ask.server, &ends.to), "with its ends");
	for (size_t n = 0; n < wire.n; n++)
		taken += saved_from_wire(a, (struct span){ wire.p, n }, &ends, &ask) == 0;
	ok(taken == 0, "cut anywhere it is none: %u", taken);
	((uint8_t *)wire.p)[2] |= 0x80;
	ok(saved_from_wire(a, wire, &ends, &ask) == -ERR_PARSE, "a response is none");
}

/* Any octets: read or refused, and what is read can be built again. */
static void test_noise(struct arena *a)
{
	struct saved_ends ends = { .transport = TRANSPORT_UDP };
	struct rng rng = rng_seed(5);
	unsigned int same = 0, read = 0;

	for (unsigned int i = 0; i < 2000; i++) {
		struct span wire = query(a, &shape, "z.test.", (uint16_t)i);
		struct buf again = { .arena = a };
		struct ask ask;

		((uint8_t *)wire.p)[2 + rng_below(&rng, (uint32_t)wire.n - 2)] ^=
			(uint8_t)(1U << rng_below(&rng, 8));
		if (saved_from_wire(a, wire, &ends, &ask) < 0)
			continue;
		query_build(&again, &ask.shape, &ask.question, (uint16_t)i);
		read++;
		same += again.n == wire.n;
	}
	ok(read > 100 && same == read, "%u of %u that were read have their length", same, read);
}

enum { PATH_ROOM = 32, MANY = 5000 };

/* A file of the pcap format, link type RAW. */
static FILE *capture(char *path)
{
	uint32_t head[] = { 0xa1b2c3d4, 0x00040002, 0, 0, 65535, 101 };
	FILE *f;
	int fd;

	snprintf(path, PATH_ROOM, "/tmp/saved-test-XXXXXX");
	fd = mkstemp(path);
	f = fd < 0 ? NULL : fdopen(fd, "wb");
	if (!f)
		abort();
	fwrite(head, sizeof(head), 1, f);
	return f;
}

static void put(FILE *f, struct span packet)
{
	uint32_t head[] = { 0, 0, (uint32_t)packet.n, (uint32_t)packet.n };

	fwrite(head, sizeof(head), 1, f);
	fwrite(packet.p, packet.n, 1, f);
}

static int from_file(struct arena *a, const char *path, struct ask *ret)
{
	FILE *f = fopen(path, "rb");

	return f ? saved_from_capture(a, f, ret) : -ERR_OPEN;
}

static const struct shape other = { .flags = FLAG_RD };

/* A query and its reply. */
static void put_pair(struct arena *a, FILE *f, const char *from, uint16_t id)
{
	struct ends to = { from, "192.0.2.1#53" }, back = { "192.0.2.1#53", from };
	struct span reply = query(a, &other, "a.test.", id);

	put(f, test_udp(a, to, query(a, &other, "a.test.", id)));
	((uint8_t *)reply.p)[2] |= 0x80;
	put(f, test_udp(a, back, reply));
}

/* Two queries, the first of which is answered. */
static void test_capture(struct arena *a)
{
	struct ends to = { "192.0.2.9#600", "192.0.2.1#53" };
	char path[PATH_ROOM];
	FILE *f = capture(path);
	struct ask ask;

	put_pair(a, f, "192.0.2.9#53", 1);
	put(f, test_udp(a, to, query(a, &shape, "b.test.", 2)));
	fclose(f);
	ok(from_file(a, path, &ask) == 0 && ask.shape.noptions == 2 &&
			ask.question.type == RR_TLSA && ask.source.port == 600 &&
			ask.source.family == ADDR_NONE,
		"the query without a reply");
	unlink(path);
}

enum { SEQUENCE = 20 + 4 }; /* of a segment over IPv4: where its number is */

/* A segment with a query of the shape, or from port 53 the reply to it. */
static struct span segment(struct arena *a, struct ends e, const struct shape *s, uint32_t at)
{
	struct span message = query(a, s, "t.test.", (uint16_t)(at >> 16)), p;

	if (test_addr(e.from).port == 53)
		((uint8_t *)message.p)[2] |= 0x80;
	p = test_tcp(a, e, PACKET_ACK, test_framed(a, message));
	((uint8_t *)p.p)[SEQUENCE + 2] = (uint8_t)(at >> 8);
	((uint8_t *)p.p)[SEQUENCE + 3] = (uint8_t)at;
	return p;
}

/* The id of a message, and where in its stream it is. */
static uint32_t at(uint16_t id, uint32_t octets)
{
	return (uint32_t)id << 16 | octets;
}

/* Over TCP: two queries in one connection, the first of which is answered. */
static void test_tcp_capture(struct arena *a)
{
	struct ends to = { "192.0.2.9#600", "192.0.2.1#53" },
		    back = { "192.0.2.1#53", "192.0.2.9#600" };
	struct ends to2 = { "192.0.2.9#601", "192.0.2.1#53" },
		    back2 = { "192.0.2.1#53", "192.0.2.9#601" };
	uint32_t next = 1 + 2 + (uint32_t)query(a, &other, "t.test.", 1).n;
	char path[PATH_ROOM];
	FILE *f = capture(path);
	struct ask ask;

	put(f, segment(a, to, &other, at(1, 1)));
	put(f, segment(a, back, &other, at(1, 1)));
	put(f, segment(a, to, &shape, at(2, next)));
	fclose(f);
	ok(from_file(a, path, &ask) == 0 && ask.transport == TRANSPORT_TCP &&
			ask.shape.noptions == 2 && ask.source.port == 600,
		"the one without a reply, over TCP");
	unlink(path);
	f = capture(path);
	put(f, segment(a, to, &other, at(1, 1)));
	put(f, segment(a, back, &other, at(1, 1)));
	put(f, segment(a, to2, &shape, at(2, 1)));
	put(f, segment(a, back2, &other, at(7, 1)));
	put(f, segment(a, back2, &other, at(2, next + 9)));
	fclose(f);
	ok(from_file(a, path, &ask) == 0 && ask.source.port == 600,
		"where replies are missing in the capture, none is said to be");
	unlink(path);
}

/* Where so many are answered that not all are looked at, none is said to have no reply. */
static void test_long_capture(struct arena *a)
{
	char path[PATH_ROOM];
	FILE *f = capture(path);
	struct ask ask;

	put_pair(a, f, "192.0.2.9#700", 0);
	for (uint16_t i = 1; i < MANY; i++)
		put_pair(a, f, "192.0.2.9#600", i);
	fclose(f);
	ok(from_file(a, path, &ask) == 0 && ask.source.port == 700,
		"all of many are answered: the first one");
	unlink(path);
}

static void test_facts(struct arena *a)
{
	struct facts *f = facts_new(a);
	struct observation o = { .outcome = OUTCOME_MALFORMED, .sent = 1 };
	struct ask ask;

	ok(saved_from_facts(f, &ask) == -ERR_NONE, "no facts");
	o.ask.question.type = RR_MX;
	facts_add(f, &o);
	ok(saved_from_facts(f, &ask) == 0 && ask.question.type == RR_MX, "one that failed");
	o.outcome = OUTCOME_TIMEOUT;
	o.ask.question.type = RR_TLSA;
	facts_add(f, &o);
	ok(saved_from_facts(f, &ask) == 0 && ask.question.type == RR_TLSA, "rather a silent one");
	o.ask.question = (struct question){ &name_root, RR_DS, CLASS_IN };
	facts_add(f, &o);
	facts_add(f, &o);
	ok(saved_from_facts(f, &ask) == 0 && ask.question.type == RR_DS,
		"rather one that was twice");
	o.outcome = OUTCOME_REFUSED;
	facts_add(f, &o);
	o.ask.question.type = RR_NS;
	o.outcome = OUTCOME_TIMEOUT;
	facts_add(f, &o);
	ok(saved_from_facts(f, &ask) == 0 && ask.question.type == RR_NS,
		"and not one that had a reply");
}

int main(void)
{
	struct arena *a = arena_new();

	test_wire(a);
	test_noise(a);
	test_capture(a);
	test_tcp_capture(a);
	test_long_capture(a);
	test_facts(a);
	arena_free(a);
	return tap_done();
}
