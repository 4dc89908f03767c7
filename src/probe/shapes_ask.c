/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From rows of the table to jobs, and from jobs to asks. */
#include <assert.h>
#include <string.h>

#include "base/err.h"
#include "dns/rr.h"
#include "probe/shapes_inner.h"

bool shapes_chosen(const struct shapes_plan *p, const struct shape_row *row)
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
	struct name mixed = name_mixed(given);

	switch ((enum shape_about)row->about) {
	case ABOUT_APEX: add_job(s, row, s->apex); break;
	case ABOUT_NAME: add_job(s, row, given); break;
	case ABOUT_MIXED: add_job(s, row, name_keep(s->arena, &mixed)); break;
	case ABOUT_MISSING: add_job(s, row, missing(s)); break;
	case ABOUT_ABOVE: add_above(s, row); break;
	case ABOUT_HOSTNAME: add_job(s, row, bind_name(s->arena, "hostname.bind.")); break;
	case ABOUT_ID: add_job(s, row, bind_name(s->arena, "id.server.")); break;
	}
}

void shapes_add_jobs(struct shapes *s)
{
	uint16_t *order = arena_alloc(s->arena, shape_count * sizeof(*order));

	for (size_t i = 0; i < shape_count; i++)
		order[i] = (uint16_t)i;
	rng_shuffle(&s->plan.rng, order, shape_count, sizeof(*order));
	for (size_t i = 0; i < shape_count; i++)
		if (shapes_chosen(&s->plan, &shape_table[order[i]]) &&
			shape_table[order[i]].way < WAY_NEW_PORTS)
			add_row(s, &shape_table[order[i]]);
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

	ask.source.port = s->plan.open ? some_port(s) : 0;
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

void shapes_put_turn(struct shapes *s, struct job *j)
{
	j->turns++;
	j->given++;
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

void shapes_put_steady(struct shapes *s)
{
	const struct shape_row *row = shape_find_row(s->edns ? "edns" : "dns");
	struct ask ask = any_ask(s, ROLE_SHAPE_STEADY, row);

	ask.question = (struct question){ s->apex, RR_SOA, CLASS_IN };
	ask.row = row->slug;
	s->since_steady = 0;
	vec_push(s->arena, &s->burst, ask);
}

/* A reply to a retry would have been there by then. */
static uint32_t knock_timeout(const struct shapes *s)
{
	uint32_t t = s->rtt * RTTS < KNOCK_LEAST ? KNOCK_LEAST : s->rtt * RTTS;

	return t < s->plan.timeout ? t : s->plan.timeout;
}

void shapes_put_knock(struct shapes *s)
{
	static const uint16_t types[] = { RR_SOA, RR_NS };
	struct ask ask = any_ask(s, ROLE_SHAPE_KNOCK, shape_find_row(s->edns ? "edns" : "dns"));

	ask.timeout = knock_timeout(s);
	/* Limits count by name and type. */
	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		ask.question = (struct question){ s->apex, types[i], CLASS_IN };
		if (s->plan.open)
			ask.source.port = some_port(s);
		vec_push(s->arena, &s->burst, ask);
	}
	if (!s->hush.tcp)
		return;
	ask.question.type = RR_SOA;
	ask.transport = TRANSPORT_TCP;
	vec_push(s->arena, &s->burst, ask);
}

void shapes_put_witness(struct shapes *s)
{
	const struct place_control *c = s->plan.witness;
	struct ask ask = any_ask(s, ROLE_SHAPE_KNOCK, shape_find_row("edns"));

	if (!c)
		return;
	ask.server = c->server;
	ask.question = c->question;
	ask.source.port = 0;
	ask.zone = NULL;
	ask.timeout = knock_timeout(s);
	vec_push(s->arena, &s->burst, ask);
}

void shapes_put_learning(struct shapes *s)
{
	const struct shape_row *row = shape_find_row(s->learning % 2 ? "dns" : "edns");
	struct ask ask = any_ask(s, ROLE_SHAPE_STEADY, row);

	ask.question = (struct question){ s->asking, RR_SOA, CLASS_IN };
	ask.zone = NULL;
	if (s->learning >= LEARN_TRIES)
		ask.transport = TRANSPORT_TCP;
	s->learning++;
	vec_push(s->arena, &s->burst, ask);
}
