/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Failures from captures: packets put together here, and files of them, plain, packed and cut. */
#include "intake/pcapfails.h"

#include <stdlib.h>
#include <zlib.h>

#include "prop.h"
#include "tap.h"

#include "base/err.h"
#include "intake/test_packet.h"

enum { SECOND = 1000000 };

static const char client[] = "192.0.2.7#40001", resolver[] = "198.51.100.1#53";
static const char outside[] = "198.51.100.1#3053", server[] = "203.0.113.9#53";
static const uint64_t morning = UINT64_C(1795860000) * SECOND;

struct bench {
	struct arena *a;
	struct logfails *fails;
	struct pcapfails *p;
	uint64_t at;
};

static struct bench bench(void)
{
	struct rng r = rng_seed(4);
	struct bench b = { .a = arena_new(), .at = morning };

	b.fails = logfails_new(b.a, 1000, &r);
	b.p = pcapfails_new(b.a, b.fails, &r);
	return b;
}

static void bench_free(struct bench *b)
{
	pcapfails_free(b->p);
	arena_free(b->a);
}

static void pass(struct bench *b, struct span packet)
{
	pcapfails_packet(b->p, &(struct packet_raw){ PACKET_LINK_RAW, b->at, packet });
}

/* A query by UDP, or with FLAG_QR the reply to it. */
struct said {
	uint16_t id;
	const char *name;
	uint16_t flags;
};

static void say(struct bench *b, struct ends e, struct said s)
{
	pass(b, test_udp(b->a, e, test_message(b->a, s.id, s.name, s.flags)));
}

#define udp(b, e, ...) say((b), (e), (struct said){ __VA_ARGS__ })

static const struct logfail_domain *domain(const struct bench *b, const char *name)
{
	struct name n;

	logfails_sorted(b->fails, b->a);
	return name_parse(name, &n) < 0 ? NULL : logfails_find(b->fails, &n);
}

/* "query servfail-code count by" of the rows, the most frequent first. */
static const char *told(const struct bench *b, const char *name)
{
	const struct logfail_domain *d = domain(b, name);
	struct buf out = { .arena = b->a };
	char room[ADDR_TEXT];

	for (const struct logfail_row *r = d ? d->rows : NULL; r; r = r->next)
		buf_printf(&out, "%s%s %s %u/%u x%u by %s", out.n ? ", " : "",
			logfail_what_text((enum logfail_what)r->what),
			logfail_how_text((enum logfail_how)r->how), r->reply.came, r->reply.rcode,
			(unsigned int)r->count, addr_text(&r->by, room));
	return buf_text(&out);
}

static const struct ends stub = { client, resolver }, stub_back = { resolver, client };
static const struct ends up = { outside, server }, up_back = { server, outside };

static void test_replies(void)
{
	struct bench b = bench();
	static const uint16_t codes[] = { RCODE_NOERROR, RCODE_NXDOMAIN, RCODE_SERVFAIL,
		RCODE_REFUSED, RCODE_FORMERR };
	struct asked_tally t;

	for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
		const char *name = arena_printf(b.a, "c%u.example", codes[i]);

		udp(&b, stub, (uint16_t)i, name, FLAG_RD);
		b.at += SECOND;
		udp(&b, stub_back, (uint16_t)i, name, (uint16_t)(FLAG_QR | FLAG_RD | codes[i]));
	}
	udp(&b, up, 9, "C2.Example", 0);
	b.at += SECOND;
	udp(&b, up_back, 9, "c2.exAMPLE", FLAG_QR | RCODE_SERVFAIL);
	pcapfails_end(b.p);
	t = pcapfails_tally(b.p).asked;
	is_str(told(&b, "c0.example"), "", "an answer is no failure");
	is_str(told(&b, "c3.example"), "", "nor is NXDOMAIN");
	is_str(told(&b, "c5.example"), "query temporary 1/5 x1 by 198.51.100.1", "REFUSED");
	is_str(told(&b, "c1.example"), "query temporary 1/1 x1 by 198.51.100.1", "FORMERR");
	is_str(told(&b, "c2.example"),
		"query temporary 1/2 x1 by 198.51.100.1, server unknown 1/2 x1 by 203.0.113.9",
		"SERVFAIL to a stub, and to its resolver");
	is_int((int64_t)domain(&b, "c2.example")->rows->first, (int64_t)(morning + 3 * SECOND),
		"when it came");
	is_int((int64_t)t.queries, 6, "queries");
	is_int((int64_t)t.failed, 4, "failures");
	is_int((int64_t)(t.silent + t.late + t.strays), 0, "nothing else");
	bench_free(&b);
}

/* When a query is silent, and when nobody knows. */
static void test_silence(void)
{
	struct bench b = bench();
	struct asked_tally t;

	udp(&b, stub_back, 1, "early.example", FLAG_QR | RCODE_SERVFAIL);
	udp(&b, stub, 2, "silent.example", FLAG_RD);
	udp(&b, up, 3, "silent.example", 0);
	b.at += 4 * SECOND;
	udp(&b, stub, 2, "silent.example", FLAG_RD); /* the same once more */
	b.at += 8 * SECOND;
	udp(&b, stub, 4, "slow.example", FLAG_RD);
	b.at += 11 * SECOND;
	udp(&b, stub_back, 4, "slow.example", FLAG_QR | RCODE_SERVFAIL); /* BIND's patience */
	udp(&b, stub, 5, "late.example", FLAG_RD);
	udp(&b, up, 6, "late.example", 0);
	b.at += 4 * SECOND;
	udp(&b, stub, 7, "ok.example", FLAG_RD);
	udp(&b, stub_back, 7, "ok.example", FLAG_QR);
	pcapfails_end(b.p);
	t = pcapfails_tally(b.p).asked;
	is_str(told(&b, "silent.example"),
		"query temporary 2/0 x1 by 198.51.100.1, server unknown 2/0 x1 by 203.0.113.9",
		"no reply, and a query that was sent again is one");
	is_int((int64_t)domain(&b, "silent.example")->rows->first, (int64_t)morning,
		"as of the first one");
	is_str(told(&b, "slow.example"), "query temporary 1/2 x1 by 198.51.100.1",
		"a failure that takes 11 s is no silence");
	is_str(told(&b, "late.example"), "", "the end of the capture is no silence");
	is_int((int64_t)t.late, 2, "these are counted");
	is_str(told(&b, "early.example"), "", "nor is its beginning a failure");
	is_int((int64_t)t.strays, 1, "that is counted, too");
	is_int((int64_t)t.silent, 2, "two were silent");
	/* Another capture: what waited in the first is no part of it, and time may be earlier. */
	b.at = morning - 1000 * (uint64_t)SECOND;
	udp(&b, stub, 5, "late.example", FLAG_RD);
	b.at += 16 * SECOND;
	udp(&b, stub, 8, "ok.example", FLAG_RD);
	pcapfails_end(b.p);
	is_str(told(&b, "late.example"), "query temporary 2/0 x1 by 198.51.100.1", "one more file");
	bench_free(&b);
}

/* Replies that are not to the query. */
static void test_strangers(void)
{
	struct bench b = bench();
	static const struct ends other = { "198.51.100.2#53", client };
	static const struct ends elsewhere = { resolver, "192.0.2.7#40002" };

	udp(&b, stub, 1, "a.example", FLAG_RD);
	udp(&b, stub_back, 2, "a.example", FLAG_QR); /* another id */
	udp(&b, stub_back, 1, "b.example", FLAG_QR); /* another name */
	udp(&b, other, 1, "a.example", FLAG_QR);     /* another server */
	udp(&b, elsewhere, 1, "a.example", FLAG_QR); /* another port */
	b.at += 16 * SECOND;
	udp(&b, stub, 3, "z.example", FLAG_RD);
	pcapfails_end(b.p);
	is_int((int64_t)pcapfails_tally(b.p).asked.strays, 4, "four are to no query");
	is_str(told(&b, "a.example"), "query temporary 2/0 x1 by 198.51.100.1", "which is silent");
	bench_free(&b);
}

/* A capture on all interfaces shows packets more than once. */
static void test_copies(void)
{
	struct bench b = bench();

	for (int i = 0; i < 2; i++)
		udp(&b, stub, 1, "a.example", FLAG_RD);
	for (int i = 0; i < 2; i++)
		udp(&b, stub_back, 1, "a.example", FLAG_QR | RCODE_SERVFAIL);
	udp(&b, stub, 2, "b.example", FLAG_RD);
	udp(&b, stub_back, 2, "b.example", FLAG_QR);
	udp(&b, stub, 2, "b.example", FLAG_RD); /* behind its own reply */
	b.at += 16 * SECOND;
	udp(&b, stub, 2, "b.example", FLAG_RD); /* a new one */
	b.at += 16 * SECOND;
	udp(&b, stub, 3, "z.example", FLAG_RD);
	pcapfails_end(b.p);
	is_str(told(&b, "a.example"), "query temporary 1/2 x1 by 198.51.100.1",
		"copies count once");
	is_str(told(&b, "b.example"), "query temporary 2/0 x1 by 198.51.100.1",
		"a copy behind the reply is not silent, a new query is");
	bench_free(&b);
}

static struct span tcp(struct bench *b, struct ends e, const char *name, uint16_t flags)
{
	return test_tcp(b->a, e, PACKET_ACK, test_framed(b->a, test_message(b->a, 5, name, flags)));
}

static void test_tcp_icmp(void)
{
	struct bench b = bench();
	static const struct ends router = { "198.51.100.9", "192.0.2.7" };
	struct span query = test_udp(b.a, stub, test_message(b.a, 6, "icmp.example", FLAG_RD));

	pass(&b, tcp(&b, stub, "tcp.example", FLAG_RD));
	pass(&b, tcp(&b, stub_back, "tcp.example", FLAG_QR | RCODE_SERVFAIL));
	pass(&b, query);
	pass(&b, test_icmp(b.a, router, 0x0303, query));
	b.at += 16 * SECOND;
	udp(&b, stub, 3, "z.example", FLAG_RD);
	pcapfails_end(b.p);
	is_str(told(&b, "tcp.example"), "query temporary 1/2 x1 by 198.51.100.1", "over TCP");
	is_str(told(&b, "icmp.example"), "query temporary 3/0 x1 by 198.51.100.1", "an ICMP error");
	bench_free(&b);
}

/* What cannot be asked again, or says more than the name of a host. */
static void test_other(void)
{
	struct bench b = bench();
	static const struct {
		const char *name;
		uint16_t type, class;
	} rows[] = {
		{ "user@example.org", RR_MX, CLASS_IN },
		{ "a#b.example.org", RR_A, CLASS_IN },
		{ "version.bind", RR_TXT, CLASS_CH },
		{ "example.org", RR_AXFR, CLASS_IN },
		{ "c93f1e400f26708f98cb19d936620da35eec8f72e57f9eec01c1afd6._openpgpkey.example."
		  "org",
			RR_OPENPGPKEY, CLASS_IN },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf m = { .arena = b.a };
		struct name n;

		name_parse(rows[i].name, &n);
		query_build(&m, &shape_stub, &(struct question){ &n, rows[i].type, rows[i].class },
			(uint16_t)i);
		pass(&b, test_udp(b.a, stub, buf_span(&m)));
	}
	udp(&b, stub, 77, "_dmarc.example.org", FLAG_RD);
	b.at += 16 * SECOND;
	udp(&b, stub, 78, "z.example", FLAG_RD);
	pcapfails_end(b.p);
	is_int((int64_t)pcapfails_tally(b.p).asked.other, ARRAY_LEN(rows), "are counted only");
	is_int((int64_t)b.fails->domains, 1, "one name is left");
	ok(domain(&b, "_dmarc.example.org") != NULL, "that of a service");
	bench_free(&b);
}

/* More than may wait. */
static void test_bounds(void)
{
	struct bench b = bench();
	struct asked_tally t;
	const uint32_t n = ASKED_MOST + 5000;
	size_t used = 0;

	for (uint32_t i = 0; i < 3 * n; i++) {
		struct arena *a = arena_new();
		const char *from = arena_printf(
			a, "10.%u.%u.%u#4000", (i >> 16) & 255, (i >> 8) & 255, i & 255);
		struct span q = test_udp(a, (struct ends){ from, resolver },
			test_message(a, (uint16_t)i, "many.example", FLAG_RD));

		pcapfails_packet(b.p, &(struct packet_raw){ PACKET_LINK_RAW, b.at, q });
		arena_free(a);
		if (i == n)
			used = arena_used(b.a);
	}
	is_int((int64_t)arena_used(b.a), (int64_t)used, "memory does not grow with the capture");
	pcapfails_end(b.p);
	t = pcapfails_tally(b.p).asked;
	is_int((int64_t)t.given_up, 3 * n - ASKED_MOST, "those without room are given up");
	is_int((int64_t)t.late, ASKED_MOST, "the others wait to the end");
	is_int((int64_t)t.silent, 0, "none is called silent");
	bench_free(&b);
}

/* Files. */

static void u32(struct buf *b, uint32_t v)
{
	buf_put(b, (const uint8_t *)&v, sizeof(v));
}

static void packet(struct buf *b, uint64_t at, struct span p)
{
	u32(b, (uint32_t)(at / SECOND));
	u32(b, (uint32_t)(at % SECOND));
	u32(b, (uint32_t)p.n);
	u32(b, (uint32_t)p.n);
	buf_put(b, p.p, p.n);
}

/* pcap: one SERVFAIL, and a query that stays silent. */
static struct span file(struct arena *a)
{
	struct buf b = { .arena = a };

	u32(&b, 0xa1b2c3d4);
	u32(&b, 0x00040002);
	u32(&b, 0);
	u32(&b, 0);
	u32(&b, 65535);
	u32(&b, PACKET_LINK_RAW_FILE);
	packet(&b, morning, test_udp(a, stub, test_message(a, 1, "a.example", FLAG_RD)));
	packet(&b, morning + 1,
		test_udp(a, stub_back, test_message(a, 1, "a.example", FLAG_QR | RCODE_SERVFAIL)));
	packet(&b, morning + 2, test_udp(a, stub, test_message(a, 2, "b.example", FLAG_RD)));
	packet(&b, morning + 20 * SECOND,
		test_udp(a, stub, test_message(a, 3, "c.example", FLAG_RD)));
	return buf_span(&b);
}

static struct span gzipped(struct arena *a, struct span s)
{
	uint8_t *out = arena_alloc(a, s.n + 100);
	z_stream z = { .next_in = (uint8_t *)s.p, .avail_in = (uInt)s.n, .next_out = out };

	z.avail_out = (uInt)(s.n + 100);
	deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY);
	deflate(&z, Z_FINISH);
	deflateEnd(&z);
	return (struct span){ out, z.total_out };
}

static const char *read_bytes(struct bench *b, struct span s)
{
	FILE *f = fmemopen((void *)s.p, s.n, "rb");
	const char *why;

	pcapfails_stream(b->p, f, &why);
	fclose(f);
	return why;
}

static void test_files(void)
{
	struct bench b = bench();
	struct span plain = file(b.a), packed = gzipped(b.a, plain), cut = plain;
	const char *why;

	is_str(read_bytes(&b, plain), NULL, "a file");
	is_str(told(&b, "a.example"), "query temporary 1/2 x1 by 198.51.100.1", "its failure");
	is_str(told(&b, "b.example"), "query temporary 2/0 x1 by 198.51.100.1", "its silence");
	is_str(read_bytes(&b, packed), NULL, "packed by gzip");
	is_str(told(&b, "b.example"), "query temporary 2/0 x2 by 198.51.100.1", "the same again");
	cut.n -= 5;
	why = read_bytes(&b, cut);
	ok(why != NULL, "cut: %s", why);
	is_str(told(&b, "a.example"), "query temporary 1/2 x3 by 198.51.100.1", "read so far");
	packed.n -= 20;
	why = read_bytes(&b, packed);
	ok(why != NULL, "packed and cut: %s", why);
	why = read_bytes(&b, (struct span){ (const uint8_t *)"no capture at all, but long", 27 });
	ok(why != NULL, "no capture: %s", why);
	ok(pcapfails_file(b.p, "/none/such", &why) == -ERR_OPEN, "no file");
	bench_free(&b);
}

/* Whatever is in a file, it ends, and no failure has a name that nobody could list. */
static bool case_noise(struct rng *r)
{
	struct bench b = bench();
	struct span plain = file(b.a);
	uint8_t *bytes = arena_dup(b.a, plain.p, plain.n);

	for (int i = 0; i < 8; i++)
		bytes[rng_below(r, (uint32_t)plain.n)] = (uint8_t)rng_u64(r);
	read_bytes(&b, (struct span){ bytes, 1 + rng_below(r, (uint32_t)plain.n) });
	bench_free(&b);
	return true;
}

int main(void)
{
	test_replies();
	test_silence();
	test_strangers();
	test_copies();
	test_tcp_icmp();
	test_other();
	test_bounds();
	test_files();
	prop("noise", case_noise, 2000);
	return tap_done();
}
