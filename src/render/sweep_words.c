/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sweeps of source ports in words. */
#include "render/sweep_words.h"

#include <math.h>

const char *sweep_blocked(struct arena *a, const struct sweep_result *s)
{
	static const char *const doubts[] = {
		[DOUBT_NONE] = "cannot tell",
		[DOUBT_LOSS] = "cannot tell: too much loss",
		[DOUBT_SCATTER] = "cannot tell: silences without a pattern",
		[DOUBT_MIXED] = "cannot tell: the same ports answer and do not",
		[DOUBT_FEW] = "cannot tell: too little asked",
	};
	struct buf b = { .arena = a };

	if (s->ports.pattern == PATTERN_ALL)
		return "all: no port is answered";
	if (s->ports.pattern == PATTERN_HASH)
		return arena_printf(
			a, "no set: %s of all flows", words_share(a, s->ports.flows.share));
	if (s->ports.pattern == PATTERN_POLICER) {
		buf_str(&b, "rate limited: ");
		portset_text(&s->ports.policed, &b);
		return buf_text(&b);
	}
	if (s->ports.pattern == PATTERN_UNKNOWN)
		return doubts[s->ports.doubt];
	if (portset_empty(&s->ports.blocked))
		return "none found";
	portset_text(&s->ports.blocked, &b);
	return buf_text(&b);
}

/* A share as a column of the table: a whole number of tenths of per cent. */
static const char *tenths(struct arena *a, double share, bool upwards)
{
	double v = share * 1000;

	return arena_printf(a, "%.1f", (upwards ? ceil(v) : round(v)) / 10);
}

/* A sweep that came to no end has a bound as well: a looser one. */
static bool has_bound(const struct ports_result *r)
{
	return r->pattern != PATTERN_ALL &&
	       (r->pattern != PATTERN_UNKNOWN || (r->doubt == DOUBT_FEW && r->answered));
}

const char *sweep_loss(struct arena *a, const struct sweep_result *s)
{
	return s->ports.pattern == PATTERN_ALL ? "-" : tenths(a, s->ports.loss, false);
}

const char *sweep_unseen(struct arena *a, const struct sweep_result *s)
{
	return has_bound(&s->ports) ? tenths(a, s->ports.undiscovered, true) : "-";
}

/* What a server's own software drops, so that nobody takes it for a filter. */
static void add_own(struct arena *a, const struct sweep_result *s, struct VEC_texts *lines)
{
	struct buf b = { .arena = a };

	if (portset_empty(&s->ports.own))
		return;
	portset_text(&s->ports.own, &b);
	vec_push(a, lines,
		arena_printf(a,
			"%s itself answers no query from ports %s, as BIND does against "
			"reflection: no filter.",
			words_server(a, &s->server), buf_text(&b)));
}

static void add_clock(struct arena *a, const struct sweep_result *s, struct VEC_texts *lines)
{
	if (s->ports.clock)
		vec_push(a, lines,
			arena_printf(a,
				"%s: for a time many ports were silent that answered after a pause "
				"and at a low rate: loss by the clock, as when a table of flows on "
				"the way is full; no filter.",
				words_server(a, &s->server)));
}

void sweep_notes(struct arena *a, const struct report *r, struct VEC_texts *lines)
{
	vec_push(a, lines,
		"Loss%: of queries from open ports. Unseen%: most that can be blocked without "
		"having been seen, 95% sure.");
	vec_each (const struct sweep_result, s, r->inferences->sweeps)
		add_own(a, s, lines);
	vec_each (const struct sweep_result, s, r->inferences->sweeps)
		add_clock(a, s, lines);
}

bool sweep_same(const struct sweep_result *a, const struct sweep_result *b)
{
	return a->ports.pattern == b->ports.pattern &&
	       portset_equal(&a->ports.blocked, &b->ports.blocked) &&
	       portset_equal(&a->ports.policed, &b->ports.policed) &&
	       portset_equal(&a->ports.untested, &b->ports.untested);
}
