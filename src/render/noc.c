/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The letter as plain text of at most 72 columns: tickets wrap what is longer, and badly. */
#include <string.h>

#include "render/letter.h"
#include "render/page.h"

enum { WIDTH = 72, INDENT = 2, COMMAND_INDENT = 4 };

/* Our own words may have other marks; the strings of others are escaped before. */
static const char *ascii(struct arena *a, const char *text)
{
	struct buf b = { .arena = a };

	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c >= ' ' && c <= '~')
			buf_char(&b, *text);
		else if ((c & 0xc0) != 0x80)
			buf_char(&b, c < ' ' || c == 0x7f ? ' ' : '?');
	}
	return buf_text(&b);
}

/* A command being put in lines that a shell joins again. */
struct joined {
	struct buf *out;
	unsigned int at;
	bool quoted, bare; /* in '...'; behind a backslash outside of it */
};

static void next_line(struct joined *j, const char *end, unsigned int indent)
{
	buf_printf(j->out, "%s\\\n%*s", end, (int)indent, "");
	j->at = indent;
}

/* Inside of a word a line goes on in the first column: blanks would part it. */
static void put_octet(struct joined *j, char c)
{
	if (j->at + 3 > WIDTH && !j->bare) {
		next_line(j, j->quoted ? "'" : "", 0);
		if (j->quoted) {
			buf_char(j->out, '\'');
			j->at++;
		}
	}
	buf_char(j->out, c);
	j->at++;
	j->bare = !j->quoted && !j->bare && c == '\\';
	if (c == '\'' && !j->bare)
		j->quoted = !j->quoted;
}

/* The octets up to the blank that ends a word, which is none in quotes. */
static size_t word_of(const char *text)
{
	bool quoted = false;
	size_t n = 0;

	for (; text[n] && (quoted || text[n] != ' '); n++)
		quoted ^= text[n] == '\'';
	return n;
}

static void put_command(struct buf *out, const char *text)
{
	struct joined j = { out, COMMAND_INDENT, false, false };

	buf_printf(out, "%*s", COMMAND_INDENT, "");
	while (*text) {
		size_t n = word_of(text);

		if (j.at > COMMAND_INDENT && j.at + 1 + n + 2 > WIDTH)
			next_line(&j, " ", COMMAND_INDENT + INDENT);
		else if (j.at > COMMAND_INDENT)
			put_octet(&j, ' ');
		for (size_t i = 0; i < n; i++)
			put_octet(&j, text[i]);
		text += n + (text[n] == ' ');
	}
	buf_char(out, '\n');
}

static void put_line(const struct page *p, const struct letter_line *l)
{
	const char *text = ascii(p->out->arena, l->text);

	if (p->out->n && (l->kind == LETTER_PROSE || l->kind == LETTER_HEAD))
		buf_char(p->out, '\n');
	if (l->kind == LETTER_COMMAND) {
		put_command(p->out, text);
	} else if (l->kind == LETTER_ITEM) {
		buf_str(p->out, "- ");
		page_wrap(p, text, (struct page_place){ INDENT, INDENT });
	} else {
		page_wrap(p, text, (struct page_place){ 0, 0 });
	}
}

void report_noc(const struct report *r, enum letter_to to, struct buf *out)
{
	const struct letter *l = letter_make(out->arena, r, to);
	struct text_style style = { .ascii = true, .width = WIDTH };
	struct page p = page_begin(&style, out);

	vec_each (const struct letter_line, line, l->lines)
		put_line(&p, line);
}
