/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of factors, and queries with some of them. */
#include "infer/factor.h"

#include <string.h>

#include "base/err.h"
#include "dns/rr.h"
#include "dns/text.h"

enum { EDNS_LEAST = 512 };

/* One factor in two asks. code: of the option, in the one row that stands for all of them. */
struct factor_row {
	const char *slug;
	bool (*differs)(const struct ask *a, const struct ask *b);
	void (*copy)(struct ask *to, const struct ask *from);
	void (*words)(struct buf *b, const struct ask *a, uint16_t code);
	bool edns;     /* is there only where both have EDNS, or the failing one has */
	bool option;   /* one factor for each EDNS option; copied by factor_ask() */
	uint16_t flag; /* of the header; differs and copy are not looked at */
};

static bool edns_differs(const struct ask *a, const struct ask *b)
{
	return a->shape.edns != b->shape.edns;
}

static void edns_copy(struct ask *to, const struct ask *from)
{
	to->shape.edns = from->shape.edns;
	to->shape.edns_version = 0;
	to->shape.edns_flags = 0;
	to->shape.edns_size = from->shape.edns ? EDNS_LEAST : 0;
	to->shape.noptions = 0;
}

static void edns_words(struct buf *b, const struct ask *a, uint16_t code)
{
	(void)code;
	buf_str(b, a->shape.edns ? "with EDNS" : "without EDNS");
}

/* The size of the reply that a query asks for at most. */
static uint16_t size_of(const struct ask *a)
{
	return a->shape.edns ? a->shape.edns_size : EDNS_LEAST;
}

static bool size_differs(const struct ask *a, const struct ask *b)
{
	return size_of(a) != size_of(b);
}

static void size_copy(struct ask *to, const struct ask *from)
{
	to->shape.edns_size = from->shape.edns_size;
}

static void size_words(struct buf *b, const struct ask *a, uint16_t code)
{
	(void)code;
	buf_printf(b, "with an EDNS buffer size of %u", a->shape.edns_size);
}

static bool do_differs(const struct ask *a, const struct ask *b)
{
	return (a->shape.edns_flags ^ b->shape.edns_flags) & EDNS_DO;
}

static void do_copy(struct ask *to, const struct ask *from)
{
	to->shape.edns_flags =
		(uint16_t)((to->shape.edns_flags & ~EDNS_DO) | (from->shape.edns_flags & EDNS_DO));
}

static void do_words(struct buf *b, const struct ask *a, uint16_t code)
{
	(void)code;
	buf_printf(b, "with DO=%d", a->shape.edns_flags & EDNS_DO ? 1 : 0);
}

static bool ednsflags_differs(const struct ask *a, const struct ask *b)
{
	return (a->shape.edns_flags ^ b->shape.edns_flags) & (uint16_t)~EDNS_DO;
}

static void ednsflags_copy(struct ask *to, const struct ask *from)
{
	to->shape.edns_flags =
		(uint16_t)((to->shape.edns_flags & EDNS_DO) | (from->shape.edns_flags & ~EDNS_DO));
}

static void ednsflags_words(struct buf *b, const struct ask *a, uint16_t code)
{
	(void)code;
	buf_printf(b, "with EDNS flags 0x%04x besides DO", a->shape.edns_flags & 0x7fff);
}

static bool version_differs(const struct ask *a, const struct ask *b)
{
	return a->shape.edns_version != b->shape.edns_version;
}

static void version_copy(struct ask *to, const struct ask *from)
{
	to->shape.edns_version = from->shape.edns_version;
}

static void version_words(struct buf *b, const struct ask *a, uint16_t code)
{
	(void)code;
	buf_printf(b, "with EDNS version %u", a->shape.edns_version);
}

static void option_words(struct buf *b, const struct ask *a, uint16_t code)
{
	char text[TEXT_MNEMONIC];

	buf_printf(b, "%s EDNS option %s", shape_find(&a->shape, code) ? "with" : "without",
		text_option(code, text));
}

static bool transport_differs(const struct ask *a, const struct ask *b)
{
	return a->transport != b->transport;
}

static void transport_copy(struct ask *to, const struct ask *from)
{
	to->transport = from->transport;
	to->stream = from->stream;
}

static void transport_words(struct buf *b, const struct ask *a, uint16_t code)
{
	(void)code;
	buf_printf(b, "over %s", a->transport == TRANSPORT_TCP ? "TCP" : "UDP");
}

/* Another family needs a source address of that family. */
static bool server_differs(const struct ask *a, const struct ask *b)
{
	return !addr_equal(&a->server, &b->server);
}

static void server_copy(struct ask *to, const struct ask *from)
{
	uint16_t port = to->source.port;

	if (to->server.family != from->server.family)
		to->source = addr_with_port(from->source, port);
	to->server = from->server;
}

static void server_words(struct buf *b, const struct ask *a, uint16_t code)
{
	char text[ADDR_TEXT];

	(void)code;
	buf_printf(b, "over IPv%u to %s", a->server.family, addr_text_port(&a->server, text));
}

static bool source_differs(const struct ask *a, const struct ask *b)
{
	return a->server.family == b->server.family && !addr_same_host(&a->source, &b->source);
}

static void source_copy(struct ask *to, const struct ask *from)
{
	to->source = addr_with_port(from->source, to->source.port);
}

static void source_words(struct buf *b, const struct ask *a, uint16_t code)
{
	char text[ADDR_TEXT];

	(void)code;
	if (a->source.family)
		buf_printf(b, "from %s", addr_text(&a->source, text));
	else
		buf_str(b, "from the kernel's choice of address");
}

static bool port_differs(const struct ask *a, const struct ask *b)
{
	return a->source.port != b->source.port;
}

static void port_copy(struct ask *to, const struct ask *from)
{
	to->source.port = from->source.port;
}

static void port_words(struct buf *b, const struct ask *a, uint16_t code)
{
	(void)code;
	if (a->source.port)
		buf_printf(b, "from source port %u", a->source.port);
	else
		buf_str(b, "from any source port");
}

static bool opcode_differs(const struct ask *a, const struct ask *b)
{
	return a->shape.opcode != b->shape.opcode;
}

static void opcode_copy(struct ask *to, const struct ask *from)
{
	to->shape.opcode = from->shape.opcode;
}

static void opcode_words(struct buf *b, const struct ask *a, uint16_t code)
{
	char text[TEXT_MNEMONIC];

	(void)code;
	buf_printf(b, "with opcode %s", text_opcode(a->shape.opcode, text));
}

static bool type_differs(const struct ask *a, const struct ask *b)
{
	return a->question.type != b->question.type;
}

static void type_copy(struct ask *to, const struct ask *from)
{
	to->question.type = from->question.type;
}

static void type_words(struct buf *b, const struct ask *a, uint16_t code)
{
	char text[TEXT_MNEMONIC];

	(void)code;
	buf_printf(b, "of type %s", text_type(a->question.type, text));
}

static bool class_differs(const struct ask *a, const struct ask *b)
{
	return a->question.class != b->question.class;
}

static void class_copy(struct ask *to, const struct ask *from)
{
	to->question.class = from->question.class;
}

static void class_words(struct buf *b, const struct ask *a, uint16_t code)
{
	char text[TEXT_MNEMONIC];

	(void)code;
	buf_printf(b, "of class %s", text_class(a->question.class, text));
}

static bool name_differs(const struct ask *a, const struct ask *b)
{
	if (!a->question.name || !b->question.name)
		return a->question.name != b->question.name;
	return !name_equal(a->question.name, b->question.name);
}

static void name_copy(struct ask *to, const struct ask *from)
{
	to->question.name = from->question.name;
}

static void name_words(struct buf *b, const struct ask *a, uint16_t code)
{
	(void)code;
	buf_str(b, "for the name ");
	if (a->question.name)
		name_put(a->question.name, b);
}

/* Of the same name only: letters of another name come with it. */
static bool case_differs(const struct ask *a, const struct ask *b)
{
	return a->question.name && b->question.name && !name_differs(a, b) &&
	       !name_same_case(a->question.name, b->question.name);
}

static void case_words(struct buf *b, const struct ask *a, uint16_t code)
{
	(void)code;
	buf_str(b, "with the name's letters as in ");
	name_put(a->question.name, b);
}

static bool df_differs(const struct ask *a, const struct ask *b)
{
	return a->df != b->df;
}

static void df_copy(struct ask *to, const struct ask *from)
{
	to->df = from->df;
}

static void df_words(struct buf *b, const struct ask *a, uint16_t code)
{
	static const char *const words[DFS] = { [DF_KERNEL] = "as the kernel treats fragments",
		[DF_SET] = "with Don't Fragment",
		[DF_UNSET] = "without Don't Fragment" };

	(void)code;
	buf_str(b, words[a->df < DFS ? a->df : DF_KERNEL]);
}

/* How the message is laid out around its question. */
static bool layout_differs(const struct ask *a, const struct ask *b)
{
	return a->shape.twice != b->shape.twice || a->shape.trailing != b->shape.trailing ||
	       a->shape.header_only != b->shape.header_only || a->split != b->split;
}

static void layout_copy(struct ask *to, const struct ask *from)
{
	to->shape.twice = from->shape.twice;
	to->shape.trailing = from->shape.trailing;
	to->shape.header_only = from->shape.header_only;
	to->split = from->split;
}

static void layout_words(struct buf *b, const struct ask *a, uint16_t code)
{
	(void)a;
	(void)code;
	buf_str(b, "with its layout");
}

#define FLAG_ROW(name, bit)                                                                        \
	{                                                                                          \
		.slug = (name), .flag = (bit)                                                      \
	}
#define ROW(name, of)                                                                              \
	.slug = (name), .differs = of##_differs, .copy = of##_copy, .words = of##_words

/* Likely culprits first; EDNS before what belongs to it, so that each prefix is a whole query. */
static const struct factor_row rows[] = {
	{ ROW("edns", edns) },
	{ ROW("qtype", type) },
	{ ROW("do", do), .edns = true },
	{ .slug = "option", .words = option_words, .edns = true, .option = true },
	{ ROW("edns-size", size), .edns = true },
	{ ROW("port", port) },
	{ ROW("server", server) },
	{ ROW("transport", transport) },
	{ .slug = "case", .differs = case_differs, .copy = name_copy, .words = case_words },
	{ ROW("qname", name) },
	FLAG_ROW("ad", FLAG_AD),
	FLAG_ROW("cd", FLAG_CD),
	FLAG_ROW("rd", FLAG_RD),
	{ ROW("edns-version", version), .edns = true },
	{ ROW("edns-flags", ednsflags), .edns = true },
	{ ROW("source", source) },
	{ ROW("df", df) },
	FLAG_ROW("z", FLAG_Z),
	FLAG_ROW("tc", FLAG_TC),
	FLAG_ROW("aa", FLAG_AA),
	FLAG_ROW("ra", FLAG_RA),
	{ ROW("opcode", opcode) },
	{ ROW("qclass", class) },
	{ ROW("layout", layout) },
};

static bool row_differs(
	const struct factor_row *r, const struct ask *fails, const struct ask *works)
{
	/* What belongs to EDNS goes with it. */
	if (r->edns && !fails->shape.edns)
		return false;
	if (r->flag)
		return (fails->shape.flags ^ works->shape.flags) & r->flag;
	return r->differs(fails, works);
}

/* All options of that code, in their order, are the same in both. */
static bool option_same(const struct shape *a, const struct shape *b, uint16_t code)
{
	size_t i = 0, j = 0;

	for (;; i++, j++) {
		while (i < a->noptions && a->options[i].code != code)
			i++;
		while (j < b->noptions && b->options[j].code != code)
			j++;
		if (i == a->noptions || j == b->noptions)
			return i == a->noptions && j == b->noptions;
		if (a->options[i].length != b->options[j].length ||
			(a->options[i].length && memcmp(a->options[i].data, b->options[j].data,
							 a->options[i].length) != 0))
			return false;
	}
}

static int add(struct factor_pair *p, const struct factor_row *r, uint16_t code)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->v[i].row == r && p->v[i].code == code)
			return 0;
	if (p->n == FACTORS_MOST)
		return -ERR_LIMIT;
	p->v[p->n++] = (struct factor){ r, code };
	return 0;
}

/* Options of one of the two that the other has not, or not so. */
static int add_options(struct factor_pair *p, const struct factor_row *r, const struct shape *of)
{
	const struct shape *other = of == &p->fails.shape ? &p->works.shape : &p->fails.shape;
	int err = 0;

	if (!of->edns || !p->fails.shape.edns)
		return 0;
	for (size_t i = 0; i < of->noptions && err == 0; i++)
		if (!option_same(of, other, of->options[i].code))
			err = add(p, r, of->options[i].code);
	return err;
}

/* What is not EDNS has nothing of it. */
static void tidy(struct shape *s)
{
	if (s->edns)
		return;
	s->edns_version = 0;
	s->edns_flags = s->edns_size = 0;
	s->noptions = 0;
}

int factor_pair_make(struct factor_pair *ret, const struct ask *fails, const struct ask *works)
{
	struct factor_pair p = { .fails = *fails, .works = *works };
	int err = 0;

	tidy(&p.fails.shape);
	tidy(&p.works.shape);
	for (size_t i = 0; i < ARRAY_LEN(rows) && err == 0; i++) {
		if (rows[i].option) {
			err = add_options(&p, &rows[i], &p.fails.shape);
			if (err == 0)
				err = add_options(&p, &rows[i], &p.works.shape);
		} else if (row_differs(&rows[i], &p.fails, &p.works)) {
			err = add(&p, &rows[i], 0);
		}
	}
	if (err == 0)
		*ret = p;
	return err;
}

uint64_t factor_bit(size_t i)
{
	return UINT64_C(1) << i;
}

uint64_t factor_all(const struct factor_pair *p)
{
	return factor_bit(p->n) - 1;
}

uint64_t factor_closure(const struct factor_pair *p, uint64_t set)
{
	uint64_t edns = p->n && p->v[0].row == &rows[0] ? factor_bit(0) : 0;

	for (size_t i = 0; i < p->n; i++)
		if ((set & factor_bit(i)) && p->v[i].row->edns)
			return set | edns;
	return set;
}

/* The options' list of the set: codes of the failing query in its order, then the others. */
static void put_options(struct arena *a, const struct factor_pair *p, uint64_t set, struct ask *ask)
{
	const struct shape *f = &p->fails.shape, *w = &p->works.shape;
	struct shape_option *list;
	size_t n = 0;

	if (!ask->shape.edns)
		return;
	list = arena_alloc(a, ((size_t)f->noptions + w->noptions + 1) * sizeof(*list));
	for (int side = 0; side < 2; side++) {
		const struct shape *from = side == 0 ? f : w;

		for (size_t i = 0; i < from->noptions; i++) {
			bool of_fails = false, differs = false;

			for (size_t j = 0; j < p->n; j++)
				if (p->v[j].row->option && p->v[j].code == from->options[i].code) {
					differs = true;
					of_fails = set & factor_bit(j);
				}
			/* Those alike come from the failing query's list. */
			if (differs ? of_fails == (side == 0) : side == 0)
				list[n++] = from->options[i];
		}
	}
	ask->shape.options = list;
	ask->shape.noptions = (uint8_t)(n > UINT8_MAX ? UINT8_MAX : n);
}

struct ask factor_ask(struct arena *a, const struct factor_pair *p, uint64_t set)
{
	struct ask ask = p->works;

	set = factor_closure(p, set);
	for (size_t i = 0; i < p->n; i++) {
		const struct factor_row *r = p->v[i].row;

		if (!(set & factor_bit(i)) || r->option)
			continue;
		if (r->flag)
			ask.shape.flags = (uint16_t)((ask.shape.flags & ~r->flag) |
						     (p->fails.shape.flags & r->flag));
		else
			r->copy(&ask, &p->fails);
	}
	put_options(a, p, set, &ask);
	return ask;
}

bool factor_same(const struct ask *a, const struct ask *b)
{
	struct factor_pair p;

	return factor_pair_make(&p, a, b) == 0 && p.n == 0;
}

const char *factor_slug(struct arena *a, const struct factor *f)
{
	return f->row->option ? arena_printf(a, "option-%u", f->code) : f->row->slug;
}

void factor_words(struct buf *b, const struct factor_pair *p, size_t i)
{
	const struct factor *f = &p->v[i];

	if (f->row->flag) {
		buf_str(b, "with flag ");
		for (const char *c = f->row->slug; *c; c++)
			buf_char(b, (char)(*c - 'a' + 'A'));
		buf_printf(b, "=%d", p->fails.shape.flags & f->row->flag ? 1 : 0);
		return;
	}
	f->row->words(b, &p->fails, f->code);
}

const char *factor_set_words(struct arena *a, const struct factor_pair *p, uint64_t set)
{
	struct buf b = { .arena = a };

	for (size_t i = 0; i < p->n; i++) {
		if (!(set & factor_bit(i)))
			continue;
		if (b.n)
			buf_str(&b, " and ");
		factor_words(&b, p, i);
	}
	return buf_text(&b);
}
