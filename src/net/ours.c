/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sockets of a run, open or closed of late, by their local end. */
#include "net/ours.h"

#include <time.h>

#include "base/table.h"

enum { PORTS_MOST = 65536 };

struct socket_span {
	struct table_node node; /* by local end */
	struct ours_ends ends;
	uint64_t from, to;	  /* µs since 1970; to UINT64_MAX: it is open */
	struct socket_span *next; /* of those closed, in their order; of spare ones */
};

struct ours {
	struct arena *arena;
	struct table table;
	struct socket_span *closed, **last, *spare;
	uint64_t ports[PORTS_MOST / 64]; /* that were told */
	void (*call)(void *user, uint16_t port);
	void *user;
};

struct ours *ours_new(struct arena *a)
{
	struct ours *o = arena_alloc(a, sizeof(*o));

	o->arena = a;
	o->table.arena = a;
	o->last = &o->closed;
	return o;
}

uint64_t ours_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (uint64_t)t.tv_sec * 1000000U + (uint64_t)t.tv_nsec / 1000U;
}

static struct addr unscoped(struct addr a)
{
	a.scope = 0;
	return a;
}

static uint64_t hash_of(const struct ours_ends *e)
{
	return table_mix(table_hash_addr(&e->local), e->tcp);
}

static bool same(const struct ours_ends *x, const struct ours_ends *y)
{
	struct addr local = unscoped(y->local), remote = unscoped(y->remote);

	return x->tcp == y->tcp && addr_equal(&x->local, &local) &&
	       (!x->tcp || addr_equal(&x->remote, &remote));
}

void ours_open(struct ours *o, const struct ours_ends *e, uint64_t at)
{
	struct socket_span *s;

	if (!o)
		return;
	s = o->spare;
	if (s)
		o->spare = s->next;
	else
		s = arena_alloc(o->arena, sizeof(*s));
	*s = (struct socket_span){ .ends = *e, .from = at, .to = UINT64_MAX };
	s->ends.local = unscoped(e->local);
	s->ends.remote = unscoped(e->remote);
	table_add(&o->table, &s->node, hash_of(e));
}

void ours_close(struct ours *o, const struct ours_ends *e)
{
	struct table_node *n = o ? table_first(&o->table, hash_of(e)) : NULL;
	struct socket_span *s;

	for (; n; n = table_next(n)) {
		s = (struct socket_span *)n;
		if (s->to == UINT64_MAX && same(&s->ends, e))
			break;
	}
	if (!n)
		return;
	s->to = ours_now() + (e->tcp ? OURS_AFTER : 0);
	s->next = NULL;
	*o->last = s;
	o->last = &s->next;
}

bool ours_has(const struct ours *o, const struct ours_ends *e, uint64_t at)
{
	struct table_node *n = table_first(&o->table, hash_of(e));

	for (; n; n = table_next(n)) {
		const struct socket_span *s = (const struct socket_span *)n;

		if (at >= s->from && at <= s->to && same(&s->ends, e))
			return true;
	}
	return false;
}

void ours_forget(struct ours *o, uint64_t before)
{
	struct socket_span *s;

	/* UDP behind TCP waits with it: that is no more than OURS_AFTER. */
	while ((s = o->closed) && s->to < before) {
		o->closed = s->next;
		if (!o->closed)
			o->last = &o->closed;
		table_remove(&o->table, &s->node);
		s->next = o->spare;
		o->spare = s;
	}
}

void ours_on_port(struct ours *o, void (*call)(void *user, uint16_t port), void *user)
{
	o->call = call;
	o->user = user;
}

void ours_expect(struct ours *o, uint16_t port)
{
	if (!o || o->ports[port / 64] >> (port % 64) & 1)
		return;
	o->ports[port / 64] |= UINT64_C(1) << (port % 64);
	if (o->call)
		o->call(o->user, port);
}

size_t ours_count(const struct ours *o)
{
	return o->table.n;
}
