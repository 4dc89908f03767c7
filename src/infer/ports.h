/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From what came of asks to what is blocked: the source ports that one server's packets are
 * dropped for. Pure functions; probe/sweep steers itself with them and a verdict is made by them.
 *
 * One reply proves a port open. Silence is evidence: silences in a row are Wald's test for a port
 * that never answers, each worth -ln(loss) of its time. A silence between two asks from ports that
 * are known to be open and that were lost as well is void: it speaks of the path.
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
	uint16_t silent;		     /* silences that count */
	uint16_t replies;		     /* replies of any kind, late ones too */
	uint16_t voided;		     /* silences that do not count */
	uint8_t again_silent, again_replies; /* when asked again after a pause */
	float weight; /* of the silences: -ln of the chance that loss made them all */
};

/* Ports that were asked again slowly after a pause, by what they had shown before. */
enum ports_group {
	GROUP_SILENT, /* never a reply, and too often silent for loss */
	GROUP_MIXED,  /* replies, and more silences than loss explains */
	GROUP_CLEAN,  /* replies and no silence */
	GROUPS
};

struct ports_again {
	uint32_t ports[GROUPS], answered[GROUPS]; /* ports asked; of them with a reply */
	uint32_t sent[GROUPS], lost[GROUPS];	  /* asks */
	uint64_t from;				  /* µs: the first of these asks; 0: none */
};

/*
 * Ports asked at another destination as well: over another address of the same site or another
 * transport. A port rule keeps its set; a hash over the flow draws it anew.
 */
struct ports_twin {
	struct addr server;
	enum transport transport;
	bool elsewhere;			  /* another address, not just another transport */
	uint32_t both, here, there, none; /* silent at both, here only, there only, at none */
};

/* So many neighbours at once: of most servers few ports are asked, all over the range. */
enum { PORTS_PAGE = 16 };

struct ports_page {
	struct port_tally v[PORTS_PAGE];
	uint8_t why[PORTS_PAGE]; /* enum why of an untested port */
};

/* What is known about one server's ports over one transport. ports_table_new() makes one. */
struct ports_table {
	struct arena *arena;
	struct ports_page *pages[65536 / PORTS_PAGE]; /* NULL: nothing of these */
	struct portset asked;			      /* ports with a tally */
	struct portset untested;		      /* could not be sent from */
	struct portset used;			      /* were sent from at least once */
	uint8_t unsent;			   /* enum why of asks that no port could make; 0: none */
	uint64_t steady_sent, steady_lost; /* asks from ports already proven open */
	uint64_t known_sent, known_lost;   /* other asks from ports that are proven open by now */
	uint64_t sent, answered;
	uint64_t voided;	   /* silences that did not count */
	uint64_t rtt_min, rtt_max; /* µs; 0: no reply */
	struct ports_again again;
	struct ports_twin twin; /* only from facts; server family ADDR_NONE: none */
	uint64_t first, last;	/* µs: when the first and the last ask was sent */
};

enum port_pattern {
	PATTERN_NONE,	 /* nothing blocked was found */
	PATTERN_RANGES,	 /* a fixed set */
	PATTERN_POLICER, /* some ports pass at a rate only */
	PATTERN_HASH,	 /* a pseudo-random share of flows is lost, whatever the port */
	PATTERN_ALL,	 /* no port answers */
	PATTERN_UNKNOWN, /* cannot be told: too lossy, too scattered, too little asked */
};

/* Why a pattern is unknown. */
enum ports_doubt {
	DOUBT_NONE,
	DOUBT_LOSS,    /* more than half is lost */
	DOUBT_SCATTER, /* silent ports without any order that a rule would have */
	DOUBT_MIXED,   /* the same ports answer and do not, and it was not found out why */
	DOUBT_FEW,     /* too little was asked */
};

/* What a hash over flows was found to be. */
struct ports_flows {
	double tested, dead;		     /* ports judged; of them silent for good, likely */
	double share, share_low, share_high; /* of flows lost, with its 95% bounds */
	unsigned int members, least, most;   /* "1 of members": the likely number, its bounds */
	unsigned int bits; /* the dead ones are 1 of 2^bits by bits of the port; 0: no such order */
	uint16_t mask,
		value; /* when single bits decide: port & mask == value; mask 0: sums of bits */
	enum ports_reshuffle {
		RESHUFFLE_UNTESTED, /* or too few ports for an answer */
		RESHUFFLE_YES,	    /* elsewhere other ports are dead: it is the flow */
		RESHUFFLE_NO,	    /* the same ones: it is the port */
	} reshuffle;
	struct ports_twin twin; /* that says so */
};

struct ports_result {
	enum port_pattern pattern;
	enum ports_doubt doubt;
	struct portset blocked; /* inferred, boundaries found */
	struct portset own;	/* that the server's software drops by itself: no filter */
	struct portset policed; /* PATTERN_POLICER: where its ports lie, about */
	double policed_rate;	/* replies a second that these ports had in all */
	double policed_loss;	/* of asks from them… */
	double loss_others;	/* … and from the open ports outside */
	bool by_sibling; /* policed is what this sweep found blocked, and another one policed */
	struct portset untested;	/* among the ports asked for */
	uint32_t tested;		/* ports with at least one reply or the needed silences */
	double loss, loss_upper;	/* estimate and its 95% credible upper bound */
	unsigned int silences;		/* how many make a port blocked at a boundary */
	double confidence;		/* 1 - chance that a boundary is wrong by loss alone */
	double undiscovered;		/* largest share of ports that can be blocked unseen… */
	double undiscovered_confidence; /* … at this confidence */
	uint64_t sent, answered, voided;
	bool clock;    /* failures followed the clock for a time, and went when it was slower */
	bool complete; /* nothing more needs to be asked */
	struct ports_flows flows;
};

/* A sweep or steady ask that is over. */
struct ports_moment {
	uint64_t sent; /* µs */
	uint16_t port;
	bool lost, steady;
};

/*
 * Feeds a table with observations as they come. Silences are settled, counted or void, when the
 * asks around them are known: at the end of a round that ended with a steady ask.
 */
struct ports_log {
	struct arena *arena;
	struct ports_table *table;
	struct VEC(struct ports_moment) moments; /* by time, once settled */
	size_t settled;
};

/*
 * The server itself replied, so its port is open. An ICMP error says that something lives there,
 * but a server that is down and a rule that rejects both look so: it is no more than a silence.
 */
bool ports_proves_open(const struct observation *o);

/* It was sent and proves nothing: no reply, or an ICMP error. */
bool ports_is_silence(const struct observation *o);

/*
 * Takes one observation of the server in question; roles other than sweep, steady and again are
 * ignored.
 */
void ports_log_add(struct ports_log *l, const struct observation *o);
void ports_log_settle(struct ports_log *l);

/* What a whole table is about. */
struct ports_subject {
	struct addr server; /* with port */
	enum transport transport;
};

/* The table of all observations of one subject, and of its twin. Belongs to the arena. */
struct ports_table *ports_tally(
	struct arena *a, const struct facts *f, const struct ports_subject *subject);

/* What a sweep is about: the ports in question. */
struct ports_scope {
	const struct portset *ports; /* to be judged; never NULL */
	bool every;		     /* each of them is asked, no inference between */
};

/* Every port that can be bound: 1-65535. */
extern const struct portset ports_all;

/* A reply has come to it, at whatever time. */
bool ports_open(const struct ports_table *t, uint16_t port);

struct ports_table *ports_table_new(struct arena *a);
/* What is known of a port: zeroed when nothing is. */
const struct port_tally *ports_at(const struct ports_table *t, uint32_t port);
enum why ports_why(const struct ports_table *t, uint32_t port);
/* The same to be changed. */
struct port_tally *ports_tally_of(struct ports_table *t, uint16_t port);

/*
 * 95% credible upper bound of the path's loss, at least 1%, from all asks of ports that are proven
 * open: steady ones and those of the sweep itself.
 */
double ports_loss_upper(const struct ports_table *t);

/* Silences in a row that the path's loss makes with that chance at most. */
unsigned int ports_silences(const struct ports_table *t, double error);

/*
 * Silences that a rule does not explain, and what the asks after a pause made of them. Only what
 * SUSPECT_SCATTER and SUSPECT_MIXED ask for is still open.
 */
enum ports_suspicion {
	SUSPECT_NOTHING,
	SUSPECT_SCATTER, /* silent ports without order: to be asked again after a pause */
	SUSPECT_MIXED,	 /* ports that answer and do not: the same */
	SUSPECT_FLOWS,	 /* they stay as they are: to be asked at another destination */
	SUSPECT_POLICER, /* some ports answer some of the time only */
	SUSPECT_CLOCK,	 /* they all answer now: what was silent before the pause is void */
};
enum ports_suspicion ports_suspect(const struct ports_table *t, const struct ports_scope *scope);

/* Up to most ports of each group, for asks after the pause. */
void ports_group(const struct ports_table *t, const struct ports_scope *scope,
	enum ports_group group, struct portset *ret);

/* Open ports beside blocked ones, and those blocked ones: what the verdict rests on. */
void ports_edges(const struct ports_table *t, const struct ports_scope *scope,
	struct portset *ret_open, struct portset *ret_blocked);

/*
 * Narrow blocked ranges without a seed, met by chance: few are a rule that nobody knew of, or the
 * first signs of a hash, and more random ports tell.
 */
unsigned int ports_lone(const struct ports_table *t, const struct ports_scope *scope);

/*
 * The blocked set when it is no more than a few narrow ranges: a hash could have met just those
 * among the ports that were asked. Else empty.
 */
void ports_narrow(
	const struct ports_table *t, const struct ports_scope *scope, struct portset *ret);

/* Silent ports that loss may still have silenced, by the measure of suspicions. */
void ports_shallow(
	const struct ports_table *t, const struct ports_scope *scope, struct portset *ret);

/*
 * The ports that have to be asked once more before the scope is decided. Empty: decided, or a
 * suspicion stands that asks of another kind have to clear. New ports appear when a boundary lies
 * between two tested ports.
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
