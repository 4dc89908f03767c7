/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A query that somebody saved, as an ask: from the bytes of a message, from a capture, from a tape.
 * All bytes are hostile.
 */
#ifndef INTAKE_SAVED_H
#define INTAKE_SAVED_H

#include <stdio.h>

#include "base/arena.h"
#include "facts/facts.h"

/* Where the bytes were found. */
struct saved_ends {
	struct addr from, to; /* with ports; ADDR_NONE: unknown */
	uint8_t transport;    /* enum transport */
};

/*
 * A query with one question (or none: header_only) and nothing but OPT behind it. -ERR_PARSE for a
 * response, for what cannot be read whole, and for records that an ask does not have (TSIG, update
 * sections). The id is of no account. Everything belongs to the arena.
 */
int saved_from_wire(
	struct arena *a, struct span wire, const struct saved_ends *ends, struct ask *ret);

/*
 * The first query in a capture (pcap, pcapng; closed in any case) that is not answered in it, else
 * the first at all; over UDP, and over TCP as far as its streams are in order. The source's address
 * is left out: it is another host's, mostly. -ERR_PARSE, -ERR_NONE.
 */
int saved_from_capture(struct arena *a, FILE *stream, struct ask *ret);

/*
 * The ask of the facts that was silent most often and never answered; else one that was silent,
 * else the first that was not answered. -ERR_NONE.
 */
int saved_from_facts(const struct facts *f, struct ask *ret);

#endif
