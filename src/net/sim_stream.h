/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * TCP connections of a simulated network that several asks share, as net/stream.h has them: which
 * one is open, and what the next ask on it costs.
 */
#ifndef NET_SIM_STREAM_H
#define NET_SIM_STREAM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/arena.h"
#include "base/vec.h"
#include "facts/facts.h"

struct sim_stream {
	struct ask first;   /* which it was made for */
	struct addr from;   /* its local end */
	uint64_t connected; /* µs: when the handshake is over; UINT64_MAX: never */
	uint64_t ends;	    /* µs: when its last ask is over */
	uint64_t hangup;    /* µs: when the server closes it; UINT64_MAX: never */
};

struct sim_streams {
	struct arena *arena;
	struct VEC(struct sim_stream) v;
};

/* Several asks may be on its connection. */
bool sim_stream_shared(const struct ask *ask);

/* The connection that is open now for the ask; NULL: none is, or it shares none. */
struct sim_stream *sim_stream_find(struct sim_streams *ss, const struct ask *ask, uint64_t now);

/* One for o, the first ask on it. */
struct sim_stream *sim_stream_open(struct sim_streams *ss, const struct observation *o);

/* What comes of one of its asks, and when, is known: o. */
void sim_stream_note(struct sim_stream *st, const struct observation *o);

#endif
