/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a judge's case to a finding. */
#include "check/shapes_inner.h"

#include <math.h>
#include <string.h>

#include "base/err.h"
#include "base/stats.h"
#include "dns/rr.h"
#include "dns/text.h"

/* Of what was read in replies, twice. */
#define READ_SURE 0.999

void case_bad(struct shape_case *c, const struct matrix_cell *cell)
{
	if (cell && c->nbad < CASE_CELLS)
		c->bad[c->nbad++] = cell;
}

void case_good(struct shape_case *c, const struct matrix_cell *cell)
{
	if (cell && c->ngood < CASE_CELLS)
		c->good[c->ngood++] = cell;
}

void case_evidence(struct shape_case *c, size_t index)
{
	if (c->nevidence < ARRAY_LEN(c->evidence))
		c->evidence[c->nevidence++] = index;
}

void case_word(struct shape_case *c, const char *word)
{
	c->what = c->what ? arena_printf(c->arena, "%s, %s", c->what, word) : word;
}

bool cell_answered(const struct matrix_cell *c)
{
	return c && c->state == CELL_REPLIED && observation_answered(c->seen);
}

bool cell_rcode(const struct matrix_cell *c, uint16_t rcode)
{
	return cell_answered(c) && c->seen->msg->rcode == rcode;
}

bool cell_good(const struct matrix_cell *c)
{
	return cell_answered(c) && c->good;
}

bool cell_dropped(const struct matrix_cell *c)
{
	return c && c->state == CELL_DROPPED;
}

bool cell_failed(const struct matrix_cell *c)
{
	return c && (c->state == CELL_DROPPED || c->state == CELL_BROKEN);
}

bool cell_says(const struct matrix_cell *c, const char *word)
{
	size_t n = strlen(word);

	for (const char *at = cell_answered(c) ? c->words : NULL; at; at = strchr(at, ',')) {
		at += *at == ',';
		if (strncmp(at, word, n) == 0 && (!at[n] || at[n] == ','))
			return true;
	}
	return false;
}

bool cell_error(const struct matrix_cell *c)
{
	return cell_answered(c) && c->seen->msg->rcode != RCODE_NOERROR && !c->good &&
	       (!c->other || !c->other->msg || c->other->msg->rcode != RCODE_NOERROR);
}

const char *cell_type(struct arena *a, const struct matrix_cell *c)
{
	char text[TEXT_MNEMONIC];

	return arena_str(a, text_type(c->type, text));
}

bool matrix_plain(const struct matrix *m)
{
	return !m->unsteady && cell_rcode(matrix_cell(m, "dns"), RCODE_NOERROR);
}

bool matrix_edns(const struct matrix *m)
{
	return !m->unsteady && cell_rcode(matrix_cell(m, "edns"), RCODE_NOERROR);
}

/* Every control that answers anything drops the shape, too: then it is not the server. */
static enum where drop_place(
	const struct check_input *in, const struct shape_kind *k, const struct shape_case *c)
{
	size_t alike = 0, others = 0;

	vec_each (const struct matrix, m, in->inferences->matrices) {
		const struct matrix_cell *cell;

		if (!m->control || !(matrix_plain(m) || matrix_edns(m)))
			continue;
		cell = c->nbad ? matrix_cell(m, c->bad[0]->row->slug) : NULL;
		alike += cell_dropped(cell);
		others += cell_answered(cell);
	}
	if (alike && !others)
		return WHERE_NEAR;
	return others ? k->where : WHERE_UNKNOWN;
}

static double sure_of(const struct shape_case *c)
{
	double loss = stats_rate_upper(c->matrix->lost, c->matrix->answerable, 0.99);
	double least = c->sure > 0 ? c->sure : 1;

	for (size_t i = 0; i < c->nbad; i++) {
		const struct matrix_cell *x = c->bad[i];
		double sure = x->silences && !x->replies ? 1 - pow(loss, x->silences) : READ_SURE;

		if (sure < least)
			least = sure;
	}
	return least;
}

/* "ednsopt, padding": the shapes' names. */
static const char *shapes_of(struct arena *a, const struct shape_case *c)
{
	struct buf b = { .arena = a };

	for (size_t i = 0; i < c->nbad; i++)
		buf_printf(&b, "%s%s", i ? ", " : "", c->bad[i]->row->slug);
	return buf_text(&b);
}

static const char *words_of(struct arena *a, const struct shape_case *c)
{
	struct buf b = { .arena = a };

	for (size_t i = 0; i < c->nbad; i++)
		buf_printf(&b, "%s%s", i ? ", " : "", c->bad[i]->row->differs);
	return buf_text(&b);
}

/* One that has the same details already. */
static struct finding *same_finding(
	struct findings *f, const struct shape_kind *k, enum where where, const char *what)
{
	vec_each (struct finding, x, f->list) {
		const struct detail *d = finding_find(x, "what");

		if (strcmp(x->id, k->id) == 0 && x->where == where && d &&
			strcmp(d->text, what) == 0)
			return x;
	}
	return NULL;
}

static void add(const struct check_input *in, struct findings *f, const struct shape_kind *k,
	const struct shape_case *c)
{
	enum where where = k->drop ? drop_place(in, k, c) : k->where;
	const char *what = c->what ? c->what : words_of(f->arena, c);
	struct finding *x = same_finding(f, k, where, what);
	double sure = sure_of(c);

	if (!x) {
		x = findings_add(f, k->id, k->severity, where);
		x->subject = matrix_subject(c->matrix);
		x->confidence = 1;
		finding_text(f, x, "what", what);
		if (c->nbad)
			finding_text(f, x, "shapes", shapes_of(f->arena, c));
		if (c->nbad && c->bad[0]->words)
			finding_text(f, x, "result", c->bad[0]->words);
	}
	if (sure < x->confidence)
		x->confidence = sure;
	finding_server(f, x, &c->matrix->server);
	for (size_t i = 0; i < c->nbad; i++)
		finding_evidence(f, x, c->bad[i]->index);
	for (size_t i = 0; i < c->nevidence; i++)
		finding_evidence(f, x, c->evidence[i]);
	for (size_t i = 0; i < c->ngood; i++)
		finding_evidence(f, x, c->good[i]->index);
}

void shapes_judge(const struct check_input *in, struct findings *f, const struct shape_kind *k)
{
	vec_each (const struct matrix, m, in->inferences->matrices) {
		struct shape_case c = { .arena = f->arena, .facts = in->facts, .matrix = m };

		if (!m->control && k->judge(m, &c))
			add(in, f, k, &c);
	}
}
