/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The walk's observations by server and question: of all tries of one question to one server only
 * the most telling reply counts, in whatever order they came.
 */
#ifndef INFER_SEEN_H
#define INFER_SEEN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/addr.h"
#include "base/vec.h"
#include "facts/facts.h"
#include "infer/reply.h"

/* One question to one server. */
struct seen {
	struct question question;
	const struct name *zone; /* that the server was asked for; NULL: unknown */
	const struct msg *msg;	 /* the best reply; NULL: none that can be read */
	enum reply_rank rank;	 /* of msg, or of what came instead */
	size_t index;		 /* of that observation, or of the last try */
};

struct seen_host {
	struct addr addr;
	bool asked;   /* a packet left */
	bool replied; /* with a message */
	struct VEC(struct seen) v;
};

struct seen_hosts VEC(struct seen_host);

/* Everything that was asked with ROLE_WALK. */
struct seen_hosts seen_collect(struct arena *a, const struct facts *f);

/* NULL when there is none. */
const struct seen_host *seen_host(const struct seen_hosts *all, const struct addr *addr);
const struct seen *seen_find(const struct seen_host *h, const struct name *qname, uint16_t qtype);

/* A reply that only a server of that zone gives: with authority, or a referral to below it. */
bool seen_speaks_for(const struct seen *s, const struct name *apex);

#endif
