/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whose queries a capture shows: which host is the resolver, and which are its clients. */
#ifndef INTAKE_WHOSE_H
#define INTAKE_WHOSE_H

#include <stddef.h>

#include "base/arena.h"
#include "facts/sighting.h"

enum { WHOSE_FAMILIES = 2 };

/*
 * The resolver's address of each family, port 0: the host with the most queries to hosts that are
 * not resolvers themselves; clients ask none but those. A host counts as a resolver that sends at
 * least one query for each 100 (WHOSE_RELAY) that it gets: no cache is that good, and authoritative
 * servers ask next to nothing. When such queries without RD were seen, only these count: stubs set
 * it (RFC 1035 4.1.1), resolvers do not when they ask authoritative servers. Of equals the lowest
 * address. Returns how many were found.
 *
 * It is a guess, and one that fails for forwarders whose upstream resolver is seen at work, too, or
 * whose clients come over another address family than its own queries: who knows better gives the
 * address.
 */
size_t whose_resolver(
	struct arena *scratch, const struct sighting *v, size_t n, struct addr ret[WHOSE_FAMILIES]);

#endif
