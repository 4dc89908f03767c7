/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which packets of this host are a run's own: those of its sockets, for as long as they are open.
 * A UDP socket of ours has its address and port for itself, so that they tell; a TCP connection is
 * told by both of its ends. Sockets are noted by those who open and close them, packets come later,
 * out of a capture, with the time at which they passed.
 *
 *	struct ours *o = ours_new(arena);	// real_limits.ours: the wire notes its sockets
 *	...
 *	if (ours_has(o, &ends, at))
 *		keep(packet);
 *	ours_forget(o, drained);		// all packets up to then were looked at
 */
#ifndef NET_OURS_H
#define NET_OURS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/arena.h"

/* The two ends of a packet or socket; the remote one is of no account for UDP. */
struct ours_ends {
	bool tcp;
	struct addr local, remote; /* with ports; scopes do not count */
};

struct ours;

/* Nothing open yet; belongs to the arena, and holds places for as many as are open or not yet
 * forgotten. */
struct ours *ours_new(struct arena *a);

/* µs since 1970, UTC: the clock of captures. */
uint64_t ours_now(void);

/*
 * A socket was opened with these ends, or begins to be ours, at that time (to be taken before it
 * could send anything); and was closed. All take NULL for o: nobody wants to know.
 */
void ours_open(struct ours *o, const struct ours_ends *e, uint64_t at);
void ours_close(struct ours *o, const struct ours_ends *e);

/*
 * A packet between these ends passed at that time, while a socket of ours had them. The kernel goes
 * on to speak for a TCP connection that was closed: OURS_AFTER.
 */
bool ours_has(const struct ours *o, const struct ours_ends *e, uint64_t at);
enum { OURS_AFTER = 2000000 }; /* µs */

/* Packets that passed before that time will not be asked for any more. */
void ours_forget(struct ours *o, uint64_t before);

/* The port of a server that is about to be asked; whoever captures by ports is told of new ones. */
void ours_expect(struct ours *o, uint16_t port);
void ours_on_port(struct ours *o, void (*call)(void *user, uint16_t port), void *user);

/* Places in use, for tests. */
size_t ours_count(const struct ours *o);

#endif
