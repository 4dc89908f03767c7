/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shared TCP connections in virtual time. */
#include "net/sim_stream.h"

#include "net/stream.h"

bool sim_stream_shared(const struct ask *ask)
{
	return ask->transport == TRANSPORT_TCP && ask->stream && !ask->connect_only;
}

static bool is_open(const struct sim_stream *st, uint64_t now)
{
	/* What never came to be has nothing to be kept open for. */
	uint64_t idle = st->connected == UINT64_MAX ? 0 : STREAM_IDLE;

	return now < st->hangup && now < st->ends + idle;
}

struct sim_stream *sim_stream_find(struct sim_streams *ss, const struct ask *ask, uint64_t now)
{
	vec_each (struct sim_stream, st, ss->v)
		if (sim_stream_shared(ask) && st->first.stream == ask->stream &&
			st->first.owner == ask->owner &&
			addr_equal(&st->first.server, &ask->server) &&
			addr_equal(&st->first.source, &ask->source) && is_open(st, now))
			return st;
	return NULL;
}

struct sim_stream *sim_stream_open(struct sim_streams *ss, const struct observation *o)
{
	struct sim_stream st = {
		.first = o->ask, .from = o->from, .connected = UINT64_MAX, .hangup = UINT64_MAX
	};

	/* In the place of one that is closed. */
	vec_each (struct sim_stream, old, ss->v)
		if (!is_open(old, o->sent)) {
			*old = st;
			return old;
		}
	vec_push(ss->arena, &ss->v, st);
	return &ss->v.v[ss->v.n - 1];
}

void sim_stream_note(struct sim_stream *st, const struct observation *o)
{
	if (o->done > st->ends)
		st->ends = o->done;
	if (o->outcome == OUTCOME_REFUSED)
		st->hangup = o->done;
}
