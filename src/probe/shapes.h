/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Asks a server the shapes of the table (infer/shapes.h): first which zone it answers for, then
 * every row once, in random order, with plain questions in between that show the loss of the path;
 * then again what was silent, until it is dropped beyond doubt, and what was not as it should be.
 * When everything falls silent it stops and knocks after growing pauses; when replies are limited
 *it asks no faster than they come.
 *
 *	struct shapes *s = shapes_new(arena, &plan);
 *	drive_run(&drive, shapes_probe(s));
 *	struct matrices all = matrix_collect(arena, facts);
 */
#ifndef PROBE_SHAPES_H
#define PROBE_SHAPES_H

#include "base/rng.h"
#include "infer/shapes.h"
#include "probe/place.h"
#include "probe/probe.h"

struct shapes_plan {
	struct addr server;	    /* with port */
	struct addr source;	    /* address to send from; port ignored */
	struct question question;   /* a name that the server is asked for; type 0: TXT */
	uint32_t timeout;	    /* µs, longest */
	uint32_t spacing;	    /* µs between two tries of one shape, at least */
	bool all;		    /* rows on demand, too */
	bool control;		    /* asks are ROLE_SHAPE_CONTROL */
	const struct portset *open; /* ports that reach it; NULL: the kernel chooses */
	/* Asks these rows only, besides "dns" and "edns"; none: all. */
	const char *const *rows;
	size_t nrows;
	struct rng rng;
	/*
	 * Where its observations go: what a limit or a blackout swallowed is told by them, and
	 * asked again. NULL: everything counts.
	 */
	const struct facts *facts;
	/* A server of another operator that is asked beside this one while it is silent, or NULL.
	 */
	const struct place_control *witness;
	/*
	 * To see whether as many queries bring a blackout about again, so many may have been asked
	 * by then at most, all others among them; 0: no limit.
	 */
	uint32_t budget;
};

struct shapes;

/* The plan is copied, what it points to is borrowed. */
struct shapes *shapes_new(struct arena *a, const struct shapes_plan *plan);
struct probe *shapes_probe(struct shapes *s);

/* How many asks it makes at least, of a server that answers. */
size_t shapes_least(const struct shapes_plan *plan);

#endif
