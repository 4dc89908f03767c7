/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The two sides of the tested zone's delegation: what the parent's servers say and what the zone's
 * own say. Zonemaster's MethodsV2 (v2025.2), whose names stand beside the fields; its Methods 1 to
 * 5 are the same as parent, del names, child names, del addresses, child addresses.
 */
#ifndef INFER_DELEGATION_H
#define INFER_DELEGATION_H

#include "infer/tree.h"

struct ns_entry {
	const struct name *name; /* in lower case */
	bool in_bailiwick;	 /* at or below the zone */
	/* del only: address records of the parent's servers, or those that were given for it */
	struct reply_addrs glue;
	struct reply_addrs addrs; /* all of them */
	bool alias;		  /* its address look-up met a CNAME */
};

struct ns_set {
	bool known; /* false: "undefined" in the specification */
	struct VEC(struct ns_entry) v;
};

struct delegation {
	bool pending; /* something is missing: sets may grow */
	bool cut;     /* there are more servers than are looked at */

	bool parent_known;     /* false: undefined */
	struct servers parent; /* Get-Parent-NS-Names-and-IPs: empty for root and undelegated */
	/* Theirs; without any, the zone whose servers deny the child. NULL: none. */
	const struct name *parent_zone;
	const struct entry *referral; /* the first of the parent's to the zone; NULL: none */

	struct ns_set del;	  /* Get-Del-NS-Names-and-IPs */
	struct servers del_ips;	  /* Get-Del-NS-IPs, each with its first name */
	struct ns_set child;	  /* Get-Zone-NS-Names-and-IPs */
	struct servers child_ips; /* Get-Zone-NS-IPs */

	struct servers pairs; /* of both: each (name, address) once */
	struct servers all;   /* of both: each address once; what most test cases ask */
};

/* Never NULL; once a pass. */
const struct delegation *delegation(struct tree *t);

/* NULL when the name is not in the set. */
const struct ns_entry *ns_find(const struct ns_set *set, const struct name *name);

#endif
