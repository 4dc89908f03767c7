/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lua's words. */
#include "intake/config_luatok.h"

#include <string.h>

#include "base/buf.h"
#include "base/err.h"

/* Lua 5.1 reference manual 2.1, and goto of 5.2 and LuaJIT. */
static const char *const keywords[] = { "and", "break", "do", "else", "elseif", "end", "false",
	"for", "function", "goto", "if", "in", "local", "nil", "not", "or", "repeat", "return",
	"then", "true", "until", "while" };

static const char *const marks[] = { "...", "..", "==", "~=", "<=", ">=", "::", "//", "<<", ">>" };

static int peek(const struct config_luatok *t, size_t ahead)
{
	return t->at + ahead < t->src.n ? t->src.p[t->at + ahead] : -1;
}

static int take(struct config_luatok *t)
{
	int c = peek(t, 0);

	t->at += c >= 0;
	t->line += c == '\n';
	return c;
}

static bool is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool starts(const struct config_luatok *t, const char *text)
{
	size_t n = strlen(text);

	return t->src.n - t->at >= n && memcmp(t->src.p + t->at, text, n) == 0;
}

/* "[[", "[=[", ...: how many '='; -1: it is none. */
static int long_level(const struct config_luatok *t)
{
	int level = 0;

	if (peek(t, 0) != '[')
		return -1;
	while (peek(t, (size_t)level + 1) == '=')
		level++;
	return peek(t, (size_t)level + 1) == '[' ? level : -1;
}

static bool long_ends(const struct config_luatok *t, int level)
{
	for (int i = 0; i < level; i++)
		if (peek(t, (size_t)i + 1) != '=')
			return false;
	return peek(t, 0) == ']' && peek(t, (size_t)level + 1) == ']';
}

/* What stands in long brackets, without the line end that follows the first of them. */
static const char *read_long(struct config_luatok *t, int level)
{
	struct buf b = { .arena = t->arena };

	t->at += (size_t)level + 2;
	if (peek(t, 0) == '\r')
		take(t);
	if (peek(t, 0) == '\n')
		take(t);
	while (peek(t, 0) >= 0 && !long_ends(t, level))
		buf_char(&b, (char)take(t));
	t->broken |= peek(t, 0) < 0;
	t->at += peek(t, 0) < 0 ? 0 : (size_t)level + 2;
	return arena_str(t->arena, buf_text(&b));
}

static void skip_line(struct config_luatok *t)
{
	while (peek(t, 0) >= 0 && peek(t, 0) != '\n')
		t->at++;
}

static void skip_comment(struct config_luatok *t)
{
	int level;

	t->at += 2;
	level = long_level(t);
	if (level >= 0)
		read_long(t, level);
	else
		skip_line(t);
}

static void skip_blanks(struct config_luatok *t)
{
	if (t->at == 0 && starts(t, "\xef\xbb\xbf"))
		t->at = 3;
	if (t->at == 0 && peek(t, 0) == '#') /* "#!": lua.c passes over a first line of that */
		skip_line(t);
	for (;;) {
		int c = peek(t, 0);

		if (c == ' ' || (c >= '\t' && c <= '\r'))
			take(t);
		else if (starts(t, "--"))
			skip_comment(t);
		else
			return;
	}
}

static int hex_digit(int c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c > 0 ? strchr(digits, c | 0x20) : NULL;

	return at && (is_digit(c) || is_letter(c)) ? (int)(at - digits) : -1;
}

/* What follows a '\' in a string. */
static void read_escape(struct config_luatok *t, struct buf *b)
{
	static const char from[] = "abfnrtv", into[] = "\a\b\f\n\r\t\v";
	int c = take(t);
	const char *known = c > 0 ? strchr(from, c) : NULL;

	if (known) {
		buf_char(b, into[known - from]);
	} else if (is_digit(c)) {
		int v = c - '0';

		for (int i = 0; i < 2 && is_digit(peek(t, 0)); i++)
			v = v * 10 + take(t) - '0';
		buf_char(b, (char)v);
	} else if (c == 'x' && hex_digit(peek(t, 0)) >= 0 && hex_digit(peek(t, 1)) >= 0) {
		int high = hex_digit(take(t));

		buf_char(b, (char)(high * 16 + hex_digit(take(t))));
	} else if (c == 'z') {
		while (peek(t, 0) == ' ' || (peek(t, 0) >= '\t' && peek(t, 0) <= '\r'))
			take(t);
	} else if (c >= 0) {
		buf_char(b, (char)c);
	}
}

static const char *read_string(struct config_luatok *t)
{
	struct buf b = { .arena = t->arena };
	int quote = take(t), c;

	while ((c = peek(t, 0)) >= 0 && c != quote && c != '\n') {
		t->at++;
		if (c == '\\')
			read_escape(t, &b);
		else
			buf_char(&b, (char)c);
	}
	t->broken |= c != quote;
	t->at += c == quote;
	return arena_str(t->arena, buf_text(&b));
}

static const char *taken(struct config_luatok *t, size_t first)
{
	return arena_printf(t->arena, "%.*s", (int)(t->at - first), (const char *)t->src.p + first);
}

static const char *read_name(struct config_luatok *t)
{
	size_t first = t->at;

	while (is_letter(peek(t, 0)) || is_digit(peek(t, 0)))
		t->at++;
	return taken(t, first);
}

/* As the manual has it: digits, letters, dots, and a sign behind an exponent. */
static const char *read_number(struct config_luatok *t)
{
	size_t first = t->at;

	for (;;) {
		int c = peek(t, 0);

		if (c == '.' && peek(t, 1) == '.')
			break;
		if (!is_digit(c) && !is_letter(c) && c != '.')
			break;
		t->at++;
		if ((c == 'e' || c == 'E') && (peek(t, 0) == '-' || peek(t, 0) == '+'))
			t->at++;
	}
	return taken(t, first);
}

static const char *read_mark(struct config_luatok *t)
{
	size_t first = t->at, n = 1;

	for (size_t i = 0; i < ARRAY_LEN(marks) && n == 1; i++)
		if (starts(t, marks[i]))
			n = strlen(marks[i]);
	t->at += n;
	return taken(t, first);
}

static bool is_keyword(const char *text)
{
	for (size_t i = 0; i < ARRAY_LEN(keywords); i++)
		if (strcmp(keywords[i], text) == 0)
			return true;
	return false;
}

void config_luatok_next(struct config_luatok *t)
{
	int c;

	skip_blanks(t);
	c = peek(t, 0);
	t->token_line = t->line;
	if (c < 0) {
		t->type = CONFIG_LUATOK_END;
		t->text = "";
	} else if (is_letter(c)) {
		t->text = read_name(t);
		t->type = is_keyword(t->text) ? CONFIG_LUATOK_KEYWORD : CONFIG_LUATOK_NAME;
	} else if (is_digit(c) || (c == '.' && is_digit(peek(t, 1)))) {
		t->type = CONFIG_LUATOK_NUMBER;
		t->text = read_number(t);
	} else if (c == '"' || c == '\'') {
		t->type = CONFIG_LUATOK_STRING;
		t->text = read_string(t);
	} else if (long_level(t) >= 0) {
		t->type = CONFIG_LUATOK_STRING;
		t->text = read_long(t, long_level(t));
	} else {
		t->type = CONFIG_LUATOK_MARK;
		t->text = read_mark(t);
	}
}

bool config_luatok_is(const struct config_luatok *t, const char *text)
{
	return (t->type == CONFIG_LUATOK_MARK || t->type == CONFIG_LUATOK_KEYWORD) &&
	       strcmp(t->text, text) == 0;
}
