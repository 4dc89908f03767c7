/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What others wrote, in everything that is printed: names, strings, options and error texts made of
 * all octets, of what terminals obey, HTML, and marks that turn text round, from saved runs and
 * from a reply. Nothing of that reaches the reader but escaped.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "cli/file.h"
#include "dns/rr.h"
#include "facts/tape.h"
#include "render/dig.h"
#include "render/report.h"
#include "tap.h"

enum { CHUNK = 255, LABEL = 63 };

/* UTF-8 of C1 controls, of marks for direction, and of what ends lines. */
static bool is_trap(const unsigned char *t)
{
	if (t[0] == 0xc2)
		return t[1] >= 0x80 && t[1] < 0xa0;
	if (t[0] == 0xd8)
		return t[1] == 0x9c; /* U+061C */
	if (t[0] != 0xe2)
		return false;
	if (t[1] == 0x80)
		return t[2] == 0x8e || t[2] == 0x8f || (t[2] >= 0xa8 && t[2] <= 0xae);
	return t[1] == 0x81 && t[2] >= 0xa6 && t[2] <= 0xa9;
}

/* A dig page has tabs between its columns. */
static bool is_harmless(const struct buf *b, bool tabs)
{
	const unsigned char *t = (const unsigned char *)b->p;

	for (size_t i = 0; i < b->n; i++) {
		if ((t[i] < ' ' && t[i] != '\n' && !(tabs && t[i] == '\t')) || t[i] == 0x7f)
			return false;
		if (t[i] >= 0x80 && i + 2 < b->n && is_trap(t + i))
			return false;
	}
	return true;
}

/* Reports -------------------------------------------------------------------------------------- */

static void to_text(const struct report *r, struct buf *b)
{
	report_text(r, &(struct text_style){ .width = 80 }, b);
}

static void to_ascii(const struct report *r, struct buf *b)
{
	report_text(r, &(struct text_style){ .width = 60, .ascii = true }, b);
}

static void to_them(const struct report *r, struct buf *b)
{
	report_noc(r, LETTER_THERE, b);
}

static void to_ours(const struct report *r, struct buf *b)
{
	report_noc(r, LETTER_OURS, b);
}

static void to_tape(const struct report *r, struct buf *b)
{
	tape_write(r->facts, b);
}

static const struct {
	const char *name;
	void (*put)(const struct report *r, struct buf *b);
} forms[] = {
	{ "text", to_text },
	{ "text in ASCII", to_ascii },
	{ "JSON", report_json },
	{ "lines of JSON", report_jsonl },
	{ "the letter", to_them },
	{ "the letter to one's own", to_ours },
	{ "the tape", to_tape },
};

static const struct report *judged(struct arena *a, struct facts *f)
{
	struct findings *findings = arena_alloc(a, sizeof(*findings));
	struct check_input in = { f, infer_all(a, f) };

	findings->arena = a;
	check_run(&in, findings);
	return report_make(a, &in, findings, check_verdict(&in, findings));
}

/* Lookups -------------------------------------------------------------------------------------- */

#define WHOLE                                                                                      \
	.comments = true, .question = true, .answer = true, .authority = true, .additional = true

static const struct {
	const char *name;
	struct dig_show show;
} pages[] = {
	{ "a lookup's page", { WHOLE, .stats = true, .query = true, .ttl = true, .class = true,
				     .meaning = true, .crypto = true, .split = DIG_SPLIT } },
	{ "+multiline", { WHOLE, .multiline = true, .identify = true, .ttl = true, .class = true,
				.rrcomments = 1, .crypto = true } },
	{ "+short", { .answer = true, .brief = true, .crypto = true } },
	{ "+unknownformat", { WHOLE, .unknownformat = true, .ttl = true, .class = true } },
	{ "+yaml", { WHOLE, .yaml = true, .query = true, .meaning = true, .split = DIG_SPLIT } },
	{ "+json", { .json = true, .query = true, .meaning = true } },
};

static void show(struct arena *a, const struct facts *f, const struct observation *o, size_t i,
	struct buf *b)
{
	struct dig_view v = {
		.show = &pages[i].show, .when = "now", .facts = f, .epoch = 1700000000000000
	};

	(void)a;
	dig_query(&v, o, b);
	dig_event(&v, o, b);
	if (o->msg)
		dig_reply(&v, o, b);
	else
		dig_no_reply(&v, o, b);
}

static void check(struct arena *a, struct facts *f, const char *name)
{
	const struct report *r = judged(a, f);

	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		struct buf b = { .arena = a };

		forms[i].put(r, &b);
		ok(b.n && is_harmless(&b, false), "%s: %s", name, forms[i].name);
	}
	for (size_t i = 0; i < ARRAY_LEN(pages); i++) {
		struct buf b = { .arena = a };

		for (size_t k = 0; k < f->n; k++)
			show(a, f, f->v[k], i, &b);
		ok(is_harmless(&b, true), "%s: %s", name, pages[i].name);
	}
}

/* A reply made of it --------------------------------------------------------------------------- */

static const char traps[] = "\033[31m\007<script>alert('&\"')</script>\r\n\t\x7f\xc2\x9b"
			    "1m\u202eabc\u2066def"
			    "\u061c\u2028 %s$(x)`y`;\\";

static void put8(struct buf *b, unsigned int v)
{
	buf_char(b, (char)v);
}

static void put16(struct buf *b, unsigned int v)
{
	put8(b, v >> 8);
	put8(b, v & 0xff);
}

/* n octets: traps in a circle, or all octets from at on. */
static void put_octets(struct buf *b, size_t n, bool all, unsigned int at)
{
	for (size_t i = 0; i < n; i++)
		put8(b, all ? (at + (unsigned int)i) & 0xff
			    : (unsigned char)traps[i % (sizeof(traps) - 1)]);
}

static void put_name(struct buf *b, bool all, unsigned int at)
{
	put8(b, LABEL);
	put_octets(b, LABEL, all, at);
	put8(b, 0);
}

static void put_string(struct buf *b, bool all, unsigned int at)
{
	put8(b, CHUNK);
	put_octets(b, CHUNK, all, at);
}

static void put_rr(struct buf *b, uint16_t type, const struct buf *data, bool all)
{
	put_name(b, all, 64);
	put16(b, type);
	put16(b, CLASS_IN);
	put16(b, 0);
	put16(b, 300);
	put16(b, (unsigned int)data->n);
	for (size_t i = 0; i < data->n; i++)
		buf_char(b, data->p[i]);
}

/* Rdata: some octets before, then strings, then names, then octets. */
static const struct {
	uint16_t type;
	unsigned int before, names, strings, rest;
} records[] = {
	{ RR_TXT, 0, 0, 3, 0 },
	{ RR_NS, 0, 1, 0, 0 },
	{ RR_CNAME, 0, 1, 0, 0 },
	{ RR_PTR, 0, 1, 0, 0 },
	{ RR_MX, 2, 1, 0, 0 },
	{ RR_SOA, 0, 2, 0, 20 },
	{ 13, 0, 0, 2, 0 } /* HINFO */,
	{ 35, 4, 1, 3, 0 } /* NAPTR */,
	{ 256, 4, 0, 1, 0 } /* URI */,
	{ 99, 0, 0, 2, 0 } /* SPF */,
	{ 65280, 0, 0, 1, 0 },
};

static const struct msg *reply(struct arena *a, bool all)
{
	struct buf b = { .arena = a }, opt = { .arena = a };

	put16(&b, 1);
	put16(&b, 0x8400);
	put16(&b, 1);
	put16(&b, ARRAY_LEN(records));
	put16(&b, 0);
	put16(&b, 1);
	put_name(&b, all, 0);
	put16(&b, RR_TXT);
	put16(&b, CLASS_IN);
	for (size_t i = 0; i < ARRAY_LEN(records); i++) {
		struct buf data = { .arena = a };

		put_octets(&data, records[i].before, false, 0);
		for (unsigned int k = 0; k < records[i].strings; k++)
			put_string(&data, all, k);
		for (unsigned int k = 0; k < records[i].names; k++)
			put_name(&data, all, 100 + k);
		put_octets(&data, records[i].rest, all, 0);
		put_rr(&b, records[i].type, &data, all);
	}
	put8(&b, 0);
	put16(&b, RR_OPT);
	put16(&b, 1232);
	put16(&b, 0);
	put16(&b, 0);
	put16(&opt, EDNS_EDE);
	put16(&opt, 2 + CHUNK);
	put16(&opt, 22);
	put_octets(&opt, CHUNK, all, 0);
	put16(&opt, EDNS_NSID);
	put16(&opt, CHUNK);
	put_octets(&opt, CHUNK, all, 0);
	put16(&b, (unsigned int)opt.n);
	for (size_t i = 0; i < opt.n; i++)
		buf_char(&b, opt.p[i]);
	return msg_read(a, buf_span(&b));
}

static void made(bool all)
{
	static const uint8_t roles[] = { ROLE_RESOLVER, ROLE_WALK, ROLE_OPINION, ROLE_LOOKUP };
	struct arena *a = arena_new();
	struct facts *f = facts_new(a);
	const struct msg *m = reply(a, all);

	if (m->ndefects) {
		struct buf why = { .arena = a };

		msg_defects_text(m, &why);
		printf("#   %s\n", buf_text(&why));
	}
	ok(m->nquestions == 1 && !m->ndefects, "the reply of %s can be read",
		all ? "all octets" : "traps");
	f->command = "diagnose";
	f->question = m->questions[0];
	for (size_t i = 0; i < ARRAY_LEN(roles); i++) {
		struct observation o = { .outcome = OUTCOME_ANSWERED, .sent = 1000, .done = 2000 };

		o.ask.role = roles[i];
		o.ask.question = m->questions[0];
		o.ask.zone = m->questions[0].name;
		o.ask.server = (struct addr){ .family = ADDR_V4, .port = 53 };
		o.from = (struct addr){ .family = ADDR_V4, .port = 1234 };
		o.msg = m;
		o.size = (uint32_t)m->wire.n;
		facts_add(f, &o);
	}
	f->note = traps;
	check(a, f, all ? "all octets" : "traps");
	arena_free(a);
}

static int is_tape(const struct dirent *e)
{
	return strstr(e->d_name, ".jsonl") != NULL;
}

static void saved(const char *folder)
{
	struct dirent **entries;
	int n = scandir(folder, &entries, is_tape, alphasort);

	ok(n > 0, "there are hostile tapes");
	for (int i = 0; i < n; i++) {
		struct arena *a = arena_new();
		struct tape_error error = { 0 };
		struct facts *f;
		struct span text;

		if (ok(file_read(a, arena_printf(a, "%s/%s", folder, entries[i]->d_name), &text) ==
					    0 &&
				    tape_read(a, text, &f, &error) == 0,
			    "%s is read", entries[i]->d_name))
			check(a, f, entries[i]->d_name);
		arena_free(a);
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
}

int main(int argc, char **argv)
{
	struct buf b = { .p = (char *)"a\u202eb", .n = 5 };

	ok(!is_harmless(&b, true), "a mark that turns text round is told");
	b = (struct buf){ .p = (char *)"a\xc2\x9b"
				       "bc",
		.n = 5 };
	ok(!is_harmless(&b, true), "a control of eight bits is told");
	b = (struct buf){ .p = (char *)"a\033b", .n = 3 };
	ok(!is_harmless(&b, true), "an escape is told");
	saved(argc > 1 ? argv[1] : FIXTURES "/hostile");
	made(false);
	made(true);
	return tap_done();
}
