/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The catalogue's entries for zones whose servers, or whose parent and child, disagree. */
#include <stddef.h>

#include "fault/entries.h"

static const char ns_set_explain[] =
	"The list of a zone's name servers is kept twice: at the parent, as the delegation, and in "
	"the "
	"zone itself. The two differ here. Resolvers find the zone by the parent's list and then "
	"prefer "
	"the zone's own, so both are used, and which one decides depends on the resolver and on "
	"what it "
	"has cached.\n"
	"\n"
	"That does no harm as long as every server on either list serves the zone. It does when "
	"one "
	"of them was given up: then some lookups fail or see old data, and others do not.";
static const char ns_set_seen[] = "The NS records in the parent's referral are compared with those "
				  "that the zone's own servers "
				  "give with authority, by name and without regard to letter case.";
static const char *const ns_set_here[] = {
	"Nothing can be mended from here. When a name is only on one list, ask its server "
	"directly: if "
	"it does not serve the zone, that explains failures that come and go.",
	NULL,
};
static const char *const ns_set_there[] = {
	"Make the two lists the same: change the delegation through the registrar, or the NS "
	"records "
	"in the zone.",
	"Keep a server that is to go in service until the old records' TTLs are over.",
	NULL,
};
static const char *const ns_set_refs[] = {
	"RFC 1034 4.2.2",
	"RFC 2181 5.4.1",
	"zonemaster:EXTRA_NAME_PARENT",
	"zonemaster:EXTRA_NAME_CHILD",
	"zonemaster:TOTAL_NAME_MISMATCH",
	"zonemaster:MULTIPLE_NS_SET",
	"dnsviz:NS_NAME_NOT_IN_CHILD",
	NULL,
};

const struct fault fault_ns_set_mismatch = {
	.id = "ns-set-mismatch",
	.title = "Parent and zone list different name servers",
	.summary = "the parent and the servers of {subject} list different name servers"
		   "[; only the parent: {parent_only}][; only the zone: {child_only}]",
	.explain = ns_set_explain,
	.seen = ns_set_seen,
	.advice_here = ns_set_here,
	.advice_there = ns_set_there,
	.refs = ns_set_refs,
};

static const char stale_glue_explain[] =
	"Along with a delegation the parent hands out addresses of the name servers, called glue, "
	"because a server whose name lies inside the zone could not be found otherwise. Here the "
	"glue "
	"says another address than the zone that the name belongs to. The server has moved, and "
	"nobody told the parent.\n"
	"\n"
	"Resolvers begin with the glue. When the old address is dead or belongs to somebody else "
	"by "
	"now, each lookup that begins there is slow, fails, or is answered by a stranger.";
static const char stale_glue_seen[] =
	"The addresses in the parent's referral are compared with those that an authority for the "
	"server's name gives. Glue that is missing altogether is `missing-glue`.";
static const char *const stale_glue_here[] = {
	"Nothing can be mended from here; a resolver can be made to forget what it cached, which "
	"helps "
	"only until it asks the parent again.",
	NULL,
};
static const char *const stale_glue_there[] = {
	"Correct the host record (glue) of the server through the registrar of the domain that the "
	"server's name is in.",
	"Keep the old address answering until the parent's TTL is over.",
	NULL,
};
static const char *const stale_glue_refs[] = {
	"RFC 1034 4.2.1",
	"RFC 9471",
	"zonemaster:IN_BAILIWICK_ADDR_MISMATCH",
	"zonemaster:OUT_OF_BAILIWICK_ADDR_MISMATCH",
	"zonemaster:EXTRA_ADDRESS_CHILD",
	"dnsviz:GLUE_MISMATCH",
	NULL,
};

const struct fault fault_stale_glue = {
	.id = "stale-glue",
	.title = "The parent hands out an old address of a name server",
	.summary = "the parent of {subject} gives another address for "
		   "[{ns}|a name server] than the zone does"
		   "[: parent {glue}][, zone {actual}]",
	.explain = stale_glue_explain,
	.seen = stale_glue_seen,
	.advice_here = stale_glue_here,
	.advice_there = stale_glue_there,
	.refs = stale_glue_refs,
};

static const char missing_glue_explain[] =
	"A name server's own name lies inside the zone that it serves. To find its address one "
	"would "
	"have to ask that very server, so the parent has to hand the address out with the "
	"delegation. It does not.\n"
	"\n"
	"The server cannot be used by anybody who comes from the parent. When that is so for all "
	"of "
	"the zone's servers, nothing in the zone can be looked up.";
static const char missing_glue_seen[] = "The parent's referral names a server at or below the zone "
					"and has no address record for it. "
					"An address that is there but wrong is `stale-glue`.";
static const char *const missing_glue_here[] = {
	"Nothing can be mended from here.",
	NULL,
};
static const char *const missing_glue_there[] = {
	"Register the server's addresses (glue, host records) through the registrar.",
	"On the parent's servers: glue has to fit into the referral, or the reply has to be marked "
	"as "
	"truncated (RFC 9471).",
	NULL,
};
static const char *const missing_glue_refs[] = {
	"RFC 1034 4.2.1",
	"RFC 9471 3",
	"dnsviz:MISSING_GLUE_FOR_NS_NAME",
	NULL,
};

const struct fault fault_missing_glue = {
	.id = "missing-glue",
	.title = "The parent gives no address for a name server inside the zone",
	.summary = "the parent of {subject} gives no address for "
		   "[{ns}|a name server inside the zone], which cannot be found otherwise",
	.explain = missing_glue_explain,
	.seen = missing_glue_seen,
	.advice_here = missing_glue_here,
	.advice_there = missing_glue_there,
	.refs = missing_glue_refs,
};
