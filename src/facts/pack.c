/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Packed observations: what differs from one to the next, and a few models for the rest. */
#include "facts/pack.h"

#include <string.h>

#include "dns/name.h"

enum {
	BLOCK = 8192,
	MODELS_SEEN = 16, /* a sweep has a few kinds of asks, in turn */
};

/* What mostly differs between two asks of a sweep, and its fate. */
struct packed {
	uint64_t sent, done;
	struct span wire; /* of the message; p NULL: none */
	uint32_t timeout, size;
	uint32_t model;
	uint16_t port, from_port, id, ask_id;
	uint8_t outcome, why, role, ttl;
};

/* The rest, with all that varies set to 0, in a list with the newest last. */
struct model {
	struct observation o;
};

struct pack {
	struct arena *arena;
	struct packed *v;
	size_t n;
	struct VEC(struct model) models;
};

/* Without what is in struct packed, and what is of one run only. */
static struct observation rest_of(const struct observation *o)
{
	struct observation r;

	memcpy(&r, o, sizeof(r));
	r.ask.owner = NULL;
	r.ask.tag = 0;
	r.ask.secure = NULL;
	r.ask.shape.key = NULL;
	r.ask.work = WORK_BORROWED;
	r.ask.timeout = r.size = 0;
	r.ask.source.port = r.from.port = r.id = r.ask.id = 0;
	r.outcome = r.why = r.ask.role = r.ask.ttl = 0;
	r.sent = r.done = 0;
	r.msg = NULL;
	r.transfer = NULL;
	r.query = NULL;
	return r;
}

static bool same_name(const struct name *a, const struct name *b)
{
	return a && b ? name_same_case(a, b) : a == b;
}

/* Addresses have padding of unknown value: they are compared as such. */
static bool same_ends(const struct observation *a, const struct observation *b)
{
	return addr_equal(&a->ask.server, &b->ask.server) &&
	       addr_equal(&a->ask.source, &b->ask.source) && addr_equal(&a->from, &b->from) &&
	       addr_equal(&a->sender, &b->sender) && addr_equal(&a->quoted, &b->quoted) &&
	       addr_equal(&a->icmp.offender, &b->icmp.offender) && a->icmp.type == b->icmp.type &&
	       a->icmp.code == b->icmp.code;
}

static bool same(const struct observation *a, const struct observation *b)
{
	const struct ask *x = &a->ask, *y = &b->ask;

	return same_ends(a, b) && x->transport == y->transport && x->brief == y->brief &&
	       x->connect_only == y->connect_only && x->transfer == y->transfer &&
	       x->id_given == y->id_given && x->split == y->split && x->stream == y->stream &&
	       x->df == y->df && x->row == y->row && x->question.type == y->question.type &&
	       x->question.class == y->question.class &&
	       same_name(x->question.name, y->question.name) && same_name(x->zone, y->zone) &&
	       shape_equal(&x->shape, &y->shape) && a->signature == b->signature &&
	       a->certificate == b->certificate && !a->said && !b->said;
}

/* Makes all that the observation points to the arena's. Rows are the table's: they stay. */
static void keep(struct arena *a, struct observation *o)
{
	if (o->ask.question.name)
		o->ask.question.name = name_keep(a, o->ask.question.name);
	if (o->ask.zone)
		o->ask.zone = name_keep(a, o->ask.zone);
	if (o->said)
		o->said = arena_str(a, o->said);
	shape_keep(a, &o->ask.shape);
}

static uint32_t model_of(struct pack *p, const struct observation *o)
{
	struct model m = { rest_of(o) };

	for (size_t i = p->models.n; i-- > 0 && p->models.n - i <= MODELS_SEEN;)
		if (same(&p->models.v[i].o, &m.o))
			return (uint32_t)i;
	keep(p->arena, &m.o);
	vec_push(p->arena, &p->models, m);
	return (uint32_t)(p->models.n - 1);
}

static void put(struct pack *p, const struct observation *o)
{
	struct packed *v = &p->v[p->n++];

	*v = (struct packed){
		.sent = o->sent,
		.done = o->done,
		.timeout = o->ask.timeout,
		.size = o->size,
		.model = model_of(p, o),
		.port = o->ask.source.port,
		.from_port = o->from.port,
		.id = o->id,
		.ask_id = o->ask.id,
		.outcome = o->outcome,
		.why = o->why,
		.role = o->ask.role,
		.ttl = o->ask.ttl,
	};
	if (o->msg)
		v->wire = (struct span){ arena_dup(p->arena, o->msg->wire.p, o->msg->wire.n),
			o->msg->wire.n };
}

struct pack *pack_new(const struct facts *f, const struct pack_of *of)
{
	struct arena *a = arena_small(BLOCK);
	struct pack *p = arena_alloc(a, sizeof(*p));
	size_t n = 0;

	for (size_t i = of->first; i < f->n; i++)
		n += f->v[i]->ask.work == of->work;
	p->arena = a;
	p->v = arena_alloc(a, n * sizeof(*p->v));
	for (size_t i = of->first; i < f->n; i++)
		if (f->v[i]->ask.work == of->work)
			put(p, f->v[i]);
	return p;
}

void pack_free(struct pack *p)
{
	if (p)
		arena_free(p->arena);
}

size_t pack_count(const struct pack *p)
{
	return p->n;
}

size_t pack_size(const struct pack *p)
{
	return arena_used(p->arena);
}

static const struct msg *read_back(struct arena *a, const struct observation *o, struct span wire)
{
	if (!wire.p)
		return NULL;
	return o->ask.brief && wire.n == FACTS_HEADER ? facts_header(a, wire) : msg_read(a, wire);
}

static struct observation unpack(const struct packed *v, const struct observation *model)
{
	struct observation o = *model;

	o.ask.timeout = v->timeout;
	o.ask.role = v->role;
	o.ask.ttl = v->ttl;
	o.ask.id = v->ask_id;
	o.ask.source.port = v->port;
	o.from.port = v->from_port;
	o.id = v->id;
	o.outcome = v->outcome;
	o.why = v->why;
	o.sent = v->sent;
	o.done = v->done;
	o.size = v->size;
	return o;
}

void pack_each(const struct pack *p, const struct pack_into *into)
{
	struct observation *models = arena_alloc(into->arena, p->models.n * sizeof(*models));

	for (size_t i = 0; i < p->models.n; i++) {
		models[i] = p->models.v[i].o;
		keep(into->arena, &models[i]);
	}
	for (size_t i = 0; i < p->n; i++) {
		struct observation o = unpack(&p->v[i], &models[p->v[i].model]);

		o.msg = read_back(into->arena, &o, p->v[i].wire);
		into->take(into->user, &o);
	}
}
