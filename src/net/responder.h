/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * For tests: a child process with servers on the loopback that do what the first label of a
 * question says: "late.test." is answered late. It ends with the test, or after a while.
 */
#ifndef NET_RESPONDER_H
#define NET_RESPONDER_H

#include <sys/types.h>

#include "base/addr.h"
#include "facts/facts.h"

struct responder {
	struct addr udp, udp2, tcp; /* udp2: a second server, which answers everything */
	struct addr udp6;	    /* ADDR_NONE without IPv6 */
	pid_t child;
};

/* 0, or -1 when the loopback cannot be used. */
int responder_start(struct responder *r);
void responder_stop(struct responder *r);

/* An ask for the address of "LABEL.test.", to its UDP server, that waits for a second. */
struct ask responder_ask(struct arena *a, const struct responder *r, const char *label);

/* A socket bound to a free port of 127.0.0.1 (or ::1), and where; -1 when there is none. */
int responder_bind(int type, uint8_t family, struct addr *ret);

#endif
