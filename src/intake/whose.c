/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hosts by what they send and get. */
#include "intake/whose.h"

#include <stdlib.h>

#include "dns/rr.h"

enum { WHOSE_RELAY = 100 };

struct host {
	struct addr addr;
	uint64_t sent, got;
	uint64_t score;	    /* sent to those that are no resolvers */
	uint64_t iterative; /* of these, without RD */
};

struct hosts {
	struct host *v;
	size_t n;
};

static struct addr bare(struct addr a)
{
	a.port = 0;
	a.scope = 0;
	return a;
}

static int by_addr(const void *a, const void *b)
{
	return addr_compare(&((const struct host *)a)->addr, &((const struct host *)b)->addr);
}

static struct host *find(const struct hosts *h, struct addr a)
{
	struct host key = { .addr = bare(a) };

	return bsearch(&key, h->v, h->n, sizeof(*h->v), by_addr);
}

static struct hosts collect(struct arena *a, const struct sighting *v, size_t n)
{
	struct hosts h = { arena_alloc(a, 2 * n * sizeof(*h.v)), 0 };
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		h.v[h.n++].addr = bare(v[i].from);
		h.v[h.n++].addr = bare(v[i].server);
	}
	qsort(h.v, h.n, sizeof(*h.v), by_addr);
	for (size_t i = 0; i < h.n; i++)
		if (!kept || by_addr(&h.v[kept - 1], &h.v[i]) != 0)
			h.v[kept++] = h.v[i];
	h.n = kept;
	return h;
}

/* Counts for each host what it sent to those that are no resolvers. */
static void score(const struct hosts *h, const struct sighting *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		find(h, v[i].from)->sent++;
		find(h, v[i].server)->got++;
	}
	for (size_t i = 0; i < n; i++) {
		const struct host *server = find(h, v[i].server);
		struct host *from = find(h, v[i].from);

		if (server->sent && server->sent * WHOSE_RELAY >= server->got)
			continue;
		from->score++;
		/* A SYN alone has no flags that say anything. */
		from->iterative += v[i].question.name && !(v[i].flags & FLAG_RD);
	}
}

/* Leaves only queries without RD in the scores, when there are any. */
static void prefer_iterative(const struct hosts *h)
{
	uint64_t all = 0;

	for (size_t i = 0; i < h->n; i++)
		all += h->v[i].iterative;
	for (size_t i = 0; all && i < h->n; i++)
		h->v[i].score = h->v[i].iterative;
}

static const struct host *best(const struct hosts *h, uint8_t family)
{
	const struct host *found = NULL;

	for (size_t i = 0; i < h->n; i++)
		if (h->v[i].addr.family == family && h->v[i].score &&
			(!found || h->v[i].score > found->score))
			found = &h->v[i];
	return found;
}

size_t whose_resolver(
	struct arena *scratch, const struct sighting *v, size_t n, struct addr ret[WHOSE_FAMILIES])
{
	static const uint8_t families[WHOSE_FAMILIES] = { ADDR_V4, ADDR_V6 };
	struct hosts h;
	size_t found = 0;

	if (!n)
		return 0;
	h = collect(scratch, v, n);
	score(&h, v, n);
	prefer_iterative(&h);
	for (size_t i = 0; i < WHOSE_FAMILIES; i++) {
		const struct host *b = best(&h, families[i]);

		if (b)
			ret[found++] = b->addr;
	}
	return found;
}
