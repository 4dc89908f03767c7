/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sign tests over pairs, and ports that come back. */
#include "infer/newports.h"

#include <math.h>
#include <string.h>

#include "base/err.h"
#include "base/stats.h"

#define FIRST_ERROR  (1e-5 / NEWPORTS_FIRST) /* it is judged after each round */
#define BACK_ERROR   1e-4
#define SECOND_ERROR (1e-4 / NEWPORTS_SECOND)
#define LOSS_SURE    0.99

enum { EVIDENCE_LOST = 4, SECOND = 1000000 };

struct newports *newports_new(struct arena *a)
{
	struct newports *n = arena_alloc(a, sizeof(*n));

	*n = (struct newports){ 0 };
	return n;
}

static bool is_row(const struct ask *ask, const char *slug)
{
	return ask->row && strcmp(ask->row, slug) == 0;
}

bool newports_is(const struct ask *ask)
{
	return is_row(ask, NEWPORTS_NEW) || is_row(ask, NEWPORTS_USED);
}

static void keep(struct newports *n, size_t index)
{
	if (n->nevidence < ARRAY_LEN(n->evidence))
		n->evidence[n->nevidence++] = index;
}

/* A lost port, asked again. */
static void add_again(struct newports *n, const struct observation *o, size_t index)
{
	uint16_t port = o->from.port;
	bool once = !portset_has(&n->again, port);

	if (!portset_has(&n->lost, port))
		return;
	portset_add(&n->again, port);
	n->once_asked += once;
	n->once_lost += once && !observation_spoke(o);
	if (!observation_spoke(o))
		return;
	if (!n->returned)
		n->returned = o->sent;
	if (!portset_has(&n->back, port))
		keep(n, index);
	portset_add(&n->back, port);
}

/* A translator without ports may say so by ICMP (RFC 6888 REQ-8): that is no reply either. */
static uint8_t half(const struct observation *o)
{
	return observation_spoke(o) ? HALF_ANSWERED : HALF_LOST;
}

static void add_new(struct newports *n, const struct observation *o, size_t index)
{
	struct newports_pair *p = &n->pairs[o->ask.stream];

	if (!o->ask.stream) {
		add_again(n, o, index);
		return;
	}
	p->fresh = half(o);
	if (p->fresh == HALF_LOST && portset_empty(&n->again)) {
		portset_add(&n->lost, o->from.port);
		if (n->nlost++ < EVIDENCE_LOST)
			keep(n, index);
	}
	if (!portset_empty(&n->again))
		return;
	n->from = n->from && n->from < o->sent ? n->from : o->sent;
	n->to = n->to > o->sent ? n->to : o->sent;
}

static void add_used(struct newports *n, const struct observation *o)
{
	struct newports_pair *p = &n->pairs[o->ask.stream];

	if (!o->ask.stream)
		return;
	p->used = half(o);
	p->second = portset_has(&n->lost, o->from.port);
}

/* What was called lost was slow: a new port of a pair is taken back. */
static void add_late(struct newports *n, const struct observation *o)
{
	struct newports_pair *p = &n->pairs[o->ask.stream];

	if (!o->ask.stream)
		return;
	if (is_row(&o->ask, NEWPORTS_USED)) {
		p->used = HALF_ANSWERED;
		return;
	}
	p->fresh = HALF_ANSWERED;
	if (!portset_has(&n->again, o->from.port))
		portset_remove(&n->lost, o->from.port);
}

void newports_add(struct newports *n, const struct observation *o, size_t index)
{
	if (!o->sent || o->outcome == OUTCOME_STRAY)
		return;
	if (o->outcome == OUTCOME_LATE)
		add_late(n, o);
	else if (is_row(&o->ask, NEWPORTS_NEW))
		add_new(n, o, index);
	else
		add_used(n, o);
}

static void count(const struct newports_pair *p, struct newports_tally *ret)
{
	bool fresh = p->fresh == HALF_LOST, used = p->used == HALF_LOST;

	ret->pairs++;
	ret->fresh_lost += fresh;
	ret->used_lost += used;
	ret->fresh_only += fresh && !used;
	ret->used_only += used && !fresh;
}

static double sign(const struct newports_tally *t)
{
	return stats_binomial_tail(t->fresh_only, (uint64_t)t->fresh_only + t->used_only, 0.5);
}

/* How many of the lost ports may be sound ones, when all others are dropped for good. */
static double by_chance(const struct newports_tally *t)
{
	double loss = stats_rate_upper(t->used_lost, t->pairs, LOSS_SURE);

	return t->fresh_lost ? fmin(1, loss * t->pairs / t->fresh_lost) : 1;
}

struct newports_result newports_judge(const struct newports *n)
{
	struct newports_result r = { 0 };

	for (size_t i = 1; i < NEWPORTS_STREAMS; i++)
		if (n->pairs[i].fresh && n->pairs[i].used)
			count(&n->pairs[i], n->pairs[i].second ? &r.second : &r.first);
	r.first.doubt = sign(&r.first);
	r.second.doubt = sign(&r.second);
	r.again = portset_count(&n->again);
	r.back = portset_count(&n->back);
	r.back_doubt = stats_binomial_tail(r.back, r.again, by_chance(&r.first));
	r.once_asked = n->once_asked;
	r.once_lost = n->once_lost;
	r.pause = n->returned > n->to ? n->returned - n->to : 0;
	if (n->to > n->from)
		r.rate = (double)r.first.pairs * SECOND / (double)(n->to - n->from);
	r.loses_new = r.first.doubt <= FIRST_ERROR;
	r.comes_back = r.loses_new && r.back_doubt <= BACK_ERROR;
	r.found = r.comes_back && r.second.doubt <= SECOND_ERROR;
	r.doubt = fmax(r.first.doubt, fmax(r.back_doubt, r.second.doubt));
	return r;
}
