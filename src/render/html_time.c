/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Waterfalls: a line of words and a bar for each thing that took time. */
#include "render/html_parts.h"
#include "render/svg.h"
#include "render/words.h"

enum { HIGH = 16, OPEN_BARS = 16 };

#define THINNEST 0.5 /* per cent */

static void put_bar(struct markup *m, const struct picture_time *t, const struct picture_bar *b)
{
	double x = b->from * 100 / t->total, wide = (b->to - b->from) * 100 / t->total;

	wide = wide < THINNEST ? THINNEST : wide;
	x = x + wide > 100 ? 100 - wide : x;
	markup_open(m, "li");
	markup_begin(m, "div", "what");
	if (b->mark != MARK_NONE) {
		html_mark(m, b->mark);
		markup_text(m, " ");
	}
	markup_text(m, arena_printf(m->out->arena, "%s ", b->label));
	markup_element(m, "span", "sub", b->says);
	markup_close(m);
	svg_begin(m, &(struct svg_frame){ "bar", b->label,
			     arena_printf(m->out->arena, "from %.3f s to %.3f s: %s", b->from,
				     b->to, b->says),
			     HIGH, 0 });
	svg_line(m, "axis", (struct svg_box){ 0, HIGH - 1, 100, 0 });
	svg_rect(m, arena_printf(m->out->arena, "b-%s", html_class(b->mark)),
		(struct svg_box){ x, 2, wide, HIGH - 4 });
	svg_end(m);
	markup_close(m);
}

static void put_axis(struct markup *m, const struct picture_time *t)
{
	struct arena *a = m->out->arena;

	markup_begin(m, "li", "scale");
	markup_attr(m, "aria-hidden", "true");
	markup_begin(m, "div", "what");
	markup_close(m);
	markup_begin(m, "div", "ends");
	markup_element(m, "span", NULL, "0");
	markup_element(m, "span", NULL, words_duration(a, (uint64_t)(t->total * 1e6 / 2)));
	markup_element(m, "span", NULL, words_duration(a, (uint64_t)(t->total * 1e6)));
	markup_close(m);
	markup_close(m);
}

static void put_time(struct markup *m, const struct picture_time *t, bool first)
{
	markup_begin(m, "details", "fall");
	if (first || t->bars.n <= OPEN_BARS)
		markup_attr(m, "open", "");
	markup_begin(m, "summary", NULL);
	markup_element(m, "strong", NULL, t->title);
	markup_element(m, "span", "sub",
		arena_printf(m->out->arena, "%s in all, %zu line%s",
			words_duration(m->out->arena, (uint64_t)(t->total * 1e6)), t->bars.n,
			t->bars.n == 1 ? "" : "s"));
	markup_close(m);
	markup_begin(m, "ol", "bars");
	put_axis(m, t);
	vec_each (const struct picture_bar, b, t->bars)
		put_bar(m, t, b);
	markup_close(m);
	html_left(m, t->left, "later ones");
	markup_element(m, "p", "note", t->note);
	markup_close(m);
}

void html_time(const struct html *h)
{
	if (!h->p->times.n)
		return;
	html_section(h->m, "time", "Where the time went");
	vec_each (const struct picture_time, t, h->p->times)
		put_time(h->m, t, t == h->p->times.v);
	html_end(h->m);
}
