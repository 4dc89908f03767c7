/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls a probe's operations, and runs several side by side as one. */
#include "probe/probe.h"

void probe_begin(struct probe *p, uint64_t now)
{
	if (p->ops->begin)
		p->ops->begin(p, now);
}

enum want probe_want(struct probe *p, uint64_t now, struct ask *ret_ask, uint64_t *ret_wake)
{
	return p->ops->want(p, now, ret_ask, ret_wake);
}

void probe_reply(struct probe *p, const struct observation *o, uint64_t now)
{
	if (p->ops->reply)
		p->ops->reply(p, o, now);
}

struct progress probe_progress(const struct probe *p)
{
	struct progress progress = { 0 };

	if (p->ops->progress)
		p->ops->progress(p, &progress);
	return progress;
}

static void group_begin(struct probe *p, uint64_t now)
{
	struct probe_group *g = (struct probe_group *)p;

	for (size_t i = 0; i < g->n; i++)
		probe_begin(g->children[i], now);
}

static enum want group_want(struct probe *p, uint64_t now, struct ask *ret_ask, uint64_t *ret_wake)
{
	struct probe_group *g = (struct probe_group *)p;
	uint64_t first = PROBE_NO_WAKE;
	size_t done = 0;

	for (size_t i = 0; i < g->n; i++) {
		size_t turn = (g->turn + i) % g->n;
		uint64_t wake = PROBE_NO_WAKE;
		enum want want = probe_want(g->children[turn], now, ret_ask, &wake);

		if (want == WANT_ASK) {
			g->turn = (turn + 1) % g->n;
			return WANT_ASK;
		}
		if (want == WANT_WAIT && wake < first)
			first = wake;
		done += want == WANT_DONE;
		g->busy += want == WANT_DONE && turn == g->busy;
	}
	if (done == g->n)
		return WANT_DONE;
	*ret_wake = first;
	return WANT_WAIT;
}

/* Observations go to the children, who own the asks. */
static void group_reply(struct probe *p, const struct observation *o, uint64_t now)
{
	(void)p;
	(void)o;
	(void)now;
}

static void group_progress(const struct probe *p, struct progress *ret)
{
	const struct probe_group *g = (const struct probe_group *)p;

	for (size_t i = 0; i < g->n; i++) {
		struct progress one = probe_progress(g->children[i]);

		ret->asked += one.asked;
		ret->expected += one.expected;
		ret->found += one.found;
		ret->steady += one.steady;
		ret->lost += one.lost;
		if (one.waiting > ret->waiting)
			ret->waiting = one.waiting;
		if (i == g->busy || (g->busy == g->n && i == 0))
			ret->phase = one.phase;
	}
}

void probe_group_init(struct probe_group *g, struct probe **children, size_t n)
{
	static const struct probe_ops ops = { .begin = group_begin,
		.want = group_want,
		.reply = group_reply,
		.progress = group_progress };

	*g = (struct probe_group){ .probe = { &ops }, .children = children, .n = n };
}
