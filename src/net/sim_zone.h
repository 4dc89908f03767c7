/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The records of a simulated server's zone, read from its text (net/sim.h has the form). */
#ifndef NET_SIM_ZONE_H
#define NET_SIM_ZONE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/span.h"
#include "base/vec.h"
#include "dns/name.h"

struct sim_record {
	struct name owner;
	uint16_t type;
	uint32_t ttl;
	struct span rdata; /* names in it are whole */
};

struct sim_records {
	struct name apex;
	struct VEC(struct sim_record) v; /* in the order of the text */
};

/* Text that cannot be read is an assertion: zones are a test's own. */
struct sim_records *sim_zone_read(struct arena *a, const char *apex, const char *text);

/* The next record of that owner and type (0: any) from index *i on; NULL: none. *i goes behind. */
const struct sim_record *sim_zone_next(
	const struct sim_records *z, const struct name *owner, uint16_t type, size_t *i);

bool sim_zone_has(const struct sim_records *z, const struct name *owner, uint16_t type);

/* The name has records, or names below it have (RFC 4592 2.2.2: empty non-terminals exist). */
bool sim_zone_exists(const struct sim_records *z, const struct name *n);

/* The name that begins skip octets into the rdata. */
struct name sim_record_name(const struct sim_record *r, size_t skip);

/* The type that an RRSIG covers; 0: it is none. */
uint16_t sim_record_covers(const struct sim_record *r);

#endif
