/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Two resolvers that send from the same fixed port behind one translated address: the translator
 * lets the first keep it and gives the second another port of the same class (infer/nat_arrive.h).
 * If that class is what a server's filter drops, the second resolver fails while a query from any
 * open port of the same host is answered. It is the likely mechanism of the story of 2013.
 */
#ifndef INFER_NAT_COLLIDE_H
#define INFER_NAT_COLLIDE_H

#include "infer/nat_arrive.h"
#include "infer/pools.h"

/* A server that such a rewriting explains the silence of. */
struct nat_collision {
	struct addr server;
	uint16_t port;		/* that the resolver sends from */
	struct portrange class; /* that the translator takes another one of */
	uint32_t silent;	/* queries from it to the server, none answered */
	uint32_t elsewhere;	/* answered queries from it to other servers */
	double dropped;		/* share of the class that the server's filter drops */
	/*
	 * That the port is rewritten: the chance of drawing a dropped one; the rest is that the
	 * filter drops the port itself, where the sweep could not test that.
	 */
	double confidence;
};

struct nat_collisions VEC(struct nat_collision);

/*
 * By the pools and exposures: a fixed port outside of a server's blocked set, with at least three
 * queries from it to that server seen unanswered, and one to another server answered.
 */
struct nat_collisions nat_collide(struct arena *a, const struct facts *f, const struct pools *pools,
	const struct pools_sweeps *sweeps);

#endif
