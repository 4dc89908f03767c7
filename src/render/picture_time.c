/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where the time went: the resolver's look-up with the queries that were seen leaving it, the walk
 * from the root that was made beside it, and the run as a whole.
 */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "dns/text.h"
#include "render/picture.h"
#include "render/words.h"

enum { BARS_MOST = 30 };

#define SECOND 1e6
/* A clock's packets may be seen a little before the query that caused them is noted. */
#define SLACK 200000

/* What is done at one time is one bar of the run; roles in the order in which they are begun. */
static const struct {
	const char *label;
	uint64_t roles; /* bits */
} phases[] = {
#define ROLE(x) (1ULL << ROLE_##x)
	{ "the look-up itself", ROLE(LOOKUP) },
	{ "the question to the resolver", ROLE(RESOLVER) },
	{ "every server from the root on", ROLE(WALK) },
	{ "the delegation tree and its signatures", ROLE(TREE) },
	{ "names for the resolver to ask for", ROLE(SAMPLE) | ROLE(BEACON) | ROLE(VERSION) },
	{ "source ports, swept",
		ROLE(SWEEP) | ROLE(STEADY) | ROLE(AGAIN) | ROLE(TWIN) | ROLE(COOKIE) },
	{ "query shapes",
		ROLE(SHAPE) | ROLE(SHAPE_CONTROL) | ROLE(SHAPE_STEADY) | ROLE(SHAPE_KNOCK) },
	{ "a failing query, taken apart", ROLE(ISOLATE) | ROLE(ISOLATE_STEADY) },
	{ "the same ports to other operators", ROLE(PLACE) | ROLE(PLACE_STEADY) },
	{ "the path, hop by hop", ROLE(PATH) | ROLE(PATH_STEADY) | ROLE(HOP_NAME) },
	{ "other resolvers, other addresses", ROLE(OPINION) | ROLE(NOBODY) | ROLE(SOURCE) },
	{ "the resolver, asked again",
		ROLE(REPEAT) | ROLE(UNCHECKED) | ROLE(FRESH) | ROLE(ELSEWHERE) },
#undef ROLE
};

static void add_bar(struct drawing *d, struct picture_time *t, struct picture_bar bar)
{
	if (t->bars.n == BARS_MOST)
		t->left++;
	else
		vec_push(d->a, &t->bars, bar);
}

static const char *seconds(struct arena *a, double s)
{
	return words_duration(a, s > 0 ? (uint64_t)(s * SECOND) : 0);
}

/* "0.0 s to 2.0 s: the question to the resolver (SERVFAIL); …" */
static void add_time(struct drawing *d, struct picture_time t)
{
	struct buf b = { .arena = d->a };

	if (!t.bars.n || !(t.total > 0))
		return;
	vec_each (const struct picture_bar, bar, t.bars)
		buf_printf(&b, "%s%.3f s to %.3f s: %s, %s", b.n ? "; " : "", bar->from, bar->to,
			bar->label, bar->says);
	t.desc = buf_text(&b);
	vec_push(d->a, &d->p->times, t);
}

static const char *sighting_says(struct drawing *d, const struct sighting *s)
{
	char rcode[TEXT_MNEMONIC];

	if (s->end == SIGHT_ANSWERED)
		return arena_printf(
			d->a, "%s, %s", text_rcode(s->rcode, rcode), words_duration(d->a, s->rtt));
	if (s->end == SIGHT_ICMP)
		return "an ICMP error came back";
	return s->end == SIGHT_SILENT ? "no answer" : "not known whether it was answered";
}

/* The type that this run made the resolver ask for, and the user did not; 0: none. */
static uint16_t sampled_type(const struct facts *f)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->v[i]->ask.role == ROLE_SAMPLE)
			return f->v[i]->ask.question.type == f->question.type
				       ? 0
				       : f->v[i]->ask.question.type;
	return 0;
}

static bool is_packet(const struct sighting *s, uint16_t sampled)
{
	return s->question.name && (s->source == SIGHT_CAPTURE || s->source == SIGHT_DNSTAP) &&
	       !(sampled && s->question.type == sampled);
}

struct sightings VEC(const struct sighting *);

static int by_clock(const void *x, const void *y)
{
	const struct sighting *const *a = x, *const *b = y;

	return (*a)->at < (*b)->at ? -1 : (*a)->at > (*b)->at;
}

/* Queries that were seen while the look-up took its time, by time. */
static struct sightings seen_within(struct drawing *d, uint64_t took)
{
	const struct facts *f = d->r->facts;
	uint16_t sampled = sampled_type(f);
	struct sightings all = { 0 };

	vec_each (const struct sighting, s, f->sightings)
		if (is_packet(s, sampled))
			vec_push(d->a, &all, s);
	if (all.n)
		qsort(all.v, all.n, sizeof(all.v[0]), by_clock);
	while (all.n && all.v[all.n - 1]->at > all.v[0]->at + took + SLACK)
		all.n--;
	return all;
}

static bool same_question(const struct question *a, const struct question *b)
{
	return a->type == b->type && a->class == b->class && name_equal(a->name, b->name);
}

/* The same question left again from the same address: so long it was waited; else to the end. */
static double until(const struct sightings *all, size_t i, double end)
{
	const struct sighting *s = all->v[i];

	for (size_t k = i + 1; k < all->n; k++)
		if (all->v[k]->at > s->at && same_question(&all->v[k]->question, &s->question) &&
			addr_same_host(&all->v[k]->from, &s->from))
			return (double)(all->v[k]->at - all->v[0]->at) / SECOND;
	return end;
}

static void add_sighting(
	struct drawing *d, struct picture_time *t, const struct sightings *all, size_t i)
{
	static const enum report_mark marks[SIGHT_ENDS] = {
		[SIGHT_UNKNOWN] = MARK_NONE,
		[SIGHT_ANSWERED] = MARK_GOOD,
		[SIGHT_SILENT] = MARK_BAD,
		[SIGHT_ICMP] = MARK_BAD,
	};
	const struct sighting *s = all->v[i];
	double from = (double)(s->at - all->v[0]->at) / SECOND;
	double to =
		s->end == SIGHT_SILENT ? until(all, i, t->total) : from + (double)s->rtt / SECOND;

	add_bar(d, t,
		(struct picture_bar){ .from = from > t->total ? t->total : from,
			.to = to > t->total ? t->total : to,
			.label = arena_printf(d->a, "%s to %s from port %u",
				words_question(d->a, &s->question), words_server(d->a, &s->server),
				s->from.port),
			.says = sighting_says(d, s),
			.mark = marks[s->end] });
}

static const char *resolver_says(struct drawing *d, const struct resolver_result *r)
{
	const char *what = r->seen->msg ? words_meaning(r->meaning) : "no reply";

	return arena_printf(d->a, "%s, after %s", what, words_duration(d->a, r->took));
}

static void add_resolver(struct drawing *d)
{
	const struct resolver_result *r = &d->r->inferences->resolver;
	const struct facts *f = d->r->facts;
	struct picture_time t = { .total = (double)r->took / SECOND };
	struct sightings seen;

	if (!r->asked || !r->seen || !r->took || strcmp(d->r->command, "diagnose") != 0)
		return;
	t.title = arena_printf(d->a, "The resolver's look-up: %s", resolver_says(d, r));
	add_bar(d, &t,
		(struct picture_bar){ 0, t.total,
			arena_printf(d->a, "%s asked for %s", words_server(d->a, &r->server),
				words_question(d->a, &f->question)),
			resolver_says(d, r), resolver_settles(r->meaning) ? MARK_GOOD : MARK_BAD });
	seen = seen_within(d, r->took);
	for (size_t i = 0; i < seen.n; i++) {
		if (t.bars.n < BARS_MOST)
			add_sighting(d, &t, &seen, i);
		else
			t.left++;
	}
	t.note = seen.n ? "Below it are the queries that were seen leaving the resolver at that "
			  "time, for whomever. The first of them stands at the beginning; one "
			  "without an answer is drawn until the same question left again from the "
			  "same address, or to the end."
			: "The resolver's own queries were not seen: what it waited for is not "
			  "known "
			  "from here.";
	add_time(d, t);
}

/* The walk's asks to one server of one zone with one question are a bar. */
static int by_time(const void *x, const void *y)
{
	const struct observation *const *a = x, *const *b = y;

	if ((*a)->sent != (*b)->sent)
		return (*a)->sent < (*b)->sent ? -1 : 1;
	return 0;
}

static const char *walk_says(struct drawing *d, const struct observation *o)
{
	char rcode[TEXT_MNEMONIC];

	if (o->msg)
		return arena_printf(d->a, "%s, %s", text_rcode(o->msg->rcode, rcode),
			words_duration(d->a, o->done - o->sent));
	return arena_printf(
		d->a, "%s, %s", outcome_slug(o->outcome), words_duration(d->a, o->done - o->sent));
}

static void add_walk(struct drawing *d)
{
	const struct facts *f = d->r->facts;
	struct VEC(const struct observation *) asks = { 0 };
	struct picture_time t = { .title = "The same look-up, asked from here of every server" };
	uint64_t last = 0;

	for (size_t i = 0; i < f->n; i++) {
		const struct observation *o = f->v[i];

		if (o->ask.role != ROLE_WALK || !o->sent || o->done < o->sent)
			continue;
		vec_push(d->a, &asks, o);
		last = o->done > last ? o->done : last;
	}
	if (!asks.n)
		return;
	qsort(asks.v, asks.n, sizeof(asks.v[0]), by_time);
	t.total = (double)(last - asks.v[0]->sent) / SECOND;
	vec_each (const struct observation *, o, asks)
		add_bar(d, &t,
			(struct picture_bar){ (double)((*o)->sent - asks.v[0]->sent) / SECOND,
				(double)((*o)->done - asks.v[0]->sent) / SECOND,
				arena_printf(d->a, "%s to %s",
					words_question(d->a, &(*o)->ask.question),
					words_server(d->a, &(*o)->ask.server)),
				walk_says(d, *o), (*o)->msg ? MARK_GOOD : MARK_BAD });
	t.note = "Several servers are asked at once; each is asked though another has answered.";
	add_time(d, t);
}

struct phase {
	uint64_t from, to, asked, silent;
};

static void add_run(struct drawing *d)
{
	const struct facts *f = d->r->facts;
	struct phase all[ARRAY_LEN(phases)] = { { 0 } };
	struct picture_time t = { .title = "This run",
		.note = "Each bar spans the first and the last query of its kind." };
	uint64_t begin = UINT64_MAX, end = 0;

	for (size_t i = 0; i < f->n; i++) {
		const struct observation *o = f->v[i];

		if (!o->sent || o->done < o->sent)
			continue;
		begin = o->sent < begin ? o->sent : begin;
		end = o->done > end ? o->done : end;
		for (size_t k = 0; k < ARRAY_LEN(phases); k++) {
			if (!(phases[k].roles >> o->ask.role & 1))
				continue;
			all[k].from = all[k].asked && all[k].from < o->sent ? all[k].from : o->sent;
			all[k].to = o->done > all[k].to ? o->done : all[k].to;
			all[k].asked++;
			all[k].silent += observation_silent(o);
		}
	}
	if (end <= begin)
		return;
	t.total = (double)(end - begin) / SECOND;
	for (size_t k = 0; k < ARRAY_LEN(phases); k++)
		if (all[k].asked)
			add_bar(d, &t,
				(struct picture_bar){ (double)(all[k].from - begin) / SECOND,
					(double)(all[k].to - begin) / SECOND, phases[k].label,
					arena_printf(d->a, "%s: %llu asked, %llu silent",
						seconds(d->a,
							(double)(all[k].to - all[k].from) / SECOND),
						(unsigned long long)all[k].asked,
						(unsigned long long)all[k].silent),
					MARK_NONE });
	add_time(d, t);
}

void picture_time(struct drawing *d)
{
	add_resolver(d);
	add_walk(d);
	add_run(d);
}
