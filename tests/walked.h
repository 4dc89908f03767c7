/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Small worlds for tests: servers of a simulated network with zones in text, walked from the root.
 *
 *	static struct world healthy = { .hosts = { { "192.0.2.1", { { ".", "..." } } } } };
 *	struct facts *f = walked(arena, &healthy, &(struct walked_plan){ "live.com.", RR_MX });
 */
#ifndef TESTS_WALKED_H
#define TESTS_WALKED_H

#include <assert.h>

#include "dns/rr.h"
#include "net/sim.h"
#include "probe/walk.h"

enum { WALKED_HOSTS = 12, WALKED_ZONES = 5, WALKED_ASKS = 20000 };

struct world_host {
	const char *addr; /* the first host is the root's */
	struct sim_zone zones[WALKED_ZONES];
	sim_answer *answer; /* NULL: from the zones */
	bool dead;
};

struct world {
	struct world_host hosts[WALKED_HOSTS];
};

struct walked_plan {
	const char *name;
	uint16_t type;
	uint64_t seed;
	double loss, late;
	struct walk_plan walk; /* question and hints are filled in */
};

__attribute__((unused)) static struct addr world_addr(const char *text)
{
	struct addr a;
	int err = addr_parse(text, &a);

	assert(err == 0);
	a.port = 53;
	return a;
}

/* Pumps the probe over the wire until it is done; false when it asks without end. */
__attribute__((unused)) static bool walked_pump(struct wire *w, struct probe *p, struct facts *f)
{
	struct observation o;
	struct ask ask;
	uint64_t wake;

	p->ops->begin(p, wire_now(w));
	while (f->n < WALKED_ASKS) {
		enum want want = p->ops->want(p, wire_now(w), &ask, &wake);

		if (want == WANT_DONE)
			return true;
		if (want == WANT_ASK) {
			w->ops->send(w, &ask);
			continue;
		}
		if (!w->ops->next(w, wake, &o))
			continue;
		facts_add(f, &o);
		p->ops->reply(p, &o, wire_now(w));
	}
	return false;
}

/* Walks a world; *ret_walk (may be NULL) is the walk at its end. */
__attribute__((unused)) static struct facts *walked_by(struct arena *a, const struct world *world,
	const struct walked_plan *plan, struct walk **ret_walk)
{
	struct sim_server *servers = arena_alloc(a, WALKED_HOSTS * sizeof(*servers));
	struct sim_net *net = arena_alloc(a, sizeof(*net));
	struct rng *rng = arena_alloc(a, sizeof(*rng));
	struct facts *f = facts_new(a);
	struct walk_plan p = plan->walk;
	struct walk_hint hint;
	struct name name;
	struct wire *wire;
	struct walk *w;
	uint64_t began;
	bool ended;

	*rng = rng_seed(plan->seed + 1);
	*net = (struct sim_net){
		.rtt = 20000, .loss = plan->loss, .late = plan->late, .servers = servers
	};
	for (size_t i = 0; i < WALKED_HOSTS && world->hosts[i].addr; i++) {
		const struct world_host *h = &world->hosts[i];

		servers[i] = (struct sim_server){
			.addr = world_addr(h->addr),
			.dead = h->dead,
			.answer = h->answer ? h->answer : sim_answer_zones,
			.user = (void *)h->zones,
		};
		net->nservers = i + 1;
	}
	assert(name_parse("a.root-servers.test.", &name) == 0);
	hint = (struct walk_hint){ name_keep(a, &name), servers[0].addr };
	assert(name_parse(plan->name, &name) == 0);
	p.question = (struct question){ name_keep(a, &name), plan->type, CLASS_IN };
	if (!p.nhints) {
		p.hints = arena_dup(a, &hint, sizeof(hint));
		p.nhints = 1;
	}
	if (!p.timeout)
		p.timeout = 500000;
	p.rng = rng_seed(plan->seed);

	f->command = "diagnose";
	f->question = p.question;
	w = walk_new(a, &p);
	wire = sim_new(a, rng, net);
	began = wire_now(wire);
	ended = walked_pump(wire, walk_probe(w), f);
	assert(ended);
	f->elapsed = wire_now(wire) - began;
	wire->ops->free(wire);
	if (ret_walk)
		*ret_walk = w;
	return f;
}

__attribute__((unused)) static struct facts *walked(
	struct arena *a, const struct world *world, const struct walked_plan *plan)
{
	return walked_by(a, world, plan, NULL);
}

#endif
