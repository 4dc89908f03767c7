/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From sightings to samples and draws, and what the samples show without statistics. */
#include "infer/pool.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/stats.h"
#include "infer/pool_inner.h"

enum {
	LETTERS = 8,	/* that both cases are looked for in: of one by chance in 1 of 128 */
	FOLLOWING = 16, /* that an id may be above the one before */
};

const struct portrange pool_buckets[POOL_BUCKETS] = {
	{ 0, 52 },
	{ 53, 53 },
	{ 54, 1023 },
	{ 1024, 4999 },
	{ 5000, 32767 },
	{ 32768, 60999 },
	{ 61000, 65535 },
};

static const char *const shapes[] = {
	[POOL_UNTOLD] = "untold",
	[POOL_FIXED] = "fixed",
	[POOL_SEQUENTIAL] = "sequential",
	[POOL_SMALL] = "small",
	[POOL_UNEVEN] = "uneven",
	[POOL_UNIFORM] = "uniform",
};

_Static_assert(ARRAY_LEN(shapes) == POOL_SHAPES, "a slug for every shape");

const char *pool_shape_slug(enum pool_shape s)
{
	return s < POOL_SHAPES ? shapes[s] : NULL;
}

/* By time; those of one time as they came. */
static int by_time(const void *a, const void *b)
{
	const struct sighting *x = ((const struct pool_query *)a)->s;
	const struct sighting *y = ((const struct pool_query *)b)->s;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return (x > y) - (x < y);
}

static bool is_of(const struct sighting *s, enum sighting_source source, const struct addr *from)
{
	return s->source == source && s->transport == TRANSPORT_UDP && s->from.port &&
	       (!from->family || addr_same_host(from, &s->from));
}

static struct pool_queries gather(struct arena *a, const struct facts *f,
	enum sighting_source source, const struct addr *from)
{
	struct pool_queries q = { 0 };
	bool sorted = true;
	size_t n = 0;

	/* Counted first: there may be many senders, each with a few of very many. */
	vec_each (const struct sighting, s, f->sightings)
		n += is_of(s, source, from);
	q.v = arena_alloc(a, n * sizeof(*q.v));
	vec_each (const struct sighting, s, f->sightings) {
		if (!is_of(s, source, from))
			continue;
		sorted = sorted && (!q.n || q.v[q.n - 1].s->at <= s->at);
		q.v[q.n++].s = s;
	}
	if (!sorted)
		qsort(q.v, q.n, sizeof(*q.v), by_time);
	return q;
}

static bool both_cases(const struct name *n, uint32_t *ret_letters)
{
	uint32_t upper = 0, lower = 0;

	for (unsigned int i = 0; i < n->len; i++) {
		upper += n->wire[i] >= 'A' && n->wire[i] <= 'Z';
		lower += n->wire[i] >= 'a' && n->wire[i] <= 'z';
	}
	*ret_letters = upper + lower;
	return upper && lower;
}

static void add_name(struct pool_estimate *e, const struct sighting *s)
{
	uint32_t letters;
	bool both;

	if (!s->question.name)
		return;
	both = both_cases(s->question.name, &letters);
	e->lettered += letters >= LETTERS;
	e->cased += both && letters >= LETTERS;
}

static void add_bucket(struct pool_bucket *b, const struct sighting *s)
{
	size_t i = 0;

	while (s->from.port > pool_buckets[i].hi)
		i++;
	b[i].asked++;
	b[i].answered += s->end == SIGHT_ANSWERED;
	b[i].silent += s->end == SIGHT_SILENT;
	b[i].icmp += s->end == SIGHT_ICMP;
}

static void keep_buckets(struct arena *a, struct pool_estimate *e, struct pool_bucket *b)
{
	for (size_t i = 0; i < POOL_BUCKETS; i++) {
		uint32_t told = b[i].answered + b[i].silent;

		b[i].range = pool_buckets[i];
		b[i].low = stats_wilson_low(b[i].silent, told, 0.95);
		b[i].high = stats_wilson_high(b[i].silent, told, 0.95);
		if (b[i].asked)
			vec_push(a, &e->buckets, b[i]);
	}
}

/* What all samples show. */
static void add_samples(struct arena *a, struct pool_estimate *e, const struct pool_queries *q)
{
	struct portset *ids = arena_alloc(a, sizeof(*ids));
	struct pool_bucket buckets[POOL_BUCKETS] = { 0 };
	const struct sighting *before = NULL;

	for (size_t i = 0; i < q->n; i++) {
		const struct sighting *s = q->v[i].s;

		if (q->v[i].twin)
			continue;
		e->samples++;
		portset_add(&e->seen, s->from.port);
		add_name(e, s);
		add_bucket(buckets, s);
		if (s->source == SIGHT_SOCKET)
			continue;
		portset_add(ids, s->id);
		if (before)
			e->ids_following += (uint16_t)(s->id - before->id - 1) < FOLLOWING;
		before = s;
	}
	e->distinct = portset_count(&e->seen);
	e->ids_distinct = portset_count(ids);
	keep_buckets(a, e, buckets);
}

static struct pool_draws draws_of(struct arena *a, const struct pool_queries *q, bool again)
{
	struct pool_draws d = { .ordered = true };

	d.v = arena_alloc(a, q->n * sizeof(*d.v));
	for (size_t i = 0; i < q->n; i++)
		if (!q->v[i].twin && (again || !q->v[i].again))
			d.v[d.n++] = q->v[i].s->from.port;
	pool_count(a, &d);
	return d;
}

/*
 * A socket that stays open is one draw each POOL_LOOKUP. The kernel lists sockets by port, so that
 * their order says nothing.
 */
static struct pool_draws draws_of_sockets(struct arena *a, const struct pool_queries *q)
{
	uint64_t *last = arena_alloc(a, POOL_PORTS * sizeof(*last));
	struct portset *met = arena_alloc(a, sizeof(*met));
	struct pool_draws d = { 0 };

	d.v = arena_alloc(a, q->n * sizeof(*d.v));
	for (size_t i = 0; i < q->n; i++) {
		const struct sighting *s = q->v[i].s;
		uint16_t port = s->from.port;

		if (portset_has(met, port) && s->at - last[port] < POOL_LOOKUP)
			continue;
		portset_add(met, port);
		last[port] = s->at;
		d.v[d.n++] = port;
	}
	pool_count(a, &d);
	return d;
}

static void judge(struct arena *a, struct pool_estimate *e, const struct pool_draws *d)
{
	struct pool_lie lie = pool_lie(a, d);

	e->draws = (uint32_t)d->n;
	e->ports.v = d->ports.v;
	e->ports.n = d->ports.n;
	pool_size(e, d, &lie);
	pool_shape(e, d, &lie);
}

/* Questions asked again come from the same port more often than the pool's size explains. */
static bool again_sticks(const struct pool_estimate *e, const struct pool_queries *q)
{
	if (e->draws < POOL_FEWEST)
		return q->again_same * 2 >= q->again;
	return stats_binomial_tail(q->again_same, q->again, 1 / e->size_low) <= 0.01;
}

struct pool_estimate *pool_estimate(struct arena *a, const struct facts *f,
	enum sighting_source source, const struct addr *from)
{
	struct pool_estimate *e = arena_alloc(a, sizeof(*e));
	struct pool_queries q = gather(a, f, source, from);
	struct pool_draws d;

	e->source = (uint8_t)source;
	e->from = addr_with_port(*from, 0);
	pool_tries(a, &q);
	add_samples(a, e, &q);
	e->retries = q.retries;
	e->retries_same = q.retries_same;
	d = source == SIGHT_SOCKET ? draws_of_sockets(a, &q) : draws_of(a, &q, false);
	judge(a, e, &d);
	if (q.again && !again_sticks(e, &q)) {
		d = draws_of(a, &q, true);
		judge(a, e, &d);
	}
	e->per_try = (uint8_t)pool_per_try(e);
	return e;
}
