/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report on a single look-up: what came of it, and that this is all that is known. */
#include <string.h>

#include "base/err.h"
#include "check/lookups.h"
#include "render/dig.h"
#include "render/words.h"

bool report_is_looked(const struct report *r)
{
	return strcmp(r->command, "lookup") == 0 && r->facts->question.name;
}

/* An address means the same everywhere unless it never leaves a host or a site. */
static bool one_server(const struct lookups_said *x, const struct lookups_said *y)
{
	return x->last && y->last && addr_equal(&x->last->ask.server, &y->last->ask.server) &&
	       !addr_is_loopback(&x->last->ask.server) && !addr_is_private(&x->last->ask.server);
}

static const char *among(struct making *m, const struct vantages *all)
{
	struct VEC(struct facts *) tapes = { 0 };
	struct lookups_asked asked = { .one_server = true };
	struct lookups_said first = lookups_read(all->v[0].facts);
	struct lookups looked;

	for (size_t i = 0; i < all->n; i++) {
		struct lookups_said s = lookups_read(all->v[i].facts);

		asked.one_server &= one_server(&first, &s);
		vec_push(m->a, &tapes, (struct facts *)all->v[i].facts);
	}
	asked.tapes = tapes.v;
	asked.n = tapes.n;
	lookups_compare(m->a, &asked, &looked);
	return looked.verdict == LOOKUPS_ALONE ? NULL : dig_vantages_verdict(m->a, &looked);
}

const char *report_looked_summary(struct making *m)
{
	struct lookups_said s = lookups_read(m->r->facts);
	const char *all = m->findings->vantages ? among(m, m->findings->vantages) : NULL;
	const char *server = s.last ? words_server(m->a, &s.last->ask.server) : "no server";
	const char *question = words_question(m->a, &m->r->facts->question);

	if (all)
		return arena_printf(m->a, "%s: %s", question, all);
	if (s.kind == LOOKUPS_WORKS)
		return arena_printf(m->a, "a look-up of %s works: %s from %s", question,
			dig_vantage_said(m->a, &s), server);
	return arena_printf(m->a, "a look-up of %s fails at %s: %s; why is not shown by it",
		question, server, dig_vantage_said(m->a, &s));
}

void report_looked_untested(struct making *m)
{
	vec_push(m->a, &m->r->untested,
		(struct report_untested){ "everything but this look-up",
			"it shows what was asked and what came back, once: no other server, source "
			"port or query shape was tried, and nothing on the way from the root" });
}
