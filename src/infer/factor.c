/* SPDX-License-Identifier: GPL-3.0-or-later */
/* In what two queries differ, and queries with some of it. */
#include "infer/factor.h"

#include <string.h>

#include "base/err.h"
#include "infer/factor_inner.h"

static bool row_differs(
	const struct factor_row *r, const struct ask *fails, const struct ask *works)
{
	/* What belongs to EDNS goes with it. */
	if (r->edns && !fails->shape.edns)
		return false;
	if (r->flag)
		return (fails->shape.flags ^ works->shape.flags) & r->flag;
	return r->differs(fails, works);
}

/* All options of that code, in their order, are the same in both. */
static bool option_same(const struct shape *a, const struct shape *b, uint16_t code)
{
	size_t i = 0, j = 0;

	for (;; i++, j++) {
		while (i < a->noptions && a->options[i].code != code)
			i++;
		while (j < b->noptions && b->options[j].code != code)
			j++;
		if (i == a->noptions || j == b->noptions)
			return i == a->noptions && j == b->noptions;
		if (a->options[i].length != b->options[j].length ||
			(a->options[i].length && memcmp(a->options[i].data, b->options[j].data,
							 a->options[i].length) != 0))
			return false;
	}
}

static int add(struct factor_pair *p, const struct factor_row *r, uint16_t code)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->v[i].row == r && p->v[i].code == code)
			return 0;
	if (p->n == FACTORS_MOST)
		return -ERR_LIMIT;
	p->v[p->n++] = (struct factor){ r, code };
	return 0;
}

/* Options of one of the two that the other has not, or not so. */
static int add_options(struct factor_pair *p, const struct factor_row *r, const struct shape *of)
{
	const struct shape *other = of == &p->fails.shape ? &p->works.shape : &p->fails.shape;
	int err = 0;

	if (!of->edns || !p->fails.shape.edns)
		return 0;
	for (size_t i = 0; i < of->noptions && err == 0; i++)
		if (!option_same(of, other, of->options[i].code))
			err = add(p, r, of->options[i].code);
	return err;
}

/* What is not EDNS has nothing of it. */
static void tidy(struct shape *s)
{
	if (s->edns)
		return;
	s->edns_version = 0;
	s->edns_flags = s->edns_size = 0;
	s->noptions = 0;
}

int factor_pair_make(struct factor_pair *ret, const struct ask *fails, const struct ask *works)
{
	struct factor_pair p = { .fails = *fails, .works = *works };
	int err = 0;

	tidy(&p.fails.shape);
	tidy(&p.works.shape);
	for (size_t i = 0; i < factor_nrows && err == 0; i++) {
		if (factor_rows[i].option) {
			err = add_options(&p, &factor_rows[i], &p.fails.shape);
			if (err == 0)
				err = add_options(&p, &factor_rows[i], &p.works.shape);
		} else if (row_differs(&factor_rows[i], &p.fails, &p.works)) {
			err = add(&p, &factor_rows[i], 0);
		}
	}
	if (err == 0)
		*ret = p;
	return err;
}

uint64_t factor_bit(size_t i)
{
	return UINT64_C(1) << i;
}

uint64_t factor_all(const struct factor_pair *p)
{
	return factor_bit(p->n) - 1;
}

uint64_t factor_closure(const struct factor_pair *p, uint64_t set)
{
	uint64_t edns = p->n && p->v[0].row == &factor_rows[0] ? factor_bit(0) : 0;

	for (size_t i = 0; i < p->n; i++)
		if ((set & factor_bit(i)) && p->v[i].row->edns)
			return set | edns;
	return set;
}

uint64_t factor_without(const struct factor_pair *p, uint64_t set, size_t i)
{
	set &= ~factor_bit(i);
	for (size_t k = 0; k < p->n && p->v[i].row == &factor_rows[0]; k++)
		if (p->v[k].row->edns)
			set &= ~factor_bit(k);
	return set;
}

/* Options of that code come from the failing query: they are alike, or it is in the set. */
static bool option_of_fails(const struct factor_pair *p, uint64_t set, uint16_t code)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->v[i].row->option && p->v[i].code == code)
			return set & factor_bit(i);
	return true;
}

/* The options' list of the set: those of the failing query in its order, then the others. */
static void put_options(struct arena *a, const struct factor_pair *p, uint64_t set, struct ask *ask)
{
	const struct shape *f = &p->fails.shape, *w = &p->works.shape;
	struct shape_option *list;
	size_t n = 0;

	if (!ask->shape.edns)
		return;
	list = arena_alloc(a, ((size_t)f->noptions + w->noptions + 1) * sizeof(*list));
	for (size_t i = 0; i < f->noptions; i++)
		if (option_of_fails(p, set, f->options[i].code))
			list[n++] = f->options[i];
	for (size_t i = 0; i < w->noptions; i++)
		if (!option_of_fails(p, set, w->options[i].code))
			list[n++] = w->options[i];
	ask->shape.options = list;
	ask->shape.noptions = (uint8_t)(n > UINT8_MAX ? UINT8_MAX : n);
}

struct ask factor_ask(struct arena *a, const struct factor_pair *p, uint64_t set)
{
	struct ask ask = p->works;

	set = factor_closure(p, set);
	for (size_t i = 0; i < p->n; i++) {
		const struct factor_row *r = p->v[i].row;

		if (!(set & factor_bit(i)) || r->option)
			continue;
		if (r->flag)
			ask.shape.flags = (uint16_t)((ask.shape.flags & ~r->flag) |
						     (p->fails.shape.flags & r->flag));
		else
			r->copy(&ask, &p->fails);
	}
	put_options(a, p, set, &ask);
	return ask;
}

bool factor_same(const struct ask *a, const struct ask *b)
{
	struct factor_pair p;

	return factor_pair_make(&p, a, b) == 0 && p.n == 0;
}

int factor_set_of(
	struct arena *a, const struct factor_pair *p, const struct ask *ask, uint64_t *ret)
{
	uint64_t set = 0;
	struct ask same;

	for (size_t i = 0; i < p->n; i++) {
		const struct factor *f = &p->v[i];
		bool differs = f->row->option ? !option_same(&p->fails.shape, &ask->shape, f->code)
					      : row_differs(f->row, &p->fails, ask);

		set |= differs ? 0 : factor_bit(i);
	}
	same = factor_ask(a, p, set);
	if (factor_closure(p, set) != set || !factor_same(&same, ask))
		return -ERR_NONE;
	*ret = set;
	return 0;
}

const char *factor_slug(struct arena *a, const struct factor *f)
{
	return f->row->option ? arena_printf(a, "option-%u", f->code) : f->row->slug;
}

void factor_words(struct buf *b, const struct factor_pair *p, size_t i)
{
	const struct factor *f = &p->v[i];

	if (f->row->flag) {
		buf_str(b, "with flag ");
		for (const char *c = f->row->slug; *c; c++)
			buf_char(b, (char)(*c - 'a' + 'A'));
		buf_printf(b, "=%d", p->fails.shape.flags & f->row->flag ? 1 : 0);
		return;
	}
	f->row->words(b, p, f->code);
}

const char *factor_set_words(struct arena *a, const struct factor_pair *p, uint64_t set)
{
	struct buf b = { .arena = a };

	for (size_t i = 0; i < p->n; i++) {
		if (!(set & factor_bit(i)))
			continue;
		if (b.n)
			buf_str(&b, " and ");
		factor_words(&b, p, i);
	}
	return buf_text(&b);
}
