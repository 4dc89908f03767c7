/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of queries; the commands are tried with dig itself when it is installed. */
#include "dns/query.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/err.h"
#include "dns/rr.h"
#include "dns/test_wire.h"
#include "prop.h"

static const uint8_t cookie[] = { 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08 };

static const struct shape_option nsid[] = { { EDNS_NSID, 0, NULL } };
static const struct shape_option some[] = {
	{ EDNS_NSID, 0, NULL },
	{ EDNS_COOKIE, sizeof(cookie), cookie },
	{ 100, 0, NULL },
	{ 65001, 1, cookie },
};

static const struct row {
	const char *id;
	struct shape shape;
	const char *name;
	uint16_t type, class;
	const char *wire; /* NULL: tried only */
	const char *dig;
} rows[] = {
	{ "iterative", { .edns = true, .edns_size = 1232 }, "live.com.", RR_MX, CLASS_IN,
		"1234 0000 0001 0000 0000 0001 .live .com 00 000f 0001 00 0029 04d0 00 00 0000 "
		"0000",
		"dig +norec +noad +nocookie +bufsize=1232 live.com. MX" },
	{ "stub", { .flags = FLAG_RD, .edns = true, .edns_size = 1232 }, "LiVe.com.", RR_A,
		CLASS_IN,
		"1234 0100 0001 0000 0000 0001 .LiVe .com 00 0001 0001 00 0029 04d0 00 00 0000 "
		"0000",
		"dig +noad +nocookie +bufsize=1232 LiVe.com. A" },
	{ "plain", { 0 }, "live.com.", RR_SOA, CLASS_IN,
		"1234 0000 0001 0000 0000 0000 .live .com 00 0006 0001",
		"dig +norec +noad +noedns live.com. SOA" },
	{ "DO CD AD",
		{ .flags = FLAG_CD | FLAG_AD | FLAG_RD,
			.edns = true,
			.edns_size = 4096,
			.edns_flags = EDNS_DO },
		".", RR_DNSKEY, CLASS_IN,
		"1234 0130 0001 0000 0000 0001 00 0030 0001 00 0029 1000 00 00 8000 0000",
		"dig +cd +nocookie +bufsize=4096 +dnssec . DNSKEY" },
	{ "all flags", { .flags = 0xffff, .opcode = 15 }, "a.", RR_A, CLASS_IN,
		"1234 7ff0 0001 0000 0000 0000 .a 00 0001 0001",
		"dig +cd +aaflag +tcflag +raflag +zflag +opcode=15 +noedns a. A" },
	{ "EDNS 1", { .edns = true, .edns_size = 512, .edns_version = 1 }, "a.", RR_SOA, CLASS_IN,
		"1234 0000 0001 0000 0000 0001 .a 00 0006 0001 00 0029 0200 00 01 0000 0000",
		"dig +norec +noad +nocookie +bufsize=512 +edns=1 +noednsnegotiation a. SOA" },
	{ "EDNS Z bit", { .edns = true, .edns_size = 1232, .edns_flags = 0x0040 }, "a.", RR_SOA,
		CLASS_IN,
		"1234 0000 0001 0000 0000 0001 .a 00 0006 0001 00 0029 04d0 00 00 0040 0000",
		"dig +norec +noad +nocookie +bufsize=1232 +ednsflags=0x40 a. SOA" },
	{ "EDNS all bits", { .edns = true, .edns_size = 1232, .edns_flags = 0xffff }, "a.", RR_SOA,
		CLASS_IN, NULL,
		"dig +norec +noad +nocookie +bufsize=1232 +dnssec +coflag +ednsflags=0x3fff a. "
		"SOA" },
	{ "EDNS size 0", { .edns = true }, "a.", RR_SOA, CLASS_IN, NULL,
		"dig +norec +noad +nocookie +bufsize=0 a. SOA" },
	{ "NSID", { .edns = true, .edns_size = 1232, .options = nsid, .noptions = 1 }, "a.", RR_SOA,
		CLASS_IN,
		"1234 0000 0001 0000 0000 0001 .a 00 0006 0001 00 0029 04d0 00 00 0000 0004 0003 "
		"0000",
		"dig +norec +noad +nocookie +bufsize=1232 +nsid a. SOA" },
	{ "options", { .edns = true, .edns_size = 1232, .options = some, .noptions = 4 }, "a.",
		RR_SOA, CLASS_IN,
		"1234 0000 0001 0000 0000 0001 .a 00 0006 0001 00 0029 04d0 00 00 0000 0019 0003 "
		"0000 000a 0008 0102030405060708 0064 0000 fde9 0001 01",
		"dig +norec +noad +nocookie +bufsize=1232 +nsid +ednsopt=10:0102030405060708 "
		"+ednsopt=100 +ednsopt=65001:01 a. SOA" },
	{ "header only", { .header_only = true }, "a.", RR_A, CLASS_IN,
		"1234 0000 0000 0000 0000 0000", "dig +norec +noad +header-only +noedns a. A" },
	{ "header only with EDNS", { .header_only = true, .edns = true, .edns_size = 1232 }, "a.",
		RR_A, CLASS_IN, "1234 0000 0000 0000 0000 0001 00 0029 04d0 00 00 0000 0000",
		"dig +norec +noad +header-only +nocookie +bufsize=1232 a. A" },
	{ "two questions", { .twice = true, .edns = true, .edns_size = 1232 }, "a.", RR_A, CLASS_CH,
		"1234 0000 0002 0000 0000 0001 .a 00 0001 0003 .a 00 0001 0003 00 0029 04d0 00 00 "
		"0000 0000",
		"dig +norec +noad +nocookie +bufsize=1232 a. -t A -c CH  # with a second question, "
		"which dig cannot send" },
	{ "two questions of none", { .twice = true, .header_only = true }, "a.", RR_A, CLASS_IN,
		"1234 0000 0000 0000 0000 0000", "dig +norec +noad +header-only +noedns a. A" },
	{ "octets behind", { .trailing = 3 }, "a.", RR_A, CLASS_IN,
		"1234 0000 0001 0000 0000 0000 .a 00 0001 0001 000000",
		"dig +norec +noad +noedns a. A  # with 3 zero octets behind the message, "
		"which dig cannot send" },
	{ "octets behind two questions", { .twice = true, .trailing = 1 }, "a.", RR_A, CLASS_IN,
		"1234 0000 0002 0000 0000 0000 .a 00 0001 0001 .a 00 0001 0001 00",
		"dig +norec +noad +noedns a. A  # with a second question, with 1 zero octet "
		"behind the message, which dig cannot send" },
	{ "opcode", { .opcode = OPCODE_NOTIFY }, "a.", RR_SOA, CLASS_IN,
		"1234 2000 0001 0000 0000 0000 .a 00 0006 0001",
		"dig +norec +noad +opcode=4 +noedns a. SOA" },
	{ "ANY", { 0 }, "a.", RR_ANY, CLASS_IN, "1234 0000 0001 0000 0000 0000 .a 00 00ff 0001",
		"dig +norec +noad +noedns +notcp a. ANY" },
	{ "class CH", { 0 }, "version.bind.", RR_TXT, CLASS_CH,
		"1234 0000 0001 0000 0000 0000 .version .bind 00 0010 0003",
		"dig +norec +noad +noedns version.bind. -t TXT -c CH" },
	{ "class ANY", { 0 }, "a.", RR_ANY, CLASS_ANY,
		"1234 0000 0001 0000 0000 0000 .a 00 00ff 00ff",
		"dig +norec +noad +noedns +notcp a. -t ANY -c ANY" },
	{ "unknown type and class", { 0 }, "a.", 65280, 4711,
		"1234 0000 0001 0000 0000 0000 .a 00 ff00 1267",
		"dig +norec +noad +noedns a. -t TYPE65280 -c CLASS4711" },
	{ "old type", { 0 }, "a.", 23, CLASS_IN, "1234 0000 0001 0000 0000 0000 .a 00 0017 0001",
		"dig +norec +noad +noedns a. NSAP-PTR" },
	{ "A-label", { 0 }, "XN--a.a.", RR_A, CLASS_IN, NULL,
		"dig +norec +noad +noedns +noidnin XN--a.a. A" },
	{ "name like a type", { 0 }, "mx.", RR_A, CLASS_IN, NULL,
		"dig +norec +noad +noedns mx. A" },
	{ "name like a class", { 0 }, "in.", RR_A, CLASS_IN, NULL,
		"dig +norec +noad +noedns in. A" },
	{ "name like an option", { 0 }, "-x.a.", RR_A, CLASS_IN, NULL,
		"dig +norec +noad +noedns -q -x.a. A" },
	{ "name like a query option", { 0 }, "+tcp.a.", RR_A, CLASS_IN, NULL,
		"dig +norec +noad +noedns -q '+tcp.a.' A" },
	{ "name like the end", { 0 }, "%.a.", RR_A, CLASS_IN, NULL,
		"dig +norec +noad +noedns -q '%.a.' A" },
	{ "name like a server", { 0 }, "\\@.a.", RR_A, CLASS_IN, NULL,
		"dig +norec +noad +noedns '\\@.a.' A" },
	{ "quotes", { 0 }, "it's.$(a)\\;\\\".a.", RR_A, CLASS_IN, NULL,
		"dig +norec +noad +noedns 'it'\\''s.\\$\\(a\\)\\;\\\".a.' A" },
	{ "any octet", { 0 }, "\\000\\010\\255\\.x\\\\.*.a.", RR_A, CLASS_IN, NULL,
		"dig +norec +noad +noedns '\\000\\010\\255\\.x\\\\.*.a.' A" },
};

static struct arena *arena;

static struct buf build(const struct row *row)
{
	struct buf b = { .arena = arena };
	struct question q = { .type = row->type, .class = row->class };
	struct name n;

	name_parse(row->name, &n);
	q.name = &n;
	query_build(&b, &row->shape, &q, 0x1234);
	return b;
}

static bool same(const struct buf *a, const struct buf *b)
{
	return a->n == b->n && (!a->n || memcmp(a->p, b->p, a->n) == 0);
}

static void test_build(void)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf got = build(&rows[i]), want = { .arena = arena };

		if (!rows[i].wire)
			continue;
		test_wire(&want, rows[i].wire);
		ok(same(&got, &want), "wire: %s", rows[i].id);
	}
}

static void test_dig(void)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf b = { .arena = arena };
		struct question q = { .type = rows[i].type, .class = rows[i].class };
		struct name n;

		name_parse(rows[i].name, &n);
		q.name = &n;
		query_dig(&b, &rows[i].shape, &q);
		query_dig_cannot(&b, &rows[i].shape, 0);
		is_str(buf_text(&b), rows[i].dig, rows[i].id);
	}
}

static void test_split(void)
{
	struct buf b = { .arena = arena };

	query_dig_cannot(&b, &(struct shape){ .trailing = 2 }, 3);
	is_str(buf_text(&b),
		"  # with 2 zero octets behind the message, with the first 3 octets in a TCP "
		"segment of their own, which dig cannot send",
		"a query in two segments");
}

/* A UDP socket on a loopback port; -1 when there is none to be had. */
static int listen_udp(uint16_t *ret_port)
{
	struct sockaddr_in here = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct timeval wait = { .tv_sec = 5 };
	socklen_t size = sizeof(here);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (fd < 0)
		return -1;
	if (bind(fd, (struct sockaddr *)&here, size) || getsockname(fd, (void *)&here, &size) ||
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait))) {
		close(fd);
		return -1;
	}
	*ret_port = ntohs(here.sin_port);
	return fd;
}

/* Receives dig's query and sends it back as a reply, so that dig ends. */
static ssize_t answer_dig(int fd, uint8_t *query, size_t room)
{
	struct sockaddr_in from;
	socklen_t size = sizeof(from);
	ssize_t n = recvfrom(fd, query, room, 0, (struct sockaddr *)&from, &size);

	if (n < 12)
		return -1;
	query[2] |= FLAG_QR >> 8;
	sendto(fd, query, (size_t)n, 0, (struct sockaddr *)&from, size);
	query[2] &= (uint8_t) ~(FLAG_QR >> 8);
	return n;
}

/* The command, run by dig, sends the same octets but for the id. */
static void try_dig(int fd, uint16_t port, const struct row *row)
{
	struct buf want = build(row);
	uint8_t got[1024];
	char *command = arena_printf(
		arena, "%s -r -p %u @127.0.0.1 +ignore >/dev/null 2>&1", row->dig, port);
	FILE *dig = popen(command, "r");
	ssize_t n = dig ? answer_dig(fd, got, sizeof(got)) : -1;

	if (dig)
		pclose(dig);
	if (!ok(n == (ssize_t)want.n && memcmp(got + 2, want.p + 2, want.n - 2) == 0,
		    "dig sends it: %s", row->id))
		for (ssize_t i = 0; i < n; i++)
			printf("%s%02x%s", i ? " " : "#   got ", got[i], i + 1 == n ? "\n" : "");
}

static void test_with_dig(void)
{
	uint16_t port;
	int fd = system("dig -v >/dev/null 2>&1") == 0 ? listen_udp(&port) : -1;

	if (fd < 0) {
		ok(true, "dig sends it # SKIP no dig or no loopback here");
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (!strstr(rows[i].dig, "  # "))
			try_dig(fd, port, &rows[i]);
	close(fd);
}

static void test_named(void)
{
	static const struct {
		const char *id;
		const struct shape *named;
		size_t row;
	} shapes[] = {
		{ "shape_iterative", &shape_iterative, 0 },
		{ "shape_stub", &shape_stub, 1 },
	};

	for (size_t i = 0; i < ARRAY_LEN(shapes); i++) {
		struct row row = rows[shapes[i].row];
		struct buf want = build(&row), got;

		row.shape = *shapes[i].named;
		got = build(&row);
		ok(same(&got, &want), "%s", shapes[i].id);
	}
}

static struct name random_name(struct rng *r)
{
	struct name n = { 0 };
	unsigned int labels = rng_below(r, 10);

	while (labels--) {
		unsigned int size = 1 + rng_below(r, rng_below(r, 4) ? 6 : 63);

		if (n.len + size + 2 > NAME_MAX_WIRE)
			break;
		n.wire[n.len++] = (uint8_t)size;
		while (size--)
			n.wire[n.len++] = (uint8_t)rng_u64(r);
	}
	n.len++;
	return n;
}

static bool same_options(const struct msg *m, const struct shape *s)
{
	if (m->edns.nopts != s->noptions)
		return false;
	for (size_t i = 0; i < s->noptions; i++) {
		const struct edns_opt *got = &m->edns.opts[i];

		if (got->code != s->options[i].code || got->length != s->options[i].length ||
			memcmp(got->data, s->options[i].data, got->length) != 0)
			return false;
	}
	return true;
}

static bool same_question(const struct msg *m, const struct shape *s, const struct question *q)
{
	if (s->header_only)
		return m->nquestions == 0;
	for (size_t i = 0; i < m->nquestions; i++)
		if (!name_same_case(m->questions[i].name, q->name) ||
			m->questions[i].type != q->type || m->questions[i].class != q->class)
			return false;
	return m->nquestions == (s->twice ? 2 : 1);
}

/* The reader names what no conforming client sends. */
static size_t defects(const struct shape *s)
{
	bool many = s->twice && !s->header_only && s->opcode == OPCODE_QUERY;

	return (size_t)many + (s->trailing > 0);
}

static bool same_edns(const struct msg *m, const struct shape *s)
{
	return m->edns.present == s->edns &&
	       (!s->edns || (m->edns.version == s->edns_version && m->edns.size == s->edns_size &&
				    m->edns.flags == s->edns_flags && same_options(m, s)));
}

static bool prop_round_trip(struct rng *r)
{
	struct arena *a = arena_new();
	struct buf b = { .arena = a };
	struct name name = random_name(r);
	struct question q = { &name, (uint16_t)rng_u64(r), (uint16_t)rng_u64(r) };
	uint8_t data[32];
	struct shape_option options[5];
	struct shape s = {
		.flags = (uint16_t)rng_u64(r) & 0x7f0,
		.opcode = (uint8_t)rng_below(r, 16),
		.edns = rng_below(r, 2),
		.edns_version = (uint8_t)rng_u64(r),
		.edns_size = (uint16_t)rng_u64(r),
		.edns_flags = (uint16_t)rng_u64(r),
		.options = options,
		.header_only = rng_below(r, 8) == 0,
		.twice = rng_below(r, 4) == 0,
		.trailing = rng_below(r, 2) ? (uint8_t)rng_u64(r) : 0,
	};
	uint16_t id = (uint16_t)rng_u64(r);
	const struct msg *m;
	bool good;

	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)rng_u64(r);
	s.noptions = s.edns ? (uint8_t)rng_below(r, 6) : 0;
	for (size_t i = 0; i < s.noptions; i++)
		options[i] = (struct shape_option){ (uint16_t)rng_below(r, 20),
			(uint16_t)rng_below(r, sizeof(data) + 1), data };
	query_build(&b, &s, &q, id);
	m = msg_read(a, buf_span(&b));
	good = m->ndefects == defects(&s) && m->end + s.trailing == b.n && m->id == id &&
	       m->flags == (s.flags | s.opcode << 11) && m->opcode == s.opcode && m->rcode == 0 &&
	       same_question(m, &s, &q) && same_edns(m, &s) && m->nrrs == s.edns;
	arena_free(a);
	return good;
}

int main(void)
{
	arena = arena_new();
	test_build();
	test_dig();
	test_split();
	test_with_dig();
	test_named();
	prop("read(build(q)) = q", prop_round_trip, 5000);
	arena_free(arena);
	return tap_done();
}
