/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What servers made of query shapes: the lines of the report, and the JSON of them. */
#include "render/shapes.h"

#include <string.h>

#include "base/err.h"
#include "dns/text.h"
#include "render/isolate.h"
#include "render/words.h"

static const char *const groups[SHAPE_GROUPS] = {
	[SHAPE_EDNS] = "EDNS",
	[SHAPE_FULL] = "header and options",
	[SHAPE_COMM] = "as others ask",
	[SHAPE_TYPE] = "types",
	[SHAPE_OURS] = "more",
};

static const char *const states[] = {
	[CELL_REPLIED] = "replied",
	[CELL_DROPPED] = "dropped",
	[CELL_BROKEN] = "broken",
	[CELL_UNTOLD] = "untold",
};

const char *shapes_group(enum shape_group g)
{
	return groups[g];
}

bool report_is_shapes(const struct report *r)
{
	return strcmp(r->command, "shapes") == 0;
}

/* A row with several names has its name beside it. */
static const char *cell_name(struct arena *a, const struct matrix_cell *c)
{
	if (c->row->about != ABOUT_ABOVE)
		return c->row->slug;
	return arena_printf(a, "%s %s", c->row->slug, words_name(a, c->name));
}

static void add_line(struct making *m, unsigned int depth, enum report_mark mark, const char *text)
{
	vec_push(m->a, &m->r->shapes, (struct report_line){ depth, mark, text });
}

static void add_good(struct making *m, const struct matrix *x, enum shape_group g)
{
	struct buf b = { .arena = m->a };

	vec_each (const struct matrix_cell, c, x->cells)
		if (c->row->group == g && c->good && !c->other)
			buf_printf(&b, " %s", cell_name(m->a, c));
	if (b.n)
		add_line(m, 1, MARK_GOOD, arena_printf(m->a, "%s:%s", groups[g], buf_text(&b)));
}

static const char *times(struct arena *a, const struct matrix_cell *c)
{
	if (c->replies || c->sent < 2)
		return "";
	return arena_printf(a, ", %u times", c->sent);
}

static void add_bad(struct making *m, const struct matrix_cell *c, const struct matrix *x)
{
	struct buf b = { .arena = m->a };

	if (c->good && !c->other)
		return;
	buf_printf(
		&b, "%s (%s): %s%s", cell_name(m->a, c), c->row->differs, c->words, times(m->a, c));
	if (c->other)
		buf_printf(&b, ", and %s", matrix_words(m->a, c->row, c->other, x->zone));
	if (c->replies && !c->other)
		buf_printf(&b, "; right is: %s", c->row->conforms);
	if (c->state == CELL_UNTOLD && c->sent)
		buf_str(&b, "; that may be loss");
	add_line(m, 1, c->state == CELL_UNTOLD || c->good ? MARK_DOUBT : MARK_BAD, buf_text(&b));
}

static void add_head(struct making *m, const struct matrix *x)
{
	struct buf b = { .arena = m->a };
	size_t good = 0;

	vec_each (const struct matrix_cell, c, x->cells)
		good += c->good;
	buf_printf(&b, "%s%s", words_server(m->a, &x->server), x->control ? " (a control)" : "");
	if (x->zone)
		buf_printf(&b, ", zone %s", words_name(m->a, x->zone));
	buf_printf(&b, ": %zu of %zu shapes as they should be; %llu of %llu replies lost", good,
		x->cells.n, (unsigned long long)x->lost, (unsigned long long)x->answerable);
	add_line(m, 0, good && good == x->cells.n ? MARK_GOOD : MARK_DOUBT, buf_text(&b));
}

/* Names are not told of the server's nodes when there is but one. */
static void add_nodes(struct making *m, const struct matrix *x)
{
	struct buf b = { .arena = m->a };

	if (x->nodes.n < 2)
		return;
	vec_each (const struct matrix_node, n, x->nodes) {
		buf_str(&b, b.n ? "; " : "nodes: ");
		for (size_t i = 0; i < n->id.n && i < 32; i++)
			buf_char(&b, n->id.p[i] > ' ' && n->id.p[i] < 127 ? (char)n->id.p[i] : '.');
		buf_printf(&b, "%s %u times, serial %u", n->id.n ? "" : "(no name)", n->count,
			n->serial);
	}
	add_line(m, 1, MARK_NONE, buf_text(&b));
}

void report_shapes(struct making *m)
{
	isolate_lines(m);
	vec_each (const struct matrix, x, m->r->inferences->matrices) {
		add_head(m, x);
		if (x->control)
			continue;
		for (size_t g = 0; g < SHAPE_GROUPS; g++)
			add_good(m, x, (enum shape_group)g);
		vec_each (const struct matrix_cell, c, x->cells)
			add_bad(m, c, x);
		add_nodes(m, x);
	}
}

static void put_cell(struct json *j, const struct matrix *m, const struct matrix_cell *c)
{
	char type[TEXT_MNEMONIC];

	json_object(j, NULL);
	json_str(j, "row", c->row->slug);
	json_str(j, "name", words_name(j->out->arena, c->name));
	json_str(j, "type", text_type(c->type, type));
	json_str(j, "result", c->words);
	if (c->other)
		json_str(j, "also", matrix_words(j->out->arena, c->row, c->other, m->zone));
	json_str(j, "state", states[c->state]);
	json_uint(j, "sent", c->sent);
	json_uint(j, "replies", c->replies);
	if (c->replies)
		json_uint(j, "size", c->seen->size);
	json_end(j);
}

static void put_matrix(struct json *j, const struct matrix *m)
{
	json_object(j, NULL);
	json_str(j, "server", words_server(j->out->arena, &m->server));
	if (m->zone)
		json_str(j, "zone", words_name(j->out->arena, m->zone));
	if (m->control)
		json_bool(j, "control", true);
	json_uint(j, "answerable", m->answerable);
	json_uint(j, "lost", m->lost);
	json_array(j, "rows");
	vec_each (const struct matrix_cell, c, m->cells)
		put_cell(j, m, c);
	json_end(j);
	json_end(j);
}

void shapes_json(struct json *j, const struct report *r)
{
	if (!r->inferences->matrices.n)
		return;
	json_array(j, "shapes");
	vec_each (const struct matrix, m, r->inferences->matrices)
		put_matrix(j, m);
	json_end(j);
}
