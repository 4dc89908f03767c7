/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the user's resolver said to the user's question, and to the few others that tell why it
 * fails: the same again, the same without validation, another name.
 */
#ifndef INFER_RESOLVER_H
#define INFER_RESOLVER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "dns/msg.h"
#include "facts/facts.h"

/* How one question to it ended. */
struct resolver_reply {
	const struct observation *seen; /* the telling observation; NULL: it was not asked */
	enum msg_meaning meaning;	/* MEANS_UNREADABLE when there is no readable reply */
	uint64_t took;			/* µs until the reply or the last time-out */
	int ede;			/* first extended error code (RFC 8914); -1: none */
	bool authentic;			/* the reply has AD: it was validated (RFC 4035 3.2.3) */
};

/* Which observations belong to one question. */
struct resolver_asked {
	enum role role;
	const struct addr *server;	 /* NULL: any */
	const struct question *question; /* NULL: any */
};
struct resolver_reply resolver_reply_to(const struct facts *f, const struct resolver_asked *asked);

struct resolver_result {
	bool asked;
	struct addr server;
	const struct observation *seen;	 /* the telling observation; NULL: none */
	enum msg_meaning meaning;	 /* MEANS_UNREADABLE when there is no readable reply */
	uint64_t took;			 /* µs until the reply or the last time-out */
	int ede;			 /* first extended error code; -1: none */
	struct resolver_reply repeat;	 /* the same at the end of the run */
	struct resolver_reply unchecked; /* the same with CD */
	struct resolver_reply fresh;	 /* a name of the last zone that it cannot remember */
	struct resolver_reply elsewhere; /* the SOA of the root */
};

void resolver_infer(const struct facts *f, struct resolver_result *ret);

/* A reply that a lookup can end with: there is such data, or there is none. */
bool resolver_settles(enum msg_meaning m);

#endif
