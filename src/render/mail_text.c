/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of look-ups that mail takes: look-up, result, what it does to delivery. */
#include "render/text_parts.h"

enum { LOOKUP_AT = 4, RESULT_AT = 40, FATE_AT = 52, GAP = 2 };

/* Blanks from a column to the next; a line of its own when the text went too far. */
static void tab(const struct page *p, unsigned int at, unsigned int to)
{
	if (at + GAP > to) {
		buf_char(p->out, '\n');
		at = 0;
	}
	buf_printf(p->out, "%*s", (int)(to - at), "");
}

static const char *fate(const struct page *p, const struct report_mail *x)
{
	const char *word = *x->consequence ? x->consequence : x->about;

	return x->note ? arena_printf(p->out->arena, "%s; %s", word, x->note) : word;
}

static void put_row(const struct page *p, const struct report_mail *x)
{
	const char *lookup = arena_printf(p->out->arena, "%s %s", x->name, x->type);
	unsigned int end = LOOKUP_AT + page_columns(lookup);

	buf_str(p->out, "  ");
	page_mark(p, x->mark);
	buf_char(p->out, ' ');
	if (end + GAP <= RESULT_AT) {
		buf_str(p->out, lookup);
		tab(p, end, RESULT_AT);
	} else {
		page_wrap(p, lookup, (struct page_place){ LOOKUP_AT, LOOKUP_AT + GAP });
		buf_printf(p->out, "%*s", RESULT_AT, "");
	}
	buf_str(p->out, x->result);
	tab(p, RESULT_AT + page_columns(x->result), FATE_AT);
	page_wrap(p, fate(p, x), (struct page_place){ FATE_AT, FATE_AT });
}

void text_mail(const struct page *p, const struct report *r)
{
	if (!r->mail.n)
		return;
	page_head(p, "Look-ups that mail takes");
	page_colour(p, PAGE_BOLD,
		arena_printf(p->out->arena, "    %-*s%-*s%s", RESULT_AT - LOOKUP_AT, "Look-up",
			FATE_AT - RESULT_AT, "Result", "What it does to delivery"));
	buf_char(p->out, '\n');
	vec_each (const struct report_mail, x, r->mail)
		put_row(p, x);
}
