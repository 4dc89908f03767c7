/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a single reply of a zone's server adds to the delegation tree. The walk finds its way with
 * these functions and infer/cut judges the facts with the same ones.
 */
#ifndef INFER_REPLY_H
#define INFER_REPLY_H

#include <stdbool.h>

#include "base/addr.h"
#include "base/arena.h"
#include "base/span.h"
#include "base/vec.h"
#include "dns/msg.h"
#include "facts/facts.h"

/* Bounds on what one reply can make us believe. */
enum { REPLY_NAMES = 32, REPLY_ADDRS = 16 };

struct reply_names VEC(const struct name *);
struct reply_addrs VEC(struct addr);

/* How much an observation tells: compare to find the best of several of the same question. */
enum reply_rank {
	REPLY_NOTHING, /* silence, or never sent */
	REPLY_NOISE,   /* something that cannot be read */
	REPLY_NO_EDNS, /* the server does not understand EDNS: the plain question counts */
	REPLY_PART,    /* truncated */
	REPLY_WHOLE,
};
enum reply_rank reply_rank(const struct observation *o);

/* NOERROR or NXDOMAIN with AA. */
bool reply_authority(const struct msg *m);

/*
 * The zone below zone to which m refers the asker for qname; NULL when m is no referral downward.
 * AA is not looked at: some servers set it on referrals.
 */
const struct name *reply_delegation(
	const struct msg *m, const struct name *zone, const struct name *qname);

/*
 * The zone from whose data an authoritative answer to q comes, by its SOA or NS owner; NULL when
 * it does not tell.
 */
const struct name *reply_zone(const struct msg *m, const struct question *q);

/* The name in whose zone q's answer lies: a DS belongs to the parent (RFC 4035 3.1.4.1). */
struct name reply_home(const struct question *q);

/* Where the CNAME at q's own name points; false when there is none or q asks for CNAME or ANY. */
bool reply_alias(const struct msg *m, const struct question *q, struct name *ret);

/* Adds the targets of NS records that are not in the list yet, kept in the arena. */
void reply_ns(struct arena *a, const struct msg *m, struct rr_wanted w, struct reply_names *ret);

/* Adds the addresses of A and AAAA records (w.type 0: both), port 53, that are not there yet. */
void reply_addrs(struct arena *a, const struct msg *m, struct rr_wanted w, struct reply_addrs *ret);
/* Adds one address that is not there yet; false when it was, or the bound is reached. */
bool reply_addr_add(struct arena *a, struct reply_addrs *list, struct addr addr);
bool reply_addr_has(const struct reply_addrs *list, const struct addr *addr);

/*
 * The RRset that answers q, in a form in which equal sets are equal bytes: sorted rdata with names
 * in lower case (RFC 4034 6.2 and 6.3), no TTLs, the serial of a SOA left out.
 */
struct span reply_answer(struct arena *a, const struct msg *m, const struct question *q);

#endif
