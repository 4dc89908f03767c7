/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What every server said to every question, and what is not known yet. Whoever reads a reply here
 * asks for it by that: a reply that nobody has is noted as wanted, the reader goes on with what it
 * has, and reads again once the fetch (probe/fetch.h) has brought it. So the code that judges
 * replies is the only list of what is to be sent, and each question is sent once.
 *
 *	struct entry e = ledger_ask(l, &(struct ledger_key){ &server, &q, MANNER_PLAIN, zone });
 *	if (e.msg)
 *		... a reply that can be read ...
 *	else if (e.state == ENTRY_SILENT)
 *		... no reply, which is a fact about this question in this manner only ...
 *
 * A pass is one reading of all that matters. Passes are repeated until one ends in which nothing
 * was missing; what is concluded in earlier ones is thrown away.
 */
#ifndef INFER_LEDGER_H
#define INFER_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/arena.h"
#include "dns/dnssec.h"
#include "dns/msg.h"
#include "facts/facts.h"
#include "infer/reply.h"

/*
 * How a question is put. Flags are unset and the opcode is QUERY but where said; over UDP, again
 * over TCP after TC (RFC 7766 5), but where said. The defaults are those of Zonemaster's "DNS Query
 * and Response Defaults" (v2025.2).
 */
enum manner {
	MANNER_PLAIN,	/* no EDNS */
	MANNER_CASE,	/* no EDNS; the letters of the name stay as they are given */
	MANNER_TCP,	/* no EDNS, over TCP from the start */
	MANNER_EDNS,	/* EDNS 0, 512 octets */
	MANNER_DNSSEC,	/* EDNS 0, 1232 octets, DO */
	MANNER_SMALL,	/* EDNS 0, 512 octets, DO; TC is the end of it */
	MANNER_VERSION, /* EDNS 1, 512 octets */
	MANNER_OPTION,	/* EDNS 0, 512 octets, option 137, which is assigned to nothing */
	MANNER_ZFLAGS,	/* EDNS 0, 512 octets, a flag that is assigned to nothing */
	MANNERS
};

struct manner_row {
	const char *slug;
	struct shape shape;
	enum transport transport;
	bool no_tcp;	/* a truncated reply is the reply */
	bool keep_case; /* of the name */
};
extern const struct manner_row manner_table[MANNERS];

/* One question in one shape over one transport, to one server: what is sent, perhaps repeatedly. */
enum slot_state {
	SLOT_NEW,
	SLOT_WANTED,  /* in the list of those */
	SLOT_PENDING, /* the fetch has it */
	SLOT_DONE,    /* replied, or given up */
};
struct ledger_slot {
	struct ledger_host *host;
	struct question question; /* belongs to the ledger */
	const struct shape *shape;
	enum transport transport;
	const struct name *zone; /* that the server was first asked for; NULL: unknown */
	enum slot_state state;
	bool aside;			/* only look-ups ask for it (ledger_look_up) */
	bool overdue;			/* no reply came in good time: who can should ask others */
	const struct msg *msg;		/* the best reply; NULL: none that can be read */
	enum reply_rank rank;		/* of msg, or of what came instead */
	const struct observation *seen; /* of msg, else the last try; NULL: none */
	size_t index;			/* of seen in the facts; SIZE_MAX: none */
	size_t number;			/* of the slot: the tag of its asks */
	unsigned int tries;		/* the fetch's: asks that left */
	uint64_t since, not_before;	/* the fetch's, µs: the first try; the next one */
};

/* What is known of a server from all that it was asked. */
struct ledger_host {
	struct addr addr;
	unsigned int replies;  /* readable ones */
	unsigned int silences; /* tries without any */
	unsigned int canaries; /* the fetch's: questions that are repeated to a silent server */
	unsigned int lost;     /* the fetch's: silent tries of questions that it answered later */
	bool unsendable;       /* no route, or its family is off */
	uint64_t rtt;	       /* µs, of its quickest reply; 0: none */
};

enum entry_state {
	ENTRY_PENDING, /* not asked yet, or under way */
	ENTRY_SILENT,  /* asked as often as it will be, and nothing that can be read came back */
	ENTRY_REPLIED, /* msg is the reply */
	ENTRY_UNSENT,  /* it could not be sent, or (facts of a tape) never was */
};

/* A question in some manner to a server, and how it ended. A value. */
struct entry {
	struct addr server;		 /* with port */
	const struct question *question; /* as it is sent */
	enum manner manner;
	enum entry_state state;
	bool overdue;
	const struct msg *msg;		/* whole but with no_tcp or where TCP failed; NULL: none */
	bool truncated;			/* msg has TC: TCP brought nothing better */
	const struct observation *seen; /* of msg, else the last try; NULL: none */
	size_t index;			/* of seen in the facts: evidence; SIZE_MAX: none */
};

struct ledger_key {
	const struct addr *server;	 /* port 0: 53 */
	const struct question *question; /* borrowed; its name is kept, in lower case, but … */
	enum manner manner;		 /* … with keep_case */
	const struct name *zone;	 /* that the server is asked for; NULL: unknown */
};

struct ledger;

/*
 * a lives as long as the facts, which may grow. closed: nothing can be fetched any more (a tape):
 * what is missing is ENTRY_UNSENT.
 */
struct ledger *ledger_new(struct arena *a, const struct facts *f, bool closed);

struct entry ledger_ask(struct ledger *l, const struct ledger_key *key);

/*
 * The same for the sake of something else: an address of a server, a name of an address. Who leads
 * us from look-up to look-up makes us ask servers of others, so of these questions fewer are sent.
 */
struct entry ledger_look_up(struct ledger *l, const struct ledger_key *key);

/* The same without asking: what nobody asked yet is ENTRY_UNSENT. */
struct entry ledger_peek(struct ledger *l, const struct ledger_key *key);

/* NULL: never asked. */
const struct ledger_host *ledger_host(const struct ledger *l, const struct addr *server);

const struct facts *ledger_facts(const struct ledger *l);

/* Signatures that were verified already: each costs its time once. */
struct dnssec_memo *ledger_memo(const struct ledger *l);

/* Begins a pass. */
void ledger_pass(struct ledger *l);

/* Something that was read in this pass is wanted or under way. */
bool ledger_pending(const struct ledger *l);

/* For the fetch. */

/* Takes in the observations that were added to the facts since. */
void ledger_take(struct ledger *l);
/* The next slot that is wanted, in the order in which they came up; it is pending then. NULL: none.
 */
struct ledger_slot *ledger_wanted(struct ledger *l);
/* Slot number i; NULL: there are fewer. */
struct ledger_slot *ledger_slot(const struct ledger *l, size_t i);
size_t ledger_slots(const struct ledger *l);

#endif
