/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks of new source ports that get lost where ports in use are answered. */
#include <math.h>

#include "base/err.h"
#include "check/check.h"

enum { SECOND = 1000000 };

/* Silence, however deep, is no proof. */
#define SUREST (1 - 1e-9)
/* Of the new ports a second that were too many there: a control that was asked slower says nothing.
 */
#define AS_FAST 0.8

/* A control that bears as many new ports as fast as the server did not. */
static bool bears(const struct newports_result *control, const struct newports_result *server)
{
	return !control->loses_new && control->first.pairs >= server->first.pairs &&
	       control->rate >= AS_FAST * server->rate;
}

/* Where all controls show the same, it is near; where one bears it, it is far; else unknown. */
static enum where place(const struct check_input *in, const struct newports_result *server)
{
	size_t alike = 0, others = 0;

	vec_each (const struct matrix, m, in->inferences->matrices) {
		struct newports_result r;

		if (!m->control || !m->newports)
			continue;
		r = newports_judge(m->newports);
		alike += r.loses_new;
		others += bears(&r, server);
	}
	if (alike && !others)
		return WHERE_NEAR;
	return others && !alike ? WHERE_FAR : WHERE_UNKNOWN;
}

static const char *words(struct arena *a, const struct newports_result *r)
{
	unsigned int pause = (unsigned int)((r->pause + SECOND / 2) / SECOND);

	return arena_printf(a,
		"%u of %u new ports lost, %u of %u in use; of %u lost ones %u answered within "
		"%u s, and then lost %u of %u times where %u of %u new ones were",
		r->first.fresh_lost, r->first.pairs, r->first.used_lost, r->first.pairs, r->again,
		r->back, pause, r->second.used_lost, r->second.pairs, r->second.fresh_lost,
		r->second.pairs);
}

static void describe(struct findings *f, struct finding *x, const struct newports_result *r)
{
	finding_text(f, x, "what", words(f->arena, r));
	finding_int(f, x, "new", r->first.pairs);
	finding_int(f, x, "new_lost", r->first.fresh_lost);
	finding_int(f, x, "used_lost", r->first.used_lost);
	finding_int(f, x, "again", r->again);
	finding_int(f, x, "at_once_lost", r->once_lost);
	finding_int(f, x, "back", r->back);
	finding_detail(f, x,
		(struct detail){
			.key = "pause", .kind = DETAIL_DURATION, .integer = (int64_t)r->pause });
}

static void snat_exhaustion(const struct check_input *in, struct findings *f)
{
	vec_each (const struct matrix, m, in->inferences->matrices) {
		struct newports_result r;
		struct finding *x;

		if (m->control || !m->newports)
			continue;
		r = newports_judge(m->newports);
		if (!r.found)
			continue;
		x = findings_add(f, "snat-exhaustion", SEV_WARNING, place(in, &r));
		x->subject = matrix_subject(m);
		x->confidence = fmin(1 - r.doubt, SUREST);
		describe(f, x, &r);
		finding_server(f, x, &m->server);
		for (size_t i = 0; i < m->newports->nevidence; i++)
			finding_evidence(f, x, m->newports->evidence[i]);
	}
}

static const struct check rows[] = {
	{ "snat-exhaustion", snat_exhaustion },
};

const struct family family_newports = { "newports", rows, ARRAY_LEN(rows) };
