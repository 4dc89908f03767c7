/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The server: what it answers, what it refuses, and that nobody gets more than he asked with. */
#include "beacon/beacon.h"

#include "base/err.h"
#include "beacon/beacon_cookie.h"
#include "beacon/test_beacon.h"
#include "dns/text.h"
#include "prop.h"

enum { SECOND = 1000000, CLIENT = 8 };

/* Where parts of a query for www.beacon.test. begin. */
enum { NAME_AT = 12, TYPE_AT = NAME_AT + 17, CLASS_AT = TYPE_AT + 2, OPT_AT = CLASS_AT + 2 };

/* What a reply is, in short: "NOERROR tc 0/0". */
static const char *brief(struct bench *t, const struct msg *m)
{
	char rcode[TEXT_MNEMONIC];

	if (!m)
		return "none";
	return arena_printf(t->arena, "%s%s%s %u/%u", text_rcode(m->rcode, rcode),
		m->flags & FLAG_AA ? " aa" : "", m->flags & FLAG_TC ? " tc" : "",
		m->counts[MSG_ANSWER], m->counts[MSG_AUTHORITY]);
}

static const struct msg *ask(
	struct bench *t, const char *name, uint16_t type, enum transport transport)
{
	struct name n;

	name_parse(name, &n);
	return bench_ask(
		t, &(struct question){ name_keep(t->arena, &n), type, CLASS_IN }, transport);
}

/* Data by name and type, over TCP; over UDP without proof the same ends in TC=1. */
static const struct {
	const char *name;
	uint16_t type;
	const char *tcp;
} names[] = {
	{ "beacon.test", RR_SOA, "NOERROR aa 1/0" },
	{ "beacon.test", RR_NS, "NOERROR aa 1/0" },
	{ "beacon.test", RR_A, "NOERROR aa 0/1" },
	{ "beacon.test", RR_ANY, "NOERROR aa 1/0" },
	{ "beacon.test", RR_DNSKEY, "NOERROR aa 0/1" },
	{ "ns.beacon.test", RR_A, "NOERROR aa 1/0" },
	{ "NS.beacon.test", RR_AAAA, "NOERROR aa 1/0" },
	{ "ns.beacon.test", RR_ANY, "NOERROR aa 2/0" },
	{ "ns.beacon.test", RR_MX, "NOERROR aa 0/1" },
	{ "some.thing.beacon.test", RR_TXT, "NOERROR aa 1/0" },
	{ "thing.beacon.test", RR_NS, "NOERROR aa 0/1" },
	{ "18abcdef.beacon.test", RR_TXT, "NOERROR aa 1/0" },
	{ "18abcdef.beacon.test", RR_A, "NOERROR aa 1/0" },
	{ "10abcdef.beacon.test", RR_A, "NOERROR aa 0/1" },
};

static void test_names(void)
{
	struct bench t = bench_new(1, 0);

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const char *got = brief(&t, ask(&t, names[i].name, names[i].type, TRANSPORT_TCP));

		is_str(got, names[i].tcp, names[i].name);
		got = brief(&t, ask(&t, names[i].name, names[i].type, TRANSPORT_UDP));
		is_str(got, "NOERROR aa tc 0/0", "  over UDP without proof");
	}
	bench_done(&t);
}

/* Replies that are errors, to a query with one thing changed. */
static const struct {
	const char *name;
	size_t at; /* octet that gets the value */
	unsigned int value;
	const char *reply;
} damages[] = {
	{ "as it is", 2, 0x00, "NOERROR aa tc 0/0" },
	{ "a response", 2, 0x80, "none" },
	{ "NOTIFY", 2, 0x20, "NOTIMP 0/0" },
	{ "UPDATE", 2, 0x28, "NOTIMP 0/0" },
	{ "TC", 2, 0x02, "FORMERR 0/0" },
	{ "no question", 5, 0, "none" },
	{ "two questions", 5, 2, "none" },
	{ "an answer that is not there", 7, 1, "FORMERR 0/0" },
	{ "more additional records than there are", 11, 2, "FORMERR 0/0" },
	{ "class CHAOS", CLASS_AT + 1, 3, "REFUSED 0/0" },
	{ "AXFR", TYPE_AT + 1, 252, "REFUSED 0/0" },
	{ "a zone beside", NAME_AT + 5, 'x', "REFUSED 0/0" },
	{ "a name that ends early", NAME_AT, 60, "none" },
	{ "a pointer", NAME_AT, 0xc0, "none" },
	{ "another version of EDNS", OPT_AT + 6, 1, "BADVERS 0/0" },
	{ "OPT not at the root", OPT_AT, 60, "FORMERR 0/0" },
};

static void test_damages(void)
{
	struct bench t = bench_new(2, 0);
	struct question q = { NULL, RR_TXT, CLASS_IN };
	struct name n;

	name_parse("www.beacon.test", &n);
	q.name = &n;
	is_int(n.len, TYPE_AT - NAME_AT, "offsets of the table");
	for (size_t i = 0; i < ARRAY_LEN(damages); i++) {
		struct buf b = { .arena = t.arena };

		query_build(&b, &t.shape, &q, 7);
		b.p[damages[i].at] = (char)damages[i].value;
		is_str(brief(&t, bench_send(&t, buf_span(&b), TRANSPORT_UDP)), damages[i].reply,
			damages[i].name);
		ok(t.replied <= t.asked, "  no larger than the query");
	}
	bench_done(&t);
}

static const struct {
	const char *from;
	bool answered;
} senders[] = {
	{ "192.0.2.1#53", true },
	{ "192.0.2.1#7", true },
	{ "192.0.2.1#19", true },
	{ "192.0.2.1#1", true },
	{ "192.0.2.1", false },
	{ "0.0.0.0#53", false },
	{ "224.0.0.251#5353", false },
	{ "255.255.255.255#53", false },
	{ "ff02::1#53", false },
	{ "::#53", false },
	{ "2001:db8::1#53", true },
};

static void test_senders(void)
{
	struct bench t = bench_new(3, 0);

	for (size_t i = 0; i < ARRAY_LEN(senders); i++) {
		addr_parse_port(senders[i].from, &t.from); /* 0 when none is given */
		ok(!ask(&t, "a.beacon.test", RR_TXT, TRANSPORT_UDP) == !senders[i].answered,
			"%s: %s", senders[i].from, senders[i].answered ? "answered" : "ignored");
	}
	bench_done(&t);
}

static const struct beacon_sample *last_sent(const struct bench *t)
{
	return &t->sent[t->nsent - 1];
}

static void test_text(void)
{
	struct bench t = bench_new(4, 0);
	struct buf b = { .arena = t.arena };
	const struct msg *m;
	const struct rr *rr;
	struct name n;

	name_parse("FoO.beacon.test", &n);
	/* A name that begins no chain, through a resolver: TCP, then the end of one by UDP. */
	m = bench_resolve(&t, &n, false);
	is_int(m->counts[MSG_ANSWER], 2, "a plain name: an alias and a text");
	rr = msg_find(m, (struct rr_wanted){ MSG_ANSWER, RR_TXT, NULL });
	ok(rr && !last_sent(&t)->tcp, "the text is of a query over UDP");
	if (rr)
		text_rdata(&b, m, rr);
	ok(strstr(buf_text(&b), arena_printf(t.arena, "\"port=%u\"", t.from.port)) &&
			strstr(buf_text(&b), "\"address=192.0.2.1\" ") &&
			strstr(buf_text(&b), "\"transport=udp\" ") &&
			strstr(buf_text(&b), "\"flags=none\" \"edns=0 size=1232\" "),
		"it says what was seen");
	bench_done(&t);
}

/* A cookie that TCP gave is proof over UDP, for its client only. */
static void test_cookies(void)
{
	uint8_t data[BEACON_COOKIE_WHOLE] = "client01";
	struct shape_option option = { EDNS_COOKIE, CLIENT, data };
	struct bench t = bench_new(5, 0);
	const struct edns_opt *got;
	const struct msg *m;

	t.shape.options = &option;
	t.shape.noptions = 1;
	m = ask(&t, "a.beacon.test", RR_TXT, TRANSPORT_UDP);
	is_str(brief(&t, m), "NOERROR aa tc 0/0", "a client's cookie alone proves nothing");
	ok(!msg_option(m, EDNS_COOKIE), "and there is no room for a server's");
	m = ask(&t, "a.beacon.test", RR_TXT, TRANSPORT_TCP);
	got = msg_option(m, EDNS_COOKIE);
	ok(got && got->length == BEACON_COOKIE_WHOLE, "TCP gives one");
	if (got)
		memcpy(data, got->data, got->length);
	option.length = BEACON_COOKIE_WHOLE;
	t.from.port++;
	m = ask(&t, "a.beacon.test", RR_TXT, TRANSPORT_UDP);
	is_str(brief(&t, m), "NOERROR aa 1/0", "it is proof over UDP");
	ok(m && m->rrs[0].type == RR_TXT, "a text at once");
	t.from.ip[3]++;
	m = ask(&t, "a.beacon.test", RR_TXT, TRANSPORT_UDP);
	is_str(brief(&t, m), "NOERROR aa tc 0/0", "a neighbour's is none");
	ok(msg_option(m, EDNS_COOKIE), "but a new one fits where an old one was");
	ok(t.replied <= t.asked, "which is no larger than the query");
	option.length = 12;
	is_str(brief(&t, ask(&t, "a.beacon.test", RR_TXT, TRANSPORT_UDP)), "FORMERR 0/0",
		"a cookie of no legal length");
	bench_done(&t);
}

static void test_proof(void)
{
	struct bench t = bench_new(6, 0);
	const struct msg *m = ask(&t, "18abcdef.beacon.test", RR_TXT, TRANSPORT_TCP);
	struct name next, other;
	struct question q = { &next, RR_TXT, CLASS_IN };

	ok(msg_rdata_name(m, &m->rrs[0], &next, NULL) == 0, "an alias");
	is_str(brief(&t, bench_ask(&t, &q, TRANSPORT_UDP)), "NOERROR aa 1/0",
		"its name is proof over UDP");
	t.from.port = 9;
	beacon_set_case(&next, 0x55555555);
	is_str(brief(&t, bench_ask(&t, &q, TRANSPORT_UDP)), "NOERROR aa 1/0",
		"from any port, in any case");
	t.now += 2 * (uint64_t)BEACON_EPOCH * SECOND;
	is_str(brief(&t, bench_ask(&t, &q, TRANSPORT_UDP)), "NOERROR aa tc 0/0",
		"not a minute later");
	t.now -= 2 * (uint64_t)BEACON_EPOCH * SECOND;
	t.from.ip[0] ^= 1;
	is_str(brief(&t, bench_ask(&t, &q, TRANSPORT_UDP)), "NOERROR aa tc 0/0",
		"not from another address");
	t.from.ip[0] ^= 1;
	other = next;
	for (size_t i = 2; i <= next.wire[0]; i++) {
		next.wire[i] = next.wire[i] == '0' ? '1' : '0';
		m = bench_ask(&t, &q, TRANSPORT_UDP);
		if (m && !(m->flags & FLAG_TC))
			ok(false, "digit %zu of the label does not count", i);
		next = other;
	}
	bench_done(&t);
}

static void test_limit(void)
{
	struct bench t = bench_new(7, 10);
	unsigned int full = 0, cut = 0;

	for (unsigned int i = 0; i < 30; i++) {
		const struct msg *m = ask(&t, "a.beacon.test", RR_TXT, TRANSPORT_UDP);

		full += m != NULL;
		cut += m && m->flags & FLAG_TC;
	}
	is_int(full, 20, "ten replies, and half of the others");
	is_int(cut, 20, "all truncated");
	is_int((int64_t)beacon_counts(t.beacon).limited, 10, "the others are counted");
	ok(ask(&t, "a.beacon.test", RR_TXT, TRANSPORT_TCP) != NULL, "TCP is not limited");
	bench_done(&t);
}

/* No EDNS: replies of proven senders keep to 512 octets, and have no OPT. */
static void test_plain(void)
{
	struct bench t = bench_new(8, 0);
	const struct msg *m;
	struct name n;

	t.shape = (struct shape){ 0 };
	name_parse("18abcdef.beacon.test", &n);
	m = bench_resolve(&t, &n, true);
	is_int(m->counts[MSG_ANSWER], 9, "a chain without EDNS");
	ok(t.replied && t.replied <= 512, "no reply over 512 octets");
	bench_done(&t);
}

/* A query of any shape, then perhaps damaged. */
static struct buf hostile(struct bench *t, struct rng *r)
{
	static const char *const all[] = { "a.beacon.test", "18abcdef.beacon.test", "beacon.test",
		"ns.beacon.test", "a.b.c.d.e.beacon.test", "test", ".", "x.example",
		"17abcdef00000000000000000000000000000000000000.beacon.test" };
	static const uint16_t types[] = { RR_TXT, RR_A, RR_NS, RR_SOA, RR_ANY, RR_AXFR, RR_AAAA,
		RR_DS, RR_OPT };
	uint8_t data[64];
	struct shape_option option = { rng_below(r, 2) ? EDNS_COOKIE : (uint16_t)rng_below(r, 20),
		(uint16_t)rng_below(r, sizeof(data)), data };
	struct shape s = { .flags = (uint16_t)rng_u64(r),
		.opcode = (uint8_t)(rng_below(r, 4) ? 0 : rng_below(r, 16)),
		.edns = rng_below(r, 4) > 0,
		.edns_version = (uint8_t)(rng_below(r, 8) == 0),
		.edns_size = (uint16_t)rng_u64(r),
		.edns_flags = (uint16_t)rng_u64(r),
		.options = &option,
		.noptions = (uint8_t)rng_below(r, 2) };
	struct buf b = { .arena = t->arena };
	struct name n;

	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)rng_u64(r);
	name_parse(all[rng_below(r, ARRAY_LEN(all))], &n);
	beacon_set_case(&n, (uint32_t)rng_u64(r));
	query_build(&b, &s,
		&(struct question){ &n, types[rng_below(r, ARRAY_LEN(types))],
			rng_below(r, 8) ? CLASS_IN : (uint16_t)rng_u64(r) },
		(uint16_t)rng_u64(r));
	for (uint32_t i = rng_below(r, 2) ? 0 : rng_below(r, 6); i > 0; i--)
		b.p[rng_below(r, (uint32_t)b.n)] = (char)rng_u64(r);
	if (rng_below(r, 8) == 0)
		b.n = rng_below(r, (uint32_t)b.n + 1);
	return b;
}

/* Whatever a stranger sends over UDP: a reply is a response, readable, and not larger. */
static bool case_benign(struct rng *r)
{
	struct bench t = bench_new(rng_u64(r), 0);
	bool good = true;

	for (unsigned int i = 0; i < 50; i++) {
		struct buf b = hostile(&t, r);
		const struct msg *m = bench_send(&t, buf_span(&b), TRANSPORT_UDP);

		good &= t.replied <= t.asked;
		good &= !m ||
			(m->ndefects == 0 && m->flags & FLAG_QR && m->id == bench_number(&b, 0));
		/* It is never answered in its turn. */
		if (m)
			good &= bench_send(&t, m->wire, TRANSPORT_UDP) == NULL;
	}
	bench_done(&t);
	return good;
}

int main(void)
{
	test_names();
	test_damages();
	test_senders();
	test_text();
	test_cookies();
	test_proof();
	test_limit();
	test_plain();
	prop("spoofed queries: never more out than in", case_benign, 400);
	return tap_done();
}
