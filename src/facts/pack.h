/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Observations of one piece of work, packed: some 70 octets each for a sweep instead of 450, to be
 * kept for other runs that need the same (probe/stock.h).
 *
 *	struct pack *p = pack_new(facts, &(struct pack_of){ work, first });
 *	pack_each(p, &(struct pack_into){ arena, take, user });
 *	pack_free(p);
 */
#ifndef FACTS_PACK_H
#define FACTS_PACK_H

#include "facts/facts.h"

struct pack;

struct pack_of {
	uint8_t work; /* as in struct ask */
	size_t first; /* index in the facts from which on that work has the number */
};

/*
 * All observations of the facts of that work, in their order; nothing of the facts is borrowed.
 * What is not on a tape is not in a pack either.
 */
struct pack *pack_new(const struct facts *f, const struct pack_of *of);
/* Takes NULL. */
void pack_free(struct pack *p);

size_t pack_count(const struct pack *p);
/* Octets of memory. */
size_t pack_size(const struct pack *p);

struct pack_into {
	struct arena *arena; /* of all that an observation points to */
	/* o: without owner, its work WORK_BORROWED; valid for the call. */
	void (*take)(void *user, const struct observation *o);
	void *user;
};

/* Hands out all of them in their order. */
void pack_each(const struct pack *p, const struct pack_into *into);

#endif
