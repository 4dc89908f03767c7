/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How many asks in flight are worth it, by trial. */
#include "net/climb.h"

enum {
	PERIOD = 40000, /* µs of replies that a rate is taken from: a few turns of a busy CPU */
	/*
	 * Beyond so many in flight servers lose what their buffers have no room for, which is known
	 * seconds later. Few need that, and those by far: they answer in their own time, as
	 * resolvers do, and get the more done the more there is to do.
	 */
	WIDE = 1024,
	PERIOD_WIDE = 200000, /* µs, for a window of that size or more */
	REPLIES = 128,	      /* at least */
	SETTLE = 1000,	      /* µs, or one RTT, until replies are those of a new window */
	REST = 1000000,	      /* µs after a trial that failed; doubled each time… */
	REST_MOST = 16000000,
};

/*
 * A window of twice the size has to bring so much. Where the way is long it brings twice the
 * replies; where the server is busy, nothing but the noise of the clock, and losses.
 */
static const double gain = 1.25;
static const double same = 0.9; /* half of it has to keep so much */
static const double gain_wide = 1.3;
static const double same_wide = 0.77;
static const double second = 1e6; /* µs */

struct climb climb_begin(uint32_t window)
{
	return (struct climb){ .window = window, .least = window, .rest = REST };
}

uint32_t climb_window(const struct climb *c)
{
	return c->window;
}

void climb_full(struct climb *c)
{
	c->full = true;
}

static void count_from(struct climb *c, uint64_t from)
{
	c->from = from;
	c->replies = 0;
	c->full = false;
}

static void rest(struct climb *c, uint64_t now)
{
	c->trial = CLIMB_NONE;
	c->down = !c->down;
	count_from(c, now + c->rest);
	c->rest = c->rest * 2 < REST_MOST ? c->rest * 2 : REST_MOST;
}

static void try(struct climb *c, const struct climb_reply *r)
{
	uint32_t to = c->down ? c->window / 2 : c->window * 2;

	to = to < c->least ? c->least : to > r->most ? r->most : to;

	if (c->down ? to >= c->window : to <= c->window) {
		rest(c, r->now);
		return;
	}
	c->trial = c->down ? CLIMB_DOWN : CLIMB_UP;
	c->before = c->window;
	c->window = to;
	count_from(c, r->now + (r->rtt > SETTLE ? r->rtt : SETTLE));
}

/* The larger window of the trial. */
static bool is_wide(const struct climb *c)
{
	return (c->window > c->before ? c->window : c->before) > WIDE;
}

static double needed(const struct climb *c)
{
	if (c->trial == CLIMB_UP)
		return is_wide(c) ? gain_wide : gain;
	return is_wide(c) ? same_wide : same;
}

/* A rate at this window is known. */
static void judge(struct climb *c, double rate, const struct climb_reply *r)
{
	if (c->trial && rate < c->rate * needed(c)) {
		c->window = c->before;
		rest(c, r->now);
		return;
	}
	if (c->trial)
		c->rest = REST;
	c->rate = rate;
	try(c, r);
}

void climb_reply(struct climb *c, struct climb_reply r)
{
	uint64_t least = c->window >= WIDE ? PERIOD_WIDE : PERIOD;

	if (!r.most)
		return;
	if (least < r.rtt)
		least = r.rtt;
	if (!c->from)
		count_from(c, r.now);
	if (r.now < c->from)
		return;
	c->replies++;
	if (c->replies < REPLIES || r.now < c->from + least)
		return;
	/* Where few ask, replies do not tell what a window is worth. */
	if (!c->full)
		count_from(c, r.now);
	else
		judge(c, c->replies * second / (double)(r.now - c->from), &r);
}
