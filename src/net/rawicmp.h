/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ICMP errors that quote one of our packets with another sender than it left with. The kernel has
 * no socket for such a quote, so the error queue (net/icmp.h) never sees it; raw sockets do, which
 * take CAP_NET_RAW. They only read. What quotes a packet as it was sent is left to the error queue.
 */
#ifndef NET_RAWICMP_H
#define NET_RAWICMP_H

#include "net/flight.h"
#include "net/rawquote.h"

struct rawicmp;

/*
 * Opens what the kernel lets us open, and watches it in the loop of the flights, which must outlive
 * it. NULL: nothing, which is no error.
 */
struct rawicmp *rawicmp_new(struct arena *a, struct flights *fs);
/* Takes NULL. */
void rawicmp_free(struct rawicmp *r);

/* Gives up CAP_NET_RAW, which nothing needs behind rawicmp_new(). 0 or -ERR_SYSTEM. */
int rawicmp_drop_privilege(void);

/*
 * The UDP ask that the quoted packet was, in flight or over since at most 3 s: the destination is
 * its server, the id its id, and no other ask is such. NULL: none, or one that left as it is
 * quoted.
 */
struct flight *rawicmp_match(const struct flights *fs, const struct rawquote *q, uint64_t now);

#endif
