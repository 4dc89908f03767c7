/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Elements, attributes and escaped text. */
#include "render/markup.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/err.h"

static void end_tag(struct markup *m)
{
	if (m->tag)
		buf_char(m->out, '>');
	m->tag = false;
}

void markup_open(struct markup *m, const char *name)
{
	assert(m->depth < MARKUP_DEPTH);
	end_tag(m);
	buf_char(m->out, '<');
	buf_str(m->out, name);
	m->open[m->depth++] = name;
	m->tag = true;
}

/*
 * The character at text and its length; length 0: no UTF-8 (overlong forms, surrogates and what is
 * beyond U+10FFFF are none).
 */
static size_t sequence(const unsigned char *t, uint32_t *ret)
{
	size_t n = t[0] < 0x80 ? 1 : t[0] >= 0xf0 ? 4 : t[0] >= 0xe0 ? 3 : t[0] >= 0xc2 ? 2 : 0;
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint32_t c = n > 1 ? t[0] & (0x7fU >> n) : t[0];

	if (t[0] > 0xf4)
		return 0;
	for (size_t i = 1; i < n; i++) {
		if ((t[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (t[i] & 0x3fU);
	}
	if (!n || c < least[n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*ret = c;
	return n;
}

/*
 * Unicode 15: characters of no width, that steer, that turn text round, that pile up on others, or
 * that are none.
 */
static const struct {
	uint32_t from, to;
} hidden[] = { { 0x00, 0x1f }, { 0x7f, 0x9f }, { 0xad, 0xad }, { 0x300, 0x36f }, { 0x483, 0x489 },
	{ 0x61c, 0x61c }, { 0x115f, 0x1160 }, { 0x17b4, 0x17b5 }, { 0x180b, 0x180f },
	{ 0x1ab0, 0x1aff }, { 0x1dc0, 0x1dff }, { 0x200b, 0x200f }, { 0x2028, 0x202e },
	{ 0x2060, 0x206f }, { 0x20d0, 0x20ff }, { 0x3164, 0x3164 }, { 0xd800, 0xdfff },
	{ 0xfdd0, 0xfdef }, { 0xfe00, 0xfe0f }, { 0xfe20, 0xfe2f }, { 0xfeff, 0xfeff },
	{ 0xffa0, 0xffa0 }, { 0xfff0, 0xfffb }, { 0xfffe, 0xffff }, { 0x1bca0, 0x1bca3 },
	{ 0x1d165, 0x1d1ad }, { 0xe0000, 0x10ffff } };

static bool is_hidden(uint32_t c)
{
	for (size_t i = 0; i < ARRAY_LEN(hidden); i++)
		if (c >= hidden[i].from && c <= hidden[i].to)
			return true;
	return false;
}

static const char *entity(uint32_t c)
{
	static const struct {
		char c;
		const char *text;
	} entities[] = { { '<', "&lt;" }, { '>', "&gt;" }, { '&', "&amp;" }, { '"', "&quot;" },
		{ '\'', "&#39;" } };

	for (size_t i = 0; i < ARRAY_LEN(entities); i++)
		if ((uint32_t)entities[i].c == c)
			return entities[i].text;
	return NULL;
}

static void put_hidden(struct buf *b, uint32_t c)
{
	if (c < 0x100)
		buf_printf(b, "\\x%02x", (unsigned int)c);
	else if (c < 0x10000)
		buf_printf(b, "\\u%04x", (unsigned int)c);
	else
		buf_printf(b, "\\U%08x", (unsigned int)c);
}

/* Appends the first character of t, escaped; its length. */
static size_t put_one(struct buf *b, const unsigned char *t)
{
	uint32_t c = 0;
	size_t n = sequence(t, &c);

	if (!n)
		put_hidden(b, t[0]);
	else if (is_hidden(c))
		put_hidden(b, c);
	else if (entity(c))
		buf_str(b, entity(c));
	else
		buf_put(b, t, n);
	return n ? n : 1;
}

static void put_text(struct buf *b, const char *text)
{
	for (const unsigned char *t = (const unsigned char *)text; *t;)
		t += put_one(b, t);
}

void markup_attr(struct markup *m, const char *name, const char *value)
{
	assert(m->tag);
	buf_printf(m->out, " %s=\"", name);
	put_text(m->out, value);
	buf_char(m->out, '"');
}

void markup_number(struct markup *m, const char *name, double value, const char *unit)
{
	double v = isfinite(value) ? round(value * 1000) / 1000 : 0;

	assert(m->tag);
	/* No "-0". */
	buf_printf(m->out, " %s=\"%.10g%s\"", name, v == 0 ? 0 : v, unit);
}

void markup_text(struct markup *m, const char *text)
{
	end_tag(m);
	put_text(m->out, text);
}

void markup_raw(struct markup *m, struct span bytes)
{
	end_tag(m);
	buf_put(m->out, bytes.p, bytes.n);
}

void markup_close(struct markup *m)
{
	assert(m->depth);
	end_tag(m);
	buf_printf(m->out, "</%s>", m->open[--m->depth]);
}

void markup_close_void(struct markup *m)
{
	assert(m->depth);
	end_tag(m);
	m->depth--;
}

void markup_begin(struct markup *m, const char *name, const char *class)
{
	markup_open(m, name);
	if (class)
		markup_attr(m, "class", class);
}

void markup_element(struct markup *m, const char *name, const char *class, const char *text)
{
	markup_begin(m, name, class);
	markup_text(m, text);
	markup_close(m);
}

unsigned int markup_columns(const char *text)
{
	unsigned int columns = 0;

	for (const unsigned char *t = (const unsigned char *)text; *t;) {
		uint32_t c = 0;
		size_t n = sequence(t, &c);

		if (!n || (n && is_hidden(c)))
			columns += !n || c < 0x100 ? 4 : c < 0x10000 ? 6 : 10;
		else
			columns += c < 0x80 ? 1 : 2;
		t += n ? n : 1;
	}
	return columns;
}
