// SPDX-License-Identifier: GPL-3.0-or-later
// Collects what is to be said of servers, by tag.
#include "check/cases/dnssec_said.h"

static bool same_domain(const struct name *a, const struct name *b)
{
	return a == b || (a && b && name_equal(a, b));
}

void dnssec_said_note(struct cases *c, struct dnssec_said *said, const struct dnssec_point *point,
	const struct entry *e)
{
	size_t at = 0;

	while (at < said->n &&
		(said->v[at].tag != point->tag || !same_domain(said->v[at].domain, point->domain)))
		at++;
	if (at == said->n)
		vec_push(c->arena, said,
			(struct dnssec_saying){ point->tag, point->told, point->domain, { 0 } });
	dnssec_group(c, &said->v[at].groups, point->id, e);
}

void dnssec_said_emit(struct cases *c, const struct dnssec_said *said)
{
	vec_each (const struct dnssec_saying, s, *said) {
		struct finding *x;

		if (!s->domain) {
			dnssec_emit_groups(c, s->tag, &s->groups, s->told);
			continue;
		}
		x = cases_emit_heard(c, s->tag, &s->groups.v[0].heard);
		cases_name(c, x, "domain", s->domain);
	}
}

const struct msg *dnssec_said_reply(const struct entry *e)
{
	return !e->truncated && tree_is_authority(e->msg) ? e->msg : NULL;
}

bool dnssec_said_settled(const struct entry *e)
{
	return e->state == ENTRY_SILENT || e->state == ENTRY_REPLIED;
}
