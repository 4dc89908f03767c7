/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dig's layout: columns, pieces, options; and that no reply can spoil a terminal. */
#include "render/dig.h"

#include <stdlib.h>

#include "base/err.h"
#include "dns/name.h"
#include "dns/rr.h"
#include "prop.h"
#include "tap.h"

static const struct dig_show everything = {
	.comments = true,
	.question = true,
	.answer = true,
	.authority = true,
	.additional = true,
	.stats = true,
	.query = true,
	.ttl = true,
	.class = true,
	.meaning = true,
	.crypto = true,
	.split = DIG_SPLIT,
};

static void put_name(struct buf *b, const char *text)
{
	struct name n;

	if (name_parse(text, &n) == 0)
		buf_put(b, n.wire, n.len);
}

static void put_rr(struct buf *b, const char *owner, uint16_t type, struct span rdata)
{
	put_name(b, owner);
	buf_u16(b, type);
	buf_u16(b, CLASS_IN);
	buf_u32(b, 3600);
	buf_u16(b, (uint16_t)rdata.n);
	buf_put(b, rdata.p, rdata.n);
}

static void put_header(struct buf *b, uint16_t answers, uint16_t additional)
{
	buf_u16(b, 7);
	buf_u16(b, FLAG_QR | FLAG_RD | FLAG_RA);
	buf_u16(b, 1);
	buf_u16(b, answers);
	buf_u16(b, 0);
	buf_u16(b, additional);
	put_name(b, "a.test.");
	buf_u16(b, RR_A);
	buf_u16(b, CLASS_IN);
}

/* One record and the line that dig 9.18 prints for it. */
static const struct row {
	const char *owner;
	size_t type;
	const char *rdata;
	size_t n;
	const char *want; /* "ttl", "class" off and multi-line: see the flags */
	bool no_ttl, no_class, multiline;
} rows[] = {
	{ "www.test.", RR_A, "\300\0\2\1", 4, "www.test.\t\t3600\tIN\tA\t192.0.2.1\n", false, false,
		false },
	{ "abcdefghijklmnopq.test.", RR_A, "\300\0\2\1", 4,
		"abcdefghijklmnopq.test.\t3600\tIN\tA\t192.0.2.1\n", false, false, false },
	{ "a-really-long-owner-name-here-for-columns.test.", RR_A, "\300\0\2\1", 4,
		"a-really-long-owner-name-here-for-columns.test.\t3600 IN\tA 192.0.2.1\n", false,
		false, false },
	{ "www.test.", RR_A, "\300\0\2\1", 4, "www.test.\t\tIN\tA\t192.0.2.1\n", true, false,
		false },
	{ "www.test.", RR_A, "\300\0\2\1", 4, "www.test.\t\t3600\tA\t192.0.2.1\n", false, true,
		false },
	{ "www.test.", RR_A, "\300\0\2\1", 4, "www.test.\t\tA\t192.0.2.1\n", true, true, false },
	{ "www.test.", RR_A, "\300\0\2\1", 4, "www.test.\t\t3600 IN\tA 192.0.2.1\n", false, false,
		true },
	{ "u.test.", 65280, "\300\0\2\1", 4, "u.test.\t\t\t3600\tIN\tTYPE65280 \\# 4 C0000201\n",
		false, false, false },
	{ "u.test.", 65280, "\300\0\2\1", 4, "u.test.\t\t\t3600 IN\tTYPE65280 \\# 4 ( C0000201 )\n",
		false, false, true },
	{ "t.test.", RR_TXT, "\3a\"b\1\x1b", 6,
		"t.test.\t\t\t3600\tIN\tTXT\t\"a\\\"b\" \"\\027\"\n", false, false, false },
	{ "test.", RR_SOA, "\1a\0\1b\0\0\0\0\1\0\0\16\20\0\0\0\2\0\1\121\200\0\0\0\0", 26,
		"test.\t\t\t3600 IN\tSOA a. b. (\n"
		"\t\t\t\t1          ; serial\n"
		"\t\t\t\t3600       ; refresh (1 hour)\n"
		"\t\t\t\t2          ; retry (2 seconds)\n"
		"\t\t\t\t86400      ; expire (1 day)\n"
		"\t\t\t\t0          ; minimum (0 seconds)\n"
		"\t\t\t\t)\n",
		false, false, true },
	{ "test.", RR_DS, "\0\1\15\2aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 36,
		"test.\t\t\t3600\tIN\tDS\t1 13 2 "
		"61616161616161616161616161616161616161616161616161616161 61616161\n",
		false, false, false },
	{ "test.", RR_DS, "\0\1\15\2aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 36,
		"test.\t\t\t3600 IN\tDS 1 13 2 (\n"
		"\t\t\t\t61616161616161616161616161616161616161616161\n"
		"\t\t\t\t61616161616161616161 )\n",
		false, false, true },
};

static void test_row(struct arena *a, const struct row *row)
{
	struct buf wire = { .arena = a }, out = { .arena = a };
	struct dig_show show = { .ttl = !row->no_ttl,
		.class = !row->no_class,
		.multiline = row->multiline,
		.crypto = true,
		.split = DIG_SPLIT };
	const struct msg *m;

	put_header(&wire, 1, 0);
	put_rr(&wire, row->owner, (uint16_t)row->type,
		(struct span){ (const uint8_t *)row->rdata, row->n });
	m = msg_read(a, buf_span(&wire));
	if (m->nrrs)
		dig_rr(&show, m, &m->rrs[0], &out);
	is_str(buf_text(&out), row->want, row->owner);
}

static const struct {
	uint32_t seconds;
	const char *want;
} durations[] = {
	{ 0, "0 seconds" },
	{ 1, "1 second" },
	{ 7261, "2 hours 1 minute 1 second" },
	{ 694861, "1 week 1 day 1 hour 1 minute 1 second" },
	{ UINT32_MAX, "7101 weeks 3 days 6 hours 28 minutes 15 seconds" },
};

/* What a COOKIE in the reply is worth (RFC 7873 5.3); ours is 12345678. */
static const struct {
	const char *data, *want;
} cookies[] = {
	{ "12345678abcdefgh", "; COOKIE: 31323334353637386162636465666768 (good)\n" },
	{ "12345678", "; COOKIE: 3132333435363738 (echoed)\n" },
	{ "12345678abc", "; COOKIE: 3132333435363738616263 (bad)\n" },
	{ "abcdefgh12345678", "; COOKIE: 61626364656667683132333435363738 (bad)\n" },
	{ "123", "; COOKIE: 313233 (bad)\n" },
};

static void put_opt(struct buf *b, uint16_t code, struct span data)
{
	buf_u8(b, 0);
	buf_u16(b, RR_OPT);
	buf_u16(b, 1232);
	buf_u32(b, 0);
	buf_u16(b, (uint16_t)(data.n + 4));
	buf_u16(b, code);
	buf_u16(b, (uint16_t)data.n);
	buf_put(b, data.p, data.n);
}

static void test_option(struct arena *a, uint16_t code, struct span data, const char *want)
{
	struct buf wire = { .arena = a }, out = { .arena = a };
	char *all;

	put_header(&wire, 0, 1);
	put_opt(&wire, code, data);
	dig_edns(msg_read(a, buf_span(&wire)), (struct span){ (const uint8_t *)"12345678", 8 },
		&out);
	all = arena_printf(
		a, ";; OPT PSEUDOSECTION:\n; EDNS: version: 0, flags:; udp: 1232\n%s", want);
	is_str(buf_text(&out), all, want);
}

static const struct {
	uint16_t code;
	const char *data;
	size_t n;
	const char *want;
} options[] = {
	{ EDNS_NSID, "lab-1", 5, "; NSID: 6c 61 62 2d 31 (\"lab-1\")\n" },
	{ EDNS_NSID, "", 0, "; NSID:\n" },
	{ EDNS_EDE, "\0\26why", 5, "; EDE: 22 (No Reachable Authority): (why)\n" },
	{ EDNS_EDE, "\0\11", 2, "; EDE: 9 (DNSKEY Missing)\n" },
	{ EDNS_EDE, "\300\0\x1b[m", 5, "; EDE: 49152: (\\027[m)\n" },
	{ EDNS_EDE, "\0", 1, "; EDE: 00 (\".\")\n" },
	{ EDNS_CLIENT_SUBNET, "\0\1\30\20\300\0\2", 7, "; CLIENT-SUBNET: 192.0.2.0/24/16\n" },
	{ EDNS_CLIENT_SUBNET, "\0\1\30\20\300\0\2\0\0", 9,
		"; CLIENT-SUBNET: 00 01 18 10 c0 00 02 00 00 (\".........\")\n" },
	{ EDNS_CLIENT_SUBNET, "\0\1\30\20\300\0", 6,
		"; CLIENT-SUBNET: 00 01 18 10 c0 00 (\"......\")\n" },
	{ EDNS_CLIENT_SUBNET, "\0\1\41\0\300\0\2\0\0", 9,
		"; CLIENT-SUBNET: 00 01 21 00 c0 00 02 00 00 (\"..!......\")\n" },
	{ EDNS_CLIENT_SUBNET, "\0\2\70\0\40\1\15\270\0\1\0", 11,
		"; CLIENT-SUBNET: 2001:db8:1::/56/0\n" },
	{ EDNS_CLIENT_SUBNET, "\0\0\0\0", 4, "; CLIENT-SUBNET: 0/0/0\n" },
	{ EDNS_CLIENT_SUBNET, "\0\3\0\0", 4, "; CLIENT-SUBNET: 00 03 00 00 (\"....\")\n" },
	{ 1, "\0\1\0\2\0\3\0\0\0\1\0\0\0\0\0\0\16\20", 18,
		"; LLQ: Version: 1, Opcode: 2, Error: 3, Identifier: 4294967296, Lifetime: "
		"3600\n" },
	{ 1, "\0", 1, "; LLQ: 00 (\".\")\n" },
	{ 13, "\0", 1, "; OPT=13: 00 (\".\")\n" },
	{ 14, "\117\146\226\14", 4, "; KEY-TAG: 20326, 38412\n" },
	{ 14, "\117", 1, "; KEY-TAG: 4f (\"O\")\n" },
	{ 16, "\0\7", 2, "; CLIENT-TAG: 7\n" },
	{ 17, "\0\7", 2, "; SERVER-TAG: 7\n" },
	{ 17, "\0\7\0\7", 4, "; SERVER-TAG: 00 07 00 07 (\"....\")\n" },
	{ EDNS_EDE, "\0\33", 2, "; EDE: 27 (Unsupported NSEC3 Iterations Value)\n" },
	{ EDNS_EDE, "\0\26\303\244\342\200\256", 7,
		"; EDE: 22 (No Reachable Authority): (\303\244\\226\\128\\174)\n" },
	{ EDNS_KEEPALIVE, "", 0, "; TCP KEEPALIVE:\n" },
	{ EDNS_KEEPALIVE, "\0", 1, "; TCP KEEPALIVE: 00 (\".\")\n" },
	{ EDNS_EXPIRE, "", 0, "; EXPIRE:\n" },
	{ EDNS_EXPIRE, "\0\0\16", 3, "; EXPIRE: 00 00 0e (\"...\")\n" },
	{ EDNS_PADDING, "", 0, "; PAD:\n" },
	{ EDNS_EXPIRE, "\0\0\16\20", 4, "; EXPIRE: 3600 (1 hour)\n" },
	{ EDNS_KEEPALIVE, "\0\144", 2, "; TCP KEEPALIVE: 10.0 secs\n" },
	{ EDNS_PADDING, "\0\0\0", 3, "; PAD: (3 bytes)\n" },
	{ 65001, "abc", 3, "; OPT=65001: 61 62 63 (\"abc\")\n" },
};

/* A reply with much in it, from which hostile ones are made. */
static struct span sample(struct arena *a, struct rng *r)
{
	struct buf b = { .arena = a };
	size_t hits = 1 + rng_below(r, 12);

	put_header(&b, 3, 1);
	put_rr(&b, "a.test.", RR_CNAME, (struct span){ (const uint8_t *)"\1b\4test", 8 });
	put_rr(&b, "b.test.", RR_TXT, (struct span){ (const uint8_t *)"\2hi\1\x1b", 5 });
	put_rr(&b, "b.test.", RR_RRSIG,
		(struct span){
			(const uint8_t *)"\0\1\15\2\0\0\16\20aaaabbbb\0\1\4test\0signature", 33 });
	put_opt(&b, EDNS_EDE, (struct span){ (const uint8_t *)"\0\26why not", 9 });
	while (hits--)
		b.p[rng_below(r, (uint32_t)b.n)] = (char)rng_below(r, 256);
	if (rng_below(r, 4) == 0)
		b.n = rng_below(r, (uint32_t)b.n);
	return buf_span(&b);
}

/* Only what can be seen, but for line ends and tabs; UTF-8 may pass. */
static bool is_clean(const struct buf *b)
{
	for (size_t i = 0; i < b->n; i++) {
		unsigned char c = (unsigned char)b->p[i];

		if ((c < ' ' && c != '\n' && c != '\t') || c == 0x7f)
			return false;
	}
	return true;
}

static bool hostile_reply(struct rng *r)
{
	static const uint8_t outcomes[] = { OUTCOME_ANSWERED, OUTCOME_MALFORMED, OUTCOME_LATE,
		OUTCOME_STRAY };
	struct arena *a = arena_new();
	struct facts *f = facts_new(a);
	struct dig_show show = everything;
	struct dig_view v = { .show = &show, .when = "now", .facts = f };
	struct buf out = { .arena = a }, meaning = { .arena = a };
	struct name name;
	struct observation o = { .outcome = outcomes[rng_below(r, ARRAY_LEN(outcomes))],
		.why = WHY_STRAY_QUESTION,
		.size = 1 };
	const struct observation *kept;
	bool good;

	name_parse("a.test.", &name);
	o.ask.question = (struct question){ &name, RR_A, CLASS_IN };
	o.ask.server = (struct addr){ .family = ADDR_V4, .port = 53 };
	o.msg = msg_read(a, sample(a, r));
	show.multiline = rng_below(r, 2);
	show.brief = rng_below(r, 4) == 0;
	kept = facts_add(f, &o);
	dig_query(&v, kept, &out);
	dig_event(&v, kept, &out);
	dig_reply(&v, kept, &out);
	dig_meaning(&v, kept, &meaning);
	good = is_clean(&out) && is_clean(&meaning) && meaning.n && !strchr(meaning.p, '\n');
	arena_free(a);
	return good;
}

/* Every end without a reply, with every cause, has an event and a meaning of one line. */
static void test_failures(struct arena *a)
{
	static const uint8_t outcomes[] = { OUTCOME_TIMEOUT, OUTCOME_ICMP, OUTCOME_REFUSED,
		OUTCOME_RESET, OUTCOME_NOT_SENT };
	struct dig_view v = { .show = &everything, .when = "now" };
	struct name name;
	size_t bad = 0;

	name_parse("a.test.", &name);
	for (size_t i = 0; i < ARRAY_LEN(outcomes); i++)
		for (unsigned int why = WHY_PORT_IN_USE; why <= WHY_LOCAL; why++) {
			struct buf event = { .arena = a }, end = { .arena = a };
			struct facts *f = facts_new(a);
			struct observation o = { .outcome = outcomes[i], .why = (uint8_t)why };

			o.ask.question = (struct question){ &name, RR_A, CLASS_IN };
			o.ask.server = (struct addr){ .family = ADDR_V4, .port = 53 };
			v.facts = f;
			dig_event(&v, facts_add(f, &o), &event);
			dig_meaning(&v, f->v[0], &end);
			bad += !event.n || !end.n || strchr(buf_text(&end), '\n') != NULL;
		}
	is_int((int64_t)bad, 0, "every failure has its words");
}

int main(void)
{
	struct arena *a = arena_new();

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		test_row(a, &rows[i]);
	for (size_t i = 0; i < ARRAY_LEN(durations); i++) {
		struct buf b = { .arena = a };

		dig_duration(durations[i].seconds, &b);
		is_str(buf_text(&b), durations[i].want, durations[i].want);
	}
	for (size_t i = 0; i < ARRAY_LEN(cookies); i++)
		test_option(a, EDNS_COOKIE,
			(struct span){ (const uint8_t *)cookies[i].data, strlen(cookies[i].data) },
			cookies[i].want);
	for (size_t i = 0; i < ARRAY_LEN(options); i++)
		test_option(a, options[i].code,
			(struct span){ (const uint8_t *)options[i].data, options[i].n },
			options[i].want);
	test_failures(a);
	prop("no reply spoils the terminal", hostile_reply, 5000);
	arena_free(a);
	return tap_done();
}
