/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two look-ups, and then what they are for. */
#include "probe/hosts.h"

#include "dns/rr.h"
#include "infer/reply.h"
#include "probe/lookup.h"

enum { FAMILIES = 2, TRIES = 2 };

static const struct {
	uint16_t type;
	enum addr_family family;
} families[FAMILIES] = { { RR_A, ADDR_V4 }, { RR_AAAA, ADDR_V6 } };

struct hosts {
	struct probe probe;
	struct hosts_plan plan;
	struct arena *arena;
	struct lookup *lookups[FAMILIES];
	struct probe *children[FAMILIES];
	size_t n;
	struct probe_group front;
	struct reply_addrs found;
	bool asked;
	struct probe *then; /* NULL: not yet, or nothing */
};

static void begin(struct probe *p, uint64_t now)
{
	struct hosts *h = (struct hosts *)p;

	for (size_t i = 0; i < FAMILIES && h->plan.nresolvers; i++) {
		struct lookup_plan plan = {
			.question = { h->plan.name, families[i].type, CLASS_IN },
			.shape = shape_stub,
			.servers = h->plan.resolvers,
			.nservers = h->plan.nresolvers,
			.source = h->plan.source,
			.role = ROLE_HOST,
			.next_on_servfail = true,
			.tries = TRIES,
			.timeout = h->plan.timeout,
		};

		if (families[i].family == ADDR_V4 ? h->plan.no_v4 : h->plan.no_v6)
			continue;
		h->lookups[h->n] = lookup_new(h->arena, &plan);
		h->children[h->n] = lookup_probe(h->lookups[h->n]);
		h->n++;
	}
	probe_group_init(&h->front, h->children, h->n);
	probe_begin(&h->front.probe, now);
}

/* Of the question's type in the answer section, whatever aliases are before it. */
static void collect(struct hosts *h, const struct observation *o)
{
	if (o && observation_answered(o) && msg_usable(o->msg))
		reply_addrs(h->arena, o->msg,
			(struct rr_wanted){ MSG_ANSWER, o->ask.question.type, NULL }, &h->found);
}

static enum want want(struct probe *p, uint64_t now, struct ask *ret_ask, uint64_t *ret_wake)
{
	struct hosts *h = (struct hosts *)p;
	enum want w;

	if (!h->asked) {
		w = probe_want(&h->front.probe, now, ret_ask, ret_wake);
		if (w != WANT_DONE)
			return w;
		h->asked = true;
		for (size_t i = 0; i < h->n; i++)
			collect(h, lookup_last(h->lookups[i]));
		h->then = h->plan.then(h->plan.user, h->found.v, h->found.n);
		if (h->then)
			probe_begin(h->then, now);
	}
	return h->then ? probe_want(h->then, now, ret_ask, ret_wake) : WANT_DONE;
}

struct hosts *hosts_new(struct arena *a, const struct hosts_plan *plan)
{
	static const struct probe_ops ops = { .begin = begin, .want = want };
	struct hosts *h = arena_alloc(a, sizeof(*h));

	h->probe.ops = &ops;
	h->plan = *plan;
	h->arena = a;
	return h;
}

struct probe *hosts_probe(struct hosts *h)
{
	return &h->probe;
}

const struct observation *hosts_last(const struct hosts *h)
{
	return h->n ? lookup_last(h->lookups[h->n - 1]) : NULL;
}
