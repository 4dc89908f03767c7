/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Brings what readers of a ledger want: runs a pass, sends all that it found missing side by side,
 * takes in the replies, and runs the next, until a pass lacks nothing.
 *
 * Silence is a fact about one question in one manner. So each is asked at least once, however
 * silent its server is to others; but only a server that has answered something, or was asked
 * little, is asked the same again and again; and one that is seen to miss packets more often than
 * others.
 */
#ifndef PROBE_FETCH_H
#define PROBE_FETCH_H

#include "infer/ledger.h"
#include "probe/probe.h"

struct fetch_plan {
	struct ledger *ledger;
	/* Runs one pass over the ledger. Cheap enough to be run some hundred times. */
	void (*pass)(void *user);
	void *user;
	struct addr source; /* address to send from; ADDR_NONE: kernel's choice */
	uint32_t timeout;   /* µs, the longest wait for one reply; 0: 2 s */
	unsigned int tries; /* of a question to a server that is alive; 0: 3 */
	size_t most;	    /* questions in all; 0: 4096 */
	size_t most_aside;  /* of these, of look-ups (ledger_look_up); 0: 512 */
	size_t most_bytes;  /* of memory, in the arena: none are sent from then on; 0: 256 MiB */
};

struct fetch;

struct fetch *fetch_new(struct arena *a, const struct fetch_plan *plan);
struct probe *fetch_probe(struct fetch *f);

/* A bound was met: what was asked for is incomplete. Why, as a part of a sentence; NULL: none was.
 */
const char *fetch_overran(const struct fetch *f);

#endif
