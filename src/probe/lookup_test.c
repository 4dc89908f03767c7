/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One lookup, played against scripted ends of its asks. */
#include "probe/lookup.h"

#include "base/err.h"
#include "dns/rr.h"
#include "tap.h"

enum { COOKIE = 8 };

static const uint8_t cookie[COOKIE] = "\1\2\3\4\5\6\7";
static const struct shape_option options[] = { { EDNS_NSID, 0, NULL },
	{ EDNS_COOKIE, COOKIE, cookie } };

/* How an ask of the script ends; a letter each. */
struct end {
	int letter;
	enum outcome outcome;
	enum why why;
	uint16_t flags, rcode;
	bool answers_cookie; /* 8 octets of the server behind the client's */
	bool none;	     /* without a message */
	const char *name;    /* of the reply's question; NULL: as asked */
};

static const struct end ends[] = {
	{ '.', OUTCOME_ANSWERED, .flags = FLAG_QR },
	{ 'S', OUTCOME_ANSWERED, .flags = FLAG_QR, .rcode = RCODE_SERVFAIL },
	{ 'c', OUTCOME_ANSWERED, .flags = FLAG_QR | FLAG_TC },
	{ 'k', OUTCOME_ANSWERED, .flags = FLAG_QR, .rcode = RCODE_BADCOOKIE,
		.answers_cookie = true },
	{ 'K', OUTCOME_ANSWERED, .flags = FLAG_QR, .rcode = RCODE_BADCOOKIE },
	{ 'v', OUTCOME_ANSWERED, .flags = FLAG_QR, .rcode = RCODE_BADVERS },
	{ 'm', OUTCOME_MALFORMED, .flags = FLAG_QR },
	{ 'M', OUTCOME_MALFORMED, .flags = FLAG_QR | FLAG_TC },
	{ 't', OUTCOME_TIMEOUT, .none = true },
	{ 'i', OUTCOME_ICMP, .none = true },
	{ 'r', OUTCOME_REFUSED, .none = true },
	{ 'x', OUTCOME_RESET, .none = true },
	{ 'p', OUTCOME_NOT_SENT, WHY_PRIVILEGE, .none = true },
	{ 'u', OUTCOME_NOT_SENT, WHY_PORT_IN_USE, .none = true },
	{ 'f', OUTCOME_NOT_SENT, WHY_FAMILY, .none = true },
	{ 'l', OUTCOME_LATE, .flags = FLAG_QR },
	{ 'L', OUTCOME_LATE, .flags = FLAG_QR | FLAG_TC },
	{ 'C', OUTCOME_STRAY, WHY_STRAY_QUESTION, FLAG_QR, .name = "A.TEST." },
	{ 'q', OUTCOME_STRAY, WHY_STRAY_QUESTION, FLAG_QR, .name = "b.test." },
	{ 'd', OUTCOME_STRAY, WHY_STRAY_ID, .flags = FLAG_QR },
};

static const struct row {
	const char *name, *script;
	const char *asks; /* transport, server, version, octets of cookie of each ask */
	char last;	  /* letter of the end that ended it */
	unsigned int tries;
	const char *with; /* T: over TCP, I: ignore TC, 1: EDNS version 1, K: keep it */
} rows[] = {
	{ "answer", ".", "U0.0.8", '.', 3, "" },
	{ "SERVFAIL is an answer", "S", "U0.0.8", 'S', 3, "" },
	{ "tries, then the next server", "ttt.", "U0.0.8 U0.0.8 U1.0.8 U1.0.8", '.', 2, "" },
	{ "silence of all", "tttt", "U0.0.8 U0.0.8 U1.0.8 U1.0.8", 't', 2, "" },
	{ "icmp, refusals and resets are tries", "irx.", "U0.0.8 U0.0.8 U1.0.8 U1.0.8", '.', 2,
		"" },
	{ "truncated", "c.", "U0.0.8 T0.0.8", '.', 1, "" },
	{ "truncated, tries anew", "tcxt.", "U0.0.8 U0.0.8 T0.0.8 T0.0.8 U1.0.8", '.', 2, "" },
	{ "truncated, ignored", "c", "U0.0.8", 'c', 1, "I" },
	{ "truncated over TCP stands", "c", "T0.0.8", 'c', 1, "T" },
	{ "bad cookie once", "k.", "U0.0.8 U0.0.16", '.', 1, "" },
	{ "bad cookie twice goes over TCP", "kk.", "U0.0.8 U0.0.16 T0.0.16", '.', 1, "" },
	{ "bad cookie for ever stands", "kkk", "U0.0.8 U0.0.16 T0.0.16", 'k', 1, "" },
	{ "bad cookie without one stands", "K", "U0.0.8", 'K', 1, "" },
	{ "the next server gets our own cookie", "ktt.", "U0.0.8 U0.0.16 U0.0.16 U1.0.8", '.', 2,
		"" },
	{ "bad version", "v.", "U0.1.8 U0.0.8", '.', 1, "1" },
	{ "bad version twice stands", "vv", "U0.1.8 U0.0.8", 'v', 1, "1" },
	{ "bad version, kept", "v", "U0.1.8", 'v', 1, "1K" },
	{ "malformed ends it", "m", "U0.0.8", 'm', 3, "" },
	{ "malformed and truncated", "M.", "U0.0.8 T0.0.8", '.', 3, "" },
	{ "a bad source is bad for all", "p", "U0.0.8", 'p', 3, "" },
	{ "a busy port too", "u", "U0.0.8", 'u', 3, "" },
	{ "another family may do", "f.", "U0.0.8 U1.0.8", '.', 3, "" },
	{ "no family", "ff", "U0.0.8 U1.0.8", 'f', 3, "" },
	{ "late reply", "tl", "U0.0.8 U0.0.8", 'l', 3, "" },
	{ "late and truncated", "tL.", "U0.0.8 U0.0.8 T0.0.8", '.', 3, "" },
	{ "letter case", "C", "U0.0.8", 'C', 3, "" },
	{ "other question goes on", "q.", "U0.0.8", '.', 3, "" },
	{ "other id goes on", "dt.", "U0.0.8 U0.0.8", '.', 3, "" },
};

static const struct msg *message(struct arena *a, const struct ask *ask, const struct end *e)
{
	struct buf b = { .arena = a };
	struct question q = ask->question;
	struct shape s = ask->shape;
	struct name other;
	uint8_t both[2 * COOKIE] = { 1, 2, 3, 4, 5, 6, 7, 0, 9, 9 };
	struct shape_option reply = { EDNS_COOKIE, sizeof(both), both };
	size_t opt;

	if (e->name && name_parse(e->name, &other) == 0)
		q.name = &other;
	s.edns_version = 0;
	s.options = &reply;
	s.noptions = e->answers_cookie;
	query_build(&b, &s, &q, 1);
	b.p[2] = (char)(e->flags >> 8);
	b.p[3] = (char)(e->rcode & 15);
	/* RFC 6891 6.1.3: the upper bits of the code are the OPT's TTL's first octet. */
	opt = 12 + (size_t)q.name->len + 4;
	b.p[opt + 5] = (char)(e->rcode >> 4);
	return msg_read(a, buf_span(&b));
}

static void note_ask(struct buf *b, const struct ask *ask)
{
	unsigned int octets = 0;

	for (size_t i = 0; i < ask->shape.noptions; i++)
		if (ask->shape.options[i].code == EDNS_COOKIE)
			octets = ask->shape.options[i].length;
	buf_printf(b, "%s%c%u.%u.%u", b->n ? " " : "", ask->transport == TRANSPORT_TCP ? 'T' : 'U',
		ask->server.ip[0], ask->shape.edns_version, octets);
}

static const struct end *find_end(char letter)
{
	for (size_t i = 0; i < ARRAY_LEN(ends); i++)
		if (ends[i].letter == letter)
			return &ends[i];
	return NULL;
}

static struct observation observe(struct arena *a, const struct ask *ask, const struct end *e)
{
	return (struct observation){
		.ask = *ask,
		.outcome = (uint8_t)e->outcome,
		.why = (uint8_t)e->why,
		.msg = e->none ? NULL : message(a, ask, e),
	};
}

/* Plays the script; notes the asks. */
static void play(struct arena *a, const struct row *row, struct lookup *l, struct buf *asks)
{
	struct probe *p = lookup_probe(l);
	struct ask ask = { 0 };
	uint64_t wake;

	for (const char *c = row->script; *c; c++) {
		const struct end *e = find_end(*c);
		struct observation o;

		if (probe_want(p, 0, &ask, &wake) == WANT_ASK)
			note_ask(asks, &ask);
		o = observe(a, &ask, e);
		/* What is late was asked before. */
		if (e->outcome == OUTCOME_LATE)
			o.ask.tag--;
		probe_reply(p, &o, 0);
	}
}

static void test_row(const struct row *row)
{
	struct arena *a = arena_new();
	struct name name;
	const struct addr servers[] = {
		{ .family = ADDR_V4, .port = 53, .ip = { 0 } },
		{ .family = ADDR_V4, .port = 53, .ip = { 1 } },
	};
	struct lookup_plan plan = {
		.shape = { .edns = true,
			.options = options,
			.noptions = ARRAY_LEN(options),
			.edns_version = strchr(row->with, '1') != NULL },
		.servers = servers,
		.nservers = ARRAY_LEN(servers),
		.transport = strchr(row->with, 'T') ? TRANSPORT_TCP : TRANSPORT_UDP,
		.ignore_tc = strchr(row->with, 'I') != NULL,
		.keep_version = strchr(row->with, 'K') != NULL,
		.tries = row->tries,
		.timeout = 1000,
	};
	struct buf asks = { .arena = a };
	struct lookup *l;
	struct ask ask;
	uint64_t wake;
	const struct end *last = find_end(row->last);

	name_parse("a.test.", &name);
	plan.question = (struct question){ &name, RR_A, CLASS_IN };
	l = lookup_new(a, &plan);
	ok(!lookup_last(l), "%s: nothing before the end", row->name);
	play(a, row, l, &asks);
	is_str(buf_text(&asks), row->asks, row->name);
	is_int(probe_want(lookup_probe(l), 0, &ask, &wake), WANT_DONE, "done");
	ok(lookup_last(l) && lookup_last(l)->outcome == last->outcome &&
			(!lookup_last(l)->msg || lookup_last(l)->msg->rcode == last->rcode),
		"%s: ended by %c", row->name, row->last);
	arena_free(a);
}

static void test_nobody(void)
{
	struct arena *a = arena_new();
	struct lookup *l = lookup_new(a, &(struct lookup_plan){ .tries = 1 });
	struct ask ask;
	uint64_t wake;

	is_int(probe_want(lookup_probe(l), 0, &ask, &wake), WANT_DONE, "no server: done at once");
	ok(!lookup_last(l), "no server: nothing was observed");
	arena_free(a);
}

int main(void)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		test_row(&rows[i]);
	test_nobody();
	return tap_done();
}
