/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The decision table. */
#include "probe/symptoms.h"

#include <string.h>

#include "base/err.h"
#include "base/vec.h"
#include "dns/rr.h"
#include "infer/shapes.h"

static bool always(const struct facts *f, const struct question *q)
{
	(void)f;
	(void)q;
	return true;
}

/* Of the replies of the user's resolver the last one counts; silence is one. */
static bool resolver_fails(const struct facts *f, const struct question *q)
{
	bool asked = false, fine = false;

	(void)q;
	for (size_t i = 0; i < f->n; i++) {
		const struct observation *o = f->v[i];

		if (o->ask.role != ROLE_RESOLVER || !o->sent)
			continue;
		asked = true;
		fine |= observation_answered(o) &&
			(o->msg->rcode == RCODE_NOERROR || o->msg->rcode == RCODE_NXDOMAIN);
	}
	return asked && !fine;
}

/* A reply of the walk to the very question. */
static const struct msg *walked(const struct facts *f, const struct question *q, size_t i)
{
	const struct observation *o = f->v[i];

	if (o->ask.role != ROLE_WALK || !observation_answered(o) || !o->ask.question.name ||
		o->ask.question.type != q->type || !name_equal(o->ask.question.name, q->name))
		return NULL;
	return o->msg;
}

static bool truncated(const struct facts *f, const struct question *q)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct msg *m = walked(f, q, i);

		if (m && (m->flags & FLAG_TC))
			return true;
	}
	return false;
}

static bool negative(const struct facts *f, const struct question *q)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct msg *m = walked(f, q, i);

		if (m && (m->flags & FLAG_AA) && !m->counts[MSG_ANSWER])
			return true;
	}
	return false;
}

/* Somebody says that there is no such name, or fails, and somebody does not. */
static bool disagree(const struct facts *f, const struct question *q)
{
	const struct msg *first = NULL;

	for (size_t i = 0; i < f->n; i++) {
		const struct msg *m = walked(f, q, i);

		/* Servers on the way refer, and say nothing of the name. */
		if (!m || (!(m->flags & FLAG_AA) && m->rcode == RCODE_NOERROR))
			continue;
		if (first && first->rcode != m->rcode)
			return true;
		first = m;
	}
	return false;
}

static const char *const cheap[] = { "do", "ednscookie", "mixed-case", "same-case", "at-1232",
	"at-4096", "tcp", NULL };
static const char *const by_size[] = { "at-512", "at-tcp", "ednstcp", "keepalive", "tcp-many",
	NULL };
static const char *const by_absence[] = { "no-data", "missing", "above", "A", "AAAA", "MX", NULL };
static const char *const by_node[] = { "nodes", "hostname.bind", "id.server", NULL };

const struct symptom symptom_table[] = {
	{ "always", always, cheap },
	{ "the resolver fails, or says nothing", resolver_fails, NULL },
	{ "a reply is truncated", truncated, by_size },
	{ "the name has no such data, or does not exist", negative, by_absence },
	{ "servers of the zone disagree", disagree, by_node },
};
const size_t symptom_count = ARRAY_LEN(symptom_table);

struct rows VEC(const char *);

static void add(struct arena *a, struct rows *list, const char *slug)
{
	vec_each (const char *, have, *list)
		if (strcmp(*have, slug) == 0)
			return;
	vec_push(a, list, slug);
}

/* The question's own type as plain DNS, and another to compare with. */
static void add_type(struct arena *a, struct rows *list, uint16_t type)
{
	for (size_t i = 0; i < shape_count; i++) {
		const struct shape_row *row = &shape_table[i];

		if (row->type == type && row->about == ABOUT_NAME && !row->shape.edns &&
			row->way == WAY_ONCE)
			add(a, list, row->slug);
	}
	add(a, list, type == RR_A ? "TXT" : "A");
}

const char *const *symptoms_rows(
	struct arena *a, const struct facts *f, const struct question *q, size_t *ret_n)
{
	struct rows list = { 0 };

	*ret_n = 0;
	for (size_t i = 0; i < symptom_count; i++) {
		const struct symptom *s = &symptom_table[i];

		if (!s->holds(f, q))
			continue;
		if (!s->rows)
			return NULL;
		for (const char *const *row = s->rows; *row; row++)
			add(a, &list, *row);
	}
	add_type(a, &list, q->type);
	*ret_n = list.n;
	return list.v;
}
