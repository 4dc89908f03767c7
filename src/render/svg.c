/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shapes of SVG as elements. */
#include "render/svg.h"

#include "base/err.h"

#define DISC_RADIUS 9.0
#define SIGN_DOWN   4.5 /* from a disc's centre to the line that its sign stands on */

void svg_begin(struct markup *m, const struct svg_frame *f)
{
	markup_open(m, "svg");
	markup_attr(m, "role", "img");
	if (f->class)
		markup_attr(m, "class", f->class);
	if (f->width > 0)
		markup_number(m, "width", f->width, "");
	else
		markup_attr(m, "width", "100%");
	markup_number(m, "height", f->height, "");
	markup_element(m, "title", NULL, f->title);
	markup_element(m, "desc", NULL, f->desc);
}

void svg_end(struct markup *m)
{
	markup_close(m);
	buf_char(m->out, '\n');
}

static void open_rect(struct markup *m, const char *class, struct svg_box b)
{
	markup_begin(m, "rect", class);
	markup_number(m, "x", b.x, "%");
	markup_number(m, "y", b.y, "");
	markup_number(m, "width", b.w, "%");
	markup_number(m, "height", b.h, "");
}

void svg_rect(struct markup *m, const char *class, struct svg_box b)
{
	open_rect(m, class, b);
	markup_close(m);
}

void svg_rect_titled(struct markup *m, const char *class, struct svg_box b, const char *title)
{
	open_rect(m, class, b);
	markup_element(m, "title", NULL, title);
	markup_close(m);
}

void svg_line(struct markup *m, const char *class, struct svg_box b)
{
	markup_begin(m, "line", class);
	markup_number(m, "x1", b.x, "%");
	markup_number(m, "y1", b.y, "");
	markup_number(m, "x2", b.x + b.w, "%");
	markup_number(m, "y2", b.y + b.h, "");
	markup_close(m);
}

void svg_text(struct markup *m, const char *class, struct svg_at at, const char *text)
{
	static const char *const anchors[] = { NULL, "middle", "end" };

	markup_begin(m, "text", class);
	markup_number(m, "x", at.x, "%");
	if (at.dx != 0)
		markup_number(m, "dx", at.dx, "");
	markup_number(m, "y", at.y, "");
	if (anchors[at.anchor])
		markup_attr(m, "text-anchor", anchors[at.anchor]);
	markup_text(m, text);
	markup_close(m);
}

void svg_part(struct markup *m, struct svg_box b)
{
	markup_open(m, "svg");
	markup_number(m, "x", b.x, "%");
	markup_number(m, "y", b.y, "");
	markup_number(m, "width", b.w, "%");
	markup_number(m, "height", b.h, "");
}

void svg_disc(struct markup *m, const struct svg_sign *s)
{
	markup_open(m, "g");
	if (s->title)
		markup_element(m, "title", NULL, s->title);
	markup_begin(m, "circle", s->class);
	markup_number(m, "cx", s->dx, "");
	markup_number(m, "cy", s->y, "");
	markup_number(m, "r", DISC_RADIUS, "");
	markup_close(m);
	markup_begin(m, "text", "sign");
	markup_number(m, "x", s->dx, "");
	markup_number(m, "y", s->y + SIGN_DOWN, "");
	markup_attr(m, "text-anchor", "middle");
	markup_text(m, s->sign);
	markup_close(m);
	markup_close(m);
}

const char *svg_fit(struct arena *a, const char *text, unsigned int columns)
{
	struct buf b = { .arena = a };
	unsigned int used = 0;

	if (markup_columns(text) <= columns)
		return text;
	for (const char *t = text; *t;) {
		char one[5] = "";
		size_t n = 0;

		do
			one[n++] = *t++;
		while (n < 4 && ((unsigned char)*t & 0xc0) == 0x80);
		used += markup_columns(one);
		if (used + 1 > columns)
			break;
		buf_put(&b, one, n);
	}
	buf_str(&b, "\u2026");
	return buf_text(&b);
}
