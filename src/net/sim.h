/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A simulated network in virtual time, with the contract of the real one: a client behind a near
 * filter, a path with loss and delay, servers behind far filters. Seeded, so that it repeats.
 *
 *	struct sim_server far = { .addr = a, .filter = { .blocked = &low } };
 *	struct sim_net net = { .rtt = 20000, .loss = 0.1, .servers = &far, .nservers = 1 };
 *	struct wire *w = sim_new(arena, &rng, &net);
 */
#ifndef NET_SIM_H
#define NET_SIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/portset.h"
#include "base/rng.h"
#include "net/sim_filter.h"
#include "net/sim_hops.h"
#include "net/sim_limit.h"
#include "net/wire.h"

struct sim_server;

/*
 * Packets meet in this order: near filter, loss, the server's filter, its rate limit. Loss is that
 * of a round trip, one event a packet. Only UDP is lost, forged and limited; TCP costs a round trip
 * more. TTLs are looked at where a server has routers before it.
 */
struct sim_net {
	struct sim_filter near; /* before the path: meets all servers */
	double loss;		/* iid loss of a round trip */
	/*
	 * Gilbert-Elliott: chance a packet enters and leaves the bad state, loss within it. The
	 * state moves with packets, not with time: other packets in between part two retries.
	 */
	double burst_enter, burst_leave, burst_loss;
	uint32_t rtt, jitter;	    /* µs; jitter: uniform extra */
	const struct portset *held; /* ports held by other processes: not sent, in use */
	bool no_privilege;	    /* ports below 1024 are not sent: privilege */
	/* Hostile: for each reply, a chance of the same with a wrong id, question, or source. */
	double forge;
	double duplicate,
		late; /* chance of a second copy (a stray); of a reply after its time-out */
	const struct sim_server *servers; /* any other address is silent */
	size_t nservers;
};

/*
 * What the server sends back: appends the reply's wire form, or nothing for silence. query is
 * readable. user is the server's.
 */
typedef void sim_answer(
	const struct sim_server *s, const struct ask *ask, uint16_t id, struct buf *ret_reply);

struct sim_server {
	struct addr addr;	     /* with port */
	bool dead;		     /* answers nothing at all */
	bool closed;		     /* ICMP port unreachable from its own address */
	struct sim_filter filter;    /* before this server */
	const struct sim_hops *hops; /* routers on the way; NULL: none, and TTLs mean nothing */
	double rate_limit; /* a firewall's: packets a second (bucket of one second); 0: none */
	const struct sim_limit *limit; /* response rate limiting, after that; NULL: none */
	sim_answer *answer;	       /* NULL: NOERROR, AA, question echoed, no records */
	void *user;
	/*
	 * Of asks that share a connection the first alone is answered; the server closes when it
	 * has been. What is on the connection then is OUTCOME_RESET, what is sent later has a new
	 * one.
	 */
	bool one_query;
	bool transfers;	    /* sim_answer_zones: gives its zones away (AXFR over TCP) */
	struct addr speaks; /* UDP replies come from here instead; ADDR_NONE: from addr */
};

/*
 * Adds loss (a share below 0.9) in bursts of five packets on average, in which nine of ten are lost
 * (Gilbert and Elliott).
 */
void sim_add_bursts(struct sim_net *net, double loss);

/* net and all it points to: borrowed. The wire is closed with ops->free. */
struct wire *sim_new(struct arena *a, struct rng *rng, const struct sim_net *net);

/* The default answer, for answer functions that fall back on it. */
sim_answer sim_answer_empty;

/*
 * An answer function for small zones: user is a struct sim_zone array ended by a NULL text. Each
 * zone is a list of records in presentation form, one a line ("live.com. NS ns1.msft.net."). Every
 * record has its owner, all names are whole; TTL and IN may be left out; rdata of types that the
 * reader does not know is in RFC 3597 form. Text that cannot be read is an assertion.
 *
 * The server is a conforming authoritative one for the deepest matching zone: referrals at NS
 * records below its apex (glue from the same list), CNAME, DNAME (RFC 6672), wildcards (RFC 4592),
 * NODATA and NXDOMAIN with the SOA; signatures and proofs for DO where the zone has an RRSIG at its
 * apex (RFC 4035 3.1, RFC 5155 7.2); OPT for OPT, BADVERS for a version other than 0, options and
 * Z bits ignored; TC by size, NOTIMP for other opcodes, FORMERR for two questions (RFC 9619),
 * REFUSED for all that is not in its zones, other classes and transfers.
 */
struct sim_zone {
	const char *apex; /* "com." */
	const char *text;
};
sim_answer sim_answer_zones;

/* The same from zones that were read before: user is an array of struct sim_records *, NULL-ended.
 */
sim_answer sim_answer_records;

#endif
