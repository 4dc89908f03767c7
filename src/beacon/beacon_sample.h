/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the beacon saw of one query, and the labels of names that carry it. An asker makes a first
 * label; the beacon leads from there through a chain of aliases, each label of which says what was
 * seen of the query for the one before:
 *
 *	18e30kqa                                    the asker's: version 1, 8 steps to go, a seed
 *	17e30kqa PROOF SAMPLE                       what was seen of the query for 18e30kqa
 *	…
 *	10e30kqa PROOF SAMPLE                       the last, whose TXT record says what was seen of
 *it
 *
 * Labels are of version (a digit), steps to go (a digit of base32hex), the asker's seed (6), and,
 *in those that the beacon made, a proof (8) and the sample; all in base32hex (RFC 4648 7) of lower
 * case without padding, so that resolvers that play with letter case do no harm. The longest takes
 * the 63 octets of a label: a second one would make resolvers that minimise names ask once more.
 */
#ifndef BEACON_BEACON_SAMPLE_H
#define BEACON_BEACON_SAMPLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/span.h"
#include "dns/name.h"

enum {
	/*
	 * Aliases in a row. PowerDNS Recursor follows 10 (max-cnames-followed, 4.8 and since),
	 * Unbound 11 (MAX_RESTART_COUNT, 1.17; max-query-restarts), BIND 11 since 9.18.28 and 16
	 * before (max-query-restarts), Knot Resolver 12 (KR_CNAME_CHAIN_LIMIT, 5.6).
	 */
	BEACON_STEPS_MOST = 10,
	BEACON_STEPS = 8,

	BEACON_SEED_BITS = 30,
	BEACON_FIRST_LABEL = 8, /* octets of the asker's label */
	BEACON_PROOF_BITS = 40,
	BEACON_CASE_BITS = 32,
	BEACON_SAMPLE_TEXT = 47, /* octets of the longest sample */
};

/* EDNS options that a query had (bits of beacon_sample.options). */
enum beacon_option {
	BEACON_COOKIE = 1,  /* RFC 7873 */
	BEACON_SUBNET = 2,  /* RFC 7871 */
	BEACON_NSID = 4,    /* RFC 5001 */
	BEACON_PADDING = 8, /* RFC 7830 */
	BEACON_OTHER = 16,
};

struct beacon_sample {
	struct addr from;   /* with port; no scope */
	bool tcp;	    /* else UDP */
	uint16_t id, flags; /* flags: AA, TC, RD, RA, Z, AD, CD only, as on the wire */
	bool edns, dnssec_ok;
	uint16_t edns_size;
	uint8_t options; /* enum beacon_option */
	uint8_t type;	 /* that was asked for; 0: one above 255 */
	/* Of the first BEACON_CASE_BITS letters of the name: bit i is set when letter i is upper.
	 */
	uint32_t upper;
};

/* The case bits of a name, and a name with them; letters beyond those are made lower. */
uint32_t beacon_case(const struct name *n);
void beacon_set_case(struct name *n, uint32_t upper);

/* Writes at most BEACON_SAMPLE_TEXT octets and no NUL; their number. */
size_t beacon_sample_text(const struct beacon_sample *s, char *text);

/* Strictly that text, in either case. -ERR_PARSE. */
int beacon_sample_parse(struct span text, struct beacon_sample *ret);

struct beacon_label {
	uint8_t steps; /* to go, 0 .. BEACON_STEPS_MOST */
	uint32_t seed; /* BEACON_SEED_BITS */
	bool first;    /* an asker's: neither proof nor sample */
	uint64_t proof;
	struct beacon_sample sample;
};

/* Writes the label (NUL behind it; NAME_MAX_LABEL + 1 octets); its length. */
size_t beacon_label_text(const struct beacon_label *l, char *text);

/* The first label of a name. -ERR_PARSE when it is no label of a chain. */
int beacon_label_parse(const struct name *n, struct beacon_label *ret);

#endif
