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

/* The only server as it was given; NULL: there are several. */
const char *ports_word(const struct run *r);

/*
 * What to ask a server of which only name or address are known, into the plan of the sweep: any
 * reply proves a port open. word: how it was given; NULL: unknown.
 */
void ports_questions(struct run *r, const char *word);

/*
 * Without --control: a few root servers, drawn anew each time, so that none bears them all. The
 * plan has its targets by then.
 */
void ports_controls(struct run *r);

/* A name in a zone of the servers: -q, else by a server's own name, else the root; type as -t. */
struct question ports_zone(struct run *r, const char *word);

#endif
