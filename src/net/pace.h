/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How fast and how often one server may be asked. Rates start low, after a few asks that may go
 * at once; they double while asks that should be answered are and ports under test reply as before.
 * They halve on any sign of a limit, after a rest in which its memory fades, and then grow slowly.
 * Without a rate, the window of asks in flight does the same, until a limit turns it into a rate. A
 * budget bounds the total.
 */
#ifndef NET_PACE_H
#define NET_PACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/arena.h"
#include "facts/facts.h"

struct pace_settings {
	uint32_t rate; /* most queries a second to one server; 0: no limit */
	/* Rate or, without one, window to begin with; 0: the default of 5 or 64, or less. */
	uint32_t start;
	/* With a rate: so many may leave ahead of it; those that follow wait the longer. 0: none.
	 */
	uint32_t burst;
	uint32_t budget; /* most queries to one server; 0: no limit */
	uint32_t window; /* most asks in flight to one server; 0: the default of 128 */
	uint32_t pps;	 /* most queries a second to all servers together; 0: no limit */
	/* For addresses that are not special-purpose, when tighter than the above; 0: as above. */
	uint32_t foreign_rate, foreign_budget;
};

struct pace;

struct pace *pace_new(struct arena *a, struct pace_settings s);

/*
 * When the next ask to server may leave, if no observation comes in before: now or earlier means
 * at once. UINT64_MAX: never (*ret_spent, may be NULL: the budget is used up).
 */
uint64_t pace_when(struct pace *p, const struct addr *server, uint64_t now, bool *ret_spent);

/* An ask has just left; now: taken after that. */
void pace_sent(struct pace *p, const struct ask *ask, uint64_t now);

struct pace_times {
	uint64_t left; /* when pace_sent() was told of the ask: it may have left a little later */
	uint64_t now;
};

/*
 * An observation came in. Asks that should be answered (all but those of ports under test) steer
 * the rate; replies with TC, REFUSED or BADCOOKIE to questions that had others before slow it.
 */
void pace_seen(struct pace *p, const struct observation *o, struct pace_times t);

struct pace_stats {
	uint32_t sent, in_flight;
	double rate; /* the current one, queries a second; 0: no limit */
};
struct pace_stats pace_stats(struct pace *p, const struct addr *server);

#endif
