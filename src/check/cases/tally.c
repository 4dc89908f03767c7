// SPDX-License-Identifier: GPL-3.0-or-later
// Replies by tag and detail.
#include "check/cases/tally.h"

#include <string.h>

#include "dns/text.h"

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

void tally_add_by(struct tally *t, struct tally_by by, const struct entry *e)
{
	struct tally_row *row = NULL;

	vec_each (struct tally_row, r, t->rows)
		if (r->tag == by.tag && same_text(r->text, by.text))
			row = r;
	if (!row) {
		vec_push(t->c->arena, &t->rows,
			(struct tally_row){ .tag = by.tag, .key = by.key, .text = by.text });
		row = &t->rows.v[t->rows.n - 1];
	}
	vec_push(t->c->arena, &row->heard, e);
}

void tally_add(struct tally *t, enum tag tag, const struct entry *e)
{
	tally_add_by(t, (struct tally_by){ .tag = tag }, e);
}

void tally_rcode(struct tally *t, enum tag tag, const struct entry *e)
{
	char text[TEXT_MNEMONIC];

	text_rcode(e->msg->rcode, text);
	tally_add_by(t, (struct tally_by){ tag, "rcode", arena_str(t->c->arena, text) }, e);
}

struct finding *tally_put(const struct tally *t, const struct tally_row *row)
{
	struct finding *x = cases_emit_heard(t->c, row->tag, &row->heard);

	if (row->key)
		cases_text(t->c, x, row->key, row->text);
	return x;
}

void tally_emit(const struct tally *t)
{
	vec_each (const struct tally_row, row, t->rows)
		tally_put(t, row);
}

size_t tally_count(const struct tally *t, enum tag tag)
{
	size_t n = 0;

	vec_each (const struct tally_row, row, t->rows)
		n += row->tag == tag ? row->heard.n : 0;
	return n;
}
