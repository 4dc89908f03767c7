/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All that is asked of resolvers for the sake of one lookup: the user's own, as a program asks it;
 * others, for their opinion; and the user's own again, when it failed, in ways that tell why.
 */
#ifndef PROBE_CONSULT_H
#define PROBE_CONSULT_H

#include "base/rng.h"
#include "probe/probe.h"

/* Somebody else's resolver. */
struct consult_other {
	struct addr addr; /* with port */
	enum transport transport;
	const struct ask_secure *secure; /* NULL: defaults, no check of certificates */
};

struct consult_plan {
	struct question question;     /* name NULL: nothing is asked */
	const struct addr *resolvers; /* the user's, in turn */
	size_t nresolvers;
	const struct consult_other *others;
	size_t nothers;
	struct addr source; /* ADDR_NONE: kernel's choice */
};

/* The question to the user's resolver (ROLE_RESOLVER) and to others (ROLE_OPINION), at once. */
struct probe *consult_new(struct arena *a, const struct consult_plan *plan);

/* The user's resolver has an answer already: then there is no failure to explain. */
bool consult_answered(const struct facts *f);

struct consult_again {
	const struct name *zone; /* in which the name was found to lie; NULL: unknown */
	struct rng *rng;
};

/*
 * Further questions to the resolver that the facts show to have failed: ROLE_REPEAT,
 * ROLE_UNCHECKED, ROLE_FRESH, ROLE_ELSEWHERE, as the failure asks for. And one to each of the
 * others, for a name for which they have to ask the zone's servers.
 */
struct probe *consult_again_new(struct arena *a, const struct facts *f,
	const struct consult_plan *plan, const struct consult_again *again);

#endif
