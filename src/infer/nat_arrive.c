/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Queries at both ends of the way, matched by id and question. */
#include "infer/nat_arrive.h"

#include <stdlib.h>

enum { PAIRS_MOST = 1024 };

static bool left(const struct sighting *s)
{
	return (s->source == SIGHT_CAPTURE || s->source == SIGHT_DNSTAP) &&
	       s->transport == TRANSPORT_UDP && s->question.name && s->from.port;
}

static bool arrived(const struct sighting *s)
{
	return s->source == SIGHT_BEACON && s->transport == TRANSPORT_UDP && s->question.name &&
	       s->from.port;
}

static int by_question(const void *a, const void *b)
{
	const struct sighting *x = *(const struct sighting *const *)a;
	const struct sighting *y = *(const struct sighting *const *)b;

	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	if (x->question.type != y->question.type)
		return x->question.type < y->question.type ? -1 : 1;
	/* A beacon tells the case of the first letters only; its names are told apart without. */
	return name_compare(x->question.name, y->question.name);
}

/* A side, sorted, without those that occur twice. */
static size_t pick(
	const struct facts *f, bool (*side)(const struct sighting *s), const struct sighting **ret)
{
	size_t n = 0, kept = 0;

	vec_each (const struct sighting, s, f->sightings)
		if (side(s))
			ret[n++] = s;
	qsort(ret, n, sizeof(*ret), by_question);
	for (size_t i = 0; i < n; i++) {
		bool twin = (i && by_question(&ret[i - 1], &ret[i]) == 0) ||
			    (i + 1 < n && by_question(&ret[i], &ret[i + 1]) == 0);

		/* What stands before kept is not looked at again. */
		if (!twin)
			ret[kept++] = ret[i];
	}
	return kept;
}

static void compare(struct arena *a, struct nat_arrival *r, const struct sighting *sent,
	const struct sighting *seen)
{
	r->matched++;
	if (sent->from.port != seen->from.port) {
		r->rewritten++;
		if (r->pairs.n < PAIRS_MOST)
			vec_push(a, &r->pairs,
				(struct nat_pair){
					.sent = sent->from, .seen = seen->from, .quotes = 1 });
	} else {
		r->moved +=
			sent->from.family != ADDR_NONE && !addr_same_host(&sent->from, &seen->from);
	}
}

struct nat_arrival nat_arrive(struct arena *a, const struct facts *f)
{
	size_t all = f->sightings.n, n, m;
	const struct sighting **out = arena_alloc(a, (all + 1) * sizeof(const struct sighting *));
	const struct sighting **in = arena_alloc(a, (all + 1) * sizeof(const struct sighting *));
	struct nat_arrival r = { 0 };

	n = pick(f, left, out);
	m = pick(f, arrived, in);
	for (size_t i = 0, j = 0; i < n && j < m;) {
		int order = by_question(&out[i], &in[j]);

		if (order == 0)
			compare(a, &r, out[i++], in[j++]);
		else if (order < 0)
			i++;
		else
			j++;
	}
	return r;
}

struct portrange nat_class(uint16_t port)
{
	if (port < 512)
		return (struct portrange){ 1, 511 };
	if (port < 1024)
		return (struct portrange){ 512, 1023 };
	return (struct portrange){ 1024, UINT16_MAX };
}
