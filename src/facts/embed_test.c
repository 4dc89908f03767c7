/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A tape comes out of a page as it went in, and nothing in it ends the element early. */
#include <string.h>

#include "base/err.h"
#include "facts/embed.h"
#include "facts/tape.h"
#include "tap.h"

static const char head[] = "{\"tape\":1,\"command\":\"ports\"}\n";

static struct span span_of(const char *text)
{
	return (struct span){ (const uint8_t *)text, strlen(text) };
}

static const struct facts *hostile(struct arena *a)
{
	struct facts *f = facts_new(a);

	f->command = "ports";
	f->note = "</script><script>alert(1)</script><!-- \033[1m";
	return f;
}

static void there_and_back(struct arena *a)
{
	const struct facts *f = hostile(a);
	struct buf page = { .arena = a }, first = { .arena = a }, again = { .arena = a };
	struct tape_error error = { 0 };
	struct facts *back = NULL;
	struct span tape;
	size_t before;

	buf_str(&page, "<!DOCTYPE html>\n<p>\n");
	ok(embed_write(f, EMBED_MOST, &page), "the tape goes into the page");
	buf_str(&page, "</body>\n");
	ok(embed_find(buf_span(&page), &tape, &before), "the tape is found");
	ok(before == 3, "with the lines before it");
	ok(!memchr(tape.p, '<', tape.n), "it holds no <");
	ok(tape_read(a, buf_span(&page), &back, &error) == 0, "the page reads as a tape");
	tape_write(f, &first);
	if (back)
		tape_write(back, &again);
	is_str(buf_text(&again), buf_text(&first), "of the same facts");
}

static void too_large(struct arena *a)
{
	struct buf page = { .arena = a };

	ok(!embed_write(hostile(a), 10, &page) && !page.n, "a tape that is too large stays out");
}

static void errors(struct arena *a)
{
	static const struct {
		const char *page, *what;
		size_t line;
	} rows[] = {
		{ "<!doctype html>\n<p>no facts</p>\n", "a page without facts", 1 },
		{ "<!doctype html>\n<script type=\"application/x-ndjson\" id=\"dnsfault-facts\">\n"
		  "{\"tape\":1}\n",
			"facts without end", 1 },
		{ "<!doctype html>\n<script type=\"application/x-ndjson\" id=\"dnsfault-facts\">\n"
		  "{\"tape\":1}\nrubbish\n</script>",
			"a bad line is told by its number in the page", 4 },
		{ "<html>", "another page", 1 },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct tape_error error = { 0 };
		struct facts *f = NULL;

		ok(tape_read(a, span_of(rows[i].page), &f, &error) == -ERR_PARSE &&
				error.line == rows[i].line && error.text,
			"%s", rows[i].what);
	}
}

static void others(struct arena *a)
{
	struct tape_error error = { 0 };
	struct facts *f = NULL;

	ok(embed_is_page(span_of(" \n<!doctype html><p>")), "blanks may stand before a page");
	ok(!embed_is_page(span_of(head)) && !embed_is_page(span_of("<!doc")), "a tape is no page");
	ok(tape_read(a, span_of(head), &f, &error) == 0, "and reads as ever");
}

int main(void)
{
	struct arena *a = arena_new();

	there_and_back(a);
	too_large(a);
	errors(a);
	others(a);
	arena_free(a);
	return tap_done();
}
