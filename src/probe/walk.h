/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The way from the root to a name, asking every server of every zone on it, parent and child side
 * by side: the question, SOA and NS, and the addresses of name servers where glue has to be
 * compared or is missing. All independent asks go out together; every (server, question) is asked
 * once, again only after silence. The result is in the facts (ROLE_WALK); infer/cut reads them.
 */
#ifndef PROBE_WALK_H
#define PROBE_WALK_H

#include "base/rng.h"
#include "probe/probe.h"

struct walk_hint {
	const struct name *ns;
	struct addr addr;
};

struct walk_plan {
	struct question question;
	const struct walk_hint *hints; /* root servers */
	size_t nhints;
	bool no_v4, no_v6;
	struct addr source; /* address to send from; ADDR_NONE: kernel's choice */
	uint32_t timeout;   /* µs for one reply */
	unsigned int tries; /* per (server, question); 0: 3 */
	/* Bounds: what outsiders size. 0: 16 zones deep, 8 aliases, 64 names of servers looked up.
	 */
	unsigned int max_zones, max_aliases, max_lookups;
	struct rng rng;
};

struct walk;

struct walk *walk_new(struct arena *a, const struct walk_plan *plan);
struct probe *walk_probe(struct walk *w);

/* The servers of the zone that should answer the question, when the walk is done. */
struct walk_end {
	const struct name *zone; /* NULL: the walk did not get there */
	const struct addr *servers;
	size_t nservers;
	struct question question; /* at the end of the alias chain */
};
struct walk_end walk_end(const struct walk *w);

/* Servers of other zones met on the way (root, TLDs …), for use as controls. */
struct walk_other {
	struct addr addr;
	const struct name *zone;
};
size_t walk_others(const struct walk *w, const struct walk_other **ret);

/* The root servers as IANA publishes them (named.root of 2024-04-18), both families. */
extern const struct walk_hint *walk_root_hints(struct arena *a, size_t *ret_n);

/* Reads a hints file in master format. -ERR_OPEN is the caller's; -ERR_PARSE with *ret_line. */
int walk_read_hints(struct arena *a, struct span text, struct walk_plan *plan, size_t *ret_line);

#endif
