/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lights: query shapes by servers, each light with its sign. */
#include "render/html_parts.h"

static void put_columns(struct markup *m, const struct picture_matrix *x)
{
	markup_begin(m, "ul", "columns");
	vec_each (const struct picture_column, c, x->columns) {
		markup_open(m, "li");
		markup_element(m, "strong", NULL, c->letter);
		markup_text(m, " ");
		for (size_t i = 0; i < c->servers.n; i++) {
			markup_text(m, i ? ", " : "");
			markup_element(m, "span", "host", c->servers.v[i]);
		}
		if (*c->says)
			markup_text(m, arena_printf(m->out->arena, " (%s)", c->says));
		markup_close(m);
	}
	markup_close(m);
	html_left(m, x->left, "servers, each unlike these");
}

static void put_light(struct markup *m, const struct picture_light *l)
{
	markup_begin(m, "td", html_class(l->mark));
	markup_attr(m, "title", l->says);
	markup_begin(m, "span", NULL);
	markup_attr(m, "role", "img");
	markup_attr(m, "aria-label", l->says);
	markup_text(m, html_sign(l->mark));
	markup_close(m);
	markup_close(m);
}

static void put_shape(struct markup *m, const struct picture_shape *s)
{
	markup_open(m, "tr");
	markup_open(m, "th");
	markup_attr(m, "scope", "row");
	markup_attr(m, "title",
		arena_printf(m->out->arena, "%s; right is: %s", s->differs, s->conforms));
	markup_text(m, s->slug);
	markup_close(m);
	vec_each (const struct picture_light, l, s->lights)
		put_light(m, l);
	markup_close(m);
}

static void put_group(
	struct markup *m, const struct picture_matrix *x, const struct picture_group *g)
{
	markup_begin(m, "table", "lights");
	markup_element(m, "caption", NULL, g->name);
	markup_open(m, "thead");
	markup_open(m, "tr");
	markup_element(m, "th", NULL, "Shape");
	vec_each (const struct picture_column, c, x->columns)
		markup_element(m, "th", NULL, c->letter);
	markup_close(m);
	markup_close(m);
	markup_open(m, "tbody");
	vec_each (const struct picture_shape, s, g->shapes)
		put_shape(m, s);
	markup_close(m);
	markup_close(m);
}

/* What is not as it should be, in words: on paper nothing can be pointed at. */
static void put_words(struct markup *m, const struct report *r)
{
	struct arena *a = m->out->arena;

	markup_begin(m, "ul", "marked");
	vec_each (const struct report_line, l, r->shapes) {
		if (l->mark == MARK_GOOD && l->depth)
			continue;
		markup_begin(m, "li", arena_printf(a, "d%u", l->depth < 3 ? l->depth : 3));
		html_mark(m, l->mark);
		markup_text(m, arena_printf(a, " %s", l->text));
		markup_close(m);
	}
	markup_close(m);
}

void html_matrix(const struct html *h)
{
	const struct picture_matrix *x = h->p->matrix;

	if (!x && !h->r->shapes.n)
		return;
	html_section(h->m, "shapes", "Query shapes: which of them the servers answer");
	if (x) {
		put_columns(h->m, x);
		markup_begin(h->m, "div", "groups");
		vec_each (const struct picture_group, g, x->groups)
			put_group(h->m, x, g);
		markup_close(h->m);
	}
	markup_open(h->m, "details");
	if (!x)
		markup_attr(h->m, "open", "");
	markup_element(h->m, "summary", NULL, "In words, what is not as it should be");
	put_words(h->m, h->r);
	markup_close(h->m);
	html_end(h->m);
}
