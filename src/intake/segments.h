/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * DNS messages out of the TCP streams of a capture (RFC 1035 4.2.2), put together in the order of
 * their octets. What comes out of order is not waited for: the stream is given up.
 *
 *	struct segments *s = segments_new(arena, &(struct segments_to){ on_message, on_lost, user
 *}); segments_take(s, &packet);
 */
#ifndef INTAKE_SEGMENTS_H
#define INTAKE_SEGMENTS_H

#include "base/arena.h"
#include "intake/packet.h"

struct segments;

/* Who gets what there is. The payload is the message without its length, and good during the call.
 */
struct segments_to {
	void (*message)(void *user, const struct packet *p);
	/* Of these ends something is missing from here on, in the packet's direction. */
	void (*lost)(void *user, const struct packet *p);
	void *user;
};

/*
 * Up to 128 streams at once, each of up to 64 KB that wait for their end; of more, the one that was
 * idle longest is given up. Everything belongs to the arena.
 */
struct segments *segments_new(struct arena *a, const struct segments_to *to);

/*
 * One packet that is PACKET_TCP. A stream of which the capture has no beginning begins with the
 * first segment that has data.
 */
void segments_take(struct segments *s, const struct packet *p);

#endif
