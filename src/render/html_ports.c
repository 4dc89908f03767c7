/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Strips of ports: high where blocked, low where open, and the same as a table. */
#include "base/err.h"
#include "render/html_parts.h"
#include "render/svg.h"

enum {
	NARROW = 260, /* px: labels that do not meet here meet on no wider page */
	LANES = 5,
	LANE = 15,
	COLUMN = 7, /* px of a character of the labels */
	BAR = 30,
	AXIS = 18,
	SERVERS_OPEN = 8
};

#define THINNEST 0.3 /* per cent: what is narrower could not be seen */

static const struct {
	const char *class;
	double height;
} looks[STATES] = {
	[STATE_OPEN] = { "r-open", 8 },
	[STATE_BLOCKED] = { "r-blocked", BAR },
	[STATE_MIXED] = { "r-mixed", 19 },
	[STATE_UNTESTED] = { "r-untested", 8 },
};

static double across(const struct picture_window *w, double port)
{
	return (port - w->first) * 100 / (w->last - w->first + 1.0);
}

/* Where a label goes: the lane from above, and how its text hangs on the port's line. */
struct place {
	int lane; /* -1: there is no room */
	enum svg_anchor anchor;
};

/*
 * The uppermost lane in which the label meets none before it on a narrow page, nor its line, which
 * goes down to the strip, any below.
 */
static struct place place(double x, unsigned int columns, double *ends)
{
	double at = x * NARROW / 100, wide = columns * COLUMN;
	struct place p = { -1, at + wide > NARROW ? SVG_END : SVG_START };
	double from = p.anchor == SVG_END ? at - wide - 4 : at;

	for (int i = LANES - 1; i >= 0 && from >= ends[i] && from >= 0; i--)
		p.lane = i;
	if (p.lane >= 0)
		ends[p.lane] = p.anchor == SVG_END ? NARROW : at + wide + 8;
	return p;
}

static int lanes_of(const struct picture_window *w, struct place *places)
{
	double ends[LANES] = { 0 };
	int most = 0;

	for (size_t i = 0; i < w->ports.n; i++) {
		const struct picture_port *p = &w->ports.v[i];

		places[i] = place(across(w, p->port + 0.5), markup_columns(p->label), ends);
		most = places[i].lane + 1 > most ? places[i].lane + 1 : most;
	}
	return most;
}

static void put_labels(
	struct markup *m, const struct picture_window *w, const struct place *places, int lanes)
{
	for (size_t i = 0; i < w->ports.n; i++) {
		const struct picture_port *p = &w->ports.v[i];
		double x = across(w, p->port + 0.5), y = places[i].lane * LANE;

		if (places[i].lane < 0)
			continue;
		markup_open(m, "g");
		markup_element(m, "title", NULL, p->about);
		svg_line(m, "tick", (struct svg_box){ x, y, 0, lanes * LANE - y + BAR });
		svg_text(m, "label",
			(struct svg_at){
				x, places[i].anchor == SVG_END ? -3 : 3, y + 11, places[i].anchor },
			p->label);
		markup_close(m);
	}
}

static void put_run(
	struct markup *m, const struct picture_window *w, const struct picture_run *r, double top)
{
	double x = across(w, r->lo), wide = across(w, r->hi + 1.0) - x;
	double high = looks[r->state].height;

	if (wide < THINNEST) {
		x -= (THINNEST - wide) / 2;
		wide = THINNEST;
		x = x < 0 ? 0 : x + wide > 100 ? 100 - wide : x;
		/* A hole is to be seen through what surrounds it. */
		svg_rect(m, "r-hole", (struct svg_box){ x, top, wide, BAR });
	}
	svg_rect(m, looks[r->state].class, (struct svg_box){ x, top + BAR - high, wide, high });
}

static bool is_thin(const struct picture_window *w, const struct picture_run *r)
{
	return across(w, r->hi + 1.0) - across(w, r->lo) < THINNEST;
}

/* Thin ones last, for their neighbours would cover them; of these what is blocked is the last. */
static void put_runs(struct markup *m, const struct picture_window *w, double top)
{
	enum { WIDE, THIN, THIN_BLOCKED, PASSES };

	for (int pass = 0; pass < PASSES; pass++)
		vec_each (const struct picture_run, r, w->runs) {
			int in = !is_thin(w, r)		     ? WIDE
				 : r->state == STATE_BLOCKED ? THIN_BLOCKED
							     : THIN;

			if (in == pass)
				put_run(m, w, r, top);
		}
}

static void put_window(struct markup *m, const struct picture_window *w)
{
	struct place *places = arena_alloc(m->out->arena, (w->ports.n + 1) * sizeof(*places));
	struct arena *a = m->out->arena;
	int lanes = lanes_of(w, places);
	double top = lanes * LANE;

	svg_begin(m, &(struct svg_frame){ "strip", w->caption, w->desc, top + BAR + AXIS, 0 });
	svg_line(m, "axis", (struct svg_box){ 0, top + BAR, 100, 0 });
	put_runs(m, w, top);
	put_labels(m, w, places, lanes);
	svg_text(m, "label", (struct svg_at){ 0, 0, top + BAR + 13, SVG_START },
		arena_printf(a, "%u", w->first));
	svg_text(m, "label", (struct svg_at){ 50, 0, top + BAR + 13, SVG_MIDDLE },
		arena_printf(a, "%u", w->first + (w->last - w->first + 1) / 2));
	svg_text(m, "label", (struct svg_at){ 100, 0, top + BAR + 13, SVG_END },
		arena_printf(a, "%u", w->last));
	svg_end(m);
}

static void put_strip(struct markup *m, const struct picture_strip *s)
{
	markup_begin(m, "figure", "strips");
	markup_open(m, "figcaption");
	html_mark(m, s->mark);
	markup_text(m, " ");
	markup_element(m, "strong", NULL, s->title);
	markup_element(m, "span", "sub", s->summary);
	markup_close(m);
	vec_each (const struct picture_window, w, s->windows) {
		if (w != s->windows.v)
			markup_element(m, "p", "zoom",
				arena_printf(m->out->arena, "\u21b3 %s, larger", w->caption));
		put_window(m, w);
	}
	if (s->servers.n > 1) {
		markup_open(m, "details");
		if (s->servers.n <= SERVERS_OPEN)
			markup_attr(m, "open", "");
		markup_element(m, "summary", NULL,
			arena_printf(m->out->arena, "%zu servers with this picture", s->servers.n));
		html_lines(m, "chips", &s->servers);
		markup_close(m);
	}
	markup_close(m);
	buf_char(m->out, '\n');
}

static void put_key(struct markup *m)
{
	static const struct {
		const char *class, *text;
	} rows[] = {
		{ "k-blocked", "blocked" },
		{ "k-mixed", "some packets pass" },
		{ "k-open", "none found blocked" },
		{ "k-untested", "not tested" },
	};

	markup_begin(m, "ul", "key");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		markup_open(m, "li");
		markup_begin(m, "i", rows[i].class);
		markup_close(m);
		markup_text(m, rows[i].text);
		markup_close(m);
	}
	markup_close(m);
}

static void put_cell(struct markup *m, const char *class, const char *text)
{
	markup_element(m, "td", class, text);
}

static void put_sweeps(const struct html *h)
{
	static const char *const heads[] = { "Loss%", "Snt", "Rcv", "Unseen%", "Blocked" };
	struct markup *m = h->m;

	markup_begin(m, "table", "sweeps");
	markup_open(m, "thead");
	markup_open(m, "tr");
	markup_element(m, "th", NULL, "Server");
	for (size_t i = 0; i < ARRAY_LEN(heads); i++)
		markup_element(m, "th", i < ARRAY_LEN(heads) - 1 ? "num" : NULL, heads[i]);
	markup_close(m);
	markup_close(m);
	markup_open(m, "tbody");
	vec_each (const struct picture_sweep, s, h->p->sweeps) {
		markup_open(m, "tr");
		markup_begin(m, "th", "host");
		markup_attr(m, "scope", "row");
		html_mark(m, s->mark);
		markup_text(m, arena_printf(m->out->arena, " %s", s->server));
		markup_close(m);
		put_cell(m, "num", s->loss);
		put_cell(m, "num", s->sent);
		put_cell(m, "num", s->received);
		put_cell(m, "num", s->unseen);
		put_cell(m, "set", s->blocked);
		markup_close(m);
	}
	markup_close(m);
	markup_close(m);
	html_left(m, h->r->inferences->sweeps.n - h->p->sweeps.n, "servers");
}

void html_ports(const struct html *h)
{
	if (!h->p->sweeps.n)
		return;
	html_section(h->m, "ports", "Source ports: from which the servers answer");
	put_key(h->m);
	vec_each (const struct picture_strip, s, h->p->strips)
		put_strip(h->m, s);
	html_left(h->m, h->p->strips_left, "sets, in the table below");
	put_sweeps(h);
	html_lines(h->m, "notes", &h->p->sweep_notes);
	html_end(h->m);
}
