/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tallies of one server's ports, and the verdict on them. */
#include "infer/ports.h"

#include <math.h>
#include <stdlib.h>

#include "base/stats.h"
#include "infer/ports_depth.h"

/* A silence is compared with steady asks no farther away than this. */
enum { OWN_LEAST = 2 };

#define BRACKET_REACH 10000000U /* µs */

#define ONES	~(uint64_t)0
#define ONES_4	ONES, ONES, ONES, ONES
#define ONES_16 ONES_4, ONES_4, ONES_4, ONES_4
#define ONES_64 ONES_16, ONES_16, ONES_16, ONES_16

/* All 1,024 words but for port 0, which cannot be bound. */
const struct portset ports_all = {
	.w = { ~(uint64_t)1, ONES, ONES, ONES, ONES_4, ONES_4, ONES_4, ONES_16, ONES_16, ONES_16,
		ONES_64, ONES_64, ONES_64, ONES_64, ONES_64, ONES_64, ONES_64, ONES_64, ONES_64,
		ONES_64, ONES_64, ONES_64, ONES_64, ONES_64, ONES_64 },
};

static const char *const pattern_slugs[] = {
	[PATTERN_NONE] = "none",
	[PATTERN_RANGES] = "ranges",
	[PATTERN_ALL] = "all",
	[PATTERN_UNKNOWN] = "unknown",
};

const char *pattern_slug(enum port_pattern p)
{
	return pattern_slugs[p];
}

static void count_up(uint16_t *n)
{
	if (*n < UINT16_MAX)
		++*n;
}

static void add_reply(struct ports_table *t, const struct observation *o)
{
	uint64_t rtt = observation_rtt(o);

	portset_add(&t->asked, o->ask.source.port);
	count_up(&t->v[o->ask.source.port].replies);
	t->answered += o->outcome != OUTCOME_LATE;
	if (!t->rtt_min || (rtt && rtt < t->rtt_min))
		t->rtt_min = rtt;
	if (rtt > t->rtt_max)
		t->rtt_max = rtt;
}

static void add_unsent(struct ports_table *t, const struct observation *o)
{
	if (!why_is_port(o->why)) {
		t->unsent = o->why;
		return;
	}
	/* A right that one port needs, all below it need too (ip_unprivileged_port_start). */
	for (uint32_t p = o->why == WHY_PRIVILEGE ? 1 : o->ask.source.port; p <= o->ask.source.port;
		p++) {
		if (portset_has(&t->used, (uint16_t)p))
			continue;
		portset_add(&t->untested, (uint16_t)p);
		t->why[p] = o->why;
	}
}

bool ports_proves_open(const struct observation *o)
{
	return observation_replied(o) && o->outcome != OUTCOME_ICMP;
}

bool ports_is_silence(const struct observation *o)
{
	return o->outcome == OUTCOME_TIMEOUT || o->outcome == OUTCOME_ICMP;
}

void ports_log_add(struct ports_log *l, const struct observation *o)
{
	struct ports_moment m = { .sent = o->sent, .port = o->ask.source.port };
	struct ports_table *t = l->table;
	bool steady = o->ask.role == ROLE_STEADY;

	if ((!steady && o->ask.role != ROLE_SWEEP) || !m.port || o->outcome == OUTCOME_STRAY)
		return;
	if (o->outcome == OUTCOME_NOT_SENT) {
		add_unsent(t, o);
		return;
	}
	m.lost = !ports_proves_open(o);
	t->sent += o->outcome != OUTCOME_LATE;
	portset_add(&t->used, m.port);
	portset_remove(&t->untested, m.port);
	if (!m.lost)
		add_reply(t, o);
	if (steady && o->outcome != OUTCOME_LATE) {
		t->steady_sent++;
		t->steady_lost += m.lost;
		vec_push(l->arena, &l->steady, m);
	} else if (m.lost) {
		vec_push(l->arena, &l->silences, m);
	}
}

static int by_time(const void *a, const void *b)
{
	const struct ports_moment *x = a, *y = b;

	return (x->sent > y->sent) - (x->sent < y->sent);
}

/* Index of the first steady ask sent after the time. */
static size_t first_after(const struct ports_log *l, uint64_t time)
{
	size_t lo = 0, hi = l->steady.n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (l->steady.v[mid].sent > time)
			hi = mid;
		else
			lo = mid + 1;
	}
	return lo;
}

/* Both steady neighbours in time were lost too: the path failed then, whatever the port. */
static bool is_void(const struct ports_log *l, const struct ports_moment *m)
{
	size_t after = first_after(l, m->sent);
	const struct ports_moment *a, *b;

	if (after == 0 || after == l->steady.n)
		return false;
	b = &l->steady.v[after - 1];
	a = &l->steady.v[after];
	return a->lost && b->lost && a->sent - m->sent < BRACKET_REACH &&
	       m->sent - b->sent < BRACKET_REACH;
}

void ports_log_settle(struct ports_log *l)
{
	if (l->steady.n)
		qsort(l->steady.v, l->steady.n, sizeof(*l->steady.v), by_time);
	vec_each (struct ports_moment, m, l->silences) {
		portset_add(&l->table->asked, m->port);
		if (is_void(l, m)) {
			l->table->voided++;
			count_up(&l->table->v[m->port].voided);
		} else {
			count_up(&l->table->v[m->port].silent);
		}
	}
	l->silences.n = 0;
}

struct ports_table *ports_tally(
	struct arena *a, const struct facts *f, const struct ports_subject *subject)
{
	struct ports_log l = { .arena = a, .table = arena_alloc(a, sizeof(*l.table)) };

	for (size_t i = 0; i < f->n; i++) {
		const struct observation *o = f->v[i];

		if (addr_equal(&o->ask.server, &subject->server) &&
			o->ask.transport == subject->transport)
			ports_log_add(&l, o);
	}
	ports_log_settle(&l);
	return l.table;
}

double ports_loss_upper(const struct ports_table *t)
{
	double upper = stats_rate_upper(t->steady_lost, t->steady_sent, 0.95);

	return upper < 0.01 ? 0.01 : upper;
}

/* One stratum of 256 ports counts once, however often it was looked into. */
static uint64_t strata_seen(const struct ports_table *t, const struct ports_scope *scope)
{
	uint64_t n = 0;

	for (uint32_t block = 0; block < 256; block++) {
		int32_t p = portset_next(scope->ports, block * 256);

		while (p >= 0 && p < (int32_t)(block + 1) * 256 &&
			(ports_is_seed((uint16_t)p) || !ports_tested(t, (uint16_t)p)))
			p = portset_next(scope->ports, (uint32_t)p + 1);
		n += p >= 0 && p < (int32_t)(block + 1) * 256;
	}
	return n;
}

/*
 * Takes what the server's software drops by itself out of what a filter drops: its signature is
 * all of its ports that were tested, two at least, each alone among open ones.
 */
static void split_own(
	const struct ports_table *t, const struct ports_scope *scope, struct ports_result *r)
{
	struct portset own = { 0 };

	for (unsigned int i = 0; i < ports_nof_named; i++) {
		struct portrange want = ports_of_named[i], got;

		if (!portset_has(scope->ports, want.lo) || !ports_tested(t, want.lo))
			continue;
		if (!portset_next_range(&r->blocked, want.lo, &got) || got.lo != want.lo ||
			got.hi != want.hi || portset_has(&r->blocked, (uint16_t)(want.lo - 1)))
			return;
		portset_add_range(&own, want);
	}
	if (portset_count(&own) < OWN_LEAST)
		return;
	portset_minus(&r->blocked, &own);
	r->own = own;
}

/* Chance that any boundary is wrong: each blocked one would have to be an open port, lost k times.
 */
static double confidence(const struct ports_table *t, const struct portset *blocked)
{
	double loss = ports_loss_upper(t), wrong = 0;
	struct portrange r;

	for (uint32_t p = 0; portset_next_range(blocked, p, &r); p = (uint32_t)r.hi + 1) {
		wrong += pow(loss, t->v[r.lo].silent);
		if (r.hi != r.lo)
			wrong += pow(loss, t->v[r.hi].silent);
	}
	return wrong < 1 ? 1 - wrong : 0;
}

static enum port_pattern pattern(
	const struct ports_table *t, const struct ports_scope *scope, struct ports_result *r)
{
	if (!t->answered)
		return ports_tried_all(t) ? PATTERN_ALL : (r->doubt = DOUBT_FEW, PATTERN_UNKNOWN);
	if (t->steady_sent >= 16 && r->loss > 0.5)
		return r->doubt = DOUBT_LOSS, PATTERN_UNKNOWN;
	if (ports_scattered(t, scope))
		return r->doubt = DOUBT_SCATTER, PATTERN_UNKNOWN;
	if (!portset_empty(&r->blocked))
		return PATTERN_RANGES;
	return r->complete ? PATTERN_NONE : (r->doubt = DOUBT_FEW, PATTERN_UNKNOWN);
}

static bool complete(
	const struct ports_table *t, const struct ports_scope *scope, const struct ports_result *r)
{
	struct portset needs;

	ports_needs(t, scope, &needs);
	if (!portset_empty(&needs))
		return false;
	return !scope->every ||
	       r->tested + portset_count(&r->untested) >= portset_count(scope->ports);
}

void ports_judge(
	const struct ports_table *t, const struct ports_scope *scope, struct ports_result *ret)
{
	struct ports_result r = {
		.loss_upper = ports_loss_upper(t),
		.sent = t->sent,
		.answered = t->answered,
		.voided = t->voided,
		.untested = t->untested,
		.undiscovered_confidence = 0.95,
	};

	r.loss = t->steady_sent ? (double)t->steady_lost / (double)t->steady_sent : 0;
	r.silences = ports_depth_edge(t, scope);
	portset_and(&r.untested, scope->ports);
	for (int32_t p = portset_next(&t->asked, 0); p >= 0;
		p = portset_next(&t->asked, (uint32_t)p + 1))
		r.tested += portset_has(scope->ports, (uint16_t)p) && ports_tested(t, (uint16_t)p);
	r.complete = complete(t, scope, &r);
	ports_blocked(t, scope, &r.blocked);
	split_own(t, scope, &r);
	r.pattern = pattern(t, scope, &r);
	if (r.pattern != PATTERN_RANGES)
		r.blocked = (struct portset){ 0 };
	r.confidence = confidence(t, &r.blocked);
	r.undiscovered = scope->every ? 1 - (double)r.tested / portset_count(scope->ports)
				      : stats_undiscovered(strata_seen(t, scope), 0.95);
	*ret = r;
}
