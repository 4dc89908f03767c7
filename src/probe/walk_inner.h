/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the parts of the walk share: hosts (addresses), zones, the main questions, look-ups of name
 * servers' addresses, and tasks (one question to one host, with its tries).
 */
#ifndef PROBE_WALK_INNER_H
#define PROBE_WALK_INNER_H

#include "infer/reply.h"
#include "probe/walk.h"

/* Bounds on what outsiders can make the walk grow to. */
enum {
	WALK_ZONES = 128,      /* zones in all, those of name servers' names included */
	WALK_SERVERS = 64,     /* addresses a zone; tried sets are bits of one word */
	WALK_TASKS = 4096,     /* questions in all */
	WALK_GOAL_ASKS = 64,   /* servers one look-up of an address may ask */
	WALK_GOAL_WIDTH = 8,   /* of these at once, after one has been silent */
	WALK_LOOKUP_DEPTH = 6, /* look-ups for the sake of look-ups */
	WALK_NONE = -1,
};

struct walk_host {
	struct addr addr;
	bool unsendable; /* no route, or its family is off: not to be asked again */
	unsigned int replies, silences;
};

enum walk_state { TASK_QUEUED, TASK_FLYING, TASK_DONE };

/* One question to one host. */
struct walk_task {
	size_t index; /* in walk.tasks, and the tag of its asks */
	struct walk_host *host;
	struct question question;
	struct walk_zone *zone; /* that the host is asked for */
	const struct msg *msg;	/* the best reply so far; NULL: none */
	enum reply_rank rank;	/* of msg */
	enum walk_state state;
	enum transport transport;
	bool plain; /* without EDNS */
	unsigned int tries, limit;
	uint64_t not_before;		   /* µs */
	uint64_t learned[WALK_ZONES / 64]; /* bits: zones that msg was read for */
};

struct walk_ns {
	const struct name *name;
	struct reply_addrs glue;
	struct walk_lookup *lookup; /* NULL: not begun */
};

struct walk_zone {
	size_t index; /* in walk.zones */
	const struct name *apex;
	unsigned int depth; /* zones between it and the root */
	bool dirty;	    /* servers or questions came that are not asked yet */
	struct VEC(struct walk_ns) ns;
	struct VEC(struct walk_host *) servers;
};

/* The user's question, and one more for every alias on its chain. */
struct walk_question {
	struct question q;
	unsigned int
		from; /* labels of the deepest zone known when it came up: asked from there on */
};

enum walk_goal_state { GOAL_BUSY, GOAL_FOUND, GOAL_FAILED };

/* One address type of one name server's name. */
struct walk_goal {
	struct question q; /* name: where aliases lead, if any */
	enum walk_goal_state state;
	struct walk_zone *zone; /* deepest known one that leads to the name */
	uint64_t tried;		/* bits: indices of zone->servers */
	uint64_t silent;	/* of these: silent ones */
	unsigned int pass, asks, aliases;
	bool wide; /* a server was silent: several are asked at once */
	struct walk_task *pending[WALK_GOAL_WIDTH];
	uint8_t bit[WALK_GOAL_WIDTH]; /* their indices in zone->servers */
	unsigned int npending;
	struct reply_addrs addrs;
	bool applied; /* they were handed to the zones */
};

struct walk_lookup {
	const struct name *name;
	unsigned int depth;
	struct walk_goal goals[2];
};

struct walk {
	struct probe probe;
	struct arena *arena;
	struct walk_plan plan;
	struct VEC(struct walk_host *) hosts;
	struct VEC(struct walk_zone *) zones; /* the first is the root */
	struct VEC(struct walk_question) questions;
	struct VEC(struct walk_lookup *) lookups;
	struct VEC(struct walk_task *) tasks;
	uint32_t *slots; /* hash of (host, question): index of task + 1 */
	struct VEC(struct walk_task *) queue;
	size_t head; /* of queue */
	size_t flying, asked;
	uint64_t now;
	bool dirty; /* something was learned that goals or zones wait for */
	struct VEC(struct addr) end_servers;
	struct VEC(struct walk_other) others;
};

/* walk_task.c */

/*
 * The task for that question to that host, made or tried again when it may try more than before;
 * NULL when the host cannot be asked or there are too many tasks.
 */
struct walk_want {
	struct walk_host *host;
	struct walk_zone *zone;
	struct question q;
	unsigned int limit; /* tries */
};
struct walk_task *walk_task_get(struct walk *w, const struct walk_want *want);
/* The task if there is one. */
struct walk_task *walk_task_find(
	const struct walk *w, const struct walk_host *h, const struct question *q);
/* The next one to be sent, or NULL; *ret_wake: when the first of the delayed ones is due. */
struct walk_task *walk_task_next(struct walk *w, uint64_t *ret_wake);
/* Takes an observation of one of our asks; true when its task is done with that. */
bool walk_task_reply(struct walk *w, struct walk_task *t, const struct observation *o);
void walk_task_ask(const struct walk *w, const struct walk_task *t, struct ask *ret);

/* walk_zone.c */

struct walk_host *walk_host_get(struct walk *w, struct addr addr);
/* A name server of the zone, added when it is new; NULL when there are too many. */
struct walk_ns *walk_zone_ns(struct walk *w, struct walk_zone *z, const struct name *name);
void walk_zone_server(struct walk *w, struct walk_zone *z, struct addr addr);
/* The deepest known zone that n lies in; the root if no other. */
struct walk_zone *walk_zone_deepest(const struct walk *w, const struct name *n);
/* A main question leads through the zone. */
bool walk_zone_main(const struct walk *w, const struct walk_zone *z);
/* The zone, made when it is new and bounds allow; NULL otherwise. */
struct walk_zone *walk_zone_get(
	struct walk *w, const struct walk_zone *parent, const struct name *apex);
void walk_question_add(struct walk *w, const struct question *q);
/* Learns all that a finished task tells. */
void walk_zone_learn(struct walk *w, struct walk_task *t);
/* Asks what is not asked yet, until nothing more follows. */
void walk_zone_advance(struct walk *w);

/* walk_goal.c */

/* Begins to look up a name server's addresses. needed: there is no glue. NULL: bounds. */
struct walk_lookup *walk_lookup_get(
	struct walk *w, const struct name *name, bool needed, unsigned int depth);
bool walk_lookup_over(const struct walk_lookup *l);
/* Takes every look-up as far as it goes now. */
void walk_goal_advance(struct walk *w);
/*
 * Nothing is under way any more, but look-ups wait, perhaps for each other (a loop of delegations):
 * each tries one more name server of its zone. false when there is none.
 */
bool walk_goal_nudge(struct walk *w);

#endif
