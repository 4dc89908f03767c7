/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Address translation by what arrives: queries of a resolver that were seen leaving its host and
 * again where they arrived, at a beacon, with the same id and question.
 */
#ifndef INFER_NAT_ARRIVE_H
#define INFER_NAT_ARRIVE_H

#include "infer/nat.h"

struct nat_arrival {
	uint32_t matched;		   /* queries that were seen at both ends */
	uint32_t rewritten;		   /* of them, with another port */
	uint32_t moved;			   /* with another address and the same port */
	struct VEC(struct nat_pair) pairs; /* rewritten ones, in their order; quotes: 1 each */
};

/*
 * Pairs sightings that left (capture, dnstap) with sightings of the beacon by id, name and
 * type. An id and name that occurs twice at one end is left out: names of a beacon are
 * asked for once.
 */
struct nat_arrival nat_arrive(struct arena *a, const struct facts *f);

/*
 * The class of ports that Linux (nf_nat_core.c) and Cisco (PAT) replace a port by when it is taken:
 * below 512, 512 to 1023, or from 1024 on. Linux takes 1-511, 600-1023, 1024-65535.
 */
struct portrange nat_class(uint16_t port);

#endif
