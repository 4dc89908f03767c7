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
	STEADY_SOON = 2,  /* … and two of which the first was lost */
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
	RTTS = 8,	       /* a second try waits so many times the longest RTT */
	RETRY_LEAST = 400000,  /* µs, but no less */
	KNOCK_LEAST = 1000000, /* µs that a knock waits for a reply, at least */
	RECOUNTS = 6,	       /* looks at what limits and blackouts swallowed, when all is asked */
};

/* What is done while the server seems to be silent to everything. */
enum hush {
	HUSH_NONE,
	HUSH_DRAIN, /* nothing more is asked until what is in flight has come back or not */
	HUSH_KNOCK, /* two asks after each pause */
	HUSH_LEAVE, /* it is left alone for good */
};

struct hush_state {
	enum hush at;
	uint64_t heard;	       /* when the latest ask that had a reply left */
	unsigned int silences; /* of asks that left after it, over UDP */
	unsigned int steadies; /* among them */
	unsigned int pauses;   /* that are over, of this time */
	bool knocked;	       /* after the one that is over now */
	uint64_t wake;	       /* end of the pause */
	unsigned int alarms;   /* times that were none */
	unsigned int blackouts;
	uint64_t from;	 /* asks when it came back from the first */
	uint64_t before; /* asks until the first began */
	bool tcp;	 /* it has answered over TCP */
	bool back;	 /* the other operator's server is to be asked once more, now that it is */
};

/* A row for one name. Pairs, streams and nodes take several asks a turn. */
struct job {
	const struct shape_row *row;
	struct question question;
	unsigned int sent, replies, silences, broken, in_flight;
	unsigned int turns;  /* of what is asked several times anyway */
	unsigned int voided; /* asks that do not count */
	unsigned int given;  /* turns, those that do not count among them */
	bool bad;	     /* a reply was not as it should be */
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
	struct hush_state hush;
	uint64_t swallowed; /* silences that are put down to a limit for nothing but loss */
	unsigned int recounts;
	uint64_t gap;	 /* µs between two asks, since replies are limited; 0: as the pace likes */
	uint64_t next;	 /* none before, for that */
	uint64_t slowed; /* when what was asked no faster than that comes back */
	uint64_t judged; /* asks when it was last looked whether they are */
	size_t repeating; /* job that is asked for the sake of the number of queries */
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

/* Puts in what tells whether the server is silent still: it, over TCP also, and the other one. */
void shapes_put_knock(struct shapes *s);
void shapes_put_witness(struct shapes *s);

/* One turn of a job counts, or of the plain question. */
void shapes_count(struct shapes *s, const struct observation *o);

/* Looks anew at what limits and blackouts swallowed; what it was does not count any more. */
void shapes_recount(struct shapes *s, uint64_t now);

/* It is time for that, since much was asked since. */
bool shapes_recount_due(const struct shapes *s);

/* Silence to everything (shapes_hush.c). An observation of its own came in. */
void shapes_hush_seen(struct shapes *s, const struct observation *o, uint64_t now);

enum hush_turn {
	HUSH_GO,   /* all is as always */
	HUSH_ASK,  /* the burst is filled */
	HUSH_WAIT, /* until *ret_wake */
	HUSH_DONE, /* nothing is to be asked any more */
};
enum hush_turn shapes_hush_turn(struct shapes *s, uint64_t now, uint64_t *ret_wake);

/* All rows are asked: fills the burst with what may bring a blackout about once more, or does not.
 */
bool shapes_hush_repeat(struct shapes *s);

/* µs that it will still wait, at most. */
uint64_t shapes_hush_left(const struct shapes *s);

/* Puts in what tells the zone: the name's SOA record, which a reply without it tells, too. */
void shapes_put_learning(struct shapes *s);

#endif
