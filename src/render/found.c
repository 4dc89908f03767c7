/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which findings are about which server of the tree: it is marked by the worst of them. */
#include <string.h>

#include "render/words.h"

enum { FOUND_MOST = 4 };

static struct report_server *server_in(struct report_zone *z, const struct addr *addr)
{
	vec_each (struct report_server, s, z->servers)
		if (addr_equal(&s->addr, addr))
			return s;
	return NULL;
}

/* In the zone that the finding is about, else in the deepest that the server is of. */
static struct report_server *server_of(
	struct report *r, const struct finding *x, const struct addr *addr)
{
	struct report_server *last = NULL;

	vec_each (struct report_zone, z, r->zones) {
		struct report_server *s = server_in(z, addr);

		if (s && x->subject && name_equal(z->apex, x->subject))
			return s;
		last = s ? s : last;
	}
	return last;
}

static bool has(const struct report_server *s, const char *id)
{
	for (size_t i = 0; i < s->found.n; i++)
		if (strcmp(s->found.v[i], id) == 0)
			return true;
	return false;
}

static void add(struct making *m, struct report_server *s, const struct finding *x)
{
	if (s->found.n == FOUND_MOST || has(s, x->id))
		return;
	vec_push(m->a, &s->found, x->id);
	if (x->severity >= SEV_ERROR)
		s->mark = MARK_BAD;
	else if (x->severity >= SEV_WARNING && s->mark != MARK_BAD)
		s->mark = MARK_DOUBT;
}

/* A zone is no better than its servers: wrong when all of them are. */
static void mark_zone(struct report_zone *z)
{
	size_t bad = 0, doubt = 0;

	vec_each (const struct report_server, s, z->servers) {
		bad += s->mark == MARK_BAD;
		doubt += s->mark == MARK_DOUBT;
	}
	if (bad && bad == z->servers.n)
		z->mark = MARK_BAD;
	else if ((bad || doubt) && z->mark == MARK_GOOD)
		z->mark = MARK_DOUBT;
}

void report_found(struct making *m)
{
	vec_each (const struct finding, x, m->findings->list) {
		if (x->severity < SEV_NOTICE || !m->r->zones.n)
			continue;
		vec_each (const struct addr, addr, x->servers) {
			struct report_server *s = server_of(m->r, x, addr);

			if (s)
				add(m, s, x);
		}
	}
	vec_each (struct report_zone, z, m->r->zones)
		mark_zone(z);
}
