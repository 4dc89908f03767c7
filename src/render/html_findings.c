/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The verdict with its proof, and other findings: the first of each id whole, the rest short. */
#include <string.h>

#include "base/err.h"
#include "render/html_parts.h"
#include "render/words.h"

enum { WHOLE_MOST = 12, SHORT_MOST = 400 };

static const struct {
	const char *class, *sign, *word;
} states[] = {
	[VERDICT_OK] = { "good", "\u2713", "No fault found" },
	[VERDICT_FAULT] = { "bad", "\u2717", "Fault" },
	[VERDICT_UNDECIDED] = { "doubt", "?", "Undecided" },
};

static enum report_mark mark_of(enum severity s)
{
	return s >= SEV_ERROR ? MARK_BAD : s >= SEV_NOTICE ? MARK_DOUBT : MARK_NONE;
}

static void put_term(struct markup *m, const char *term)
{
	markup_element(m, "dt", NULL, term);
	markup_open(m, "dd");
}

static void put_line(struct markup *m, const char *term, const char *text)
{
	put_term(m, term);
	markup_text(m, text);
	markup_close(m);
}

static void put_list(struct markup *m, const char *term, const struct VEC_texts *v)
{
	if (!v->n)
		return;
	put_term(m, term);
	if (v->n == 1)
		markup_text(m, v->v[0]);
	else
		html_lines(m, NULL, v);
	markup_close(m);
}

/* A command stays as it is, to be copied. */
static void put_tries(struct markup *m, const struct report_finding *x)
{
	if (!x->reproduce.n)
		return;
	put_term(m, "See it yourself");
	vec_each (const struct report_try, t, x->reproduce) {
		markup_element(m, "p", "expect", t->expect);
		markup_open(m, "pre");
		markup_element(m, "code", NULL, t->command);
		markup_close(m);
	}
	markup_close(m);
}

static void put_refs(struct markup *m, const struct report_finding *x)
{
	struct buf b = { .arena = m->out->arena };

	buf_printf(&b, "dnsfault explain %s", x->finding->id);
	for (size_t i = 0; i < x->refs.n; i++)
		buf_printf(&b, "; %s", x->refs.v[i]);
	put_line(m, "More", buf_text(&b));
}

/* First where something is to be done: there, unless it lies on this side. */
static void put_advice(struct markup *m, const struct report_finding *x)
{
	bool ours = x->finding->where == WHERE_RESOLVER || x->finding->where == WHERE_NEAR;

	if (!ours)
		put_list(m, "To do there", &x->advice_there);
	put_list(m, "To do here", &x->advice_here);
	if (ours)
		put_list(m, "To do there", &x->advice_there);
	put_refs(m, x);
}

void html_proof(const struct html *h, const struct report_finding *x, bool advice)
{
	struct markup *m = h->m;

	markup_open(m, "dl");
	if (x->finding->subject)
		put_line(m, "About", words_name(m->out->arena, x->finding->subject));
	put_line(m, "Where", x->where);
	put_line(m, "How sure", x->sure);
	put_list(m, "Seen", &x->seen);
	put_list(m, "Not the cause", &x->not_cause);
	put_tries(m, x);
	if (advice)
		put_advice(m, x);
	markup_close(m);
}

/* The way of a query, and where on it the fault lies. */
static void put_stops(const struct html *h)
{
	struct markup *m = h->m;

	if (!h->p->stops.n)
		return;
	markup_begin(m, "ol", "stops");
	markup_attr(m, "aria-label", "Where on the way of a query the fault lies");
	vec_each (const struct picture_stop, s, h->p->stops) {
		markup_begin(m, "li", s->here ? "here" : NULL);
		markup_open(m, "strong");
		markup_text(
			m, s->here ? arena_printf(m->out->arena, "\u2717 %s", s->name) : s->name);
		markup_close(m);
		markup_element(m, "span", NULL, s->about);
		markup_close(m);
	}
	markup_close(m);
}

void html_verdict(const struct html *h)
{
	const struct verdict *v = &h->r->verdict;
	struct markup *m = h->m;

	markup_begin(m, "section",
		arena_printf(m->out->arena, "card verdict v-%s", states[v->state].class));
	markup_attr(m, "id", "verdict");
	markup_attr(m, "aria-label", "Verdict");
	markup_begin(m, "p", "state");
	markup_element(m, "span", arena_printf(m->out->arena, "badge %s", states[v->state].class),
		arena_printf(m->out->arena, "%s %s", states[v->state].sign, states[v->state].word));
	if (v->main) {
		markup_text(m, " ");
		markup_element(m, "code", NULL, v->main->id);
	}
	markup_close(m);
	markup_element(m, "h1", NULL, h->r->summary);
	put_stops(h);
	vec_each (const struct report_finding, x, h->r->findings)
		if (v->main && x->finding == v->main)
			html_proof(h, x, true);
	if (h->r->remedy.n || (v->state != VERDICT_FAULT && h->r->tested.n)) {
		markup_open(m, "dl");
		put_list(m, "To do", &h->r->remedy);
		if (v->state != VERDICT_FAULT)
			put_list(m, "Tested", &h->r->tested);
		markup_close(m);
	}
	html_end(m);
}

/* The findings of one id, the verdict's own left out: worst first, as they come. */
static bool is_first(const struct html *h, const struct report_finding *x)
{
	vec_each (const struct report_finding, y, h->r->findings) {
		if (y == x)
			return true;
		if (y->finding != h->r->verdict.main && strcmp(y->finding->id, x->finding->id) == 0)
			return false;
	}
	return true;
}

static void put_summary(struct markup *m, const struct report_finding *x)
{
	enum report_mark mark = mark_of(x->finding->severity);

	html_mark(m, mark);
	markup_text(m, " ");
	markup_element(m, "code", NULL, x->finding->id);
	markup_text(m, " ");
	markup_element(m, "span", arena_printf(m->out->arena, "sev %s", html_class(mark)),
		severity_slug(x->finding->severity));
	markup_text(m, arena_printf(m->out->arena, " %s", x->summary));
}

static void put_whole(const struct html *h, const struct report_finding *x, bool open)
{
	struct markup *m = h->m;

	markup_begin(m, "details", "finding");
	if (open)
		markup_attr(m, "open", "");
	markup_open(m, "summary");
	put_summary(m, x);
	markup_close(m);
	html_proof(h, x, true);
	markup_close(m);
}

/* The same id again: the line and its first command. */
static void put_short(const struct html *h, const struct report_finding *x)
{
	struct markup *m = h->m;

	markup_open(m, "li");
	markup_text(m, x->summary);
	vec_each (const struct report_try, t, x->reproduce) {
		markup_text(m, " ");
		markup_element(m, "code", "try", t->command);
		break;
	}
	markup_close(m);
}

static void put_again(const struct html *h, const struct report_finding *first)
{
	struct markup *m = h->m;
	size_t n = 0, left = 0;

	vec_each (const struct report_finding, x, h->r->findings)
		n += x != first && x->finding != h->r->verdict.main &&
		     strcmp(x->finding->id, first->finding->id) == 0;
	if (!n)
		return;
	markup_begin(m, "details", "again");
	markup_element(m, "summary", NULL,
		arena_printf(m->out->arena, "%zu more of %s", n, first->finding->id));
	markup_open(m, "ul");
	n = 0;
	vec_each (const struct report_finding, x, h->r->findings) {
		if (x == first || x->finding == h->r->verdict.main ||
			strcmp(x->finding->id, first->finding->id) != 0)
			continue;
		if (n++ < SHORT_MOST)
			put_short(h, x);
		else
			left++;
	}
	markup_close(m);
	html_left(m, left, "of this kind (--json has all)");
	markup_close(m);
}

void html_findings(const struct html *h)
{
	struct markup *m = h->m;
	size_t shown = 0, n = h->r->findings.n;

	vec_each (const struct report_finding, x, h->r->findings)
		n -= x->finding == h->r->verdict.main;
	if (!n)
		return;
	html_section(m, "findings",
		h->r->verdict.main ? arena_printf(m->out->arena, "What else was found: %zu", n)
				   : arena_printf(m->out->arena, "What was found: %zu", n));
	vec_each (const struct report_finding, x, h->r->findings) {
		if (x->finding == h->r->verdict.main || !is_first(h, x))
			continue;
		put_whole(h, x, shown++ < WHOLE_MOST && x->finding->severity >= SEV_WARNING);
		put_again(h, x);
	}
	html_end(m);
}
