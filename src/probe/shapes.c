/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Jobs, one a row and name, and the order in which they are asked. */
#include "probe/shapes.h"

#include <assert.h>
#include <string.h>

#include "base/err.h"
#include "base/vec.h"
#include "dns/rr.h"
#include "infer/matrix.h"
#include "infer/reply.h"

enum {
	WINDOW = 12,	  /* asks in flight */
	LEARN_TRIES = 8,  /* of the questions that tell the zone, plain and with EDNS in turn */
	LEARN_MOST = 10,  /* then over TCP, which tells a dead server from dead UDP */
	STEADY_EVERY = 6, /* asks between two that should be answered */
	CONFIRM = 2,	  /* replies of a shape that is not answered as it should be */
	SPARE_TRIES = 2,  /* beyond what is needed by now: more may be lost until the end */
	ODD_TRIES = 4,	  /* of a silent shape that no resolver sends */
	BROKEN_TRIES = 3, /* of a shape over TCP that fails at once */
	PAIRS = 6,	  /* … and twice as many when one got lost */
	NODES = 8,	  /* ports from which the server is asked who it is */
	STREAM = 3,	  /* queries in one TCP connection */
	SPLIT = 5,	  /* octets before the cut: inside the header */
	ABOVE_MOST = 8,	  /* names on the way */
	FIRST_PORT = 20000,
	LAST_PORT = 59999, /* of pairs: no service and no rule cares for them */
	MISSING_LETTERS = 12,
	RTTS = 8,	      /* a second try waits so many times the longest RTT */
	RETRY_LEAST = 400000, /* µs, but no less */
};

/* A row for one name. Pairs, streams and nodes take several asks a turn. */
struct job {
	const struct shape_row *row;
	struct question question;
	unsigned int sent, replies, silences, broken, in_flight;
	unsigned int turns; /* of what is asked several times anyway */
	bool bad;	    /* a reply was not as it should be */
	bool unsendable;
	uint64_t not_before;
};

struct shapes {
	struct probe probe;
	struct shapes_plan plan;
	struct arena *arena;
	const struct name *apex;
	struct VEC(struct job) jobs;
	struct VEC(struct ask) burst; /* asks that go out together */
	size_t burst_at;
	size_t in_flight;
	unsigned int learning; /* tries so far */
	bool learnt, edns;     /* the zone is known; EDNS is answered */
	unsigned int since_steady;
	uint64_t sent, lost; /* of shapes that are answered */
	uint32_t rtt;	     /* µs, the longest so far */
	uint8_t streams;
	const struct shape_option *cookie; /* that the server gave */
	uint64_t asked;
};

static bool chosen(const struct shapes_plan *p, const struct shape_row *row)
{
	if (!p->nrows)
		return p->all || !row->on_demand;
	/* Whatever is asked, these are compared with. */
	if (strcmp(row->slug, "dns") == 0 || strcmp(row->slug, "edns") == 0)
		return true;
	for (size_t i = 0; i < p->nrows; i++)
		if (strcmp(p->rows[i], row->slug) == 0)
			return true;
	return false;
}

static const struct name *bind_name(struct arena *a, const char *text)
{
	struct name n;
	int err = name_parse(text, &n);

	assert(err == 0);
	return name_keep(a, &n);
}

/* Every other letter is a capital. */
static const struct name *mixed(struct arena *a, const struct name *name)
{
	struct name n = name_lower(name);
	bool up = true;

	for (size_t i = 0; i < n.len; i += n.wire[i] + 1U)
		for (size_t j = 1; j <= n.wire[i]; j++) {
			uint8_t *c = &n.wire[i + j];

			if (*c < 'a' || *c > 'z')
				continue;
			if (up)
				*c = (uint8_t)(*c - 'a' + 'A');
			up = !up;
		}
	return name_keep(a, &n);
}

/* Random letters before the apex; the apex when there is no room. */
static const struct name *missing(struct shapes *s)
{
	struct name n = { 0 };

	if (s->apex->len + MISSING_LETTERS + 1U > sizeof(n.wire))
		return s->apex;
	n.wire[0] = MISSING_LETTERS;
	for (size_t i = 1; i <= MISSING_LETTERS; i++)
		n.wire[i] = (uint8_t)('a' + rng_below(&s->plan.rng, 26));
	memcpy(n.wire + MISSING_LETTERS + 1, s->apex->wire, s->apex->len);
	n.len = (uint8_t)(s->apex->len + MISSING_LETTERS + 1);
	return name_keep(s->arena, &n);
}

static void add_job(struct shapes *s, const struct shape_row *row, const struct name *name)
{
	struct job j = { .row = row };

	j.question = (struct question){ name, row->type ? row->type : s->plan.question.type,
		row->class ? row->class : CLASS_IN };
	vec_push(s->arena, &s->jobs, j);
}

static void add_above(struct shapes *s, const struct shape_row *row)
{
	struct name n = *s->plan.question.name;

	for (unsigned int i = 0; i < ABOVE_MOST && name_under(&n, s->apex) &&
				 name_labels(&n) > name_labels(s->apex) + 1;
		i++) {
		n = name_parent(&n);
		add_job(s, row, name_keep(s->arena, &n));
	}
}

static void add_row(struct shapes *s, const struct shape_row *row)
{
	const struct name *given = s->plan.question.name;

	switch ((enum shape_about)row->about) {
	case ABOUT_APEX: add_job(s, row, s->apex); break;
	case ABOUT_NAME: add_job(s, row, given); break;
	case ABOUT_MIXED: add_job(s, row, mixed(s->arena, given)); break;
	case ABOUT_MISSING: add_job(s, row, missing(s)); break;
	case ABOUT_ABOVE: add_above(s, row); break;
	case ABOUT_HOSTNAME: add_job(s, row, bind_name(s->arena, "hostname.bind.")); break;
	case ABOUT_ID: add_job(s, row, bind_name(s->arena, "id.server.")); break;
	}
}

/* Rows in random order, so that a limit or a change of the path meets no kind of them first. */
static void add_rows(struct shapes *s)
{
	uint16_t *order = arena_alloc(s->arena, shape_count * sizeof(*order));

	for (size_t i = 0; i < shape_count; i++)
		order[i] = (uint16_t)i;
	rng_shuffle(&s->plan.rng, order, shape_count, sizeof(*order));
	for (size_t i = 0; i < shape_count; i++)
		if (chosen(&s->plan, &shape_table[order[i]]))
			add_row(s, &shape_table[order[i]]);
}

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

static uint32_t timeout_of(const struct shapes *s, const struct job *j)
{
	uint32_t again = s->rtt * RTTS;

	if (!j->silences || j->row->transport == TRANSPORT_TCP || !s->rtt)
		return s->plan.timeout;
	if (again < RETRY_LEAST)
		again = RETRY_LEAST;
	return again < s->plan.timeout ? again : s->plan.timeout;
}

/* A port that is no service's, and that no rule is known to drop. */
static uint16_t some_port(struct shapes *s)
{
	const struct portset *open = s->plan.open;

	if (open && !portset_empty(open))
		return (uint16_t)portset_nth(open, rng_below(&s->plan.rng, portset_count(open)));
	return (uint16_t)(FIRST_PORT + rng_below(&s->plan.rng, LAST_PORT - FIRST_PORT + 1));
}

/* What all asks have in common. */
static struct ask any_ask(struct shapes *s, enum role role, const struct shape_row *row)
{
	struct ask ask = { .owner = &s->probe,
		.server = s->plan.server,
		.source = s->plan.source,
		.transport = row->transport,
		.role = (uint8_t)(s->plan.control ? ROLE_SHAPE_CONTROL : role),
		.timeout = s->plan.timeout,
		.shape = row->shape,
		.zone = s->apex };

	ask.source.port = s->plan.open && row->transport == TRANSPORT_UDP ? some_port(s) : 0;
	return ask;
}

static struct ask ask_of(struct shapes *s, const struct job *j)
{
	struct ask ask = any_ask(s, ROLE_SHAPE, j->row);

	ask.tag = (uint64_t)(j - s->jobs.v) + 1;
	ask.timeout = timeout_of(s, j);
	ask.question = j->question;
	ask.row = j->row->slug;
	ask.df = j->row->df;
	if (j->row->way == WAY_COOKIE) {
		ask.shape.options = s->cookie;
		ask.shape.noptions = 1;
	}
	if (j->row->way == WAY_SPLIT)
		ask.split = SPLIT;
	return ask;
}

/* Numbers that say which asks belong together. */
static uint8_t next_stream(struct shapes *s)
{
	if (!++s->streams)
		s->streams = 1;
	return s->streams;
}

static void put_pair(struct shapes *s, struct job *j)
{
	struct ask ask = ask_of(s, j);

	ask.stream = next_stream(s);
	ask.source.port = some_port(s);
	vec_push(s->arena, &s->burst, ask);
	ask.question.type = RR_AAAA;
	if (j->row->way == WAY_TWO_PORTS)
		ask.source.port = some_port(s);
	vec_push(s->arena, &s->burst, ask);
}

static void put_stream(struct shapes *s, struct job *j)
{
	static const uint16_t types[STREAM] = { RR_SOA, RR_NS, RR_SOA };
	struct ask ask = ask_of(s, j);

	ask.stream = next_stream(s);
	for (size_t i = 0; i < STREAM; i++) {
		ask.question.type = types[i];
		vec_push(s->arena, &s->burst, ask);
	}
}

/* All asks of one turn of the job. */
static void put_turn(struct shapes *s, struct job *j)
{
	j->turns++;
	if (j->row->way == WAY_PAIR || j->row->way == WAY_TWO_PORTS) {
		put_pair(s, j);
	} else if (j->row->way == WAY_STREAM) {
		put_stream(s, j);
	} else {
		struct ask ask = ask_of(s, j);

		if (j->row->way == WAY_NODES)
			ask.source.port = some_port(s);
		vec_push(s->arena, &s->burst, ask);
	}
}

/* What should be answered: it tells the loss, and whether the server is still there. */
static void put_steady(struct shapes *s)
{
	const struct shape_row *row = shape_find_row(s->edns ? "edns" : "dns");
	struct ask ask = any_ask(s, ROLE_SHAPE_STEADY, row);

	ask.question = (struct question){ s->apex, RR_SOA, CLASS_IN };
	ask.row = row->slug;
	s->since_steady = 0;
	vec_push(s->arena, &s->burst, ask);
}

/* The zone is asked for by the name's SOA record, which a reply without it tells, too. */
static void put_learning(struct shapes *s)
{
	const struct shape_row *row = shape_find_row(s->learning % 2 ? "dns" : "edns");
	struct ask ask = any_ask(s, ROLE_SHAPE_STEADY, row);

	ask.question = (struct question){ s->plan.question.name, RR_SOA, CLASS_IN };
	ask.zone = NULL;
	if (s->learning >= LEARN_TRIES) {
		ask.transport = TRANSPORT_TCP;
		ask.source.port = 0;
	}
	s->learning++;
	vec_push(s->arena, &s->burst, ask);
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
		put_learning(s);
		put_learning(s);
		return true;
	}
	j = next_job(s, now, ret_wake, ret_left);
	if (!j)
		return false;
	if (s->since_steady >= STEADY_EVERY)
		put_steady(s);
	put_turn(s, j);
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

static enum want want(struct probe *p, uint64_t now, struct ask *ret_ask, uint64_t *ret_wake)
{
	struct shapes *s = (struct shapes *)p;
	uint64_t wake = PROBE_NO_WAKE;
	bool more = true;

	if (s->burst_at == s->burst.n && (s->in_flight >= WINDOW || !fill(s, now, &wake, &more))) {
		if (!more && !s->in_flight)
			return WANT_DONE;
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
	const struct name *zone = NULL;

	/* What answers over TCP alone is no server whose shapes could be compared. */
	if (o->ask.transport == TRANSPORT_TCP)
		return;
	s->edns |= o->ask.shape.edns && o->msg->rcode == RCODE_NOERROR;
	if (s->learnt)
		return;
	if (reply_authority(o->msg))
		zone = reply_zone(o->msg, &o->ask.question);
	s->apex = zone ? name_keep(s->arena, zone) : s->plan.question.name;
	s->learnt = true;
	add_rows(s);
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

static bool spoke(const struct observation *o)
{
	return o->outcome == OUTCOME_ANSWERED || o->outcome == OUTCOME_MALFORMED;
}

static void take(struct shapes *s, struct job *j, const struct observation *o)
{
	j->in_flight--;
	if (o->outcome == OUTCOME_NOT_SENT) {
		/* Another port will do where the port was at fault. */
		j->unsendable |= !why_is_port((enum why)o->why);
		return;
	}
	j->sent++;
	if (observation_silent(o)) {
		j->silences++;
		j->not_before = o->done + s->plan.spacing;
	} else if (!spoke(o)) {
		j->broken++;
		j->not_before = o->done + s->plan.spacing;
	} else {
		const char *words = matrix_words(s->arena, j->row, o, s->apex);

		j->bad |= strncmp(words, "ok", 2) != 0;
		s->sent += !j->replies++ ? j->silences + 1 : 1;
		s->lost += j->replies == 1 ? j->silences : 0;
	}
}

static void reply(struct probe *p, const struct observation *o, uint64_t now)
{
	struct shapes *s = (struct shapes *)p;

	(void)now;
	if (o->outcome == OUTCOME_STRAY || o->outcome == OUTCOME_LATE)
		return;
	s->in_flight--;
	if (spoke(o) && o->ask.transport == TRANSPORT_UDP && observation_rtt(o) > s->rtt)
		s->rtt = (uint32_t)observation_rtt(o);
	if (observation_answered(o)) {
		keep_cookie(s, o);
		if (!o->ask.tag)
			learn(s, o);
	}
	if (o->ask.tag) {
		take(s, &s->jobs.v[o->ask.tag - 1], o);
	} else if (s->learnt && o->outcome != OUTCOME_NOT_SENT) {
		s->sent++;
		s->lost += observation_silent(o);
	}
}

static void progress(const struct probe *p, struct progress *ret)
{
	const struct shapes *s = (const struct shapes *)p;

	*ret = (struct progress){ .phase = "shapes",
		.asked = s->asked,
		.expected = shapes_least(&s->plan),
		.steady = s->sent,
		.lost = s->lost };
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
	s->apex = s->plan.question.name;
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
		n += chosen(plan, &shape_table[i]);
	return n + n / STEADY_EVERY + 4 * PAIRS + NODES + STREAM;
}
