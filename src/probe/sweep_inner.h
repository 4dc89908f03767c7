/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inner side of the sweep: its state, and what its rounds consist of. */
#ifndef PROBE_SWEEP_INNER_H
#define PROBE_SWEEP_INNER_H

#include "base/vec.h"
#include "probe/cookie.h"
#include "probe/sweep.h"

enum phase {
	PHASE_BASELINE,
	PHASE_COOKIE,
	PHASE_STEADY,
	PHASE_SURVEY,
	PHASE_REFINE,
	PHASE_SAME,
	PHASE_VERIFY,
	PHASE_HELD,
	PHASE_AGAIN,
	PHASE_DEEPEN,
	PHASE_TWIN,
	PHASE_END,
};

/* One ask of a round that is still to be made. */
struct due {
	uint16_t port;
	uint8_t role;
};

/* The asks to another destination. */
struct twin {
	size_t index; /* of the plan's twins; ntwins: the server itself over TCP */
	unsigned int tries;
	struct portset dead, open;	/* ports chosen, by what they are at the server */
	struct portset replied, failed; /* there; failed: could not be sent */
};

struct sweep {
	struct probe probe;
	struct sweep_plan plan;
	struct portset ports;
	struct ports_scope scope;
	struct arena *arena;
	struct ports_log log;
	enum phase phase;
	bool verified, more, spent, unreachable; /* verified, more: at random, and at more random */
	unsigned int tries, rounds;

	struct VEC(struct due) round; /* asks of this round; the first `next` are out */
	size_t next, flying;
	struct portset busy; /* TCP: with a connection of ours, which there is one of at a time */
	uint64_t rest_until, start_at, gap;
	unsigned int held_rounds, again_rounds;
	struct cookie cookie;
	struct portset again, deepen; /* ports asked after the pause, and to more depth */
	struct twin twin;
	bool same; /* twin is about a few narrow ranges, not about a hash */

	struct VEC(uint16_t) open; /* ports that answered: steady asks go from them */
	struct portset is_open;
	size_t asked, question;
};

/* A few narrow ranges, and ports elsewhere or too few draws do not speak against a hash. */
bool sweep_is_doubtful(const struct sweep *s);

/* Makes the asks of the phase's next round; none: there is nothing to ask in that phase. */
void sweep_fill(struct sweep *s);

/* How often each port is asked again after the pause: enough that loss hides no difference. */
unsigned int sweep_again_rounds(const struct sweep *s);

/* Some silent ports without order are not deep enough yet: what PHASE_DEEPEN asks. */
bool sweep_is_shallow(struct sweep *s);

#endif
