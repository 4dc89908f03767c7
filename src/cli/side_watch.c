/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Watches what the resolver of this host sends: packets, or its open sockets. */
#include <errno.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "cli/side.h"
#include "intake/pairing.h"
#include "net/capture.h"

/* A busy resolver sends more in a minute than is needed to know its pool. */
enum { SIGHTINGS_MOST = 65536 };

/* µs. A socket is open for as long as an answer takes. */
enum { DRAIN_EVERY = 100000, LOOK_EVERY = 10000 };

static uint64_t utc_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (uint64_t)t.tv_sec * 1000000U + (uint64_t)t.tv_nsec / 1000U;
}

static void take(void *user, const struct capture_packet *p)
{
	pairing_packet(
		user, &(struct packet_raw){ .link = p->link, .at = p->at, .bytes = p->bytes });
}

static void drain(struct side *s)
{
	while (capture_drain(s->capture, take, s->pairing) == CAPTURE_DRAIN_MOST)
		;
}

/* The process' own, which come and go; where it may not be looked at, all but ours. */
static bool choose_sockets(struct side *s)
{
	if (s->pid && sockets_of_process(&s->sockets, (pid_t)s->pid) == 0)
		return true;
	return sockets_ignore(&s->sockets, getpid()) == 0;
}

static void tick(void *user)
{
	struct side *s = user;

	if (s->capture)
		drain(s);
	if (s->looks && choose_sockets(s))
		(void)sockets_look(&s->sockets, s->run->facts, utc_now());
}

static bool watch_packets(struct side *s, const char **ret_why)
{
	struct arena *a = s->run->arena;
	struct addrs own = side_addresses(a);
	struct pairing_filter *filter = arena_alloc(a, sizeof(*filter));

	if (capture_open(a, &(struct capture_conf){ .device = "any" }, &s->capture, ret_why) < 0)
		return false;
	*filter = (struct pairing_filter){
		.resolvers = own.v, .nresolvers = own.n, .sightings_most = SIGHTINGS_MOST
	};
	s->pairing = pairing_new(a, filter);
	return true;
}

void side_watch(struct side *s)
{
	const char *why = NULL;

	s->beside = (struct pump_beside){ .tick = tick, .user = s, .every = DRAIN_EVERY };
	if (watch_packets(s, &why))
		return;
	s->beside.every = LOOK_EVERY;
	s->sockets = (struct sockets){ .arena = s->run->arena, .root = "" };
	s->looks = choose_sockets(s);
	side_gap(s->run, GAP_PACKETS,
		s->looks ? "capturing takes root or CAP_NET_RAW; open sockets were looked at "
			   "instead, which show a part of the ports and not what was answered"
			 : "capturing takes root or CAP_NET_RAW");
}

bool side_watches(const struct side *s)
{
	return s->capture || s->looks;
}

const struct pump_beside *side_beside(struct side *s)
{
	return side_watches(s) ? &s->beside : NULL;
}

/* What tells one of our own packets from another's. */
struct own {
	struct addr server;
	uint16_t port, id;
};

static int by_packet(const void *a, const void *b)
{
	const struct own *x = a, *y = b;

	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	if (x->port != y->port)
		return x->port < y->port ? -1 : 1;
	return addr_compare(&x->server, &y->server);
}

/* Leaves out the packets of this run's asks. */
static void drop_own(struct facts *f)
{
	struct own *own = arena_alloc(f->arena, (2 * f->n + 1) * sizeof(*own));
	size_t n = 0, kept = 0;

	for (size_t i = 0; i < f->n; i++) {
		const struct observation *o = f->v[i];

		if (!o->sent)
			continue;
		own[n++] = (struct own){ o->ask.server, o->from.port, o->id };
		/*
		 * A connection is seen without an id when nothing was asked over it, or what was
		 * could not be read: it failed before, or the stream was cut inside the message.
		 */
		if (o->ask.transport == TRANSPORT_TCP)
			own[n++] = (struct own){ o->ask.server, o->from.port, 0 };
	}
	qsort(own, n, sizeof(*own), by_packet);
	vec_each (const struct sighting, s, f->sightings) {
		struct own key = { s->server, s->from.port, s->id };

		if (!bsearch(&key, own, n, sizeof(*own), by_packet))
			f->sightings.v[kept++] = *s;
	}
	f->sightings.n = kept;
}

void side_end(struct side *s)
{
	struct run *r = s->run;

	if (!s->capture)
		return;
	drain(s);
	pairing_end(s->pairing, utc_now(), r->facts);
	if (pairing_report(s->pairing)->tally.over)
		side_gap(r, GAP_CAPTURE, "the resolver sent more queries than are kept");
	if (capture_dropped(s->capture))
		side_gap(r, GAP_CAPTURE, "the kernel had no room for some of the packets");
	drop_own(r->facts);
	pairing_free(s->pairing);
	capture_close(s->capture);
	*s = (struct side){ .run = r };
}
