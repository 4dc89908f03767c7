/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of tests/signer share. */
#ifndef TESTS_SIGNER_INNER_H
#define TESTS_SIGNER_INNER_H

#include "base/buf.h"
#include "net/sim_zone.h"
#include "signer.h"

struct signing {
	struct arena *arena;
	const struct signer_plan *plan;
	struct name apex; /* in lower case */
	struct sim_records *zone;
	uint32_t negative; /* TTL of proofs */
	struct buf *out;   /* the text */
};

/* Adds a record to the text and to the zone. */
void signer_add(struct signing *s, const struct sim_record *r);

/* NS records of a zone below. */
bool signer_is_cut(const struct signing *s, const struct name *n);
/* The name lies below a cut: what is there is not the zone's. */
bool signer_below_cut(const struct signing *s, const struct name *n);
/* Signatures are made for that set of a name at or above the cuts. */
bool signer_has_rrsig(const struct signing *s, const struct name *n, uint16_t type);

/* Adds the chain of proofs, not signed yet. */
void signer_deny(struct signing *s);

#endif
