/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Do queries reach the servers that they are sent to? Who takes them on the way and answers in the
 * servers' name is a resolver: no authority for the root, and ready to recurse. The root's servers
 * are always the authority for it and never recurse (RFC 2870 2.5), all of them; so what all of
 * them do otherwise is done on the way.
 */
#ifndef INFER_INTERCEPT_H
#define INFER_INTERCEPT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/addr.h"
#include "base/arena.h"
#include "base/vec.h"
#include "facts/facts.h"

/* Of one address family. */
struct intercept_side {
	struct VEC(struct addr) roots; /* addresses of root servers that replied about the root */
	size_t without;		       /* of them those that did so without authority */
	size_t recurse;		       /* of these those that offer recursion (RA) */
	size_t beyond;		       /* answers to names far below, in place of referrals */
	size_t nobody; /* replies from an address that has no DNS server (RFC 5737, RFC 3849) */
	struct VEC(size_t) evidence; /* indices of such replies, one a server */
	bool suspected; /* all are without authority: worth asking an address of nobody's */
	bool found;	/* and there is a sign that another server spoke */
};

struct interception {
	struct intercept_side v4, v6;
};

/* From what was asked with ROLE_WALK, ROLE_TREE and ROLE_NOBODY. Belongs to the arena. */
struct interception intercept_judge(struct arena *a, const struct facts *f);

/* Of queries to that address. */
bool intercept_of(const struct interception *x, const struct addr *server);

#endif
