/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Traces hop by hop: an open port's flow beside a blocked one's. */
#include "render/path_words.h"
#include "render/picture.h"

static struct picture_flow flow(struct arena *a, const struct path_flow *f, bool heard)
{
	if (!f->sent)
		return (struct picture_flow){ MARK_NONE, "not asked" };
	if (f->received)
		return (struct picture_flow){ MARK_GOOD,
			arena_printf(a, "%u of %u replies, %.1f ms", f->received, f->sent,
				f->mean / 1000) };
	if (f->rejected)
		return (struct picture_flow){ MARK_BAD,
			arena_printf(a, "rejected, %u of %u", f->rejected, f->sent) };
	return (struct picture_flow){ heard ? MARK_BAD : MARK_DOUBT,
		arena_printf(a, "0 of %u replies", f->sent) };
}

static const char *name_of(struct arena *a, const struct path_router *r)
{
	return r && r->name ? words_name(a, r->name) : NULL;
}

static const char *addr_of(struct arena *a, const struct path_router *r)
{
	char text[ADDR_TEXT];

	return r ? arena_str(a, addr_text(&r->addr, text)) : NULL;
}

static void add_hop(
	struct drawing *d, const struct path_result *t, unsigned int ttl, struct picture_path *p)
{
	const struct path_hop *h = &t->hop[ttl];
	const struct path_router *r = path_router_of(h, false);
	struct picture_hop x = {
		.ttl = ttl,
		.name = h->destination ? "the server" : name_of(d->a, r),
		.addr = addr_of(d->a, r),
		.title = path_hop_words(d->a, t, ttl, false),
		.open = flow(d->a, &h->open, h->blocked.received > 0),
		.blocked = flow(d->a, &h->blocked, h->open.received > 0),
		.gap = path_is_broken(t) && ttl == t->before,
	};

	if (h->destination && !x.addr)
		x.addr = words_server(d->a, &t->server);
	vec_push(d->a, &p->hops, x);
}

/* The last hop to be shown: the server, or the first of those that say nothing at the end. */
static unsigned int last_hop(const struct path_result *t)
{
	unsigned int heard = t->hops;

	while (heard && !t->hop[heard].open.received && !t->hop[heard].blocked.received)
		heard--;
	return heard < t->hops ? heard + 1 : t->hops;
}

static const char *desc_of(struct arena *a, const struct picture_path *p)
{
	struct buf b = { .arena = a };

	vec_each (const struct picture_hop, h, p->hops) {
		buf_printf(&b, "%s%s: %s %s", b.n ? "; " : "", h->title, p->open, h->open.says);
		if (p->blocked)
			buf_printf(&b, ", %s %s", p->blocked, h->blocked.says);
	}
	return buf_text(&b);
}

static void add_path(struct drawing *d, const struct path_result *t)
{
	unsigned int last = last_hop(t);
	struct picture_path p = {
		.title = arena_printf(d->a, "To %s", words_server(d->a, &t->server)),
		.open = arena_printf(d->a, "port %u", t->open_port),
		.blocked = t->blocked_port ? arena_printf(d->a, "port %u", t->blocked_port) : NULL,
	};

	for (unsigned int ttl = 1; ttl <= last; ttl++)
		add_hop(d, t, ttl, &p);
	path_say(d->a, t, &p.lines);
	p.desc = desc_of(d->a, &p);
	vec_push(d->a, &d->p->paths, p);
}

void picture_path(struct drawing *d)
{
	vec_each (const struct path_result, t, d->r->inferences->paths)
		add_path(d, t);
}
