/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One look-up from several places: what each got, and what is told of all. */
#include "check/lookups.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "dns/rr.h"
#include "tap.h"

/*
 * A place: its address, and what came of each query, a letter each: '.' nothing, 'i' an ICMP error,
 * 'r' refused over TCP, 'n' not sent, 't' truncated, 'b' BADVERS and garbage, 's' SERVFAIL, 'f'
 * REFUSED, 'x' NXDOMAIN, '0' no data, '1' and '2' an address, '3' both, '4' both the other way
 * round; 'q' the reply to another question, 'm' one that the tape does not have.
 */
struct place {
	const char *from, *got;
};

enum { TAPES_MOST = 3, HEADER = 12 };

static const struct row {
	const char *what;
	bool one_server;
	struct place places[TAPES_MOST];
	enum lookups_verdict verdict;
	const char *kinds; /* a letter each: w, f, s, e, u; in capitals: the same data */
	double confidence;
	bool neighbours;
} rows[] = {
	{ "both the same", true, { { "192.0.2.1", "1" }, { "198.51.100.1", "1" } }, LOOKUPS_ALIKE,
		"WW", 0, false },
	{ "in another order", true, { { "192.0.2.1", "3" }, { "198.51.100.1", "4" } },
		LOOKUPS_ALIKE, "WW", 0, false },
	{ "other data", true, { { "192.0.2.1", "1" }, { "198.51.100.1", "2" } }, LOOKUPS_DATA, "Ww",
		0, false },
	{ "more data", false, { { "192.0.2.1", "1" }, { "198.51.100.1", "3" } }, LOOKUPS_DATA, "Ww",
		0, false },
	{ "no name there", false, { { "192.0.2.1", "1" }, { "198.51.100.1", "x" } }, LOOKUPS_DATA,
		"Ww", 0, false },
	{ "no data and no name", false, { { "192.0.2.1", "0" }, { "198.51.100.1", "x" } },
		LOOKUPS_DATA, "Ww", 0, false },
	{ "no name for both", false, { { "192.0.2.1", "x" }, { "198.51.100.1", "x" } },
		LOOKUPS_ALIKE, "WW", 0, false },
	{ "silent here", true, { { "192.0.2.1", "..." }, { "198.51.100.1", "1" } }, LOOKUPS_SPLIT,
		"sW", 0.973, false },
	{ "silent here, once", true, { { "192.0.2.1", "." }, { "198.51.100.1", "1" } },
		LOOKUPS_SPLIT, "sW", 0.7, false },
	{ "silent here, often", true, { { "192.0.2.1", "........" }, { "198.51.100.1", "1" } },
		LOOKUPS_SPLIT, "sW", 0.99, false },
	{ "the least of two", true,
		{ { "192.0.2.1", "..." }, { "192.0.3.1", "." }, { "198.51.100.1", "1" } },
		LOOKUPS_SPLIT, "ssW", 0.7, false },
	{ "a neighbour is answered", true, { { "192.0.2.1", "..." }, { "192.0.2.9", "1" } },
		LOOKUPS_SPLIT, "sW", 0.973, true },
	{ "which tells nothing of other servers", false,
		{ { "192.0.2.1", "..." }, { "192.0.2.9", "1" } }, LOOKUPS_SPLIT, "sW", 0.973,
		false },
	{ "SERVFAIL here", false, { { "192.0.2.1", "s" }, { "198.51.100.1", "1" } }, LOOKUPS_SPLIT,
		"fW", 0, false },
	{ "SERVFAIL there", false, { { "192.0.2.1", "1" }, { "198.51.100.1", "s" } }, LOOKUPS_SPLIT,
		"Wf", 0, false },
	{ "an error is no silence", true, { { "192.0.2.1", "iii" }, { "198.51.100.1", "1" } },
		LOOKUPS_SPLIT, "eW", 0, false },
	{ "one lost is no silence", true, { { "192.0.2.1", ".1" }, { "198.51.100.1", "1" } },
		LOOKUPS_ALIKE, "WW", 0, false },
	{ "truncated, then whole", true, { { "192.0.2.1", "t1" }, { "198.51.100.1", "1" } },
		LOOKUPS_ALIKE, "WW", 0, false },
	{ "truncated, and no TCP", true, { { "192.0.2.1", "tr" }, { "198.51.100.1", "1" } },
		LOOKUPS_SPLIT, "eW", 0, false },
	{ "SERVFAIL everywhere", false, { { "192.0.2.1", "s" }, { "198.51.100.1", "s" } },
		LOOKUPS_NONE, "ff", 0, false },
	{ "nothing anywhere", true, { { "192.0.2.1", "..." }, { "198.51.100.1", "..." } },
		LOOKUPS_NONE, "ss", 0, false },
	{ "not sent is not tested", true, { { "192.0.2.1", "n" }, { "198.51.100.1", "1" } },
		LOOKUPS_ALONE, "uW", 0, false },
	{ "nothing was asked", true, { { "192.0.2.1", "" }, { "198.51.100.1", "s" } },
		LOOKUPS_ALONE, "uf", 0, false },
	{ "alone", true, { { "192.0.2.1", "1" } }, LOOKUPS_ALONE, "W", 0, false },
	{ "a tape of another question", true, { { "192.0.2.1", "1" }, { "198.51.100.1", "q" } },
		LOOKUPS_ALONE, "Wu", 0, false },
	{ "no message", true, { { "192.0.2.1", "1" }, { "198.51.100.1", "m" } }, LOOKUPS_SPLIT,
		"Wf", 0, false },
	{ "garbage", true, { { "192.0.2.1", "1" }, { "198.51.100.1", "b" } }, LOOKUPS_SPLIT, "Wf",
		0, false },
};

static struct addr addr(const char *text)
{
	struct addr a = { 0 };

	if (addr_parse_port(text, &a) < 0)
		abort();
	return a;
}

/* Of name x., type A. */
static const struct msg *reply(struct arena *a, char what)
{
	static const struct {
		char what;
		uint8_t flags, rcode; /* flags: the upper octet */
		const char *data;     /* last octets of addresses */
	} replies[] = { { 't', 0x82, 0, "" }, { 's', 0x80, 2, "" }, { 'f', 0x80, 5, "" },
		{ 'x', 0x84, 3, "" }, { '0', 0x84, 0, "" }, { '1', 0x84, 0, "\1" },
		{ '2', 0x84, 0, "\2" }, { '3', 0x84, 0, "\1\2" }, { '4', 0x84, 0, "\2\1" },
		{ 'q', 0x84, 0, "\1" } };
	static const uint8_t question[] = { 1, 'x', 0, 0, RR_A, 0, CLASS_IN };
	struct buf b = { .arena = a };

	for (size_t i = 0; i < ARRAY_LEN(replies); i++) {
		const char *data = replies[i].data;
		const uint8_t head[HEADER] = { 0, 0, replies[i].flags, replies[i].rcode, 0, 1, 0,
			(uint8_t)strlen(data) };

		if (replies[i].what != what)
			continue;
		buf_put(&b, head, sizeof(head));
		buf_put(&b, question, sizeof(question));
		for (; *data; data++) {
			/* TTLs differ: they are no data. */
			const uint8_t rr[] = { 0xc0, HEADER, 0, RR_A, 0, CLASS_IN, 0, 0, 0,
				(uint8_t)b.n, 0, 4, 192, 0, 2, (uint8_t)*data };

			buf_put(&b, rr, sizeof(rr));
		}
	}
	return msg_read(a, buf_span(&b));
}

static struct observation observation(struct arena *a, const struct question *q, char what)
{
	static const struct {
		char what;
		enum outcome outcome;
	} outcomes[] = { { '.', OUTCOME_TIMEOUT }, { 'i', OUTCOME_ICMP }, { 'r', OUTCOME_REFUSED },
		{ 'n', OUTCOME_NOT_SENT }, { 'b', OUTCOME_MALFORMED } };
	struct observation o = { .outcome = OUTCOME_ANSWERED, .sent = 1, .done = 2 };
	struct name other;

	o.ask.role = ROLE_LOOKUP;
	o.ask.question = *q;
	if (what == 'q' && name_parse("y", &other) == 0)
		o.ask.question.name = name_keep(a, &other);
	for (size_t i = 0; i < ARRAY_LEN(outcomes); i++)
		if (outcomes[i].what == what)
			o.outcome = (uint8_t)outcomes[i].outcome;
	if ((o.outcome == OUTCOME_ANSWERED && what != 'm') || o.outcome == OUTCOME_MALFORMED)
		o.msg = reply(a, what);
	return o;
}

static struct facts *make(struct arena *a, const struct place *p)
{
	struct facts *f = facts_new(a);
	struct name x;

	if (name_parse("x", &x) < 0)
		abort();
	f->command = "lookup";
	f->name = p->from;
	f->question = (struct question){ name_keep(a, &x), RR_A, CLASS_IN };
	for (const char *c = p->got; *c; c++) {
		struct observation o = observation(a, &f->question, *c);

		o.ask.server = addr("203.0.113.11#53");
		o.from = addr(p->from);
		facts_add(f, &o);
	}
	return f;
}

static void test(const struct row *r)
{
	static const char letters[] = { 'u', 'w', 'f', 's', 'e' };
	struct arena *a = arena_new();
	struct facts *tapes[TAPES_MOST];
	struct lookups_asked asked = { tapes, 0, r->one_server };
	struct lookups all;
	char kinds[TAPES_MOST + 1] = "";

	for (; asked.n < TAPES_MOST && r->places[asked.n].from; asked.n++)
		tapes[asked.n] = make(a, &r->places[asked.n]);
	lookups_compare(a, &asked, &all);
	for (size_t i = 0; i < all.list.n; i++)
		kinds[i] = all.list.v[i].same ? 'W' : letters[all.list.v[i].kind];
	is_str(lookups_verdict_slug(all.verdict), lookups_verdict_slug(r->verdict), r->what);
	is_str(kinds, r->kinds, r->what);
	ok(all.confidence > r->confidence - 1e-9 && all.confidence < r->confidence + 1e-9,
		"%s: confidence %g", r->what, all.confidence);
	ok(all.neighbours == r->neighbours, "%s: neighbours", r->what);
	arena_free(a);
}

int main(void)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		test(&rows[i]);
	return tap_done();
}
