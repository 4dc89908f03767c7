/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON, written as it comes: no tree, no memory but the buffer. */
#include "base/json.h"

#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

enum {
	KEY_MOST = 48, /* octets of a key that is written in one go… */
	KEY_MORE = 4,  /* … and around it: a comma, two quotes, a colon */
};

static void new_line(struct json *j)
{
	if (!j->indent)
		return;
	buf_printf(j->out, "\n%*s", (int)(j->indent * j->depth), "");
}

/* RFC 8259 7: quote, reverse solidus and control characters must be escaped. */
static void put_ascii(struct buf *b, uint8_t c)
{
	static const char short_form[0x20] = {
		['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't'
	};

	if (c == '"' || c == '\\')
		buf_printf(b, "\\%c", c);
	else if (c >= 0x20 && c != 0x7f)
		buf_char(b, (char)c);
	else if (c < 0x20 && short_form[c])
		buf_printf(b, "\\%c", short_form[c]);
	else
		buf_printf(b, "\\u%04x", c);
}

#define EIGHT	   true, true, true, true, true, true, true, true
#define FIFTY_SIX  EIGHT, EIGHT, EIGHT, EIGHT, EIGHT, EIGHT, EIGHT
#define THIRTY_TWO EIGHT, EIGHT, EIGHT, EIGHT
/* What stands as it is: ASCII that is printed, but for the quote and the reverse solidus. */
static const bool plain_octets[256] = {
	[' '] = true,
	['!'] = true,
	['#'] = FIFTY_SIX,
	['['] = true,
	[']'] = THIRTY_TWO,
	['}'] = true,
	['~'] = true,
};

/* The top bit of each byte that is zero, and perhaps of some above the first such. */
static inline uint64_t zeros(uint64_t w)
{
	return (w - 0x0101010101010101U) & ~w;
}

/* Whether all eight bytes stand as they are: none is zero once what it must not be is taken off. */
static inline bool all_plain(uint64_t w)
{
	const uint64_t each = 0x0101010101010101U;
	uint64_t bad = w | zeros(w ^ each * '"') | zeros(w ^ each * '\\') | zeros(w ^ each * 0x7f) |
		       ((w - each * 0x20) & ~w);

	return !(bad & each * 0x80);
}

/* Bytes at the start of text that stand as they are; they are copied. to: room for all of text. */
static size_t copy_plain(char *to, struct span text)
{
	size_t n = 0;
	uint64_t w;

	for (; text.n - n >= sizeof(w); n += sizeof(w)) {
		memcpy(&w, text.p + n, sizeof(w));
		if (!all_plain(w))
			break;
		memcpy(to + n, &w, sizeof(w));
	}
	for (; n < text.n && plain_octets[text.p[n]]; n++)
		to[n] = (char)text.p[n];
	return n;
}

/*
 * What a terminal obeys, and what turns text round or ends lines, beyond ASCII: C1 controls,
 * U+061C, U+200E-F, U+2028-E, U+2066-9. Escaped they are the same to who reads JSON, and nothing to
 * who reads it as text.
 */
static bool is_trap(unsigned int c)
{
	return (c >= 0x80 && c <= 0x9f) || c == 0x61c || c == 0x200e || c == 0x200f ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

/* A valid character of two octets or more. */
static void put_beyond(struct buf *b, const uint8_t *p, size_t size)
{
	unsigned int c = size == 2 ? (p[0] & 0x1fU) << 6 | (p[1] & 0x3fU)
				   : (p[0] & 0xfU) << 12 | (p[1] & 0x3fU) << 6 | (p[2] & 0x3fU);

	if (size <= 3 && is_trap(c))
		buf_printf(b, "\\u%04x", c);
	else
		buf_put(b, p, size);
}

/* Bytes that stand as they are in one go, then a character that does not, and so on. */
static void put_text(struct buf *b, struct span text)
{
	while (text.n) {
		size_t size = copy_plain(buf_room(b, text.n), text);

		buf_wrote(b, size);
		text.p += size;
		text.n -= size;
		if (!text.n)
			break;
		size = utf8_char(text);
		if (size == 0)
			buf_str(b, "\xef\xbf\xbd"); /* U+FFFD */
		else if (size == 1)
			put_ascii(b, text.p[0]);
		else
			put_beyond(b, text.p, size);
		size += size == 0;
		text.p += size;
		text.n -= size;
	}
}

static void put_string(struct buf *b, struct span text)
{
	char *to = buf_room(b, text.n + 2);
	size_t n = copy_plain(to + 1, text);

	*to = '"';
	if (n == text.n) {
		to[n + 1] = '"';
		buf_wrote(b, n + 2);
		return;
	}
	buf_wrote(b, n + 1);
	put_text(b, (struct span){ text.p + n, text.n - n });
	buf_char(b, '"');
}

static struct span span_of(const char *text)
{
	return (struct span){ (const uint8_t *)text, strlen(text) };
}

/* Most keys need no escape and stand on a line with others: they are written in one go. */
static bool put_plain_key(struct json *j, const char *key, bool comma)
{
	char *to = buf_room(j->out, KEY_MOST + KEY_MORE), *at = to;
	size_t n = 0;

	if (comma)
		*at++ = ',';
	*at++ = '"';
	for (; n < KEY_MOST && plain_octets[(uint8_t)key[n]]; n++)
		*at++ = key[n];
	if (key[n])
		return false;
	*at++ = '"';
	*at++ = ':';
	buf_wrote(j->out, (size_t)(at - to));
	return true;
}

/* What stands before a value: the comma, the line, the key. */
static void begin_item(struct json *j, const char *key)
{
	unsigned int level = j->depth - 1;
	bool comma;

	if (j->depth == 0) {
		assert(!key);
		return;
	}
	assert(!key == j->array[level]);
	comma = j->filled[level];
	j->filled[level] = true;
	if (key && !j->indent && put_plain_key(j, key, comma))
		return;
	if (comma)
		buf_char(j->out, ',');
	new_line(j);
	if (!key)
		return;
	put_string(j->out, span_of(key));
	buf_str(j->out, j->indent ? ": " : ":");
}

static void open_level(struct json *j, const char *key, bool array)
{
	begin_item(j, key);
	assert(j->depth < JSON_DEPTH);
	buf_char(j->out, array ? '[' : '{');
	j->filled[j->depth] = false;
	j->array[j->depth] = array;
	j->depth++;
}

void json_object(struct json *j, const char *key)
{
	open_level(j, key, false);
}

void json_array(struct json *j, const char *key)
{
	open_level(j, key, true);
}

void json_end(struct json *j)
{
	assert(j->depth > 0);
	j->depth--;
	if (j->filled[j->depth])
		new_line(j);
	buf_char(j->out, j->array[j->depth] ? ']' : '}');
}

void json_str(struct json *j, const char *key, const char *text)
{
	json_strn(j, key, span_of(text));
}

void json_strn(struct json *j, const char *key, struct span text)
{
	begin_item(j, key);
	put_string(j->out, text);
}

void json_int(struct json *j, const char *key, int64_t v)
{
	begin_item(j, key);
	if (v < 0)
		buf_char(j->out, '-');
	buf_uint(j->out, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);
}

void json_uint(struct json *j, const char *key, uint64_t v)
{
	begin_item(j, key);
	buf_uint(j->out, v);
}

/* Needs LC_NUMERIC "C", which a program has unless it asks for another. */
void json_double(struct json *j, const char *key, double v)
{
	char text[32];

	if (!isfinite(v)) {
		json_null(j, key);
		return;
	}
	begin_item(j, key);
	if (fabs(v) < 1e15 && v == trunc(v)) {
		/* "-0" would be read as the integer 0. */
		buf_printf(j->out, v == 0 && signbit(v) ? "-0.0" : "%.0f", v);
		return;
	}
	/* 17 digits tell any two doubles apart (IEEE 754, binary64). */
	for (int digits = 1; digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, v);
		if (strtod(text, NULL) == v)
			break;
	}
	buf_str(j->out, text);
}

void json_bool(struct json *j, const char *key, bool v)
{
	begin_item(j, key);
	buf_str(j->out, v ? "true" : "false");
}

void json_null(struct json *j, const char *key)
{
	begin_item(j, key);
	buf_str(j->out, "null");
}
