/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lights: a row for each query shape, a column for servers that fared alike in all of them. */
#include <string.h>

#include "base/err.h"
#include "render/picture.h"
#include "render/shapes.h"

enum { COLUMNS_MOST = 12 };

/* A row of the picture: of which cells it is. */
struct row {
	const struct shape_row *row;
	const struct name *name;
	bool named; /* there are several of it: the name is shown */
};
struct rows VEC(struct row);

static enum report_mark mark_of(const struct matrix_cell *c)
{
	if (!c)
		return MARK_NONE;
	if (c->state == CELL_UNTOLD)
		return MARK_DOUBT;
	if (!c->good)
		return MARK_BAD;
	return c->other ? MARK_DOUBT : MARK_GOOD;
}

static const struct matrix_cell *cell_of(const struct matrix *m, const struct row *r)
{
	vec_each (const struct matrix_cell, c, m->cells)
		if (c->row == r->row && (!r->named || name_equal(c->name, r->name)))
			return c;
	return NULL;
}

static bool has_row(const struct rows *rows, const struct row *r)
{
	vec_each (const struct row, x, *rows)
		if (x->row == r->row && (!r->named || name_equal(x->name, r->name)))
			return true;
	return false;
}

/* In the order of the table, whichever server was asked so. */
static struct rows collect(struct drawing *d)
{
	struct rows rows = { 0 };

	for (size_t i = 0; i < shape_count; i++)
		vec_each (const struct matrix, m, d->r->inferences->matrices)
			vec_each (const struct matrix_cell, c, m->cells) {
				struct row r = { c->row, c->name, c->row->about == ABOUT_ABOVE };

				if (c->row == &shape_table[i] && !has_row(&rows, &r))
					vec_push(d->a, &rows, r);
			}
	return rows;
}

static bool alike(const struct matrix *a, const struct matrix *b, const struct rows *rows)
{
	if (a->control != b->control)
		return false;
	vec_each (const struct row, r, *rows) {
		const struct matrix_cell *x = cell_of(a, r), *y = cell_of(b, r);

		if (mark_of(x) != mark_of(y) || (x && y && strcmp(x->words, y->words) != 0))
			return false;
	}
	return true;
}

/* The first server of each column. */
struct firsts VEC(const struct matrix *);

static void add_server(
	struct drawing *d, const struct matrix *m, struct picture_matrix *p, size_t column)
{
	vec_push(d->a, &p->columns.v[column].servers, words_server(d->a, &m->server));
}

static void add_column(struct drawing *d, const struct matrix *m, struct picture_matrix *p)
{
	struct picture_column c = {
		.letter = arena_printf(d->a, "%c", (char)('A' + (int)p->columns.n)),
		.says = m->control ? "a control: another operator's" : "",
	};

	vec_push(d->a, &p->columns, c);
}

static struct firsts add_columns(
	struct drawing *d, struct picture_matrix *p, const struct rows *rows)
{
	struct firsts firsts = { 0 };

	vec_each (const struct matrix, m, d->r->inferences->matrices) {
		size_t i = 0;

		while (i < firsts.n && !alike(firsts.v[i], m, rows))
			i++;
		if (i == COLUMNS_MOST) {
			p->left++;
			continue;
		}
		if (i == p->columns.n)
			add_column(d, m, p);
		if (i == firsts.n)
			vec_push(d->a, &firsts, m);
		add_server(d, m, p, i);
	}
	return firsts;
}

static const char *says(struct drawing *d, const struct matrix_cell *c)
{
	if (!c)
		return "not asked";
	if (c->state == CELL_UNTOLD && c->sent)
		return arena_printf(d->a, "%s; that may be loss", c->words);
	if (c->state == CELL_DROPPED)
		return arena_printf(d->a, "%s, %u times", c->words, c->sent);
	return c->words;
}

static void add_shape(struct drawing *d, const struct row *r, const struct firsts *columns,
	struct picture_group *g)
{
	struct picture_shape s = {
		.slug = r->row->slug, .differs = r->row->differs, .conforms = r->row->conforms
	};

	if (r->named)
		s.slug = arena_printf(d->a, "%s %s", s.slug, words_name(d->a, r->name));
	for (size_t i = 0; i < columns->n; i++) {
		const struct matrix_cell *c = cell_of(columns->v[i], r);
		struct picture_light light = { mark_of(c), says(d, c) };

		if (s.mark == MARK_NONE || light.mark == MARK_BAD ||
			(light.mark == MARK_DOUBT && s.mark == MARK_GOOD))
			s.mark = light.mark == MARK_NONE ? s.mark : light.mark;
		vec_push(d->a, &s.lights, light);
	}
	vec_push(d->a, &g->shapes, s);
}

void picture_shapes(struct drawing *d)
{
	struct picture_matrix *p;
	struct firsts columns;
	struct rows rows;

	if (!d->r->inferences->matrices.n)
		return;
	p = arena_alloc(d->a, sizeof(*p));
	rows = collect(d);
	columns = add_columns(d, p, &rows);
	for (int group = 0; group < SHAPE_GROUPS; group++) {
		struct picture_group g = { .name = shapes_group((enum shape_group)group) };

		vec_each (const struct row, r, rows)
			if (r->row->group == group)
				add_shape(d, r, &columns, &g);
		if (g.shapes.n)
			vec_push(d->a, &p->groups, g);
	}
	d->p->matrix = p;
}
