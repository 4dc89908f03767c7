/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Address translation on the way, by what ICMP errors quote of our packets. A router behind it
 * quotes the packet as it went on. Most translators translate the quote back (RFC 5508 REQ-4), and
 * then nothing can be told: a quote that shows the packet as it was sent is no proof that it went
 * on so. Quotes that show another sender are, when a router does not contradict itself: who sees
 * our queries can make such quotes up, and is given away by ports that differ.
 */
#ifndef INFER_NAT_H
#define INFER_NAT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/vec.h"
#include "facts/facts.h"

enum {
	NAT_PAIRS = 64,	 /* kept; a tape could have any number */
	NAT_CERTAIN = 2, /* quotes of different asks by a router, at least */
};

/* The sender of packets, and what they were quoted as; the ports differ. */
struct nat_pair {
	struct addr sent, seen;
	uint32_t quotes;  /* of different asks */
	unsigned int hop; /* the nearest that quoted it so, by TTL; 0: not told by a TTL */
	struct addr by;	  /* who that was */
};

enum nat_verdict {
	NAT_UNTOLD,   /* no quote tells */
	NAT_KEEPS,    /* addresses are translated, the ports that were seen are not */
	NAT_REWRITES, /* certain pairs */
	NAT_VERDICTS
};

struct nat_result {
	enum nat_verdict verdict;
	uint32_t as_sent;   /* quotes that show the sender as it was */
	uint32_t back;	    /* of these, certainly translated back: see nat_judge() */
	uint32_t moved;	    /* another address and the port that was sent, certain */
	uint32_t rewritten; /* another port, certain */
	uint32_t doubtful;  /* another sender, but alone or contradicted */
	struct VEC(struct nat_pair) pairs; /* certain ones, by port as sent */
	unsigned int hop;		   /* the nearest that quoted one; 0: not told by a TTL */
	struct addr by;			   /* who that was; ADDR_NONE: nobody */
	unsigned int behind; /* the last hop before that one that quoted as sent; 0: none */
};

/*
 * Of all asks over UDP of an address family. Certain is what a router says of at least NAT_CERTAIN
 * asks from a port to a server, and of none of these asks otherwise. A quote that shows a private
 * address, from a router that is not, was translated back: such an address means nothing out there.
 */
struct nat_result nat_judge(struct arena *a, const struct facts *f, uint8_t family);

/* The certain pair that a port is sent as; NULL: none. */
const struct nat_pair *nat_pair_of(const struct nat_result *r, uint16_t port);

/* The observation is a quote that shows one of the certain pairs. */
bool nat_shows(const struct nat_result *r, const struct observation *o);

#endif
