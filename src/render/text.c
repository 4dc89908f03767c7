/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report as text: the verdict first, then what it rests on, then the picture. */
#include <string.h>

#include "base/err.h"
#include "render/page.h"
#include "render/path_words.h"
#include "render/text_parts.h"
#include "render/vantage.h"
#include "render/words.h"

enum { FULL_MOST = 5, SHORT_MOST = 20, ADVICE_MOST = 2 };

static const struct {
	const char *word;
	enum page_colour colour;
} states[] = {
	[VERDICT_OK] = { "ok", PAGE_GREEN },
	[VERDICT_FAULT] = { "fault", PAGE_RED },
	[VERDICT_UNDECIDED] = { "undecided", PAGE_YELLOW },
};

/* "word[id]: summary", wrapped. */
static void put_title(const struct page *p, struct text_title t)
{
	unsigned int at = page_columns(t.word) + 2;

	page_colour(p, t.colour, t.word);
	if (t.id) {
		buf_printf(p->out, "[%s]", t.id);
		at += page_columns(t.id) + 2;
	}
	buf_str(p->out, ": ");
	page_wrap(p, t.summary, (struct page_place){ at, 4 });
}

static void put_lines(const struct page *p, const char *label, const struct VEC_texts *v)
{
	for (size_t i = 0; i < v->n; i++)
		page_field(p, i ? NULL : label, v->v[i]);
}

static void put_side(const struct page *p, const char **label, const char *side, const char *text)
{
	page_field(p, *label, arena_printf(p->out->arena, "%s: %s", side, text));
	*label = NULL;
}

/* First where something is to be done: there, unless it lies on this side. */
static void put_advice(const struct page *p, const struct report_finding *x)
{
	bool ours = x->finding->where == WHERE_RESOLVER || x->finding->where == WHERE_NEAR;
	size_t here = x->advice_there.n ? 1 : ADVICE_MOST;
	const char *label = "do";

	if (x->advice_there.n && !ours)
		put_side(p, &label, "there", x->advice_there.v[0]);
	for (size_t i = 0; i < x->advice_here.n && i < here; i++)
		put_side(p, &label, "here", x->advice_here.v[i]);
	if (x->advice_there.n && ours)
		put_side(p, &label, "there", x->advice_there.v[0]);
	page_field(p, "more", arena_printf(p->out->arena, "dnsfault explain %s", x->finding->id));
}

/* Commands stay on one line each, whatever the width: they are there to be copied. */
static void put_tries(const struct page *p, const struct report_finding *x)
{
	size_t n = 0;

	vec_each (const struct report_try, t, x->reproduce) {
		page_field(p, n++ ? NULL : "try", arena_printf(p->out->arena, "%s:", t->expect));
		buf_printf(p->out, "    %s\n", t->command);
	}
}

/* What was said once of an id is not said again. */
static bool told_before(const struct report *r, const struct report_finding *x)
{
	const struct finding *main = r->verdict.main;

	if (main && main == x->finding)
		return false;
	if (main && strcmp(main->id, x->finding->id) == 0)
		return true;
	vec_each (const struct report_finding, y, r->findings) {
		if (y == x)
			return false;
		if (strcmp(y->finding->id, x->finding->id) == 0)
			return true;
	}
	return false;
}

static void put_finding(
	const struct page *p, const struct report *r, const struct report_finding *x)
{
	bool again = told_before(r, x);

	if (x->finding->subject)
		page_field(p, "about", words_name(p->out->arena, x->finding->subject));
	page_field(p, "where", x->where);
	page_field(p, "sure", x->sure);
	put_lines(p, "seen", &x->seen);
	put_lines(p, "not the cause", &x->not_cause);
	if (!again)
		put_advice(p, x);
	put_tries(p, x);
}

/* The verdict, with all that belongs to its finding. */
static void put_verdict(const struct page *p, const struct report *r)
{
	const struct verdict *v = &r->verdict;

	put_title(p, (struct text_title){ states[v->state].word, v->main ? v->main->id : NULL,
			     r->summary, states[v->state].colour });
	vec_each (const struct report_finding, x, r->findings) {
		if (v->main && x->finding == v->main)
			put_finding(p, r, x);
	}
	put_lines(p, "do", &r->remedy);
	/* A diagnosis that is not well tells the same below, as what the replies mean. */
	if (v->state == VERDICT_OK || (v->state == VERDICT_UNDECIDED && !r->lookup.n))
		put_lines(p, "tested", &r->tested);
}

/* The other findings: some whole, some in a line, the rest counted. */
static void put_others(const struct page *p, const struct report *r)
{
	size_t n = 0, left = 0;

	vec_each (const struct report_finding, x, r->findings) {
		enum severity s = x->finding->severity;

		if (x->finding == r->verdict.main)
			continue;
		if (n++ >= FULL_MOST + SHORT_MOST) {
			left++;
			continue;
		}
		if (n <= FULL_MOST || n == FULL_MOST + 1)
			buf_char(p->out, '\n');
		put_title(p, (struct text_title){ severity_slug(s), x->finding->id, x->summary,
				     s >= SEV_ERROR ? PAGE_RED : PAGE_YELLOW });
		if (n <= FULL_MOST)
			put_finding(p, r, x);
	}
	if (left)
		buf_printf(p->out, "and %zu more findings (--json has all)\n", left);
}

/* What the findings of a group do to a lookup. */
static const struct {
	enum effect effect;
	const char *head;
} groups[] = {
	{ EFFECT_EXPLAINS, "This makes lookups fail" },
	{ EFFECT_INTERMITTENT, "This makes some lookups fail, or get other data" },
	{ EFFECT_COSMETIC, "This harms no lookup" },
};

static enum page_colour colour_of(enum severity s)
{
	return s >= SEV_ERROR ? PAGE_RED : s >= SEV_NOTICE ? PAGE_YELLOW : PAGE_PLAIN;
}

/* Several test cases may come to the same words, which are enough once: the worst comes first. */
static bool same_words(const struct report *r, const struct report_finding *x)
{
	vec_each (const struct report_finding, y, r->findings) {
		if (y == x)
			return false;
		if (strcmp(y->summary, x->summary) == 0)
			return true;
	}
	return false;
}

/* A check of the tree may find much: a line each, by what it does. */
static void put_by_effect(const struct page *p, const struct report *r)
{
	for (size_t i = 0; i < ARRAY_LEN(groups); i++) {
		bool any = false;

		vec_each (const struct report_finding, x, r->findings) {
			const struct finding *f = x->finding;

			if (f == r->verdict.main || f->effect != groups[i].effect ||
				same_words(r, x))
				continue;
			if (!any)
				page_head(p, groups[i].head);
			any = true;
			put_title(p, (struct text_title){ severity_slug(f->severity), f->id,
					     x->summary, colour_of(f->severity) });
		}
	}
}

static void put_lookup(const struct page *p, const struct report *r)
{
	if (!r->lookup.n || r->verdict.state == VERDICT_OK)
		return;
	page_head(p, "What the replies mean");
	for (size_t i = 0; i < r->lookup.n; i++) {
		buf_str(p->out, "  ");
		page_wrap(p, r->lookup.v[i], (struct page_place){ 2, 4 });
	}
}

static void put_untested(const struct page *p, const struct report *r)
{
	if (!r->untested.n)
		return;
	page_head(p, "Not tested");
	vec_each (const struct report_untested, u, r->untested) {
		buf_str(p->out, "  ");
		page_wrap(p, arena_printf(p->out->arena, "%s: %s", u->what, u->why),
			(struct page_place){ 2, 4 });
	}
}

static void put_foot(const struct page *p, const struct report *r)
{
	const struct inferences *in = r->inferences;
	struct arena *a = p->out->arena;
	struct buf b = { .arena = a };

	if (r->facts->question.name)
		buf_printf(&b, "%s: ", words_question(a, &r->facts->question));
	buf_printf(&b, "%llu %s, %llu answered, %llu lost, in %s; from %s UTC",
		(unsigned long long)in->sent, in->sent == 1 ? "query" : "queries",
		(unsigned long long)in->answered, (unsigned long long)in->lost,
		words_duration(a, r->facts->elapsed), text_time(a, r->facts->started));
	buf_char(p->out, '\n');
	page_wrap(p, buf_text(&b), (struct page_place){ 0, 0 });
}

void report_text(const struct report *r, const struct text_style *style, struct buf *out)
{
	struct page p = page_begin(style, out);
	bool picture = r->verdict.state != VERDICT_OK || strcmp(r->command, "diagnose") != 0;

	put_verdict(&p, r);
	if (report_is_tree(r))
		put_by_effect(&p, r);
	else
		put_others(&p, r);
	put_lookup(&p, r);
	vantage_text(&p, r);
	if (picture) {
		text_tree(&p, r);
		text_cases(&p, r);
		text_mail(&p, r);
		if (strcmp(r->command, "path") == 0)
			path_tables(&p, r);
		text_shapes(&p, r);
		text_side(&p, r);
		text_strips(&p, r);
		text_sweeps(&p, r);
	}
	put_untested(&p, r);
	put_foot(&p, r);
}
