/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of what a reply says about its question. */
#include "dns/msg.h"

#include "base/err.h"
#include "dns/rr.h"
#include "dns/test_wire.h"
#include "tap.h"

/* The question of most messages: live.com. MX, at octets 12 to 25; its com. begins at 17. */
#define Q " .live .com 00 000f 0001 "

static const struct meaning_row {
	const char *id, *wire;
	const char *zone; /* NULL: unknown */
	uint16_t type;
	enum msg_meaning want;
} meaning_rows[] = {
	{ "answer", "0007 8400 0001 0001 0000 0000" Q "c00c 000f 0001 00000e10 0004 000a c00c",
		"com.", RR_MX, MEANS_ANSWER },
	{ "answer in other case",
		"0007 8400 0001 0001 0000 0000" Q ".LIVE c011 000f 0001 00000e10 0004 000a c00c",
		"com.", RR_MX, MEANS_ANSWER },
	{ "answer of another class",
		"0007 8400 0001 0001 0000 0000" Q "c00c 000f 0003 00000e10 0004 000a c00c", "com.",
		RR_MX, MEANS_NODATA },
	{ "answer of another name",
		"0007 8400 0001 0001 0000 0000" Q "c011 000f 0001 00000e10 0004 000a c00c", "com.",
		RR_MX, MEANS_NODATA },
	{ "MX in authority only",
		"0007 8400 0001 0000 0001 0000" Q "c00c 000f 0001 00000e10 0004 000a c00c", "com.",
		RR_MX, MEANS_NODATA },
	{ "alias with target",
		"0007 8400 0001 0002 0000 0000" Q
		"c00c 0005 0001 00000e10 0002 c011 c011 000f 0001 00000e10 0004 000a c00c",
		"com.", RR_MX, MEANS_ANSWER },
	{ "target before alias",
		"0007 8400 0001 0002 0000 0000" Q
		"c011 000f 0001 00000e10 0004 000a c00c c00c 0005 0001 00000e10 0002 c011",
		"com.", RR_MX, MEANS_ANSWER },
	{ "alias alone", "0007 8400 0001 0001 0000 0000" Q "c00c 0005 0001 00000e10 0004 .x c011",
		"com.", RR_MX, MEANS_ALIAS },
	{ "alias asked for",
		"0007 8400 0001 0001 0000 0000" Q "c00c 0005 0001 00000e10 0004 .x c011", "com.",
		RR_CNAME, MEANS_ANSWER },
	{ "ANY with alias",
		"0007 8400 0001 0001 0000 0000" Q "c00c 0005 0001 00000e10 0004 .x c011", "com.",
		RR_ANY, MEANS_ANSWER },
	{ "ANY with HINFO", "0007 8400 0001 0001 0000 0000" Q "c00c 000d 0001 00000e10 0002 00 00",
		"com.", RR_ANY, MEANS_ANSWER },
	{ "CNAME question with MX",
		"0007 8400 0001 0001 0000 0000" Q "c00c 000f 0001 00000e10 0004 000a c00c", "com.",
		RR_CNAME, MEANS_NODATA },
	{ "alias loop",
		"0007 8400 0001 0002 0000 0000" Q
		"c00c 0005 0001 00000e10 0002 c011 c011 0005 0001 00000e10 0002 c00c",
		"com.", RR_MX, MEANS_ALIAS },
	{ "alias to a name without the type",
		"0007 8400 0001 0001 0001 0000" Q "c00c 0005 0001 00000e10 0004 .x c011 "
		"c011 0006 0001 00000e10 0018 c011 c011 ~20",
		"com.", RR_MX, MEANS_NODATA },
	{ "alias out of the zone of the SOA",
		"0007 8400 0001 0001 0001 0000" Q "c00c 0005 0001 00000e10 0004 .x c011 "
		"c00c 0006 0001 00000e10 0018 c011 c011 ~20",
		"com.", RR_MX, MEANS_ALIAS },
	{ "alias to nxdomain",
		"0007 8403 0001 0001 0000 0000" Q "c00c 0005 0001 00000e10 0004 .x c011", "com.",
		RR_MX, MEANS_NXDOMAIN },
	{ "nodata 1: SOA and NS",
		"0007 8400 0001 0000 0002 0000" Q "c00c 0002 0001 00000e10 0002 c00c "
		"c00c 0006 0001 00000e10 0018 c011 c011 ~20",
		"com.", RR_MX, MEANS_NODATA },
	{ "nodata 2: SOA",
		"0007 8400 0001 0000 0001 0000" Q "c00c 0006 0001 00000e10 0018 c011 c011 ~20",
		"live.com.", RR_MX, MEANS_NODATA },
	{ "nodata 3: nothing", "0007 8400 0001 0000 0000 0000" Q, "live.com.", RR_MX,
		MEANS_NODATA },
	{ "referral", "0007 8000 0001 0000 0001 0000" Q "c00c 0002 0001 00000e10 0002 c00c", "com.",
		RR_MX, MEANS_REFERRAL },
	{ "referral, zone unknown",
		"0007 8000 0001 0000 0001 0000" Q "c00c 0002 0001 00000e10 0002 c00c", NULL, RR_MX,
		MEANS_REFERRAL },
	{ "referral from the root",
		"0007 8000 0001 0000 0001 0000" Q "c011 0002 0001 00000e10 0002 c00c", ".", RR_MX,
		MEANS_REFERRAL },
	{ "referral with AA", "0007 8400 0001 0000 0001 0000" Q "c00c 0002 0001 00000e10 0002 c00c",
		"com.", RR_MX, MEANS_REFERRAL },
	{ "NS of a neighbour",
		"0007 8000 0001 0000 0001 0000" Q ".x c011 0002 0001 00000e10 0002 c00c", "com.",
		RR_MX, MEANS_NODATA },
	{ "NS in additional", "0007 8000 0001 0000 0000 0001" Q "c00c 0002 0001 00000e10 0002 c00c",
		"com.", RR_MX, MEANS_NODATA },
	{ "upward to the zone",
		"0007 8000 0001 0000 0001 0000" Q "c011 0002 0001 00000e10 0002 c00c", "com.",
		RR_MX, MEANS_UPWARD },
	{ "upward above the zone",
		"0007 8000 0001 0000 0001 0000" Q "c011 0002 0001 00000e10 0002 c00c", "live.com.",
		RR_MX, MEANS_UPWARD },
	{ "upward to the root", "0007 8000 0001 0000 0001 0000" Q "00 0002 0001 00000e10 0002 c00c",
		NULL, RR_MX, MEANS_UPWARD },
	{ "apex NS with AA", "0007 8400 0001 0000 0001 0000" Q "c00c 0002 0001 00000e10 0002 c00c",
		"live.com.", RR_MX, MEANS_NODATA },
	{ "nxdomain", "0007 8403 0001 0000 0000 0000" Q, "com.", RR_MX, MEANS_NXDOMAIN },
	{ "servfail", "0007 8002 0001 0000 0000 0000" Q, "com.", RR_MX, MEANS_SERVFAIL },
	{ "refused", "0007 8005 0001 0000 0000 0000" Q, "com.", RR_MX, MEANS_REFUSED },
	{ "refused without question", "0007 8005 0000 0000 0000 0000", "com.", RR_MX,
		MEANS_REFUSED },
	{ "notauth", "0007 8009 0001 0000 0000 0000" Q, "com.", RR_MX, MEANS_OTHER_RCODE },
	{ "badvers", "0007 8000 0001 0000 0000 0001" Q "00 0029 04d0 01000000 0000", "com.", RR_MX,
		MEANS_OTHER_RCODE },
	{ "servfail by OPT is no servfail",
		"0007 8002 0001 0000 0000 0001" Q "00 0029 04d0 01000000 0000", "com.", RR_MX,
		MEANS_OTHER_RCODE },
	{ "truncated", "0007 8600 0001 0000 0000 0000" Q, "com.", RR_MX, MEANS_TRUNCATED },
	{ "truncated nxdomain", "0007 8603 0001 0000 0000 0000" Q, "com.", RR_MX, MEANS_TRUNCATED },
	{ "damaged answer", "0007 8400 0001 0001 0000 0000" Q "c00c 000f 0001 00000e10 0004 000a",
		"com.", RR_MX, MEANS_UNREADABLE },
	{ "answer and trailing octets",
		"0007 8400 0001 0001 0000 0000" Q "c00c 000f 0001 00000e10 0004 000a c00c ff",
		"com.", RR_MX, MEANS_ANSWER },
	{ "noise", "0007 84", "com.", RR_MX, MEANS_UNREADABLE },
};

static struct arena *arena;

static const struct msg *read_text(const char *text)
{
	struct buf b = { .arena = arena };

	return msg_read(arena, test_wire(&b, text));
}

static void test_meaning(void)
{
	for (size_t i = 0; i < ARRAY_LEN(meaning_rows); i++) {
		const struct meaning_row *row = &meaning_rows[i];
		struct question q = { .type = row->type, .class = CLASS_IN };
		struct name name, zone;

		name_parse("live.com", &name);
		name_parse(row->zone ? row->zone : ".", &zone);
		q.name = &name;
		is_int(msg_meaning(read_text(row->wire), &q, row->zone ? &zone : NULL), row->want,
			row->id);
	}
}

static void test_chain(void)
{
	struct buf b = { .arena = arena };
	struct question q = { .type = RR_A, .class = CLASS_IN };
	struct name name, end;
	char text[NAME_TEXT];

	name_parse("n0", &name);
	q.name = &name;
	test_wire(&b, "0007 8400 0000 0014 0000 0000");
	for (unsigned int i = 0; i < 20; i++)
		test_wire(&b, arena_printf(arena, ".n%u 00 0005 0001 00000e10 %04x .N%u 00", i,
				      i + 1 < 10 ? 4 : 5, i + 1));
	end = msg_chain_end(msg_read(arena, buf_span(&b)), &q);
	is_str(name_text(&end, text), "N16.", "chain of 20 is followed for 16");
	end = msg_chain_end(read_text("0007 8400 0000 0000 0000 0000"), &q);
	is_str(name_text(&end, text), "n0.", "no chain");
	q.type = RR_CNAME;
	end = msg_chain_end(msg_read(arena, buf_span(&b)), &q);
	is_str(name_text(&end, text), "n0.", "asked for the alias itself");
}

int main(void)
{
	arena = arena_new();
	test_meaning();
	test_chain();
	arena_free(arena);
	return tap_done();
}
