/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the meaning line says of each kind of reply and of each end without one: a row each. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "dns/dnssec.h"
#include "dns/name.h"
#include "dns/rr.h"
#include "dns/text.h"
#include "render/dig.h"
#include "tap.h"

#define SOA   "au test SOA 300"
#define NAMES "ns.test"

/*
 * Records are "SECTION OWNER TYPE DATA", with ";" between them: an, au or ad. DATA is a name, an
 * address of IPv4, the minimum of a SOA, "NEXT TYPE" of a NSEC, the owner's name of a NSEC3 without
 * types, or "CODE TEXT" of an EDE in the OPT.
 */
static const struct row {
	const char *question; /* "name TYPE" */
	uint16_t flags, rcode;
	const char *records;
	const char *want; /* parts that the line has, in this order, with "|" between them */
	struct {
		bool norec, tcp;
		bool edns;
		uint32_t took; /* ms */
	} how;
} rows[] = {
	{ "a.test A", FLAG_AA, 0, "an a.test A 192.0.2.1",
		"answer: a.test has 1 A record|authority", { 0 } },
	{ "a.test A", FLAG_RA, 0, "an a.test A 192.0.2.1;an a.test A 192.0.2.2",
		"answer: |2 A records|from a resolver", { 0 } },
	{ "a.test A", FLAG_RA | FLAG_AD, 0, "an a.test A 192.0.2.1", "validated by the resolver",
		{ 0 } },
	{ "a.test A", 0, 0, "an a.test A 192.0.2.1", "answer: |no authority for it (no AA)|lame",
		{ 0 } },
	{ "a.test ANY", FLAG_AA, 0, "an a.test A 192.0.2.1", "1 record|RFC 8482", { 0 } },
	{ "a.test A", FLAG_AA, 0,
		"an a.test CNAME b.test;an b.test CNAME c.test;an c.test A 192.0.2.1",
		"answer by an alias: a.test is an alias that leads to c.test, which has 1 A record",
		{ 0 } },
	{ "a.test A", FLAG_AA, 0, "an a.test CNAME b.example",
		"alias: |leads to b.example|ask for b.example A", { 0 } },
	{ "a.test A", FLAG_AA, 3, "an a.test CNAME b.test;" SOA,
		"no such name: |leads to b.test, which does not exist|NXDOMAIN type 2", { 0 } },
	{ "a.test A", FLAG_AA, 0, "an a.test CNAME b.test;" SOA,
		"no data: |leads to b.test, which exists but has no A record|NODATA type 2",
		{ 0 } },
	{ "a.test A", FLAG_AA, 0, SOA ";au test NS ns.test",
		"no data: a.test exists|NODATA type 1|kept 300 s", { 0 } },
	{ "a.test A", FLAG_AA, 0, SOA, "no data: |NODATA type 2|zone test|kept 300 s", { 0 } },
	{ "a.test A", FLAG_AA, 0, "", "no data: |NODATA type 3|nobody may keep it", { 0 } },
	{ "a.test A", FLAG_AA, 3, SOA ";au test NS ns.test",
		"no such name: |below it|NXDOMAIN type 1", { 0 } },
	{ "a.test A", FLAG_AA, 3, SOA, "NXDOMAIN type 2", { 0 } },
	{ "a.test A", FLAG_AA, 3, "", "NXDOMAIN type 3|nobody may keep it", { 0 } },
	{ "a.test A", FLAG_AA, 3, "au test NS ns.test", "NXDOMAIN type 4", { 0 } },
	{ "b.test A", FLAG_AA, 0, SOA ";au a.test NSEC c.b.test A",
		"empty non-terminal|NODATA type 2", { 0 } },
	{ "b.test A", FLAG_AA, 0, SOA ";au b.test NSEC c.b.test TXT",
		"no data: b.test exists, but has no A record (", { 0 } },
	{ "b.test A", FLAG_AA, 0, SOA ";au - NSEC3 b.test", "empty non-terminal|NODATA type 2",
		{ 0 } },
	{ "b.test A", FLAG_AA, 0, SOA ";au - NSEC3 other.test", "has no A record (", { 0 } },
	{ "a.test A", FLAG_AA, 0, SOA ";au a.test NSEC b.test TYPE128", "no such name: |RFC 9824",
		{ 0 } },
	{ "a.test MX", FLAG_AA, 0, "an a.test A 192.0.2.1;" SOA, "no data: |were not asked for",
		{ 0 } },
	{ "a.sub.test A", 0, 0, "au sub.test NS ns.sub.test;au sub.test NS ns.other",
		"referral: |sends on to ns.sub.test, ns.other, the servers of sub.test|no "
		"recursion for you",
		{ 0 } },
	{ "a.sub.test A", 0, 0, "au sub.test NS ns.sub.test", "referral: |the servers of sub.test",
		{ .norec = true } },
	{ "a.sub.test A", 0, 0, "au sub.test NS ns.sub.test;ad ns.sub.test A 192.0.2.53",
		"referral: |one of them itself|lame", { .norec = true } },
	{ "a.sub.test A", 0, 0, "au . NS a.root", "upward referral: |servers of the root|lame",
		{ 0 } },
	{ "a.test A", FLAG_RA, 2, "",
		"server failure: 192.0.2.53#53|Usual causes: DNSSEC|+cd|go on with: "
		"dnsfault a.test A",
		{ 0 } },
	{ "a.test A", FLAG_RA | FLAG_CD, 2, "", "Usual causes: the zone's servers|+cd switched off",
		{ 0 } },
	{ "a.test A", 0, 2, "", "An authority says so when|go on with", { 0 } },
	{ "a.test A", FLAG_RA, 2, "ad . EDE 22 nobody",
		"EDE 22 (No Reachable Authority): none of the zone's servers", { 0 } },
	{ "a.test A", FLAG_RA, 2, "ad . EDE 9", "EDE 9 (DNSKEY Missing): the DS at the parent",
		{ 0 } },
	{ "a.test A", FLAG_RA, 2, "ad . EDE 49152 own", "EDE 49152;|go on", { 0 } },
	{ "a.test A", FLAG_RA, 2, "", "it took 10 s, as BIND does", { .took = 10000 } },
	{ "a.test A", FLAG_RA, 2, "", "it took 1.5 s, as PowerDNS does", { .took = 1505 } },
	{ "a.test A", 0, 5, "", "refused by 192.0.2.53#53: |no recursion for your address", { 0 } },
	{ "a.test A", 0, 5, "", "refused by |to your address|lame", { .norec = true } },
	{ "a.test A", FLAG_RA, 5, "ad . EDE 18", "refused by |EDE 18 (Prohibited): this client",
		{ 0 } },
	{ "a.test A", FLAG_AA | FLAG_TC, 0, "", "truncated: |+ignore", { 0 } },
	{ "a.test A", FLAG_AA | FLAG_TC, 0, "", "truncated: |a fault of the server",
		{ .tcp = true } },
	{ "a.test A", 0, 1, "", "error FORMERR: |try +noedns", { .edns = true } },
	{ "a.test A", 0, 4, "", "error NOTIMP: the server does not do", { 0 } },
	{ "a.test A", 0, 9, "", "error NOTAUTH: ", { 0 } },
	{ "a.test A", 0, 11, "", "error DSOTYPENI: |did not answer the question", { 0 } },
};

static void put_name(struct buf *b, const char *text)
{
	struct name n;

	if (name_parse(text, &n) == 0)
		buf_put(b, n.wire, n.len);
}

static void data_name(struct buf *b, const char *data)
{
	put_name(b, data);
}

static void data_address(struct buf *b, const char *data)
{
	struct addr a;

	if (addr_parse(data, &a) == 0)
		buf_put(b, a.ip, 4);
}

static void data_soa(struct buf *b, const char *data)
{
	put_name(b, NAMES);
	put_name(b, NAMES);
	for (int i = 0; i < 4; i++)
		buf_u32(b, 3600);
	buf_u32(b, (uint32_t)atoi(data));
}

static void data_nsec(struct buf *b, const char *data)
{
	char next[64] = "", type[32] = "";
	uint16_t number = 0;
	uint8_t bits[32] = { 0 };

	sscanf(data, "%63s %31s", next, type);
	text_parse_type(type, &number);
	put_name(b, next);
	bits[number / 8] = (uint8_t)(0x80 >> number % 8);
	buf_u8(b, 0);
	buf_u8(b, (uint8_t)(number / 8 + 1));
	buf_put(b, bits, number / 8 + 1U);
}

/* SHA-1, no flags, no iterations, no salt, the next hash in zeros, no types. */
static void data_nsec3(struct buf *b, const char *data)
{
	static const char rdata[26] = "\1\0\0\0\0\24";

	(void)data;
	buf_put(b, rdata, sizeof(rdata));
}

static void data_ede(struct buf *b, const char *data)
{
	const char *text = strchr(data, ' ');
	size_t n = text ? strlen(text + 1) : 0;

	buf_u16(b, EDNS_EDE);
	buf_u16(b, (uint16_t)(n + 2));
	buf_u16(b, (uint16_t)atoi(data));
	buf_put(b, text ? text + 1 : "", n);
}

static const struct {
	const char *type;
	uint16_t number;
	void (*put)(struct buf *b, const char *data);
} kinds[] = {
	{ "A", RR_A, data_address },
	{ "CNAME", RR_CNAME, data_name },
	{ "NS", RR_NS, data_name },
	{ "SOA", RR_SOA, data_soa },
	{ "NSEC", RR_NSEC, data_nsec },
	{ "NSEC3", RR_NSEC3, data_nsec3 },
	{ "EDE", RR_OPT, data_ede },
};

/* "-" as owner of a NSEC3: the hash of the name in data. */
static void put_owner(struct buf *b, const char *owner, const char *data)
{
	static const char letters[] = "0123456789abcdefghijklmnopqrstuv";
	static const struct nsec3 plain = { .hash = 1 };
	uint8_t hash[NSEC3_HASH];
	char text[33] = "";
	struct name n;

	if (strcmp(owner, "-") != 0) {
		put_name(b, owner);
		return;
	}
	if (name_parse(data, &n) || nsec3_hash(&plain, &n, hash))
		return;
	for (size_t i = 0; i < 32; i++) {
		size_t at = i * 5, word = (size_t)hash[at / 8] << 8;

		if (at / 8 + 1 < NSEC3_HASH)
			word |= hash[at / 8 + 1];
		text[i] = letters[word >> (11 - at % 8) & 31];
	}
	put_name(b, arena_printf(b->arena, "%s.test", text));
}

static void put_record(struct buf *b, const char *record, uint16_t counts[4])
{
	char section[3] = "", owner[64] = "", type[16] = "";
	int skip = 0;

	sscanf(record, "%2s %63s %15s %n", section, owner, type, &skip);
	counts[section[1] == 'n' ? 1 : section[1] == 'u' ? 2 : 3]++;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		struct buf data = { .arena = b->arena };

		if (strcmp(kinds[i].type, type) != 0)
			continue;
		kinds[i].put(&data, record + skip);
		put_owner(b, owner, record + skip);
		buf_u16(b, kinds[i].number);
		buf_u16(b, CLASS_IN);
		buf_u32(b, kinds[i].number == RR_OPT ? 0 : 3600);
		buf_u16(b, (uint16_t)data.n);
		buf_put(b, data.p, data.n);
	}
}

/* The reply of a row; *ret_question is what was asked. */
static const struct msg *build(
	struct arena *a, const struct row *row, struct question *ret_question)
{
	struct buf wire = { .arena = a }, body = { .arena = a };
	uint16_t counts[4] = { 1 }, type = 0;
	char owner[64] = "", word[32] = "", *save = NULL, *records = arena_str(a, row->records);
	struct name name;

	sscanf(row->question, "%63s %31s", owner, word);
	text_parse_type(word, &type);
	name_parse(owner, &name);
	*ret_question = (struct question){ name_keep(a, &name), type, CLASS_IN };
	put_name(&body, owner);
	buf_u16(&body, type);
	buf_u16(&body, CLASS_IN);
	for (char *r = strtok_r(records, ";", &save); r; r = strtok_r(NULL, ";", &save))
		put_record(&body, r, counts);
	buf_u16(&wire, 7);
	buf_u16(&wire, (uint16_t)(FLAG_QR | row->flags | row->rcode));
	for (size_t i = 0; i < 4; i++)
		buf_u16(&wire, counts[i]);
	buf_put(&wire, body.p, body.n);
	return msg_read(a, buf_span(&wire));
}

/* text has the parts of want in their order. */
static bool has(const char *text, const char *want)
{
	while (text && *want) {
		size_t n = strcspn(want, "|");
		const char *found = memmem(text, strlen(text), want, n);

		text = found ? found + n : NULL;
		want += n + (want[n] == '|');
	}
	return text != NULL;
}

static const struct dig_show show = { .meaning = true };

static void check(struct arena *a, const struct facts *f, const char *want)
{
	struct dig_view v = { .show = &show, .facts = f };
	struct buf out = { .arena = a };

	dig_meaning(&v, f->v[f->n - 1], &out);
	if (!ok(has(buf_text(&out), want), "%s", want))
		printf("# %s\n", buf_text(&out));
}

static struct observation observe(struct arena *a, const struct row *row)
{
	struct observation o = { .outcome = OUTCOME_ANSWERED, .sent = 1000 };

	o.msg = build(a, row, &o.ask.question);
	o.ask.server = (struct addr){ .family = ADDR_V4, .port = 53, .ip = { 192, 0, 2, 53 } };
	o.ask.shape.flags = row->how.norec ? 0 : FLAG_RD;
	o.ask.shape.edns = row->how.edns;
	o.ask.transport = row->how.tcp ? TRANSPORT_TCP : TRANSPORT_UDP;
	o.done = o.sent + row->how.took * 1000ULL;
	return o;
}

static void test_reply(struct arena *a, const struct row *row)
{
	struct facts *f = facts_new(a);
	struct observation o = observe(a, row);

	facts_add(f, &o);
	check(a, f, row->want);
}

/* Lookups of several observations: what came before the end, and the end. */
static const struct story {
	struct {
		uint8_t outcome, why;
		bool tcp, truncated;
	} steps[3];
	size_t n;
	const char *want;
} stories[] = {
	{ { { OUTCOME_ANSWERED, 0, false, true }, { OUTCOME_ANSWERED, 0, true, false } }, 2,
		"answer: |over TCP, because the UDP reply was truncated" },
	{ { { OUTCOME_ANSWERED, 0, false, true }, { OUTCOME_REFUSED, 0, true, false } }, 2,
		"refuses TCP connections|TCP is needed and must work" },
	{ { { OUTCOME_ANSWERED, 0, false, true }, { OUTCOME_TIMEOUT, 0, true, false } }, 2,
		"no reply from |over TCP|TCP is needed" },
	{ { { OUTCOME_TIMEOUT, 0, false, false }, { OUTCOME_LATE, 0, false, false } }, 2,
		"answer: |only after its time-out" },
	{ { { OUTCOME_STRAY, WHY_STRAY_ID, false, false }, { OUTCOME_ANSWERED, 0, false, false } },
		2, "answer: |1 datagram that did not match|another id" },
	{ { { OUTCOME_STRAY, WHY_STRAY_QUESTION, false, false },
		  { OUTCOME_STRAY, WHY_STRAY_SOURCE, false, false },
		  { OUTCOME_TIMEOUT, 0, false, false } },
		3, "no reply|2 datagrams|1: another question, 1: another sender" },
	{ { { OUTCOME_STRAY, WHY_STRAY_QUESTION, false, false } }, 1, "letter case" },
	{ { { OUTCOME_TIMEOUT, 0, false, false } }, 1,
		"no reply from 192.0.2.53#53|go on with: dnsfault" },
	{ { { OUTCOME_ICMP, 0, false, false } }, 1, "no server there" },
	{ { { OUTCOME_RESET, 0, true, false } }, 1, "closed the TCP connection" },
	{ { { OUTCOME_NOT_SENT, WHY_PRIVILEGE, false, false } }, 1,
		"nothing was sent|nothing about the server" },
};

static void test_story(struct arena *a, const struct story *story)
{
	static const struct row good = { "a.test A", FLAG_AA, 0, "an a.test A 192.0.2.1", "",
		{ 0 } };
	static const struct row cut = { "a.test A", FLAG_AA | FLAG_TC, 0, "", "", { 0 } };
	struct facts *f = facts_new(a);

	for (size_t i = 0; i < story->n; i++) {
		struct observation o = observe(a, story->steps[i].truncated ? &cut : &good);
		uint8_t outcome = story->steps[i].outcome;

		o.outcome = outcome;
		o.why = story->steps[i].why;
		o.ask.transport = story->steps[i].tcp ? TRANSPORT_TCP : TRANSPORT_UDP;
		o.ask.tag = i;
		if (outcome != OUTCOME_ANSWERED && outcome != OUTCOME_LATE &&
			outcome != OUTCOME_STRAY)
			o.msg = NULL;
		facts_add(f, &o);
	}
	check(a, f, story->want);
}

int main(void)
{
	struct arena *a = arena_new();

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		test_reply(a, &rows[i]);
	for (size_t i = 0; i < ARRAY_LEN(stories); i++)
		test_story(a, &stories[i]);
	arena_free(a);
	return tap_done();
}
