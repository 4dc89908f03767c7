/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The look-ups that mail takes, and what was not tested. */
#include "render/html_parts.h"

static void put_mail(struct markup *m, const struct report_mail *x)
{
	struct arena *a = m->out->arena;

	markup_open(m, "tr");
	markup_begin(m, "th", "host");
	markup_attr(m, "scope", "row");
	html_mark(m, x->mark);
	markup_text(m, arena_printf(a, " %s %s", x->name, x->type));
	markup_close(m);
	markup_element(m, "td", NULL, x->about ? x->about : x->purpose);
	markup_element(m, "td", NULL,
		arena_printf(a, "%s%s%s%s%s", x->result, x->secure ? ", " : "",
			x->secure ? x->secure : "", x->note ? ": " : "", x->note ? x->note : ""));
	markup_element(m, "td", NULL, x->consequence ? x->consequence : "");
	markup_close(m);
}

void html_mail(const struct html *h)
{
	static const char *const heads[] = { "Look-up", "What for", "Result",
		"What it does to delivery" };
	struct markup *m = h->m;

	if (!h->r->mail.n)
		return;
	html_section(m, "mail", "What mail looks up");
	markup_begin(m, "table", "mail");
	markup_open(m, "thead");
	markup_open(m, "tr");
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		markup_element(m, "th", NULL, heads[i]);
	markup_close(m);
	markup_close(m);
	markup_open(m, "tbody");
	vec_each (const struct report_mail, x, h->r->mail)
		put_mail(m, x);
	markup_close(m);
	markup_close(m);
	html_end(m);
}

void html_untested(const struct html *h)
{
	struct markup *m = h->m;

	if (!h->r->untested.n)
		return;
	html_section(m, "untested", "Not tested");
	markup_begin(m, "ul", "notes");
	vec_each (const struct report_untested, u, h->r->untested)
		markup_element(
			m, "li", NULL, arena_printf(m->out->arena, "%s: %s", u->what, u->why));
	markup_close(m);
	html_end(m);
}
