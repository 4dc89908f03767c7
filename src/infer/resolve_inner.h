/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What look-ups of a pass remember: resolve.c's answers, resolve_zone.c's zones. */
#ifndef INFER_RESOLVE_INNER_H
#define INFER_RESOLVE_INNER_H

#include "base/table.h"
#include "infer/resolve.h"

struct memo_row {
	struct table_node node; /* by name and type */
	const struct name *name;
	uint16_t type;
	bool busy; /* it is being worked out: who asks again goes in a circle */
	struct resolved result;
};

struct addrs_row {
	struct table_node node; /* by name */
	const struct name *name;
	bool busy;
	struct resolved_addrs result;
};

/* Whether there is a cut at a name is being asked already, or was: there is none. */
struct scout {
	const struct resolve_zone *zone;
	const struct name *child; /* one label below the zone */
	bool back;
};

struct resolve_memo {
	struct VEC(struct scout) scouts;
	struct table rows, addrs;
	struct VEC(struct resolve_zone *) zones; /* the first is the root */
	unsigned int depth;
};

/* Made at the first call, with the root, and the tested zone when its delegation was given. */
struct resolve_memo *resolve_memo(struct tree *t);

#endif
