/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a check of the delegation tree was asked for. It is a part of the facts: without it replies
 * could not be judged again.
 */
#ifndef FACTS_TREE_PLAN_H
#define FACTS_TREE_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/span.h"
#include "base/vec.h"
#include "dns/dnssec.h"
#include "facts/asn.h"

/* A name server, and one of its addresses where one is known (ADDR_NONE: none). */
struct tree_ns {
	const struct name *name; /* NULL: a root server without one */
	struct addr addr;	 /* with port */
};

struct tree_plan {
	const struct name *zone;	  /* to be tested; in lower case */
	struct VEC(struct tree_ns) roots; /* never empty */
	struct VEC(struct tree_ns) ns;	/* an undelegated test: the delegation to be; else empty */
	struct ds_list ds;		/* its DS records */
	struct ds_list anchors;		/* of the root; a DNSKEY is turned into its DS */
	struct VEC(const char *) cases; /* ids of test cases to run; empty: all */
	/* Not the zone is to be tested, but this look-up validated: no test cases. NULL: none. */
	struct question lookup;
	/*
	 * Every look-up that mail for the zone takes is to be made (infer/mailset.h); lookup is
	 * that of its MX records. What a receiver looks up goes by the sender: its addresses (port
	 * 0), the name it gives (NULL: not known) and the selectors of its DKIM signatures.
	 */
	bool mail;
	const struct name *helo;
	struct VEC(struct addr) clients;
	struct VEC(const char *) selectors;
	bool all; /* passed ones are to be told as well */
	bool no_v4, no_v6;
	/*
	 * Where AS data come from: a local file, by name and as it was read; else a zone in Team
	 * Cymru's form, without "origin"; NULL: neither.
	 */
	const char *asn_file;
	const struct asn_rows *asn;
	const struct name *asn_zone;
};

#endif
