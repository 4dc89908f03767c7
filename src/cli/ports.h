/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the verbs that sweep given servers share. */
#ifndef CLI_PORTS_H
#define CLI_PORTS_H

#include "cli/run.h"

/*
 * Reads words and settings of such a verb, plans servers and controls, and hands over to run, which
 * returns an exit code: the verb's.
 */
int ports_verb(const char *verb, struct opt_args args, int (*run)(struct run *r));

/* Sweeps as planned. */
int ports_sweep(struct run *r);

/* A name in a zone of the servers: -q, else by a server's own name, else the root; type as -t. */
struct question ports_zone(struct run *r);

#endif
