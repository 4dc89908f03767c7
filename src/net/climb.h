/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How many asks in flight are worth it: more of them only wait in the server's queue, and in ours,
 * once it answers as fast as it can. So the window is doubled as long as that brings more replies a
 * second, and halved where that loses none; after a trial that failed it rests, longer each time.
 * What a server bears at most is not said here: see net/pace.h.
 *
 *	struct climb c = climb_begin(128);
 *	if (in_flight >= climb_window(&c))
 *		climb_full(&c);                 // and wait
 */
#ifndef NET_CLIMB_H
#define NET_CLIMB_H

#include <stdbool.h>
#include <stdint.h>

enum climb_trial { CLIMB_NONE, CLIMB_UP, CLIMB_DOWN };

struct climb {
	uint32_t window, least;
	uint32_t before;  /* the window, before the trial… */
	double rate;	  /* … and its replies a second */
	uint64_t from;	  /* µs: since when replies count; 0: they are yet to begin */
	uint32_t replies; /* since then */
	bool full;	  /* there was more to ask than the window let through */
	bool down;	  /* the way of the next trial */
	uint8_t trial;	  /* enum climb_trial */
	uint64_t rest;	  /* µs after the next failure */
};

/* The window to begin with, below which it never goes. */
struct climb climb_begin(uint32_t window);

uint32_t climb_window(const struct climb *c);

/* An ask has to wait, since the window is full. */
void climb_full(struct climb *c);

struct climb_reply {
	uint32_t most; /* the largest window that there may be; 0: it is no window that limits */
	uint64_t rtt;  /* µs, smoothed */
	uint64_t now;
};
void climb_reply(struct climb *c, struct climb_reply r);

#endif
