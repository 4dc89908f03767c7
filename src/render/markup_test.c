/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Elements close, and no text becomes markup or steers whoever reads it. */
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "render/svg.h"
#include "tap.h"

static const struct {
	const char *text, *want, *what;
} rows[] = {
	{ "plain", "plain", "text as it is" },
	{ "", "", "nothing" },
	{ "<b>&\"'", "&lt;b&gt;&amp;&quot;&#39;", "what HTML reads" },
	{ "</script><script>alert(1)</script>",
		"&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;", "a script" },
	{ "\033[31mred", "\\x1b[31mred", "a terminal's sequence" },
	{ "a\nb\tc\r", "a\\x0ab\\x09c\\x0d", "controls" },
	{ "\x7f\xc2\x85\xc2\x9b", "\\x7f\\x85\\x9b", "DEL and C1 controls" },
	{ "\u202eevil\u202c", "\\u202eevil\\u202c", "an override of direction" },
	{ "\u2066x\u2069\u200e\u061c", "\\u2066x\\u2069\\u200e\\u061c", "isolates and marks" },
	{ "a\u200bb\ufeff\u00ad", "a\\u200bb\\ufeff\\xad", "characters of no width" },
	{ "\xf3\xa0\x81\x81", "\\U000e0041", "a tag character" },
	{ "gr\u00fc\u00df \u4e2d \U0001f600", "gr\u00fc\u00df \u4e2d \U0001f600", "letters" },
	{ "a\u0301\u0322", "a\\u0301\\u0322", "marks that pile up" },
	{ "\xff\x80\xc0\xaf", "\\xff\\x80\\xc0\\xaf", "bytes that are no UTF-8" },
	{ "\xed\xa0\x80", "\\xed\\xa0\\x80", "a surrogate" },
	{ "\xe2\x80", "\\xe2\\x80", "half a character" },
	{ "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80", "a character beyond the last" },
};

static void escapes(struct arena *a)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf text = { .arena = a }, attr = { .arena = a };
		struct markup m = { .out = &text }, n = { .out = &attr };

		markup_text(&m, rows[i].text);
		is_str(buf_text(&text), rows[i].want, rows[i].what);
		markup_open(&n, "p");
		markup_attr(&n, "title", rows[i].text);
		markup_close(&n);
		is_str(buf_text(&attr), arena_printf(a, "<p title=\"%s\"></p>", rows[i].want),
			arena_printf(a, "%s in an attribute", rows[i].what));
	}
}

static void elements(struct arena *a)
{
	struct buf b = { .arena = a };
	struct markup m = { .out = &b };

	markup_begin(&m, "ul", "list");
	markup_element(&m, "li", NULL, "1 < 2");
	markup_open(&m, "meta");
	markup_attr(&m, "name", "x");
	markup_close_void(&m);
	markup_begin(&m, "i", NULL);
	markup_close(&m);
	markup_close(&m);
	is_str(buf_text(&b), "<ul class=\"list\"><li>1 &lt; 2</li><meta name=\"x\"><i></i></ul>",
		"elements nest and close");
	ok(m.depth == 0, "none is left open");
}

static void numbers(struct arena *a)
{
	static const struct {
		double v;
		const char *want;
	} of[] = { { 0, "0" }, { -0.0, "0" }, { 1.5, "1.5" }, { 1.0 / 3, "0.333" },
		{ 65535, "65535" }, { -2, "-2" }, { 1.0 / 0.0, "0" }, { 0.0001, "0" } };

	for (size_t i = 0; i < ARRAY_LEN(of); i++) {
		struct buf b = { .arena = a };
		struct markup m = { .out = &b };

		markup_open(&m, "g");
		markup_number(&m, "x", of[i].v, "%");
		markup_close(&m);
		is_str(buf_text(&b), arena_printf(a, "<g x=\"%s%%\"></g>", of[i].want),
			arena_printf(a, "the number %s", of[i].want));
	}
}

/* A label of 63 octets in a name of 255, and worse. */
static void fits(struct arena *a)
{
	char text[256];

	memset(text, 'a', 255);
	text[255] = '\0';
	ok(markup_columns(text) == 255, "255 letters take as many columns");
	ok(markup_columns(svg_fit(a, text, 30)) <= 31, "they are cut to fit");
	is_str(svg_fit(a, "short", 30), "short", "what fits stays");
	is_str(svg_fit(a, "abcdef", 4), "abc\u2026", "what does not ends in an ellipsis");
	ok(markup_columns("\u202e") == 6 && markup_columns("\033") == 4 &&
			markup_columns("\u4e2d") == 2,
		"columns are those of what is shown");
	is_str(svg_fit(a, "\u4e2d\u4e2d\u4e2d", 4), "\u4e2d\u2026", "no character is cut in half");
	is_str(svg_fit(a, "\xe2\x80", 3), "\u2026", "nor bytes that are none trusted");
}

static void pictures(struct arena *a)
{
	struct buf b = { .arena = a };
	struct markup m = { .out = &b };

	svg_begin(&m, &(struct svg_frame){ .title = "<t>", .desc = "d", .height = 20 });
	svg_rect(&m, "bad", (struct svg_box){ 0, 1, 50, 10 });
	svg_text(&m, "label", (struct svg_at){ 100, -3, 9, SVG_END }, "a&b");
	svg_end(&m);
	is_str(buf_text(&b),
		"<svg role=\"img\" width=\"100%\" height=\"20\"><title>&lt;t&gt;</title><desc>d"
		"</desc><rect class=\"bad\" x=\"0%\" y=\"1\" width=\"50%\" height=\"10\"></rect>"
		"<text class=\"label\" x=\"100%\" dx=\"-3\" y=\"9\" text-anchor=\"end\">a&amp;b"
		"</text></svg>\n",
		"a picture");
}

int main(void)
{
	struct arena *a = arena_new();

	escapes(a);
	elements(a);
	numbers(a);
	fits(a);
	pictures(a);
	arena_free(a);
	return tap_done();
}
