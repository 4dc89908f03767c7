/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Near or far, from what control servers answered. */
#include "infer/place.h"

#include <math.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/stats.h"

enum {
	CONTROLS_MOST = 32,
	LEAST_SILENCES = 3,
	SPLIT_CONTROLS = 2,
	POLICED_REPLIES = 8, /* of controls, before a policer is said to be far */
};

/* The chance that loss alone silences a port is at most this when it is said to be near. */
#define NEAR_ERROR 1e-6
/* Chance of the controls' losses: so small, the policer is near; no smaller than that, it is far.
 */
#define POLICED_ERROR 1e-6
#define POLICED_LUCK  0.01

static const char *const slugs[] = {
	[PLACE_UNKNOWN] = "unknown",
	[PLACE_NEAR] = "near",
	[PLACE_FAR] = "far",
};

struct control {
	struct addr server;
	uint64_t steady_sent, steady_lost, steady_replies;
	bool sampled;
};

/* What live controls did with one sample port. */
struct witness {
	uint32_t replies, silences;
};

struct court {
	struct control controls[CONTROLS_MOST];
	size_t n;
	struct witness port[65536];
	double loss;
};

const char *place_slug(enum place_verdict p)
{
	return slugs[p];
}

static struct control *control_of(struct court *c, const struct addr *server)
{
	for (size_t i = 0; i < c->n; i++)
		if (addr_equal(&c->controls[i].server, server))
			return &c->controls[i];
	if (c->n == CONTROLS_MOST)
		return NULL;
	c->controls[c->n] = (struct control){ .server = *server };
	return &c->controls[c->n++];
}

static bool concerns(const struct observation *o, const struct ports_subject *subject)
{
	return (o->ask.role == ROLE_PLACE || o->ask.role == ROLE_PLACE_STEADY) &&
	       o->ask.server.family == subject->server.family &&
	       o->ask.transport == subject->transport && o->outcome != OUTCOME_NOT_SENT &&
	       o->outcome != OUTCOME_STRAY;
}

static void hear_steady(struct court *c, const struct facts *f, const struct ports_subject *subject)
{
	uint64_t sent = 0, lost = 0;

	for (size_t i = 0; i < f->n; i++) {
		const struct observation *o = f->v[i];
		struct control *x = concerns(o, subject) ? control_of(c, &o->ask.server) : NULL;

		if (!x)
			continue;
		x->sampled |= o->ask.role == ROLE_PLACE;
		if (o->ask.role != ROLE_PLACE_STEADY)
			continue;
		x->steady_replies += ports_proves_open(o);
		x->steady_sent += o->outcome != OUTCOME_LATE;
		x->steady_lost += ports_is_silence(o);
	}
	for (size_t i = 0; i < c->n; i++) {
		if (!c->controls[i].steady_replies)
			continue;
		sent += c->controls[i].steady_sent;
		lost += c->controls[i].steady_lost;
	}
	c->loss = stats_rate_upper(lost, sent, 0.95);
	if (c->loss < 0.01)
		c->loss = 0.01;
}

static void hear_samples(struct court *c, const struct facts *f,
	const struct ports_subject *subject, struct place_result *ret)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct observation *o = f->v[i];
		struct witness *w = &c->port[o->ask.source.port];
		const struct control *x;

		if (o->ask.role != ROLE_PLACE || !concerns(o, subject))
			continue;
		x = control_of(c, &o->ask.server);
		if (!x || (!x->steady_replies && !ports_proves_open(o)))
			continue;
		w->replies += ports_proves_open(o);
		w->silences += ports_is_silence(o);
		ret->replies += ports_proves_open(o);
		ret->silences += ports_is_silence(o);
	}
}

static enum place_verdict place_of(const struct court *c, const struct witness *w)
{
	if (w->replies)
		return PLACE_FAR;
	if (w->silences >= LEAST_SILENCES && pow(c->loss, w->silences) <= NEAR_ERROR)
		return PLACE_NEAR;
	return PLACE_UNKNOWN;
}

/* A range is where all its witnesses say it is. */
static enum place_verdict range_place(
	const struct court *c, struct portrange r, struct place_result *ret)
{
	bool said[PLACES] = { false };

	for (uint32_t p = r.lo; p <= r.hi; p++) {
		const struct witness *w = &c->port[p];
		enum place_verdict at = place_of(c, w);

		if (!w->replies && !w->silences)
			continue;
		said[at] = true;
		ret->sampled[at]++;
		if (at == PLACE_NEAR && pow(c->loss, w->silences) > 1 - ret->near_confidence)
			ret->near_confidence = 1 - pow(c->loss, w->silences);
	}
	if (said[PLACE_NEAR] != said[PLACE_FAR])
		return said[PLACE_NEAR] ? PLACE_NEAR : PLACE_FAR;
	return PLACE_UNKNOWN;
}

/*
 * A range whose witnesses differ has borders between them, exact where two stand side by side. One
 * control alone may drop the port itself.
 */
static void split(const struct court *c, struct portrange r, struct place_result *ret)
{
	enum place_verdict before = PLACE_UNKNOWN;
	uint32_t from = r.lo; /* not given a place yet */

	for (uint32_t p = r.lo; p <= r.hi; p++) {
		const struct witness *w = &c->port[p];
		enum place_verdict at = place_of(c, w);

		if (!w->replies && !w->silences)
			continue;
		if (from < p)
			portset_add_range(
				&ret->at[from == r.lo || at == before ? at : PLACE_UNKNOWN],
				(struct portrange){ (uint16_t)from, (uint16_t)(p - 1) });
		portset_add(&ret->at[at], (uint16_t)p);
		before = at;
		from = p + 1;
	}
	if (from <= r.hi)
		portset_add_range(&ret->at[before], (struct portrange){ (uint16_t)from, r.hi });
}

static bool differ(const struct court *c, struct portrange r)
{
	bool said[PLACES] = { false };

	for (uint32_t p = r.lo; p <= r.hi; p++)
		said[place_of(c, &c->port[p])] = true;
	return said[PLACE_NEAR] && said[PLACE_FAR];
}

/* Ranges that had no witness go with the others when those agree. */
static void adopt(struct place_result *ret)
{
	if (ret->sampled[PLACE_UNKNOWN] || !ret->sampled[PLACE_NEAR] == !ret->sampled[PLACE_FAR])
		return;
	portset_or(&ret->at[ret->sampled[PLACE_NEAR] ? PLACE_NEAR : PLACE_FAR],
		&ret->at[PLACE_UNKNOWN]);
	ret->at[PLACE_UNKNOWN] = (struct portset){ 0 };
}

/* What all controls did, without a word on ranges. The caller frees it. */
static struct court *hear(
	const struct facts *f, const struct ports_subject *subject, struct place_result *ret)
{
	struct court *c = calloc(1, sizeof(*c));

	if (!c)
		err_no_memory();
	*ret = (struct place_result){ .near_confidence = 1 };
	hear_steady(c, f, subject);
	hear_samples(c, f, subject, ret);
	for (size_t i = 0; i < c->n; i++) {
		ret->controls += c->controls[i].sampled;
		ret->alive += c->controls[i].sampled && c->controls[i].steady_replies;
	}
	ret->loss = c->loss;
	return c;
}

void place_judge(const struct facts *f, const struct ports_subject *subject,
	const struct portset *blocked, struct place_result *ret)
{
	struct court *c = hear(f, subject, ret);
	struct portrange r;

	for (uint32_t p = 0; portset_next_range(blocked, p, &r); p = (uint32_t)r.hi + 1) {
		enum place_verdict at = range_place(c, r, ret);

		if (at == PLACE_UNKNOWN && ret->alive >= SPLIT_CONTROLS && differ(c, r))
			split(c, r, ret);
		else
			portset_add_range(&ret->at[at], r);
	}
	adopt(ret);
	free(c);
}

void place_judge_policed(const struct facts *f, const struct ports_subject *subject,
	const struct portset *policed, struct place_result *ret)
{
	struct court *c = hear(f, subject, ret);
	double luck = stats_binomial_tail(ret->silences, ret->silences + ret->replies, c->loss);
	enum place_verdict at = PLACE_UNKNOWN;

	if (ret->alive && luck < POLICED_ERROR)
		at = PLACE_NEAR;
	else if (ret->replies >= POLICED_REPLIES && luck > POLICED_LUCK)
		at = PLACE_FAR;
	ret->at[at] = *policed;
	free(c);
}
