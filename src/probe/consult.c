/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Questions to resolvers: the user's own, others, and the user's own again. */
#include "probe/consult.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/vec.h"
#include "dns/rr.h"
#include "infer/resolver.h"
#include "probe/lookup.h"

/* A resolver's own patience is up to 10 s (BIND resolver-query-timeout): outlast it. */
#define PATIENCE	12000000U
#define OPINION_TIMEOUT 5000000U /* µs a try */
/* Longer than failures are kept (BIND servfail-ttl 1 s; Unbound 5 s), and unreachable servers (BIND
 * 10 s). */
#define FORGOTTEN 12000000U
#define SOON	  1400000U /* µs: less than the patience of any resolver */

enum { OPINION_TRIES = 2 };

struct consult {
	struct probe_group group;
	struct VEC(struct probe *) children;
};

/* A lookup that begins later. */
struct later {
	struct probe probe;
	struct probe *lookup; /* replies go to it */
	uint64_t wait, at;    /* µs */
};

static void later_begin(struct probe *p, uint64_t now)
{
	struct later *l = (struct later *)p;

	l->at = now + l->wait;
	probe_begin(l->lookup, now);
}

static enum want later_want(struct probe *p, uint64_t now, struct ask *ret_ask, uint64_t *ret_wake)
{
	struct later *l = (struct later *)p;

	if (now >= l->at)
		return probe_want(l->lookup, now, ret_ask, ret_wake);
	*ret_wake = l->at;
	return WANT_WAIT;
}

static void later_reply(struct probe *p, const struct observation *o, uint64_t now)
{
	(void)p;
	(void)o;
	(void)now;
}

static struct probe *later(struct arena *a, struct probe *lookup, uint64_t wait)
{
	static const struct probe_ops ops = {
		.begin = later_begin, .want = later_want, .reply = later_reply
	};
	struct later *l = arena_alloc(a, sizeof(*l));

	*l = (struct later){ .probe = { &ops }, .lookup = lookup, .wait = wait };
	return &l->probe;
}

static void add(struct arena *a, struct consult *c, const struct lookup_plan *plan)
{
	vec_push(a, &c->children, lookup_probe(lookup_new(a, plan)));
}

static struct probe *ready(struct consult *c)
{
	probe_group_init(&c->group, c->children.v, c->children.n);
	return &c->group.probe;
}

static void ask_own(struct arena *a, struct consult *c, const struct consult_plan *p)
{
	if (p->nresolvers)
		add(a, c,
			&(struct lookup_plan){
				.question = p->question,
				.shape = shape_stub,
				.servers = p->resolvers,
				.nservers = p->nresolvers,
				.source = p->source,
				.role = ROLE_RESOLVER,
				.tries = 1,
				.timeout = PATIENCE,
			});
}

static void ask_others(
	struct arena *a, struct consult *c, const struct consult_plan *p, const struct question *q)
{
	for (size_t i = 0; i < p->nothers; i++) {
		const struct consult_other *other = &p->others[i];

		add(a, c,
			&(struct lookup_plan){
				.question = *q,
				.shape = shape_stub,
				.servers = &other->addr,
				.nservers = 1,
				/* Of a family that is not the other's, nothing could be sent. */
				.source = p->source.family == other->addr.family
						  ? p->source
						  : (struct addr){ 0 },
				.transport = other->transport,
				.secure = other->secure,
				.role = ROLE_OPINION,
				.tries = OPINION_TRIES,
				.timeout = OPINION_TIMEOUT,
			});
	}
}

struct probe *consult_new(struct arena *a, const struct consult_plan *plan)
{
	struct consult *c = arena_alloc(a, sizeof(*c));

	if (!plan->question.name)
		return ready(c);
	ask_own(a, c, plan);
	ask_others(a, c, plan, &plan->question);
	return ready(c);
}

bool consult_answered(const struct facts *f)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct observation *o = f->v[i];

		if (o->ask.role == ROLE_RESOLVER && observation_answered(o) &&
			o->msg->rcode != RCODE_SERVFAIL)
			return true;
	}
	return false;
}

/* In which way it failed. */
enum failure {
	FAILED_SOON = 1, /* SERVFAIL, before it can have waited for a server */
	FAILED_LATE = 2, /* SERVFAIL */
	FAILED_REFUSED = 4,
	FAILED_SILENT = 8,
};
#define SERVFAILED (FAILED_SOON | FAILED_LATE)
#define FAILED	   (SERVFAILED | FAILED_REFUSED | FAILED_SILENT)

static unsigned int failure(const struct resolver_result *r)
{
	if (!r->seen || r->seen->outcome == OUTCOME_NOT_SENT)
		return 0;
	if (!r->seen->msg)
		return FAILED_SILENT;
	if (r->meaning == MEANS_SERVFAIL)
		return r->took < SOON ? FAILED_SOON : FAILED_LATE;
	return r->meaning == MEANS_REFUSED ? FAILED_REFUSED : 0;
}

/* A question is NULL where there is none to ask. */
struct asking {
	struct arena *arena;
	const struct consult_plan *plan;
	const struct consult_again *again;
};

static struct question same(const struct asking *x)
{
	return x->plan->question;
}

static struct question fresh(const struct asking *x)
{
	struct buf b = { .arena = x->arena };
	struct name n;

	if (!x->again->zone)
		return (struct question){ 0 };
	buf_printf(&b, "n%llx", (unsigned long long)(rng_u64(x->again->rng) & 0xffffffffffff));
	if (name_prepend(x->again->zone, buf_text(&b), &n) < 0)
		return (struct question){ 0 };
	return (struct question){ name_keep(x->arena, &n), RR_A, CLASS_IN };
}

static struct question root(const struct asking *x)
{
	(void)x;
	return (struct question){ &name_root, RR_SOA, CLASS_IN };
}

static const struct {
	enum role role;
	unsigned int when; /* enum failure bits */
	uint16_t flags;	   /* besides RD */
	uint32_t wait;	   /* µs: what may have been remembered is to be forgotten by then */
	struct question (*question)(const struct asking *x);
} rows[] = {
	{ ROLE_REPEAT, FAILED_SOON, 0, FORGOTTEN, same },
	{ ROLE_REPEAT, FAILED & ~FAILED_SOON, 0, 0, same },
	{ ROLE_UNCHECKED, SERVFAILED, FLAG_CD, 0, same },
	{ ROLE_FRESH, SERVFAILED, 0, 0, fresh },
	{ ROLE_ELSEWHERE, FAILED, FLAG_AD, 0, root },
};

struct probe *consult_again_new(struct arena *a, const struct facts *f,
	const struct consult_plan *plan, const struct consult_again *again)
{
	struct consult *c = arena_alloc(a, sizeof(*c));
	struct asking asking = { a, plan, again };
	struct question never = fresh(&asking);
	struct resolver_result r;

	resolver_infer(f, &r);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct lookup_plan p = {
			.shape = shape_stub,
			.servers = arena_dup(a, &r.server, sizeof(r.server)),
			.nservers = 1,
			.source = plan->source,
			.role = rows[i].role,
			.tries = 1,
			.timeout = PATIENCE,
		};

		if (!(failure(&r) & rows[i].when))
			continue;
		p.question = rows[i].question(&asking);
		p.shape.flags |= rows[i].flags;
		if (p.question.name)
			vec_push(a, &c->children,
				later(a, lookup_probe(lookup_new(a, &p)), rows[i].wait));
	}
	if (never.name)
		ask_others(a, c, plan, &never);
	return ready(c);
}
