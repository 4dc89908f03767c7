/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which bytes are the reply to an ask. */
#include "net/match.h"

#include "base/err.h"
#include "dns/query.h"
#include "dns/rr.h"
#include "prop.h"

enum { ID = 0x1234 };

static struct name name;
static struct ask ask;

/* A row: the reply to "live.com. MX", with one thing changed. */
struct row {
	const char *title;
	const char *name; /* NULL: live.com. */
	uint16_t flags, id, type, class;
	bool no_question, cut, junk;
	uint8_t outcome, why;
};

static const struct row rows[] = {
	{ "same", .flags = FLAG_QR, .outcome = OUTCOME_ANSWERED },
	{ "truncated", .flags = FLAG_QR | FLAG_TC, .outcome = OUTCOME_ANSWERED },
	{ "trailing octet", .flags = FLAG_QR, .junk = true, .outcome = OUTCOME_ANSWERED },
	{ "QR 0", .outcome = OUTCOME_STRAY, .why = WHY_STRAY_QUERY },
	{ "id", .flags = FLAG_QR, .id = 1, .outcome = OUTCOME_STRAY, .why = WHY_STRAY_ID },
	{ "case", "live.Com.", FLAG_QR, .outcome = OUTCOME_STRAY, .why = WHY_STRAY_QUESTION },
	{ "name", "live.net.", FLAG_QR, .outcome = OUTCOME_STRAY, .why = WHY_STRAY_QUESTION },
	{ "type", .flags = FLAG_QR, .type = RR_A, .outcome = OUTCOME_STRAY,
		.why = WHY_STRAY_QUESTION },
	{ "opcode", .flags = FLAG_QR | OPCODE_NOTIFY << 11, .outcome = OUTCOME_STRAY,
		.why = WHY_STRAY_QUESTION },
	{ "class", .flags = FLAG_QR, .class = CLASS_CH, .outcome = OUTCOME_STRAY,
		.why = WHY_STRAY_QUESTION },
	{ "FORMERR without question", .flags = FLAG_QR | RCODE_FORMERR, .no_question = true,
		.outcome = OUTCOME_ANSWERED },
	{ "REFUSED without question", .flags = FLAG_QR | RCODE_REFUSED, .no_question = true,
		.outcome = OUTCOME_ANSWERED },
	{ "NOERROR without question", .flags = FLAG_QR, .no_question = true,
		.outcome = OUTCOME_STRAY, .why = WHY_STRAY_QUESTION },
	{ "NXDOMAIN without question", .flags = FLAG_QR | RCODE_NXDOMAIN, .no_question = true,
		.outcome = OUTCOME_STRAY, .why = WHY_STRAY_QUESTION },
	{ "question cut", .flags = FLAG_QR, .cut = true, .outcome = OUTCOME_MALFORMED },
};

static struct buf reply_of(struct arena *a, const struct row *row)
{
	struct buf b = { .arena = a };
	struct name n = name;

	if (row->name)
		name_parse(row->name, &n);
	buf_u16(&b, row->id ? row->id : ID);
	buf_u16(&b, row->flags);
	buf_u16(&b, !row->no_question);
	buf_put(&b, "\0\0\0\0\0", 6);
	if (row->no_question)
		return b;
	buf_put(&b, n.wire, n.len);
	buf_u16(&b, row->type ? row->type : RR_MX);
	buf_u16(&b, row->class ? row->class : CLASS_IN);
	if (row->cut)
		b.n -= 3;
	if (row->junk)
		buf_u8(&b, 0);
	return b;
}

static void test_rows(struct arena *a)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf b = reply_of(a, &rows[i]);
		struct match m = match_reply(&ask, ID, msg_read(a, buf_span(&b)));

		ok(m.outcome == rows[i].outcome && m.why == rows[i].why, "%s", rows[i].title);
	}
}

static void test_header_only(struct arena *a)
{
	struct ask bare = { .shape = { .header_only = true } };
	struct buf none = reply_of(a, &(struct row){ .flags = FLAG_QR, .no_question = true });
	struct buf one = reply_of(a, &(struct row){ .flags = FLAG_QR });

	/* RFC 7873 5.4: a query of a header and a cookie has a reply of the same kind. */
	is_int(match_reply(&bare, ID, msg_read(a, buf_span(&none))).outcome, OUTCOME_ANSWERED,
		"no question asked, none in the reply");
	is_int(match_reply(&bare, ID, msg_read(a, buf_span(&one))).why, WHY_STRAY_QUESTION,
		"no question asked, one in the reply");
	is_int(match_reply(&ask, ID, msg_read(a, (struct span){ (const uint8_t *)"\x12\x34", 2 }))
			.why,
		WHY_STRAY_NOISE, "two octets are noise");
}

static void test_keep(struct arena *a)
{
	struct ask brief = ask;
	struct buf good = reply_of(a, &(struct row){ .flags = FLAG_QR | RCODE_REFUSED });
	struct buf bad = reply_of(a, &(struct row){ .flags = FLAG_QR, .cut = true });
	const struct msg *m = msg_read(a, buf_span(&good));

	brief.brief = true;
	is_int((int64_t)match_keep(a, &ask, m)->wire.n, (int64_t)good.n, "kept whole");
	m = match_keep(a, &brief, m);
	is_int((int64_t)m->wire.n, FACTS_HEADER, "a brief ask keeps the header");
	is_int(m->rcode, RCODE_REFUSED, "with its rcode");
	is_int((int64_t)m->ndefects, 0, "without defects");
	m = match_keep(a, &brief, msg_read(a, buf_span(&bad)));
	ok(m->ndefects > 0 && m->wire.n == bad.n, "but a damaged message is evidence");
}

/* Whatever comes: no reply to another id, and nothing read that is not there. */
static bool case_noise(struct rng *r)
{
	struct arena *a = arena_new();
	struct buf b = reply_of(a, &rows[rng_below(r, ARRAY_LEN(rows))]);
	const struct msg *m;
	struct match match;
	bool good;

	for (uint32_t i = rng_below(r, 4); i > 0; i--)
		b.p[rng_below(r, (uint32_t)b.n)] ^= (char)(1 << rng_below(r, 8));
	b.n = rng_below(r, (uint32_t)b.n + 1);
	m = msg_read(a, buf_span(&b));
	match = match_reply(&ask, ID, m);
	good = match.outcome == OUTCOME_STRAY ||
	       (match_id(buf_span(&b)) == ID && match_is_reply(buf_span(&b)));
	good = good && (match.outcome != OUTCOME_ANSWERED || msg_usable(m));
	arena_free(a);
	return good;
}

int main(void)
{
	struct arena *a = arena_new();

	name_parse("live.com.", &name);
	ask.question = (struct question){ &name, RR_MX, CLASS_IN };
	test_rows(a);
	test_header_only(a);
	test_keep(a);
	prop("only replies to this id match", case_noise, 5000);
	arena_free(a);
	return tap_done();
}
