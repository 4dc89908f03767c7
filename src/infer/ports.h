/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From what came of asks to what is blocked: the source ports that one server's packets are
 * dropped for. Pure functions; probe/sweep steers itself with them and a verdict is made by them.
 *
 * One reply proves a port open. Silence is evidence: k silences in a row are Wald's test for a
 * port that never answers, with k from the measured loss. A silence whose neighbours in time among
 * the steady asks (ports proven open) were lost as well is void: it speaks of the path.
 */
#ifndef INFER_PORTS_H
#define INFER_PORTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/arena.h"
#include "base/portset.h"
#include "base/vec.h"
#include "facts/facts.h"

struct port_tally {
	uint16_t silent;  /* silences that count */
	uint16_t replies; /* replies of any kind, late ones too */
	uint16_t voided;  /* silences that do not count */
};

/* What is known about one server's ports over one transport. */
struct ports_table {
	struct port_tally v[65536];
	struct portset asked;		   /* ports with a tally */
	struct portset untested;	   /* could not be sent from */
	uint8_t why[65536];		   /* enum why of an untested port */
	uint64_t steady_sent, steady_lost; /* asks from ports already proven open */
	uint64_t sent, answered;
	uint64_t voided;	   /* silences that did not count */
	uint64_t rtt_min, rtt_max; /* µs; 0: no reply */
};

enum port_pattern {
	PATTERN_NONE,	 /* nothing blocked was found */
	PATTERN_RANGES,	 /* a fixed set */
	PATTERN_ALL,	 /* no port answers */
	PATTERN_UNKNOWN, /* cannot be told: too lossy, too scattered, too little asked */
};

/* Why a pattern is unknown. */
enum ports_doubt { DOUBT_NONE, DOUBT_LOSS, DOUBT_SCATTER, DOUBT_FEW };

struct ports_result {
	enum port_pattern pattern;
	enum ports_doubt doubt;
	struct portset blocked;		/* inferred, boundaries found */
	struct portset own;		/* that the server's software drops by itself: no filter */
	struct portset untested;	/* among the ports asked for */
	uint32_t tested;		/* ports with at least one reply or the needed silences */
	double loss, loss_upper;	/* estimate and its 95% credible upper bound */
	unsigned int silences;		/* how many make a port blocked at a boundary */
	double confidence;		/* 1 - chance that a boundary is wrong by loss alone */
	double undiscovered;		/* largest share of ports that can be blocked unseen… */
	double undiscovered_confidence; /* … at this confidence */
	uint64_t sent, answered, voided;
	bool complete; /* nothing more needs to be asked */
};

/* A sweep or steady ask that is over. */
struct ports_moment {
	uint64_t sent; /* µs */
	uint16_t port;
	bool lost;
};

/*
 * Feeds a table with observations as they come. Silences are settled, counted or void, when the
 * steady asks around them are known: at the end of a round that ended with a steady ask.
 */
struct ports_log {
	struct arena *arena;
	struct ports_table *table;
	struct VEC(struct ports_moment) silences; /* not settled yet */
	struct VEC(struct ports_moment) steady;	  /* by time once settled */
};

/*
 * The server itself replied, so its port is open. An ICMP error says that something lives there,
 * but a server that is down and a rule that rejects both look so: it is no more than a silence.
 */
bool ports_proves_open(const struct observation *o);

/* Takes one observation of the server in question; roles other than sweep and steady are ignored.
 */
void ports_log_add(struct ports_log *l, const struct observation *o);
void ports_log_settle(struct ports_log *l);

/* What a whole table is about. */
struct ports_subject {
	struct addr server; /* with port */
	enum transport transport;
};

/* The table of all sweep and steady observations of one subject. Belongs to the arena. */
struct ports_table *ports_tally(
	struct arena *a, const struct facts *f, const struct ports_subject *subject);

/* What a sweep is about: the ports in question. */
struct ports_scope {
	const struct portset *ports; /* to be judged; never NULL */
	bool every;		     /* each of them is asked, no inference between */
};

/* Every port that can be bound: 1-65535. */
extern const struct portset ports_all;

/* 95% credible upper bound of the path's loss from the steady asks, at least 1%. */
double ports_loss_upper(const struct ports_table *t);

/*
 * The ports that have to be asked once more before the scope is decided. Empty: decided. New
 * ports appear when a boundary lies between two tested ports.
 */
void ports_needs(
	const struct ports_table *t, const struct ports_scope *scope, struct portset *ret_ports);

/* Ports blocked by what is known now: silent ones deep enough, and all between two of them. */
void ports_blocked(
	const struct ports_table *t, const struct ports_scope *scope, struct portset *ret);

void ports_judge(
	const struct ports_table *t, const struct ports_scope *scope, struct ports_result *ret);

/* Ports and boundaries that real filters use (sources: ports_seeds.c). */
extern const uint16_t ports_seeds[];
extern const unsigned int ports_nseeds;

/* Ports that BIND drops by itself; all of them alone among open ones are its signature. */
extern const struct portrange ports_of_named[];
extern const unsigned int ports_nof_named;

const char *pattern_slug(enum port_pattern p);

#endif
