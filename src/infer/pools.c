/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Configuration, sightings and blocked sets put together. */
#include "infer/pools.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/stats.h"

enum {
	ADDRESSES_MOST = 16, /* of resolvers, by source: a capture of a whole site may have many */
	SAMPLES_LEAST = 8,   /* of an address, to be looked at */
	TCP_LEAST = 3,	     /* connections, to tell whether TCP works */
	REFUTES = 3,	     /* queries from a dropped set, all of them answered */
};

/* P(loss alone silences all of the resolver's queries to a server that were seen). */
#define TOLL_ERROR 1e-6

/* Sightings of one source from one address. */
struct group {
	uint8_t source;
	struct addr from; /* port 0 */
	size_t n;
};

struct VEC_groups VEC(struct group);

static struct group *group_of(struct VEC_groups *groups, const struct sighting *s)
{
	vec_each (struct group, g, *groups)
		if (g->source == s->source && addr_same_host(&g->from, &s->from))
			return g;
	return NULL;
}

static int by_size(const void *a, const void *b)
{
	const struct group *x = a, *y = b;

	if (x->n != y->n)
		return x->n > y->n ? -1 : 1;
	if (x->source != y->source)
		return x->source < y->source ? -1 : 1;
	return addr_compare(&x->from, &y->from);
}

/* One more of its group, which is made when there is room. */
static void add_to_group(struct arena *a, struct VEC_groups *groups, const struct sighting *s)
{
	struct group *g = group_of(groups, s);

	if (!g && groups->n < SIGHTS * ADDRESSES_MOST) {
		vec_push(a, groups, (struct group){ s->source, addr_with_port(s->from, 0), 0 });
		g = &groups->v[groups->n - 1];
	}
	if (g)
		g->n++;
}

/* Ports of TCP are the kernel's. */
static void collect_groups(struct arena *a, const struct facts *f, struct VEC_groups *ret)
{
	vec_each (const struct sighting, s, f->sightings)
		if (s->transport == TRANSPORT_UDP)
			add_to_group(a, ret, s);
	if (ret->n)
		qsort(ret->v, ret->n, sizeof(*ret->v), by_size);
}

/* Some of them went to servers that another pool holds for: those are not to be compared. */
static bool is_mixed(const struct facts *f, const struct pool_seen *s)
{
	const struct pool_estimate *e = s->estimate;

	vec_each (const struct sighting, x, f->sightings)
		if (x->source == e->source && x->server.family != ADDR_NONE &&
			addr_same_host(&x->from, &e->from) &&
			audit_pool(s->audit, &x->server) != s->said)
			return true;
	return false;
}

/* Where it was seen at a beacon, a difference is a translator's. */
static void compare(const struct facts *f, struct pool_seen *s, const struct audit *audit)
{
	struct addr server = { .family = s->estimate->from.family };

	if (!audit)
		return;
	/* Pools for single servers are no pool of the whole. */
	vec_each (const struct pool, p, audit->pools)
		if (!s->said && p->only.family == ADDR_NONE &&
			(p->family == ADDR_NONE || server.family == ADDR_NONE ||
				p->family == server.family))
			s->said = p;
	s->audit = audit;
	if (s->said)
		s->fits = pool_compare(s->estimate, s->said);
	if (s->said && s->fits.fit > POOL_FITS && s->estimate->source != SIGHT_BEACON &&
		is_mixed(f, s))
		s->fits = (struct pool_fits){ .fit = POOL_FIT_UNTOLD };
}

static void look(struct arena *a, const struct facts *f, struct pools *ret)
{
	struct VEC_groups groups = { 0 };

	collect_groups(a, f, &groups);
	vec_each (const struct group, g, groups) {
		struct pool_seen s = { 0 };

		if (g->n < SAMPLES_LEAST)
			continue;
		s.estimate = pool_estimate(a, f, (enum sighting_source)g->source, &g->from);
		compare(f, &s, ret->audit);
		vec_push(a, &ret->seen, s);
	}
}

/* Of the server's family, or not told; by rank of the source: what arrives counts most. */
static const struct pool_seen *seen_for(
	const struct pools *p, const struct addr *server, bool beacon)
{
	vec_each (const struct pool_seen, s, p->seen) {
		uint8_t family = s->estimate->from.family;

		if ((s->estimate->source == SIGHT_BEACON) == beacon &&
			(family == server->family || family == ADDR_NONE))
			return s;
	}
	return NULL;
}

/* A forwarder sends nothing to servers other than its upstreams, and those of single zones. */
static bool asks(const struct facts *f, const struct audit *a, const struct addr *server)
{
	if (!a || !a->forwarder)
		return true;
	vec_each (const struct addr, up, a->forwards)
		if (addr_same_host(up, server))
			return true;
	vec_each (const struct sighting, s, f->sightings)
		if (s->source != SIGHT_BEACON && addr_same_host(&s->server, server))
			return true;
	return false;
}

static bool contradicted(const struct pool_seen *s)
{
	return s && s->said && s->fits.fit > POOL_FITS;
}

/* Drawn anew from a range, or one of a few. */
static const struct portset *likely_ports(struct arena *a, const struct pool_estimate *e)
{
	struct portset *range;

	if (e->shape != POOL_UNIFORM)
		return &e->seen;
	range = arena_alloc(a, sizeof(*range));
	portset_add_range(range, e->range);
	return range;
}

static void choose(
	struct arena *a, const struct facts *f, const struct pools *p, struct exposure *x)
{
	const struct pool_seen *arrives = seen_for(p, &x->server, true);
	const struct pool_seen *seen = seen_for(p, &x->server, false);
	const struct pool *said = p->audit ? audit_pool(p->audit, &x->server) : NULL;

	if (!asks(f, p->audit, &x->server))
		return;
	/* All ports are taken out: whatever is sent has others. */
	if (said && portset_empty(said->ports))
		said = NULL;
	x->audit = p->audit;
	if (arrives && arrives->estimate->shape != POOL_UNTOLD) {
		x->basis = BASIS_ARRIVES;
		x->by = arrives;
	} else if (said && !contradicted(seen)) {
		x->basis = BASIS_SAID;
		x->said = said;
		x->pool = said->ports;
	} else if (seen && seen->estimate->shape != POOL_UNTOLD) {
		x->basis = BASIS_SEEN;
		x->by = seen;
	}
	if (x->by)
		x->pool = likely_ports(a, x->by->estimate);
}

static void count(struct pool_toll *t, const struct sighting *s)
{
	t->asked++;
	t->answered += s->end == SIGHT_ANSWERED;
	t->silent += s->end == SIGHT_SILENT;
}

static void take_toll(const struct facts *f, const struct portset *blocked, struct exposure *x)
{
	vec_each (const struct sighting, s, f->sightings) {
		if (s->source == SIGHT_BEACON || !addr_equal(&s->server, &x->server))
			continue;
		if (s->transport == TRANSPORT_TCP)
			count(&x->tcp, s);
		else
			count(portset_has(blocked, s->from.port) ? &x->from_hit : &x->from_rest, s);
	}
}

static bool lies_in(const struct portset *a, const struct portset *b)
{
	struct portset rest = *a;

	portset_minus(&rest, b);
	return portset_empty(&rest);
}

/*
 * The resolver's own queries from that set are answered: what the sweep found dropped is not so for
 * it. What arrives at a beacon has other ports than those that were seen leaving.
 */
static void refute(struct exposure *x)
{
	x->refuted = x->fraction > 0 && x->basis != BASIS_ARRIVES && !x->from_hit.silent &&
		     x->from_hit.answered >= REFUTES;
	if (!x->refuted)
		return;
	x->fraction = 0;
	x->hit = (struct portset){ 0 };
}

/* How many ports of the pool nobody asked about. */
static uint32_t outside(const struct portset *pool, const struct portset *scope)
{
	struct portset rest = *pool;

	if (!scope)
		return 0;
	portset_minus(&rest, scope);
	return portset_count(&rest);
}

/* The resolver's own queries are enough to say that all are dropped, whatever the sweep found. */
static bool all_silent(const struct exposure *x, const struct pools_sweep *s)
{
	uint32_t silent = x->from_rest.silent + (x->unasked ? x->from_hit.silent : 0);

	return !portset_empty(x->pool) && !x->refuted && !x->from_rest.answered &&
	       !x->from_hit.answered && (x->fraction <= 0 || x->unasked) &&
	       silent >= stats_silences(s->ports->loss_upper, TOLL_ERROR);
}

static void expose(
	struct arena *a, const struct facts *f, const struct pools_sweep *s, struct pools *ret)
{
	struct exposure x = { .server = s->server };
	uint32_t size = 0;

	choose(a, f, ret, &x);
	take_toll(f, &s->ports->blocked, &x);
	if (x.pool) {
		size = portset_count(x.pool);
		x.unasked = s->ports->pattern == PATTERN_HASH ? 0 : outside(x.pool, s->scope);
		x.hit = *x.pool;
		portset_and(&x.hit, &s->ports->blocked);
		x.fraction = size ? (double)portset_count(&x.hit) / size : 0;
		/* A hash takes its share of any port. */
		if (s->ports->pattern == PATTERN_HASH)
			x.fraction = s->ports->flows.share;
	}
	refute(&x);
	if (x.pool && all_silent(&x, s)) {
		x.by_toll = true;
		x.fraction = 1;
		x.hit = *x.pool;
	}
	x.untested = x.pool && !x.by_toll && !x.from_rest.answered && !x.from_hit.answered &&
		     (lies_in(x.pool, &s->ports->untested) || (size && x.unasked == size));
	vec_push(a, &ret->exposures, x);
}

/* A life-long pool is hit by what it drew. */
static double share_of(const struct exposure *x, const struct ports_result *ports)
{
	if (!x || !x->pool)
		return 0;
	if (ports->pattern == PATTERN_HASH || !x->said || x->by_toll || x->refuted)
		return x->fraction;
	return servfail_exposed(x->said, &ports->blocked).share;
}

/* Of TCP, where the resolver was seen to use it: that it works is not known otherwise. */
static double tcp_share(const struct pool_toll *t)
{
	uint32_t told = t->answered + t->silent;

	return told >= TCP_LEAST ? (double)t->silent / told : 0;
}

/* The zone's own servers answer it, and not an upstream that it forwards to. */
static bool asks_zone(const struct facts *f, const struct audit *a,
	const struct pools_sweep *sweeps, size_t nsweeps)
{
	for (size_t i = 0; i < nsweeps; i++)
		if (!sweeps[i].upstream && asks(f, a, &sweeps[i].server))
			return true;
	return false;
}

static void predict(
	const struct facts *f, struct pools *p, const struct pools_sweep *sweeps, size_t nsweeps)
{
	struct servfail_case c = { .software = p->audit->software, .version = p->audit->version };
	bool hit = false, known = true, direct = asks_zone(f, p->audit, sweeps, nsweeps);

	for (size_t i = 0; i < nsweeps && c.n < SERVFAIL_SERVERS; i++) {
		const struct exposure *x = pools_exposure(p, &sweeps[i].server);
		double blocked = share_of(x, sweeps[i].ports);

		if (sweeps[i].upstream == direct || !asks(f, p->audit, &sweeps[i].server))
			continue;
		c.servers[c.n++] = (struct servfail_server){
			.family = sweeps[i].server.family,
			.blocked = sweeps[i].ports->pattern == PATTERN_ALL ? 1 : blocked,
			.loss = sweeps[i].ports->loss,
			.rtt = sweeps[i].rtt,
			.tcp_blocked = x ? tcp_share(&x->tcp) : 0,
		};
		hit |= blocked > 0;
		known &= !x || !x->unasked || x->by_toll;
		if (x && x->said)
			c.life = x->said->life;
	}
	/* A least share predicts nothing. */
	p->predicted = hit && known && servfail_predict(&c, &p->lookups) == 0;
	p->asked = c;
}

struct pools pools_infer(
	struct arena *a, const struct facts *f, const struct pools_sweep *sweeps, size_t nsweeps)
{
	struct pools p = { .audit = f->audits.n ? f->audits.v[0] : NULL };

	look(a, f, &p);
	for (size_t i = 0; i < nsweeps; i++)
		if (sweeps[i].ports->pattern == PATTERN_RANGES ||
			sweeps[i].ports->pattern == PATTERN_HASH)
			expose(a, f, &sweeps[i], &p);
	if (p.audit && p.exposures.n)
		predict(f, &p, sweeps, nsweeps);
	return p;
}

const struct exposure *pools_exposure(const struct pools *p, const struct addr *server)
{
	vec_each (const struct exposure, x, p->exposures)
		if (addr_equal(&x->server, server))
			return x;
	return NULL;
}

const char *pool_basis_slug(enum pool_basis b)
{
	static const char *const slugs[] = {
		[BASIS_NONE] = "none",
		[BASIS_SAID] = "config",
		[BASIS_SEEN] = "seen",
		[BASIS_ARRIVES] = "beacon",
	};

	return (size_t)b < ARRAY_LEN(slugs) ? slugs[b] : slugs[BASIS_NONE];
}
