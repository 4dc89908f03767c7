/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One pass over the delegation tree: what resolve.h, descent.h, delegation.h and chain.h share.
 * Each of them reads replies from the ledger and keeps what it worked out until the pass ends, so
 * that all checks of a pass see the same.
 */
#ifndef INFER_TREE_H
#define INFER_TREE_H

#include "base/arena.h"
#include "base/vec.h"
#include "facts/facts.h"
#include "facts/tree_plan.h"
#include "infer/ledger.h"
#include "infer/reply.h"

/* An address under which a zone is served, and the name that led there. */
struct server {
	const struct name *ns; /* in lower case; NULL: unknown */
	struct addr addr;      /* with port */
};
struct servers VEC(struct server);

struct tree {
	struct arena *arena; /* of the pass */
	struct ledger *ledger;
	const struct facts *facts;
	const struct tree_plan *plan;
	struct resolve_memo *resolved; /* each belongs to the file of its name */
	const struct descent *descent;
	const struct delegation *delegation;
	struct chain_memo *chains;
	struct mailset *mailset;
};

/* Begins a pass (ledger_pass). The facts have a tree plan. */
struct tree *tree_new(struct arena *pass, struct ledger *l);

/* Asks a server a question of class IN. Never NULL; the entry belongs to the pass. */
struct tree_q {
	const struct name *name;
	uint16_t type;
	enum manner manner;
	const struct name *zone; /* that the server is asked for */
};
const struct entry *tree_ask(struct tree *t, const struct addr *server, const struct tree_q *q);
/* The same on the way to something else (ledger_look_up). */
const struct entry *tree_look_up(struct tree *t, const struct addr *server, const struct tree_q *q);

/* The name in lower case, kept for the pass. */
const struct name *tree_name(struct tree *t, const struct name *n);

/* Adds a server that is not there yet, by name and address; false: there are too many. */
enum { TREE_SERVERS = 64 }; /* of one zone that are looked at */
bool servers_add(struct arena *a, struct servers *list, const struct server *s);
/* Each address once, with the first name that leads to it. */
struct servers servers_by_addr(struct arena *a, const struct servers *list);
bool servers_have(const struct servers *list, const struct addr *addr);

/* The test is one of a delegation that is not there yet. */
bool tree_undelegated(const struct tree *t);

/* Replies as Zonemaster's specifications define them (v2025.2). NULL is none of them. */
/* NOERROR without AA, NS records of zone in authority; the answer empty or CNAMEs only. */
bool tree_is_referral(const struct msg *m, const struct name *zone);
/* NOERROR with AA. */
bool tree_is_authority(const struct msg *m);
/* How many records of that type own name in the answer section. */
size_t tree_answers(const struct msg *m, const struct name *owner, uint16_t type);

#endif
