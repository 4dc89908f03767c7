/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report as a page that stands alone: its frame, and the facts at its end. */
#include <string.h>

#include "base/err.h"
#include "facts/embed.h"
#include "render/html_parts.h"
#include "render/text_parts.h"
#include "render/words.h"

static const struct {
	const char *class, *sign, *word;
} marks[] = {
	[MARK_NONE] = { "none", "\u00b7", "no verdict" },
	[MARK_GOOD] = { "good", "\u2713", "well" },
	[MARK_BAD] = { "bad", "\u2717", "wrong" },
	[MARK_DOUBT] = { "doubt", "~", "in doubt" },
};

const char *html_class(enum report_mark mark)
{
	return marks[mark].class;
}

const char *html_sign(enum report_mark mark)
{
	return marks[mark].sign;
}

const char *html_word(enum report_mark mark)
{
	return marks[mark].word;
}

void html_mark(struct markup *m, enum report_mark mark)
{
	markup_begin(m, "span", "mk");
	markup_attr(m, "role", "img");
	markup_attr(m, "aria-label", html_word(mark));
	markup_element(m, "span", html_class(mark), html_sign(mark));
	markup_close(m);
}

void html_section(struct markup *m, const char *id, const char *heading)
{
	markup_begin(m, "section", "card");
	markup_attr(m, "id", id);
	markup_attr(m, "aria-label", heading);
	markup_element(m, "h2", NULL, heading);
}

void html_end(struct markup *m)
{
	markup_close(m);
	buf_char(m->out, '\n');
}

void html_lines(struct markup *m, const char *class, const struct VEC_texts *v)
{
	if (!v->n)
		return;
	markup_begin(m, "ul", class);
	for (size_t i = 0; i < v->n; i++)
		markup_element(m, "li", NULL, v->v[i]);
	markup_close(m);
}

void html_left(struct markup *m, size_t n, const char *what)
{
	if (n)
		markup_element(
			m, "p", "note", arena_printf(m->out->arena, "and %zu more %s", n, what));
}

/* In the order of the page. */
static const struct {
	const char *id, *name;
	void (*draw)(const struct html *h);
} parts[] = {
	{ "findings", "Findings", html_findings },
	{ "vantages", "Vantage points", html_vantages },
	{ "mail", "Mail", html_mail },
	{ "time", "Time", html_time },
	{ "ports", "Source ports", html_ports },
	{ "path", "Path", html_path },
	{ "tree", "Delegation", html_tree },
	{ "shapes", "Query shapes", html_matrix },
	{ "resolver", "Resolver", html_pool },
	{ "cases", "Test cases", html_cases },
	{ "replies", "Replies", html_lookup },
	{ "untested", "Not tested", html_untested },
};

static void put_meta(struct markup *m, const char *name, const char *content)
{
	markup_open(m, "meta");
	markup_attr(m, "name", name);
	markup_attr(m, "content", content);
	markup_close_void(m);
}

static const char *title_of(struct arena *a, const struct report *r)
{
	const char *about =
		r->facts->question.name ? words_question(a, &r->facts->question) : r->command;

	return arena_printf(a, "%s \u2013 %s \u2013 dnsfault", about, r->summary);
}

static void put_head(const struct html *h)
{
	struct markup *m = h->m;

	markup_open(m, "head");
	markup_open(m, "meta");
	markup_attr(m, "charset", "utf-8");
	markup_close_void(m);
	/* Nothing is loaded and nothing runs, whatever the report quotes. */
	markup_open(m, "meta");
	markup_attr(m, "http-equiv", "Content-Security-Policy");
	markup_attr(m, "content", "default-src 'none'; style-src 'unsafe-inline'");
	markup_close_void(m);
	put_meta(m, "viewport", "width=device-width, initial-scale=1");
	put_meta(m, "color-scheme", "light dark");
	put_meta(m, "referrer", "no-referrer");
	put_meta(m, "generator", "dnsfault " DNSFAULT_VERSION);
	markup_element(m, "title", NULL, title_of(m->out->arena, h->r));
	markup_open(m, "style");
	for (size_t i = 0; i < html_nstyle; i++)
		markup_raw(
			m, (struct span){ (const uint8_t *)html_style[i], strlen(html_style[i]) });
	markup_close(m);
	markup_close(m);
	buf_char(m->out, '\n');
}

static void put_brand(const struct html *h)
{
	struct markup *m = h->m;
	struct arena *a = m->out->arena;
	const struct facts *f = h->r->facts;

	markup_begin(m, "header", "brand");
	markup_element(m, "span", "logo", "dnsfault");
	if (f->question.name)
		markup_element(m, "span", "asked", words_question(a, &f->question));
	markup_element(m, "span", "when",
		arena_printf(a, "%s, %s UTC", h->r->command, text_time(a, f->started)));
	markup_close(m);
}

/* Links to the parts that there are; each part is drawn in a buffer of its own. */
static void put_nav(struct markup *m, const struct buf *drawn)
{
	markup_begin(m, "nav", "toc");
	markup_attr(m, "aria-label", "Parts of this report");
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		if (!drawn[i].n)
			continue;
		markup_open(m, "a");
		markup_attr(m, "href", arena_printf(m->out->arena, "#%s", parts[i].id));
		markup_text(m, parts[i].name);
		markup_close(m);
	}
	markup_close(m);
	buf_char(m->out, '\n');
}

static void put_parts(const struct html *h)
{
	struct buf drawn[ARRAY_LEN(parts)] = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		struct markup m = { .out = &drawn[i] };
		struct html part = { &m, h->r, h->p };

		drawn[i].arena = h->m->out->arena;
		parts[i].draw(&part);
	}
	put_nav(h->m, drawn);
	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		markup_raw(h->m, buf_span(&drawn[i]));
}

/* What the page rests on. whole: its facts are in it. */
static const char *basis(const struct html *h, bool whole)
{
	if (!whole)
		return "What this page rests on is too much for a page: --save keeps it in a file.";
	if (h->r->vantages.n)
		return "This page holds every observation of the vantage point that it is of: "
		       "\u201cdnsfault judge FILE\u201d reads them from it, and judges them alone. "
		       "What others saw is in files of their own.";
	return "This page holds every observation that it rests on: \u201cdnsfault judge "
	       "FILE\u201d reads them from it and draws the same findings again, without "
	       "sending a packet.";
}

static void put_foot(const struct html *h, bool whole)
{
	const struct inferences *in = h->r->inferences;
	struct markup *m = h->m;
	struct arena *a = m->out->arena;

	markup_open(m, "footer");
	markup_element(m, "p", NULL,
		arena_printf(a, "%llu %s, %llu answered, %llu lost, in %s; from %s UTC.",
			(unsigned long long)in->sent, in->sent == 1 ? "query" : "queries",
			(unsigned long long)in->answered, (unsigned long long)in->lost,
			words_duration(a, h->r->facts->elapsed),
			text_time(a, h->r->facts->started)));
	markup_element(m, "p", NULL, basis(h, whole));
	markup_element(m, "p", NULL, "Made by dnsfault " DNSFAULT_VERSION ".");
	markup_close(m);
	buf_char(m->out, '\n');
}

void report_html(const struct report *r, struct buf *out)
{
	struct markup m = { .out = out };
	struct html h = { &m, r, pictures_make(out->arena, r) };

	buf_str(out, "<!doctype html>\n");
	markup_open(&m, "html");
	markup_attr(&m, "lang", "en");
	put_head(&h);
	markup_open(&m, "body");
	put_brand(&h);
	markup_open(&m, "main");
	html_verdict(&h);
	put_parts(&h);
	markup_close(&m);
	/* An element of data is nowhere to be seen: it may stand before the foot, which tells of
	 * it. */
	put_foot(&h, embed_write(r->facts, EMBED_MOST, out));
	markup_close(&m);
	markup_close(&m);
	buf_char(out, '\n');
}
