/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From observations to cells. */
#include "infer/matrix.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "dns/rr.h"
#include "infer/reply.h"

static bool is_shape(const struct observation *o)
{
	uint8_t r = o->ask.role;

	return (r == ROLE_SHAPE || r == ROLE_SHAPE_STEADY || r == ROLE_SHAPE_CONTROL) &&
	       o->ask.question.name;
}

static struct matrix *of_server(
	struct arena *a, struct matrices *all, const struct facts *f, const struct addr *server)
{
	struct matrix *m;

	vec_each (struct matrix, have, *all)
		if (addr_equal(&have->server, server))
			return have;
	vec_push(a, all, (struct matrix){ .server = *server });
	m = &all->v[all->n - 1];
	voids_judge(a, f, server, &m->voids);
	return m;
}

/* Names differ by letter case here. */
static struct matrix_cell *of_ask(
	struct arena *a, struct matrix *m, const struct shape_row *row, const struct ask *ask)
{
	vec_each (struct matrix_cell, c, m->cells)
		if (c->row == row && c->type == ask->question.type &&
			name_same_case(c->name, ask->question.name))
			return c;
	vec_push(a, &m->cells,
		(struct matrix_cell){
			.row = row, .name = ask->question.name, .type = ask->question.type });
	return &m->cells.v[m->cells.n - 1];
}

static void count(struct matrix_cell *c, const struct observation *o, size_t index)
{
	if (o->outcome == OUTCOME_NOT_SENT) {
		if (!c->seen)
			c->seen = o, c->index = index;
		return;
	}
	c->sent++;
	if (observation_silent(o)) {
		c->from = c->from && c->from < o->sent ? c->from : o->sent;
		c->to = c->to > o->sent ? c->to : o->sent;
	}
	c->silences += observation_silent(o);
	c->broken += !observation_spoke(o) && !observation_silent(o);
	/* The first reply; until there is one, what came last. */
	if (!c->replies)
		c->seen = o, c->index = index;
	c->replies += observation_spoke(o);
}

/* The cell is there, to say that nothing is known of it. */
static void leave_out(struct matrix_cell *c, const struct observation *o, size_t index)
{
	if (!c->seen)
		c->seen = o, c->index = index;
}

static void take_stray(struct matrix *m, const struct observation *o, size_t index)
{
	struct matrix_strays *s = &m->strays;

	if (o->outcome == OUTCOME_LATE) {
		if (!s->late++)
			s->late_index = index;
		return;
	}
	if (o->why == WHY_STRAY_SOURCE && !s->n[o->why])
		s->sender = o->sender;
	if (!s->n[o->why]++)
		s->index[o->why] = index;
	if (o->why == WHY_STRAY_QUESTION && o->msg && o->msg->nquestions &&
		o->msg->questions[0].name->len &&
		name_equal(o->msg->questions[0].name, o->ask.question.name) &&
		!name_same_case(o->msg->questions[0].name, o->ask.question.name) && !s->mangled++)
		s->mangled_index = index;
}

/* The zone from whose data the server answers: the owner of a SOA record that it gave. */
static void learn_zone(struct matrix *m, const struct observation *o)
{
	if (!m->zone && observation_answered(o) && reply_authority(o->msg))
		m->zone = reply_zone(o->msg, &o->ask.question);
}

static void take_node(struct arena *a, struct matrix *m, const struct observation *o, size_t index)
{
	const struct edns_opt *id = msg_option(o->msg, EDNS_NSID);
	const struct rr *rr = msg_find(o->msg, (struct rr_wanted){ MSG_ANSWER, RR_SOA, NULL });
	struct matrix_node n = { .rcode = o->msg->rcode, .count = 1, .index = index };
	struct soa soa;

	if (id)
		n.id = (struct span){ id->data, id->length };
	n.has_serial = rr && msg_rdata_soa(o->msg, rr, &soa) == 0;
	n.serial = n.has_serial ? soa.serial : 0;
	vec_each (struct matrix_node, have, m->nodes)
		if (span_equal(have->id, n.id) && have->rcode == n.rcode &&
			have->serial == n.serial && have->has_serial == n.has_serial) {
			have->count++;
			return;
		}
	vec_push(a, &m->nodes, n);
}

/* An ask of that row to the server which left, and how it ended. */
static bool is_of(const struct matrix *m, const struct observation *o, const char *slug)
{
	return is_shape(o) && o->ask.row && strcmp(o->ask.row, slug) == 0 && o->sent &&
	       addr_equal(&o->ask.server, &m->server) && o->outcome != OUTCOME_STRAY &&
	       o->outcome != OUTCOME_LATE && !voids_cover(&m->voids, o);
}

/* The other half of the pair, if it ended before; f->n: it did not. */
static size_t partner(const struct matrix *m, const struct facts *f, size_t i)
{
	const struct ask *ask = &f->v[i]->ask;

	for (size_t j = 0; j < i; j++) {
		const struct observation *o = f->v[j];

		if (is_of(m, o, ask->row) && o->ask.stream == ask->stream &&
			o->ask.question.type != ask->question.type)
			return j;
	}
	return f->n;
}

static void take_pairs(
	const struct matrix *m, const struct facts *f, const char *slug, struct matrix_pairs *ret)
{
	for (size_t i = 0; i < f->n; i++) {
		size_t j = is_of(m, f->v[i], slug) ? partner(m, f, i) : f->n;
		bool this, that;

		if (j == f->n)
			continue;
		this = observation_spoke(f->v[i]);
		that = observation_spoke(f->v[j]);
		ret->asked++;
		if (this != that && !ret->one++)
			ret->index = this ? j : i;
	}
}

static void take_streams(const struct matrix *m, const struct facts *f, struct matrix_streams *ret)
{
	struct {
		uint32_t asked, answered;
	} of[UINT8_MAX + 1] = { 0 }; /* by ask.stream */

	for (size_t i = 0; i < f->n; i++) {
		const struct observation *o = f->v[i];

		if (!is_of(m, o, "tcp-many"))
			continue;
		of[o->ask.stream].asked++;
		of[o->ask.stream].answered += observation_spoke(o);
	}
	for (size_t i = 0; i < ARRAY_LEN(of); i++) {
		ret->whole += of[i].answered && of[i].answered == of[i].asked;
		ret->part += of[i].answered && of[i].answered < of[i].asked;
	}
}

/* A reply of the same shape that comes to other words. */
static void find_other(
	struct arena *a, const struct matrix *m, const struct facts *f, struct matrix_cell *c)
{
	for (size_t i = 0; i < f->n && !c->other; i++) {
		const struct observation *o = f->v[i];

		if (!is_of(m, o, c->row->slug) || !observation_spoke(o) ||
			o->ask.question.type != c->type ||
			!name_same_case(o->ask.question.name, c->name) ||
			strcmp(matrix_words(a, c->row, o, m->zone), c->words) == 0)
			continue;
		c->other = o;
	}
}

/*
 * While the shape was silent, the plain questions in between were answered: most of them, at least.
 * Without that, or with none of them, the server may have been silent to everything.
 */
static bool was_alive(const struct matrix *m, const struct facts *f, const struct matrix_cell *c)
{
	uint32_t answered = 0, lost = 0;

	for (size_t i = 0; i < f->n; i++) {
		const struct observation *o = f->v[i];

		if (!is_shape(o) || !addr_equal(&o->ask.server, &m->server) || o->sent < c->from ||
			o->sent > c->to || o->ask.transport != TRANSPORT_UDP ||
			voids_cover(&m->voids, o))
			continue;
		answered += observation_spoke(o);
		lost += o->ask.role == ROLE_SHAPE_STEADY && observation_silent(o);
	}
	return answered > 2 * lost;
}

static void judge(struct arena *a, struct matrix *m, const struct facts *f, struct matrix_cell *c)
{
	const char *words = matrix_words(a, c->row, c->seen, m->zone);

	c->words = c->sent || c->seen->outcome == OUTCOME_NOT_SENT ? words : "untested";
	c->good = c->sent && strncmp(words, "ok", 2) == 0 && (!words[2] || words[2] == ',');
	if (c->replies)
		c->state = CELL_REPLIED;
	/* Alone: the probe asked for more, since more may be lost before the end. */
	else if (c->silences >= shape_silences(m->lost, m->answerable, 0) && was_alive(m, f, c))
		c->state = CELL_DROPPED;
	else if (c->broken && c->broken == c->sent)
		c->state = CELL_BROKEN;
	else
		c->state = CELL_UNTOLD;
	if (c->replies > 1)
		find_other(a, m, f, c);
}

static int by_table(const void *x, const void *y)
{
	const struct matrix_cell *a = x, *b = y;

	if (a->row != b->row)
		return a->row < b->row ? -1 : 1;
	return (a->index > b->index) - (a->index < b->index);
}

/* Nodes, or a server with moods: what else it answers tells of no shape. */
static bool is_unsteady(const struct matrix *m)
{
	vec_each (const struct matrix_node, n, m->nodes)
		if (n->rcode != m->nodes.v[0].rcode)
			return true;
	vec_each (const struct matrix_cell, c, m->cells)
		if (c->row->group == SHAPE_EDNS && c->row->about == ABOUT_APEX && c->other &&
			c->other->msg && c->seen->msg &&
			c->other->msg->rcode != c->seen->msg->rcode)
			return true;
	return false;
}

/* What is lost there need not be loss of the path. */
static bool finds_loss_itself(const struct shape_row *row)
{
	return row->way == WAY_PAIR || row->way == WAY_TWO_PORTS || row->way == WAY_NEW_PORTS ||
	       row->way == WAY_USED_PORT;
}

static void finish(struct arena *a, struct matrix *m, const struct facts *f)
{
	vec_each (const struct matrix_cell, c, m->cells) {
		if (!c->replies || finds_loss_itself(c->row))
			continue;
		m->answerable += c->sent;
		m->lost += c->silences;
	}
	if (m->cells.n)
		qsort(m->cells.v, m->cells.n, sizeof(m->cells.v[0]), by_table);
	vec_each (struct matrix_cell, c, m->cells)
		judge(a, m, f, c);
	m->unsteady = is_unsteady(m);
	take_pairs(m, f, "one-port", &m->one_port);
	take_pairs(m, f, "two-ports", &m->two_ports);
	take_streams(m, f, &m->streams);
}

/* The first asks, which find the zone, are of no row: only strays and the zone are read there. */
static void take(struct arena *a, struct matrices *all, const struct facts *f, size_t i)
{
	const struct observation *o = f->v[i];
	const struct shape_row *row = o->ask.row ? shape_find_row(o->ask.row) : NULL;
	struct matrix *m = of_server(a, all, f, &o->ask.server);

	m->control |= o->ask.role == ROLE_SHAPE_CONTROL;
	if (newports_is(&o->ask)) {
		if (!m->newports)
			m->newports = newports_new(a);
		newports_add(m->newports, o, i);
	}
	if (!m->name || (row && row->about == ABOUT_NAME))
		m->name = o->ask.question.name;
	if (o->outcome == OUTCOME_STRAY || o->outcome == OUTCOME_LATE) {
		/* What a reply to an odd query has to repeat of it, nobody wrote down. */
		if (!row || !row->odd)
			take_stray(m, o, i);
		return;
	}
	if (voids_cover(&m->voids, o)) {
		m->voided++;
		if (row)
			leave_out(of_ask(a, m, row, &o->ask), o, i);
		return;
	}
	learn_zone(m, o);
	if (o->ask.work == WORK_BORROWED && o->ask.zone)
		m->lent_to = o->ask.zone;
	m->tcp |= o->ask.transport == TRANSPORT_TCP && observation_spoke(o);
	if (o->sent && o->ask.transport == TRANSPORT_UDP) {
		m->udp++;
		m->silent += observation_silent(o);
	}
	if (!row)
		return;
	count(of_ask(a, m, row, &o->ask), o, i);
	if (row->way == WAY_NODES && observation_answered(o))
		take_node(a, m, o, i);
}

const struct name *matrix_subject(const struct matrix *m)
{
	if (m->lent_to)
		return m->lent_to;
	return m->zone ? m->zone : m->name;
}

struct matrices matrix_collect(struct arena *a, const struct facts *f)
{
	struct matrices all = { 0 };

	for (size_t i = 0; i < f->n; i++)
		if (is_shape(f->v[i]))
			take(a, &all, f, i);
	vec_each (struct matrix, m, all)
		finish(a, m, f);
	return all;
}

const struct matrix_cell *matrix_cell(const struct matrix *m, const char *slug)
{
	vec_each (const struct matrix_cell, c, m->cells)
		if (strcmp(c->row->slug, slug) == 0)
			return c;
	return NULL;
}
