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
#include "base/portset.h"
#include "facts/facts.h"

struct port_tally {
	uint16_t silent;  /* silences that count */
	uint16_t replies; /* replies of any kind, late ones too */
};

/* What is known about one server's ports over one transport. */
struct ports_table {
	struct port_tally v[65536];
	struct portset untested;         /* could not be sent from */
	uint8_t why[65536];              /* enum why of an untested port */
	uint64_t steady_sent, steady_lost; /* asks from ports already proven open */
	uint64_t sent, answered;
	uint64_t voided;                 /* silences that did not count */
	uint64_t rtt_min, rtt_max;       /* µs; 0: no reply */
};

enum port_pattern {
	PATTERN_NONE,    /* nothing blocked was found */
	PATTERN_RANGES,  /* a fixed set */
	PATTERN_ALL,     /* no port answers */
	PATTERN_UNKNOWN, /* cannot be told: too lossy, too scattered, too little asked */
};

/* Why a pattern is unknown. */
enum ports_doubt { DOUBT_NONE, DOUBT_LOSS, DOUBT_SCATTER, DOUBT_FEW };

struct ports_result {
	enum port_pattern pattern;
	enum ports_doubt doubt;
	struct portset blocked;  /* inferred, boundaries found */
	struct portset untested; /* among the ports asked for */
	uint32_t tested;         /* ports with at least one reply or the needed silences */
	double loss, loss_upper; /* estimate and its 95% credible upper bound */
	unsigned int silences;   /* how many make a port blocked at a boundary */
	double confidence;       /* 1 - chance that a boundary is wrong by loss alone */
	double undiscovered;     /* largest share of ports that can be blocked unseen… */
	double undiscovered_confidence; /* … at this confidence */
	uint64_t sent, answered, voided;
	bool complete;           /* nothing more needs to be asked */
};

/* Fills *ret from all sweep and steady observations of server over transport. */
void ports_tally(const struct facts *f, const struct addr *server, enum transport transport,
	struct ports_table *ret);

/* What a sweep is about: the ports in question. */
struct ports_scope {
	const struct portset *ports; /* to be judged; never NULL */
	bool every;                  /* each of them is asked, no inference between */
};

/* Loss of the path: its estimate and 95% upper bound, at least 1%. */
double ports_loss_upper(const struct ports_table *t);

/*
 * The ports that have to be asked once more before the scope is decided. Empty: decided. New
 * ports appear when a boundary lies between two tested ports.
 */
void ports_needs(const struct ports_table *t, const struct ports_scope *scope,
	struct portset *ret_ports);

void ports_judge(const struct ports_table *t, const struct ports_scope *scope,
	struct ports_result *ret);

/* Ports and boundaries that real filters use (../doc/ports.md names the sources). */
extern const uint16_t ports_seeds[];
extern const unsigned int ports_nseeds;

const char *pattern_slug(enum port_pattern p);

#endif
