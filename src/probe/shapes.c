/* SPDX-License-Identifier: GPL-3.0-or-later */
/* In which order jobs are asked, and when nothing more is to be learnt of one. */
#include <string.h>

#include "base/err.h"
#include "dns/rr.h"
#include "infer/matrix.h"
#include "infer/reply.h"
#include "probe/newports.h"
#include "probe/shapes_inner.h"

static unsigned int turns_of(const struct job *j)
{
	switch ((enum shape_way)j->row->way) {
	case WAY_PAIR:
	case WAY_TWO_PORTS: return j->silences ? 2 * PAIRS : PAIRS;
	case WAY_NODES: return NODES;
	default: return 1;
	}
}

static bool several(const struct job *j)
{
	return j->row->way == WAY_PAIR || j->row->way == WAY_TWO_PORTS || j->row->way == WAY_NODES;
}

/* Nothing more is to be learnt of it. */
static bool is_done(const struct shapes *s, const struct job *j)
{
	if (j->unsendable || (j->row->way == WAY_COOKIE && !s->cookie))
		return true;
	if (several(j))
		return j->turns >= turns_of(j);
	if (j->row->way == WAY_STREAM)
		return j->turns >= (j->silences || j->broken ? CONFIRM + 1U : 1U);
	if (j->replies)
		return j->replies >= (j->bad ? (unsigned int)CONFIRM : 1U);
	if (j->broken)
		return j->broken + j->silences >= BROKEN_TRIES && j->silences == 0;
	if (j->row->odd)
		return j->silences >= ODD_TRIES;
	return j->silences >= shape_silences(s->lost, s->sent, s->jobs.n) + SPARE_TRIES;
}

/* The next job that may be asked now; *ret_wake: when one may be, later. */
static struct job *next_job(struct shapes *s, uint64_t now, uint64_t *ret_wake, bool *ret_left)
{
	struct job *best = NULL;

	*ret_left = false;
	vec_each (struct job, j, s->jobs) {
		if (is_done(s, j))
			continue;
		*ret_left = true;
		if (j->in_flight)
			continue;
		if (j->not_before > now) {
			if (j->not_before < *ret_wake)
				*ret_wake = j->not_before;
			continue;
		}
		/* What was asked least comes first: retries of one are spread among the others. */
		if (!best || j->turns < best->turns)
			best = j;
	}
	return best;
}

/* Fills the burst; false: nothing is to be asked now. */
static bool fill(struct shapes *s, uint64_t now, uint64_t *ret_wake, bool *ret_left)
{
	struct job *j;

	s->burst.n = s->burst_at = 0;
	*ret_left = true;
	if (!s->learnt) {
		*ret_left = s->learning < LEARN_MOST || s->in_flight;
		if (s->in_flight || s->learning >= LEARN_MOST)
			return false;
		shapes_put_learning(s);
		shapes_put_learning(s);
		return true;
	}
	switch (shapes_hush_turn(s, now, ret_wake)) {
	case HUSH_GO: break;
	case HUSH_ASK: return true;
	case HUSH_WAIT: return false;
	case HUSH_DONE: *ret_left = false; return false;
	}
	if (s->gap && s->next > now) {
		*ret_wake = s->next;
		return false;
	}
	j = next_job(s, now, ret_wake, ret_left);
	if (!*ret_left && !s->in_flight && s->recounts++ < RECOUNTS) {
		shapes_recount(s, now);
		j = next_job(s, now, ret_wake, ret_left);
	}
	if (!*ret_left && shapes_hush_repeat(s))
		return *ret_left = true;
	if (!j)
		return false;
	s->next = now + s->gap;
	if (s->since_steady >= STEADY_EVERY)
		shapes_put_steady(s);
	shapes_put_turn(s, j);
	return true;
}

static void left(struct shapes *s, const struct ask *ask)
{
	s->in_flight++;
	s->asked++;
	if (!ask->tag)
		return;
	s->since_steady++;
	s->jobs.v[ask->tag - 1].in_flight++;
}

/*
 * Asked for by name, or because so much was lost: all asks until now came from new ports. Where
 * they were answered there is room for as many, and nothing more to ask.
 */
static bool wants_newports(const struct shapes *s)
{
	/* A table that is full drops as a limit does. */
	uint64_t lost = s->lost + s->swallowed;

	if (!s->learnt || !s->apex || !shapes_chosen(&s->plan, shape_find_row(NEWPORTS_NEW)))
		return false;
	/* What blocks who asks much is not asked more. */
	if (s->hush.at == HUSH_LEAVE || s->hush.blackouts)
		return false;
	return s->plan.nrows || (lost >= NEWPORTS_LOST && lost * NEWPORTS_SHARE >= s->sent);
}

static void begin_newports(struct shapes *s, uint64_t now)
{
	struct newports_plan plan = { .server = s->plan.server,
		.source = s->plan.source,
		.question = { s->apex, RR_SOA, CLASS_IN },
		.zone = s->apex,
		.timeout = s->plan.timeout,
		.control = s->plan.control,
		.open = s->plan.open,
		.rng = rng_seed(rng_u64(&s->plan.rng)) };

	s->newports = newports_probe_new(s->arena, &plan);
	probe_begin(s->newports, now);
}

/* Behind all others, which new ports would take the room from. */
static enum want want_newports(
	struct shapes *s, uint64_t now, struct ask *ret_ask, uint64_t *ret_wake)
{
	if (!s->newports && !wants_newports(s))
		return WANT_DONE;
	if (!s->newports)
		begin_newports(s, now);
	return probe_want(s->newports, now, ret_ask, ret_wake);
}

static enum want want(struct probe *p, uint64_t now, struct ask *ret_ask, uint64_t *ret_wake)
{
	struct shapes *s = (struct shapes *)p;
	uint64_t wake = PROBE_NO_WAKE;
	bool more = true;

	if (s->burst_at == s->burst.n && (s->in_flight >= WINDOW || !fill(s, now, &wake, &more))) {
		if (!more && !s->in_flight)
			return want_newports(s, now, ret_ask, ret_wake);
		*ret_wake = wake;
		return WANT_WAIT;
	}
	*ret_ask = s->burst.v[s->burst_at++];
	left(s, ret_ask);
	return WANT_ASK;
}

/* The zone is known, or the server is at least there: whatever it says, its rows can be read. */
static void learn(struct shapes *s, const struct observation *o)
{
	const struct rr *soa = msg_find(o->msg, (struct rr_wanted){ MSG_AUTHORITY, RR_SOA, NULL });
	const struct name *zone = NULL;

	/* What answers over TCP alone is no server whose shapes could be compared. */
	if (o->ask.transport == TRANSPORT_TCP)
		return;
	s->edns |= o->ask.shape.edns && o->msg->rcode == RCODE_NOERROR;
	if (s->learnt)
		return;
	if (reply_authority(o->msg))
		zone = reply_zone(o->msg, &o->ask.question);
	else if (soa && name_under(o->ask.question.name, soa->owner))
		zone = soa->owner; /* a negative answer that forgets AA */
	/* A negative answer without its SOA record: the name above may say more. */
	if (!zone && (o->msg->rcode == RCODE_NOERROR || o->msg->rcode == RCODE_NXDOMAIN) &&
		name_labels(o->ask.question.name) > 1) {
		struct name up = name_parent(o->ask.question.name);

		s->asking = name_keep(s->arena, &up);
		s->learning = 0;
		return;
	}
	s->apex = zone ? name_keep(s->arena, zone) : s->plan.question.name;
	s->learnt = true;
	shapes_add_jobs(s);
}

/* The server's cookie, to be sent back. */
static void keep_cookie(struct shapes *s, const struct observation *o)
{
	const struct edns_opt *c = msg_option(o->msg, EDNS_COOKIE);
	struct shape_option *back;

	if (s->cookie || !c || c->length <= SHAPE_COOKIE)
		return;
	back = arena_alloc(s->arena, sizeof(*back));
	*back = (struct shape_option){ EDNS_COOKIE, c->length,
		arena_dup(s->arena, c->data, c->length) };
	s->cookie = back;
}

static void take(struct shapes *s, struct job *j, const struct observation *o)
{
	if (o->outcome == OUTCOME_NOT_SENT) {
		/* Another port will do where the port was at fault. */
		j->unsendable |= !why_is_port((enum why)o->why);
		return;
	}
	j->sent++;
	if (observation_silent(o)) {
		j->silences++;
		j->not_before = o->done + s->plan.spacing;
	} else if (!observation_spoke(o)) {
		j->broken++;
		j->not_before = o->done + s->plan.spacing;
	} else {
		const char *words = matrix_words(s->arena, j->row, o, s->apex);

		j->bad |= strncmp(words, "ok", 2) != 0;
		s->sent += !j->replies++ ? j->silences + 1 : 1;
		s->lost += j->replies == 1 ? j->silences : 0;
	}
}

void shapes_count(struct shapes *s, const struct observation *o)
{
	if (o->ask.tag) {
		take(s, &s->jobs.v[o->ask.tag - 1], o);
	} else if (o->ask.zone && o->outcome != OUTCOME_NOT_SENT &&
		   o->ask.role != ROLE_SHAPE_KNOCK) {
		s->sent++;
		s->lost += observation_silent(o);
	}
}

/* What steadies say is known soon when one of them was lost. */
static void look_closer(struct shapes *s, const struct observation *o)
{
	if (o->ask.role == ROLE_SHAPE_STEADY && observation_silent(o) &&
		s->since_steady + STEADY_SOON < STEADY_EVERY)
		s->since_steady = STEADY_EVERY - STEADY_SOON;
}

static void reply(struct probe *p, const struct observation *o, uint64_t now)
{
	struct shapes *s = (struct shapes *)p;
	bool own = addr_equal(&o->ask.server, &s->plan.server);

	if (own && o->outcome != OUTCOME_STRAY)
		shapes_hush_seen(s, o, now);
	if (o->outcome == OUTCOME_STRAY || o->outcome == OUTCOME_LATE)
		return;
	s->in_flight--;
	if (!own)
		return;
	if (observation_spoke(o) && o->ask.transport == TRANSPORT_UDP &&
		observation_rtt(o) > s->rtt)
		s->rtt = (uint32_t)observation_rtt(o);
	if (observation_answered(o)) {
		keep_cookie(s, o);
		if (!o->ask.tag)
			learn(s, o);
	}
	if (o->ask.tag)
		s->jobs.v[o->ask.tag - 1].in_flight--;
	shapes_count(s, o);
	look_closer(s, o);
	if (shapes_recount_due(s))
		shapes_recount(s, now);
}

static void progress(const struct probe *p, struct progress *ret)
{
	const struct shapes *s = (const struct shapes *)p;

	*ret = (struct progress){ .phase = "shapes",
		.asked = s->asked,
		.expected = shapes_least(&s->plan),
		.steady = s->sent,
		.lost = s->lost,
		.waiting = shapes_hush_left(s) };
	if (ret->waiting)
		ret->phase = "silent, waiting";
	if (s->newports)
		ret->asked += probe_progress(s->newports).asked;
	vec_each (const struct job, j, s->jobs)
		ret->found += j->bad || (!j->replies && is_done(s, j) && j->sent);
}

struct shapes *shapes_new(struct arena *a, const struct shapes_plan *plan)
{
	static const struct probe_ops ops = { .want = want, .reply = reply, .progress = progress };
	struct shapes *s = arena_alloc(a, sizeof(*s));

	*s = (struct shapes){ .probe = { &ops }, .arena = a, .plan = *plan };
	if (!s->plan.question.type)
		s->plan.question.type = RR_TXT;
	s->apex = s->asking = s->plan.question.name;
	return s;
}

struct probe *shapes_probe(struct shapes *s)
{
	return &s->probe;
}

size_t shapes_least(const struct shapes_plan *plan)
{
	size_t n = 2;

	for (size_t i = 0; i < shape_count; i++)
		n += shapes_chosen(plan, &shape_table[i]);
	return n + n / STEADY_EVERY + 4 * PAIRS + NODES + STREAM;
}
