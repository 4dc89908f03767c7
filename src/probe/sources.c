/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks silent servers from other addresses of this host. */
#include "probe/sources.h"

#include "base/vec.h"
#include "dns/rr.h"
#include "probe/lookup.h"

enum {
	SERVERS_MOST = 16, /* that are asked so */
	SOURCES_MOST = 2,  /* other addresses, of the server's family */
	TRIES = 3,
};

struct sources {
	struct probe_group group;
	struct VEC(struct probe *) children;
	struct arena *arena;
	const struct sources_plan *plan; /* while they are made */
};

static bool asked_in_vain(const struct facts *f, const struct addr *server)
{
	bool asked = false;

	for (size_t i = 0; i < f->n; i++) {
		if (!addr_equal(&f->v[i]->ask.server, server))
			continue;
		if (observation_replied(f->v[i]))
			return false;
		asked |= observation_silent(f->v[i]);
	}
	return asked;
}

/* The address that this host sends from to that server. */
static struct addr usual(const struct facts *f, const struct addr *server)
{
	for (size_t i = 0; i < f->n; i++)
		if (addr_equal(&f->v[i]->ask.server, server) && f->v[i]->from.family)
			return addr_with_port(f->v[i]->from, 0);
	return (struct addr){ 0 };
}

/* Of the same family and kind: what leads out, leads out from both. */
static bool like(const struct addr *x, const struct addr *own)
{
	return x->family == own->family && addr_reach(x) == addr_reach(own) &&
	       addr_is_private(x) == addr_is_private(own) && !addr_is_loopback(x);
}

static void ask(struct sources *s, const struct addr *server, struct addr source)
{
	vec_push(s->arena, &s->children,
		lookup_probe(lookup_new(
			s->arena, &(struct lookup_plan){
					  .question = { s->plan->zone, RR_SOA, CLASS_IN },
					  .shape = shape_iterative,
					  .servers = server,
					  .nservers = 1,
					  .source = source,
					  .role = ROLE_SOURCE,
					  .zone = s->plan->zone,
					  .tries = TRIES,
					  .timeout = s->plan->timeout,
				  })));
}

static void ask_server(struct sources *s, const struct facts *f, const struct addr *server)
{
	struct addr own = usual(f, server);
	size_t n = 0;

	for (size_t i = 0; i < s->plan->nsources && n < SOURCES_MOST; i++) {
		const struct addr *x = &s->plan->sources[i];

		if (!like(x, &own) || addr_same_host(x, &own))
			continue;
		ask(s, server, *x);
		n++;
	}
	/* The control, in the same seconds. */
	if (n)
		ask(s, server, own);
}

struct probe *sources_new(struct arena *a, const struct facts *f, const struct sources_plan *plan)
{
	struct sources *s = arena_alloc(a, sizeof(*s));
	size_t n = 0;

	s->arena = a;
	s->plan = plan;
	for (size_t i = 0; i < plan->nservers && plan->zone && n < SERVERS_MOST; i++) {
		if (!asked_in_vain(f, &plan->servers[i]))
			continue;
		ask_server(s, f, &plan->servers[i]);
		n++;
	}
	s->plan = NULL;
	probe_group_init(&s->group, s->children.v, s->children.n);
	return &s->group.probe;
}
