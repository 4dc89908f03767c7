/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which ports are silent at which server: strata of queries that are alike, a test a bucket. */
#include "infer/nominate.h"

#include <math.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/stats.h"

/* µs between two queries of one time; and within which a question is the same lookup. */
static const uint64_t one_time = 60000000, one_lookup = 30000000;
/* That ports in random order are said to depend on time: costs power, no error. */
static const double clustered_p = 0.01;

/* A query of known end. */
struct told {
	const struct sighting *s;
	bool silent;
};

/* The queries to one server: v[0 .. n-1], by resolver and time. */
struct server {
	struct told *v;
	size_t n;
	uint64_t told[POOL_BUCKETS], silent[POOL_BUCKETS];
	uint64_t all_silent;
	struct stats_strata strata[POOL_BUCKETS];
	bool nominated[POOL_BUCKETS]; /* alone */
};

struct work {
	struct arena *arena;
	struct VEC(struct server) servers; /* alive, most queries first */
	/* All of these together. */
	uint64_t told[POOL_BUCKETS], silent[POOL_BUCKETS];
	uint64_t all, all_silent;
	struct stats_strata strata[POOL_BUCKETS];
	struct nominations *ret;
};

static size_t bucket_of(const struct sighting *s)
{
	size_t i = 0;

	while (s->from.port > pool_buckets[i].hi)
		i++;
	return i;
}

static int compare_hosts(const struct sighting *x, const struct sighting *y)
{
	struct addr a = addr_with_port(x->from, 0), b = addr_with_port(y->from, 0);

	return addr_compare(&a, &b);
}

static int compare_time(const struct sighting *x, const struct sighting *y)
{
	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return (x > y) - (x < y);
}

static int compare_question(const struct sighting *x, const struct sighting *y)
{
	int c = (int)x->question.type - (int)y->question.type;

	if (!x->question.name || !y->question.name)
		return (x->question.name != NULL) - (y->question.name != NULL);
	return c ? c : name_compare(x->question.name, y->question.name);
}

static int by_lookup(const void *a, const void *b)
{
	const struct sighting *x = ((const struct told *)a)->s, *y = ((const struct told *)b)->s;
	int c = addr_compare(&x->server, &y->server);

	if (!c)
		c = addr_compare(&x->from, &y->from);
	if (!c)
		c = compare_question(x, y);
	return c ? c : compare_time(x, y);
}

static int by_server(const void *a, const void *b)
{
	const struct sighting *x = ((const struct told *)a)->s, *y = ((const struct told *)b)->s;
	int c = addr_compare(&x->server, &y->server);

	if (!c)
		c = compare_hosts(x, y);
	return c ? c : compare_time(x, y);
}

/* y asks again what x asked, from the same port. */
static bool same_lookup(const struct sighting *x, const struct sighting *y)
{
	return y->at - x->at <= one_lookup && x->question.name && y->question.name &&
	       addr_equal(&x->server, &y->server) && addr_equal(&x->from, &y->from) &&
	       compare_question(x, y) == 0;
}

/* Queries of known end, by server, resolver and time; those of one lookup and port are one. */
static size_t gather(const struct facts *f, enum sighting_source source, struct told *v)
{
	size_t n = 0, kept = 0;

	vec_each (const struct sighting, s, f->sightings)
		if (s->source == source && s->transport == TRANSPORT_UDP && s->from.port &&
			s->server.family && (s->end == SIGHT_ANSWERED || s->end == SIGHT_SILENT))
			v[n++] = (struct told){ s, s->end == SIGHT_SILENT };
	qsort(v, n, sizeof(*v), by_lookup);
	for (size_t i = 0; i < n; i++) {
		if (kept && same_lookup(v[kept - 1].s, v[i].s))
			v[kept - 1].silent = v[kept - 1].silent && v[i].silent;
		else
			v[kept++] = v[i];
	}
	qsort(v, kept, sizeof(*v), by_server);
	return kept;
}

/* Queries that are alike but for the port: each bucket against the others. */
static void add_stratum(struct server *s, const struct told *v, size_t n)
{
	struct stats_stratum t[POOL_BUCKETS] = { 0 };
	uint64_t silent = 0;

	for (size_t i = 0; i < n; i++) {
		size_t b = bucket_of(v[i].s);

		t[b].part++;
		t[b].hits += v[i].silent;
		silent += v[i].silent;
	}
	for (size_t b = 0; b < POOL_BUCKETS; b++) {
		t[b].all = n;
		t[b].marked = silent;
		stats_strata_add(&s->strata[b], &t[b]);
	}
}

/*
 * Ports of a bucket follow each other more often than they would in random order: they depend on
 * time (a counter, a port for life, and another after a restart). Looks at no answer, so that the
 * tests stay exact whatever it says.
 */
static bool is_clustered(const struct told *v, size_t n)
{
	uint64_t in[POOL_BUCKETS] = { 0 }, next[POOL_BUCKETS] = { 0 };
	size_t before = POOL_BUCKETS;

	for (size_t i = 0; i < n; i++) {
		size_t b = bucket_of(v[i].s);

		in[b]++;
		if (b == before)
			next[b]++;
		before = b;
	}
	for (size_t b = 0; b < POOL_BUCKETS; b++)
		if (in[b] > 1 && in[b] < n &&
			stats_binomial_tail(next[b], in[b] - 1,
				(double)(in[b] - 1) / (double)(n - 1)) <= clustered_p)
			return true;
	return false;
}

/* The queries of each resolver. */
static void add_hosts(struct server *s)
{
	for (size_t i = 0, first = 0; i < s->n; i++) {
		if (i + 1 < s->n && compare_hosts(s->v[first].s, s->v[i + 1].s) == 0)
			continue;
		add_stratum(s, s->v + first, i + 1 - first);
		first = i + 1;
	}
}

/* Two queries of a resolver, one after the other, from ports of different buckets. */
static void add_pairs(struct server *s)
{
	for (size_t i = 0; i + 1 < s->n; i++) {
		const struct sighting *x = s->v[i].s, *y = s->v[i + 1].s;

		if (bucket_of(x) == bucket_of(y) || compare_hosts(x, y) != 0 ||
			y->at - x->at > one_time)
			continue;
		add_stratum(s, s->v + i, 2);
		i++;
	}
}

static struct server server_of(struct told *v, size_t n)
{
	struct server s = { .v = v, .n = n };

	for (size_t i = 0; i < n; i++) {
		size_t b = bucket_of(v[i].s);

		s.told[b]++;
		s.silent[b] += v[i].silent;
		s.all_silent += v[i].silent;
	}
	if (is_clustered(v, n))
		add_pairs(&s);
	else
		add_hosts(&s);
	return s;
}

static void add_server(struct work *w, struct told *v, size_t n)
{
	struct server s;

	w->ret->servers++;
	if (n < NOMINATE_LEAST)
		return;
	s = server_of(v, n);
	if (s.all_silent < n)
		vec_push(w->arena, &w->servers, s);
	else if (w->ret->dead.n < NOMINATE_DEAD)
		vec_push(w->arena, &w->ret->dead, addr_with_port(v->s->server, v->s->server.port));
}

static int most_first(const void *a, const void *b)
{
	const struct server *x = a, *y = b;

	if (x->n != y->n)
		return x->n > y->n ? -1 : 1;
	return addr_compare(&x->v->s->server, &y->v->s->server);
}

static void add_strata(struct stats_strata *to, const struct stats_strata *from, double sign)
{
	to->mean += sign * from->mean;
	to->hits += sign * from->hits;
	to->most += sign * from->most;
}

static void add_up(struct work *w)
{
	vec_each (const struct server, s, w->servers) {
		for (size_t b = 0; b < POOL_BUCKETS; b++) {
			w->told[b] += s->told[b];
			w->silent[b] += s->silent[b];
			add_strata(&w->strata[b], &s->strata[b], 1);
		}
		w->all += s->n;
		w->all_silent += s->all_silent;
	}
}

static struct nominate_count count_of(uint64_t silent, uint64_t told)
{
	return (struct nominate_count){
		.told = (uint32_t)told,
		.silent = (uint32_t)silent,
		.low = told ? stats_wilson_low(silent, told, 0.95) : 0,
		.high = told ? stats_wilson_high(silent, told, 0.95) : 1,
	};
}

/* P(as silent as here | as at other servers); 0 where these could not tell if all had answered. */
static double against_others(const struct work *w, const struct server *s, size_t b, double error)
{
	struct stats_stratum t = { w->told[b], w->silent[b], s->told[b], s->silent[b] };
	struct stats_strata best = { 0 }, real = { 0 };

	stats_strata_add(&real, &t);
	t.marked = t.hits;
	stats_strata_add(&best, &t);
	return stats_strata_tail(&best) > error ? 0 : stats_strata_tail(&real);
}

/* Of the ports of a bucket those that were silent, without those that were answered. */
static void add_ports(struct nominee *x, const struct server *s, struct portset *answered)
{
	for (size_t i = 0; i < s->n; i++) {
		uint16_t port = s->v[i].s->from.port;

		if (port < x->range.lo || port > x->range.hi)
			continue;
		portset_add(s->v[i].silent ? &x->ports : answered, port);
	}
}

static void push(struct work *w, struct nominee *x, double p)
{
	double share = x->rest.told ? (double)x->rest.silent / x->rest.told : 0;

	x->p = fmin(p * w->ret->tests, 1);
	x->weight = x->here.silent - share * x->here.told;
	vec_push(w->arena, &w->ret->nominees, *x);
}

static void test_server(struct work *w, struct server *s, size_t b, double error)
{
	struct portset answered = { 0 };
	struct nominee x = { .server = s->v->s->server, .range = pool_buckets[b] };
	double p = stats_strata_tail(&s->strata[b]), others;

	if (p > error)
		return;
	others = against_others(w, s, b, error);
	if (others > error)
		return;
	x.here = count_of(s->silent[b], s->told[b]);
	x.rest = count_of(s->all_silent - s->silent[b], s->n - s->told[b]);
	x.others = count_of(w->silent[b] - s->silent[b], w->told[b] - s->told[b]);
	add_ports(&x, s, &answered);
	portset_minus(&x.ports, &answered);
	push(w, &x, fmax(p, others));
	/* What it shows is told, and is not to stand for all servers. */
	add_strata(&w->strata[b], &s->strata[b], -1);
	s->nominated[b] = true;
}

/* All servers but the one that says most: one is not all. */
static double without_first(const struct work *w, size_t b)
{
	struct stats_strata rest = w->strata[b];
	const struct stats_strata *first = NULL;

	vec_each (const struct server, s, w->servers) {
		const struct stats_strata *x = &s->strata[b];

		if (!s->nominated[b] && (!first || x->hits - x->mean > first->hits - first->mean))
			first = x;
	}
	if (first)
		add_strata(&rest, first, -1);
	return stats_strata_tail(&rest);
}

static void test_all(struct work *w, size_t b, double error)
{
	struct portset answered = { 0 };
	struct nominee x = { .range = pool_buckets[b] };
	double p = without_first(w, b);

	if (p > error)
		return;
	x.here = count_of(w->silent[b], w->told[b]);
	x.rest = count_of(w->all_silent - w->silent[b], w->all - w->told[b]);
	x.others = count_of(0, 0);
	vec_each (const struct server, s, w->servers)
		add_ports(&x, s, &answered);
	portset_minus(&x.ports, &answered);
	push(w, &x, p);
}

/* A bucket at all servers is a test of its own where there are two. */
static void test(struct work *w)
{
	bool several = w->servers.n > 1;
	double error;

	vec_each (const struct server, s, w->servers)
		for (size_t b = 0; b < POOL_BUCKETS; b++)
			w->ret->tests += s->told[b] > 0;
	for (size_t b = 0; b < POOL_BUCKETS; b++)
		w->ret->tests += several && w->told[b] > 0;
	if (!w->ret->tests)
		return;
	error = NOMINATE_ERROR / w->ret->tests;
	vec_each (struct server, s, w->servers)
		for (size_t b = 0; b < POOL_BUCKETS; b++)
			test_server(w, s, b, error);
	for (size_t b = 0; several && b < POOL_BUCKETS; b++)
		test_all(w, b, error);
}

static int heaviest_first(const void *a, const void *b)
{
	const struct nominee *x = a, *y = b;
	int c = (x->weight < y->weight) - (x->weight > y->weight);

	if (!c)
		c = addr_compare(&x->server, &y->server);
	return c ? c : (int)x->range.lo - (int)y->range.lo;
}

void nominate(struct arena *a, const struct facts *f, enum sighting_source source,
	struct nominations *ret)
{
	struct told *v = arena_alloc(a, f->sightings.n * sizeof(*v));
	size_t n = gather(f, source, v), first = 0;
	struct work w = { .arena = a, .ret = ret };

	*ret = (struct nominations){ 0 };
	for (size_t i = 0; i < n; i++) {
		if (i + 1 < n && addr_equal(&v[i].s->server, &v[i + 1].s->server))
			continue;
		add_server(&w, v + first, i + 1 - first);
		first = i + 1;
	}
	if (w.servers.n)
		qsort(w.servers.v, w.servers.n, sizeof(*w.servers.v), most_first);
	w.servers.n = w.servers.n < NOMINATE_SERVERS ? w.servers.n : NOMINATE_SERVERS;
	ret->alive = (uint32_t)w.servers.n;
	add_up(&w);
	test(&w);
	if (ret->nominees.n)
		qsort(ret->nominees.v, ret->nominees.n, sizeof(*ret->nominees.v), heaviest_first);
}
