/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The look-ups that mail takes, other vantage points, and what was not tested. */
#include "render/html_parts.h"
#include "render/text_parts.h"

enum { COLUMNS = 4 };

struct table {
	const char *id, *heading;
	const char *heads[COLUMNS]; /* NULL: fewer columns */
};

/* Opens a section with a table, up to its first row. */
static void open_table(struct markup *m, const struct table *t)
{
	html_section(m, t->id, t->heading);
	markup_begin(m, "table", t->id);
	markup_open(m, "thead");
	markup_open(m, "tr");
	for (size_t i = 0; i < COLUMNS && t->heads[i]; i++)
		markup_element(m, "th", NULL, t->heads[i]);
	markup_close(m);
	markup_close(m);
	markup_open(m, "tbody");
}

static void close_table(struct markup *m)
{
	markup_close(m);
	markup_close(m);
	html_end(m);
}

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
	static const struct table table = { "mail", "What mail looks up",
		{ "Look-up", "What for", "Result", "What it does to delivery" } };
	struct markup *m = h->m;

	if (!h->r->mail.n)
		return;
	open_table(m, &table);
	vec_each (const struct report_mail, x, h->r->mail)
		put_mail(m, x);
	close_table(m);
}

static void put_vantage(struct markup *m, const struct report_vantage *v)
{
	struct arena *a = m->out->arena;
	const struct finding *main = v->verdict.main;

	markup_open(m, "tr");
	markup_begin(m, "th", "host");
	markup_attr(m, "scope", "row");
	html_mark(m, v->mark);
	markup_text(m, arena_printf(a, " %s", v->name));
	markup_close(m);
	markup_element(m, "td", "from",
		arena_printf(a, "%s, %s UTC", v->sources, text_time(a, v->started)));
	markup_element(m, "td", NULL,
		arena_printf(a, "%s%s%s%s%s", main ? "[" : "", main ? main->id : "",
			main ? "] " : "", v->summary, v->here ? " (this page is of it)" : ""));
	markup_close(m);
}

void html_vantages(const struct html *h)
{
	static const struct table table = { "vantages", "Vantage points, each alone",
		{ "Name", "From where, when", "Found there alone" } };

	if (!h->r->vantages.n)
		return;
	open_table(h->m, &table);
	vec_each (const struct report_vantage, v, h->r->vantages)
		put_vantage(h->m, v);
	close_table(h->m);
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
