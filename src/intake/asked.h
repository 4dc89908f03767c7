/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Queries of a capture that wait for their reply, in bounded memory, and what came of them: every
 * query that failed is one failure in a struct logfails, with the server that was asked. Clients
 * are only looked at to tell queries apart; no address of one is kept beyond its query's wait.
 *
 *	struct asked *a = asked_new(arena, fails, &rng);
 *	asked_query(a, &ends, &message);
 *	asked_reply(a, &ends, &message);
 *	asked_end(a);
 *
 * A query of a stub (RD set) is a look-up, LOGFAIL_QUERY; one of a resolver to an authoritative
 * server (RD clear) is LOGFAIL_SERVER: other servers may have answered. Replies with a code other
 * than NOERROR and NXDOMAIN fail (but BADCOOKIE, which asks for another try), and so does silence:
 * no reply within ASKED_STUB, or ASKED_SERVER, of the query or its latest copy.
 */
#ifndef INTAKE_ASKED_H
#define INTAKE_ASKED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/arena.h"
#include "base/rng.h"
#include "dns/msg.h"
#include "intake/logfails.h"

enum {
	ASKED_MOST = 65536,	/* queries that wait, some 25 MB */
	ASKED_STUB = 15000000,	/* µs: BIND tells its clients of a failure after 10 s */
	ASKED_SERVER = 5000000, /* µs: longer than any resolver waits for a server */
	ASKED_COPY = 5000,	/* µs: the same query once more behind its reply is a copy of it */
};

struct asked;

/* Between whom a query goes, and when something passed. */
struct asked_ends {
	bool tcp;
	struct addr client, server; /* with ports */
	uint64_t at;		    /* µs since 1970 */
};

struct asked_tally {
	uint64_t queries; /* of a type and name that can be looked up again */
	uint64_t answered;
	uint64_t failed;   /* replies with a code that is a failure */
	uint64_t silent;   /* no reply in time; an ICMP error instead counts here, too */
	uint64_t late;	   /* without a reply yet when the capture ended: nobody knows */
	uint64_t given_up; /* forgotten without a reply: more than ASKED_MOST waited… */
	uint64_t torn;	   /* … or their connection is not in the capture as a whole */
	uint64_t strays;   /* replies to no query: it may stand before the capture's beginning */
	uint64_t other; /* queries that are no look-up: transfers, other classes and opcodes, names
			   of other than letters, digits, "-", "_" and "*", hashes of mail addresses
			 */
};

/* The key of hashes is drawn from r. Fails are borrowed; the rest belongs to the arena. */
struct asked *asked_new(struct arena *a, struct logfails *fails, struct rng *r);

/* A message without QR, and one with it. What is no good is left out. */
void asked_query(struct asked *a, const struct asked_ends *e, const struct msg *m);
void asked_reply(struct asked *a, const struct asked_ends *e, const struct msg *m);

/* An ICMP error about the query of that id; it goes on to wait, and is silent if nothing comes. */
void asked_error(struct asked *a, const struct asked_ends *e, uint16_t id);

/* Of this connection something is missing: what comes of its queries is not to be told. */
void asked_torn(struct asked *a, const struct asked_ends *e);

/* Time goes on, and never back. */
void asked_advance(struct asked *a, uint64_t at);

/* The capture is over. Another one may follow. */
void asked_end(struct asked *a);

const struct asked_tally *asked_tally(const struct asked *a);

#endif
