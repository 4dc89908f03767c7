/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From sightings of a resolver's queries to what it draws its source ports from: how many ports,
 * in what order, anew for a retry or not, and whether that is what its configuration says.
 */
#ifndef INFER_POOL_H
#define INFER_POOL_H

#include "base/arena.h"
#include "base/portset.h"
#include "facts/facts.h"

enum {
	POOL_FEWEST = 5,   /* draws that a shape can be told from: one that leaves no doubt */
	POOL_ENOUGH = 16,  /* draws that evenness can be told from */
	POOL_FEW = 64,	   /* ports that are a small pool, wherever they lie */
	POOL_BUCKETS = 7,  /* rows of pool_buckets */
	POOL_PORTS = 65536 /* that there are */
};

/*
 * In the order of the tests; the first that holds is the shape.
 * SEQUENTIAL: the ports, each where it was first seen, have fewer descents (or ascents) than chance
 * gives (Eulerian law, p <= 1e-4), and not more than 0.3 of all steps.
 * SMALL: at most POOL_FEW by the bound below, or less than half of what the range holds, by
 * repeats (p <= 1e-3).
 * UNEVEN: by repeats, but a port stands out of the others (p <= 1e-4, Bonferroni); or the ports'
 * distribution is further than 0.1 from an even one (Kolmogorov, p <= 1e-4).
 * UNIFORM: none of these, from POOL_ENOUGH draws on: nothing speaks against it.
 */
enum pool_shape {
	POOL_UNTOLD,	 /* too few samples */
	POOL_FIXED,	 /* one port, whatever the query */
	POOL_SEQUENTIAL, /* each port follows from the one before, others' traffic between or not */
	POOL_SMALL,	 /* few ports, used again and again (a socket pool, sockets for life) */
	POOL_UNEVEN,	 /* many ports, but neither in order nor evenly spread */
	POOL_UNIFORM,	 /* drawn at random over a range, with or without gaps */
	POOL_SHAPES
};

/* Ports in a range and whether queries from them were answered. */
struct pool_bucket {
	struct portrange range;
	uint32_t asked, answered, silent, icmp; /* the rest: not told */
	double low, high; /* 95% bounds (Wilson) of the silent share of silent and answered ones */
};

/* A port and how many draws it came from. */
struct pool_port {
	uint16_t port;
	uint32_t draws;
};

struct pool_estimate {
	uint8_t source;	  /* enum sighting_source */
	struct addr from; /* the resolver's address, port 0; ADDR_NONE: not told */
	enum pool_shape shape;
	/*
	 * In the shape: 1 - p of the test that told it. Of FIXED 1 - 2^(1 - draws), what two ports
	 * would do. Of UNIFORM 1 - the larger chance that a pool of a tenth of the range would have
	 * shown no more repeats, or that a quarter of the draws elsewhere would have passed for
	 * even.
	 */
	double confidence;
	uint32_t samples, distinct; /* queries; their ports */
	/*
	 * What pool and shape are told from. Not a query that was asked before within 30 s, where
	 * such queries come from the same port more often than chance has it; nor a packet that was
	 * captured twice; nor a socket that is still open.
	 */
	uint32_t draws;
	struct VEC(struct pool_port) ports; /* of the draws, ascending */
	struct portset seen;		    /* of all samples */
	/*
	 * That holds the pool with 95%: bounds seen, each widened by what a random subset of
	 * neighbouring ports may leave beyond its end with 2.5% (Goodman 1952). Of FIXED, SMALL by
	 * number and SEQUENTIAL pools without a wrap: as seen.
	 */
	struct portrange range;
	/*
	 * Ports from the first to the last of the pool, gaps that stand out left out: unbiased
	 * (Goodman 1952), what was seen, and an upper bound of 98.75%.
	 */
	double width, width_low, width_high;
	/*
	 * Ports in the pool, and bounds that hold with at least 95%: the lower from repeats alone
	 * (97.5%, occupancy), for nothing else tells a full range from one with ports left out, but
	 * not above width_low; the upper the smaller one of repeats and of width (98.75% each).
	 * They hold for pools that are used evenly (96% and more of each kind simulated). The size
	 * is the width where repeats agree with it, else the likeliest by repeats. Of UNEVEN: from
	 * the ports seen to all there are. Of SEQUENTIAL: from the ports seen to the range when the
	 * sequence has wrapped, else to all there are.
	 */
	double size, size_low, size_high;
	/*
	 * FRESH: Wilson's 95% bound of the share of retries from the same port is below a half, and
	 * they are no more than chance has it. REUSED: half of them or more, and with p <= 1e-3 not
	 * by chance in the smallest pool that the bounds allow; or the port is fixed.
	 */
	uint8_t per_try; /* enum per_try */
	/*
	 * Queries with the question and server of one within 30 s before, which had no answer yet;
	 * of them from the same port.
	 */
	uint32_t retries, retries_same;
	/* Message ids: distinct ones, and how many follow the one before by 1 .. 16. */
	uint32_t ids_distinct, ids_following;
	/*
	 * 0x20 (draft-vixie-dnsext-dns0x20-00): queries whose letters are of both cases, of those
	 * with at least eight letters.
	 */
	uint32_t cased, lettered;
	struct VEC(struct pool_bucket) buckets; /* rows of pool_buckets with queries only */
};

/* Where ports are taken together, to compare their answers: all ports, ascending. */
extern const struct portrange pool_buckets[POOL_BUCKETS];

/* "fixed", "small": for JSON. */
const char *pool_shape_slug(enum pool_shape s);

/*
 * Of the sightings of one source (SIGHT_x) over UDP, from one address (ADDR_NONE: any). Never NULL.
 * Costs n log n.
 */
struct pool_estimate *pool_estimate(struct arena *a, const struct facts *f,
	enum sighting_source source, const struct addr *from);

enum pool_fit {
	POOL_FIT_UNTOLD, /* too few samples */
	POOL_FITS,
	POOL_FIT_OUTSIDE, /* ports were seen that the pool does not hold: outside of detail */
	POOL_FIT_NARROW,  /* all inside, but from a part of the pool only */
	POOL_FIT_SPREAD,  /* one port, or few for life, were said, and many were seen */
};

struct pool_fits {
	enum pool_fit fit;
	/*
	 * That it is not chance. OUTSIDE and SPREAD: 1 - P(so many packets of other programs, whose
	 * share is 1%). NARROW: 1 - p of the test that told it, after Bonferroni. FITS: what a
	 * tenth of the draws from elsewhere would have been noticed with.
	 */
	double confidence;
	struct portset outside; /* seen and not in the pool; with FITS: too few to count */
};

/*
 * The estimate against a pool that a configuration says.
 *
 * OUTSIDE takes at least two draws, from two ports or 2% of all, and 95% of confidence: one odd
 * packet of another program says nothing. SPREAD: the same of the ports beyond those said, where a
 * process may have been restarted once. NARROW: span, largest gap, evenness or number of the ports
 * would be so by chance in less than 5e-5 each (simulated: less than 1e-3 of pools that fit are
 * said not to).
 */
struct pool_fits pool_compare(const struct pool_estimate *e, const struct pool *said);

/* "yes", "outside": for JSON. */
const char *pool_fit_slug(enum pool_fit fit);

#endif
