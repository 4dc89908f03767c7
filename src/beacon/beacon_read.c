/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an asker makes and reads: first names, samples in replies, sightings in facts. */
#include <string.h>

#include "base/err.h"
#include "base/vec.h"
#include "beacon/beacon.h"
#include "dns/rr.h"

/*
 * How far a reply of the same lookup is looked for: a reply may come late, behind those of others,
 * but a tape of any length must not take the square of its length.
 */
enum { LOOK_BACK = 1024 };

static const char text_prefix[] = "sample=1";

int beacon_first_name(const struct name *zone, uint8_t steps, uint32_t seed, struct name *ret)
{
	struct beacon_label l = { .steps = steps, .seed = seed, .first = true };
	char text[NAME_MAX_LABEL + 1];

	if (steps > BEACON_STEPS_MOST || zone->len > BEACON_ZONE_MOST)
		return -ERR_LIMIT;
	beacon_label_text(&l, text);
	return name_prepend(zone, text, ret);
}

/* The sample in the first string of a TXT record. */
static int read_text(const struct rr *rr, struct beacon_sample *ret)
{
	size_t skip = sizeof(text_prefix) - 1, n = rr->rdlength ? rr->rdata[0] : 0;

	if (n < skip || n >= rr->rdlength || memcmp(rr->rdata + 1, text_prefix, skip) != 0)
		return -ERR_PARSE;
	return beacon_sample_parse((struct span){ rr->rdata + 1 + skip, n - skip }, ret);
}

/* The step behind at: its name must be of the same chain and zone. */
static int read_alias(const struct msg *m, const struct name *at, struct name *ret_next,
	struct beacon_sample *ret)
{
	const struct rr *rr = msg_find(m, (struct rr_wanted){ MSG_ANSWER, RR_CNAME, at });
	struct beacon_label here, next;
	struct name zone = name_parent(at), other;

	if (!rr || msg_rdata_name(m, rr, ret_next, NULL) < 0 || beacon_label_parse(at, &here) < 0 ||
		beacon_label_parse(ret_next, &next) < 0)
		return -ERR_NONE;
	other = name_parent(ret_next);
	if (next.first || next.seed != here.seed || next.steps + 1 != here.steps ||
		!name_equal(&zone, &other))
		return -ERR_NONE;
	*ret = next.sample;
	return 0;
}

size_t beacon_read(const struct msg *m, struct beacon_samples *ret)
{
	struct name at, next;
	const struct rr *text;
	size_t n = 0;

	if (!m->nquestions || !m->questions[0].name->len)
		return 0;
	at = *m->questions[0].name;
	while (n < BEACON_STEPS_MOST && read_alias(m, &at, &next, &ret->v[n]) == 0) {
		ret->names[n++] = at;
		at = next;
	}
	text = msg_find(m, (struct rr_wanted){ MSG_ANSWER, RR_TXT, &at });
	if (text && read_text(text, &ret->v[n]) == 0)
		ret->names[n++] = at;
	for (size_t i = 0; i < n; i++)
		beacon_set_case(&ret->names[i], ret->v[i].upper);
	return n;
}

/* The lookups that were met so far: their names. */
struct lookups VEC(const struct name *);

/* From 1. */
static uint32_t batch_of(struct arena *a, struct lookups *known, const struct name *name)
{
	/* Replies of one lookup mostly follow each other. */
	for (size_t i = known->n; i > 0 && i + LOOK_BACK > known->n; i--)
		if (name_equal(known->v[i - 1], name))
			return (uint32_t)i;
	vec_push(a, known, name);
	return (uint32_t)known->n;
}

static bool same_query(const struct sighting *x, const struct sighting *y)
{
	return x->batch == y->batch && x->id == y->id && x->transport == y->transport &&
	       addr_equal(&x->from, &y->from) && name_equal(x->question.name, y->question.name);
}

static bool known_already(const struct facts *f, const struct sighting *s)
{
	size_t n = f->sightings.n;

	for (size_t i = n; i > 0 && i + LOOK_BACK > n; i--)
		if (same_query(&f->sightings.v[i - 1], s))
			return true;
	return false;
}

static struct sighting sighting_of(const struct beacon_sample *s)
{
	return (struct sighting){
		.source = SIGHT_BEACON,
		.end = SIGHT_ANSWERED,
		.transport = s->tcp ? TRANSPORT_TCP : TRANSPORT_UDP,
		.from = s->from,
		.id = s->id,
		.flags = s->flags,
		.edns = s->edns,
		.edns_size = s->edns_size,
	};
}

static void add_reply(
	struct arena *a, struct facts *f, const struct observation *o, struct sighting base)
{
	struct beacon_samples *all = arena_alloc(a, sizeof(*all));
	size_t n = beacon_read(o->msg, all);

	for (size_t i = 0; i < n; i++) {
		struct sighting s = sighting_of(&all->v[i]);

		s.at = base.at;
		s.batch = base.batch;
		s.question = (struct question){ &all->names[i], all->v[i].type, CLASS_IN };
		if (!known_already(f, &s))
			vec_push(a, &f->sightings, s);
	}
}

static bool speaks(const struct observation *o)
{
	return o->ask.role == ROLE_BEACON && o->msg && o->msg->has_header && o->ask.question.name &&
	       o->outcome != OUTCOME_STRAY;
}

void beacon_sightings(struct arena *a, struct facts *f)
{
	struct lookups known = { 0 };
	uint64_t first = 0;

	vec_each (struct sighting, s, f->sightings)
		if (s->source == SIGHT_BEACON)
			return;
	for (size_t i = 0; i < f->n; i++) {
		const struct observation *o = f->v[i];
		struct sighting base = { 0 };

		if (!first && o->sent)
			first = o->sent;
		if (!speaks(o))
			continue;
		base.at = (uint64_t)f->started * 1000000U + (o->done > first ? o->done - first : 0);
		base.batch = batch_of(a, &known, o->ask.question.name);
		add_reply(a, f, o, base);
	}
}
