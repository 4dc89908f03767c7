/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All that is inferred from facts, in one value: what checks read and reports show. */
#ifndef INFER_INFERENCES_H
#define INFER_INFERENCES_H

#include "base/arena.h"
#include "base/vec.h"
#include "facts/facts.h"
#include "infer/chain.h"
#include "infer/cut.h"
#include "infer/family.h"
#include "infer/intercept.h"
#include "infer/isolate.h"
#include "infer/limit.h"
#include "infer/matrix.h"
#include "infer/nat.h"
#include "infer/nat_arrive.h"
#include "infer/nat_collide.h"
#include "infer/nominate.h"
#include "infer/opinion.h"
#include "infer/path.h"
#include "infer/place.h"
#include "infer/pools.h"
#include "infer/ports.h"
#include "infer/resolver.h"
#include "infer/tree.h"

/* One server's sweep and where its blocked set lies. */
struct sweep_result {
	struct addr server;
	enum transport transport;
	struct ports_result ports;
	const struct ports_table *why; /* ports_why() of each untested port; NULL: not known */
	uint8_t unsent;		       /* enum why of asks that no port could make; 0: none */
	uint32_t rtt;		       /* µs of the quickest reply; 0: none */
	struct place_result place;     /* zeroed when nothing is blocked */
	struct limit limit;	       /* of the server's replies over UDP */
	/*
	 * The trace that tells of the part of the blocked set at that place: the server's own, or
	 * that of another server from a port of the same part. NULL: none.
	 */
	const struct path_result *path[PLACES];
	struct path_reject reject;   /* by ADDR_NONE: nobody says that he rejects it */
	const struct portset *scope; /* ports asked for, no others were; NULL: all */
	const struct name *zone;     /* that the server was asked for; NULL: unknown */
	const struct name *qname;    /* what was asked */
	uint16_t qtype;
};

struct server_queries {
	struct addr server;
	uint64_t sent, answered, lost;
};

struct inferences {
	struct VEC(struct sweep_result) sweeps;
	struct path_results paths;
	struct nat_result nat_v4, nat_v6; /* infer_nat() chooses */
	struct nat_arrival arrival;	  /* of the resolver's queries at a beacon */
	struct nominations nominated;	  /* by what was seen alone, when nothing was swept */
	struct nat_collisions collisions; /* of its port with another resolver's */
	struct pools pools;		  /* of the resolver's own side */
	bool unprivileged;		  /* ports asked for could not be used without a right */
	const struct cut_tree *tree;	  /* NULL: no walk was made */
	struct chains chains;		  /* of trust, by that pass */
	struct tree *pass;		  /* over what a check of the tree brought; NULL: none */
	struct matrices matrices;	  /* of query shapes, a server each */
	const struct isolate_result *isolated; /* what makes a query fail; NULL: not asked */
	struct resolver_result resolver;
	struct opinions opinions; /* of other resolvers */
	struct interception interception;
	struct family_breaks families; /* in which nobody replies */
	uint64_t sent, answered, lost;
	uint64_t answered_beyond; /* by servers other than the user's resolver */
	struct VEC(struct server_queries) by_server;
};

/* Infers everything that the facts allow. Belongs to the arena. */
const struct inferences *infer_all(struct arena *a, const struct facts *f);

/* Of the address family; borrowed. */
const struct nat_result *infer_nat(const struct inferences *in, uint8_t family);

#endif
