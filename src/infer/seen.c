// SPDX-License-Identifier: GPL-3.0-or-later
// Sorts the walk's observations by server and question.
#include "infer/seen.h"

static struct seen_host *host_get(struct arena *a, struct seen_hosts *all, const struct addr *addr)
{
	struct seen_host *h = (struct seen_host *)seen_host(all, addr);

	if (h)
		return h;
	vec_push(a, all, (struct seen_host){ .addr = *addr });
	return &all->v[all->n - 1];
}

static void add(struct arena *a, struct seen_hosts *all, const struct facts *f, size_t index)
{
	const struct observation *o = f->v[index];
	const struct question *q = &o->ask.question;
	struct seen_host *h = host_get(a, all, &o->ask.server);
	struct seen *s = (struct seen *)seen_find(h, q->name, q->type);
	enum reply_rank rank = reply_rank(o);

	h->asked |= o->outcome != OUTCOME_NOT_SENT;
	h->replied |= rank > REPLY_NOTHING;
	if (!s) {
		vec_push(a, &h->v,
			(struct seen){ .question = *q, .zone = o->ask.zone, .index = index });
		s = &h->v.v[h->v.n - 1];
	} else if (rank <= s->rank) {
		return;
	}
	s->rank = rank;
	s->index = index;
	s->msg = rank > REPLY_NOISE ? o->msg : NULL;
}

struct seen_hosts seen_collect(struct arena *a, const struct facts *f)
{
	struct seen_hosts all = { 0 };

	for (size_t i = 0; i < f->n; i++) {
		const struct ask *ask = &f->v[i]->ask;

		if (ask->role == ROLE_WALK && f->v[i]->outcome != OUTCOME_STRAY &&
			ask->question.name)
			add(a, &all, f, i);
	}
	return all;
}

const struct seen_host *seen_host(const struct seen_hosts *all, const struct addr *addr)
{
	vec_each (struct seen_host, h, *all)
		if (addr_equal(&h->addr, addr))
			return h;
	return NULL;
}

const struct seen *seen_find(const struct seen_host *h, const struct name *qname, uint16_t qtype)
{
	vec_each (struct seen, s, h->v)
		if (s->question.type == qtype && name_equal(s->question.name, qname))
			return s;
	return NULL;
}

bool seen_speaks_for(const struct seen *s, const struct name *apex)
{
	if (!s->msg || !name_under(s->question.name, apex))
		return false;
	return reply_authority(s->msg) || reply_delegation(s->msg, apex, s->question.name);
}
