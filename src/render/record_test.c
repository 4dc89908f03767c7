/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One look-up as a line: each verdict, and that nothing a server sends breaks out of it. */
#include "render/record.h"

#include <string.h>

#include "base/err.h"
#include "dns/query.h"
#include "dns/rr.h"
#include "render/record_line.h"
#include "tap.h"

static struct arena *arena;
static struct name live;
static struct question question = { &live, RR_MX, CLASS_IN };

/* A reply: flags and rcode, then answer records as wire form. */
static const struct msg *reply(uint16_t flags, const char *records, size_t size, uint16_t answers)
{
	struct buf b = { .arena = arena };
	struct shape plain = { 0 };

	query_build(&b, &plain, &question, 7);
	b.p[2] = (char)(flags >> 8);
	b.p[3] = (char)flags;
	b.p[7] = (char)answers;
	buf_put(&b, records, size);
	return msg_read(arena, buf_span(&b));
}

static struct observation observed(enum outcome outcome, const struct msg *m)
{
	struct observation o = { .outcome = (uint8_t)outcome,
		.msg = m,
		.sent = 1000,
		.done = 1250,
		.size = m ? (uint32_t)m->wire.n : 0,
		.ask.question = question };

	addr_parse_port("192.0.2.53#53", &o.ask.server);
	addr_parse_port("192.0.2.1#4242", &o.from);
	return o;
}

static const char *json(struct record *r)
{
	struct buf b = { .arena = arena };

	record_judge(r);
	record_json(r, &b);
	return buf_text(&b);
}

static const char *csv(struct record *r)
{
	struct buf b = { .arena = arena };

	record_judge(r);
	record_csv(r, &b);
	return buf_text(&b);
}

/* A line that came from elsewhere is written as the record that it was made from. */
static void test_line(struct record *r, const char *what)
{
	const char *text = json(r);
	struct record bare = *r;
	struct buf line = { .arena = arena }, row = { .arena = arena };
	struct record_line l;
	const char *sent;

	bare.nlog = 0;
	sent = json(&bare);
	ok(record_line_read(arena, (struct span){ (const uint8_t *)sent, strlen(sent) - 1 }, &l) ==
			0,
		"%s: the line is read", what);
	l.record.log = r->log;
	l.record.nlog = r->nlog;
	record_line_json(&l, &line);
	record_line_csv(&l, &row);
	is_str(buf_text(&line), text, arena_printf(arena, "%s: the same line", what));
	is_str(buf_text(&row), csv(r), arena_printf(arena, "%s: the same columns", what));
	ok(l.record.state == r->state && l.record.elapsed == r->elapsed &&
			strcmp(l.record.verdict, r->verdict) == 0,
		"%s: state, verdict and time", what);
}

/* What is no line of a look-up. */
static void test_no_lines(void)
{
	static const char *const lines[] = { "", "{}", "[]", "{\"scan\":1}",
		"{\"scan\":2,\"name\":\"a.\",\"type\":\"A\",\"state\":\"ok\",\"verdict\":\"x\"}",
		"{\"scan\":1,\"name\":\"a..b\",\"type\":\"A\",\"state\":\"ok\",\"verdict\":\"x\"}",
		"{\"scan\":1,\"name\":\"a.\",\"type\":\"?\",\"state\":\"ok\",\"verdict\":\"x\"}",
		"{\"scan\":1,\"name\":\"a.\",\"type\":\"A\",\"state\":\"so\",\"verdict\":\"x\"}",
		"{\"scan\":1,\"name\":\"a.\",\"type\":\"A\",\"state\":\"ok\",\"verdict\":\"X y\"}",
		" {\"scan\":1,\"name\":\"a.\",\"type\":\"A\",\"state\":\"ok\",\"verdict\":\"x\"}" };
	struct record_line l;

	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		ok(record_line_read(arena,
			   (struct span){ (const uint8_t *)lines[i], strlen(lines[i]) }, &l) < 0,
			"line %zu is none", i);
}

/* live.com. MX 10 mail.live.com. */
static const char mx[] = "\xc0\x0c\0\x0f\0\1\0\0\x0e\x10\0\x09\0\x0a\x04mail\xc0\x0c";

static void test_answer(void)
{
	struct observation o = observed(
		OUTCOME_ANSWERED, reply(FLAG_QR | FLAG_RD | FLAG_RA, mx, sizeof(mx) - 1, 1));
	struct record r = {
		.question = &question, .o = &o, .tries = 2, .late = 4000, .elapsed = 5000250
	};

	is_str(json(&r),
		"{\"scan\":1,\"name\":\"live.com.\",\"type\":\"MX\",\"state\":\"ok\",\"verdict\":"
		"\"answer\",\"rcode\":\"NOERROR\",\"flags\":[\"rd\",\"ra\"],\"answers\":[{\"name\":"
		"\"live.com.\",\"type\":\"MX\",\"ttl\":3600,\"data\":\"10 mail.live.com.\"}],"
		"\"server\":\"192.0.2.53\",\"port\":53,\"transport\":\"udp\",\"source_port\":4242,"
		"\"tries\":2,\"late\":4000,\"rtt\":250,\"size\":47,\"elapsed\":5000250}\n",
		"an answer in JSON");
	is_str(csv(&r),
		"live.com.,MX,ok,answer,NOERROR,1,10 "
		"mail.live.com.,192.0.2.53,53,udp,4242,2,250,5000250,0\n",
		"and in columns");
	r.log = &(struct record_log){
		.what = "mx", .how = "temporary", .theirs = true, .count = 3, .first = 1000000
	};
	r.nlog = 1;
	test_line(&r, "an answer with a log");
}

static void test_verdicts(void)
{
	static const struct {
		uint16_t flags;
		uint8_t outcome;
		const char *verdict;
		uint8_t state;
	} rows[] = {
		{ 0, OUTCOME_ANSWERED, "nodata", RECORD_OK },
		{ RCODE_NXDOMAIN, OUTCOME_ANSWERED, "nxdomain", RECORD_OK },
		{ RCODE_SERVFAIL, OUTCOME_ANSWERED, "servfail", RECORD_FAULT },
		{ RCODE_REFUSED, OUTCOME_ANSWERED, "refused", RECORD_FAULT },
		{ RCODE_NOTIMP, OUTCOME_ANSWERED, "other-rcode", RECORD_FAULT },
		{ FLAG_TC, OUTCOME_ANSWERED, "truncated", RECORD_FAULT },
		{ 0, OUTCOME_MALFORMED, "malformed", RECORD_FAULT },
		{ 0, OUTCOME_TIMEOUT, "timeout", RECORD_FAULT },
		{ 0, OUTCOME_ICMP, "icmp-error", RECORD_FAULT },
		{ 0, OUTCOME_REFUSED, "tcp-refused", RECORD_FAULT },
		{ 0, OUTCOME_RESET, "tcp-reset", RECORD_FAULT },
		{ 0, OUTCOME_NOT_SENT, "not-sent", RECORD_UNDECIDED },
		{ 0, OUTCOME_CONNECTED, "unknown", RECORD_UNDECIDED },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct observation o = observed((enum outcome)rows[i].outcome,
			rows[i].outcome == OUTCOME_ANSWERED
				? reply((uint16_t)(FLAG_QR | rows[i].flags), "", 0, 0)
				: NULL);
		struct record r = { .question = &question, .o = &o };

		record_judge(&r);
		is_str(r.verdict, rows[i].verdict, rows[i].verdict);
		is_int(r.state, rows[i].state, rows[i].verdict);
		ok(strstr(json(&r), arena_printf(arena, "\"verdict\":\"%s\"", rows[i].verdict)) &&
				strstr(csv(&r), rows[i].verdict),
			"and so in both forms");
		test_line(&r, rows[i].verdict);
	}
}

static void test_bad_line(void)
{
	struct record r = {
		.subject = "=cmd|\"x\", a", .cannot = RECORD_NO_NAME, .why = "it is no domain name"
	};

	is_str(json(&r),
		"{\"scan\":1,\"name\":\"=cmd|\\\"x\\\", a\",\"state\":\"undecided\",\"verdict\":"
		"\"not-a-name\",\"why\":\"it is no domain name\"}\n",
		"a line that is none in JSON");
	is_str(csv(&r), "\" =cmd|\"\"x\"\", a\",,undecided,not-a-name,,,,,,,,,,,\n",
		"and in columns, as no formula");
}

static void test_server(void)
{
	struct record r = { .subject = "ns1.example.com.",
		.cannot = "no-address",
		.why = "its name has no address of the family asked for",
		.tries = 2 };

	is_str(json(&r),
		"{\"scan\":1,\"name\":\"ns1.example.com.\",\"state\":\"undecided\",\"verdict\":"
		"\"no-address\",\"why\":\"its name has no address of the family asked for\"}\n",
		"a server without address");
	is_str(csv(&r), "ns1.example.com.,,undecided,no-address,,,,,,,,,,,\n", "in columns");
}

/* TXT "a\n\x1b[1m,\"<": in one line, in columns, with no control character. */
static void test_hostile(void)
{
	static const char txt[] = "\xc0\x0c\0\x10\0\1\0\0\0\0\0\x0b\x0a"
				  "a\n\x1b[1m,\"<\x7f";
	struct record r = { .question = &question };
	struct observation o;
	const char *texts[2];

	question.type = RR_TXT;
	o = observed(OUTCOME_ANSWERED, reply(FLAG_QR, txt, sizeof(txt) - 1, 1));
	r.o = &o;
	texts[0] = json(&r);
	texts[1] = csv(&r);
	test_line(&r, "a hostile one");
	question.type = RR_MX;
	for (size_t i = 0; i < 2; i++) {
		const char *p = texts[i];

		while ((unsigned char)*p >= 0x20 && *p != 0x7f)
			p++;
		ok(*p == '\n' && !p[1] && strstr(texts[i], "TXT"), "one line, no control: %s",
			texts[i]);
	}
}

int main(void)
{
	struct buf head = { .arena = arena = arena_new() };

	name_parse("live.com.", &live);
	test_answer();
	test_verdicts();
	test_bad_line();
	test_server();
	test_hostile();
	test_no_lines();
	record_csv_head(&head);
	ok(strlen(buf_text(&head)) > 20, "columns have names");
	arena_free(arena);
	return tap_done();
}
