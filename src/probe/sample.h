/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Makes a resolver send queries, so that its source ports can be seen: it is asked, slowly, for
 * types that names which exist hardly ever have. Its cache holds none of these, and the answer is
 * a small NODATA; names that do not exist would be answered from one cached denial, or burden the
 * servers of the root.
 */
#ifndef PROBE_SAMPLE_H
#define PROBE_SAMPLE_H

#include "probe/probe.h"

enum { SAMPLE_TYPES = 20 }; /* asked of a name, at most */

struct sample_plan {
	const struct addr *resolvers; /* each lookup goes to the first; with ports */
	size_t nresolvers;
	const struct name *const *names; /* that exist; asked in turn */
	size_t nnames;
	size_t lookups; /* that are wanted; at most nnames * SAMPLE_TYPES are made */
	struct addr source;
	uint32_t spacing; /* µs between two lookups */
	uint32_t
		timeout; /* µs; outlasts the resolver's own patience, or its retries are not seen */
};

struct sample;

struct sample *sample_new(struct arena *a, const struct sample_plan *plan);
struct probe *sample_probe(struct sample *s);

/* Names of large top-level domains, which exist and are not one operator's. Static. */
const struct name *const *sample_tlds(struct arena *a, size_t *ret_n);

#endif
