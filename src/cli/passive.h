/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recordings of a resolver's queries, or a look at them as they pass, without sending a packet. */
#ifndef CLI_PASSIVE_H
#define CLI_PASSIVE_H

#include "cli/run.h"

/*
 * Reads --pcap, --dnstap and -i into the facts. The addresses are the resolver's own; none: who
 * asks most is taken. 0; -ERR_USAGE or -ERR_SYSTEM, said.
 */
int passive_look(struct run *r, const struct addr *resolvers, size_t n);

#endif
