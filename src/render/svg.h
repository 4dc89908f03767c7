/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Shapes of SVG. A picture is as wide as its place and so many pixels high: across, everything is
 * given in per cent (0 to 100), down in pixels, so that text keeps its size on a phone and on
 * paper. Colours are classes of the page's style.
 *
 *	svg_begin(&m, &(struct svg_frame){ .title = "Ports", .desc = "1-1023 blocked", .height = 20
 *}); svg_rect(&m, "bad", (struct svg_box){ 0, 0, 1.6, 20 }); svg_end(&m);
 */
#ifndef RENDER_SVG_H
#define RENDER_SVG_H

#include "render/markup.h"

struct svg_frame {
	const char *class; /* NULL: none */
	const char *title; /* what it shows */
	const char *desc;  /* the same as a reader without eyes needs it */
	double height;
	double width; /* pixels; 0: as wide as its place */
};
void svg_begin(struct markup *m, const struct svg_frame *f);
void svg_end(struct markup *m);

/* x and w in per cent, y and h in pixels. */
struct svg_box {
	double x, y, w, h;
};
void svg_rect(struct markup *m, const char *class, struct svg_box b);
/* The same with words for who points at it. */
void svg_rect_titled(struct markup *m, const char *class, struct svg_box b, const char *title);
/* From x, y to x + w, y + h. */
void svg_line(struct markup *m, const char *class, struct svg_box b);

/* Where text stands: dx pixels to the right of x, and which part of it there. */
enum svg_anchor { SVG_START, SVG_MIDDLE, SVG_END };
struct svg_at {
	double x, dx, y;
	enum svg_anchor anchor;
};
void svg_text(struct markup *m, const char *class, struct svg_at at, const char *text);

/* Opens a part that begins at x per cent and y pixels and is w per cent and h pixels large. */
void svg_part(struct markup *m, struct svg_box b);

/* A disc with a sign in it, centred dx, y pixels from the left; title NULL: none. */
struct svg_sign {
	const char *class; /* of the disc */
	const char *sign;
	const char *title;
	double dx, y;
};
void svg_disc(struct markup *m, const struct svg_sign *s);

/* The text cut so that it takes no more columns, with an ellipsis at its end. */
const char *svg_fit(struct arena *a, const char *text, unsigned int columns);

#endif
