/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sightings, and which of them wait for a reply: a ring in the order in which they came, and chains
 * by server and id. The ring gives up the oldest when its patience is over or when there is no
 *room.
 *
 *	struct wait *w = waiting_add(&ws, &sighting);
 *	for (w = waiting_chain(&ws, &server, id); w; w = waiting_after(&ws, w))
 *		if (fits(waiting_sighting(&ws, w)))
 *			waiting_sighting(&ws, w)->end = SIGHT_ANSWERED;
 */
#ifndef INTAKE_WAITING_H
#define INTAKE_WAITING_H

#include "base/vec.h"
#include "facts/sighting.h"

/* A sighting that waits; it moves never, and is gone when the ring gives it up. */
struct wait {
	uint32_t sighting;		/* in seen */
	uint32_t bucket, before, after; /* its chain: places in the ring */
	bool open;			/* TCP: a SYN without its query yet */
	bool touched;			/* TCP: not silent, but what came is no reply */
};

struct waiting {
	struct arena *arena;
	struct VEC(struct sighting) seen; /* all, in the order in which they came */
	struct wait *ring;		  /* most; number n stands at place n modulo most */
	uint32_t *buckets;		  /* most; places of the chains' first */
	uint32_t most, seen_most;
	uint64_t first, next; /* numbers of the oldest wait and of the next one */
	uint64_t now;	      /* µs since 1970: the latest time that was told */
	uint64_t late;	      /* µs that a reply may come late in the stream */
	uint64_t evicted;     /* given up for want of room, without a reply */
	uint64_t over;	      /* beyond seen_most, not kept */
};

/* arena, most, seen_most and late are set by the caller. */
void waiting_init(struct waiting *ws);

/* Keeps a sighting and lets it wait; valid until the next one. NULL: the bound is reached. */
struct wait *waiting_add(struct waiting *ws, const struct sighting *s);

/* Valid until the next waiting_add(). Server and id are changed by waiting_identify() only. */
struct sighting *waiting_sighting(const struct waiting *ws, const struct wait *w);
void waiting_identify(struct waiting *ws, struct wait *w, uint16_t id);

/*
 * Those with that server and id, the latest first, and some that hash alike. NULL: no more, or none
 * that could be found in a bounded number of steps.
 */
struct wait *waiting_chain(const struct waiting *ws, const struct addr *server, uint16_t id);
struct wait *waiting_after(const struct waiting *ws, const struct wait *w);

/* The i-th latest that waits, from 0; NULL: there are not so many. */
struct wait *waiting_back(const struct waiting *ws, uint32_t i);

/* No reply came within SIGHTING_PATIENCE, by that time. */
bool waiting_over(const struct sighting *s, uint64_t now);

/* Time goes on: who waited in vain long enough is silent. Time never goes back. */
void waiting_advance(struct waiting *ws, uint64_t at);

/* Nothing more comes: who could still have got a reply is unknown. */
void waiting_end(struct waiting *ws);

#endif
