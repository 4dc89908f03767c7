/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A recursive look-up over the ledger: from the root down, as a resolver does, with the delegation
 * of an undelegated test in its place. Zonemaster's "DNS Lookup".
 */
#ifndef INFER_RESOLVE_H
#define INFER_RESOLVE_H

#include "infer/tree.h"

enum resolve_state {
	RESOLVE_PENDING,  /* a reply is missing */
	RESOLVE_FOUND,	  /* entry's answer section has records of the type at name */
	RESOLVE_NODATA,	  /* name exists, the type does not */
	RESOLVE_NXDOMAIN, /* name does not exist */
	RESOLVE_FAILED,	  /* no server of a zone on the way gave a reply that leads on */
	RESOLVE_LOOP,	  /* aliases, or servers without glue, lead in a circle */
};

struct resolved {
	enum resolve_state state;
	const struct name *name;   /* where aliases lead; the question's name without any */
	unsigned int aliases;	   /* CNAMEs followed */
	const struct entry *entry; /* the reply that tells; NULL: none */
	const struct name *zone;   /* whose servers gave it, or where the way ends */
};

/* Never NULL; belongs to the pass. */
const struct resolved *resolve(struct tree *t, const struct name *name, uint16_t type);

/*
 * The addresses of a name, A and AAAA, with port 53; aliases are followed. With RESOLVE_FAILED they
 * are glue, where there was any.
 */
struct resolved_addrs {
	enum resolve_state v4, v6;
	bool alias; /* the name owns a CNAME */
	struct reply_addrs addrs;
};
const struct resolved_addrs *resolve_addrs(struct tree *t, const struct name *name);
bool resolve_addrs_pending(const struct resolved_addrs *r);

/* A zone that look-ups came by. */
struct resolve_zone {
	const struct name *apex;
	struct servers servers;	     /* with known addresses: glue, and what was looked up */
	struct reply_names ns;	     /* of its delegation */
	struct reply_names glueless; /* of these, without glue: looked up when they are needed */
	bool loop; /* a server could only be found by asking one that is looked for */
	const struct resolve_zone *parent; /* NULL: the root */
	const struct entry *referral;	   /* that led here; NULL: root, undelegated test, learnt */
};

/* The deepest known zone at or above the name: the root when nothing was looked up yet. */
struct resolve_zone *resolve_deepest(struct tree *t, const struct name *name);

/*
 * Makes the zone known that a referral of a server of parent leads to; takes its glue. NULL when m
 * is no referral to a zone below parent at or above qname, or there are too many zones.
 */
struct resolve_zone *resolve_learn(struct tree *t, struct resolve_zone *parent,
	const struct entry *e, const struct name *qname);

/* The servers of a zone: those without glue are looked up. true while some may still come. */
bool resolve_servers(struct tree *t, struct resolve_zone *z, struct servers *ret);

/* Looks for all cuts down to the name (by its SOA): the deepest zone; *ret_pending. */
struct resolve_zone *resolve_cut(struct tree *t, const struct name *name, bool *ret_pending);

#endif
