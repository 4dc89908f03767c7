/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The delegation tree: a disc for every server as a map, and beside it the same in words. */
#include "render/html_parts.h"
#include "render/svg.h"
#include "render/words.h"

enum {
	WIDE = 300, /* px of the map */
	STEP = 25,  /* from disc to disc */
	HEAD = 22,  /* a zone's name */
	INDENT = 14,
	DEEPEST = 4, /* deeper zones are not indented further */
	LETTER = 7,
	OPEN_MOST = 26, /* servers of a zone that are listed unasked */
	ZONES_MOST = 60
};

static double per_cent(double px)
{
	return px * 100 / WIDE;
}

static double indent(const struct report_zone *z)
{
	return (z->depth < DEEPEST ? z->depth : DEEPEST) * INDENT;
}

static size_t in_row(const struct report_zone *z)
{
	return (size_t)((WIDE - indent(z) - 10) / STEP);
}

static double height(const struct report_zone *z)
{
	size_t each = in_row(z), rows = (z->servers.n + each - 1) / each;

	return HEAD + (double)rows * STEP + 8;
}

static const char *server_title(struct arena *a, const struct report_server *s)
{
	struct buf b = { .arena = a };

	if (s->ns)
		buf_printf(&b, "%s ", words_name(a, s->ns));
	buf_printf(&b, "%s: %s", words_server(a, &s->addr), s->says);
	for (size_t i = 0; i < s->found.n; i++)
		buf_printf(&b, "%s%s", i ? ", " : "; found: ", s->found.v[i]);
	return buf_text(&b);
}

static void put_discs(struct markup *m, const struct report_zone *z, double top)
{
	size_t each = in_row(z);

	for (size_t i = 0; i < z->servers.n; i++) {
		const struct report_server *s = &z->servers.v[i];
		size_t row = i / each;

		svg_disc(m, &(struct svg_sign){ .class = html_class(s->mark),
				    .sign = html_sign(s->mark),
				    .title = server_title(m->out->arena, s),
				    .dx = indent(z) + 18 + (double)(i % each) * STEP,
				    .y = top + HEAD + 10 + (double)row * STEP });
	}
}

static void put_zone(struct markup *m, const struct report_zone *z, double top)
{
	struct arena *a = m->out->arena;
	unsigned int room = (unsigned int)((WIDE - indent(z) - 14) / LETTER);

	svg_rect(m, html_class(z->mark),
		(struct svg_box){ per_cent(indent(z)), top + 5, per_cent(5), height(z) - 10 });
	svg_text(m, "zone", (struct svg_at){ 0, indent(z) + 11, top + 16, SVG_START },
		svg_fit(a, words_name(a, z->apex), room));
	put_discs(m, z, top);
}

static const char *desc(struct arena *a, const struct report *r)
{
	struct buf b = { .arena = a };

	vec_each (const struct report_zone, z, r->zones)
		buf_printf(&b, "%s%s %s", b.n ? "; " : "", words_name(a, z->apex), z->says);
	return buf_text(&b);
}

static size_t shown(const struct report *r)
{
	return r->zones.n < ZONES_MOST ? r->zones.n : ZONES_MOST;
}

static void put_map(struct markup *m, const struct report *r)
{
	double total = 0, top = 0;

	for (size_t i = 0; i < shown(r); i++)
		total += height(&r->zones.v[i]);
	svg_begin(m, &(struct svg_frame){ "map", "The delegation tree, a disc for each server",
			     desc(m->out->arena, r), total, WIDE });
	for (size_t i = 0; i < shown(r); i++) {
		put_zone(m, &r->zones.v[i], top);
		top += height(&r->zones.v[i]);
	}
	svg_end(m);
}

static void put_server(struct markup *m, const struct report_server *s)
{
	struct arena *a = m->out->arena;

	markup_open(m, "li");
	html_mark(m, s->mark);
	markup_text(m, " ");
	if (s->ns) {
		markup_element(m, "span", "host", words_name(a, s->ns));
		markup_text(m, " ");
	}
	markup_element(m, "span", "host sub", words_server(a, &s->addr));
	markup_text(m, arena_printf(a, " %s", s->says));
	for (size_t i = 0; i < s->found.n; i++) {
		markup_text(m, " ");
		markup_element(m, "code", "id", s->found.v[i]);
	}
	markup_close(m);
}

static void put_servers(struct markup *m, const struct report_zone *z)
{
	markup_open(m, "details");
	if (z->servers.n <= OPEN_MOST)
		markup_attr(m, "open", "");
	markup_open(m, "summary");
	html_mark(m, z->mark);
	markup_text(m, " ");
	markup_element(m, "strong", "host", words_name(m->out->arena, z->apex));
	markup_text(m, arena_printf(m->out->arena, " %s", z->says));
	markup_close(m);
	markup_begin(m, "ul", "servers");
	vec_each (const struct report_server, s, z->servers)
		put_server(m, s);
	markup_close(m);
	markup_close(m);
}

void html_tree(const struct html *h)
{
	struct markup *m = h->m;

	if (!h->r->zones.n)
		return;
	html_section(m, "tree", "The way from the root, with every server");
	markup_begin(m, "div", "side");
	put_map(m, h->r);
	markup_begin(m, "div", "list");
	for (size_t i = 0; i < shown(h->r); i++)
		put_servers(m, &h->r->zones.v[i]);
	markup_close(m);
	markup_close(m);
	html_left(m, h->r->zones.n - shown(h->r), "zones");
	html_end(m);
}
