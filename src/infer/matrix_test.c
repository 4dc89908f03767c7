/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words for replies, as genreport has them, and what of silences is called dropped. */
#include <string.h>

#include "base/err.h"
#include "dns/rr.h"
#include "infer/matrix.h"
#include "tap.h"

enum { OPT_NONE, OPT_PLAIN, OPT_V1, OPT_Z, OPT_ECHO, OPT_NSID_BACK, OPT_BAD_VERSION };

/* A reply to a row's query about z.test., with or without its SOA record in the answer. */
static const struct reply {
	const char *row;
	uint16_t flags; /* with the lower bits of the RCODE */
	bool soa;
	uint8_t opt;
	const char *words;
} replies[] = {
	{ "dns", FLAG_AA, true, OPT_NONE, "ok" },
	{ "dns", FLAG_AA, true, OPT_PLAIN, "opt" },
	{ "dns", FLAG_AA, false, OPT_NONE, "nosoa" },
	{ "dns", 0, true, OPT_NONE, "noaa" },
	{ "dns", RCODE_REFUSED, false, OPT_NONE, "refused" },
	{ "edns", FLAG_AA, true, OPT_PLAIN, "ok" },
	{ "edns", FLAG_AA, true, OPT_NONE, "noopt" },
	{ "edns", RCODE_FORMERR, false, OPT_NONE, "formerr,noopt" },
	{ "edns", FLAG_AA, true, OPT_V1, "version-not-zero" },
	{ "edns1", 0, false, OPT_BAD_VERSION, "ok" },
	{ "edns1", FLAG_AA, true, OPT_PLAIN, "noerror,badversion,soa" },
	{ "ednsopt", FLAG_AA, true, OPT_ECHO, "echoed" },
	{ "ednsflags", FLAG_AA, true, OPT_Z, "mbz" },
	{ "ednsnsid", FLAG_AA, true, OPT_NSID_BACK, "ok,nsid" },
	{ "zflag", FLAG_AA | FLAG_Z, true, OPT_NONE, "z" },
	{ "rd", FLAG_AA, true, OPT_NONE, "nord" },
	{ "rd", FLAG_AA | FLAG_RD, true, OPT_NONE, "ok" },
	{ "ad", FLAG_AA | FLAG_AD, true, OPT_NONE, "ok" },
	{ "dns", FLAG_AA | FLAG_AD | FLAG_CD, true, OPT_NONE, "ad,cd" },
	{ "missing", FLAG_AA | RCODE_NXDOMAIN, false, OPT_PLAIN, "ok" },
	{ "TLSA", RCODE_NOTIMP, false, OPT_NONE, "notimp" },
	{ "two-questions", RCODE_FORMERR, false, OPT_NONE, "ok" },
};

static void put_opt(struct buf *b, uint8_t kind)
{
	static const uint8_t options[][5] = {
		[OPT_ECHO] = { 0, 100, 0, 0 }, [OPT_NSID_BACK] = { 0, EDNS_NSID, 0, 1, 'a' }
	};
	uint16_t n = kind == OPT_ECHO ? 4 : kind == OPT_NSID_BACK ? 5 : 0;

	buf_u8(b, 0);
	buf_u16(b, RR_OPT);
	buf_u16(b, 1232);
	buf_u8(b, kind == OPT_BAD_VERSION ? 1 : 0);
	buf_u8(b, kind == OPT_V1 ? 1 : 0);
	buf_u16(b, kind == OPT_Z ? 0x80 : 0);
	buf_u16(b, n);
	if (n)
		buf_put(b, options[kind], n);
}

static const struct msg *make(struct arena *a, const struct reply *r, const struct question *q)
{
	static const uint8_t soa[22] = { 0 };
	struct buf b = { .arena = a };

	buf_u16(&b, 1);
	buf_u16(&b, FLAG_QR | r->flags);
	buf_u16(&b, 1);
	buf_u16(&b, r->soa);
	buf_u16(&b, 0);
	buf_u16(&b, r->opt != OPT_NONE);
	buf_put(&b, q->name->wire, q->name->len);
	buf_u16(&b, q->type);
	buf_u16(&b, q->class);
	if (r->soa) {
		buf_put(&b, q->name->wire, q->name->len);
		buf_u16(&b, RR_SOA);
		buf_u16(&b, CLASS_IN);
		buf_u32(&b, 300);
		buf_u16(&b, sizeof(soa));
		buf_put(&b, soa, sizeof(soa));
	}
	if (r->opt != OPT_NONE)
		put_opt(&b, r->opt);
	return msg_read(a, buf_span(&b));
}

static struct observation of_row(const char *slug, const struct name *name)
{
	const struct shape_row *row = shape_find_row(slug);
	struct observation o = { .outcome = OUTCOME_TIMEOUT, .sent = 1, .done = 2 };

	o.ask.role = ROLE_SHAPE;
	o.ask.row = row->slug;
	o.ask.transport = row->transport;
	o.ask.shape = row->shape;
	o.ask.question = (struct question){ name, row->type, CLASS_IN };
	o.ask.server.family = ADDR_V4;
	return o;
}

static void test_words(struct arena *a, const struct name *name)
{
	for (size_t i = 0; i < ARRAY_LEN(replies); i++) {
		const struct reply *r = &replies[i];
		struct observation o = of_row(r->row, name);

		o.outcome = OUTCOME_ANSWERED;
		o.msg = make(a, r, &o.ask.question);
		is_str(matrix_words(a, shape_find_row(r->row), &o, name), r->words,
			arena_printf(a, "%s, flags %04x", r->row, r->flags));
	}
}

/* So many silences to one shape, after as many replies to another. */
static uint8_t state_of(struct arena *a, const struct name *name, unsigned int silences)
{
	struct facts *f = facts_new(a);
	struct observation good = of_row("dns", name), lost = of_row("TLSA", name);
	struct matrices all;

	good.outcome = OUTCOME_ANSWERED;
	good.msg = make(a, &replies[0], &good.ask.question);
	for (unsigned int i = 0; i < 50; i++)
		facts_add(f, &good);
	for (unsigned int i = 0; i < silences; i++)
		facts_add(f, &lost);
	all = matrix_collect(a, f);
	return matrix_cell(&all.v[0], "TLSA")->state;
}

/* Connections with three queries each; of each a digit says how many were answered. */
static struct matrix_streams streams_of(
	struct arena *a, const struct name *name, const char *answered)
{
	struct facts *f = facts_new(a);

	for (size_t i = 0; answered[i / 3]; i++) {
		struct observation o = of_row("tcp-many", name);

		o.ask.stream = (uint8_t)(i / 3 + 1);
		if (i % 3 < (size_t)(answered[i / 3] - '0')) {
			o.outcome = OUTCOME_ANSWERED;
			o.msg = make(a, &replies[0], &o.ask.question);
		}
		facts_add(f, &o);
	}
	return matrix_collect(a, f).v[0].streams;
}

static void test_streams(struct arena *a, const struct name *name)
{
	struct matrix_streams s = streams_of(a, name, "11");

	is_int(s.part, 2, "the first of each is answered");
	is_int(s.whole, 0, "and none in full");
	s = streams_of(a, name, "0032");
	is_int(s.part, 1, "one in part, and two not at all, which is told of none");
	is_int(s.whole, 1, "and one in full");
}

int main(void)
{
	struct arena *a = arena_new();
	struct name name;

	is_int(name_parse("z.test.", &name), 0, "a name");
	test_words(a, &name);
	test_streams(a, &name);
	is_int(state_of(a, &name, 3), CELL_UNTOLD, "three silences may be loss");
	is_int(state_of(a, &name, 12), CELL_DROPPED, "twelve are none, where nothing else is lost");
	ok(shape_silences(0, 1000, 0) >= 4 &&
			shape_silences(0, 1000, 0) < shape_silences(100, 1000, 0),
		"the more is lost, the more silences it takes");
	ok(shape_silences(100, 1000, 0) <= shape_silences(100, 1000, 80),
		"the more rows are judged, the more silences it takes");
	for (size_t i = 0; i < shape_count; i++)
		ok(shape_find_row(shape_table[i].slug) == &shape_table[i], "one row is called %s",
			shape_table[i].slug);
	arena_free(a);
	return tap_done();
}
