// SPDX-License-Identifier: GPL-3.0-or-later
// Collects what other resolvers said.
#include "infer/opinion.h"

enum { OPINIONS_MOST = 64 };

static bool known(const struct opinions *all, const struct addr *server)
{
	vec_each (const struct opinion, x, all->list)
		if (addr_equal(&x->server, server))
			return true;
	return false;
}

/* The name that was asked besides the user's own; NULL: none was. */
static const struct question *other_question(const struct facts *f, const struct addr *server)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct ask *k = &f->v[i]->ask;

		if (k->role == ROLE_OPINION && addr_equal(&k->server, server) && k->question.name &&
			!name_equal(k->question.name, f->question.name))
			return &k->question;
	}
	return NULL;
}

static void add(struct arena *a, struct opinions *all, const struct facts *f, struct addr server)
{
	const struct question *other = other_question(f, &server);
	struct resolver_asked asked = { ROLE_OPINION, &server, &f->question };
	struct opinion x = { .server = server, .fresh = { .meaning = MEANS_UNREADABLE } };

	x.reply = resolver_reply_to(f, &asked);
	if (!x.reply.seen)
		return;
	x.transport = x.reply.seen->ask.transport;
	asked.question = other;
	if (other)
		x.fresh = resolver_reply_to(f, &asked);
	all->settled += resolver_settles(x.reply.meaning);
	all->failed += x.reply.seen->msg && !resolver_settles(x.reply.meaning);
	all->silent += !x.reply.seen->msg;
	all->fresh += resolver_settles(x.fresh.meaning);
	vec_push(a, &all->list, x);
}

struct opinions opinion_collect(struct arena *a, const struct facts *f)
{
	struct opinions all = { 0 };

	for (size_t i = 0; i < f->n && f->question.name; i++) {
		const struct ask *k = &f->v[i]->ask;

		if (k->role == ROLE_OPINION && all.list.n < OPINIONS_MOST &&
			!known(&all, &k->server))
			add(a, &all, f, k->server);
	}
	return all;
}
