/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two flows with rising TTLs, no faster than routers answer. */
#include "probe/path.h"

#include <assert.h>

enum {
	LEAST = 3,
	REACH = 6, /* TTLs tried at once before the distance is known */
	REACH_STEP = 4,
	SILENT_MOST = 8,       /* hops in a row that say nothing, then nothing is expected beyond */
	GIVE_UP = 3,	       /* tries of the open flow at a hop that is silent… */
	GIVE_UP_LOSSY = 6,     /* … where other hops lose some */
	BURST = 5,	       /* of a router's six messages: one is left for others */
	PORT_TRIES = 8,	       /* when a drawn port is in use */
	DYNAMIC_FIRST = 49152, /* RFC 6335 6: dynamic ports */
};

#define REFILL	      1050000 /* µs a message, somewhat more than a router's second */
#define PACE	      250000  /* µs between tries of one flow at one hop */
#define APART	      40000   /* µs between the two flows at one hop */
#define GROW	      200000  /* µs until more TTLs are tried */
#define TIMEOUT	      1000000 /* µs: no path is longer, but for a geostationary hop there and back */
#define ALONE	      2000000 /* µs after which an error can be about no other ask (net/quote.h) */
#define LONGEST	      12000000 /* µs of a whole trace */
#define TIMEOUT_LEAST 500000   /* µs of a blocked flow's ask */
/* The chance of an error at which no more is asked; infer/path says a break at 0.01. */
#define ENOUGH 0.005

enum flow { FLOW_OPEN, FLOW_BLOCKED, FLOWS };

struct pacer {
	double tokens;
	uint64_t at;
	uint64_t last[FLOWS]; /* when it was asked; 0: never */
	uint32_t asked[FLOWS];
};

struct path {
	struct probe probe;
	struct path_plan plan;
	struct path_result known;
	struct pacer hop[PATH_HOPS + 1];
	unsigned int reach, tries, asked;
	uint64_t began, grown;
	size_t flying[FLOWS];
	uint64_t unanswered[FLOWS]; /* when the last ask left that got no reply */
	uint16_t open;
	unsigned int ports_tried;
	bool alone; /* routers quote too little: one ask of a flow at a time */
	bool finished;
};

static void draw_port(struct path *p)
{
	do {
		p->open = (uint16_t)(DYNAMIC_FIRST +
				     rng_below(&p->plan.rng, UINT16_MAX - DYNAMIC_FIRST + 1));
	} while (p->open == p->plan.blocked);
	p->ports_tried++;
}

static unsigned int last_heard(const struct path *p)
{
	for (unsigned int t = p->reach; t > 0; t--)
		if (p->known.hop[t].open.received)
			return t;
	return 0;
}

/* As long as the end is not in sight and something speaks on the way there. */
static bool may_grow(const struct path *p)
{
	return !p->known.distance && p->reach < PATH_HOPS && p->reach < last_heard(p) + SILENT_MOST;
}

/* More TTLs. */
static void grow(struct path *p, uint64_t now)
{
	if (!may_grow(p) || now < p->grown + GROW)
		return;
	p->grown = now;
	p->reach += REACH_STEP;
	if (p->reach > PATH_HOPS)
		p->reach = PATH_HOPS;
}

/* Messages that this trace may have of a router at once. */
static unsigned int burst(const struct path *p)
{
	return BURST / p->plan.share;
}

static void begin(struct probe *probe, uint64_t now)
{
	struct path *p = (struct path *)probe;

	p->began = p->grown = now;
	for (unsigned int t = 0; t <= PATH_HOPS; t++)
		p->hop[t] = (struct pacer){ .tokens = burst(p), .at = now };
}

/* One try in ten of the open flow, or more, is lost at hops that do speak. */
static bool lossy(const struct path *p)
{
	uint32_t sent = 0, received = 0;

	for (unsigned int t = 1; t <= p->reach; t++) {
		const struct path_flow *f = &p->known.hop[t].open;

		sent += f->received ? f->sent : 0;
		received += f->received;
	}
	return received * 10 < sent * 9;
}

static unsigned int give_up(const struct path *p)
{
	return lossy(p) ? GIVE_UP_LOSSY : GIVE_UP;
}

/* Does the open flow still have to be asked for at this hop? */
static bool needs_open(const struct path *p, unsigned int t)
{
	const struct path_hop *h = &p->known.hop[t];
	const struct pacer *pace = &p->hop[t];
	unsigned int most = h->open.received ? p->plan.least : give_up(p);

	if (pace->asked[FLOW_OPEN] < most)
		return true;
	/* Where the break seems to be, the flows keep step. */
	return p->plan.blocked && t == p->known.before && p->known.hidden > ENOUGH &&
	       pace->asked[FLOW_OPEN] <= pace->asked[FLOW_BLOCKED];
}

/* A router that rejects spends its messages on that, and has none left for hops below. */
static bool rejected(const struct path *p)
{
	for (unsigned int t = 1; t <= p->reach; t++)
		if (p->known.hop[t].blocked.rejected)
			return true;
	return false;
}

/* Only where the open flow is heard, and not where it would be of no use. */
static bool needs_blocked(const struct path *p, unsigned int t)
{
	const struct path_hop *h = &p->known.hop[t];
	const struct pacer *pace = &p->hop[t];

	if (!p->plan.blocked || !h->open.received || h->blocked.rejected ||
		((p->alone || rejected(p)) && p->known.before && t > p->known.before) ||
		pace->asked[FLOW_BLOCKED] >= pace->asked[FLOW_OPEN] + 1)
		return false;
	if (pace->asked[FLOW_BLOCKED] < p->plan.least)
		return true;
	return t == p->known.before && p->known.hidden > ENOUGH;
}

static bool needs(const struct path *p, unsigned int t, enum flow f)
{
	if (p->known.distance && t > p->known.distance)
		return false;
	return f == FLOW_OPEN ? needs_open(p, t) : needs_blocked(p, t);
}

/* When that hop may be asked by that flow. */
static uint64_t when(const struct path *p, unsigned int t, enum flow f)
{
	const struct pacer *h = &p->hop[t];
	uint64_t at = h->at;

	if (h->tokens < 1)
		at += (uint64_t)((1 - h->tokens) * REFILL * p->plan.share);
	if (h->last[f] && h->last[f] + PACE > at)
		at = h->last[f] + PACE;
	if (h->last[!f] && h->last[!f] + APART > at)
		at = h->last[!f] + APART;
	if (p->alone && p->unanswered[f] && p->unanswered[f] + ALONE > at)
		at = p->unanswered[f] + ALONE;
	return at;
}

static void take_token(struct path *p, struct pacer *h, uint64_t now)
{
	h->tokens += (double)(now - h->at) / ((double)REFILL * p->plan.share);
	if (h->tokens > burst(p))
		h->tokens = burst(p);
	h->tokens -= 1;
	h->at = now;
}

/* A blocked flow's reply comes as fast as the open one's, or not at all. */
static uint32_t timeout(const struct path *p, unsigned int t, enum flow f)
{
	uint64_t enough = 4 * p->known.hop[t].open.worst;

	if (enough < TIMEOUT_LEAST)
		enough = TIMEOUT_LEAST;
	return f == FLOW_BLOCKED && enough < p->plan.timeout ? (uint32_t)enough : p->plan.timeout;
}

static void make_ask(struct path *p, struct ask *ret, unsigned int t, enum flow f)
{
	struct pacer *h = &p->hop[t];
	uint16_t port = f == FLOW_OPEN ? p->open : p->plan.blocked;

	*ret = (struct ask){
		.owner = &p->probe,
		.tag = (uint64_t)t << 32 | h->asked[f],
		.server = p->plan.server,
		.source = addr_with_port(p->plan.source, port),
		.ttl = (uint8_t)t,
		.brief = true,
		.timeout = timeout(p, t, f),
		.question = p->plan.question,
		.shape = p->plan.shape,
		.zone = p->plan.zone,
		.role = f == FLOW_OPEN ? ROLE_PATH_STEADY : ROLE_PATH,
	};
	h->asked[f]++;
	p->asked++;
	p->flying[f]++;
}

struct turn {
	unsigned int ttl;
	enum flow flow;
	uint64_t at;
};

/* The hop and flow whose turn comes first; ttl 0: none needs anything. */
static struct turn next_turn(const struct path *p)
{
	struct turn best = { 0, FLOW_OPEN, PROBE_NO_WAKE };

	for (unsigned int t = 1; t <= p->reach; t++)
		for (enum flow f = FLOW_OPEN; f < FLOWS; f++) {
			uint64_t at;

			if (!needs(p, t, f) || (p->alone && p->flying[f]))
				continue;
			at = when(p, t, f);
			if (at < best.at)
				best = (struct turn){ t, f, at };
		}
	return best;
}

static enum want want(struct probe *probe, uint64_t now, struct ask *ret_ask, uint64_t *ret_wake)
{
	struct path *p = (struct path *)probe;
	bool flying = p->flying[FLOW_OPEN] || p->flying[FLOW_BLOCKED];
	struct turn turn;

	*ret_wake = PROBE_NO_WAKE;
	if (now >= p->began + LONGEST)
		p->finished = true;
	if (p->finished)
		return flying ? WANT_WAIT : WANT_DONE;
	grow(p, now);
	turn = next_turn(p);
	if (turn.ttl && turn.at <= now) {
		take_token(p, &p->hop[turn.ttl], now);
		p->hop[turn.ttl].last[turn.flow] = now;
		make_ask(p, ret_ask, turn.ttl, turn.flow);
		return WANT_ASK;
	}
	if (turn.ttl)
		*ret_wake = turn.at;
	if (may_grow(p) && p->grown + GROW < *ret_wake)
		*ret_wake = p->grown + GROW;
	if (*ret_wake == PROBE_NO_WAKE && !flying)
		p->finished = true;
	return p->finished ? WANT_DONE : WANT_WAIT;
}

/* A drawn port may be in use; of anything else a trace cannot be made. */
static void unsendable(struct path *p, const struct observation *o)
{
	if (o->ask.role == ROLE_PATH_STEADY &&
		(o->why == WHY_PORT_IN_USE || o->why == WHY_PORT_WAITS) && !p->plan.open &&
		p->ports_tried < PORT_TRIES) {
		if (o->ask.source.port == p->open)
			draw_port(p);
		p->hop[o->ask.ttl].asked[FLOW_OPEN]--;
		return;
	}
	p->finished = true;
}

static void reply(struct probe *probe, const struct observation *o, uint64_t now)
{
	struct path *p = (struct path *)probe;
	enum flow f = o->ask.role == ROLE_PATH ? FLOW_BLOCKED : FLOW_OPEN;

	(void)now;
	path_add(&p->known, o);
	path_judge(&p->known);
	p->alone |= o->outcome == OUTCOME_STRAY && o->why == WHY_STRAY_ICMP;
	if (o->outcome == OUTCOME_LATE || o->outcome == OUTCOME_STRAY)
		return;
	assert(p->flying[f] > 0);
	p->flying[f]--;
	if (o->outcome == OUTCOME_NOT_SENT)
		unsendable(p, o);
	else if (observation_silent(o) && o->sent > p->unanswered[f])
		p->unanswered[f] = o->sent;
}

static void recall(struct probe *probe, const struct observation *o)
{
	struct path *p = (struct path *)probe;

	p->finished = true;
	if (o)
		path_add(&p->known, o);
	else
		path_judge(&p->known);
}

static void progress(const struct probe *probe, struct progress *ret)
{
	const struct path *p = (const struct path *)probe;

	*ret = (struct progress){ .phase = "path", .asked = p->asked };
}

static const struct probe_ops ops = {
	.begin = begin,
	.want = want,
	.reply = reply,
	.progress = progress,
	.recall = recall,
};

struct path *path_new(struct arena *a, const struct path_plan *plan)
{
	struct path *p = arena_alloc(a, sizeof(*p));

	p->probe.ops = &ops;
	p->plan = *plan;
	p->known.server = plan->server;
	p->known.blocked_port = plan->blocked;
	p->reach = REACH;
	p->open = plan->open;
	if (!p->plan.least)
		p->plan.least = LEAST;
	if (!p->plan.share || p->plan.share > BURST)
		p->plan.share = p->plan.share ? BURST : 1;
	if (!p->plan.timeout || p->plan.timeout > TIMEOUT)
		p->plan.timeout = TIMEOUT;
	if (!p->open)
		draw_port(p);
	return p;
}

struct probe *path_probe(struct path *p)
{
	return &p->probe;
}

const struct path_result *path_known(const struct path *p)
{
	return &p->known;
}
