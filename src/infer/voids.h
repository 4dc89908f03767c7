/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What of the asks in query shapes says nothing of the shape: those that a limit of replies or a
 * blackout of the server swallowed. probe/shapes asks these again, infer/matrix leaves them out.
 */
#ifndef INFER_VOIDS_H
#define INFER_VOIDS_H

#include "infer/blackout.h"
#include "infer/limit.h"

struct voids {
	struct limit limit;
	struct blackouts blackouts;
};

/* Of one server, with port. All belongs to the arena. */
void voids_judge(
	struct arena *a, const struct facts *f, const struct addr *server, struct voids *ret);

/* That observation of an ask in a shape to the server is to be left out. */
bool voids_cover(const struct voids *v, const struct observation *o);

#endif
