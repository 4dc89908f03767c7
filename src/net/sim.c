/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A simulated network in virtual time. The fate of an ask is decided when it is sent; what comes
 * of it waits in a queue, ordered by time, until next() moves the clock there.
 */
#include "net/sim.h"

#include <assert.h>
#include <string.h>

#include "base/err.h"
#include "net/match.h"
#include "net/sim_queue.h"
#include "net/sim_stream.h"

enum {
	SIM_ROOM = 4096,
	SIM_START = 1000000,	 /* µs; not 0, because sent 0 means never */
	EPHEMERAL_FIRST = 32768, /* Linux's net.ipv4.ip_local_port_range */
	EPHEMERAL_LAST = 60999,
	EPHEMERAL_TRIES = 64,
	PRIVILEGED_BELOW = 1024,
};

struct server_state {
	struct sim_filter_state filter;
	struct sim_bucket replies;
	struct sim_limiter *limiter; /* NULL: the server has none */
};

struct sim {
	struct wire wire; /* first: the wire is the sim */
	struct arena *arena, *scratch;
	struct rng *rng;
	const struct sim_net *net;
	uint64_t now;
	size_t in_flight;
	bool bursting; /* the bad state of Gilbert and Elliott */
	struct sim_filter_state near;
	struct server_state *servers;
	struct sim_hops_state hops;
	struct buf reply; /* the wire form at hand; its memory is used again */
	struct sim_queue queue;
	struct sim_streams streams;
	struct sim_stream *stream; /* of the ask that is being sent; NULL: it shares none */
};

static bool chance(struct sim *s, double p)
{
	return p > 0 && rng_unit(s->rng) < p;
}

/* extra: not the one observation that the ask is owed. */
static void post(struct sim *s, const struct observation *o, bool extra)
{
	s->in_flight += !extra;
	if (!extra && s->stream)
		sim_stream_note(s->stream, o);
	sim_queue_put(&s->queue, o, extra);
}

/* What keeps a packet from leaving, and what drops it. */

static struct addr client(const struct ask *ask, uint16_t port)
{
	/* Blocks for documentation, RFC 5737 and RFC 3849. */
	static const struct addr v4 = { .family = ADDR_V4, .ip = { 198, 51, 100, 1 } };
	static const struct addr v6 = { .family = ADDR_V6,
		.ip = { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 } };

	if (ask->source.family != ADDR_NONE)
		return addr_with_port(ask->source, port);
	return addr_with_port(ask->server.family == ADDR_V6 ? v6 : v4, port);
}

static bool held(const struct sim *s, uint16_t port)
{
	return s->net->held && portset_has(s->net->held, port);
}

static uint16_t ephemeral(struct sim *s)
{
	uint16_t port = 0;

	for (int i = 0; i < EPHEMERAL_TRIES; i++) {
		port = (uint16_t)(EPHEMERAL_FIRST +
				  rng_below(s->rng, EPHEMERAL_LAST - EPHEMERAL_FIRST + 1));
		if (!held(s, port))
			break;
	}
	return port;
}

static enum why may_leave(const struct sim *s, const struct ask *ask, uint16_t port)
{
	if (ask->server.family == ADDR_NONE)
		return WHY_NO_ROUTE;
	if (ask->source.family != ADDR_NONE && ask->source.family != ask->server.family)
		return WHY_FAMILY;
	/* In the kernel's order: the right to bind, then whether the port is free. */
	if (s->net->no_privilege && port < PRIVILEGED_BELOW)
		return WHY_PRIVILEGE;
	return held(s, port) ? WHY_PORT_IN_USE : WHY_NONE;
}

static bool path_loses(struct sim *s)
{
	const struct sim_net *net = s->net;

	if (chance(s, s->bursting ? net->burst_leave : net->burst_enter))
		s->bursting = !s->bursting;
	return chance(s, net->loss) || (s->bursting && chance(s, net->burst_loss));
}

static const struct sim_server *find_server(const struct sim *s, const struct addr *a)
{
	for (size_t i = 0; i < s->net->nservers; i++)
		if (addr_equal(&s->net->servers[i].addr, a))
			return &s->net->servers[i];
	return NULL;
}

/* The server that gets the packet and may speak; NULL: it is lost on the way. */
static const struct sim_server *arrive(struct sim *s, const struct observation *o)
{
	struct sim_packet p = { o->from, o->ask.server, (enum transport)o->ask.transport, s->now };
	const struct sim_server *server = find_server(s, &o->ask.server);
	bool udp = p.transport == TRANSPORT_UDP;
	struct server_state *state;

	if (!sim_filter_passes(&s->net->near, &s->near, s->arena, &p) || (udp && path_loses(s)))
		return NULL;
	if (!server || server->dead)
		return NULL;
	state = &s->servers[server - s->net->servers];
	p.from = sim_nat_outside(server->hops ? server->hops->nat : NULL, p.from);
	if (!sim_filter_passes(&server->filter, &state->filter, s->arena, &p))
		return NULL;
	if (!udp || server->closed || server->rate_limit <= 0)
		return server;
	return sim_bucket_take(&state->replies, server->rate_limit, s->now) ? server : NULL;
}

/* What comes back. */

/* What rate limiting makes of the reply at hand; of TCP none is limited. */
static void limit_reply(struct sim *s, const struct sim_server *server, const struct observation *o)
{
	struct sim_limiter *l = s->servers[server - s->net->servers].limiter;
	struct sim_limit_query q = { .ask = &o->ask, .client = o->from, .now = s->now };

	if (l && s->reply.n && o->ask.transport == TRANSPORT_UDP)
		sim_limiter_reply(l, &q, &s->reply);
}

/* Sets outcome, why, size and message. false: the server says nothing. */
static bool reply_make(struct sim *s, const struct sim_server *server, struct observation *o)
{
	sim_answer *answer = server->answer ? server->answer : sim_answer_empty;
	const struct msg *m;
	struct match match;

	s->reply.n = 0;
	answer(server, &o->ask, o->id, &s->reply);
	limit_reply(s, server, o);
	if (!s->reply.n)
		return false;
	m = msg_read(s->scratch, buf_span(&s->reply));
	match = match_reply(&o->ask, o->id, m);
	o->outcome = match.outcome;
	o->why = match.why;
	o->size = (uint32_t)s->reply.n;
	o->msg = match_keep(s->arena, &o->ask, m);
	arena_reset(s->scratch);
	if (server->speaks.family != ADDR_NONE && o->ask.transport == TRANSPORT_UDP &&
		o->outcome != OUTCOME_STRAY) {
		o->outcome = OUTCOME_STRAY;
		o->why = WHY_STRAY_SOURCE;
		o->sender = server->speaks;
	} else if (o->outcome == OUTCOME_STRAY) {
		o->sender = o->ask.server;
	}
	return true;
}

static uint64_t delay(struct sim *s)
{
	uint32_t extra = s->net->jitter ? rng_below(s->rng, s->net->jitter) : 0;

	return (uint64_t)s->net->rtt + extra;
}

/* An attacker's copy of the reply at hand, somewhat before it. */
static void forge(struct sim *s, const struct observation *o, uint64_t arrives)
{
	static const enum why ways[] = { WHY_STRAY_ID, WHY_STRAY_QUESTION, WHY_STRAY_SOURCE };
	struct observation f = *o;
	uint8_t *wire = (uint8_t *)s->reply.p;
	enum why why = ways[rng_below(s->rng, ARRAY_LEN(ways))];
	size_t spoilt = 1; /* the octet and the bit in it that the attacker got wrong */

	/* Without a question the id is what is left to get wrong. */
	if (why == WHY_STRAY_QUESTION && (!wire[5] || s->reply.n < FACTS_HEADER + 5))
		why = WHY_STRAY_ID;
	/* The first letter of the question's name; of the root's the type. */
	if (why == WHY_STRAY_QUESTION)
		spoilt = wire[FACTS_HEADER] ? FACTS_HEADER + 1 : FACTS_HEADER + 2;
	f.outcome = OUTCOME_STRAY;
	f.why = (uint8_t)why;
	f.sender = o->ask.server;
	f.done = f.sent + (arrives - f.sent) / 2;
	if (why == WHY_STRAY_SOURCE)
		f.sender.port ^= 1;
	else
		wire[spoilt] ^= 0x20;
	f.msg = match_keep(s->arena, &o->ask, msg_read(s->scratch, buf_span(&s->reply)));
	arena_reset(s->scratch);
	post(s, &f, true);
	if (why != WHY_STRAY_SOURCE)
		wire[spoilt] ^= 0x20;
}

static void post_timeout(struct sim *s, const struct observation *o)
{
	struct observation t = { .ask = o->ask,
		.id = o->id,
		.from = o->from,
		.sent = o->sent,
		.done = o->sent + o->ask.timeout,
		.outcome = OUTCOME_TIMEOUT };

	post(s, &t, false);
}

static void post_unreachable(struct sim *s, struct observation *o)
{
	bool v6 = o->ask.server.family == ADDR_V6;

	/* RFC 792 and RFC 4443 3.1: port unreachable; of TCP it is a reset. */
	if (o->ask.transport != TRANSPORT_UDP) {
		o->outcome = OUTCOME_REFUSED;
	} else {
		o->outcome = OUTCOME_ICMP;
		o->icmp = (struct icmp){ v6 ? 1 : 3, v6 ? 4 : 3, addr_with_port(o->ask.server, 0) };
	}
	o->done = o->sent + delay(s);
	if (o->done > o->sent + o->ask.timeout)
		post_timeout(s, o);
	else
		post(s, o, false);
}

/* The handshake's first round trip. */
static void post_connected(struct sim *s, struct observation *o)
{
	o->outcome = OUTCOME_CONNECTED;
	o->done = o->sent + delay(s);
	if (o->done > o->sent + o->ask.timeout)
		post_timeout(s, o);
	else
		post(s, o, false);
}

/* The time that an ask waits for its connection: a round trip, or what is left of it. */
static uint64_t handshake(const struct sim *s, const struct observation *o)
{
	const struct sim_stream *st = s->stream;

	if (!st)
		return s->net->rtt;
	return st->connected > o->sent ? st->connected - o->sent : 0;
}

/* The server closes the connection before it has read this ask. */
static void post_reset(struct sim *s, struct observation *o)
{
	o->outcome = OUTCOME_RESET;
	o->done = s->stream->hangup;
	if (o->done > o->sent + o->ask.timeout)
		post_timeout(s, o);
	else
		post(s, o, false);
}

static void post_reply(struct sim *s, struct observation *o)
{
	uint64_t limit = o->sent + o->ask.timeout, arrives = o->sent + delay(s);
	bool tcp = o->ask.transport != TRANSPORT_UDP;

	if (tcp)
		arrives += handshake(s, o);
	else if (chance(s, s->net->late))
		arrives = limit + 1 + delay(s);
	if (!tcp && chance(s, s->net->forge) && s->reply.n >= FACTS_HEADER)
		forge(s, o, arrives);
	o->done = arrives;
	if (o->outcome == OUTCOME_STRAY || arrives > limit) {
		post_timeout(s, o);
		if (o->outcome != OUTCOME_STRAY)
			o->outcome = OUTCOME_LATE;
		if (!tcp)
			post(s, o, true);
		return;
	}
	post(s, o, false);
	if (tcp || !chance(s, s->net->duplicate))
		return;
	o->outcome = OUTCOME_STRAY; /* the ask is no longer in flight */
	o->why = WHY_STRAY_ID;
	o->sender = o->ask.server;
	o->done = arrives + 1 + delay(s) / 2;
	post(s, o, true);
}

/* What a router says. For a quote of another sender the kernel finds no socket. */
static void post_said(struct sim *s, struct observation *o, const struct sim_crossing *c)
{
	bool ours = c->quoted.family == ADDR_NONE;

	if (!ours)
		post_timeout(s, o);
	o->outcome = ours ? OUTCOME_ICMP : OUTCOME_STRAY;
	o->why = ours ? WHY_NONE : WHY_STRAY_QUOTE;
	o->icmp = c->icmp;
	o->quoted = c->quoted;
	if (!ours)
		o->sender = c->icmp.offender;
	o->done = o->sent + c->rtt + (s->net->jitter ? rng_below(s->rng, s->net->jitter) : 0);
	post(s, o, !ours);
}

/* Its routers end the way of this query, or of the reply to it: what comes of it is posted. */
static bool ends_on_the_way(struct sim *s, struct observation *o)
{
	struct sim_packet p = { o->from, o->ask.server, TRANSPORT_UDP, s->now };
	const struct sim_server *server = find_server(s, &o->ask.server);
	struct sim_crossing c;

	if (!server || !server->hops || o->ask.transport != TRANSPORT_UDP)
		return false;
	c = sim_hops_cross(server->hops, &s->hops, s->arena, o);
	if (c.fate == SIM_THROUGH && sim_hops_return(server->hops, o->from))
		return false;
	if (c.fate != SIM_SAID || !sim_filter_passes(&s->net->near, &s->near, s->arena, &p) ||
		path_loses(s)) {
		post_timeout(s, o);
		return true;
	}
	post_said(s, o, &c);
	return true;
}

/* The wire. */

static struct sim *sim_of(struct wire *w)
{
	return (struct sim *)w;
}

static uint64_t sim_now(struct wire *w)
{
	return sim_of(w)->now;
}

static size_t sim_room(struct wire *w)
{
	size_t used = sim_of(w)->in_flight;

	return used < SIM_ROOM ? SIM_ROOM - used : 0;
}

static void sim_send(struct wire *w, const struct ask *ask)
{
	struct sim *s = sim_of(w);
	struct observation o = { .ask = *ask, .done = s->now };
	const struct sim_server *server;
	uint16_t port;

	s->stream = sim_stream_find(&s->streams, ask, s->now);
	port = s->stream	  ? s->stream->from.port
	       : ask->source.port ? ask->source.port
				  : ephemeral(s);
	o.why = (uint8_t)may_leave(s, ask, port);
	if (o.why != WHY_NONE) {
		o.outcome = OUTCOME_NOT_SENT;
		post(s, &o, false);
		return;
	}
	o.from = client(ask, port);
	o.id = (uint16_t)rng_u64(s->rng);
	o.sent = s->now;
	if (!s->stream && sim_stream_shared(ask))
		s->stream = sim_stream_open(&s->streams, &o);
	if (ends_on_the_way(s, &o))
		return;
	server = arrive(s, &o);
	if (server && !server->closed && s->stream && s->stream->connected == UINT64_MAX)
		s->stream->connected = s->now + s->net->rtt;
	if (server && server->closed)
		post_unreachable(s, &o);
	else if (server && ask->connect_only)
		post_connected(s, &o);
	else if (server && s->stream && s->stream->hangup < UINT64_MAX)
		post_reset(s, &o);
	else if (server && reply_make(s, server, &o))
		post_reply(s, &o);
	else
		post_timeout(s, &o);
	if (server && server->one_query && s->stream && s->stream->hangup == UINT64_MAX)
		s->stream->hangup = s->stream->ends;
}

static bool sim_next(struct wire *w, uint64_t until, struct observation *ret)
{
	struct sim *s = sim_of(w);
	uint64_t due = sim_queue_due(&s->queue);

	assert(due != UINT64_MAX || until != UINT64_MAX);
	if (due == UINT64_MAX || due > until) {
		s->now = until > s->now ? until : s->now;
		return false;
	}
	if (due > s->now)
		s->now = due;
	s->in_flight -= !sim_queue_take(&s->queue, ret);
	return true;
}

static void sim_free(struct wire *w)
{
	if (w)
		arena_free(sim_of(w)->scratch);
}

void sim_add_bursts(struct sim_net *net, double loss)
{
	net->burst_leave = 0.2;
	net->burst_loss = 0.9;
	net->burst_enter = net->burst_leave * loss / (net->burst_loss - loss);
}

struct wire *sim_new(struct arena *a, struct rng *rng, const struct sim_net *net)
{
	static const struct wire_ops ops = {
		.now = sim_now,
		.room = sim_room,
		.send = sim_send,
		.next = sim_next,
		.free = sim_free,
	};
	struct sim *s = arena_alloc(a, sizeof(*s));

	s->wire.ops = &ops;
	s->arena = a;
	s->scratch = arena_new();
	s->rng = rng;
	s->net = net;
	s->now = SIM_START;
	s->reply.arena = s->queue.arena = s->streams.arena = a;
	s->servers = arena_alloc(a, net->nservers * sizeof(*s->servers));
	for (size_t i = 0; i < net->nservers; i++)
		if (net->servers[i].limit)
			s->servers[i].limiter = sim_limiter_new(a, net->servers[i].limit, rng);
	return &s->wire;
}
