/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of factors. */
#include "base/err.h"
#include "dns/rr.h"
#include "dns/text.h"
#include "infer/factor_inner.h"

enum { EDNS_LEAST = 512 };

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

static void edns_words(struct buf *b, const struct factor_pair *p, uint16_t code)
{
	(void)code;
	buf_str(b, p->fails.shape.edns ? "with EDNS" : "without EDNS");
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

static void size_words(struct buf *b, const struct factor_pair *p, uint16_t code)
{
	(void)code;
	buf_printf(b, "with an EDNS buffer size of %u", p->fails.shape.edns_size);
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

static void do_words(struct buf *b, const struct factor_pair *p, uint16_t code)
{
	(void)code;
	buf_printf(b, "with DO=%d", p->fails.shape.edns_flags & EDNS_DO ? 1 : 0);
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

static void ednsflags_words(struct buf *b, const struct factor_pair *p, uint16_t code)
{
	(void)code;
	buf_printf(b, "with EDNS flags 0x%04x besides DO", p->fails.shape.edns_flags & 0x7fff);
}

static bool version_differs(const struct ask *a, const struct ask *b)
{
	return a->shape.edns_version != b->shape.edns_version;
}

static void version_copy(struct ask *to, const struct ask *from)
{
	to->shape.edns_version = from->shape.edns_version;
}

static void version_words(struct buf *b, const struct factor_pair *p, uint16_t code)
{
	(void)code;
	buf_printf(b, "with EDNS version %u", p->fails.shape.edns_version);
}

static void option_words(struct buf *b, const struct factor_pair *p, uint16_t code)
{
	char text[TEXT_MNEMONIC];

	buf_printf(b, "%s EDNS option %s", shape_find(&p->fails.shape, code) ? "with" : "without",
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

static void transport_words(struct buf *b, const struct factor_pair *p, uint16_t code)
{
	(void)code;
	buf_printf(b, "over %s", p->fails.transport == TRANSPORT_TCP ? "TCP" : "UDP");
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

static void server_words(struct buf *b, const struct factor_pair *p, uint16_t code)
{
	char text[ADDR_TEXT];

	(void)code;
	if (p->fails.server.family != p->works.server.family)
		buf_printf(b, "over IPv%u", p->fails.server.family);
	else
		buf_printf(b, "to %s", addr_text_port(&p->fails.server, text));
}

static bool source_differs(const struct ask *a, const struct ask *b)
{
	return a->server.family == b->server.family && !addr_same_host(&a->source, &b->source);
}

static void source_copy(struct ask *to, const struct ask *from)
{
	to->source = addr_with_port(from->source, to->source.port);
}

static void source_words(struct buf *b, const struct factor_pair *p, uint16_t code)
{
	char text[ADDR_TEXT];

	(void)code;
	if (p->fails.source.family)
		buf_printf(b, "from %s", addr_text(&p->fails.source, text));
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

static void port_words(struct buf *b, const struct factor_pair *p, uint16_t code)
{
	(void)code;
	if (p->fails.source.port)
		buf_printf(b, "from source port %u", p->fails.source.port);
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

static void opcode_words(struct buf *b, const struct factor_pair *p, uint16_t code)
{
	char text[TEXT_MNEMONIC];

	(void)code;
	buf_printf(b, "with opcode %s", text_opcode(p->fails.shape.opcode, text));
}

static bool type_differs(const struct ask *a, const struct ask *b)
{
	return a->question.type != b->question.type;
}

static void type_copy(struct ask *to, const struct ask *from)
{
	to->question.type = from->question.type;
}

static void type_words(struct buf *b, const struct factor_pair *p, uint16_t code)
{
	char text[TEXT_MNEMONIC];

	(void)code;
	buf_printf(b, "of type %s", text_type(p->fails.question.type, text));
}

static bool class_differs(const struct ask *a, const struct ask *b)
{
	return a->question.class != b->question.class;
}

static void class_copy(struct ask *to, const struct ask *from)
{
	to->question.class = from->question.class;
}

static void class_words(struct buf *b, const struct factor_pair *p, uint16_t code)
{
	char text[TEXT_MNEMONIC];

	(void)code;
	buf_printf(b, "of class %s", text_class(p->fails.question.class, text));
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

static void name_words(struct buf *b, const struct factor_pair *p, uint16_t code)
{
	(void)code;
	buf_str(b, "for the name ");
	if (p->fails.question.name)
		name_put(p->fails.question.name, b);
}

/* Of the same name only: letters of another name come with it. */
static bool case_differs(const struct ask *a, const struct ask *b)
{
	return a->question.name && b->question.name && !name_differs(a, b) &&
	       !name_same_case(a->question.name, b->question.name);
}

static void case_words(struct buf *b, const struct factor_pair *p, uint16_t code)
{
	(void)code;
	buf_str(b, "with the name's letters as in ");
	name_put(p->fails.question.name, b);
}

static bool df_differs(const struct ask *a, const struct ask *b)
{
	return a->df != b->df;
}

static void df_copy(struct ask *to, const struct ask *from)
{
	to->df = from->df;
}

static void df_words(struct buf *b, const struct factor_pair *p, uint16_t code)
{
	static const char *const words[DFS] = { [DF_KERNEL] = "as the kernel treats fragments",
		[DF_SET] = "with Don't Fragment",
		[DF_UNSET] = "without Don't Fragment" };

	(void)code;
	buf_str(b, words[p->fails.df < DFS ? p->fails.df : DF_KERNEL]);
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

static void layout_words(struct buf *b, const struct factor_pair *p, uint16_t code)
{
	(void)p;
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
const struct factor_row factor_rows[] = {
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
const size_t factor_nrows = ARRAY_LEN(factor_rows);
