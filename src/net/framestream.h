/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A Unix socket that resolvers connect to with their dnstap: frame streams (base/frames.h), with
 * the handshake of the reading side. Frames of all connections come out of one function.
 *
 *	struct framestream_conf conf = { .path = "/run/dnstap.sock", .type = DNSTAP_CONTENT,
 *		.take = use, .user = me };
 *	struct framestream *s;
 *	framestream_listen(arena, loop, &conf, &s);
 *	... loop_wait() ...
 *	framestream_close(s);
 */
#ifndef NET_FRAMESTREAM_H
#define NET_FRAMESTREAM_H

#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/span.h"
#include "net/loop.h"

/* A resolver has a connection for each of its threads: PowerDNS 4.8 with two threads made five. */
enum { FRAMESTREAM_MOST = 64 };

struct framestream;

struct framestream_conf {
	const char *path; /* of the socket, which is made, and removed at the end */
	const char *type; /* the content that is wanted */
	/*
	 * Who may connect: permission bits of the socket; 0: as the umask leaves them. Resolvers
	 * run as users of their own, so that 0666 is often needed: then every user of this host can
	 * feed us made-up frames.
	 */
	mode_t mode;
	void (*take)(void *user, struct span frame); /* valid for the call */
	void *user;
};

/* What happened so far. */
struct framestream_stats {
	uint64_t connections, frames;
	uint64_t refused; /* connections beyond FRAMESTREAM_MOST at a time */
	uint64_t broken;  /* that ended against the rules */
	const char *why;  /* the last one's reason; NULL: none */
};

/*
 * Listens, and serves connections from within loop_wait(). A socket at the path that nobody listens
 * at is replaced. 0; -ERR_OPEN: the path is too long for a socket, or something else is there, or
 * it cannot be made (errno says why); -ERR_SYSTEM. path and type are borrowed.
 */
int framestream_listen(struct arena *a, struct loop *l, const struct framestream_conf *conf,
	struct framestream **ret);

/* Ends all connections and removes the socket. Takes NULL. */
void framestream_close(struct framestream *s);

struct framestream_stats framestream_stats(const struct framestream *s);

#endif
