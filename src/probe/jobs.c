/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Many probes side by side. */
#include "probe/jobs.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/vec.h"
#include "probe/dead.h"
#include "probe/shared.h"

enum {
	LATER = 20000,	       /* µs until the source of jobs is looked at again */
	DEAD_MOST = 4096,      /* servers and shapes that are known to be silent */
	DEAD_TIMEOUT = 400000, /* µs: what a reply of one has, should there be any */
	PATIENCE = 1000,       /* µs for a probe that says "wait" until a time that has passed */
};

/* An ask of a job's: who waits for it, under which mark. */
struct open_ask {
	struct probe *owner;
	uint64_t tag;
};

/* A reply of another job's, on its way to the probe that asked. */
struct given {
	struct given *next;
	struct slot *slot;
	struct observation o;
};

struct slot {
	struct job job;
	struct slot *next; /* among the ready, or the spare ones */
	struct VEC(struct open_ask) asks;
	struct VEC(uint64_t) sent; /* hashes of what it asked already */
	uint64_t wake;		   /* µs; of one that waits */
	size_t in_flight;
	uint32_t serial; /* of the job: a late reply may be of the one before */
	bool used, ready, over;
};

struct jobs {
	struct probe probe;
	struct jobs_conf conf;
	struct slot *slots, *spare;
	struct slot *ready, **ready_end;
	struct given *given, **given_end;
	struct shared *shared;
	struct dead *dead;
	size_t made, busy;
	bool ended;
	struct jobs_totals totals;
};

static struct jobs *jobs(struct probe *p)
{
	return (struct jobs *)p;
}

static void make_ready(struct jobs *j, struct slot *s)
{
	if (s->ready || !s->used)
		return;
	s->ready = true;
	s->next = NULL;
	*j->ready_end = s;
	j->ready_end = &s->next;
}

static struct slot *next_ready(struct jobs *j)
{
	struct slot *s = j->ready;

	if (!s)
		return NULL;
	j->ready = s->next;
	if (!j->ready)
		j->ready_end = &j->ready;
	s->ready = false;
	return s;
}

/* A job begins, if there is one and room for it. */
static enum bulk_more begin(struct jobs *j, uint64_t now)
{
	struct slot *s = j->spare ? j->spare : &j->slots[j->made];
	struct job job = { 0 };
	enum bulk_more more;

	if (j->busy == j->conf.most)
		return BULK_LATER;
	more = j->ended ? BULK_END : j->conf.more(j->conf.user, &job);
	j->ended = more == BULK_END;
	if (more != BULK_ONE)
		return more;
	if (j->spare)
		j->spare = j->spare->next;
	else
		j->made++;
	*s = (struct slot){ .job = job, .serial = s->serial + 1, .used = true };
	j->busy++;
	j->totals.begun++;
	probe_begin(job.probe, now);
	make_ready(j, s);
	return more;
}

static void end(struct jobs *j, struct slot *s)
{
	struct job job = s->job;

	s->used = false;
	s->asks.v = NULL;
	s->sent.v = NULL;
	s->next = j->spare;
	j->spare = s;
	j->busy--;
	j->totals.done++;
	j->conf.done(j->conf.user, &job);
}

static bool has_sent(const struct slot *s, uint64_t hash)
{
	vec_each (const uint64_t, h, s->sent)
		if (*h == hash)
			return true;
	return false;
}

/*
 * Another job's reply will do, but only for the first query of its kind: who asks twice wants to
 * see two packets.
 */
static bool give(struct jobs *j, struct slot *s, const struct ask *ask, uint64_t now)
{
	uint64_t hash = shared_hash(ask);
	const struct observation *o;
	struct given *g;

	if (!j->conf.life || !shared_may(ask) || has_sent(s, hash))
		return false;
	vec_push(s->job.arena, &s->sent, hash);
	o = shared_find(j->shared, ask, hash, now);
	if (!o)
		return false;
	g = arena_alloc(s->job.arena, sizeof(*g));
	g->slot = s;
	g->o = *o;
	g->o.ask = *ask;
	g->o.ask.work = WORK_BORROWED;
	g->o.msg = msg_read(s->job.arena, o->msg->wire);
	*j->given_end = g;
	j->given_end = &g->next;
	s->in_flight++;
	j->totals.shared++;
	return true;
}

/* The ask as it leaves: replies come to us, and find their way by the mark. */
static void leave(struct jobs *j, struct slot *s, struct ask *ask, uint64_t now)
{
	if (ask->timeout > DEAD_TIMEOUT && shared_may(ask) && dead_is(j->dead, ask, now))
		ask->timeout = DEAD_TIMEOUT;
	vec_push(s->job.arena, &s->asks, (struct open_ask){ ask->owner, ask->tag });
	ask->owner = &j->probe;
	ask->tag = (uint64_t)(uint16_t)(s - j->slots) | (uint64_t)(uint16_t)s->serial << 16 |
		   (uint64_t)(s->asks.n - 1) << 32;
	s->in_flight++;
	j->totals.asked++;
}

static void deliver(struct slot *s, const struct observation *o, uint64_t now)
{
	const struct observation *kept = facts_add(s->job.facts, o);

	if (o->ask.owner)
		probe_reply(o->ask.owner, kept, now);
}

static void deliver_given(struct jobs *j, uint64_t now)
{
	while (j->given) {
		struct given *g = j->given;

		j->given = g->next;
		if (!j->given)
			j->given_end = &j->given;
		g->slot->in_flight--;
		deliver(g->slot, &g->o, now);
		make_ready(j, g->slot);
	}
}

/* What a ready job wants; false: nothing now. */
static bool turn(struct jobs *j, struct slot *s, uint64_t now, struct ask *ret_ask)
{
	for (;;) {
		struct ask ask = { 0 };
		enum want want = probe_want(s->job.probe, now, &ask, &s->wake);

		if (want == WANT_ASK && give(j, s, &ask, now))
			continue;
		if (want == WANT_ASK) {
			leave(j, s, &ask, now);
			*ret_ask = ask;
			make_ready(j, s);
			return true;
		}
		if (s->wake < now + PATIENCE)
			s->wake = now + PATIENCE;
		s->over = want == WANT_DONE;
		if (s->over)
			s->wake = PROBE_NO_WAKE;
		if (s->over && !s->in_flight)
			end(j, s);
		return false;
	}
}

/* Those whose time has come are ready; when the next one's comes. */
static uint64_t wake_up(struct jobs *j, uint64_t now)
{
	uint64_t next = PROBE_NO_WAKE;

	for (size_t i = 0; i < j->made; i++) {
		struct slot *s = &j->slots[i];

		if (!s->used || s->ready)
			continue;
		if (s->wake <= now)
			make_ready(j, s);
		else if (s->wake < next)
			next = s->wake;
	}
	return next;
}

static enum want want(struct probe *p, uint64_t now, struct ask *ret_ask, uint64_t *ret_wake)
{
	struct jobs *j = jobs(p);
	enum bulk_more more = BULK_ONE;
	struct slot *s;

	for (;;) {
		deliver_given(j, now);
		while (more == BULK_ONE && j->busy < j->conf.most)
			more = begin(j, now);
		while ((s = next_ready(j)))
			if (turn(j, s, now, ret_ask))
				return WANT_ASK;
		if (j->given)
			continue;
		*ret_wake = wake_up(j, now);
		if (j->ready)
			continue;
		/* One that has ended made room. */
		if (more == BULK_ONE && j->busy < j->conf.most)
			continue;
		break;
	}
	if (!j->busy && more == BULK_END)
		return WANT_DONE;
	if (more == BULK_LATER && j->busy < j->conf.most && now + LATER < *ret_wake)
		*ret_wake = now + LATER;
	return WANT_WAIT;
}

/* The job of a reply; NULL: it is over. */
static struct slot *slot_of(struct jobs *j, uint64_t tag)
{
	struct slot *s = &j->slots[(uint16_t)tag];

	return s->used && (uint16_t)s->serial == (uint16_t)(tag >> 16) ? s : NULL;
}

/* Messages of a bulk run live until its next wait. */
static const struct msg *copy(struct arena *a, const struct observation *o)
{
	if (o->ask.brief && o->msg->wire.n == FACTS_HEADER)
		return facts_header(a, o->msg->wire);
	return msg_read(a, o->msg->wire);
}

static void reply(struct probe *p, const struct observation *o, uint64_t now)
{
	struct jobs *j = jobs(p);
	struct slot *s = slot_of(j, o->ask.tag);
	bool extra = o->outcome == OUTCOME_LATE || o->outcome == OUTCOME_STRAY;
	struct observation own = *o;
	const struct open_ask *ask;

	if (!s)
		return;
	ask = &s->asks.v[o->ask.tag >> 32];
	own.ask.owner = ask->owner;
	own.ask.tag = ask->tag;
	if (o->msg)
		own.msg = copy(s->job.arena, o);
	if (o->said)
		own.said = arena_str(s->job.arena, o->said);
	if (!extra)
		s->in_flight--;
	if (shared_may(&own.ask))
		dead_seen(j->dead, &own, now);
	if (j->conf.life && o->outcome == OUTCOME_ANSWERED && shared_may(&own.ask))
		shared_add(j->shared, &own, now);
	deliver(s, &own, now);
	s->over = false;
	make_ready(j, s);
}

static void progress(const struct probe *p, struct progress *ret)
{
	const struct jobs *j = (const struct jobs *)p;

	*ret = (struct progress){
		.phase = "names", .asked = (size_t)j->totals.asked, .found = (size_t)j->totals.done
	};
}

struct jobs *jobs_new(struct arena *a, const struct jobs_conf *conf)
{
	static const struct probe_ops ops = { .want = want, .reply = reply, .progress = progress };
	struct jobs *j = arena_alloc(a, sizeof(*j));

	assert(conf->most && conf->most <= JOBS_MOST);
	j->probe.ops = &ops;
	j->conf = *conf;
	j->slots = arena_alloc(a, conf->most * sizeof(*j->slots));
	j->ready_end = &j->ready;
	j->given_end = &j->given;
	j->dead = dead_new(a, DEAD_MOST, conf->life);
	j->shared = conf->life ? shared_new(conf->most_shared, conf->life) : NULL;
	return j;
}

void jobs_free(struct jobs *j)
{
	if (j)
		shared_free(j->shared);
}

struct probe *jobs_probe(struct jobs *j)
{
	return &j->probe;
}

struct jobs_totals jobs_totals(const struct jobs *j)
{
	return j->totals;
}

void jobs_each_left(struct jobs *j, void (*gone)(void *user, const struct job *job))
{
	for (size_t i = 0; i < j->made; i++)
		if (j->slots[i].used)
			gone(j->conf.user, &j->slots[i].job);
}
