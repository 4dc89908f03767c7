/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The path hop by hop: a lane for the open port, a lane for the blocked one. */
#include "render/html_parts.h"
#include "render/svg.h"

enum {
	ROW = 38,
	LANE_OPEN = 14,
	LANE_BLOCKED = 44,
	TEXT = 66,    /* px */
	LETTERS = 30, /* that fit beside the lanes on a narrow page */
	PATHS_MOST = 6
};

/* A lane is drawn in a part that is as wide as its line, so that its x is in pixels. */
static void put_step(struct markup *m, const char *class, double dx, double y)
{
	markup_begin(m, "line", class);
	markup_number(m, "x1", dx, "");
	markup_number(m, "y1", y - ROW, "");
	markup_number(m, "x2", dx, "");
	markup_number(m, "y2", y, "");
	markup_close(m);
}

static void put_flow(struct markup *m, const struct picture_flow *f, double dx, double y)
{
	if (f->mark == MARK_NONE)
		return;
	svg_disc(m, &(struct svg_sign){ .class = html_class(f->mark),
			    .sign = html_sign(f->mark),
			    .title = f->says,
			    .dx = dx,
			    .y = y });
}

static void put_words(struct markup *m, const char *first, const char *second, double y)
{
	struct arena *a = m->out->arena;

	if (!second || !first) {
		svg_text(m, "host", (struct svg_at){ 0, TEXT, y + 4, SVG_START },
			svg_fit(a,
				first	 ? first
				: second ? second
					 : "no router speaks",
				LETTERS));
		return;
	}
	svg_text(m, "host", (struct svg_at){ 0, TEXT, y - 2, SVG_START },
		svg_fit(a, first, LETTERS));
	svg_text(m, "host sub", (struct svg_at){ 0, TEXT, y + 12, SVG_START },
		svg_fit(a, second, LETTERS + 9));
}

static const char *host_words(struct arena *a, const struct picture_hop *h)
{
	if (h->name)
		return arena_printf(a, "%u %s", h->ttl, h->name);
	return h->addr ? arena_printf(a, "%u %s", h->ttl, h->addr) : arena_printf(a, "%u", h->ttl);
}

/* Lines first, so that discs stand on them. */
static void put_lanes(struct markup *m, const struct picture_path *p)
{
	bool broken = false;
	double y = ROW / 2.0;

	vec_each (const struct picture_hop, h, p->hops) {
		y += ROW;
		put_step(m, "lane", LANE_OPEN, y);
		broken |= h->gap;
		if (p->blocked)
			put_step(m, broken ? "lane lost" : "lane", LANE_BLOCKED, y);
	}
}

static void put_picture(struct markup *m, const struct picture_path *p)
{
	struct arena *a = m->out->arena;
	double y = ROW / 2.0;

	svg_begin(m,
		&(struct svg_frame){ "path", p->title, p->desc, (double)(p->hops.n + 1) * ROW, 0 });
	put_lanes(m, p);
	svg_text(m, "host", (struct svg_at){ 0, TEXT, y + 4, SVG_START }, "this host");
	put_flow(m, &(struct picture_flow){ MARK_GOOD, "sent" }, LANE_OPEN, y);
	if (p->blocked)
		put_flow(m, &(struct picture_flow){ MARK_GOOD, "sent" }, LANE_BLOCKED, y);
	vec_each (const struct picture_hop, h, p->hops) {
		y += ROW;
		put_flow(m, &h->open, LANE_OPEN, y);
		put_flow(m, &h->blocked, LANE_BLOCKED, y);
		put_words(m, host_words(a, h), h->name ? h->addr : NULL, y);
	}
	svg_end(m);
}

static void put_row(struct markup *m, const struct picture_path *p, const struct picture_hop *h)
{
	markup_begin(m, "tr", h->gap ? "gap" : NULL);
	markup_begin(m, "th", "host");
	markup_attr(m, "scope", "row");
	markup_text(m, h->title);
	markup_close(m);
	markup_element(m, "td", NULL, h->open.says);
	if (p->blocked)
		markup_element(m, "td", NULL, h->blocked.says);
	markup_close(m);
}

static void put_table(struct markup *m, const struct picture_path *p)
{
	markup_open(m, "table");
	markup_open(m, "thead");
	markup_open(m, "tr");
	markup_element(m, "th", NULL, "Hop");
	markup_element(m, "th", NULL, p->open);
	if (p->blocked)
		markup_element(m, "th", NULL, p->blocked);
	markup_close(m);
	markup_close(m);
	markup_open(m, "tbody");
	vec_each (const struct picture_hop, h, p->hops)
		put_row(m, p, h);
	markup_close(m);
	markup_close(m);
}

static void put_path(struct markup *m, const struct picture_path *p)
{
	struct arena *a = m->out->arena;

	markup_begin(m, "figure", "way");
	markup_open(m, "figcaption");
	markup_element(m, "strong", NULL, p->title);
	markup_element(m, "span", "sub",
		p->blocked ? arena_printf(a, "left lane: %s; right lane: %s", p->open, p->blocked)
			   : p->open);
	markup_close(m);
	markup_begin(m, "div", "side");
	put_picture(m, p);
	markup_begin(m, "div", "list");
	put_table(m, p);
	markup_close(m);
	markup_close(m);
	html_lines(m, "notes", &p->lines);
	markup_close(m);
}

void html_path(const struct html *h)
{
	size_t n = 0;

	if (!h->p->paths.n)
		return;
	html_section(h->m, "path", "The path, hop by hop");
	vec_each (const struct picture_path, p, h->p->paths)
		if (n++ < PATHS_MOST)
			put_path(h->m, p);
	html_left(h->m, n > PATHS_MOST ? n - PATHS_MOST : 0, "paths");
	html_end(h->m);
}
