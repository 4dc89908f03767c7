/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks that are under way on the real network, and the observations that they have become. */
#ifndef NET_FLIGHT_H
#define NET_FLIGHT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/rng.h"
#include "base/span.h"
#include "base/vec.h"
#include "dns/tsig.h"
#include "dns/xfr.h"
#include "facts/facts.h"
#include "net/loop.h"
#include "net/match.h"
#include "net/ours.h"
#include "base/table.h"

enum {
	FLIGHT_STRAYS = 8, /* stray observations an ask at most: outsiders decide how many come */
	FLIGHT_DOUBT = 200000, /* µs to wait for a true reply behind a doubtful one */
	FLIGHT_PACKET = 65536, /* holds any UDP datagram or TCP message */
	FLIGHT_HELD = 64,      /* doubtful replies at once, when messages pass */
};

/* A zone transfer of which something came. */
struct incoming {
	struct xfr xfr;
	struct transfer transfer;
};

struct flight {
	struct table_node node; /* of the flights that are listed */
	struct observation obs; /* filled as things become known */
	struct flight *next;	/* in its holder's list */
	void *holder;		/* the socket or stream that carries it */
	struct loop_timer timer;
	int32_t call;	 /* HTTP: its number */
	bool listed;	 /* by server and id */
	bool unsent;	 /* the kernel had no room; the timer tries again */
	bool over;	 /* its observation is made */
	bool lingers;	 /* for a late reply, with a name of the holder's */
	bool settled;	 /* nothing that still comes is news */
	bool held;	 /* a doubtful reply is kept, should no better one come */
	uint8_t held_as; /* its enum outcome */
	uint8_t strays, attempts;
	/* Few asks need these, and there are many: in the keep arena, NULL until they are needed.
	 */
	struct incoming *incoming;
	struct tsig *tsig;
};

struct flights {
	struct loop *loop;
	struct arena *own;     /* flights */
	struct arena *keep;    /* messages of observations; the caller's */
	struct arena *scratch; /* one packet at a time */
	struct rng *rng;
	struct flight *spare;
	struct table listed; /* flights by server and id */
	size_t under_way;
	struct ours *ours; /* sockets are noted there; NULL: nowhere */
	uint64_t batch; /* µs: when the packets that are being taken were read; 0: ask the clock */
	bool passing;	/* messages live until the next wait: flight_forget() */
	size_t held;	/* flights that keep a doubtful reply */
	struct VEC(struct observation) ready;
	size_t taken;	       /* of ready */
	uint64_t late, strays; /* that came, told or not */
	uint8_t packet[FLIGHT_PACKET];
};

/* A flight for a copy of the ask, with an id; to be given back with flight_free(). */
struct flight *flight_new(struct flights *fs, const struct ask *ask);
void flight_free(struct flights *fs, struct flight *f);

/* Makes the one observation of the ask; the flight stays, to know late replies. */
void flight_over(struct flights *fs, struct flight *f, enum outcome outcome);
/* The same for an ask that never left. */
void flight_not_sent(struct flights *fs, struct flight *f, enum why why);

/* Bytes whose id and sender fit the flight: makes the observation that they are, if any. */
void flight_receive(struct flights *fs, struct flight *f, struct span packet);

/* The ask's end where TCP stood but not what is on it: a line in the keep arena, cut from why. */
void flight_channel(struct flights *fs, struct flight *f, const char *why, bool certificate);

/* An extra observation: bytes from sender that fit nothing. */
struct flight_stray {
	enum why why;
	const struct addr *sender;
	struct span packet;
	const struct icmp *icmp; /* NULL: it is no ICMP error */
};
void flight_stray(struct flights *fs, struct flight *f, struct flight_stray s);

/* Lets a quote of its packet find the flight, whose server and id stay, until it is given back. */
void flight_list(struct flights *fs, struct flight *f);
uint64_t flight_hash(const struct addr *server, uint16_t id);

/*
 * An ICMP error that quotes the flight's packet with another sender: an extra observation. Whoever
 * sees or guesses ids can make such errors up, so that they do not tell what came of the ask.
 */
struct flight_quote {
	struct icmp icmp;
	struct addr quoted;
};
void flight_quote(struct flights *fs, struct flight *f, const struct flight_quote *q);

/* The query's wire form, in the scratch arena, which is emptied first. */
struct buf flight_query(struct flights *fs, struct flight *f, bool with_length);
/* Appends it, without length, to a buffer. */
void flight_put_query(struct flights *fs, struct flight *f, struct buf *out);

/*
 * When messages pass: empties the keep arena, should nothing need it. To be called when the
 * observations that were taken are done with.
 */
void flight_forget(struct flights *fs);

/* The oldest observation that is ready; false when there is none. */
bool flight_take(struct flights *fs, struct observation *ret);

#endif
