/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What servers showed to one run of probes, for others that need the same of them: a sweep, a
 * matrix of shapes, a trace. Each piece of work is done by the first who needs it; who comes
 * meanwhile waits; who comes later is given its observations as if they were his own.
 *
 *	struct probe *p = stock_loan(&lend, &key, sweep_probe(sweep));  // instead of the sweep
 *
 * Bounded: what nobody needed for the longest time goes first, and all goes after its life, since
 * firewalls change.
 */
#ifndef PROBE_STOCK_H
#define PROBE_STOCK_H

#include "probe/probe.h"

enum stock_work {
	STOCK_SWEEP,  /* ports of a server */
	STOCK_SHAPES, /* query shapes of a server */
	STOCK_PLACE,  /* blocked ports of a server at controls */
	STOCK_PATH,   /* a trace to a server */
	STOCK_NAME,   /* the name of a router */
};

struct stock_conf {
	size_t most;   /* octets held */
	uint64_t life; /* µs */
};

struct stock;

struct stock *stock_new(const struct stock_conf *conf);
/* Takes NULL. */
void stock_free(struct stock *s);

struct stock_key {
	enum stock_work work;
	struct addr server; /* with port */
	uint64_t of;	    /* hash of all else that it depends on (stock_mix…) */
};

/* More into such a hash. */
uint64_t stock_mix_octets(uint64_t hash, const void *from, size_t n);

/* Who needs it. */
struct stock_lend {
	struct stock *stock; /* NULL: nothing is lent */
	struct arena *arena;
	struct facts *facts; /* where observations go */
	/* That what is borrowed is about: servers are looked at for it. NULL: for no zone. */
	const struct name *zone;
	uint8_t serial; /* the last number that a work was given */
};

/*
 * A probe that does what the child does, or is given what another one brought about; a child with
 * recall() is told of it. The child itself when nothing is lent. lend lives as long as the probe.
 */
struct probe *stock_loan(struct stock_lend *lend, const struct stock_key *key, struct probe *child);

struct stock_totals {
	uint64_t done, lent, dropped; /* pieces of work; dropped: for want of room, or too old */
	size_t held;		      /* octets */
};
struct stock_totals stock_totals(const struct stock *s);

#endif
