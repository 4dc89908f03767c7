/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A fixed port that fails where its neighbours are dropped. */
#include "infer/nat_collide.h"

enum { SILENCES = 3, PORTS = 65536 };

/* Most of the class has to be dropped, or the second resolver would be lucky now and then. */
#define MOST 0.5
/* A filter that also drops the port itself explains as much, when that was not tested. */
#define UNTESTED 0.8

/* The one port that the resolver sends from; 0: it has several. */
static uint16_t fixed_port(const struct exposure *x)
{
	return x->pool && portset_count(x->pool) == 1 ? (uint16_t)portset_next(x->pool, 0) : 0;
}

static bool is_swept(const struct addr *server, const struct pools_sweeps *sweeps)
{
	for (size_t i = 0; i < sweeps->n; i++)
		if (addr_same_host(&sweeps->v[i].server, server))
			return true;
	return false;
}

/* By port: answered queries to servers that were not swept. Once for all servers: it costs. */
static const uint32_t *answered_elsewhere(
	struct arena *a, const struct facts *f, const struct pools_sweeps *sweeps)
{
	uint32_t *n = arena_alloc(a, PORTS * sizeof(*n));

	vec_each (const struct sighting, s, f->sightings)
		if (s->end == SIGHT_ANSWERED && s->transport == TRANSPORT_UDP &&
			s->source != SIGHT_BEACON && !is_swept(&s->server, sweeps))
			n[s->from.port]++;
	return n;
}

static double dropped_share(const struct portset *blocked, struct portrange class)
{
	struct portset all = { 0 };
	double n;

	portset_add_range(&all, class);
	n = portset_count(&all);
	portset_and(&all, blocked);
	return portset_count(&all) / n;
}

static const struct pools_sweep *sweep_of(
	const struct exposure *x, const struct pools_sweeps *sweeps)
{
	for (size_t i = 0; i < sweeps->n; i++)
		if (addr_equal(&sweeps->v[i].server, &x->server))
			return &sweeps->v[i];
	return NULL;
}

struct nat_collisions nat_collide(struct arena *a, const struct facts *f, const struct pools *pools,
	const struct pools_sweeps *sweeps)
{
	struct nat_collisions list = { 0 };
	const uint32_t *elsewhere = NULL;

	vec_each (const struct exposure, x, pools->exposures) {
		const struct pools_sweep *s = sweep_of(x, sweeps);
		struct nat_collision c = { .server = x->server, .port = fixed_port(x) };
		bool untested;

		if (!s || !c.port || (x->fraction > 0 && !x->by_toll) || x->from_rest.answered ||
			x->from_rest.silent < SILENCES)
			continue;
		c.class = nat_class(c.port);
		c.silent = x->from_rest.silent;
		elsewhere = elsewhere ? elsewhere : answered_elsewhere(a, f, sweeps);
		c.elsewhere = elsewhere[c.port];
		c.dropped = dropped_share(&s->ports->blocked, c.class);
		if (!c.elsewhere || c.dropped < MOST)
			continue;
		untested = portset_has(&s->ports->untested, c.port);
		c.confidence = c.dropped * (untested ? UNTESTED : 1);
		vec_push(a, &list, c);
	}
	return list;
}
