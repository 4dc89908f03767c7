/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What other resolvers say to the user's question: the same view of the zone from elsewhere. */
#ifndef INFER_OPINION_H
#define INFER_OPINION_H

#include <stddef.h>

#include "base/addr.h"
#include "base/arena.h"
#include "base/vec.h"
#include "facts/facts.h"
#include "infer/resolver.h"

struct opinion {
	struct addr server;
	enum transport transport; /* of the telling reply */
	struct resolver_reply reply;
	/*
	 * To a name of the last zone that nobody asked before: when it settles, the zone's servers
	 * were reached just now (or an aggressive cache denied it, RFC 8198).
	 */
	struct resolver_reply fresh;
};

struct opinions {
	struct VEC(struct opinion) list;
	size_t settled; /* gave an answer, or that there is none */
	size_t failed;	/* replied, but not so */
	size_t silent;
	size_t fresh; /* whose fresh reply settles */
};

/* From ROLE_OPINION. Belongs to the arena. */
struct opinions opinion_collect(struct arena *a, const struct facts *f);

#endif
