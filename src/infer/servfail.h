/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a filter of source ports costs: from the share of a resolver's ports that a filter drops to
 * how often its lookups fail, and how much later the others end. It is about the last step of a
 * lookup, the one to the servers behind the filter, with the delegation known and the name not.
 *
 *	struct servfail_case c = { .software = "unbound", .version = "1.17.1", .n = 2 };
 *	for (uint32_t i = 0; i < c.n; i++)
 *		c.servers[i] = (struct servfail_server){ .family = ADDR_V4, .rtt = 20000,
 *			.blocked = servfail_exposed(pool, blocked).share };
 *	if (!servfail_predict(&c, &r))
 *		printf("%g of all lookups fail", r.fail);
 *
 * A lookup is walked along its tries: each with the chance that it is missed and with the time
 * that the software waits for it, as its source code has both (servfail_rows.c names the versions).
 * Software that draws nothing and remembers nothing from one lookup for the next is exact. For the
 * others (which server is next, time-outs learnt from earlier lookups, servers held to be down) a
 * sequence of lookups is drawn from the seed, and each is walked exactly from where it begins: the
 * result is the mean, with its standard error, and a chance of 1e-12 is as visible as one of 1/2.
 */
#ifndef INFER_SERVFAIL_H
#define INFER_SERVFAIL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/portset.h"
#include "facts/pool.h"

enum {
	SERVFAIL_SERVERS = 16, /* addresses of a zone's servers that are looked at */
	SERVFAIL_TRIES = 8,    /* of a client */
};

/* As servfail_case.silent_after: the software answers its client however late. */
#define SERVFAIL_NEVER UINT64_MAX

/* One address of a server. All filters drop parts of the same set of ports, the larger the more. */
struct servfail_server {
	uint8_t family; /* ADDR_V4 or ADDR_V6 */
	double blocked; /* share of the pool that the filter before it drops; 0: none is there */
	double loss;	/* share of other queries that get no answer */
	uint32_t rtt;	/* µs; 0: less than one */
	double tcp_blocked; /* share of TCP connections to it that do not come about */
};

struct servfail_case {
	const char *software, *version; /* slug of pool.software; NULL: unknown */
	struct servfail_server servers[SERVFAIL_SERVERS];
	uint32_t n;
	/*
	 * How many ports the process drew for its life and sends from (pool.life); 0: it draws
	 * from all. Which share of them is blocked is then luck, and the result is its expectation:
	 * one process suffers more, another nothing; result.hit is the chance to suffer at all.
	 */
	uint32_t life;
	/* The client waits so long, µs, for each of so many tries; 0: 5 s, 1 (dig: 5 s, 3). */
	uint64_t patience;
	uint32_t client_tries;
	/* The software says nothing to a client later than this, µs; 0: as the version comes. */
	uint64_t silent_after;
	uint64_t gap;	  /* µs from the end of one lookup to the next in this zone; 0: 1 s */
	bool cold;	  /* it knows nothing of the servers before each lookup */
	uint64_t seed;	  /* of all that is drawn */
	uint32_t lookups; /* drawn where the result is not exact, at most 100,000; 0: 4,000 */
};

/* Shares of all lookups, unless said. */
struct servfail_result {
	bool exact;	   /* nothing was drawn */
	bool assumed;	   /* the version is unknown, or parts of its behaviour are */
	const char *since; /* first version that behaves so; "" the oldest known */
	double servfail;   /* SERVFAIL while the client waits */
	double timeout;	   /* nothing while the client waits */
	double fail;	   /* both */
	double error;	   /* standard error of fail; 0 when exact */
	double delay;	   /* µs that answered lookups take longer than one round trip, mean */
	double tries;	   /* queries to the servers while the client waits, mean */
	double down; /* of fail: all servers are held to be down, nothing is asked; in bursts */
	double hit;  /* chance that a port drawn for life is blocked; share for other pools */
};

/* How much of a pool a filter drops. */
struct servfail_share {
	uint32_t ports, blocked; /* of the pool; of these dropped */
	double share;
	double hit; /* as in the result */
};

/*
 * -ERR_NONE: no row for the software; -ERR_USAGE: no server, too many, shares outside of [0, 1],
 * patience or gap above a day.
 */
int servfail_predict(const struct servfail_case *c, struct servfail_result *ret);

/* The pool as the server sees it, that is after any translation, against what is dropped there. */
struct servfail_share servfail_exposed(const struct pool *pool, const struct portset *blocked);

/* Lookups that fail a day, at so many cache-missing lookups a second into the zone. */
double servfail_per_day(const struct servfail_result *r, double rate);

#endif
