/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ports by looking at open UDP sockets, where packets may not be captured: /proc/net/udp and udp6
 * (proc_net_udp(5)), looked at again and again while the resolver is kept busy. Sees a part of the
 * queries, since most sockets are closed within milliseconds, and never what came of them.
 *
 *	struct sockets s = { .arena = a, .root = "" };
 *	sockets_of_process(&s, pid);		// or not: then all that ask port 53
 *	while (asking)
 *		sockets_look(&s, facts, now);
 *
 * A socket is looked for by its inode, and told once as a sighting of SIGHT_SOCKET with end
 *UNKNOWN: from.port, and from's address and server where the socket is connected. With inodes of a
 *process these are its sockets that are connected to port 53 or not connected at all, but for those
 *bound to port 53, where it listens; without, all that are connected to port 53, but ours
 *(ignored). Sockets that a resolver has always open for other purposes (rndc, DHCP) are among them
 *when they are not connected: infer should not trust a port seen here alone. TCP is not looked at.
 */
#ifndef INTAKE_SOCKETS_H
#define INTAKE_SOCKETS_H

#include <sys/types.h>

#include "facts/facts.h"

enum {
	SOCKETS_MOST = 65536,	     /* told, and inodes of a process */
	SOCKETS_LINES_MOST = 200000, /* of a file of /proc */
};

struct sockets_set {
	uint64_t *v; /* inodes, ascending */
	size_t n, cap;
};

struct sockets {
	struct arena *arena;
	const char *root;	    /* stands before /proc: "" here, a folder in tests */
	struct sockets_set wanted;  /* inodes that count; see by_process */
	bool by_process;	    /* wanted counts, even when it is empty */
	struct sockets_set ignored; /* ours */
	struct sockets_set told;
};

/*
 * From now on only sockets of this process count; called again it adds those of another process, or
 * those that were opened since. Where sockets come and go with each query, call it before each
 * look; a socket that is gone by then is missed. 0; -ERR_NONE: no such process; -ERR_PRIVILEGE: it
 * is another user's, which takes CAP_SYS_PTRACE.
 */
int sockets_of_process(struct sockets *s, pid_t pid);

/* Never tells of the sockets that a process has now: our own. Errors as above. */
int sockets_ignore(struct sockets *s, pid_t pid);

/*
 * Tells what is new. now: µs since 1970. 0; -ERR_OPEN when neither file can be read; -ERR_LIMIT
 * when SOCKETS_MOST were told.
 */
int sockets_look(struct sockets *s, struct facts *f, uint64_t now);

#endif
