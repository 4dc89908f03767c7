/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of the reader: what breaks which rule where, and what could be read all the same. */
#include "dns/msg.h"

#include "base/err.h"
#include "dns/rr.h"
#include "dns/test_wire.h"
#include "dns/text.h"
#include "prop.h"

/* The question of most messages: live.com. MX, at octets 12 to 25; its com. is at 17. */
#define Q " .live .com 00 000f 0001 "

static const struct read_row {
	const char *id, *wire;
	int rule; /* -1: none is broken */
	unsigned int section;
	uint32_t offset, end;
	size_t nrrs;
	bool usable;
} read_rows[] = {
	{ "whole answer",
		"0007 8400 0001 0001 0000 0001" Q
		"c00c 000f 0001 00000e10 0009 000a .mail c00c  00 0029 04d0 00000000 0000",
		-1, 0, 0, 58, 2, true },
	{ "header only", "0007 8105 0000 0000 0000 0000", -1, 0, 0, 12, 0, true },
	{ "nothing", "", MSG_SHORT_HEADER, MSG_QUESTION, 0, 0, 0, false },
	{ "eleven octets", "0007 8400 0001 0001 0000 00", MSG_SHORT_HEADER, MSG_QUESTION, 11, 0, 0,
		false },
	{ "question's name without end", "0007 8400 0001 0000 0000 0000 .live .com", MSG_NAME_CUT,
		MSG_QUESTION, 21, 12, 0, false },
	{ "label runs over the end", "0007 8400 0001 0000 0000 0000 .live 09 636f6d", MSG_NAME_CUT,
		MSG_QUESTION, 17, 12, 0, false },
	{ "half a pointer", "0007 8400 0001 0001 0000 0000" Q "c0", MSG_NAME_CUT, MSG_ANSWER, 26,
		26, 0, false },
	{ "name of 256 octets",
		"0007 8400 0001 0000 0000 0000 3f ~63 3f ~63 3f ~63 3e ~62 00 0001 0001",
		MSG_NAME_LONG, MSG_QUESTION, 267, 272, 0, false },
	{ "name too long by its pointer",
		"0007 a000 0002 0000 0000 0000 3f ~63 3f ~63 3f ~63 3d ~61 00 0001 0001 .a c00c "
		"0001 0001",
		MSG_NAME_LONG, MSG_QUESTION, 273, 279, 0, false },
	{ "pointer to itself", "0007 8400 0001 0000 0000 0000 c00c 0001 0001", MSG_NAME_POINTER,
		MSG_QUESTION, 12, 18, 0, false },
	{ "pointer to its own start", "0007 8400 0001 0000 0000 0000 .a c00c 0001 0001",
		MSG_NAME_POINTER, MSG_QUESTION, 14, 20, 0, false },
	{ "pointer into its own labels", "0007 8400 0001 0000 0000 0000 .a .b c00e 0001 0001",
		MSG_NAME_POINTER, MSG_QUESTION, 16, 22, 0, false },
	{ "pointer forward",
		"0007 8400 0001 0001 0000 0000" Q "c01d 0001 0001 00000e10 0004 c0000201",
		MSG_NAME_POINTER, MSG_ANSWER, 26, 42, 1, false },
	{ "pointer into the header",
		"0007 8400 0001 0001 0000 0000" Q "c004 0001 0001 00000e10 0004 c0000201",
		MSG_NAME_POINTER, MSG_ANSWER, 26, 42, 1, false },
	{ "label type 01", "0007 8400 0001 0000 0000 0000 .a 41 00 0001 0001", MSG_NAME_LABEL,
		MSG_QUESTION, 14, 12, 0, false },
	{ "label type 10", "0007 8400 0001 0000 0000 0000 80 00 0001 0001", MSG_NAME_LABEL,
		MSG_QUESTION, 12, 12, 0, false },
	{ "question ends in its type", "0007 8400 0001 0000 0000 0000 .live .com 00 00",
		MSG_QUESTION_CUT, MSG_QUESTION, 22, 12, 0, false },
	{ "question ends in its class", "0007 8400 0001 0000 0000 0000 .live .com 00 000f 00",
		MSG_QUESTION_CUT, MSG_QUESTION, 22, 12, 0, false },
	{ "record without rdlength", "0007 8400 0001 0001 0000 0000" Q "c00c 000f 0001 00000e10 00",
		MSG_RR_CUT, MSG_ANSWER, 28, 26, 0, false },
	{ "rdata cut",
		"0007 8400 0001 0001 0000 0000" Q "c00c 000f 0001 00000e10 0009 000a .mail c0",
		MSG_RDATA_CUT, MSG_ANSWER, 38, 26, 0, false },
	{ "second record cut",
		"0007 8400 0001 0002 0000 0000" Q
		"c00c 000f 0001 00000e10 0004 000a c00c c00c 000f 0001 00000e10 0004 000a",
		MSG_RDATA_CUT, MSG_ANSWER, 54, 42, 1, false },
	{ "A of three octets, next is read",
		"0007 8400 0001 0002 0000 0000" Q
		"c00c 0001 0001 00000e10 0003 c00002 c00c 0001 0001 00000e10 0004 c0000201",
		MSG_RDATA_FORM, MSG_ANSWER, 38, 57, 2, false },
	{ "A of five octets",
		"0007 8400 0001 0001 0000 0000" Q "c00c 0001 0001 00000e10 0005 c000020100",
		MSG_RDATA_FORM, MSG_ANSWER, 42, 43, 1, false },
	{ "A without rdata", "0007 8400 0001 0001 0000 0000" Q "c00c 0001 0001 00000e10 0000",
		MSG_RDATA_FORM, MSG_ANSWER, 38, 38, 1, false },
	{ "MX name without end",
		"0007 8400 0001 0001 0000 0000" Q "c00c 000f 0001 00000e10 0007 000a .mail",
		MSG_RDATA_FORM, MSG_ANSWER, 45, 45, 1, false },
	{ "MX name runs into the next record",
		"0007 8400 0001 0002 0000 0000" Q "c00c 000f 0001 00000e10 0004 000a .m "
		"00 0001 0001 00000e10 0004 c0000201",
		MSG_RDATA_FORM, MSG_ANSWER, 42, 57, 2, false },
	{ "MX pointer forward",
		"0007 8400 0001 0001 0000 0000" Q "c00c 000f 0001 00000e10 0004 000a c0ff",
		MSG_NAME_POINTER, MSG_ANSWER, 40, 42, 1, false },
	{ "SOA without minimum",
		"0007 8400 0001 0000 0001 0000" Q "c00c 0006 0001 00000e10 0014 c00c c00c "
		"00000001 00000002 00000003 00000004",
		MSG_RDATA_FORM, MSG_AUTHORITY, 58, 58, 1, false },
	{ "TXT string over the end",
		"0007 8400 0001 0001 0000 0000" Q "c00c 0010 0001 00000e10 0004 01 61 05 62",
		MSG_RDATA_FORM, MSG_ANSWER, 40, 42, 1, false },
	{ "TXT without string", "0007 8400 0001 0001 0000 0000" Q "c00c 0010 0001 00000e10 0000",
		MSG_RDATA_FORM, MSG_ANSWER, 38, 38, 1, false },
	{ "NSEC with compressed name",
		"0007 8400 0001 0000 0001 0000" Q "c00c 002f 0001 00000e10 0005 c00c 00 01 40",
		MSG_RDATA_FORM, MSG_AUTHORITY, 38, 43, 1, false },
	{ "NSEC bitmap windows descend",
		"0007 8400 0001 0000 0001 0000" Q
		"c00c 002f 0001 00000e10 0007 00 01 01 40 00 01 40",
		MSG_RDATA_FORM, MSG_AUTHORITY, 42, 45, 1, false },
	{ "HTTPS keys descend",
		"0007 8400 0001 0001 0000 0000" Q
		"c00c 0041 0001 00000e10 000d 0001 00 0003 0002 01bb 0002 0000",
		MSG_RDATA_FORM, MSG_ANSWER, 47, 51, 1, false },
	{ "CAA without tag",
		"0007 8400 0001 0001 0000 0000" Q "c00c 0101 0001 00000e10 0003 00 00 61",
		MSG_RDATA_FORM, MSG_ANSWER, 39, 41, 1, false },
	{ "unknown type has any form",
		"0007 8400 0001 0001 0000 0000" Q "c00c ff00 0001 00000e10 0002 ffff", -1, 0, 0, 40,
		1, true },
	{ "A of class CH", "0007 8400 0001 0001 0000 0000" Q "c00c 0001 0003 00000e10 0003 00 0001",
		-1, 0, 0, 41, 1, true },
	{ "deletion of an update",
		"0007 2800 0001 0000 0001 0000 .a 00 0006 0001 c00c 0001 00ff "
		"00000000 0000",
		-1, 0, 0, 31, 1, true },
	{ "question promised", "0007 8400 0001 0000 0000 0000", MSG_COUNTS_HIGH, MSG_QUESTION, 12,
		12, 0, false },
	{ "answer promised", "0007 8400 0001 ffff 0000 0000" Q, MSG_COUNTS_HIGH, MSG_ANSWER, 26, 26,
		0, false },
	{ "additional promised",
		"0007 8400 0001 0001 0000 0001" Q "c00c 000f 0001 00000e10 0004 000a c00c",
		MSG_COUNTS_HIGH, MSG_ADDITIONAL, 42, 42, 1, false },
	{ "trailing octets", "0007 8400 0001 0000 0000 0000" Q "dead", MSG_TRAILING, MSG_ADDITIONAL,
		26, 26, 0, true },
	{ "OPT in answer", "0007 8400 0001 0001 0000 0000" Q "00 0029 04d0 00000000 0000",
		MSG_OPT_PLACE, MSG_ANSWER, 26, 37, 1, false },
	{ "OPT not at the root", "0007 8400 0001 0000 0000 0001" Q "c00c 0029 04d0 00000000 0000",
		MSG_OPT_PLACE, MSG_ADDITIONAL, 26, 38, 1, false },
	{ "two OPTs",
		"0007 8400 0001 0000 0000 0002" Q
		"00 0029 04d0 00000000 0000 00 0029 0200 00000000 0000",
		MSG_OPT_TWICE, MSG_ADDITIONAL, 37, 48, 2, false },
	{ "option over the end",
		"0007 8400 0001 0000 0000 0001" Q "00 0029 04d0 00000000 0006 000a 0003 0102",
		MSG_OPT_OPTION_CUT, MSG_ADDITIONAL, 37, 43, 1, false },
	{ "half an option",
		"0007 8400 0001 0000 0000 0001" Q "00 0029 04d0 00000000 0007 0003 0000 000a 00",
		MSG_OPT_OPTION_CUT, MSG_ADDITIONAL, 41, 44, 1, false },
	{ "two questions", "0007 8000 0002 0000 0000 0000" Q "c00c 0001 0001", MSG_QUESTIONS_MANY,
		MSG_QUESTION, 4, 32, 0, true },
	{ "two zones of a notify are no rule's", "0007 a000 0002 0000 0000 0000" Q "c00c 0001 0001",
		-1, 0, 0, 32, 0, true },
};

static struct arena *arena;

static const struct msg *read_text(const char *text)
{
	struct buf b = { .arena = arena };

	return msg_read(arena, test_wire(&b, text));
}

static void test_row(const struct read_row *row)
{
	const struct msg *m = read_text(row->wire);
	bool good = row->rule < 0 ? m->ndefects == 0
				  : m->ndefects == 1 && m->defects[0].rule == row->rule &&
					    m->defects[0].section == row->section &&
					    m->defects[0].offset == row->offset;
	struct buf b = { .arena = arena };

	good &= m->end == row->end && m->nrrs == row->nrrs && msg_usable(m) == row->usable;
	if (ok(good, "%s", row->id))
		return;
	msg_defects_text(m, &b);
	printf("#   got %s\n#   end %u, %zu records, usable %d\n", buf_text(&b), m->end, m->nrrs,
		msg_usable(m));
}

static void test_read(void)
{
	bool seen[MSG_RULES] = { false };

	for (size_t i = 0; i < ARRAY_LEN(read_rows); i++) {
		test_row(&read_rows[i]);
		if (read_rows[i].rule >= 0)
			seen[read_rows[i].rule] = true;
	}
	for (unsigned int i = 0; i < MSG_RULES; i++)
		ok(seen[i], "a message breaks %s", msg_rule_slug(i));
}

static void test_rules(void)
{
	struct buf b = { .arena = arena };
	const struct msg *m;

	for (unsigned int i = 0; i < MSG_RULES; i++)
		for (unsigned int j = 0; j < i; j++)
			if (strcmp(msg_rule_slug(i), msg_rule_slug(j)) == 0)
				ok(false, "slug %s is twice", msg_rule_slug(i));
	for (unsigned int i = 0; i < MSG_RULES; i++)
		ok(strstr(msg_rule_text(i), "RFC ") != NULL, "%s names its RFC", msg_rule_slug(i));
	m = read_text("0007 8000 0002 0001 0000 0000" Q "c00c 0001 0001");
	msg_defects_text(m, &b);
	ok(strncmp(buf_text(&b), "offset 4 (question): ", 21) == 0 &&
			strstr(buf_text(&b), "; offset 32 (answer): ") != NULL,
		"two defects on one line");
}

/* A message that has everything: fields, offsets, case, options twice, extended rcode. */
static void test_anatomy(void)
{
	const struct msg *m =
		read_text("abcd 8593 0001 0001 0001 0002 .LiVe .com 00 0006 0001 "
			  "c00c 0006 0001 00000e10 001e .NS c00c .hm c011 00000001 00000002 "
			  "00000003 00000004 "
			  "00000005  c011 0002 0001 00000e10 0002 c00c  c00c 0001 0001 00000001 "
			  "0004 c0000201 "
			  "00 0029 1000 01 00 8001 000c 000f 0002 0016 000f 0002 0009");
	struct soa soa = { .serial = 0 };
	struct name n;
	char text[NAME_TEXT];
	uint16_t at = 0;

	is_int(m->ndefects, 0, "no defect");
	ok(m->has_header && m->id == 0xabcd && m->flags == 0x8593 && m->opcode == 0, "header");
	is_int(m->rcode, 0x13, "rcode with OPT's bits");
	ok(m->counts[0] == 1 && m->counts[1] == 1 && m->counts[2] == 1 && m->counts[3] == 2,
		"counts");
	is_str(name_text(m->questions[0].name, text), "LiVe.com.", "question keeps its case");
	is_str(name_text(m->rrs[0].owner, text), "LiVe.com.", "owner keeps its case");
	is_str(name_text(m->rrs[1].owner, text), "com.", "owner inside a name");
	is_int(m->rrs[0].offset, 26, "offset of the first record");
	is_int(m->rrs[0].rdata_offset, 38, "offset of its rdata");
	ok(m->rrs[0].rdata == m->wire.p + 38, "rdata lies in the message");
	is_int(m->rrs[0].ttl, 3600, "TTL");
	ok(m->rrs[0].section == MSG_ANSWER && m->rrs[1].section == MSG_AUTHORITY &&
			m->rrs[2].section == MSG_ADDITIONAL && m->rrs[3].section == MSG_ADDITIONAL,
		"sections");

	is_int(msg_rdata_soa(m, &m->rrs[0], &soa), 0, "SOA");
	is_str(name_text(&soa.mname, text), "NS.LiVe.com.", "MNAME keeps its case");
	is_str(name_text(&soa.rname, text), "hm.com.", "RNAME");
	ok(soa.serial == 1 && soa.refresh == 2 && soa.retry == 3 && soa.expire == 4 &&
			soa.minimum == 5,
		"SOA numbers");
	is_int(msg_rdata_soa(m, &m->rrs[1], &soa), -ERR_PARSE, "an NS is no SOA");
	is_int(msg_rdata_name(m, &m->rrs[0], &n, &at), 0, "first name");
	is_int(at, 5, "where the second begins");
	is_int(msg_rdata_name(m, &m->rrs[0], &n, &at), 0, "second name");
	is_int(at, 10, "where the numbers begin");
	is_int(msg_rdata_name(m, &m->rrs[1], &n, NULL), 0, "name without skip");
	is_str(name_text(&n, text), "LiVe.com.", "target of NS");
	at = 40;
	is_int(msg_rdata_name(m, &m->rrs[0], &n, &at), -ERR_PARSE, "name behind the rdata");
	is_int(at, 40, "skip untouched");

	ok(m->edns.present && m->edns.version == 0 && m->edns.size == 4096 &&
			m->edns.flags == 0x8001,
		"EDNS");
	ok(m->edns.nopts == 2 && m->edns.opts[1].data[1] == 9, "both options of one code");
	ok(msg_option(m, EDNS_EDE) == &m->edns.opts[0], "first option of a code");
	ok(!msg_option(m, EDNS_NSID), "option that is not there");
}

static void test_find(void)
{
	const struct msg *m = read_text(
		"0007 8400 0001 0002 0001 0000" Q "c00c 000f 0001 00000e10 0004 000a c00c "
		"c00c 000f 0001 00000e10 0004 0014 c00c "
		"c011 0002 0001 00000e10 0002 c00c");
	struct name live, com;

	name_parse("LIVE.com", &live);
	name_parse("com", &com);
	ok(msg_find(m, (struct rr_wanted){ MSG_ANSWER, RR_MX, &live }) == &m->rrs[0], "first MX");
	ok(!msg_find(m, (struct rr_wanted){ MSG_ANSWER, RR_MX, &com }), "no MX of com.");
	ok(!msg_find(m, (struct rr_wanted){ MSG_AUTHORITY, RR_MX, NULL }), "no MX in authority");
	ok(msg_find(m, (struct rr_wanted){ MSG_AUTHORITY, 0, &com }) == &m->rrs[2], "any type");
	is_int(msg_count(m, (struct rr_wanted){ MSG_ANSWER, RR_MX, NULL }), 2, "two MX");
	is_int(msg_count(m, (struct rr_wanted){ MSG_ANSWER, 0, NULL }), 2, "two answers");
	is_int(msg_count(m, (struct rr_wanted){ MSG_ADDITIONAL, 0, NULL }), 0, "no additional");
}

static void test_size(void)
{
	uint8_t *big = arena_alloc(arena, 70000);
	const struct msg *m = msg_read(arena, (struct span){ big, 70000 });

	is_int(m->wire.n, 65535, "no more than 65,535 octets");
	ok(m->wire.p != big, "a copy");
	big[0] = 0xff;
	is_int(m->wire.p[0], 0, "its own copy");
	is_int(msg_read(arena, (struct span){ NULL, 0 })->ndefects, 1, "no octets at all");
}

/* What must hold for any octets. */
static bool holds(const struct msg *m)
{
	uint32_t at = 0;
	uint8_t section = MSG_ANSWER;

	if (m->end > m->wire.n || m->nrrs > m->wire.n / 11 || m->nquestions > m->wire.n / 5)
		return false;
	for (size_t i = 0; i < m->nrrs; i++) {
		const struct rr *rr = &m->rrs[i];

		if (rr->offset < at || rr->section < section ||
			rr->rdata_offset + rr->rdlength > m->end ||
			rr->rdata != m->wire.p + rr->rdata_offset)
			return false;
		at = rr->rdata_offset + rr->rdlength;
		section = rr->section;
	}
	for (size_t i = 0; i < m->ndefects; i++)
		if (m->defects[i].rule >= MSG_RULES || m->defects[i].section >= MSG_SECTIONS ||
			m->defects[i].offset > m->wire.n)
			return false;
	for (size_t i = 0; i < m->edns.nopts; i++)
		if (m->edns.opts[i].data + m->edns.opts[i].length > m->wire.p + m->wire.n)
			return false;
	/* All octets are understood, or the reason why not is known. */
	return m->ndefects || (m->has_header && m->end == m->wire.n);
}

/* Asks all that can be asked of any message. */
static void use(struct arena *a, const struct msg *m)
{
	struct buf b = { .arena = a };
	struct question q = { .name = &name_root, .type = RR_MX, .class = CLASS_IN };
	struct soa soa;

	if (m->nquestions)
		q = m->questions[0];
	msg_meaning(m, &q, NULL);
	msg_meaning(m, &q, &name_root);
	msg_chain_end(m, &q);
	msg_defects_text(m, &b);
	for (size_t i = 0; i < m->nrrs; i++) {
		msg_rdata_soa(m, &m->rrs[i], &soa);
		text_rdata(&b, m, &m->rrs[i]);
	}
}

static bool prop_noise(struct rng *r)
{
	struct arena *a = arena_new();
	struct buf b = { .arena = a };
	uint32_t n = rng_below(r, 200);
	const struct msg *m;
	bool good;

	/* Few records, so that reading goes on for a while. */
	buf_u32(&b, (uint32_t)rng_u64(r));
	for (unsigned int i = 0; i < MSG_SECTIONS; i++)
		buf_u16(&b, (uint16_t)rng_below(r, 3));
	while (n--)
		buf_u8(&b, (uint8_t)rng_below(r, rng_below(r, 2) ? 3 : 256));
	m = msg_read(a, buf_span(&b));
	use(a, m);
	good = holds(m);
	arena_free(a);
	return good;
}

static bool prop_mutation(struct rng *r)
{
	struct arena *a = arena_new();
	struct buf b = { .arena = a };
	const struct msg *m;
	bool good;

	test_wire(&b, read_rows[rng_below(r, ARRAY_LEN(read_rows))].wire);
	for (uint32_t i = rng_below(r, 6); i && b.n; i--)
		b.p[rng_below(r, (uint32_t)b.n)] = (char)rng_u64(r);
	if (rng_below(r, 3) == 0)
		b.n = rng_below(r, (uint32_t)b.n + 1);
	m = msg_read(a, buf_span(&b));
	use(a, m);
	good = holds(m);
	arena_free(a);
	return good;
}

/* Every proper prefix of a whole message breaks a rule. */
static bool prop_prefix(struct rng *r)
{
	struct arena *a = arena_new();
	struct buf b = { .arena = a };
	const struct read_row *row = &read_rows[rng_below(r, ARRAY_LEN(read_rows))];
	struct span wire = test_wire(&b, row->wire);
	bool good = true;

	for (size_t n = 0; row->rule < 0 && n < wire.n && good; n++)
		good = !msg_usable(msg_read(a, (struct span){ wire.p, n }));
	arena_free(a);
	return good;
}

int main(void)
{
	arena = arena_new();
	test_read();
	test_rules();
	test_anatomy();
	test_find();
	test_size();
	prop("noise", prop_noise, 10000);
	prop("mutations", prop_mutation, 20000);
	prop("prefixes are unusable", prop_prefix, 100);
	arena_free(arena);
	return tap_done();
}
