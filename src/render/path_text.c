/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Traces as tables: a hop has a line for each flow, under mtr's columns. */
#include "render/path_words.h"

enum { HOST = 33 }; /* columns of hop, host and port */

/* A time in ms with as many digits as fit in six columns. */
static const char *ms(struct arena *a, double us)
{
	return arena_printf(a, us < 99950 ? "%.1f" : "%.0f", us / 1000);
}

static void put_numbers(const struct page *p, const struct path_flow *f)
{
	struct arena *a = p->out->arena;
	double lost = f->received < f->sent ? (double)(f->sent - f->received) / f->sent : 0;

	buf_printf(p->out, "%5.1f %4u", lost * 100, f->sent);
	if (f->received)
		buf_printf(p->out, " %6s %6s %6s %6s %6s", ms(a, (double)f->last), ms(a, f->mean),
			ms(a, (double)f->best), ms(a, (double)f->worst), ms(a, path_deviation(f)));
	buf_char(p->out, '\n');
}

/* The host takes a line of its own when it leaves no room for the port. */
static void put_flow(
	const struct page *p, const char *host, uint16_t port, const struct path_flow *f)
{
	const char *label = arena_printf(p->out->arena, "port %u", port);
	unsigned int used = page_columns(host) + page_columns(label) + 1;

	if (used > HOST) {
		buf_printf(p->out, "%s\n", host);
		host = "";
		used = page_columns(label) + 1;
	}
	buf_printf(p->out, "%s%*s %s ", host, (int)(HOST - used), "", label);
	put_numbers(p, f);
}

static const char *host_of(struct arena *a, const struct path_router *r)
{
	char text[ADDR_TEXT];

	if (!r)
		return "???";
	addr_text(&r->addr, text);
	if (r->name)
		return arena_printf(a, "%s (%s)", words_name(a, r->name), text);
	return arena_str(a, text);
}

static void put_hop(const struct page *p, const struct path_result *t, unsigned int ttl)
{
	struct arena *a = p->out->arena;
	const struct path_hop *h = &t->hop[ttl];
	const struct path_router *first = path_router_of(h, false);
	const char *host = arena_printf(a, "%3u. %s", ttl, host_of(a, first));

	put_flow(p, host, t->open_port, &h->open);
	if (t->blocked_port && h->blocked.sent)
		put_flow(p, "", t->blocked_port, &h->blocked);
	for (unsigned int i = 0; i < h->nrouters; i++)
		if (&h->routers[i] != first)
			buf_printf(p->out, "     %s\n", host_of(a, &h->routers[i]));
}

/* The last hop to be shown: the server, or the first of those that say nothing at the end. */
static unsigned int last_hop(const struct path_result *t, unsigned int *ret_heard)
{
	unsigned int heard = t->hops;

	while (heard && !t->hop[heard].open.received && !t->hop[heard].blocked.received)
		heard--;
	*ret_heard = heard;
	return heard < t->hops ? heard + 1 : t->hops;
}

/* What a finding said already is not said again. */
static bool is_told(const struct report *r, const struct path_result *t)
{
	vec_each (const struct report_finding, x, r->findings)
		if (path_of_finding(r->inferences, x->finding) == t)
			return true;
	return false;
}

static void put_path(const struct page *p, const struct report *r, const struct path_result *t)
{
	struct VEC_texts lines = { 0 };
	struct arena *a = p->out->arena;
	unsigned int heard, last = last_hop(t, &heard);

	page_head(p, arena_printf(a, "The path to %s", words_server(a, &t->server)));
	buf_printf(p->out, "%-*s ", HOST, "Host");
	buf_str(p->out, "Loss%  Snt   Last    Avg   Best   Wrst  StDev\n");
	for (unsigned int ttl = 1; ttl <= last; ttl++)
		put_hop(p, t, ttl);
	if (!is_told(r, t))
		path_say(a, t, &lines);
	if (!t->distance)
		vec_push(a, &lines,
			arena_printf(a,
				"path: %s is the last that is heard; %u TTLs beyond say nothing, "
				"and no reply of the server came",
				path_hop_words(a, t, heard, false), t->hops - heard));
	for (size_t i = 0; i < lines.n; i++) {
		buf_str(p->out, "  ");
		page_wrap(p, lines.v[i], (struct page_place){ 2, 4 });
	}
}

void path_tables(const struct page *p, const struct report *r)
{
	vec_each (const struct path_result, t, r->inferences->paths)
		put_path(p, r, t);
}
