/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names and types that a walk has seen to exist. */
#include "probe/existing.h"

#include "base/vec.h"
#include "dns/rr.h"

enum { NAMES_MOST = 8 }; /* of a zone */

static bool is_question(const struct existing *e, const struct question *q)
{
	for (size_t i = 0; i < e->n; i++)
		if (e->v[i].type == q->type && name_equal(e->v[i].name, q->name))
			return true;
	return false;
}

void existing_questions(const struct facts *f, const struct name *zone, struct existing *e)
{
	for (size_t i = 0; i < f->n && e->n < e->most; i++) {
		const struct observation *o = f->v[i];
		const struct question *q = &o->ask.question;

		if (o->ask.role != ROLE_WALK || !q->name || !observation_answered(o) ||
			!o->ask.zone || !name_equal(o->ask.zone, zone) ||
			!(o->msg->flags & FLAG_AA) || is_question(e, q) ||
			msg_meaning(o->msg, q, zone) != MEANS_ANSWER)
			continue;
		e->v[e->n++] = *q;
	}
}

struct VEC_names VEC(const struct name *);

static void add_name(struct arena *a, struct VEC_names *list, const struct name *n)
{
	for (size_t i = 0; i < list->n; i++)
		if (name_equal(list->v[i], n))
			return;
	vec_push(a, list, n);
}

const struct name *const *existing_names(
	struct arena *a, const struct facts *f, const struct name *zone, size_t *ret_n)
{
	struct question questions[NAMES_MOST];
	struct existing e = { questions, 0, NAMES_MOST };
	struct VEC_names names = { 0 };

	if (zone) {
		add_name(a, &names, zone);
		existing_questions(f, zone, &e);
	}
	for (size_t i = 0; i < e.n; i++)
		add_name(a, &names, questions[i].name);
	for (size_t i = 0; i < f->n; i++) {
		const struct observation *o = f->v[i];

		if (o->ask.role == ROLE_WALK && observation_answered(o) && o->ask.zone &&
			name_labels(o->ask.zone))
			add_name(a, &names, o->ask.zone);
	}
	*ret_n = names.n;
	return names.v;
}
