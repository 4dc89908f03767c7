/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which queries ask what was asked before: packets seen twice, further steps, and retries. */
#include <stdlib.h>

#include "base/stats.h"
#include "infer/pool_inner.h"

/* Sightings of a question that are looked back at for one of the same server. */
enum { BACK = 32 };

/* A query by its question. */
struct asked {
	uint64_t key;
	size_t at; /* in pool_queries */
};

static uint64_t mix(uint64_t h, const uint8_t *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint8_t c = v[i];

		/* FNV-1a. Case does not count: it is what 0x20 draws anew (RFC 4343). */
		h = (h ^ (c >= 'A' && c <= 'Z' ? c | 0x20U : c)) * 0x100000001b3ULL;
	}
	return h;
}

/* Of resolver and question; others may have the same. */
static uint64_t key_of(const struct sighting *s)
{
	struct span ip = addr_octets(&s->from);
	uint8_t kind[] = { (uint8_t)(s->question.type >> 8), (uint8_t)s->question.type,
		(uint8_t)(s->question.class >> 8), (uint8_t)s->question.class };
	uint64_t h = mix(0xcbf29ce484222325ULL, ip.p, ip.n);

	return mix(mix(h, kind, sizeof(kind)), s->question.name->wire, s->question.name->len);
}

static int by_key(const void *a, const void *b)
{
	const struct asked *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return (x->at > y->at) - (x->at < y->at);
}

static bool same_question(const struct sighting *x, const struct sighting *y)
{
	return addr_same_host(&x->from, &y->from) && x->question.type == y->question.type &&
	       x->question.class == y->question.class &&
	       name_equal(x->question.name, y->question.name);
}

/* At that time it was still waiting for its answer. */
static bool waits(const struct sighting *s, uint64_t at)
{
	return s->end != SIGHT_ANSWERED || s->at + s->rtt > at;
}

static bool is_twin(const struct sighting *x, const struct sighting *y)
{
	return x->id == y->id && x->from.port == y->from.port && y->at - x->at <= POOL_TWIN;
}

/* One query after those of its question before it: v[0 .. n-1], the latest last. */
static void look_back(struct pool_queries *q, const struct asked *v, size_t n)
{
	struct pool_query *this = &q->v[v[n].at];
	const struct sighting *s = this->s, *retried = NULL;
	bool same = false;

	for (size_t i = n; i-- > 0 && n - i <= BACK && !retried;) {
		const struct pool_query *before = &q->v[v[i].at];

		if (s->at - before->s->at > POOL_LOOKUP)
			break;
		if (before->twin || !same_question(before->s, s))
			continue;
		if (!this->again)
			same = before->s->from.port == s->from.port;
		this->again = true;
		if (addr_equal(&before->s->server, &s->server))
			retried = before->s;
	}
	if (retried && is_twin(retried, s)) {
		this->twin = true;
		return;
	}
	q->again += this->again;
	q->again_same += same;
	if (retried && waits(retried, s->at)) {
		q->retries++;
		q->retries_same += retried->from.port == s->from.port;
	}
}

void pool_tries(struct arena *a, struct pool_queries *q)
{
	struct asked *v = arena_alloc(a, q->n * sizeof(*v));
	size_t n = 0, first = 0;

	for (size_t i = 0; i < q->n; i++)
		if (q->v[i].s->question.name)
			v[n++] = (struct asked){ key_of(q->v[i].s), i };
	qsort(v, n, sizeof(*v), by_key);
	for (size_t i = 0; i < n; i++) {
		if (v[i].key != v[first].key)
			first = i;
		look_back(q, v + first, i - first);
	}
}

enum per_try pool_per_try(const struct pool_estimate *e)
{
	double chance;

	if (e->shape == POOL_FIXED)
		return PER_TRY_REUSED;
	if (!e->retries)
		return PER_TRY_UNKNOWN;
	/* Without a pool that is told, one of two ports is what chance may have. */
	chance = stats_binomial_tail(e->retries_same, e->retries,
		1 / (e->draws < POOL_FEWEST || e->size_low < 2 ? 2 : e->size_low));
	if (chance <= 1e-3)
		return e->retries_same * 2 >= e->retries ? PER_TRY_REUSED : PER_TRY_UNKNOWN;
	return stats_wilson_high(e->retries_same, e->retries, 0.95) < 0.5 ? PER_TRY_FRESH
									  : PER_TRY_UNKNOWN;
}
