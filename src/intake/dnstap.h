/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sightings from dnstap: what a resolver itself tells of its queries, in messages of Protocol
 * Buffers (dnstap.proto of https://github.com/dnstap/dnstap.pb) in a frame stream (base/frames.h).
 *
 *	struct pairing_report r;
 *	rc = dnstap_sightings(facts, "/var/log/named.tap", &(struct pairing_filter){ 0 }, &r);
 *
 * From a socket (net/framestream.h), where frames come one at a time:
 *
 *	struct pairing *p = pairing_new(arena, &(struct pairing_filter){ .source = SIGHT_DNSTAP });
 *	struct dnstap d = { .pairing = p, .arena = arena };
 *	dnstap_frame(&d, frame);		// for each
 *	pairing_end(p, now, facts);
 *
 * The reader is our own: a dozen fields of three wire types are less code than the use of a
 * generated reader, need no generator and no library, and every octet is bounded here.
 *
 * Taken are RESOLVER_QUERY and _RESPONSE, and FORWARDER_QUERY and _RESPONSE. Known traits, seen
 * with BIND 9.18.49, Unbound 1.17.1 and PowerDNS Recursor 4.8.8:
 * - BIND and Unbound tell 0.0.0.0 or :: as the resolver's address: from has the port alone then;
 * - ports count in queries only: those of Unbound's responses are wrong (its pull request 1463);
 * - Unbound tells port 53 for queries over TCP, and over UDP for all of IPv6 (39 of 39; of IPv4 49
 *   of 49 were right). So 53 is believed of BIND and PowerDNS only; else from has port 0, not told.
 *
 * A stream does not say when it was closed: queries of its last 5 s without a response are UNKNOWN.
 */
#ifndef INTAKE_DNSTAP_H
#define INTAKE_DNSTAP_H

#include <stdio.h>

#include "intake/pairing.h"

#define DNSTAP_CONTENT "protobuf:dnstap.Dnstap"

struct dnstap {
	struct pairing *pairing;
	struct arena *arena;
};

/*
 * Feeds one data frame to the pairing. One that does not follow its grammar is counted
 * (tally.unread), as is one that is of no concern (tally.others).
 */
void dnstap_frame(struct dnstap *d, struct span frame);

/*
 * Reads a file ("-": standard input) and appends its sightings to the facts. 0; -ERR_OPEN;
 * -ERR_PARSE when it is no frame stream of dnstap. One that ends or breaks later counts as far as
 * it could be read: 0 with ret->why set; that its STOP is missing is no break, since programs that
 * are killed write none. ret is filled in any case; texts belong to the facts' arena.
 */
int dnstap_sightings(struct facts *f, const char *path, const struct pairing_filter *filter,
	struct pairing_report *ret);

/* The same of a stream, which is closed. */
int dnstap_sightings_stream(struct facts *f, FILE *stream, const struct pairing_filter *filter,
	struct pairing_report *ret);

#endif
