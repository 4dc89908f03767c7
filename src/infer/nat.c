/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From quotes to pairs of ports. */
#include "infer/nat.h"

#include <stdlib.h>

#include "infer/path.h"

/* What a router says of the asks from one port to one server. */
struct group {
	const struct observation *const *v;
	size_t n;
};

/* The hop that said it; 0: no TTL ran out. */
static unsigned int hop_of(const struct observation *o)
{
	return path_says_expired(o) ? o->ask.ttl : 0;
}

/* An ICMP error about a query of ours; tapes may hold anything. */
static bool is_quote(const struct observation *o, uint8_t family)
{
	if (o->ask.transport != TRANSPORT_UDP || o->ask.server.family != family ||
		o->from.family != family || !o->from.port || o->icmp.offender.family != family)
		return false;
	if (o->outcome == OUTCOME_ICMP)
		return true;
	return o->outcome == OUTCOME_STRAY && o->why == WHY_STRAY_QUOTE &&
	       o->quoted.family == family && o->quoted.port;
}

/* Whom it shows as the sender. */
static struct addr shown(const struct observation *o)
{
	return o->outcome == OUTCOME_STRAY ? o->quoted : o->from;
}

/* Groups lie together. */
static int compare_group(const struct observation *x, const struct observation *y)
{
	int c = addr_compare(&x->from, &y->from);

	if (!c)
		c = addr_compare(&x->ask.server, &y->ask.server);
	return c ? c : addr_compare(&x->icmp.offender, &y->icmp.offender);
}

static int by_group(const void *a, const void *b)
{
	const struct observation *const *x = a, *const *y = b;
	int c = compare_group(*x, *y);

	if (!c)
		c = ((*x)->sent > (*y)->sent) - ((*x)->sent < (*y)->sent);
	return c ? c : (int)(*x)->id - (int)(*y)->id;
}

static bool same_ask(const struct observation *x, const struct observation *y)
{
	return x->sent == y->sent && x->id == y->id;
}

/* All of them show the same sender, and how many asks they quote; 0: they do not. */
static uint32_t asks_of(const struct group *g)
{
	struct addr first = shown(g->v[0]);
	uint32_t asks = 1;

	for (size_t i = 1; i < g->n; i++) {
		struct addr other = shown(g->v[i]);

		if (!addr_equal(&first, &other))
			return 0;
		asks += !same_ask(g->v[i - 1], g->v[i]);
	}
	return asks;
}

static unsigned int nearest(const struct group *g)
{
	unsigned int best = 0;

	for (size_t i = 0; i < g->n; i++) {
		unsigned int hop = hop_of(g->v[i]);

		if (hop && (!best || hop < best))
			best = hop;
	}
	return best;
}

static void add_pair(struct arena *a, struct nat_result *r, const struct nat_pair *new)
{
	struct nat_pair *p = NULL;

	vec_each (struct nat_pair, x, r->pairs)
		if (addr_equal(&x->sent, &new->sent) && addr_equal(&x->seen, &new->seen))
			p = x;
	r->rewritten += new->quotes;
	if (!r->by.family || (new->hop && (!r->hop || new->hop < r->hop))) {
		r->hop = new->hop;
		r->by = new->by;
	}
	if (!p) {
		if (r->pairs.n < NAT_PAIRS)
			vec_push(a, &r->pairs, *new);
		return;
	}
	p->quotes += new->quotes;
	if (new->hop && (!p->hop || new->hop < p->hop)) {
		p->hop = new->hop;
		p->by = new->by;
	}
}

static void add_group(struct arena *a, struct nat_result *r, const struct group *g)
{
	const struct observation *o = g->v[0];
	uint32_t asks = asks_of(g), others = 0;
	struct addr seen = shown(o);

	for (size_t i = 0; i < g->n; i++) {
		bool as_sent = g->v[i]->outcome == OUTCOME_ICMP;

		others += !as_sent;
		r->as_sent += as_sent;
		r->back +=
			as_sent && addr_is_private(&o->from) && !addr_is_special(&o->icmp.offender);
	}
	if (!others)
		return;
	if (asks < NAT_CERTAIN)
		r->doubtful += others;
	else if (seen.port == o->from.port)
		r->moved += asks;
	else
		add_pair(a, r,
			&(struct nat_pair){ .sent = o->from,
				.seen = seen,
				.quotes = asks,
				.hop = nearest(g),
				.by = o->icmp.offender });
}

/* The last hop before the first that shows another port: only of ports that are rewritten. */
static void find_behind(const struct group *all, struct nat_result *r)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct observation *o = all->v[i];
		unsigned int hop = o->outcome == OUTCOME_ICMP ? hop_of(o) : 0;

		if (hop < r->hop && hop > r->behind && nat_pair_of(r, o->from.port))
			r->behind = hop;
	}
}

static int by_port(const void *a, const void *b)
{
	const struct nat_pair *x = a, *y = b;
	int c = (int)x->sent.port - (int)y->sent.port;

	return c ? c : addr_compare(&x->seen, &y->seen);
}

struct nat_result nat_judge(struct arena *a, const struct facts *f, uint8_t family)
{
	const struct observation **v = arena_alloc(a, (f->n + 1) * sizeof(*v));
	struct nat_result r = { .verdict = NAT_UNTOLD };
	struct group all = { v, 0 };

	for (size_t i = 0; i < f->n; i++)
		if (is_quote(f->v[i], family))
			v[all.n++] = f->v[i];
	qsort(v, all.n, sizeof(*v), by_group);
	for (size_t i = 0, end; i < all.n; i = end) {
		for (end = i + 1; end < all.n && !compare_group(v[i], v[end]); end++)
			;
		add_group(a, &r, &(struct group){ v + i, end - i });
	}
	if (r.pairs.n)
		qsort(r.pairs.v, r.pairs.n, sizeof(*r.pairs.v), by_port);
	find_behind(&all, &r);
	if (r.pairs.n)
		r.verdict = NAT_REWRITES;
	else if (r.moved)
		r.verdict = NAT_KEEPS;
	return r;
}

const struct nat_pair *nat_pair_of(const struct nat_result *r, uint16_t port)
{
	vec_each (const struct nat_pair, p, r->pairs)
		if (p->sent.port == port)
			return p;
	return NULL;
}

bool nat_shows(const struct nat_result *r, const struct observation *o)
{
	if (o->outcome != OUTCOME_STRAY || o->why != WHY_STRAY_QUOTE)
		return false;
	vec_each (const struct nat_pair, p, r->pairs)
		if (addr_equal(&p->sent, &o->from) && addr_equal(&p->seen, &o->quoted))
			return true;
	return false;
}
