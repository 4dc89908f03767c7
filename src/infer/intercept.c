// SPDX-License-Identifier: GPL-3.0-or-later
// Tells from the replies of root servers whether root servers sent them.
#include "infer/intercept.h"

#include "dns/rr.h"
#include "infer/reply.h"

enum {
	ROOTS_LEAST = 2, /* one that is strange by itself is its own fault */
	BEYOND_LABELS = 2,
};

/* What came in the name of one root server. */
struct voice {
	struct addr addr;
	bool root;	/* it was asked for the root's SOA */
	bool authority; /* for it */
	bool recurses;
	size_t beyond;
	size_t evidence;
};
struct voices VEC(struct voice);

static struct voice *voice_of(struct arena *a, struct voices *all, const struct addr *addr)
{
	vec_each (struct voice, v, *all)
		if (addr_same_host(&v->addr, addr))
			return v;
	vec_push(a, all, (struct voice){ .addr = *addr, .evidence = SIZE_MAX });
	return &all->v[all->n - 1];
}

static bool to_root(const struct observation *o)
{
	const struct ask *k = &o->ask;

	return (k->role == ROLE_WALK || k->role == ROLE_TREE) && k->zone && k->zone->len == 1 &&
	       k->question.name && k->question.class == CLASS_IN && observation_answered(o);
}

/* An answer, without authority, to a name of which a root server knows the TLD at most. */
static bool beyond(const struct observation *o)
{
	return name_labels(o->ask.question.name) >= BEYOND_LABELS && !(o->msg->flags & FLAG_AA) &&
	       o->msg->rcode == RCODE_NOERROR &&
	       msg_count(o->msg, (struct rr_wanted){ MSG_ANSWER, 0, NULL }) > 0;
}

static void hear(struct arena *a, struct voices *all, const struct facts *f, size_t i)
{
	const struct observation *o = f->v[i];
	struct voice *v = voice_of(a, all, &o->ask.server);

	v->recurses |= (o->msg->flags & FLAG_RA) != 0;
	v->beyond += beyond(o);
	/*
	 * Its NS set is asked of other servers as well, to see where these refer to; and resolvers
	 * are an authority for local zones (RFC 6303).
	 */
	if (o->ask.question.name->len != 1 || o->ask.question.type != RR_SOA)
		return;
	v->root = true;
	v->authority |= reply_authority(o->msg);
	if (!reply_authority(o->msg) && v->evidence == SIZE_MAX)
		v->evidence = i;
}

static struct intercept_side *side_of(struct interception *x, const struct addr *a)
{
	return a->family == ADDR_V6 ? &x->v6 : &x->v4;
}

static void weigh(struct arena *a, struct interception *x, const struct voice *v)
{
	struct intercept_side *s = side_of(x, &v->addr);
	bool without = !v->authority;

	if (!v->root)
		return;
	vec_push(a, &s->roots, v->addr);
	s->without += without;
	s->recurse += without && v->recurses;
	s->beyond += v->beyond;
	if (without)
		vec_push(a, &s->evidence, v->evidence);
}

/* Whoever replies there, the host that was asked is not the one. */
static void hear_nobody(struct arena *a, struct interception *x, const struct facts *f, size_t i)
{
	struct intercept_side *s = side_of(x, &f->v[i]->ask.server);

	s->nobody++;
	vec_push(a, &s->evidence, i);
}

static void conclude(struct intercept_side *s)
{
	s->suspected = s->roots.n && s->without == s->roots.n;
	s->found = s->suspected && (s->nobody || (s->roots.n >= ROOTS_LEAST &&
							 (s->recurse == s->roots.n || s->beyond)));
}

struct interception intercept_judge(struct arena *a, const struct facts *f)
{
	struct interception x = { 0 };
	struct voices all = { 0 };

	for (size_t i = 0; i < f->n; i++) {
		if (to_root(f->v[i]))
			hear(a, &all, f, i);
		else if (f->v[i]->ask.role == ROLE_NOBODY && observation_answered(f->v[i]))
			hear_nobody(a, &x, f, i);
	}
	vec_each (const struct voice, v, all)
		weigh(a, &x, v);
	conclude(&x.v4);
	conclude(&x.v6);
	return x;
}

bool intercept_of(const struct interception *x, const struct addr *server)
{
	return server->family == ADDR_V6 ? x->v6.found : x->v4.found;
}
