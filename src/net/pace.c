/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pace of each server: rate, window, budget, and what makes them change. */
#include "net/pace.h"

#include <math.h>

#include "base/stats.h"
#include "dns/rr.h"
#include "net/table.h"

enum {
	START = 5,   /* queries a second to begin with */
	CREDIT = 10, /* asks that need not wait: a walk has few for each server */
	WINDOW = 128,
	/* knot 3.2 and a default receive buffer lose none of 128 and 0.05% of 256 (measured). */
	WINDOW_START = 64,
	WINDOW_LEAST = 16,
	SAMPLE = 8,	    /* asks that a decision rests on */
	MEMORY = 400,	    /* asks of the past that count; halved beyond */
	STALE = 10000000,   /* µs after which a sample that is not complete is dropped */
	PATIENCE = 1000000, /* µs before any reply: how long an ask fills the window */
	PATIENCE_LEAST = 100000,
	PATIENCE_MOST = 2000000,
	DISORDER = 2000, /* µs by which replies may overtake each other, besides one RTT */
	SECOND = 1000000,
	SETTLE = 3000000, /* µs in which signs of a limit are one sign */
};

static const double rate_least = 1;
static const double loss_least = 0.02; /* expected anywhere: one loss is no sign */
static const double worse = 0.01;      /* so unlikely under the loss so far: slower */
static const double near_ceiling = 0.75;
static const double doubt = 1.05;
static const double doubt_limit = 1.005; /* of a limit that the server itself showed */
static const double doubtful = 0.2;	 /* so unlikely: no faster */

/* The fate of the first asks after a change, all of them: losses are known last. */
struct sample {
	uint64_t from, last;
	uint32_t asked, answered, lost;
};

struct server {
	struct table_node node;
	struct addr addr;
	bool shown; /* the server said itself that it was too fast */
	bool rated; /* its speed is a rate, queries a second; else the window */
	double speed;
	double ceiling; /* at this speed it was too fast; 0: never was */
	uint64_t next;	/* the rate allows none before */
	uint64_t cut;	/* when it was last slowed */
	uint64_t rtt;	/* smoothed */
	uint64_t heard; /* when the latest ask that has been answered was sent */
	/* Replies that were neither TC nor REFUSED, in the second that began then. */
	uint64_t second;
	uint32_t replies;
	uint32_t credit, sent, in_flight;
	uint64_t *times; /* of the last asks, a ring as large as the largest window */
	uint64_t ntimes;
	struct sample sample;
	uint32_t here_asked, here_lost; /* samples at this speed */
	uint32_t base_asked, base_lost; /* samples at others, that were not worse */
	bool plain; /* a sweep's ask had a reply that was neither TC nor REFUSED */
};

struct pace {
	struct arena *arena;
	struct pace_settings set;
	struct table servers;
};

struct pace *pace_new(struct arena *a, struct pace_settings s)
{
	struct pace *p = arena_alloc(a, sizeof(*p));

	if (!s.window)
		s.window = WINDOW;
	if (!s.start)
		s.start = s.rate ? START : WINDOW_START;
	if (s.start > (s.rate ? s.rate : s.window))
		s.start = s.rate ? s.rate : s.window;
	*p = (struct pace){ .arena = a, .set = s, .servers = { .arena = a } };
	return p;
}

static struct server *server_of(struct pace *p, const struct addr *addr)
{
	uint64_t hash = table_hash_addr(addr);
	struct table_node *n = table_first(&p->servers, hash);
	struct server *s;

	while (n && !addr_equal(&((struct server *)n)->addr, addr))
		n = table_next(n);
	if (n)
		return (struct server *)n;
	s = arena_alloc(p->arena, sizeof(*s));
	*s = (struct server){
		.addr = *addr, .rated = p->set.rate != 0, .speed = p->set.start, .credit = CREDIT
	};
	s->times = arena_alloc(p->arena, p->set.window * sizeof(*s->times));
	table_add(&p->servers, &s->node, hash);
	return s;
}

static uint64_t gap(const struct server *s)
{
	return s->rated ? (uint64_t)llround(SECOND / s->speed) : 0;
}

static uint32_t window(const struct pace *p, const struct server *s)
{
	return s->rated ? p->set.window : (uint32_t)s->speed;
}

/*
 * Until when an ask without a reply fills the window: a blocked port is silent until its time-out,
 * but burdens nobody once a reply would have been there. That is so at once when one has come to
 * an ask that was sent after it, since a server takes its queue in turn.
 */
static uint64_t burdens_until(const struct server *s, uint64_t sent)
{
	uint64_t t = s->rtt ? s->rtt * 8 : PATIENCE;

	if (sent + s->rtt + DISORDER <= s->heard)
		return 0;
	t = t < PATIENCE_LEAST ? PATIENCE_LEAST : t > PATIENCE_MOST ? PATIENCE_MOST : t;
	return sent + t;
}

uint64_t pace_when(struct pace *p, const struct addr *server, uint64_t now, bool *ret_spent)
{
	struct server *s = server_of(p, server);
	bool spent = p->set.budget && s->sent >= p->set.budget;
	uint64_t when = s->credit ? now : s->next, room;

	if (ret_spent)
		*ret_spent = spent;
	if (spent)
		return UINT64_MAX;
	if (s->in_flight < window(p, s))
		return when;
	room = burdens_until(s, s->times[(s->ntimes - window(p, s)) % p->set.window]);
	return room > when ? room : when;
}

/* Walks, lookups and steady asks go where replies come from; a port under test may be silent. */
static bool should_be_answered(const struct ask *ask)
{
	return ask->role != ROLE_SWEEP && ask->role != ROLE_PLACE;
}

static bool of_sweep(const struct ask *ask)
{
	return ask->role == ROLE_SWEEP || ask->role == ROLE_STEADY || ask->role == ROLE_PLACE ||
	       ask->role == ROLE_PLACE_STEADY;
}

void pace_sent(struct pace *p, const struct ask *ask, uint64_t now)
{
	struct server *s = server_of(p, &ask->server);
	uint64_t step = gap(s);

	s->sent++;
	s->in_flight++;
	s->times[s->ntimes++ % p->set.window] = now;
	/* Who comes late by less than a gap makes it good with the next one. */
	s->next = (!s->credit && s->next + step > now ? s->next : now) + step;
	if (s->credit)
		s->credit--;
	if (!should_be_answered(ask) || s->sample.asked == SAMPLE)
		return;
	s->sample.asked++;
	s->sample.last = now;
}

static void begin_sample(struct server *s, uint64_t now)
{
	s->sample = (struct sample){ .from = now };
}

static double least(const struct pace *p, const struct server *s)
{
	if (!s->rated)
		return fmin(WINDOW_LEAST, p->set.window);
	return p->set.rate ? fmin(rate_least, p->set.rate) : rate_least;
}

/* The slowest that there is: a window has a rate below it. */
static bool is_slowest(const struct pace *p, const struct server *s)
{
	return s->rated && s->speed <= least(p, s);
}

/*
 * From a window to a rate: what was answered of the last second's asks, which is what a limit lets
 * through, and less when that was too much.
 */
static void begin_rate(struct server *s, uint64_t now)
{
	uint64_t took = now - s->second;

	s->rated = true;
	s->speed = (double)s->replies * SECOND / (double)(took > SECOND ? took : SECOND);
	s->next = now + SECOND;
	s->credit = 0;
}

/*
 * limited: the server says itself that it answers less than it is asked, and as it says so for a
 * while after it was asked too much, only the first of such signs tells how much that is.
 */
static void slower(const struct pace *p, struct server *s, uint64_t now, bool limited)
{
	bool again = limited && s->rated && !p->set.rate && now <= s->cut + SETTLE;

	if (!s->rated && (limited || s->speed <= least(p, s)))
		begin_rate(s, now);
	s->shown |= limited;
	if (!again)
		s->ceiling = s->speed;
	s->cut = now;
	s->speed = fmax(s->speed / 2, least(p, s));
	s->here_asked = s->here_lost = 0;
	begin_sample(s, now);
}

/* Doubles until it was too fast once; then comes near that speed, which it doubts by and by. */
static void faster(const struct pace *p, struct server *s)
{
	double most = !s->rated ? p->set.window : p->set.rate ? p->set.rate : HUGE_VAL;

	if (s->ceiling > 0) {
		most = fmin(most, fmax(s->ceiling * near_ceiling, s->speed));
		s->ceiling *= s->shown && !p->set.rate ? doubt_limit : doubt;
	}
	s->speed = fmin(s->speed * 2, most);
}

/*
 * Samples at one speed add up until they say something. The very first one says what this path
 * loses anyway, and so does one that slowness does not cure.
 */
static void judge_sample(const struct pace *p, struct server *s, uint64_t now)
{
	double expected = fmax((s->base_lost + 0.5) / (s->base_asked + 10), loss_least), tail;
	bool bad;

	s->here_asked += s->sample.answered + s->sample.lost;
	s->here_lost += s->sample.lost;
	tail = stats_binomial_tail(s->here_lost, s->here_asked, expected);
	bad = tail < worse && s->base_asked && !is_slowest(p, s);
	begin_sample(s, now);
	if (bad) {
		slower(p, s, now, false);
		return;
	}
	if (tail <= doubtful && s->base_asked && !is_slowest(p, s))
		return;
	s->base_asked += s->here_asked;
	s->base_lost += s->here_lost;
	if (s->base_asked > MEMORY) {
		s->base_asked /= 2;
		s->base_lost /= 2;
	}
	s->here_asked = s->here_lost = 0;
	if (tail > doubtful)
		faster(p, s);
}

static void sample_seen(
	const struct pace *p, struct server *s, const struct observation *o, uint64_t now)
{
	struct sample *m = &s->sample;

	if (should_be_answered(&o->ask) && o->sent >= m->from && o->sent <= m->last)
		*(observation_silent(o) ? &m->lost : &m->answered) += 1;
	if (m->asked < SAMPLE)
		return;
	if (m->answered + m->lost >= SAMPLE)
		judge_sample(p, s, now);
	else if (s->in_flight == 0 || now > m->last + STALE)
		begin_sample(s, now);
}

/* Without a rate of the user's, a second that had replies and no sign of a limit is one of peace.
 */
static void count_reply(const struct pace *p, struct server *s, uint64_t now)
{
	if (now - s->second > SECOND) {
		if (s->rated && !p->set.rate && s->cut + SECOND < now)
			faster(p, s);
		s->second = now;
		s->replies = 0;
	}
	s->replies++;
}

/*
 * Response rate limiting answers with TC or REFUSED in place of silence. A server that never
 * answered a sweep otherwise means what it says.
 */
static void reply_seen(
	const struct pace *p, struct server *s, const struct observation *o, uint64_t now)
{
	uint64_t rtt = observation_rtt(o);
	bool limited = o->msg && (o->msg->flags & FLAG_TC || o->msg->rcode == RCODE_REFUSED);

	s->rtt = s->rtt ? (s->rtt * 7 + rtt) / 8 : rtt;
	if (o->sent > s->heard)
		s->heard = o->sent;
	if (!of_sweep(&o->ask))
		return;
	s->plain |= !limited;
	if (!limited)
		count_reply(p, s, now);
	else if (s->plain && o->sent >= s->cut + (p->set.rate ? 0 : SECOND))
		slower(p, s, now, true);
}

void pace_seen(struct pace *p, const struct observation *o, uint64_t now)
{
	struct server *s = server_of(p, &o->ask.server);

	if (o->outcome == OUTCOME_LATE || o->outcome == OUTCOME_STRAY)
		return;
	if (s->in_flight)
		s->in_flight--;
	if (o->outcome == OUTCOME_NOT_SENT) {
		/* It has cost the server nothing. */
		s->sent -= s->sent > 0;
		s->next = now;
		if (should_be_answered(&o->ask) && s->sample.asked)
			s->sample.asked--;
		return;
	}
	if (observation_answered(o) || o->outcome == OUTCOME_CONNECTED)
		reply_seen(p, s, o, now);
	sample_seen(p, s, o, now);
}

struct pace_stats pace_stats(struct pace *p, const struct addr *server)
{
	const struct server *s = server_of(p, server);

	return (struct pace_stats){
		.sent = s->sent, .in_flight = s->in_flight, .rate = s->rated ? s->speed : 0
	};
}
