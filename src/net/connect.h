/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TCP connections as asks want them made, and what it means when they fail. */
#ifndef NET_CONNECT_H
#define NET_CONNECT_H

#include <stdbool.h>

#include "facts/facts.h"
#include "net/route.h"

/*
 * A non-blocking socket on its way to the ask's server, from its source. WHY_NONE with *ret_fd set,
 * or why nothing left, with nothing to be closed.
 */
enum why connect_start(struct route *route, const struct ask *ask, int *ret_fd);

/* What came of a connection. */
struct connect_end {
	enum outcome outcome;
	struct icmp icmp; /* with OUTCOME_ICMP */
	const char *said; /* with OUTCOME_CHANNEL */
	bool certificate; /* the same */
};

/* An ICMP error of the network waits on the socket: takes it. */
bool connect_take_icmp(int fd, struct icmp *ret);

/*
 * What an errno of the socket says. server: where it leads. connected: it was made. Also takes
 * what waits on the socket, which tells more.
 */
struct connect_end connect_failure(int fd, int error, const struct addr *server, bool connected);

#endif
