/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The delegation tree as the walk saw it: every zone on the way, what its parent says of it, what
 * its own servers say, and what each server said about the question. Reads facts with ROLE_WALK
 * only; pure.
 */
#ifndef INFER_CUT_H
#define INFER_CUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/arena.h"
#include "dns/msg.h"
#include "facts/facts.h"
#include "infer/reply.h"

/* Why a server that replied is no authority for the zone. */
enum cut_lame {
	LAME_NOT,
	LAME_REFUSED,  /* REFUSED or NOTAUTH: it does not know the zone */
	LAME_SERVFAIL, /* it should know the zone and has no data */
	LAME_UPWARD,   /* it refers to the root or to a zone above */
	LAME_REFERRAL, /* it refers elsewhere */
	LAME_NO_AA,    /* an answer without authority: from a cache */
	LAME_NO_ZONE,  /* it says with authority that there is no such zone */
	LAME_RCODE,    /* another error */
};
const char *cut_lame_slug(enum cut_lame why);

/* One address of one name server of a zone. */
struct cut_server {
	const struct name *ns; /* the server's name; NULL for a root hint without one */
	struct addr addr;
	bool from_parent;   /* the parent's NS set and glue (or hints) lead here */
	bool from_child;    /* the zone's own NS set and addresses lead here */
	bool asked;	    /* at least one packet left for it */
	bool replied;	    /* with a message, to any question, by any transport */
	bool authoritative; /* gave an authoritative answer for the zone's SOA */
	bool serves;	    /* gave any authoritative answer or referral of the zone's */
	bool lame;	    /* replied, but not as an authority for the zone */
	enum cut_lame why;
	uint16_t soa_rcode; /* of its reply to the SOA question */
	bool has_serial;
	uint32_t serial;
	enum msg_meaning meaning; /* of its last reply to the question; MEANS_UNREADABLE: none */
	const struct msg *reply;  /* its reply to the question; NULL: none */
	size_t evidence;	  /* index of an observation that shows it; SIZE_MAX: none */
	size_t reply_evidence;	  /* of reply */
};

/* A name in an NS set. */
struct cut_ns {
	const struct name *name;
	bool in_parent, in_child;
	struct reply_addrs glue;  /* the parent's additional section; of the root: its own */
	struct reply_addrs addrs; /* as an authority says (child's, or the walk's own look-up) */
	bool needs_glue;	  /* at or below the zone's own name */
	bool resolved;		  /* an authority was asked for its addresses and answered */
	bool resolved_v4, resolved_v6;	      /* for A, for AAAA */
	size_t glue_evidence, addrs_evidence; /* SIZE_MAX: none */
};

struct cut_zone {
	const struct name *apex;
	int parent; /* index in the tree, -1 for the root */
	struct VEC(struct cut_ns) ns;
	struct VEC(struct cut_server) servers;
	bool parent_ns_known; /* at least one server of the parent referred to it */
	bool child_ns_known;  /* at least one server gave its own NS set */
	size_t parent_evidence, child_evidence; /* a referral; an NS answer; SIZE_MAX: none */
	bool for_servers; /* names of servers of a zone on the path, below the root, lie in it */
	bool on_path;	  /* at or above the question's name, or a name that its aliases lead to */
};

struct cut_tree {
	struct VEC(struct cut_zone) zones; /* parents before children */
	int last;		  /* the zone that should answer the question; -1: not reached */
	const struct name *end;	  /* where the alias chain ends, the question's name otherwise */
	size_t aliases;		  /* followed from the question's name to end */
	enum msg_meaning meaning; /* what the last zone's servers say; MEANS_UNREADABLE: nothing */
	bool consistent;	  /* all of them that reply say the same */
	size_t queries, silent;	  /* walk asks made; unanswered ones */
};

/*
 * The tree for the question in f. Belongs to the arena. A zone whose servers say nothing, or whose
 * servers have no known address, is still the last when nothing deeper is known; without any reply
 * from the root nothing is.
 */
const struct cut_tree *cut_tree(struct arena *a, const struct facts *f);

#endif
