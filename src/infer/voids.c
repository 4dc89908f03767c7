/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Blackouts first: what was silent then tells nothing of a limit. */
#include "infer/voids.h"

#include "infer/newports.h"

void voids_judge(
	struct arena *a, const struct facts *f, const struct addr *server, struct voids *ret)
{
	blackout_judge(a, f, server, &ret->blackouts);
	limit_judge_shapes(a, f, server, &ret->blackouts.windows, &ret->limit);
}

bool voids_cover(const struct voids *v, const struct observation *o)
{
	bool silent = observation_silent(o) && o->sent;

	/* What these rows lose they compare among themselves. */
	if (newports_is(&o->ask))
		return false;
	vec_each (const struct limit_window, w, v->blackouts.windows)
		if (!observation_spoke(o) && o->sent >= w->from && o->sent <= w->to)
			return true;
	if (silent && o->ask.transport == TRANSPORT_UDP)
		return limit_voids(&v->limit, o->sent);
	return limit_voids_reply(&v->limit, o);
}
