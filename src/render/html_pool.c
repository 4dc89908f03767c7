/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The resolver's ports over the blocked ones, and how failures grow with their share. */
#include "render/html_parts.h"
#include "render/svg.h"

enum { LANE = 22, TOP = 16, SECOND = 62, HIGH = 104, PLOT = 180, MARGIN = 18, RING = 7 };

#define THINNEST 0.4

/* A lane of the picture: what is in it, how its states look, and where it begins. */
struct lane {
	const struct picture_runs *runs;
	const char *classes[STATES];
	double top;
};

static void put_lane(struct markup *m, const struct picture_pool *p, const struct lane *l)
{
	double n = p->last - p->first + 1.0;

	svg_line(m, "axis", (struct svg_box){ 0, l->top + LANE, 100, 0 });
	vec_each (const struct picture_run, r, *l->runs) {
		double x = (r->lo - p->first) * 100 / n, wide = (r->hi + 1.0 - r->lo) * 100 / n;

		wide = wide < THINNEST ? THINNEST : wide;
		x = x + wide > 100 ? 100 - wide : x;
		svg_rect(m, l->classes[r->state], (struct svg_box){ x, l->top, wide, LANE });
	}
}

static void put_pool(struct markup *m, const struct picture_pool *p)
{
	const struct lane pool = { &p->pool,
		{ [STATE_OPEN] = "p-pool", [STATE_BLOCKED] = "r-blocked" }, TOP };
	const struct lane blocked = { &p->blocked, { [STATE_BLOCKED] = "p-filter" }, SECOND };
	struct arena *a = m->out->arena;

	markup_open(m, "figure");
	markup_open(m, "figcaption");
	html_mark(m, p->mark);
	markup_text(m, " ");
	markup_element(m, "strong", NULL, p->title);
	markup_element(m, "span", "sub", p->summary);
	markup_close(m);
	svg_begin(m, &(struct svg_frame){ "pool", p->title, p->desc, HIGH, 0 });
	svg_text(
		m, "label", (struct svg_at){ 0, 0, TOP - 4, SVG_START }, "the resolver draws from");
	put_lane(m, p, &pool);
	svg_text(m, "label", (struct svg_at){ 0, 0, SECOND - 4, SVG_START }, "the filter drops");
	put_lane(m, p, &blocked);
	svg_text(m, "label", (struct svg_at){ 0, 0, HIGH - 4, SVG_START },
		arena_printf(a, "%u", p->first));
	svg_text(m, "label", (struct svg_at){ 100, 0, HIGH - 4, SVG_END },
		arena_printf(a, "%u", p->last));
	svg_end(m);
	markup_element(m, "p", "note", p->desc);
	markup_close(m);
}

/* Lines between points have to be scaled across and down, words must not be. */
static void put_line(struct markup *m, const struct picture_curve *c)
{
	struct buf b = { .arena = m->out->arena };

	vec_each (const struct picture_point, p, c->points)
		buf_printf(&b, "%s%.4g,%.4g", b.n ? " " : "", p->share * 100, 100 - p->fail * 100);
	svg_part(m, (struct svg_box){ 0, MARGIN, 100, PLOT });
	markup_attr(m, "viewBox", "0 0 100 100");
	markup_attr(m, "preserveAspectRatio", "none");
	markup_begin(m, "polyline", "curve");
	markup_attr(m, "points", buf_text(&b));
	markup_close(m);
	markup_close(m);
}

static void put_grid(struct markup *m)
{
	static const char *const down[] = { "100% fail", "50%", "" };
	static const char *const across[] = { "0% blocked, 0% fail", "50%", "100%" };

	for (int i = 0; i < 3; i++) {
		svg_line(m, "axis", (struct svg_box){ 0, MARGIN + i * PLOT / 2.0, 100, 0 });
		if (*down[i])
			svg_text(m, "label",
				(struct svg_at){ 0, 0, MARGIN + i * PLOT / 2.0 - 4, SVG_START },
				down[i]);
		svg_text(m, "label",
			(struct svg_at){ i * 50.0, 0, MARGIN + PLOT + 16, (enum svg_anchor)i },
			across[i]);
	}
}

/* A ring: where it stands says all. */
static void put_here(struct markup *m, const struct picture_curve *c)
{
	markup_begin(m, "circle", "ring");
	markup_number(m, "cx", c->here.share * 100, "%");
	markup_number(m, "cy", MARGIN + PLOT * (1 - c->here.fail), "");
	markup_number(m, "r", RING, "");
	markup_element(m, "title", NULL, c->says);
	markup_close(m);
}

static void put_curve(struct markup *m, const struct picture_curve *c)
{
	markup_open(m, "figure");
	markup_open(m, "figcaption");
	markup_element(m, "strong", NULL, c->title);
	markup_element(m, "span", "sub", c->says);
	markup_close(m);
	svg_begin(m, &(struct svg_frame){ "plot", c->title, c->desc, MARGIN + PLOT + 22, 0 });
	put_grid(m);
	put_line(m, c);
	put_here(m, c);
	svg_end(m);
	markup_element(m, "p", "note", c->note);
	markup_close(m);
}

static void put_marked(struct markup *m, const struct report_line *v, size_t n)
{
	struct arena *a = m->out->arena;

	markup_begin(m, "ul", "marked");
	for (size_t i = 0; i < n; i++) {
		markup_begin(m, "li", arena_printf(a, "d%u", v[i].depth < 3 ? v[i].depth : 3));
		html_mark(m, v[i].mark);
		markup_text(m, arena_printf(a, " %s", v[i].text));
		markup_close(m);
	}
	markup_close(m);
}

void html_pool(const struct html *h)
{
	if (!h->r->side.n)
		return;
	html_section(h->m, "resolver", "The resolver's source ports");
	vec_each (const struct picture_pool, p, h->p->pools)
		put_pool(h->m, p);
	if (h->p->curve)
		put_curve(h->m, h->p->curve);
	put_marked(h->m, h->r->side.v, h->r->side.n);
	html_end(h->m);
}

void html_cases(const struct html *h)
{
	if (!h->r->cases.n)
		return;
	html_section(h->m, "cases", "Test cases");
	put_marked(h->m, h->r->cases.v, h->r->cases.n);
	html_end(h->m);
}

void html_lookup(const struct html *h)
{
	if (!h->r->lookup.n)
		return;
	html_section(h->m, "replies", "What the replies mean");
	html_lines(h->m, "notes", &h->r->lookup);
	html_end(h->m);
}
