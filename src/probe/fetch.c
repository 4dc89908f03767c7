// SPDX-License-Identifier: GPL-3.0-or-later
// Passes over the ledger, and in between the asks that the last one found missing.
#include "probe/fetch.h"

#include "base/err.h"
#include "base/stats.h"
#include "base/vec.h"

enum {
	TRIES = 3,
	TRIES_TCP = 2,
	TRIES_LOSSY = 16, /* at most; see tries_lossy */
	LOSSY = 2,	  /* lost packets that show a lossy server … */
	LOSSY_SHARE = 20, /* … when they are one in so many */
	MOST = 4096,
	MOST_ASIDE = 512,
	MOST_BYTES = 256 << 20,
	TIMEOUT = 2000000,   /* µs, as all below */
	PASS_GAP = 2000,     /* between two passes: replies are taken in together */
	OVERDUE = 250000,    /* an ask that is as old is slow */
	WAIT_LEAST = 500000, /* for a reply of a server with a known RTT … */
	RTTS = 5,	     /* … or so many of these */
	PAUSE = 500000,	     /* before a second try where something said no at once */
	CANARIES =
		2, /* questions to a server without any reply that are asked again all the same */
	PATIENCE = 6, /* silent tries to a server without any reply until the others are not */
};

/* For a reply of a server that never gave one, by the number of tries before. Unbound 1.17 begins
 * with 376 ms, BIND 9.18 with 800 ms; three of these stay below four seconds. */
static const uint32_t waits[TRIES] = { 700000, 1000000, 1400000 };

struct fetch {
	struct probe probe;
	struct arena *arena;
	struct fetch_plan plan;
	struct VEC(struct ledger_slot *) queue;
	size_t head; /* of queue */
	struct VEC(struct ledger_slot *) flying;
	size_t slots, asides, asked;
	uint64_t next_pass;
	bool dirty;	     /* something changed since the last pass */
	const char *overran; /* which bound was met; NULL: none */
};

static void enqueue(struct fetch *f, struct ledger_slot *s)
{
	vec_push(f->arena, &f->queue, s);
}

static const char no_memory[] = "the replies so far take all the memory that one run may use";

/* The bound that forbids one more question; NULL: none. */
static const char *bound(const struct fetch *f, const struct ledger_slot *s)
{
	if (f->slots >= f->plan.most)
		return "they would be more than one run may send";
	if (s->aside && f->asides >= f->plan.most_aside)
		return "the look-ups that the zone leads to are more than one run may send";
	if (arena_used(f->arena) >= f->plan.most_bytes)
		return no_memory;
	return NULL;
}

static void collect(struct fetch *f)
{
	struct ledger_slot *s;

	while ((s = ledger_wanted(f->plan.ledger))) {
		const char *met = bound(f, s);

		if (met) {
			f->overran = f->overran ? f->overran : met;
			f->dirty = true; /* who asked need not wait any more */
			s->state = SLOT_DONE;
			continue;
		}
		f->slots++;
		f->asides += s->aside;
		enqueue(f, s);
	}
}

static void pass(struct fetch *f, uint64_t now)
{
	f->dirty = false;
	f->next_pass = now + PASS_GAP;
	f->plan.pass(f->plan.user);
	collect(f);
}

/* The next slot that may be sent now; *ret_wake: when the first of the delayed ones may. */
static struct ledger_slot *next(struct fetch *f, uint64_t now, uint64_t *ret_wake)
{
	for (size_t i = f->head; i < f->queue.n; i++) {
		struct ledger_slot *s = f->queue.v[i];

		if (s->state == SLOT_PENDING && s->not_before > now) {
			if (s->not_before < *ret_wake)
				*ret_wake = s->not_before;
			continue;
		}
		for (; i > f->head; i--)
			f->queue.v[i] = f->queue.v[i - 1];
		f->head++;
		if (s->state == SLOT_PENDING && !s->host->unsendable)
			return s;
		s->state = SLOT_DONE;
		f->dirty = true;
		i = f->head - 1;
	}
	return NULL;
}

/* Marks what has become slow; *ret_wake: when the next one will. */
static void mark_overdue(struct fetch *f, uint64_t now, uint64_t *ret_wake)
{
	for (size_t i = 0; i < f->flying.n; i++) {
		struct ledger_slot *s = f->flying.v[i];
		uint64_t at = s->since + OVERDUE;

		if (s->overdue)
			continue;
		if (at <= now)
			s->overdue = f->dirty = true;
		else if (at < *ret_wake)
			*ret_wake = at;
	}
}

static uint32_t wait_for(const struct fetch *f, const struct ledger_slot *s)
{
	uint64_t wait = waits[s->tries < TRIES ? s->tries : TRIES - 1];

	if (s->host->rtt) {
		wait = s->host->rtt * RTTS;
		if (wait < WAIT_LEAST)
			wait = WAIT_LEAST;
	}
	return (uint32_t)(wait < f->plan.timeout ? wait : f->plan.timeout);
}

static void launch(struct fetch *f, struct ledger_slot *s, struct ask *ret)
{
	*ret = (struct ask){
		.owner = &f->probe,
		.tag = s->number,
		.server = s->host->addr,
		.source = f->plan.source,
		.transport = (uint8_t)s->transport,
		.role = ROLE_TREE,
		.timeout = wait_for(f, s),
		.question = s->question,
		.shape = *s->shape,
		.zone = s->zone,
	};
	s->tries++;
	f->asked++;
	vec_push(f->arena, &f->flying, s);
}

static void begin(struct probe *p, uint64_t now)
{
	struct fetch *f = (struct fetch *)p;

	f->dirty = true;
	f->next_pass = now;
}

static enum want want(struct probe *p, uint64_t now, struct ask *ret_ask, uint64_t *ret_wake)
{
	struct fetch *f = (struct fetch *)p;

	for (;;) {
		struct ledger_slot *s;
		uint64_t wake = PROBE_NO_WAKE;

		s = next(f, now, &wake);
		if (s) {
			if (!s->tries)
				s->since = now;
			launch(f, s, ret_ask);
			return WANT_ASK;
		}
		mark_overdue(f, now, &wake);
		/* With nothing in flight there is nothing to wait for. */
		if (f->dirty && (now >= f->next_pass || !f->flying.n)) {
			pass(f, now);
			continue;
		}
		if (f->dirty && f->next_pass < wake)
			wake = f->next_pass;
		*ret_wake = wake;
		return f->flying.n || wake != PROBE_NO_WAKE ? WANT_WAIT : WANT_DONE;
	}
}

static void land(struct fetch *f, const struct ledger_slot *s)
{
	for (size_t i = 0; i < f->flying.n; i++)
		if (f->flying.v[i] == s) {
			f->flying.v[i] = f->flying.v[--f->flying.n];
			return;
		}
}

/* Packets to it, or from it, get lost: its silence says less than that of others. */
static bool lossy(const struct ledger_host *h)
{
	return h->lost >= LOSSY && h->lost * LOSSY_SHARE >= h->replies;
}

/*
 * As many as its loss leaves silent once in a million questions: a run asks hundreds, and one reply
 * that never came looks like a server that treats one spelling of a name, say, differently.
 */
static unsigned int tries_lossy(const struct ledger_host *h)
{
	double loss = stats_rate_upper(h->lost, (uint64_t)h->lost + h->replies, 0.9);
	unsigned int n = stats_silences(loss > 0.9 ? 0.9 : loss, 1e-6);

	return n < TRIES_LOSSY ? n : TRIES_LOSSY;
}

/*
 * How often this one is asked while it is silent. A server that never said anything hears each
 * question once, and two of them again; when it speaks after all, so do the others (revive).
 */
static unsigned int limit(const struct fetch *f, struct ledger_slot *s)
{
	struct ledger_host *h = s->host;
	unsigned int tries = s->transport == TRANSPORT_TCP && f->plan.tries > TRIES_TCP
				     ? TRIES_TCP
				     : f->plan.tries;

	if (h->replies && lossy(h) && s->transport != TRANSPORT_TCP) {
		unsigned int most = tries_lossy(h);

		return f->plan.tries > most ? f->plan.tries : most;
	}
	if (h->replies || s->tries > 1)
		return tries;
	if (h->canaries < CANARIES) {
		h->canaries++;
		return tries;
	}
	return h->silences < PATIENCE ? tries : 1;
}

/* The server answers after all, or is lossy: what it was silent to, in so few tries, is asked
 * again. */
static void revive(struct fetch *f, const struct ledger_host *h, unsigned int tries)
{
	for (size_t i = 0; i < ledger_slots(f->plan.ledger); i++) {
		struct ledger_slot *s = ledger_slot(f->plan.ledger, i);

		if (s->host != h || s->state != SLOT_DONE || s->msg || !s->tries ||
			s->tries > tries || s->transport == TRANSPORT_TCP)
			continue;
		s->state = SLOT_PENDING;
		enqueue(f, s);
	}
}

/* What came instead of a reply, and came at once. */
static bool at_once(enum outcome o)
{
	return o == OUTCOME_ICMP || o == OUTCOME_REFUSED || o == OUTCOME_RESET ||
	       o == OUTCOME_MALFORMED;
}

static void end_try(
	struct fetch *f, struct ledger_slot *s, const struct observation *o, uint64_t now)
{
	if (arena_used(f->arena) >= f->plan.most_bytes)
		f->overran = f->overran ? f->overran : no_memory;
	if (f->overran == no_memory || s->msg || o->outcome == OUTCOME_NOT_SENT ||
		s->tries >= limit(f, s)) {
		s->state = SLOT_DONE;
		return;
	}
	s->not_before = at_once(o->outcome) ? now + PAUSE : 0;
	enqueue(f, s);
}

static void reply(struct probe *p, const struct observation *o, uint64_t now)
{
	struct fetch *f = (struct fetch *)p;
	struct ledger_slot *s = ledger_slot(f->plan.ledger, o->ask.tag);
	bool mute, steady;

	if (o->outcome == OUTCOME_STRAY || !s)
		return;
	mute = !s->host->replies;
	steady = !lossy(s->host);
	ledger_take(f->plan.ledger);
	f->dirty = true;
	if (s->state == SLOT_PENDING && s->msg && s->transport != TRANSPORT_TCP)
		s->host->lost += s->tries - 1;
	if (o->outcome != OUTCOME_LATE)
		land(f, s);
	if (mute && s->host->replies)
		revive(f, s->host, 1);
	if (steady && lossy(s->host))
		revive(f, s->host, f->plan.tries);
	if (s->state == SLOT_PENDING && o->outcome != OUTCOME_LATE)
		end_try(f, s, o, now);
	else if (s->msg)
		s->state = SLOT_DONE;
}

static void progress(const struct probe *p, struct progress *ret)
{
	const struct fetch *f = (const struct fetch *)p;

	*ret = (struct progress){
		.phase = "tree",
		.asked = f->asked,
		.expected = f->asked + (f->queue.n - f->head),
		.found = f->slots,
	};
}

struct fetch *fetch_new(struct arena *a, const struct fetch_plan *plan)
{
	static const struct probe_ops ops = {
		.begin = begin, .want = want, .reply = reply, .progress = progress
	};
	struct fetch *f = arena_alloc(a, sizeof(*f));

	f->probe.ops = &ops;
	f->arena = a;
	f->plan = *plan;
	if (!f->plan.timeout)
		f->plan.timeout = TIMEOUT;
	if (!f->plan.tries)
		f->plan.tries = TRIES;
	if (!f->plan.most)
		f->plan.most = MOST;
	if (!f->plan.most_aside)
		f->plan.most_aside = MOST_ASIDE;
	if (!f->plan.most_bytes)
		f->plan.most_bytes = MOST_BYTES;
	return f;
}

struct probe *fetch_probe(struct fetch *f)
{
	return &f->probe;
}

const char *fetch_overran(const struct fetch *f)
{
	return f->overran;
}
