/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An exported part of Windows' registry. */
#include "intake/config_reg.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/err.h"
#include "intake/config_read.h"

/* Letters to ASCII: nothing that is looked for here has any other. */
static char to_ascii(unsigned int c)
{
	return (char)(c && c < 0x80 ? c : '?');
}

static struct span narrow(struct arena *a, struct span bytes, bool big)
{
	size_t n = bytes.n / 2;
	uint8_t *to = arena_alloc(a, n + 1);

	for (size_t i = 0; i < n; i++) {
		const uint8_t *p = bytes.p + 2 * i;
		unsigned int c = big ? p[0] * 256U + p[1] : p[1] * 256U + p[0];

		to[i] = (uint8_t)to_ascii(c);
	}
	return (struct span){ to, n };
}

static struct span behind(struct span s, size_t n)
{
	return (struct span){ s.p + n, s.n - n };
}

static bool begins(struct span s, const char *text)
{
	size_t n = strlen(text);

	return s.n >= n && memcmp(s.p, text, n) == 0;
}

/* As ASCII, whatever the encoding: by the byte order mark, or by the zero of the first letter. */
static struct span decode(struct arena *a, struct span bytes)
{
	if (begins(bytes, "\xff\xfe"))
		return narrow(a, behind(bytes, 2), false);
	if (begins(bytes, "\xfe\xff"))
		return narrow(a, behind(bytes, 2), true);
	if (begins(bytes, "\xef\xbb\xbf"))
		return behind(bytes, 3);
	if (bytes.n > 1 && bytes.p[0] && !bytes.p[1])
		return narrow(a, bytes, false);
	return bytes;
}

static bool blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* A line with those that continue it behind a last '\'; *ret_first is the number of the first. */
static char *next_line(struct config_reg *r, uint32_t *ret_first)
{
	struct buf b = { .arena = r->arena };
	struct span s;
	bool more = true, any = false;

	while (more && config_next_line(&r->rest, &s)) {
		char *line = config_trim(arena_strn(r->arena, s.p, s.n));
		size_t n;

		n = strlen(line);
		*ret_first = any ? *ret_first : r->line + 1;
		r->line++;
		any = true;
		more = n && line[n - 1] == '\\';
		line[n - more] = '\0';
		buf_str(&b, line);
	}
	return any ? arena_str(r->arena, buf_text(&b)) : NULL;
}

int config_reg_begin(struct config_reg *r, struct arena *a, const char *file, struct span bytes)
{
	uint32_t first;
	char *title;

	*r = (struct config_reg){ .arena = a, .file = file, .rest = decode(a, bytes) };
	title = next_line(r, &first);
	while (title && !*title)
		title = next_line(r, &first);
	if (title && strncasecmp(title, "Windows Registry Editor Version 5", 33) == 0)
		r->wide = true;
	else if (!title || strcmp(title, "REGEDIT4") != 0)
		return -ERR_PARSE;
	return 0;
}

/* "[key]" or "[-key]", which deletes it. */
static void take_key(struct config_reg *r, char *line)
{
	char *end = strrchr(line, ']');

	if (end)
		*end = '\0';
	r->key = line[1] == '-' ? NULL : arena_str(r->arena, line + 1);
}

/* The string that begins behind the quote at *p, up to its end: '\' hides a letter. */
static const char *take_quoted(struct config_reg *r, char **p)
{
	struct buf b = { .arena = r->arena };
	char *c = *p + 1;

	for (; *c && *c != '"'; c++) {
		if (*c == '\\' && c[1])
			c++;
		buf_char(&b, *c);
	}
	*p = *c ? c + 1 : c;
	return arena_str(r->arena, buf_text(&b));
}

static bool read_hex(struct arena *a, const char *p, struct buf *ret)
{
	*ret = (struct buf){ .arena = a };
	while (*p) {
		char *end;
		unsigned long v;

		while (blank(*p) || *p == ',')
			p++;
		if (!*p)
			break;
		v = strtoul(p, &end, 16);
		if (end == p || v > UINT8_MAX || *p == '-' || *p == '+')
			return false;
		buf_u8(ret, (uint8_t)v);
		p = end;
	}
	return true;
}

/* Strings that end with NUL, one behind the other; an empty one ends the list. */
static void take_strings(struct config_reg *r, struct span s, struct config_reg_value *ret)
{
	size_t step = r->wide ? 2 : 1;
	struct buf b = { .arena = r->arena };

	for (size_t i = 0; i + step <= s.n; i += step) {
		unsigned int c = r->wide ? s.p[i + 1] * 256U + s.p[i] : s.p[i];

		if (c) {
			buf_char(&b, to_ascii(c));
			continue;
		}
		if (b.n)
			vec_push(r->arena, &ret->texts, arena_str(r->arena, buf_text(&b)));
		b = (struct buf){ .arena = r->arena };
	}
	if (b.n)
		vec_push(r->arena, &ret->texts, arena_str(r->arena, buf_text(&b)));
}

static void take_hex(struct config_reg *r, const char *value, struct config_reg_value *ret)
{
	static const char *const kinds[] = { "hex(1):", "hex(2):", "hex(7):" };
	struct buf b;

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		size_t n = strlen(kinds[i]);

		if (strncasecmp(value, kinds[i], n) == 0 && read_hex(r->arena, value + n, &b)) {
			ret->type = CONFIG_REG_TEXTS;
			take_strings(r, buf_span(&b), ret);
		}
	}
}

static bool read_number(const char *digits, uint32_t *ret)
{
	size_t n = strspn(digits, "0123456789abcdefABCDEF");

	if (n == 0 || n > 8 || digits[n])
		return false;
	*ret = (uint32_t)strtoul(digits, NULL, 16);
	return true;
}

static void take_value(struct config_reg *r, char *value, struct config_reg_value *ret)
{
	ret->type = CONFIG_REG_OTHER;
	if (*value == '"') {
		ret->type = CONFIG_REG_TEXTS;
		vec_push(r->arena, &ret->texts, take_quoted(r, &value));
	} else if (strcmp(value, "-") == 0) {
		ret->type = CONFIG_REG_GONE;
	} else if (strncasecmp(value, "dword:", 6) == 0) {
		if (read_number(value + 6, &ret->number))
			ret->type = CONFIG_REG_NUMBER;
	} else {
		take_hex(r, value, ret);
	}
}

bool config_reg_next(struct config_reg *r, struct config_reg_value *ret)
{
	uint32_t first = 0;
	char *line;

	while ((line = next_line(r, &first))) {
		*ret = (struct config_reg_value){ .key = r->key, .name = "" };
		ret->at = (struct pool_line){ r->file, first, arena_str(r->arena, line) };
		if (*line == '[')
			take_key(r, line);
		if ((*line != '"' && *line != '@') || !r->key)
			continue;
		if (*line == '"')
			ret->name = take_quoted(r, &line);
		else
			line++;
		line = config_trim(line);
		if (*line != '=')
			continue;
		take_value(r, config_trim(line + 1), ret);
		return true;
	}
	return false;
}
