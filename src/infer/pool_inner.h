/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of infer/pool share: sightings in order, draws, and the runs that ports lie in. */
#ifndef INFER_POOL_INNER_H
#define INFER_POOL_INNER_H

#include "base/draws.h"
#include "base/vec.h"
#include "infer/pool.h"

/* µs in which the same question is the same lookup: longer than BIND tries (10 s), or a stub. */
#define POOL_LOOKUP 30000000ULL
/* µs in which the same packet may be seen twice, on two interfaces: less than any time-out. */
#define POOL_TWIN 10000ULL

/* A sighting that counts. */
struct pool_query {
	const struct sighting *s;
	bool twin;  /* the same packet as one before */
	bool again; /* its question was asked within POOL_LOOKUP before, at whatever server */
};

struct pool_queries {
	struct pool_query *v; /* by time */
	size_t n;
	uint32_t again, again_same; /* those asked again; of them from the port before */
	uint32_t retries, retries_same;
};

/* Ports in the order of their draws. */
struct pool_draws {
	uint16_t *v;
	size_t n;
	struct VEC(struct pool_port) ports; /* ascending */
	uint32_t most, once; /* draws of the port with most of them; ports with one draw */
	bool ordered;	     /* the order of v is that of the draws */
};

/* Where the ports of draws lie. */
struct pool_lie {
	struct VEC(struct portrange) runs; /* of ports seen, cut where a gap stands out */
	double inside;			   /* sum of hi - lo of the runs */
	double beside; /* ports that belong to a run beyond those seen, on average */
};

/* Finds twins, questions asked again, and retries; sets the counts of q. */
void pool_tries(struct arena *a, struct pool_queries *q);

/* What retries say; size_low: the smallest that the pool can be, e->shape is told. */
enum per_try pool_per_try(const struct pool_estimate *e);

/* Counts what v holds into ports, most and once. */
void pool_count(struct arena *a, struct pool_draws *d);

struct pool_lie pool_lie(struct arena *a, const struct pool_draws *d);

/* Sets range, width and size of e, by runs and repeats, as of a pool that is used evenly. */
void pool_size(struct pool_estimate *e, const struct pool_draws *d, const struct pool_lie *lie);

/* Sets shape and confidence, and mends range and size where the shape tells more or less. */
void pool_shape(struct pool_estimate *e, const struct pool_draws *d, const struct pool_lie *lie);

/* The largest distance of the ports from an even spread over the runs, draws counted. */
double pool_distance(const struct pool_draws *d, const struct pool_lie *lie);

#endif
