/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The catalogue's entry for a resolver whose pool meets a filter. */
#include <stddef.h>

#include "fault/entries.h"

static const char explain[] =
	"Some of the source ports that this resolver draws for its queries are dropped on the way "
	"to these servers. A query from such a port gets no answer; the resolver waits, tries "
	"again, perhaps from the next port, perhaps from the same one, and when it was unlucky "
	"often enough it says SERVFAIL, or the client has given up before. How often that is "
	"follows from the share of the pool that is dropped and from how the resolver retries: "
	"with a fresh port for each try and several servers, 12.5% of dropped ports are hardly "
	"noticed; with a port that is kept for all tries, 12.5% of the lookups fail; and with a "
	"pool that lies inside of the dropped set all of them do.\n"
	"\n"
	"The filter is the fault. But it is somebody else's, and the pool is yours: it can be "
	"changed today.";
static const char seen[] =
	"The set of dropped ports was found by queries of this program; the pool is read in the "
	"resolver's configuration, with its version's own defaults, or estimated from its packets, "
	"or from how they arrived at a beacon. The share is that of the pool's ports that are in "
	"the set. Where the resolver's own queries to these servers were seen, those from dropped "
	"ports and those from others are counted. From a capture alone, without a query of this "
	"program, a group of ports is named whose queries one server answers far less often than "
	"others do: that is a suspicion, which `ports` confirms.";
static const char *const here[] = {
	"Take the dropped ports out of the resolver's pool, or use a pool of all ports from 1024 "
	"up, which most filters leave alone.",
	NULL,
};
static const char *const there[] = {
	"A filter in front of these servers drops queries by their source port. A resolver may "
	"use any port from 1024 up, and 53 (RFC 5452 9.2); translators on the way make other ports "
	"of these.",
	NULL,
};
static const char *const refs[] = { "RFC 5452 9.2", "RFC 6056", "RFC 4787 REQ-3", NULL };

const struct fault fault_resolver_uses_filtered_ports = {
	.id = "resolver-uses-filtered-ports",
	.title = "The resolver draws source ports that are dropped",
	.summary = "[{least} ][{share} of ]the resolver's queries to {servers}[ from {range}] are "
		   "dropped[, {though}|: it draws from ports that are filtered there][; expected "
		   "failures: {servfail}]",
	.explain = explain,
	.seen = seen,
	.advice_here = here,
	.advice_there = there,
	.refs = refs,
};
