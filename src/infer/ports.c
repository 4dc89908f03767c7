/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tallies of one server's ports, and the verdict on them. */
#include "infer/ports.h"

#include <math.h>

#include "base/stats.h"
#include "infer/ports_depth.h"

enum { OWN_LEAST = 2 };

/* Silent ports without order, and nothing at another destination to prove why: a judgement. */
#define FLOWS_LIKELY 0.95

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
	[PATTERN_POLICER] = "policer",
	[PATTERN_HASH] = "hash",
	[PATTERN_ALL] = "all",
	[PATTERN_UNKNOWN] = "unknown",
};

const char *pattern_slug(enum port_pattern p)
{
	return pattern_slugs[p];
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

/* Chance that any boundary is wrong: each blocked one would have to be an open port, and lost. */
static double confidence(const struct ports_table *t, const struct portset *blocked)
{
	struct portrange r;
	double wrong = 0;

	for (uint32_t p = 0; portset_next_range(blocked, p, &r); p = (uint32_t)r.hi + 1) {
		wrong += exp(-(double)ports_at(t, r.lo)->weight);
		if (r.hi != r.lo)
			wrong += exp(-(double)ports_at(t, r.hi)->weight);
	}
	return wrong < 1 ? 1 - wrong : 0;
}

static enum port_pattern unknown(struct ports_result *r, enum ports_doubt doubt)
{
	r->doubt = doubt;
	return PATTERN_UNKNOWN;
}

/*
 * Silent ports without order that stay so: the flow, when other ports are dead elsewhere; the port,
 * when the same ones are, and then only an order of bits can name the set.
 */
static enum port_pattern flows(
	const struct ports_table *t, const struct ports_scope *scope, struct ports_result *r)
{
	struct portset set;

	ports_flows_judge(t, scope, &r->flows, &set);
	if (r->flows.reshuffle != RESHUFFLE_NO)
		return PATTERN_HASH;
	if (!r->flows.bits)
		return unknown(r, DOUBT_SCATTER);
	r->blocked = set;
	portset_and(&r->blocked, scope->ports);
	return PATTERN_RANGES;
}

/* Asks of a set of ports, or of the open ones outside of it. */
struct asks {
	uint64_t sent, replies;
};

static void add_asks(struct asks *a, const struct port_tally *y)
{
	uint64_t replies = (uint64_t)y->replies + y->again_replies;

	a->replies += replies;
	a->sent += replies + y->silent + y->voided + y->again_silent;
}

static double lost_share(const struct asks *a)
{
	return a->sent ? 1 - (double)a->replies / (double)a->sent : 0;
}

static void policed(
	const struct ports_table *t, const struct ports_scope *scope, struct ports_result *r)
{
	struct asks in = { 0, 0 }, out = { 0, 0 };

	ports_policed(t, scope, &r->policed);
	for (int32_t p = portset_next(&t->asked, 0); p >= 0;
		p = portset_next(&t->asked, (uint32_t)p + 1))
		if (portset_has(&r->policed, (uint16_t)p))
			add_asks(&in, ports_at(t, p));
		else if (ports_open(t, (uint16_t)p))
			add_asks(&out, ports_at(t, p));
	r->policed_loss = lost_share(&in);
	r->loss = r->loss_others = lost_share(&out);
	if (t->last > t->first)
		r->policed_rate = (double)in.replies * 1e6 / (double)(t->last - t->first);
}

static enum port_pattern pattern(
	const struct ports_table *t, const struct ports_scope *scope, struct ports_result *r)
{
	if (!t->answered)
		return ports_tried_all(t) ? PATTERN_ALL : unknown(r, DOUBT_FEW);
	if (ports_too_lossy(t) || (r->loss > 0.5 && t->steady_lost * 2 > t->steady_sent))
		return unknown(r, DOUBT_LOSS);
	switch (ports_suspect(t, scope)) {
	case SUSPECT_SCATTER: return unknown(r, DOUBT_SCATTER);
	case SUSPECT_MIXED: return unknown(r, DOUBT_MIXED);
	case SUSPECT_FLOWS: return flows(t, scope, r);
	case SUSPECT_POLICER: policed(t, scope, r); return PATTERN_POLICER;
	case SUSPECT_CLOCK: r->clock = true; break;
	case SUSPECT_NOTHING: break;
	}
	if (!r->complete && ports_loose(t, scope))
		return unknown(r, DOUBT_FEW);
	if (!r->complete && ports_uneasy(t, scope))
		return unknown(r, DOUBT_MIXED);
	if (!portset_empty(&r->blocked))
		return PATTERN_RANGES;
	return r->complete ? PATTERN_NONE : unknown(r, DOUBT_FEW);
}

/* Ports with a reply or a silence; where each port is asked, with silences enough. */
static uint32_t tested(
	const struct ports_table *t, const struct ports_scope *scope, const struct portset *blocked)
{
	uint32_t n = 0;

	for (int32_t p = portset_next(&t->asked, 0); p >= 0;
		p = portset_next(&t->asked, (uint32_t)p + 1)) {
		if (!portset_has(scope->ports, (uint16_t)p))
			continue;
		n += ports_open(t, (uint16_t)p) || (scope->every ? portset_has(blocked, (uint16_t)p)
								 : ports_tested(t, (uint16_t)p));
	}
	return n;
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
	uint64_t known;

	known = t->steady_sent + t->known_sent;
	r.loss = known ? (double)(t->steady_lost + t->known_lost) / (double)known : 0;
	r.silences = ports_depth_edge(t, scope);
	portset_and(&r.untested, scope->ports);
	ports_blocked(t, scope, &r.blocked);
	r.tested = tested(t, scope, &r.blocked);
	r.complete = complete(t, scope, &r);
	split_own(t, scope, &r);
	r.pattern = pattern(t, scope, &r);
	if (r.pattern != PATTERN_RANGES)
		r.blocked = (struct portset){ 0 };
	r.confidence = confidence(t, &r.blocked);
	if (r.pattern == PATTERN_HASH && r.flows.reshuffle == RESHUFFLE_UNTESTED)
		r.confidence = FLOWS_LIKELY;
	r.undiscovered = scope->every ? 1 - (double)r.tested / portset_count(scope->ports)
				      : stats_undiscovered(strata_seen(t, scope), 0.95);
	*ret = r;
}
