/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Routers behind address translation, and who only pretends to be one. */
#include "infer/path.h"

static struct path_quotes *quotes_of(struct path_result *r, const struct observation *o)
{
	bool steady = o->ask.role == ROLE_PATH_STEADY;

	for (unsigned int i = 0; i < r->nquotes; i++)
		if (r->quotes[i].steady == steady &&
			addr_equal(&r->quotes[i].by, &o->icmp.offender))
			return &r->quotes[i];
	return NULL;
}

static bool expired(const struct observation *o)
{
	return path_says_expired(o) && o->icmp.offender.family == o->ask.server.family;
}

unsigned int path_quoted(
	struct path_result *r, const struct observation *o, const struct path_quotes **ret)
{
	struct addr seen = o->outcome == OUTCOME_STRAY ? o->quoted : o->from;
	struct path_quotes *q = quotes_of(r, o);

	if (!expired(o) || seen.family != o->ask.server.family)
		return 0;
	if (!q) {
		if (r->nquotes < PATH_QUOTES)
			r->quotes[r->nquotes++] = (struct path_quotes){ .by = o->icmp.offender,
				.seen = seen,
				.steady = o->ask.role == ROLE_PATH_STEADY,
				.ttl = o->ask.ttl,
				.last = o->id,
				.asks = 1,
				.took = o->done > o->sent ? o->done - o->sent : 0 };
		return 0;
	}
	q->denied |= !addr_equal(&q->seen, &seen);
	/* Twice of the same ask says no more than once. */
	if (q->denied || q->last == o->id)
		return 0;
	q->last = o->id;
	q->asks++;
	if (ret)
		*ret = q;
	return q->asks == 2 ? 2 : 1;
}
