/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The way down to the tested zone, label by label, over every server of every zone on it: which
 * zone is the parent, and what each of its servers says of the child. The procedure of Zonemaster's
 * Basic01 and Get-Parent-NS-Names-and-IPs (v2025.2).
 */
#ifndef INFER_DESCENT_H
#define INFER_DESCENT_H

#include "infer/tree.h"

enum descent_kind {
	DESCENT_ERROR,		/* no reply that fits the procedure: B01_SERVER_ZONE_ERROR */
	DESCENT_SOA,		/* it is authoritative for the child, too */
	DESCENT_DELEGATION,	/* a referral to the child */
	DESCENT_NXDOMAIN,	/* the child does not exist */
	DESCENT_NODATA,		/* the child is no zone */
	DESCENT_CNAME,		/* the child is an alias */
	DESCENT_CNAME_REFERRAL, /* an alias, in a referral */
	DESCENT_DNAME,		/* the child has a DNAME */
	DESCENT_ABOVE,		/* nothing about the child: a zone further up */
	DESCENT_PENDING,
};

/* One server of one zone. */
struct descent_step {
	struct server server;
	const struct name *zone; /* for which it was asked */
	enum descent_kind kind;
	const struct name *qname; /* of the question that decided */
	uint16_t qtype;
	const struct entry *entry; /* its reply; NULL: none was needed */
	const struct name *target; /* of a DNAME or CNAME; NULL: none */
};

/* A zone on the way, the child left out. */
struct descent_zone {
	const struct name *apex;
	struct servers servers; /* that were asked for it */
};

struct descent {
	bool pending;
	bool cut;			       /* there are more servers than are asked */
	struct VEC(struct descent_step) steps; /* in the order of the procedure */
	struct VEC(struct descent_zone) zones; /* parents before children */
	/* "Parent Found": steps of kinds SOA to DNAME. */
	bool parent_found;
	const struct name *parent; /* of the first of these; NULL: none */
};

/* Never NULL. For the root, and for an undelegated test, it has no steps. */
const struct descent *descent(struct tree *t);

#endif
