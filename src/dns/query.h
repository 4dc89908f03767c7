/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Builds any query: what distinguishes one query from another is its shape. */
#ifndef DNS_QUERY_H
#define DNS_QUERY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "dns/msg.h"

struct shape_option {
	uint16_t code, length;
	const uint8_t *data;
};

/* Everything of a query but id and question. Zeroed: plain DNS, no flags, no EDNS. */
struct shape {
	uint16_t flags; /* enum flag bits; QR and opcode bits are ignored */
	uint8_t opcode;
	bool edns;
	uint8_t edns_version;
	bool ixfr;	     /* a SOA record with serial in the authority section, RFC 1995 3 */
	uint16_t edns_size;  /* requestor's UDP payload size, RFC 6891 6.2.3 */
	uint16_t edns_flags; /* EDNS_DO and the Z bits */
	const struct shape_option *options; /* belong to whoever made the shape */
	uint8_t noptions;
	bool header_only; /* no question */
	bool twice; /* the question stands twice, QDCOUNT 2 (RFC 9619); not when header_only */
	uint8_t trailing; /* so many zero octets behind the message */
	uint32_t serial;
	const struct tsig_key *key; /* signs the message (dns/tsig.h); NULL: none does */
};

/*
 * What a resolver sends to an authoritative server and what a sweep sends: RD=0, EDNS 1232
 * (RFC 9715 appendix A), no DO: the smallest answer, so that size is no second variable.
 */
extern const struct shape shape_iterative;

/* What a stub sends to its resolver: RD=1, EDNS 1232. */
extern const struct shape shape_stub;

/* Whether both make the same query, signed with the same key. */
bool shape_equal(const struct shape *a, const struct shape *b);

/* Makes its options those of the arena. */
void shape_keep(struct arena *a, struct shape *s);

/* The first EDNS option of that code; NULL: none. */
const struct shape_option *shape_find(const struct shape *s, uint16_t code);

/* Appends the wire form of the query. */
void query_build(struct buf *b, const struct shape *s, const struct question *q, uint16_t id);

/*
 * The reproducing command: "dig +norec +nocookie … @192.0.2.1 live.com. MX" (without "-b", which
 * the caller adds), for the same packet that query_build() makes. What dig cannot send is left out,
 * and named by query_dig_cannot().
 */
void query_dig(struct buf *b, const struct shape *s, const struct question *q);

/*
 * A shell comment that says what of the packet is not in that command, to stand at the end of its
 * line: "  # with a second question, which dig cannot send". Appends nothing when dig sends it all.
 * split: octets of the first TCP segment, 0 when the query is sent in one piece.
 */
void query_dig_cannot(struct buf *b, const struct shape *s, uint16_t split);

#endif
