/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where one address family does not work while the other does: at the servers of one zone, or from
 * here to everybody. What was asked over UDP is looked at; what could not be sent says nothing.
 */
#ifndef INFER_FAMILY_H
#define INFER_FAMILY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/arena.h"
#include "base/vec.h"
#include "facts/facts.h"
#include "infer/cut.h"
#include "infer/tree.h"

struct family_break {
	uint8_t family;			/* ADDR_V4, ADDR_V6: the one that does not work */
	const struct name *zone;	/* NULL: nobody could be reached over it */
	struct VEC(struct addr) silent; /* addresses of that family, none of which replied */
	uint64_t tries;			/* queries to them */
	uint64_t others;		/* of that family, elsewhere, that did reply */
};
struct family_breaks VEC(struct family_break);

/* t, pass: the walk's tree, or a check's pass; one of them, or none. Belongs to the arena. */
struct family_breaks family_judge(
	struct arena *a, const struct facts *f, const struct cut_tree *t, struct tree *pass);

#endif
