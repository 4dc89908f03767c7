/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where on the path: two flows to one server, one from a port that it answers and one from a port
 * that it does not, sent with TTL 1, 2, 3 … Routers say where each packet's life ended; the hop
 * from which only the open flow is heard is behind the drop.
 *
 *	struct path_result r = { .server = server, .blocked_port = 1000 };
 *	path_add(&r, observation);      // of each ask of the trace, as they come
 *	path_judge(&r);                 // as often as wanted
 */
#ifndef INFER_PATH_H
#define INFER_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/portset.h"
#include "base/vec.h"
#include "facts/facts.h"
#include "infer/ports.h"

enum {
	PATH_HOPS = 30,	  /* the largest TTL, as mtr(8) has it */
	PATH_QUOTES = 64, /* routers and flows of which quotes of another sender are kept */
	PATH_ROUTERS = 4, /* addresses kept of one hop; flows may take several ways */
};

/* Times in µs. */
struct path_flow {
	uint32_t sent, received; /* received: time exceeded, or the destination's reply */
	uint32_t rejected;	 /* administratively prohibited, by whomever */
	uint64_t last, best, worst;
	double mean, squares; /* Welford (1962): sum of squared differences from the mean */
};

struct path_router {
	struct addr addr;	 /* port 0 */
	const struct name *name; /* NULL: not known */
	bool open, blocked;	 /* which flow met it */
};

struct path_hop {
	struct path_router routers[PATH_ROUTERS];
	unsigned int nrouters;
	bool destination; /* the server itself answered */
	struct path_flow open, blocked;
};

enum path_break {
	PATH_UNTOLD,	/* why says why */
	PATH_NO_BREAK,	/* the server answers the port that was taken for blocked */
	PATH_MIDWAY,	/* between two routers, or at one of them */
	PATH_LAST_STEP, /* every router heard passes it on; only the server is silent */
	PATH_BREAKS
};

enum path_why {
	PATH_WHY_NONE,
	PATH_WHY_ONE_FLOW, /* no blocked port was traced */
	PATH_WHY_SILENT,   /* nothing answers the open flow beyond the last hop of the other */
	PATH_WHY_FEW,	   /* too few tries: loss may have hidden the blocked flow */
	PATH_WHYS
};

enum path_direction { DIRECTION_UNKNOWN, DIRECTION_QUERY, DIRECTION_REPLY, DIRECTIONS };

/* Whom a router's quotes of one flow show as the sender. */
struct path_quotes {
	struct addr by, seen;
	bool steady;
	bool denied;   /* they differ from each other: made up */
	uint8_t ttl;   /* of the first ask that was quoted so */
	uint16_t last; /* id of the last one */
	uint32_t asks; /* quoted so */
	uint64_t took; /* µs, the first */
};

struct path_result {
	struct addr server;		    /* with port */
	uint16_t open_port, blocked_port;   /* blocked 0: only the open flow */
	struct path_hop hop[PATH_HOPS + 1]; /* by TTL; 0 is this host */
	unsigned int hops;		    /* the last TTL that is of interest */
	unsigned int distance; /* TTL from which on the server answers; 0: it never did */
	struct path_quotes quotes[PATH_QUOTES];
	unsigned int nquotes;
	unsigned int vague; /* ICMP errors that said of no ask that they were about it */
	/* What path_judge() makes of it. */
	enum path_break broken;
	enum path_why why;
	unsigned int after, before; /* TTLs: the last passed by both (0: none), the next heard */
	unsigned int beyond;	    /* routers behind the break that the open flow hears */
	double hidden;		    /* chance that loss alone hid the blocked flow at before */
	enum path_direction direction;
};

/* TTL exceeded in transit (RFC 792: type 11 code 0; RFC 4443 3.3: type 3 code 0). */
bool path_expired(const struct observation *o);
/* The same of an ICMP error that is only a stray: another sender is quoted. */
bool path_says_expired(const struct observation *o);
/* RFC 1812 5.2.7.1: type 3 code 9, 10 or 13; RFC 4443 3.1: type 1 code 1. */
bool path_prohibited(const struct observation *o);

/*
 * Time exceeded, with a quote that shows the sender as it was or another one. A router that shows
 * the same other sender for two asks of the flow is behind address translation; one that shows
 * several makes them up. Returns of how many asks it is now known that the router ended their way:
 * 0, 1, or 2 with the first (*ret).
 */
unsigned int path_quoted(
	struct path_result *r, const struct observation *o, const struct path_quotes **ret);

/* Takes an observation of roles PATH and PATH_STEADY; others are ignored. */
void path_add(struct path_result *r, const struct observation *o);

/*
 * Fills in what follows. Silence at a hop counts when the open flow was heard there: after a
 * replies and l losses of it, b silences in a row have the chance that the Beta(l+1/2, a+1/2)
 * posterior (Jeffreys) gives them.
 */
void path_judge(struct path_result *r);

/* That chance for one hop. */
double path_hidden(const struct path_hop *h);

struct path_results VEC(struct path_result);

/* All traces in the facts, by server and blocked port, with the names of routers; judged. */
struct path_results path_collect(struct arena *a, const struct facts *f);

/*
 * The controls say that the drop is near: a blocked flow that three routers at least passed on, to
 * the last one heard, is dropped on its way back.
 */
void path_heard_near(struct path_result *r);

/* Somebody rejects the blocked port, by an error that quotes the query: that is what is dropped. */
void path_heard_reject(struct path_result *r);

/* A router that says of itself that it rejects the blocked ports. */
struct path_reject {
	struct addr by; /* ADDR_NONE: none */
	struct icmp icmp;
	uint32_t count; /* such errors, to blocked ports */
};

/*
 * Who rejects these ports of the subject: two errors at least, and none of the same router to a
 * port that the server has answered.
 */
struct path_reject path_rejected(
	const struct facts *f, const struct ports_subject *subject, const struct portset *blocked);

/* It was found between which hops; false for NULL. */
bool path_is_broken(const struct path_result *r);

/* The router that the blocked or else the open flow met at that hop; NULL: none spoke. */
const struct path_router *path_router_of(const struct path_hop *h, bool blocked);

const char *path_break_slug(enum path_break b);
const char *path_direction_slug(enum path_direction d);
/* Standard deviation of the times, µs, as mtr(8) shows it: of the sample. */
double path_deviation(const struct path_flow *f);

#endif
