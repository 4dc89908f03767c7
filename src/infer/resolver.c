// SPDX-License-Identifier: GPL-3.0-or-later
// What the user's resolver said, to the user's question and to others.
#include "infer/resolver.h"

#include "dns/rr.h"

static int first_ede(const struct msg *m)
{
	const struct edns_opt *o = msg_option(m, EDNS_EDE);

	return o && o->length >= 2 ? o->data[0] << 8 | o->data[1] : -1;
}

static bool belongs(const struct observation *o, const struct resolver_asked *asked)
{
	const struct question *q = asked->question;

	if (o->ask.role != asked->role || o->outcome == OUTCOME_STRAY)
		return false;
	if (asked->server && !addr_equal(&o->ask.server, asked->server))
		return false;
	return !q || (o->ask.question.name && o->ask.question.type == q->type &&
			     name_equal(o->ask.question.name, q->name));
}

/* The telling observation: a whole reply if there is one, else the last that came of an ask. */
struct resolver_reply resolver_reply_to(const struct facts *f, const struct resolver_asked *asked)
{
	struct resolver_reply r = { .meaning = MEANS_UNREADABLE, .ede = -1 };
	uint64_t first = 0;

	for (size_t i = 0; i < f->n; i++) {
		const struct observation *o = f->v[i];

		if (!belongs(o, asked))
			continue;
		if (o->sent && (!first || o->sent < first))
			first = o->sent;
		if (r.seen && observation_answered(r.seen) && !observation_answered(o))
			continue;
		r.seen = o;
	}
	if (!r.seen)
		return r;
	r.took = first ? r.seen->done - first : 0;
	if (!r.seen->msg || !r.seen->ask.question.name)
		return r;
	r.meaning = msg_meaning(r.seen->msg, &r.seen->ask.question, NULL);
	r.ede = first_ede(r.seen->msg);
	r.authentic = r.seen->msg->flags & FLAG_AD;
	return r;
}

static struct resolver_reply reply_to(const struct facts *f, enum role role)
{
	return resolver_reply_to(f, &(struct resolver_asked){ .role = role });
}

void resolver_infer(const struct facts *f, struct resolver_result *ret)
{
	struct resolver_reply first = reply_to(f, ROLE_RESOLVER);

	*ret = (struct resolver_result){
		.asked = first.seen != NULL,
		.seen = first.seen,
		.meaning = first.meaning,
		.took = first.took,
		.ede = first.ede,
		.repeat = reply_to(f, ROLE_REPEAT),
		.unchecked = reply_to(f, ROLE_UNCHECKED),
		.fresh = reply_to(f, ROLE_FRESH),
		.elsewhere = reply_to(f, ROLE_ELSEWHERE),
	};
	if (first.seen)
		ret->server = first.seen->ask.server;
}

bool resolver_settles(enum msg_meaning m)
{
	return m == MEANS_ANSWER || m == MEANS_ALIAS || m == MEANS_NODATA || m == MEANS_NXDOMAIN;
}
