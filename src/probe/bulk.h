/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Many look-ups at once, each by itself: one question to one of several servers, asked again when
 * nothing comes back, over TCP when the reply is truncated. What fails is a result like any other.
 *
 *	struct bulk *b = bulk_new(arena, &conf);
 *	drive_run(&drive, bulk_probe(b));       // calls conf.more and conf.done as it goes
 */
#ifndef PROBE_BULK_H
#define PROBE_BULK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "probe/probe.h"

enum { BULK_CONNECTIONS = 256 /* TCP at once, at most */ };

enum bulk_more {
	BULK_ONE,   /* *ret_question is the next one; its name is copied */
	BULK_LATER, /* none for now */
	BULK_END,   /* none any more */
};

/* What became of one look-up. */
struct bulk_result {
	const struct question *question;
	const struct observation *last; /* the try that decided; borrowed, as is its message */
	uint32_t tries;			/* queries sent, TCP included */
	uint64_t began;			/* µs: when the first was sent, or was to be */
	/* µs that the reply to a try took which had been given up; 0: none came. */
	uint64_t late;
	bool truncated; /* a reply over UDP was, so TCP was tried */
};

struct bulk_conf {
	const struct addr *servers; /* in turn; a try that fails goes to the next one */
	size_t nservers;
	struct addr source; /* port 0 */
	struct shape shape;
	uint32_t timeout;   /* µs, of one try */
	unsigned int tries; /* of UDP; TCP has as many of its own */
	size_t most;	    /* look-ups at once */
	enum bulk_more (*more)(void *user, struct question *ret_question);
	void (*done)(void *user, const struct bulk_result *result);
	void *user;
};

struct bulk_totals {
	uint64_t begun, done, asked, failed; /* failed: without any reply */
};

struct bulk;

/* The conf is copied; what it points to lives as long as the arena. */
struct bulk *bulk_new(struct arena *a, const struct bulk_conf *conf);
struct probe *bulk_probe(struct bulk *b);
struct bulk_totals bulk_totals(const struct bulk *b);

#endif
