/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of a key and a value. */
#include "intake/config_pairs.h"

#include <string.h>

#include "base/buf.h"
#include "intake/config_read.h"

static bool blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_comment(const struct config_pairs *p, const char *line)
{
	while (blank(*line))
		line++;
	return *line && strchr(p->rules->comments, *line);
}

static char *next_physical(struct config_pairs *p)
{
	struct span s;

	if (!config_next_line(&p->rest, &s))
		return NULL;
	p->line++;
	return arena_strn(p->arena, s.p, s.n);
}

/* Cuts the blanks at the end and a last '\': whether one was there. */
static bool cut_continuation(char *line)
{
	size_t n = strlen(line);

	while (n && blank(line[n - 1]))
		n--;
	line[n] = '\0';
	if (n == 0 || line[n - 1] != '\\')
		return false;
	line[n - 1] = '\0';
	return true;
}

/* A line with those that continue it; *ret_first is the number of the first. */
static char *next_logical(struct config_pairs *p, uint32_t *ret_first)
{
	struct buf b = { .arena = p->arena };
	char *line = next_physical(p);

	*ret_first = p->line;
	if (!line || !p->rules->continued || is_comment(p, line) || !cut_continuation(line))
		return line;
	buf_str(&b, line);
	while ((line = next_physical(p))) {
		bool more;

		if (is_comment(p, line)) /* systemd.syntax(7): passed over */
			continue;
		more = cut_continuation(line);
		buf_str(&b, line);
		if (!more)
			break;
	}
	return arena_str(p->arena, buf_text(&b));
}

/* The end of a quoted part that begins at q: its second quote, or the end of the line. */
static char *skip_quoted(char *q)
{
	for (q++; *q && *q != '"'; q++)
		if (*q == '\\' && q[1])
			q++;
	return q;
}

/* Ends the line where a comment begins behind a blank. */
static void cut_comment(const struct config_pairs *p, char *line)
{
	for (char *c = line; *c; c++) {
		if (*c == '"' && p->rules->quotes)
			c = skip_quoted(c);
		else if (*c == '#' && (c == line || blank(c[-1])))
			*c = '\0';
		if (!*c)
			return;
	}
}

/* Takes quotes away, in place; an escaped letter stands for itself. */
static char *unquote(char *text)
{
	char *to = text;
	bool inside = false;

	for (const char *from = text; *from; from++) {
		if (*from == '"') {
			inside = !inside;
			continue;
		}
		if (inside && *from == '\\' && from[1])
			from++;
		*to++ = *from;
	}
	*to = '\0';
	return text;
}

static bool take_section(struct config_pairs *p, const char *line)
{
	const char *end = strchr(line, ']');

	if (!p->rules->sections || *line != '[')
		return false;
	p->section = end ? arena_printf(p->arena, "%.*s", (int)(end - line - 1), line + 1) : "";
	return true;
}

static bool take_pair(struct config_pairs *p, char *line, struct config_pair *ret)
{
	char *value = strchr(line, '=');

	ret->section = p->section;
	ret->value = NULL;
	ret->adds = false;
	if (value) {
		*value++ = '\0';
		value = config_trim(value);
		ret->value = p->rules->quotes ? unquote(value) : value;
	}
	line = config_trim(line);
	if (p->rules->adds && value && *line && line[strlen(line) - 1] == '+') {
		ret->adds = true;
		line[strlen(line) - 1] = '\0';
		line = config_trim(line);
	}
	ret->key = p->rules->quotes ? unquote(line) : line;
	return *ret->key != '\0';
}

bool config_pairs_next(struct config_pairs *p, struct config_pair *ret)
{
	uint32_t first;
	char *line;

	while ((line = next_logical(p, &first))) {
		if (is_comment(p, line))
			continue;
		if (p->rules->comment_behind)
			cut_comment(p, line);
		line = config_trim(line);
		if (!*line || take_section(p, line))
			continue;
		ret->at = (struct pool_line){ p->file, first, arena_str(p->arena, line) };
		if (take_pair(p, line, ret))
			return true;
	}
	return false;
}
