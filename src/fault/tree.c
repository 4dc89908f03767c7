/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The catalogue's entries for delegations that lead nowhere. */
#include <stddef.h>

#include "fault/entries.h"

static const char loop_explain[] =
	"Every name server of the zone has its name in another zone, and to find that server one "
	"would "
	"have to ask the servers of that other zone, whose names lie in the first. Neither parent "
	"has "
	"to give addresses in such a case, so neither does, and nobody can begin.\n"
	"\n"
	"It goes unnoticed as long as somebody still has one of the addresses in his cache. After "
	"that "
	"every lookup in both zones ends with SERVFAIL.";
static const char loop_seen[] =
	"The names in the parent's referral are looked up from the root, as a resolver does. It is "
	"a "
	"loop when such a look-up needs itself. A name that does not exist, or whose servers are "
	"silent, is no loop; a server inside the zone without glue is `missing-glue`.";
static const char *const loop_here[] = {
	"Nothing can be mended from here.",
	NULL,
};
static const char *const loop_there[] = {
	"Give one of the two zones a name server whose name lies inside that zone, and register "
	"its "
	"address (glue) with the parent, or use a server of a third zone.",
	NULL,
};
static const char *const loop_refs[] = {
	"RFC 1912 2.3",
	"RFC 9471 2.3",
	"dnsviz:ERROR_RESOLVING_NS_NAME",
	NULL,
};

const struct fault fault_delegation_loop = {
	.id = "delegation-loop",
	.title = "Name servers that can only be found by asking themselves",
	.summary =
		"name servers of {subject} can only be found by asking servers that are looked for "
		"in the same way[: {ns}]",
	.explain = loop_explain,
	.seen = loop_seen,
	.advice_here = loop_here,
	.advice_there = loop_there,
	.refs = loop_refs,
};
