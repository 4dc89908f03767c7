/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * --pcap: the packets of a run, as they passed this host's interfaces, in a file. Raw evidence for
 * whoever is asked to mend what the report says.
 *
 *	if (evidence_open(&evidence, r) < 0) ...	// in run_begin()
 *	real_limits.ours = evidence_ours(r->evidence);
 *	evidence_drain(r->evidence);		// several times a second
 *	...
 *	if (evidence_close(r->evidence) < 0) ...	// exit code 4
 *
 * What is a run's own is told by its sockets (net/ours.h): UDP and TCP between their ends, ICMP
 * errors that quote such packets, and the fragments of all these, should they come in order. All
 * functions but evidence_open() take NULL: no --pcap.
 */
#ifndef CLI_EVIDENCE_H
#define CLI_EVIDENCE_H

#include <stdint.h>

#include "base/arena.h"
#include "net/ours.h"

enum { EVIDENCE_EVERY = 50000 }; /* µs between two calls of evidence_drain(), at most */

struct evidence;

/*
 * Begins to capture, on all interfaces, and the file. 0; -ERR_PRIVILEGE, -ERR_OPEN with *ret_why, a
 * line for the user. It lives in the arena, and ends with evidence_close().
 */
int evidence_open(struct arena *a, const char *path, struct evidence **ret, const char **ret_why);

/* For the wire: the run begins, and what was in the file goes. */
struct ours *evidence_ours(struct evidence *e);

/* Writes what has passed so far. */
void evidence_drain(struct evidence *e);

/*
 * Writes what is still on its way through the kernel, and closes the file. *ret_said is a line for
 * the user: how many packets, and what is missing. 0, or -ERR_WRITE: the file is not whole.
 */
int evidence_close(struct evidence *e, const char **ret_said);

#endif
