/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pace of each server: rate, window, budget, and what makes them change. */
#include "net/pace.h"

#include <math.h>

#include "base/stats.h"
#include "base/table.h"
#include "dns/rr.h"
#include "net/burden.h"
#include "net/climb.h"
#include "net/limited.h"
#include "net/roles.h"
#include "net/sample.h"

enum {
	STALE = 10000000, /* µs after which a sample that is not complete is dropped */
	START = 5,	  /* queries a second to begin with */
	CREDIT = 10,	  /* asks that need not wait: a walk has few for each server */
	WINDOW = 128,
	/* knot 3.2 and a default receive buffer lose none of 128 and 0.05% of 256 (measured). */
	WINDOW_START = 64,
	WINDOW_LEAST = 16,
	SAMPLE = 8,	    /* asks that should be answered, for a decision to rest on */
	NEWS = 16,	    /* asks of ports under test, for good news to rest on */
	MEMORY = 400,	    /* asks of the past that count; halved beyond */
	PATIENCE = 1000000, /* µs before any reply: how long an ask fills the window */
	PATIENCE_LEAST = 100000,
	PATIENCE_MOST = 2000000,
	PAUSE = 1000000, /* µs of rest after a sign of a limit; doubled while they go on… */
	PAUSE_MOST = 16000000, /* … until past the longest memory of one (BIND's window: 15 s) */
	RAISE = 3000000,       /* µs between two doubts of a limit */
	DISORDER = 2000,       /* µs by which replies may overtake each other, besides one RTT */
	COOKIE_HALF = 8,       /* octets of the client half (RFC 7873 4) */
	SECOND = 1000000,
	ALL_AHEAD = 10000, /* µs by which asks to all servers may be ahead of their time */
};

_Static_assert(PATIENCE_MOST < (BURDEN_SLOTS - 1) * BURDEN_SLOT, "slots last as long");

static const double rate_least = 1;
static const double rate_most = 1e5;   /* of a server that had to be given a rate */
static const double loss_least = 0.02; /* expected anywhere: one loss is no sign */
static const double sure = 0.9;	       /* that a share is no larger */
static const double worse = 0.005;     /* so unlikely under the loss so far: slower */
static const double early = 0.001;     /* the same, of a sample that is not complete */
static const double near_ceiling = 0.75;
static const double doubt = 0.05;	/* how much of a ceiling the first doubt adds */
static const double share_least = 0.25; /* of a speed that was too fast, to fall to */
static const double doubtful = 0.2;	/* so unlikely: no faster */
static const double news_most = 0.6;	/* more silence than that is no good news */
static const double mostly =
	0.6; /* lost from the first: a limit, or a path that is too lossy anyway */

struct server {
	struct table_node node;
	struct addr addr;
	bool paced;	 /* by a rate; else by the window */
	double speed;	 /* the rate, or the window */
	double ceiling;	 /* at this speed it was too fast; 0: never was */
	bool exempt;	 /* it has answered to its cookie: what was too fast without may not be */
	uint64_t next;	 /* the rate allows none before */
	uint64_t cut;	 /* when it was last slowed */
	uint64_t held;	 /* end of the rest after that */
	uint64_t pause;	 /* its length; 0: all was well since the last one */
	uint64_t raised; /* when it was last made faster */
	uint32_t doubts; /* of the ceiling, since it was set */
	uint64_t rtt;	 /* smoothed */
	uint64_t heard;	 /* when the latest ask that has been answered was sent */
	uint32_t credit, sent, in_flight;
	struct burden burden;
	struct sample sample;		/* of asks that should be answered */
	uint32_t here_asked, here_lost; /* samples at this speed */
	uint32_t base_asked, base_lost; /* samples at others, that were not worse */
	struct sample news;		/* of asks from ports under test */
	uint32_t news_asked, news_lost; /* such samples before */
	uint64_t second;		/* of the count that follows */
	uint32_t whole, whole_before;	/* replies that no limit touched, this second and before */
	struct limited limited;
	struct climb climb; /* without a rate: how much of the window is worth to be used */
};

struct pace {
	struct arena *arena;
	struct pace_settings set;
	struct table servers;
	double all_due; /* µs: when the next ask to any server is due, by the limit of all */
	struct server *latest; /* that was looked for: mostly it is looked for again */
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
	struct table_node *n;
	struct server *s = p->latest;
	uint64_t hash;

	if (s && addr_equal(&s->addr, addr))
		return s;
	hash = table_hash_addr(addr);
	n = table_first(&p->servers, hash);
	while (n && !addr_equal(&((struct server *)n)->addr, addr))
		n = table_next(n);
	if (n)
		return p->latest = (struct server *)n;
	s = arena_alloc(p->arena, sizeof(*s));
	*s = (struct server){
		.addr = *addr,
		.paced = p->set.rate > 0,
		.speed = p->set.start,
		.credit = CREDIT,
		.climb = climb_begin(WINDOW),
	};
	table_add(&p->servers, &s->node, hash);
	return p->latest = s;
}

static uint64_t gap(const struct server *s)
{
	return s->paced ? (uint64_t)llround(1e6 / s->speed) : 0;
}

static uint32_t window(const struct pace *p, const struct server *s)
{
	uint32_t worth = climb_window(&s->climb), bears = (uint32_t)s->speed;

	return s->paced ? p->set.window : worth < bears ? worth : bears;
}

/* How long an ask without a reply fills the window. */
static uint64_t patience(const struct server *s)
{
	uint64_t t = s->rtt ? s->rtt * 8 : PATIENCE;

	return t < PATIENCE_LEAST ? PATIENCE_LEAST : t > PATIENCE_MOST ? PATIENCE_MOST : t;
}

/*
 * A blocked port is silent until its time-out, but burdens nobody once a reply would have been
 * there. That is so at once when one has come to an ask that was sent after it, since a server
 * takes its queue in turn.
 */
static void forget_lost(struct server *s, uint64_t now)
{
	uint64_t over = now > patience(s) ? now - patience(s) : 0;
	uint64_t overtaken = s->heard > s->rtt + DISORDER ? s->heard - s->rtt - DISORDER : 0;

	burden_forget(&s->burden, over > overtaken ? over : overtaken);
}

/* Until when the limit of all servers together lets none through. */
static uint64_t all_wait(const struct pace *p, uint64_t now)
{
	if (!p->set.pps || p->all_due <= (double)now + ALL_AHEAD)
		return now;
	return (uint64_t)(p->all_due - ALL_AHEAD) + 1;
}

static void all_sent(struct pace *p, uint64_t now)
{
	if (p->set.pps)
		p->all_due = fmax(p->all_due, (double)now) + (double)SECOND / p->set.pps;
}

uint64_t pace_when(struct pace *p, const struct addr *server, uint64_t now, bool *ret_spent)
{
	struct server *s = server_of(p, server);
	bool spent = p->set.budget && s->sent >= p->set.budget;
	uint64_t ahead = p->set.burst * gap(s), room;
	uint64_t when = s->credit ? now : s->next > ahead ? s->next - ahead : 0;

	if (ret_spent)
		*ret_spent = spent;
	if (spent)
		return UINT64_MAX;
	if (all_wait(p, now) > when)
		when = all_wait(p, now);
	if (s->burden.n >= window(p, s))
		forget_lost(s, now);
	if (s->burden.n < window(p, s))
		return when;
	climb_full(&s->climb);
	room = burden_oldest(&s->burden) + patience(s);
	return room > when ? room : when;
}

void pace_sent(struct pace *p, const struct ask *ask, uint64_t now)
{
	struct server *s = server_of(p, &ask->server);
	uint64_t step = gap(s);

	all_sent(p, now);
	s->sent++;
	s->in_flight++;
	burden_sent(&s->burden, now);
	/* Who comes late by less than a gap makes it good with the next one. */
	if ((s->credit && !p->set.burst) || s->next + step <= now)
		s->next = now;
	s->next += step;
	if (s->credit)
		s->credit--;
	if (roles_expect_reply(ask))
		sample_sent(&s->sample, SAMPLE, now);
	else if (ask->role == ROLE_SWEEP)
		sample_sent(&s->news, NEWS, now);
}

static double least(const struct pace *p, const struct server *s)
{
	if (!s->paced)
		return fmin(WINDOW_LEAST, p->set.window);
	return p->set.rate ? fmin(rate_least, p->set.rate) : rate_least;
}

static bool is_slowest(const struct pace *p, const struct server *s)
{
	return s->speed <= least(p, s);
}

/*
 * Limits remember: what came too fast has to be made good before anything is answered again. A
 * queue that was too long for its buffer is served meanwhile.
 */
static void rest(struct server *s, uint64_t now)
{
	if (!s->paced) {
		s->next = now + PATIENCE_LEAST;
		return;
	}
	s->pause = !s->pause ? PAUSE : s->pause * 2 < PAUSE_MOST ? s->pause * 2 : PAUSE_MOST;
	s->held = now + s->pause;
	s->next = s->held;
	s->credit = 0;
}

/* share: of the speed, that the server seems to bear. */
static void slower(const struct pace *p, struct server *s, double share, uint64_t now)
{
	s->cut = s->raised = now;
	s->doubts = 0;
	s->ceiling = s->speed * fmin(1, fmax(share, share_least) / near_ceiling);
	s->speed = fmax(s->speed * fmin(0.5, fmax(share, share_least)), least(p, s));
	s->here_asked = s->here_lost = 0;
	s->sample = sample_begin(now);
	s->news = sample_begin(now);
	rest(s, now);
}

/*
 * A window is no way to keep below a limit: from now on a rate, below what was answered lately. How
 * far it may rise is not known, nor what is lost at a rate.
 */
static void give_rate(const struct pace *p, struct server *s, uint64_t now)
{
	s->paced = true;
	s->speed = fmax(s->whole, s->whole_before);
	slower(p, s, 1, now);
	s->ceiling = 0;
	s->base_asked = s->base_lost = 0;
	s->news_asked = s->news_lost = 0;
}

/*
 * Doubles until it was too fast once; then comes near that speed, and doubts it by and by, more and
 * more as long as all goes well.
 */
static void faster(const struct pace *p, struct server *s, uint64_t now)
{
	double most = p->set.rate ? p->set.rate : s->paced ? rate_most : p->set.window;
	double near = s->ceiling * near_ceiling;

	s->pause = 0;
	if (s->paced && now < s->raised + SECOND)
		return;
	if (s->ceiling > 0 && s->speed >= near && now >= s->raised + RAISE)
		s->ceiling *= 1 + doubt * ++s->doubts;
	else if (s->ceiling > 0 && s->speed >= near)
		return;
	if (s->ceiling > 0)
		most = fmin(most, fmax(s->ceiling * near_ceiling, s->speed));
	s->speed = fmin(s->speed * 2, most);
	s->raised = now;
}

static double expected(uint32_t lost, uint32_t asked)
{
	return fmax((lost + 1.5) / (asked + 10), loss_least);
}

static void remember(uint32_t *asked, uint32_t *lost, const uint32_t more[2])
{
	*asked += more[0];
	*lost += more[1];
	if (*asked > MEMORY) {
		*asked /= 2;
		*lost /= 2;
	}
}

/*
 * How much of what is sent now the server bears, at most: what is answered beside what was answered
 * in the past, and no less than so few asks allow to say.
 */
static double bearable(const struct server *s)
{
	double answered = stats_rate_upper(s->here_asked - s->here_lost, s->here_asked, sure);

	return fmin(1, answered / (1 - expected(s->base_lost, s->base_asked)));
}

/* Losses that the past does not explain, and a slower speed might: true when it was slowed. */
static bool slow_for_loss(const struct pace *p, struct server *s, double tail, uint64_t now)
{
	/* A limit that was there from the first is all that is known: see whether a rate helps. */
	if (!s->paced && s->here_asked >= 2 * SAMPLE && s->here_lost > mostly * s->here_asked) {
		give_rate(p, s, now);
		return true;
	}
	if (!s->base_asked || tail >= worse || (is_slowest(p, s) && s->paced))
		return false;
	if (is_slowest(p, s))
		give_rate(p, s, now);
	else
		slower(p, s, bearable(s), now);
	return true;
}

/*
 * Samples at one speed add up until they say something. The very first one says what this path
 * loses anyway, and so does one that slowness does not cure.
 */
static void judge_sample(const struct pace *p, struct server *s, uint64_t now)
{
	double tail;

	s->here_asked += s->sample.answered + s->sample.lost;
	s->here_lost += s->sample.lost;
	tail = stats_binomial_tail(
		s->here_lost, s->here_asked, expected(s->base_lost, s->base_asked));
	s->sample = sample_begin(now);
	if (slow_for_loss(p, s, tail, now))
		return;
	if (!s->paced && !s->base_asked && s->here_lost > mostly * s->here_asked)
		return;
	if (tail <= doubtful && s->base_asked && !is_slowest(p, s))
		return;
	remember(&s->base_asked, &s->base_lost, (uint32_t[]){ s->here_asked, s->here_lost });
	s->here_asked = s->here_lost = 0;
	if (tail > doubtful)
		faster(p, s, now);
}

/* So many of a sample are lost already that its rest need not be waited for. */
static bool is_bad_early(const struct server *s)
{
	uint32_t lost = s->here_lost + s->sample.lost;
	uint32_t known = s->here_asked + s->sample.answered + s->sample.lost;

	return s->sample.lost > 1 && s->base_asked &&
	       stats_binomial_tail(lost, known, expected(s->base_lost, s->base_asked)) < early;
}

/*
 * A port under test that replies is good news; silence may be the port's. So they make it faster
 * when most reply and no more than before are silent, but never slower.
 */
static void judge_news(const struct pace *p, struct server *s, uint64_t now)
{
	uint32_t lost = s->news.lost, asked = s->news.answered + lost;
	double share = s->news_asked ? expected(s->news_lost, s->news_asked) : loss_least;
	bool good = share < news_most && stats_binomial_tail(lost, asked, share) > doubtful;
	double here = stats_binomial_tail(s->here_lost + s->sample.lost,
		s->here_asked + s->sample.answered + s->sample.lost,
		expected(s->base_lost, s->base_asked));

	s->news = sample_begin(now);
	remember(&s->news_asked, &s->news_lost, (uint32_t[]){ asked, lost });
	if (good && here > doubtful)
		faster(p, s, now);
}

/* Some of its asks were taken back, or are late beyond hope. */
static bool is_stuck(const struct server *s, const struct sample *m, uint32_t most, uint64_t now)
{
	return m->asked == most && (s->in_flight == 0 || now > m->last + STALE);
}

static void sample_seen(
	const struct pace *p, struct server *s, const struct observation *o, struct pace_times t)
{
	uint64_t now = t.now;

	if (roles_expect_reply(&o->ask) && sample_count(&s->sample, o, t.left) &&
		(sample_complete(&s->sample, SAMPLE) || is_bad_early(s)))
		judge_sample(p, s, now);
	else if (o->ask.role == ROLE_SWEEP && sample_count(&s->news, o, t.left) &&
		 sample_complete(&s->news, NEWS))
		judge_news(p, s, now);
	if (is_stuck(s, &s->sample, SAMPLE, now))
		s->sample = sample_begin(now);
	if (is_stuck(s, &s->news, NEWS, now))
		s->news = sample_begin(now);
}

static bool has_cookie(const struct ask *ask)
{
	const struct shape_option *cookie = shape_find(&ask->shape, EDNS_COOKIE);

	return cookie && cookie->length > COOKIE_HALF;
}

static void count_whole(struct server *s, uint64_t now)
{
	uint64_t second = now / SECOND;

	if (second != s->second) {
		s->whole_before = second == s->second + 1 ? s->whole : 0;
		s->whole = 0;
		s->second = second;
	}
	s->whole++;
}

/*
 * Response rate limiting answers with TC, BADCOOKIE or REFUSED in place of silence. A server that
 * never answered this question otherwise means what it says.
 */
static void reply_seen(
	const struct pace *p, struct server *s, const struct observation *o, struct pace_times t)
{
	uint64_t rtt = observation_rtt(o);
	bool limited = limited_looks(o);

	s->rtt = s->rtt ? (s->rtt * 7 + rtt) / 8 : rtt;
	climb_reply(&s->climb,
		(struct climb_reply){ s->paced ? 0 : (uint32_t)s->speed, s->rtt, t.now });
	if (t.left > s->heard)
		s->heard = t.left;
	if (!limited && (roles_of_sweep(&o->ask) || o->ask.role == ROLE_SHAPE))
		count_whole(s, t.now);
	/* Of shapes the probe itself keeps below a limit: it knows what each is answered with. */
	if (!roles_of_sweep(&o->ask))
		return;
	if (!limited && !s->exempt && has_cookie(&o->ask)) {
		s->exempt = true;
		s->ceiling = 0;
	}
	if (!limited_is_sign(&s->limited, o) || t.left < s->cut)
		return;
	if (s->paced)
		slower(p, s, 1, t.now);
	else
		give_rate(p, s, t.now);
}

void pace_seen(struct pace *p, const struct observation *o, struct pace_times t)
{
	struct server *s = server_of(p, &o->ask.server);

	if (o->outcome == OUTCOME_LATE || o->outcome == OUTCOME_STRAY)
		return;
	if (s->in_flight)
		s->in_flight--;
	burden_seen(&s->burden, t.left);
	if (o->outcome == OUTCOME_NOT_SENT) {
		/* It has cost the server nothing. */
		s->sent -= s->sent > 0;
		s->next = s->held > t.now ? s->held : t.now;
		if (roles_expect_reply(&o->ask) && s->sample.asked)
			s->sample.asked--;
		if (o->ask.role == ROLE_SWEEP && s->news.asked)
			s->news.asked--;
		return;
	}
	if (observation_answered(o) || o->outcome == OUTCOME_CONNECTED)
		reply_seen(p, s, o, t);
	sample_seen(p, s, o, t);
}

struct pace_stats pace_stats(struct pace *p, const struct addr *server)
{
	const struct server *s = server_of(p, server);

	return (struct pace_stats){
		.sent = s->sent, .in_flight = s->in_flight, .rate = s->paced ? s->speed : 0
	};
}
