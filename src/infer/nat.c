/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From quotes to pairs of ports. */
#include "infer/nat.h"

#include <stdlib.h>

#include "infer/path.h"

/* The hop that said it; 0: no TTL ran out. */
static unsigned int hop_of(const struct observation *o)
{
	struct observation error = *o;

	error.outcome = OUTCOME_ICMP;
	return path_expired(&error) ? o->ask.ttl : 0;
}

/* An ICMP error about a query of ours. */
static bool is_quote(const struct observation *o, uint8_t family)
{
	if (o->ask.transport != TRANSPORT_UDP || o->ask.server.family != family ||
		o->from.family != family || !o->from.port)
		return false;
	return o->outcome == OUTCOME_ICMP ||
	       (o->outcome == OUTCOME_STRAY && o->why == WHY_STRAY_QUOTE);
}

static bool shows_another(const struct observation *o)
{
	return o->quoted.family == o->from.family && o->quoted.port;
}

/* Counts an ask once, however often it is quoted; false: it was the last one counted. */
static bool count(struct nat_pair *p, const struct observation *o)
{
	if (p->quotes && p->last_sent == o->sent && p->last_id == o->id)
		return false;
	p->quotes++;
	p->last_sent = o->sent;
	p->last_id = o->id;
	return true;
}

static void add_pair(struct arena *a, struct nat_result *r, const struct observation *o)
{
	unsigned int hop = hop_of(o);
	struct nat_pair *p = NULL;

	vec_each (struct nat_pair, x, r->pairs)
		if (addr_equal(&x->sent, &o->from) && addr_equal(&x->seen, &o->quoted))
			p = x;
	if (!p && r->pairs.n == NAT_PAIRS)
		return;
	if (!p) {
		vec_push(a, &r->pairs,
			(struct nat_pair){ .sent = o->from,
				.seen = o->quoted,
				.hop = hop,
				.by = o->icmp.offender });
		p = &r->pairs.v[r->pairs.n - 1];
	}
	if (count(p, o) && hop && (!p->hop || hop < p->hop)) {
		p->hop = hop;
		p->by = o->icmp.offender;
	}
}

static void add(
	struct arena *a, struct nat_result *r, struct nat_pair *moved, const struct observation *o)
{
	if (!shows_another(o)) {
		/* Of a tape, which may hold anything. */
		if (o->outcome != OUTCOME_ICMP || o->quoted.family)
			return;
		r->as_sent++;
		r->back += addr_is_private(&o->from) && !addr_is_special(&o->icmp.offender);
	} else if (o->quoted.port == o->from.port) {
		count(moved, o);
	} else {
		add_pair(a, r, o);
	}
}

static int by_port(const void *a, const void *b)
{
	const struct nat_pair *x = a, *y = b;
	int c = (int)x->sent.port - (int)y->sent.port;

	return c ? c : addr_compare(&x->seen, &y->seen);
}

/* Leaves the certain ones. */
static void sift(struct nat_result *r)
{
	size_t n = 0;

	vec_each (const struct nat_pair, p, r->pairs) {
		if (p->quotes < NAT_CERTAIN)
			continue;
		r->rewritten += p->quotes;
		if (!r->by.family || (p->hop && (!r->hop || p->hop < r->hop))) {
			r->hop = p->hop;
			r->by = p->by;
		}
		r->pairs.v[n++] = *p;
	}
	r->pairs.n = n;
	if (n)
		qsort(r->pairs.v, n, sizeof(*r->pairs.v), by_port);
}

static void find_behind(const struct facts *f, struct nat_result *r, uint8_t family)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct observation *o = f->v[i];
		unsigned int hop = is_quote(o, family) && !shows_another(o) ? hop_of(o) : 0;

		/* Only of ports that are rewritten further on. */
		if (hop < r->hop && hop > r->behind && nat_pair_of(r, o->from.port))
			r->behind = hop;
	}
}

struct nat_result nat_judge(struct arena *a, const struct facts *f, uint8_t family)
{
	struct nat_result r = { .verdict = NAT_UNTOLD };
	struct nat_pair moved = { .quotes = 0 };

	for (size_t i = 0; i < f->n; i++)
		if (is_quote(f->v[i], family))
			add(a, &r, &moved, f->v[i]);
	r.moved = moved.quotes;
	sift(&r);
	find_behind(f, &r, family);
	if (r.pairs.n)
		r.verdict = NAT_REWRITES;
	else if (r.moved >= NAT_CERTAIN)
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
