/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A probe over the real network, as the settings allow, until it is done or the user stops it. */
#ifndef CLI_PUMP_H
#define CLI_PUMP_H

#include <signal.h>

#include "cli/run.h"

/* What else wants to be looked after while a probe runs: called several times a second. */
struct pump_beside {
	void (*tick)(void *user);
	void *user;
	uint64_t every; /* µs */
};

/* Most queries to one server: as set, or by default. */
uint32_t pump_budget(const struct run *r);

/* The facts get its observations. beside may be NULL. 0, or negative when a line has said why. */
int pump_run(struct run *r, struct probe *p, const struct pump_beside *beside);

/* From now on Ctrl-C and SIGTERM set this instead of ending the program, once. */
const volatile sig_atomic_t *pump_stop(void);

#endif
