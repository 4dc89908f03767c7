/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of probe/shapes share: jobs, and the asks that they become. */
#ifndef PROBE_SHAPES_INNER_H
#define PROBE_SHAPES_INNER_H

#include "base/vec.h"
#include "probe/shapes.h"

enum {
	WINDOW = 12,	  /* asks in flight */
	LEARN_TRIES = 8,  /* of the questions that tell the zone, plain and with EDNS in turn */
	LEARN_MOST = 10,  /* then over TCP, which tells a dead server from dead UDP */
	STEADY_EVERY = 6, /* asks between two that should be answered */
	CONFIRM = 2,	  /* replies of a shape that is not answered as it should be */
	SPARE_TRIES = 2,  /* beyond what is needed by now: more may be lost until the end */
	ODD_TRIES = 4,	  /* of a silent shape that no resolver sends */
	BROKEN_TRIES = 3, /* of a shape over TCP that fails at once */
	PAIRS = 6,	  /* … and twice as many when one got lost */
	NODES = 8,	  /* ports from which the server is asked who it is */
	STREAM = 3,	  /* queries in one TCP connection */
	SPLIT = 5,	  /* octets before the cut: inside the header */
	ABOVE_MOST = 8,	  /* names on the way */
	FIRST_PORT = 20000,
	LAST_PORT = 59999,   /* of pairs: no service and no rule cares for them */
	NEWPORTS_LOST = 6,   /* so many lost, and… */
	NEWPORTS_SHARE = 10, /* …one in so many: new ports may be what is lost */
	MISSING_LETTERS = 12,
	RTTS = 8,	      /* a second try waits so many times the longest RTT */
	RETRY_LEAST = 400000, /* µs, but no less */
};

/* A row for one name. Pairs, streams and nodes take several asks a turn. */
struct job {
	const struct shape_row *row;
	struct question question;
	unsigned int sent, replies, silences, broken, in_flight;
	unsigned int turns; /* of what is asked several times anyway */
	bool bad;	    /* a reply was not as it should be */
	bool unsendable;
	uint64_t not_before;
};

struct shapes {
	struct probe probe;
	struct shapes_plan plan;
	struct arena *arena;
	const struct name *apex;
	const struct name *asking; /* the name whose zone is looked for: given, or above it */
	struct VEC(struct job) jobs;
	struct VEC(struct ask) burst; /* asks that go out together */
	size_t burst_at;
	size_t in_flight;
	unsigned int learning; /* tries so far */
	bool learnt, edns;     /* the zone is known; EDNS is answered */
	unsigned int since_steady;
	uint64_t sent, lost; /* of shapes that are answered */
	uint32_t rtt;	     /* µs, the longest so far */
	uint8_t streams;
	const struct shape_option *cookie; /* that the server gave */
	uint64_t asked;
	struct probe *newports; /* the last of all; NULL: not begun */
};

/* The row is to be asked. */
bool shapes_chosen(const struct shapes_plan *p, const struct shape_row *row);

/* Makes a job of each row and name, in random order, so that a limit meets no kind of them first.
 */
void shapes_add_jobs(struct shapes *s);

/* Puts all asks of one turn of the job into the burst. */
void shapes_put_turn(struct shapes *s, struct job *j);

/* Puts in what should be answered: it tells the loss, and whether the server is still there. */
void shapes_put_steady(struct shapes *s);

/* Puts in what tells the zone: the name's SOA record, which a reply without it tells, too. */
void shapes_put_learning(struct shapes *s);

#endif
