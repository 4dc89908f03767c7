/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks of servers as such: those that answer nothing from any port. */
#include "check/check.h"

#include "base/err.h"

enum { EVIDENCE_MOST = 16 };

/* Anything but the server in question answered: silence is then not ours. */
static bool others_answer(const struct inferences *in)
{
	return in->answered_beyond > 0;
}

static bool answered_walk(const struct inferences *in, const struct addr *server)
{
	vec_each(const struct server_queries, q, in->by_server)
		if (addr_equal(&q->server, server))
			return q->answered > 0;
	return false;
}

static bool all_silent(const struct inferences *in)
{
	vec_each(const struct sweep_result, s, in->sweeps)
		if (s->ports.pattern != PATTERN_ALL || answered_walk(in, &s->server))
			return false;
	return true;
}

static void collect(const struct check_input *in, struct findings *f, struct finding *x)
{
	size_t n = 0;

	for (size_t i = 0; i < in->facts->n && n < EVIDENCE_MOST; i++) {
		const struct observation *o = in->facts->v[i];
		bool ours = false;

		vec_each(struct addr, s, x->servers)
			ours |= addr_equal(s, &o->ask.server);
		if (!ours || (!observation_silent(o) && o->outcome != OUTCOME_ICMP))
			continue;
		finding_evidence(f, x, i);
		n++;
	}
}

/* One finding for all servers that no port reaches; an error when no other server is left. */
static void unreachable(const struct check_input *in, struct findings *f)
{
	const struct inferences *i = in->inferences;
	struct finding *x = NULL;
	uint64_t tried = 0;

	if (!others_answer(i))
		return;
	vec_each(const struct sweep_result, s, i->sweeps) {
		if (s->ports.pattern != PATTERN_ALL || answered_walk(i, &s->server))
			continue;
		if (!x) {
			x = findings_add(f, "unreachable", all_silent(i) ? SEV_ERROR : SEV_WARNING,
				WHERE_FAR);
			x->subject = s->zone;
			x->confidence = 1 - 1e-6;
		}
		finding_server(f, x, &s->server);
		tried += s->ports.sent;
	}
	if (!x)
		return;
	finding_detail(f, x,
		(struct detail){ .key = "tried", .kind = DETAIL_INT, .integer = (int64_t)tried });
	collect(in, f, x);
}

static const struct check rows[] = {
	{ "unreachable", unreachable },
};

const struct family family_servers = { "servers", rows, ARRAY_LEN(rows) };
