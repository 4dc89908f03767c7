/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A tape inside an HTML page. */
#include "facts/embed.h"

#include <string.h>
#include <strings.h>

#include "facts/tape.h"

static const char begin[] = "<script type=\"application/x-ndjson\" id=\"dnsfault-facts\">\n";
static const char end[] = "</script>";

bool embed_write(const struct facts *f, size_t most, struct buf *b)
{
	struct buf tape = { .arena = b->arena };
	size_t from = 0;

	tape_write(f, &tape);
	if (tape.n > most)
		return false;
	buf_str(b, begin);
	for (size_t i = 0; i < tape.n; i++) {
		if (tape.p[i] != '<')
			continue;
		buf_put(b, tape.p + from, i - from);
		buf_str(b, "\\u003c");
		from = i + 1;
	}
	buf_put(b, tape.p + from, tape.n - from);
	buf_str(b, end);
	buf_char(b, '\n');
	return true;
}

bool embed_is_page(struct span text)
{
	static const char mark[] = "<!doctype html";
	size_t n = sizeof(mark) - 1;

	while (text.n &&
		(text.p[0] == ' ' || text.p[0] == '\t' || text.p[0] == '\n' || text.p[0] == '\r')) {
		text.p++;
		text.n--;
	}
	return text.n >= n && strncasecmp((const char *)text.p, mark, n) == 0;
}

bool embed_find(struct span text, struct span *ret, size_t *ret_before)
{
	const uint8_t *from, *to;

	if (!embed_is_page(text))
		return false;
	from = memmem(text.p, text.n, begin, sizeof(begin) - 1);
	if (!from)
		return false;
	from += sizeof(begin) - 1;
	to = memmem(from, text.n - (size_t)(from - text.p), end, sizeof(end) - 1);
	if (!to)
		return false;
	*ret = (struct span){ from, (size_t)(to - from) };
	*ret_before = 0;
	for (const uint8_t *p = text.p; p < from; p++)
		*ret_before += *p == '\n';
	return true;
}
