/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The wire whose other end is the world. */
#include "net/real.h"

#include <stdlib.h>
#include <sys/resource.h>

#include "base/err.h"
#include "net/flight.h"
#include "net/loop.h"
#include "net/pooled.h"
#include "net/rawicmp.h"
#include "net/route.h"
#include "net/stream.h"
#include "net/udp.h"

enum {
	FLIGHTS = 512,
	LINGER = 3 * 1000 * 1000,
	IDLE = 4096,   /* sockets that linger at once, at most */
	MOST = 131072, /* descriptors that are of use */
	RESERVE = 32,  /* descriptors for whatever else the program has open */
};

struct real {
	struct wire wire;
	struct arena *own;
	size_t most; /* flights */
	struct flights flights;
	struct route route;
	struct udp *udp;
	struct pooled *pooled; /* NULL: not wanted */
	struct streams *streams;
	struct rawicmp *rawicmp; /* NULL: not wanted, or not permitted */
};

static struct real *real(struct wire *w)
{
	return (struct real *)w;
}

static uint64_t real_now(struct wire *w)
{
	(void)w;
	return loop_now();
}

static size_t real_room(struct wire *w)
{
	struct real *r = real(w);

	return r->flights.under_way < r->most ? r->most - r->flights.under_way : 0;
}

static void real_send(struct wire *w, const struct ask *ask)
{
	struct real *r = real(w);
	struct flight *f = flight_new(&r->flights, ask);

	ours_expect(r->flights.ours, ask->server.port);

	if (ask->transport != TRANSPORT_UDP)
		streams_send(r->streams, f);
	else if (r->pooled && pooled_takes(ask))
		pooled_send(r->pooled, f);
	else
		udp_send(r->udp, f);
}

static bool real_next(struct wire *w, uint64_t until, struct observation *ret)
{
	struct real *r = real(w);

	for (;;) {
		if (flight_take(&r->flights, ret))
			return true;
		flight_forget(&r->flights);
		/* What cannot be sent is over by then. */
		if (r->pooled && pooled_flush(r->pooled))
			continue;
		if (loop_now() >= until)
			return false;
		if (loop_wait(r->flights.loop, until))
			return false;
	}
}

static void real_free(struct wire *w)
{
	struct real *r = real(w);

	if (!r)
		return;
	rawicmp_free(r->rawicmp);
	streams_free(r->streams);
	pooled_free(r->pooled);
	udp_free(r->udp);
	loop_free(r->flights.loop);
	arena_free(r->flights.scratch);
	arena_free(r->own);
	free(r);
}

static const struct wire_ops ops = {
	.now = real_now,
	.room = real_room,
	.send = real_send,
	.next = real_next,
	.free = real_free,
};

/* How many descriptors there are for us, after asking for as many as may be had. */
static size_t descriptors(void)
{
	struct rlimit l;

	if (getrlimit(RLIMIT_NOFILE, &l) < 0)
		return 256;
	if (l.rlim_cur < l.rlim_max) {
		struct rlimit more = { l.rlim_max, l.rlim_max };

		if (setrlimit(RLIMIT_NOFILE, &more) == 0)
			l = more;
	}
	if (l.rlim_cur > MOST)
		return MOST;
	return l.rlim_cur > RESERVE + 16 ? (size_t)l.rlim_cur - RESERVE : 16;
}

/* UDP sockets, idle ones included, beside as many connections as there can be asks. */
static size_t most_sockets(size_t fds, size_t flights)
{
	size_t left = flights < fds / 2 ? fds - flights : fds / 2;

	return flights + IDLE < left ? flights + IDLE : left;
}

int real_new(
	struct arena *a, struct rng *rng, const struct real_limits *limits, struct wire **ret_wire)
{
	struct real *r = calloc(1, sizeof(*r));
	size_t fds = descriptors();
	struct udp_setup setup;
	struct loop *loop;

	if (!r)
		err_no_memory();
	if (loop_new(&loop)) {
		free(r);
		return -ERR_SYSTEM;
	}
	r->wire.ops = &ops;
	r->own = arena_new();
	r->most = limits && limits->flights ? limits->flights : FLIGHTS;
	/* Half for TCP, should all asks be that. Those that share sockets need none of their own.
	 */
	if (r->most > fds / 2 && !(limits && limits->pooled))
		r->most = fds / 2;
	r->flights.loop = loop;
	r->flights.own = r->own;
	r->flights.keep = a;
	r->flights.scratch = arena_new();
	r->flights.rng = rng;
	r->flights.ours = limits ? limits->ours : NULL;
	setup = (struct udp_setup){ .flights = &r->flights, .route = &r->route };
	setup.linger = limits && limits->linger ? limits->linger : LINGER;
	setup.most = most_sockets(fds, r->most);
	r->udp = udp_new(r->own, &setup);
	r->streams = streams_new(r->own, &r->flights, &r->route);
	r->flights.passing = limits && (limits->passing || limits->pooled);
	if (limits && limits->pooled)
		r->pooled = pooled_new(r->own, &r->flights, &r->route);
	if (limits && limits->quotes)
		r->rawicmp = rawicmp_new(r->own, &r->flights);
	*ret_wire = &r->wire;
	return 0;
}

struct real_extra real_extra(struct wire *w)
{
	return (struct real_extra){ real(w)->flights.late, real(w)->flights.strays };
}

bool real_reads_quotes(struct wire *w)
{
	return real(w)->rawicmp != NULL;
}
