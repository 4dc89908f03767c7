/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Builds any query, and the dig command that builds the same. */
#include "dns/query.h"

#include <string.h>

#include "base/err.h"
#include "dns/rr.h"
#include "dns/text.h"

enum { FLAG_BITS = FLAG_AA | FLAG_TC | FLAG_RD | FLAG_RA | FLAG_Z | FLAG_AD | FLAG_CD };

const struct shape shape_iterative = { .edns = true, .edns_size = 1232 };
const struct shape shape_stub = { .flags = FLAG_RD, .edns = true, .edns_size = 1232 };

/* Big-endian, as all of a message. */
static uint8_t *put16(uint8_t *to, uint16_t v)
{
	*to++ = (uint8_t)(v >> 8);
	*to++ = (uint8_t)v;
	return to;
}

static void build_opt(struct buf *b, const struct shape *s)
{
	uint32_t length = 0;
	uint8_t fixed[11], *to = fixed;

	for (unsigned int i = 0; i < s->noptions; i++)
		length += 4U + s->options[i].length;
	/* RFC 6891 6.1.2 and 6.1.3: root, size as class, rcode bits, version and flags as TTL. */
	*to++ = 0;
	to = put16(to, RR_OPT);
	to = put16(to, s->edns_size);
	*to++ = 0;
	*to++ = s->edns_version;
	to = put16(to, s->edns_flags);
	to = put16(to, (uint16_t)length);
	buf_put(b, fixed, (size_t)(to - fixed));
	for (unsigned int i = 0; i < s->noptions; i++) {
		buf_u16(b, s->options[i].code);
		buf_u16(b, s->options[i].length);
		buf_put(b, s->options[i].data, s->options[i].length);
	}
}

static void build_header(struct buf *b, const struct shape *s, uint16_t id, uint16_t questions)
{
	uint8_t header[12], *to = header;

	to = put16(to, id);
	to = put16(to, (uint16_t)((s->flags & FLAG_BITS) | (s->opcode & 15U) << 11U));
	to = put16(to, questions);
	to = put16(to, 0);
	to = put16(to, s->ixfr ? 1 : 0);
	to = put16(to, s->edns ? 1 : 0);
	buf_put(b, header, (size_t)(to - header));
}

static void build_question(struct buf *b, const struct question *q)
{
	uint8_t *to = (uint8_t *)buf_room(b, q->name->len + 4U);

	memcpy(to, q->name->wire, q->name->len);
	put16(put16(to + q->name->len, q->type), q->class);
	buf_wrote(b, q->name->len + 4U);
}

static bool same_options(const struct shape *a, const struct shape *b)
{
	if (a->noptions != b->noptions)
		return false;
	for (size_t i = 0; i < a->noptions; i++)
		if (a->options[i].code != b->options[i].code ||
			a->options[i].length != b->options[i].length ||
			(a->options[i].length && memcmp(a->options[i].data, b->options[i].data,
							 a->options[i].length) != 0))
			return false;
	return true;
}

void shape_keep(struct arena *a, struct shape *s)
{
	struct shape_option *options = arena_dup(a, s->options, s->noptions * sizeof(*options));

	for (size_t i = 0; i < s->noptions; i++)
		options[i].data = arena_dup(a, options[i].data, options[i].length);
	s->options = options;
}

bool shape_equal(const struct shape *a, const struct shape *b)
{
	return a->flags == b->flags && a->opcode == b->opcode && a->edns == b->edns &&
	       a->edns_version == b->edns_version && a->edns_size == b->edns_size &&
	       a->edns_flags == b->edns_flags && a->ixfr == b->ixfr && a->serial == b->serial &&
	       a->header_only == b->header_only && a->twice == b->twice &&
	       a->trailing == b->trailing && a->key == b->key && same_options(a, b);
}

const struct shape_option *shape_find(const struct shape *s, uint16_t code)
{
	for (size_t i = 0; i < s->noptions; i++)
		if (s->options[i].code == code)
			return &s->options[i];
	return NULL;
}

/* The SOA record of which the serial alone counts: the other fields are those that dig has. */
static void build_serial(struct buf *b, const struct shape *s, const struct question *q)
{
	enum { NAMES = 2, NUMBERS = 5 };

	buf_put(b, q->name->wire, q->name->len);
	buf_u16(b, RR_SOA);
	buf_u16(b, q->class);
	buf_u32(b, 0);
	buf_u16(b, NAMES + 4 * NUMBERS);
	for (int i = 0; i < NAMES; i++)
		buf_u8(b, 0);
	buf_u32(b, s->serial);
	for (int i = 1; i < NUMBERS; i++)
		buf_u32(b, 0);
}

void query_build(struct buf *b, const struct shape *s, const struct question *q, uint16_t id)
{
	uint16_t questions = s->header_only ? 0 : s->twice ? 2 : 1;

	build_header(b, s, id, questions);
	for (uint16_t i = 0; i < questions; i++)
		build_question(b, q);
	if (s->ixfr)
		build_serial(b, s, q);
	if (s->edns)
		build_opt(b, s);
	for (unsigned int i = 0; i < s->trailing; i++)
		buf_u8(b, 0);
}

/* dig sets RD and AD by itself; every difference needs its option. */
static const struct dig_flag {
	uint16_t bit;
	bool by_default;
	const char *option; /* that changes dig's default */
} dig_flags[] = {
	{ FLAG_RD, true, "+norec" },
	{ FLAG_AD, true, "+noad" },
	{ FLAG_CD, false, "+cd" },
	{ FLAG_AA, false, "+aaflag" },
	{ FLAG_TC, false, "+tcflag" },
	{ FLAG_RA, false, "+raflag" },
	{ FLAG_Z, false, "+zflag" },
};

static void put_option(struct buf *b, const struct shape_option *o)
{
	if (o->code == EDNS_NSID && !o->length) {
		buf_str(b, " +nsid");
		return;
	}
	buf_printf(b, " +ednsopt=%u", o->code);
	for (unsigned int i = 0; i < o->length; i++)
		buf_printf(b, "%s%02x", i ? "" : ":", o->data[i]);
}

static void put_edns(struct buf *b, const struct shape *s)
{
	if (!s->edns) {
		buf_str(b, " +noedns");
		return;
	}
	buf_printf(b, " +nocookie +bufsize=%u", s->edns_size);
	/* Without +noednsnegotiation dig would ask again with the version that the server has. */
	if (s->edns_version)
		buf_printf(b, " +edns=%u +noednsnegotiation", s->edns_version);
	if (s->edns_flags & EDNS_DO)
		buf_str(b, " +dnssec");
	if (s->edns_flags & EDNS_CO)
		buf_str(b, " +coflag");
	if (s->edns_flags & ~(EDNS_DO | EDNS_CO))
		buf_printf(b, " +ednsflags=0x%x", s->edns_flags & ~(EDNS_DO | EDNS_CO) & 0xffffU);
	for (unsigned int i = 0; i < s->noptions; i++)
		put_option(b, &s->options[i]);
}

/* Quoted for the shell when it has to be. */
static void put_name(struct buf *b, const struct name *n)
{
	char text[NAME_TEXT];
	const char *plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";

	name_text(n, text);
	/* On a terminal dig refuses A-labels that IDNA2008 does not allow. */
	if (strcasestr(text, "xn--"))
		buf_str(b, " +noidnin");
	/* What dig would take for an option of its own. */
	if (strchr("-+%", text[0]))
		buf_str(b, " -q");
	buf_char(b, ' ');
	if (!text[strspn(text, plain)]) {
		buf_str(b, text);
		return;
	}
	buf_char(b, '\'');
	for (const char *t = text; *t; t++) {
		if (*t == '\'')
			buf_str(b, "'\\''");
		else
			buf_char(b, *t);
	}
	buf_char(b, '\'');
}

void query_dig(struct buf *b, const struct shape *s, const struct question *q)
{
	char type[TEXT_MNEMONIC], class[TEXT_MNEMONIC];

	buf_str(b, "dig");
	for (size_t i = 0; i < ARRAY_LEN(dig_flags); i++)
		if (!(s->flags & dig_flags[i].bit) == dig_flags[i].by_default)
			buf_printf(b, " %s", dig_flags[i].option);
	if (s->opcode & 15U)
		buf_printf(b, " +opcode=%u", s->opcode & 15U);
	if (s->header_only)
		buf_str(b, " +header-only");
	put_edns(b, s);
	/* dig takes these to TCP by itself. */
	if (q->type == RR_ANY)
		buf_str(b, " +notcp");
	put_name(b, q->name);
	text_type(q->type, type);
	if (q->class == CLASS_IN)
		buf_printf(b, " %s", type);
	else
		buf_printf(b, " -t %s -c %s", type, text_class(q->class, class));
}

void query_dig_cannot(struct buf *b, const struct shape *s, uint16_t split)
{
	const char *before = "  # ";

	if (s->twice && !s->header_only) {
		buf_printf(b, "%swith a second question", before);
		before = ", ";
	}
	if (s->trailing) {
		buf_printf(b, "%swith %u zero octet%s behind the message", before, s->trailing,
			s->trailing == 1 ? "" : "s");
		before = ", ";
	}
	if (split) {
		buf_printf(b, "%swith the first %u octets in a TCP segment of their own", before,
			split);
		before = ", ";
	}
	if (*before == ',')
		buf_str(b, ", which dig cannot send");
}
