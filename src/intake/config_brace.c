/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Statements in braces: words, quotes, comments, blocks and includes. */
#include "intake/config_brace.h"

#include <string.h>
#include <strings.h>

#include "base/err.h"

enum { TEXT_MOST = 400 }; /* octets of a statement's text that are kept */

enum token { TOKEN_END, TOKEN_WORD, TOKEN_OPEN, TOKEN_CLOSE, TOKEN_STOP };

struct parser {
	struct config_reader *reader;
	const struct config_brace_syntax *syntax;
	const char *file;
	const char **directory; /* for relative includes; shared by all files */
	struct span text;
	size_t at, start; /* behind and at the last token */
	uint32_t line, start_line;
	unsigned int depth;
	const char *word; /* of the last token */
	bool broken;	  /* said once a file */
};

static void parse_block(struct parser *p, struct config_brace_block *into);

static int peek(const struct parser *p, size_t ahead)
{
	return p->at + ahead < p->text.n ? p->text.p[p->at + ahead] : -1;
}

static void step(struct parser *p)
{
	if (peek(p, 0) == '\n')
		p->line++;
	p->at++;
}

static bool is_blank(int c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v' || c == 0;
}

static void complain(struct parser *p, const char *what)
{
	struct pool_line at = { .file = p->file, .line = p->start_line, .text = "" };

	if (!p->broken)
		config_remark(p->reader, "syntax", &at, what);
	p->broken = true;
}

/* One comment, if there is one here; the end of its line is not part of it. */
static bool skip_comment(struct parser *p)
{
	bool slash = p->syntax->c_quotes && peek(p, 0) == '/';

	if (peek(p, 0) == '#' || (slash && peek(p, 1) == '/')) {
		while (peek(p, 0) >= 0 && peek(p, 0) != '\n')
			step(p);
		return true;
	}
	if (!slash || peek(p, 1) != '*')
		return false;
	step(p);
	step(p);
	while (peek(p, 0) >= 0 && (peek(p, 0) != '*' || peek(p, 1) != '/'))
		step(p);
	step(p);
	step(p);
	return true;
}

static void skip_blanks(struct parser *p)
{
	for (;;) {
		int c = peek(p, 0);

		if (c == '\n' && p->syntax->lines)
			return;
		if (c >= 0 && is_blank(c))
			step(p);
		else if (!skip_comment(p))
			return;
	}
}

/* A string in quotes; a backslash keeps the next octet from ending it. */
static enum token read_quoted(struct parser *p)
{
	struct buf b = { .arena = p->reader->arena };

	step(p);
	while (peek(p, 0) >= 0 && peek(p, 0) != '"') {
		if (peek(p, 0) == '\\' && peek(p, 1) >= 0)
			step(p);
		buf_char(&b, (char)peek(p, 0));
		step(p);
	}
	if (peek(p, 0) < 0)
		complain(p, "a quote is not closed");
	step(p);
	p->word = arena_str(p->reader->arena, buf_text(&b));
	return TOKEN_WORD;
}

/* Octets that end a word. In lines, braces are words of their own only between blanks. */
static bool ends_word(const struct parser *p)
{
	int c = peek(p, 0);

	if (c < 0 || is_blank(c))
		return true;
	if (p->syntax->lines)
		return false;
	if (p->syntax->c_quotes && c == '/' && (peek(p, 1) == '/' || peek(p, 1) == '*'))
		return true;
	return strchr("{};\"#", c) != NULL;
}

static enum token read_word(struct parser *p)
{
	size_t first = p->at;

	do
		step(p);
	while (!ends_word(p));
	p->word = arena_printf(
		p->reader->arena, "%.*s", (int)(p->at - first), (const char *)p->text.p + first);
	return TOKEN_WORD;
}

static enum token read_mark(struct parser *p, enum token t)
{
	step(p);
	return t;
}

static enum token next_token(struct parser *p)
{
	int c;

	skip_blanks(p);
	p->start = p->at;
	p->start_line = p->line;
	c = peek(p, 0);
	if (c < 0)
		return TOKEN_END;
	if (c == (p->syntax->lines ? '\n' : ';'))
		return read_mark(p, TOKEN_STOP);
	if (c == '"')
		return read_quoted(p);
	if (c != '{' && c != '}')
		return read_word(p);
	/* A Corefile's "{$NAME}" is a word (caddyfile's lexer: braces stand alone). */
	if (p->syntax->lines && peek(p, 1) >= 0 && !is_blank(peek(p, 1)))
		return read_word(p);
	return read_mark(p, c == '{' ? TOKEN_OPEN : TOKEN_CLOSE);
}

/* Passes over a block that is too deep to be kept. */
static void skip_block(struct parser *p)
{
	unsigned int open = 1;
	enum token t;

	complain(p, "blocks are nested too deep");
	while (open && (t = next_token(p)) != TOKEN_END) {
		open += t == TOKEN_OPEN;
		open -= t == TOKEN_CLOSE;
	}
}

static void add_block(struct parser *p, struct config_brace_stmt *s)
{
	struct config_brace_block *b = arena_alloc(p->reader->arena, sizeof(*b));

	if (p->depth == CONFIG_BRACE_DEPTH) {
		skip_block(p);
		return;
	}
	p->depth++;
	parse_block(p, b);
	p->depth--;
	vec_push(p->reader->arena, &s->items, (struct config_brace_item){ .block = b });
}

/* Reads one file's statements into a block. */
static int read_file(const struct parser *from, const char *path, const struct pool_line *wanted_by,
	struct config_brace_block *into)
{
	struct parser p = *from;
	int err = config_open(p.reader, path, wanted_by, &p.text);

	if (err)
		return err;
	p.file = path;
	p.at = 0;
	p.line = 1;
	p.depth = 0;
	p.broken = false;
	while (p.at < p.text.n)
		parse_block(&p, into); /* again after a brace that closes nothing */
	return 0;
}

static bool is_pattern(const char *name)
{
	return strpbrk(name, "*?[") != NULL;
}

/* A pattern that matches nothing is a file that is not there: named stops at it. */
static void follow(
	struct parser *p, const struct config_brace_stmt *s, struct config_brace_block *into)
{
	struct config_reader *r = p->reader;
	const char *name = config_path(r, *p->directory, config_brace_word(s, 1));
	const char *alone[] = { name, NULL };
	const char **names = is_pattern(name) ? r->host->match(r->host, r->arena, name) : alone;
	struct pool_line at = config_brace_line(r, s);

	if (!*names)
		names = alone;
	r->depth++;
	for (; *names; names++)
		read_file(p, *names, &at, into);
	r->depth--;
}

static void add_stmt(
	struct parser *p, const struct config_brace_stmt *s, struct config_brace_block *into)
{
	const struct config_brace_syntax *x = p->syntax;

	if (x->include && config_brace_is(s, 0, x->include) && s->items.n == 2) {
		follow(p, s, into);
		return;
	}
	if (x->directory && config_brace_is(s, 0, x->directory) && *config_brace_word(s, 1))
		*p->directory = config_path(p->reader, *p->directory, config_brace_word(s, 1));
	vec_push(p->reader->arena, &into->stmts, *s);
}

/* The rest of a statement whose first token was read: up to its end, or that of its block. */
static enum token parse_stmt(struct parser *p, enum token t, struct config_brace_block *into)
{
	struct config_brace_stmt s = {
		.at = { .file = p->file, .line = p->start_line },
		.c_quotes = p->syntax->c_quotes,
	};
	size_t first = p->start, end = p->at;

	for (; t == TOKEN_WORD || t == TOKEN_OPEN; t = next_token(p)) {
		if (t == TOKEN_WORD)
			vec_push(p->reader->arena, &s.items,
				(struct config_brace_item){ .word = p->word });
		else
			add_block(p, &s);
		end = p->at < p->text.n ? p->at : p->text.n;
	}
	if (!p->syntax->lines && t != TOKEN_STOP)
		complain(p, "a semicolon is missing");
	s.raw = (struct span){ p->text.p + first, end - first };
	if (s.items.n)
		add_stmt(p, &s, into);
	return t;
}

/* Statements up to the brace that closes the block, or the end. */
static void parse_block(struct parser *p, struct config_brace_block *into)
{
	for (;;) {
		enum token t = next_token(p);

		if (t == TOKEN_WORD || t == TOKEN_OPEN)
			t = parse_stmt(p, t, into);
		if (t == TOKEN_STOP)
			continue;
		if ((t == TOKEN_CLOSE) != (p->depth > 0))
			complain(p, t == TOKEN_END ? "a brace is not closed"
						   : "a brace closes nothing");
		return;
	}
}

int config_brace_read(struct config_reader *r, const struct config_brace_syntax *syntax,
	struct config_brace_file file, const struct config_brace_block **ret)
{
	struct config_brace_block *b = arena_alloc(r->arena, sizeof(*b));
	const char *directory = r->file->path ? config_dir(r, r->file->path) : NULL;
	struct parser p = { .reader = r, .syntax = syntax, .directory = &directory };
	int err = read_file(&p, file.path, file.wanted_by, b);

	if (!err)
		*ret = b;
	return err;
}

bool config_brace_is(const struct config_brace_stmt *s, size_t item, const char *word)
{
	return item < s->items.n && s->items.v[item].word &&
	       strcasecmp(s->items.v[item].word, word) == 0;
}

const char *config_brace_word(const struct config_brace_stmt *s, size_t item)
{
	return item < s->items.n && s->items.v[item].word ? s->items.v[item].word : "";
}

const struct config_brace_block *config_brace_block(const struct config_brace_stmt *s)
{
	static const struct config_brace_block none;

	vec_each (const struct config_brace_item, i, s->items)
		if (i->block)
			return i->block;
	return &none;
}

const struct config_brace_stmt *config_brace_find(
	const struct config_brace_block *b, const char *word)
{
	const struct config_brace_stmt *found = NULL;

	vec_each (const struct config_brace_stmt, s, b->stmts)
		if (config_brace_is(s, 0, word))
			found = s;
	return found;
}

/* A quoted string, or as much of a word as surely holds no comment. */
static void skip_word(struct parser *p)
{
	if (peek(p, 0) == '"') {
		read_quoted(p);
		p->at = p->at < p->text.n ? p->at : p->text.n;
		return;
	}
	do
		step(p);
	while (!p->syntax->c_quotes && peek(p, 0) >= 0 && !is_blank(peek(p, 0)));
}

struct pool_line config_brace_line(struct config_reader *r, const struct config_brace_stmt *s)
{
	const struct config_brace_syntax x = { .c_quotes = s->c_quotes };
	struct parser p = { .reader = r, .syntax = &x, .text = s->raw };
	struct buf b = { .arena = r->arena };
	struct pool_line at = s->at;

	while (p.at < p.text.n && b.n < TEXT_MOST) {
		size_t before = p.at, first;

		skip_blanks(&p);
		if (p.at >= p.text.n)
			break;
		if (p.at > before)
			buf_char(&b, ' ');
		first = p.at;
		skip_word(&p);
		buf_put(&b, p.text.p + first, p.at - first);
	}
	if (p.at < p.text.n)
		buf_str(&b, " ...");
	at.text = buf_text(&b);
	return at;
}
