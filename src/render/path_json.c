/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Traces as the contract's "paths". */
#include "render/path_words.h"

static void put_ms(struct json *j, const char *key, double us)
{
	json_double(j, key, us / 1000);
}

static void put_flow(struct json *j, const char *key, const struct path_flow *f)
{
	json_object(j, key);
	json_uint(j, "sent", f->sent);
	json_uint(j, "received", f->received);
	if (f->rejected)
		json_uint(j, "rejected", f->rejected);
	if (f->sent)
		json_double(j, "loss",
			f->received < f->sent ? (double)(f->sent - f->received) / f->sent : 0);
	if (f->received) {
		put_ms(j, "last_ms", (double)f->last);
		put_ms(j, "avg_ms", f->mean);
		put_ms(j, "best_ms", (double)f->best);
		put_ms(j, "worst_ms", (double)f->worst);
		put_ms(j, "stdev_ms", path_deviation(f));
	}
	json_end(j);
}

static void put_address(struct json *j, const char *key, const struct path_router *r)
{
	char text[ADDR_TEXT];

	json_str(j, key, addr_text(&r->addr, text));
}

/* Several routers at one hop: flows that share a way out of many. */
static void put_others(struct json *j, const struct path_hop *h, const struct path_router *first)
{
	if (h->nrouters < 2)
		return;
	json_array(j, "others");
	for (unsigned int i = 0; i < h->nrouters; i++)
		if (&h->routers[i] != first)
			put_address(j, NULL, &h->routers[i]);
	json_end(j);
}

static void put_hop(struct json *j, const struct path_result *p, unsigned int ttl)
{
	const struct path_hop *h = &p->hop[ttl];
	const struct path_router *r = path_router_of(h, false);

	json_object(j, NULL);
	json_uint(j, "ttl", ttl);
	if (r) {
		put_address(j, "address", r);
		if (r->name)
			json_str(j, "name", words_name(j->out->arena, r->name));
		put_others(j, h, r);
	}
	put_flow(j, "open", &h->open);
	if (p->blocked_port)
		put_flow(j, "blocked", &h->blocked);
	json_end(j);
}

static void put_end(struct json *j, const char *key, const struct path_result *p, unsigned int ttl)
{
	const struct path_router *r = path_router_of(&p->hop[ttl], ttl == p->after);

	json_object(j, key);
	json_uint(j, "ttl", ttl);
	if (r)
		put_address(j, "address", r);
	json_end(j);
}

static void put_break(struct json *j, const struct path_result *p)
{
	if (path_is_broken(p)) {
		json_object(j, "break");
		put_end(j, "after", p, p->after);
		put_end(j, "before", p, p->before);
		json_double(j, "confidence", 1 - p->hidden);
		json_end(j);
	}
	if (p->blocked_port)
		json_str(j, "direction", path_direction_slug(p->direction));
}

static void put_path(struct json *j, const struct path_result *p)
{
	json_object(j, NULL);
	json_str(j, "server", words_server(j->out->arena, &p->server));
	json_str(j, "transport", "udp");
	if (p->open_port)
		json_uint(j, "open_port", p->open_port);
	if (p->blocked_port)
		json_uint(j, "blocked_port", p->blocked_port);
	json_array(j, "hops");
	for (unsigned int t = 1; t <= p->hops; t++)
		put_hop(j, p, t);
	json_end(j);
	put_break(j, p);
	json_end(j);
}

void path_json(struct json *j, const struct inferences *in)
{
	if (!in->paths.n)
		return;
	json_array(j, "paths");
	vec_each (const struct path_result, p, in->paths)
		put_path(j, p);
	json_end(j);
}
