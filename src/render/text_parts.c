/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pictures of the text report: tree, strips of ports, table of sweeps. */
#include "render/text_parts.h"

#include <time.h>

#include "base/err.h"
#include "render/sweep_words.h"

enum { LINES_MOST = 40, STRIPS_MOST = 12, SERVER_MOST = 45, SERVER_LEAST = 15, TABLE_REST = 26 };

const char *text_time(struct arena *a, int64_t seconds)
{
	time_t t = (time_t)seconds;
	char text[64];
	struct tm tm;

	if (!gmtime_r(&t, &tm) || !strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &tm))
		return "an unknown time";
	return arena_str(a, text);
}

/* Marked lines under a heading, by their depth. */
static void put_marked(
	const struct page *p, const char *head, const struct report_line *v, size_t n)
{
	if (!n)
		return;
	page_head(p, head);
	for (size_t i = 0; i < n && i < LINES_MOST; i++) {
		unsigned int at = 2 + 2 * v[i].depth;

		buf_printf(p->out, "%*s", (int)at, "");
		page_mark(p, v[i].mark);
		buf_char(p->out, ' ');
		page_wrap(p, v[i].text, (struct page_place){ at + 2, at + 4 });
	}
	if (n > LINES_MOST)
		buf_printf(p->out, "  and %zu more lines\n", n - LINES_MOST);
}

void text_tree(const struct page *p, const struct report *r)
{
	put_marked(p, "The way from the root", r->tree.v, r->tree.n);
}

void text_cases(const struct page *p, const struct report *r)
{
	put_marked(p, "Test cases", r->cases.v, r->cases.n);
}

void text_shapes(const struct page *p, const struct report *r)
{
	put_marked(p, "Query shapes", r->shapes.v, r->shapes.n);
}

void text_side(const struct page *p, const struct report *r)
{
	put_marked(p, "The resolver's source ports", r->side.v, r->side.n);
}

/* The servers whose strip is that of sweep i, when no earlier one has the same. */
static const char *strip_servers(struct arena *a, const struct report *r, size_t at)
{
	const struct sweep_result *v = r->inferences->sweeps.v;
	struct VEC(struct addr) same = { 0 };

	for (size_t i = 0; i < at; i++) {
		if (sweep_same(&v[i], &v[at]))
			return NULL;
	}
	for (size_t i = at; i < r->inferences->sweeps.n; i++) {
		if (sweep_same(&v[i], &v[at]))
			vec_push(a, &same, v[i].server);
	}
	return words_servers(a, same.v, same.n);
}

void text_strips(const struct page *p, const struct report *r)
{
	const struct inferences *in = r->inferences;
	size_t shown = 0, left = 0;

	if (!in->sweeps.n)
		return;
	page_head(p, "Source ports");
	for (size_t i = 0; i < in->sweeps.n; i++) {
		const char *servers = strip_servers(p->out->arena, r, i);

		if (!servers)
			continue;
		if (shown == STRIPS_MOST) {
			left++;
			continue;
		}
		shown++;
		buf_str(p->out, "  ");
		page_wrap(p, arena_printf(p->out->arena, "towards %s", servers),
			(struct page_place){ 2, 4 });
		report_strip(&in->sweeps.v[i], &p->style, p->out);
	}
	if (left)
		buf_printf(p->out, "  and %zu more sets, in the table below\n", left);
	buf_str(p->out, "  ");
	page_wrap(p,
		p->style.ascii ? "# blocked, x some blocked, . none found blocked, ? not tested, - "
				 "not asked"
			       : "█ blocked, ▒ some blocked, · none found blocked, ? not tested, - "
				 "not asked",
		(struct page_place){ 2, 4 });
}

void text_sweeps(const struct page *p, const struct report *r)
{
	struct arena *a = p->out->arena;
	unsigned int wide = SERVER_LEAST;
	size_t shown = 0, n = r->inferences->sweeps.n;
	struct VEC_texts notes = { 0 };

	if (!n)
		return;
	vec_each (const struct sweep_result, s, r->inferences->sweeps) {
		unsigned int w = page_columns(words_server(a, &s->server));

		wide = w > wide ? (w < SERVER_MOST ? w : SERVER_MOST) : wide;
	}
	buf_char(p->out, '\n');
	page_colour(p, PAGE_BOLD, arena_printf(a, "%-*s", (int)wide + 2, "Server"));
	page_colour(p, PAGE_BOLD, "Loss%   Snt   Rcv Unseen%  Blocked");
	buf_char(p->out, '\n');
	vec_each (const struct sweep_result, s, r->inferences->sweeps) {
		unsigned int at = wide + 2 + TABLE_REST;

		if (shown++ == LINES_MOST)
			break;
		buf_printf(p->out, "%-*s%5s %5llu %5llu %7s  ", (int)wide + 2,
			words_server(a, &s->server), sweep_loss(a, s),
			(unsigned long long)s->ports.sent, (unsigned long long)s->ports.answered,
			sweep_unseen(a, s));
		page_wrap(p, sweep_blocked(a, s), (struct page_place){ at, at });
	}
	if (n > LINES_MOST)
		buf_printf(p->out, "and %zu more (--json has all)\n", n - LINES_MOST);
	sweep_notes(a, r, &notes);
	for (size_t i = 0; i < notes.n; i++)
		page_wrap(p, notes.v[i], (struct page_place){ 0, 0 });
}
