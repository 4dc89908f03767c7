/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Walks lookups along their tries: what may happen at each, and when. */
#include "infer/servfail.h"

#include <math.h>
#include <string.h>

#include "base/err.h"
#include "infer/servfail_walk.h"

enum {
	LOOKUPS = 4000,
	LOOKUPS_MOST = 100000,
	BATCHES = 40, /* neighbouring lookups depend on each other: the error is that of batches */
	FIRST = 10,   /* one of so many lookups is drawn before those that count */
	WAYS = 256,   /* that one lookup is followed along, where a reply leads on */
	LIVES = 33,   /* shares of ports drawn for life that stand for all */
};
#define HEAVY	  (1.0 / 64) /* a way that is as likely is always walked */
#define LIGHT	  (1.0 / 16) /* one of so many of the others, at least */
#define LOST	  1e-15	     /* a chance that is none */
#define WAIT_MOST (86400 * SERVFAIL_S)
#define DAY	  86400.0
#define SPREAD	  5.0 /* standard deviations that LIVES cover */

struct sums {
	double servfail, timeout, answered, delay, tries, down;
	uint32_t ways; /* that were walked of one lookup, beside the first */
};

/*
 * Chance of each part of the ports that servers tell apart: part i is what the i smallest filters
 * leave and the others drop. Exact for nested filters, whatever is lost besides.
 */
struct parts {
	uint32_t n;
	double from[SERVFAIL_SERVERS + 1], weight[SERVFAIL_SERVERS + 1];
};

static void parts_fill(struct parts *p, const struct servfail_case *c)
{
	p->n = 0;
	for (double at = 0; at < 1;) {
		double next = 1;

		for (uint32_t i = 0; i < c->n; i++)
			if (c->servers[i].blocked > at && c->servers[i].blocked < next)
				next = c->servers[i].blocked;
		p->from[p->n] = at;
		p->weight[p->n++] = next - at;
		at = next;
	}
}

/* The chance that the server does not answer, and what the ports are likely to be then. */
static double parts_miss(struct parts *p, const struct servfail_server *s)
{
	double q = 0;

	for (uint32_t i = 0; i < p->n; i++) {
		p->weight[i] *= p->from[i] < s->blocked ? 1 : s->loss;
		q += p->weight[i];
	}
	for (uint32_t i = 0; q > 0 && i < p->n; i++)
		p->weight[i] /= q;
	return q;
}

/* The try leaves from a port that none before it had. */
static bool is_fresh(const struct servfail_walk *w, const struct servfail_try *t)
{
	switch (w->row->reuse) {
	case SERVFAIL_WHILE_SERVER: return !w->sent || w->asked != t->server;
	case SERVFAIL_PER_SERVER: return !w->tried[t->server].tries;
	case SERVFAIL_PER_LOOKUP: return !w->sent;
	default: return true;
	}
}

/* Which of the ports under way it leaves from. */
static uint32_t socket_of(const struct servfail_walk *w, const struct servfail_try *t)
{
	return w->row->reuse == SERVFAIL_PER_SERVER ? t->server : 0;
}

static uint64_t round_trip(const struct servfail_walk *w, const struct servfail_try *t)
{
	/* Over TCP the handshake comes first. */
	return (uint64_t)w->c->servers[t->server].rtt * (t->tcp && !t->connected ? 2 : 1);
}

static bool too_late(const struct servfail_walk *w, const struct servfail_try *t)
{
	return !t->late && round_trip(w, t) > t->wait;
}

/*
 * When the client hears what is known at a time; UINT64_MAX: never. Each of its tries hears what
 * the software says to it, and one that comes later finds it known.
 */
static uint64_t heard(const struct servfail_case *c, uint64_t known)
{
	for (uint32_t k = 0; k < c->client_tries; k++) {
		uint64_t asked = k * c->patience;

		if (known <= asked)
			return asked;
		if (known - asked <= c->patience && known - asked <= c->silent_after)
			return known;
	}
	return UINT64_MAX;
}

/* After it nothing that becomes known is heard. */
static uint64_t last_word(const struct servfail_case *c)
{
	uint64_t asked = (c->client_tries - 1) * c->patience;

	return asked + (c->silent_after < c->patience ? c->silent_after : c->patience);
}

static uint64_t horizon(const struct servfail_case *c)
{
	return c->client_tries * c->patience;
}

static void begin(struct servfail_walk *w)
{
	w->now = 0;
	w->round = w->turns = w->sent = w->silences = w->last = 0;
	w->again = w->tcp = w->udp = w->partial = false;
	w->lost = 0;
	memset(w->tried, 0, sizeof(w->tried));
	w->row->make->begin(w);
}

static bool next(struct servfail_walk *w, struct servfail_try *t)
{
	return w->sent < SERVFAIL_STEPS && w->row->make->next(w, t);
}

static void sent(struct servfail_walk *w, const struct servfail_try *t)
{
	w->sent++;
	w->asked = t->server;
	w->tried[t->server].tries++;
}

static void silent(struct servfail_walk *w, const struct servfail_try *t)
{
	w->now += t->wait;
	w->silences++;
	w->tried[t->server].silent++;
	w->row->make->silent(w, t);
}

static void replied(struct servfail_walk *w, const struct servfail_try *t)
{
	w->now += round_trip(w, t);
	w->row->make->answered(w, t);
}

/* The chance that a try meets silence; p: what is known of the ports under way. */
static double miss(const struct servfail_walk *w, const struct servfail_try *t, struct parts *p)
{
	const struct servfail_server *s = &w->c->servers[t->server];

	double q;

	if (t->tcp)
		return too_late(w, t) ? 1 : t->connected ? 0 : s->tcp_blocked;
	p += socket_of(w, t);
	if (!p->n || is_fresh(w, t))
		parts_fill(p, w->c);
	q = parts_miss(p, s);
	return too_late(w, t) ? 1 : q;
}

static void add_answer(const struct servfail_walk *w, struct sums *sum,
	const struct servfail_try *t, double chance)
{
	uint64_t at = heard(w->c, w->now + round_trip(w, t));

	if (at == UINT64_MAX) {
		sum->timeout += chance;
		return;
	}
	sum->answered += chance;
	sum->delay += chance * (double)(at - w->c->servers[t->server].rtt);
}

static void walk_silence(struct servfail_walk *w, struct sums *sum, double alive);

/* The way on from a reply that is no answer; of many unlikely ones a few, for more each. */
static void walk_reply(
	struct servfail_walk *w, struct sums *sum, const struct servfail_try *t, double chance)
{
	double walked = fmin(1, fmax(chance / HEAVY, LIGHT));
	struct servfail_walk other = *w;

	if (chance <= 0 || rng_unit(&w->rng) >= walked)
		return;
	sum->ways++;
	other.rng = rng_seed(rng_u64(&w->rng));
	replied(&other, t);
	walk_silence(&other, sum, chance / walked);
}

/*
 * One lookup where all tries meet silence, each with the chance that it gets so far. Where a reply
 * leads on instead of ending it, both ways are walked; when there were too many, one is drawn.
 */
static void walk_silence(struct servfail_walk *w, struct sums *sum, double alive)
{
	struct servfail_try t;
	struct parts p[SERVFAIL_SERVERS] = { 0 };

	while (alive > LOST && w->now < last_word(w->c) && next(w, &t)) {
		double q = miss(w, &t, p);

		sum->tries += alive;
		sent(w, &t);
		if (!t.partial) {
			add_answer(w, sum, &t, alive * (1 - q));
			alive *= q;
		} else if (sum->ways < WAYS) {
			walk_reply(w, sum, &t, alive * (1 - q));
			alive *= q;
		} else if (rng_unit(&w->rng) >= q) {
			replied(w, &t);
			continue;
		}
		silent(w, &t);
	}
	if (!w->row->mute && w->now < last_word(w->c) && heard(w->c, w->now) != UINT64_MAX)
		sum->servfail += alive;
	else
		sum->timeout += alive;
}

/* One lookup as it may go, for what the software learns by it. */
static void walk_luck(struct servfail_walk *w)
{
	const struct servfail_case *c = w->c;
	struct servfail_try t;
	double port[SERVFAIL_SERVERS] = { 0 };
	uint64_t end = UINT64_MAX;

	begin(w);
	while (next(w, &t)) {
		const struct servfail_server *s = &c->servers[t.server];
		bool missed;

		if (!t.tcp && is_fresh(w, &t))
			port[socket_of(w, &t)] = rng_unit(&w->rng);
		missed = t.tcp ? !t.connected && rng_unit(&w->rng) < s->tcp_blocked
			       : port[socket_of(w, &t)] < s->blocked || rng_unit(&w->rng) < s->loss;
		sent(w, &t);
		if (missed || too_late(w, &t)) {
			silent(w, &t);
			continue;
		}
		replied(w, &t);
		if (!t.partial)
			break;
	}
	end = heard(c, w->now);
	w->began += (end == UINT64_MAX ? horizon(c) : end) + c->gap;
}

/* All lookups of a case whose zeros are filled in, added up as shares. */
static double add_up(
	const struct servfail_case *c, const struct servfail_row *row, struct sums *sum)
{
	struct servfail_walk w = {
		.c = c,
		.row = row,
		.rng = rng_seed(c->seed),
		.began = SERVFAIL_S,
		.parent_known = !c->cold,
	};
	const struct servfail_walk unknowing = w;
	uint32_t batch = c->lookups / BATCHES, n = row->make->draws ? batch * BATCHES : 1;
	double failed = 0, squares = 0;

	for (uint32_t i = 0; row->make->draws && !c->cold && i < n / FIRST; i++)
		walk_luck(&w);
	for (uint32_t i = 0; i < n; i++) {
		struct servfail_walk copy = w;

		/* The walk must not know what the lookup will draw. */
		copy.rng = rng_seed(rng_u64(&w.rng));
		begin(&copy);
		sum->ways = 0;
		walk_silence(&copy, sum, 1);
		sum->down += !copy.sent;
		if (row->make->draws && (i + 1) % batch == 0) {
			double mean = (sum->servfail + sum->timeout - failed) / batch;

			failed = sum->servfail + sum->timeout;
			squares += mean * mean;
		}
		if (c->cold) {
			copy = unknowing;
			copy.rng = w.rng;
			w = copy;
		} else if (row->make->draws) {
			walk_luck(&w);
		}
	}
	sum->servfail /= n;
	sum->timeout /= n;
	sum->answered /= n;
	sum->delay /= n;
	sum->tries /= n;
	sum->down /= n;
	if (!row->make->draws)
		return 0;
	failed = sum->servfail + sum->timeout;
	squares = squares / BATCHES - failed * failed;
	return squares > 0 ? sqrt(squares / (BATCHES - 1)) : 0;
}

/* ln of the chance of k of n at p. */
static double log_binomial(double n, double k, double p)
{
	return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) + k * log(p) + (n - k) * log1p(-p);
}

/*
 * The mean over what may have been drawn for life: each number of blocked ports where they are few,
 * else LIVES numbers around the expected one.
 */
static double add_lives(
	const struct servfail_case *c, const struct servfail_row *row, struct sums *sum)
{
	double most = 0, n = c->life, total = 0, error = 0, sd, from, step;

	for (uint32_t i = 0; i < c->n; i++)
		most = fmax(most, c->servers[i].blocked);
	if (!c->life || most <= 0 || most >= 1)
		return add_up(c, row, sum);
	sd = sqrt(n * most * (1 - most));
	from = n < LIVES ? 0 : fmax(0, floor(n * most - SPREAD * sd));
	step = n < LIVES ? 1 : fmax(1, floor(2 * SPREAD * sd / LIVES));
	for (double k = from; k <= n && k <= fmax(n * most + SPREAD * sd, LIVES); k += step) {
		struct servfail_case one = *c;
		struct sums s = { 0 };
		double weight = exp(log_binomial(n, k, most)), e;

		for (uint32_t i = 0; i < c->n; i++)
			one.servers[i].blocked *= k / n / most;
		e = add_up(&one, row, &s);
		total += weight;
		error += weight * e;
		sum->servfail += weight * s.servfail;
		sum->timeout += weight * s.timeout;
		sum->answered += weight * s.answered;
		sum->delay += weight * s.delay;
		sum->tries += weight * s.tries;
		sum->down += weight * s.down;
	}
	sum->servfail /= total;
	sum->timeout /= total;
	sum->answered /= total;
	sum->delay /= total;
	sum->tries /= total;
	sum->down /= total;
	return error / total;
}

static bool is_share(double x)
{
	return x >= 0 && x <= 1;
}

static bool is_sound(const struct servfail_case *c)
{
	bool good = c->software && c->n && c->n <= SERVFAIL_SERVERS &&
		    c->client_tries <= SERVFAIL_TRIES && c->lookups <= LOOKUPS_MOST &&
		    c->patience <= WAIT_MOST && c->gap <= WAIT_MOST;

	for (uint32_t i = 0; good && i < c->n; i++)
		good = is_share(c->servers[i].blocked) && is_share(c->servers[i].loss) &&
		       is_share(c->servers[i].tcp_blocked);
	return good;
}

static double hit_of(double share, uint32_t life)
{
	return life ? 1 - pow(1 - share, life) : share;
}

int servfail_predict(const struct servfail_case *c, struct servfail_result *ret)
{
	const struct servfail_row *row;
	struct servfail_case full = *c;
	struct sums sum = { 0 };
	double most = 0, error;

	if (!is_sound(c))
		return -ERR_USAGE;
	row = servfail_row_of(c->software, c->version);
	if (!row)
		return -ERR_NONE;
	full.patience = c->patience ? c->patience : 5 * SERVFAIL_S;
	full.client_tries = c->client_tries ? c->client_tries : 1;
	full.silent_after = c->silent_after ? c->silent_after : row->silent_after;
	full.silent_after = full.silent_after ? full.silent_after : SERVFAIL_NEVER;
	full.gap = c->gap ? c->gap : SERVFAIL_S;
	full.life = c->life ? c->life : row->life;
	full.lookups = c->lookups < BATCHES ? LOOKUPS : c->lookups;
	for (uint32_t i = 0; i < c->n; i++)
		most = fmax(most, c->servers[i].blocked);
	error = add_lives(&full, row, &sum);
	*ret = (struct servfail_result){
		.exact = !row->make->draws,
		.assumed = row->assumed || !c->version,
		.since = row->from,
		.servfail = sum.servfail,
		.timeout = sum.timeout,
		.fail = sum.servfail + sum.timeout,
		.error = error,
		.delay = sum.answered > 0 ? sum.delay / sum.answered : 0,
		.tries = sum.tries,
		.down = sum.down,
		.hit = hit_of(most, full.life),
	};
	return 0;
}

struct servfail_share servfail_exposed(const struct pool *pool, const struct portset *blocked)
{
	struct servfail_share r = { 0 };
	struct portset both = *pool->ports;

	portset_and(&both, blocked);
	r.ports = portset_count(pool->ports);
	r.blocked = portset_count(&both);
	r.share = r.ports ? (double)r.blocked / r.ports : 0;
	r.hit = hit_of(r.share, pool->life);
	return r;
}

double servfail_per_day(const struct servfail_result *r, double rate)
{
	return r->fail * rate * DAY;
}
