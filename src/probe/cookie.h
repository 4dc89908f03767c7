/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One DNS cookie for a server (RFC 7873): got once, sent from every port. A server's cookie is
 * bound to the client's address, not its port (RFC 9018 4.4), and whoever has a good one is exempt
 * from the rate limiting of BIND, NSD and Knot.
 *
 * The handshake is made from ports that are known to be open: first with the client's half, then
 * once with both. Silence, FORMERR or a reply without a cookie: the server is asked without, as if
 * nothing had been tried, so that a firewall which drops unknown options looks like nothing else.
 *
 *	cookie_init(&c, arena, &plan.shape, &rng);
 *	while (cookie_asks(&c) > 0)
 *		... ROLE_COOKIE asks with cookie_handshake(&c, &ask); cookie_seen(&c, observation)
 *... cookie_put(&c, &ask, now);      // of every other ask cookie_seen(&c, observation);   // of
 *every other observation
 */
#ifndef PROBE_COOKIE_H
#define PROBE_COOKIE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/rng.h"
#include "facts/facts.h"

enum cookie_state {
	COOKIE_ASKING,	/* the server's half is not known yet */
	COOKIE_PROVING, /* both halves are known: does it answer to them? */
	COOKIE_HELD,	/* it does */
	COOKIE_NONE,	/* the server is asked without */
};

enum { COOKIE_CLIENT = 8, COOKIE_SERVER_LEAST = 8, COOKIE_SERVER_MOST = 32 }; /* RFC 7873 4 */

struct cookie {
	struct arena *arena;
	struct shape plain, with; /* with: holds the option of this state */
	enum cookie_state state;
	unsigned int silent; /* handshake asks of this state that came to nothing */
	unsigned int bad;    /* BADCOOKIE in a row */
	uint64_t since;	     /* µs; when the server's half came */
	bool stale;	     /* the server wants a newer one */
	uint8_t client[COOKIE_CLIENT];
};

/* Draws the client's half. A shape without EDNS, or with options of its own, has no cookie. */
void cookie_init(struct cookie *c, struct arena *a, const struct shape *plain, struct rng *rng);

/* How many handshake asks are to be made now, side by side; 0: it is over. */
unsigned int cookie_asks(const struct cookie *c);

/* Makes the ask one of the handshake: role, shape, and its reply kept whole. */
void cookie_handshake(const struct cookie *c, struct ask *ask);

/*
 * Gives any other ask its shape. Its reply is kept whole when the server's half is older than half
 * an hour (RFC 9018 4.3), to read the new one from it.
 */
void cookie_put(const struct cookie *c, struct ask *ask, uint64_t now);

/* Takes every observation of the server. */
void cookie_seen(struct cookie *c, const struct observation *o);

#endif
