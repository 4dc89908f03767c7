/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fuzz target: the records of any message are read as DNSSEC has them, and its sets verified with
 * its own keys.
 */
#include <stdio.h>
#include <stdlib.h>

#include "dns/dnssec.h"
#include "dns/rr.h"
#include "fuzz.h"

enum { ATTEMPTS = 16 }; /* signatures that one message may cost */

static void must(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "broken: %s\n", what);
	abort();
}

static void check_types(struct span types)
{
	int32_t type = -1, last;

	while (last = type, (type = bitmap_next(types, (uint32_t)(type + 1))) >= 0) {
		must(type > last, "types ascend");
		must(bitmap_has(types, (uint16_t)type), "and are there");
	}
}

static void check_denial(const struct msg *m, const struct rr *rr)
{
	uint8_t owner[NSEC3_HASH], hash[NSEC3_HASH];
	struct nsec3 n3;
	struct nsec n;

	if (!nsec_read(m, rr, &n)) {
		check_types(n.types);
		must(!nsec_covers(rr->owner, &n.next, rr->owner), "no NSEC covers its owner");
	}
	if (!nsec3_read(rr, &n3)) {
		must(bitmap_valid(n3.types), "an NSEC3's types are valid");
		check_types(n3.types);
		if (!nsec3_owner_hash(rr->owner, owner))
			must(!nsec3_covers(owner, n3.next, owner), "nor any NSEC3");
		if (n3.iterations <= NSEC3_TRUSTED)
			nsec3_hash(&n3, rr->owner, hash);
	}
}

static void check_key(const struct msg *m, const struct rr *rr, int *attempts)
{
	struct dnskey k;
	struct ds ds;

	if (dnskey_read(rr, &k))
		return;
	must(k.rdata.n == k.key.n + 4, "the key is the end of the rdata");
	for (size_t i = 0; i < m->nrrs && i < ATTEMPTS; i++)
		if (!ds_read(&m->rrs[i], &ds))
			ds_matches(&ds, rr->owner, &k);
	for (size_t i = 0; i<m->nrrs && * attempts> 0; i++) {
		struct rrsig s;
		struct rrset set;
		struct arena *a;

		if (rrsig_read(m, &m->rrs[i], &s))
			continue;
		(*attempts)--;
		a = arena_new();
		set = rrset_find(
			a, m, (struct rr_wanted){ m->rrs[i].section, s.covered, m->rrs[i].owner });
		rrset_canonical(a, &set);
		sig_verify(&(struct sig_check){ .set = &set,
			.rrsig = &m->rrs[i],
			.zone = &s.signer,
			.key = &k,
			.now = rrsig_time(s.expiration, 1767225600),
			.memo = dnssec_memo_new(a) });
		arena_free(a);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	const struct msg *m = msg_read(a, (struct span){ data, size });
	int attempts = ATTEMPTS;

	for (size_t i = 0; i < m->nrrs; i++) {
		if (!m->rrs[i].owner->len)
			continue;
		check_denial(m, &m->rrs[i]);
		check_key(m, &m->rrs[i], &attempts);
	}
	arena_free(a);
	return 0;
}
