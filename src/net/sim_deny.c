// SPDX-License-Identifier: GPL-3.0-or-later
// Proofs that simulated servers give of what is not there (RFC 4035 3.1.3, RFC 5155 7.2).
#include <string.h>

#include "dns/dnssec.h"
#include "dns/rr.h"
#include "net/sim_reply.h"

enum { PROOFS = 4 };

/* Proofs that are in the reply already: one record may prove two things. */
struct denial {
	struct sim_reply *reply;
	const struct sim_record *told[PROOFS];
	size_t ntold;
};

static void tell(struct denial *d, const struct sim_record *proof)
{
	for (size_t i = 0; i < d->ntold; i++)
		if (d->told[i] == proof)
			return;
	if (!proof || d->ntold == PROOFS)
		return;
	d->told[d->ntold++] = proof;
	sim_reply_put(
		d->reply, &(struct sim_put){ MSG_AUTHORITY, &proof->owner, proof->type, NULL, 0 });
}

static struct name wildcard_of(const struct name *encloser)
{
	struct name n = *encloser;

	name_prepend(encloser, "*", &n);
	return n;
}

/* The name on the way from the encloser to n that is the first not there. */
static struct name next_closer(const struct name *encloser, const struct name *n)
{
	return name_suffix(n, name_labels(encloser) + 1);
}

/* NSEC. */

/* The record of the name, else the one that spans it. */
static const struct sim_record *find_nsec(const struct sim_records *z, const struct name *n)
{
	const struct sim_record *spanning = NULL;

	vec_each (const struct sim_record, r, z->v) {
		struct name next;

		if (r->type != RR_NSEC)
			continue;
		if (name_equal(&r->owner, n))
			return r;
		next = sim_record_name(r, 0);
		if (nsec_covers(&r->owner, &next, n))
			spanning = r;
	}
	return spanning;
}

static void deny_by_nsec(struct denial *d, enum sim_absence what, const struct name *n)
{
	const struct sim_records *z = d->reply->zone;
	struct name encloser = sim_reply_encloser(d->reply, n);
	struct name wildcard = wildcard_of(&encloser);

	tell(d, find_nsec(z, n));
	if (what == SIM_NO_NAME || what == SIM_NO_WILD_TYPE)
		tell(d, find_nsec(z, &wildcard));
}

/* NSEC3. */

/* The parameters are those of the chain's first record. */
static bool read_nsec3(const struct sim_record *r, struct nsec3 *ret)
{
	struct rr rr = { .type = r->type, .rdata = r->rdata.p, .rdlength = (uint16_t)r->rdata.n };

	return r->type == RR_NSEC3 && nsec3_read(&rr, ret) == 0;
}

/* spanning: the record that the hash falls behind, instead of the one that it is. */
static const struct sim_record *find_nsec3(
	const struct sim_records *z, const struct name *n, bool spanning)
{
	uint8_t hash[NSEC3_HASH], owner[NSEC3_HASH];
	bool hashed = false;

	vec_each (const struct sim_record, r, z->v) {
		struct nsec3 p;

		if (!read_nsec3(r, &p))
			continue;
		if (!hashed && nsec3_hash(&p, n, hash) != 0)
			return NULL;
		hashed = true;
		if (nsec3_owner_hash(&r->owner, owner) != 0)
			continue;
		if (spanning ? nsec3_covers(owner, p.next, hash)
			     : memcmp(owner, hash, NSEC3_HASH) == 0)
			return r;
	}
	return NULL;
}

/* The deepest name at or above n that has a record: with opt-out, not all names have one. */
static struct name provable(const struct sim_records *z, const struct name *n)
{
	struct name at = *n;

	while (name_labels(&at) > name_labels(&z->apex) && !find_nsec3(z, &at, false))
		at = name_parent(&at);
	return at;
}

static void deny_by_nsec3(struct denial *d, enum sim_absence what, const struct name *n)
{
	const struct sim_records *z = d->reply->zone;
	struct name encloser = provable(z, n);
	struct name wildcard = wildcard_of(&encloser);

	if (what != SIM_NO_EXACT)
		tell(d, find_nsec3(z, &encloser, false));
	if (!name_equal(&encloser, n)) {
		struct name next = next_closer(&encloser, n);

		tell(d, find_nsec3(z, &next, true));
	}
	if (what == SIM_NO_NAME || what == SIM_NO_WILD_TYPE)
		tell(d, find_nsec3(z, &wildcard, what == SIM_NO_NAME));
}

void sim_reply_deny(struct sim_reply *r, enum sim_absence what, const struct name *n)
{
	struct denial d = { .reply = r };

	if (!r->secure)
		return;
	vec_each (const struct sim_record, one, r->zone->v)
		if (one->type == RR_NSEC3) {
			deny_by_nsec3(&d, what, n);
			return;
		}
	deny_by_nsec(&d, what, n);
}
