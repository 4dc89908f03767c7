/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pumps a probe over a wire: asks what it wants, sends it as the pace allows, hands it every
 * observation, and keeps all observations as facts.
 */
#ifndef NET_DRIVE_H
#define NET_DRIVE_H

#include <signal.h>
#include <stdint.h>

#include "facts/facts.h"
#include "net/pace.h"
#include "net/wire.h"
#include "probe/probe.h"

struct drive {
	struct wire *wire;
	struct pace *pace;		   /* NULL: no pacing */
	struct facts *facts;		   /* every observation is added here; NULL: none is kept */
	const volatile sig_atomic_t *stop; /* set: ends the run; NULL: cannot be stopped */
	uint64_t deadline; /* µs on the wire's clock at which the run ends; 0: none */
	/* Called with each observation as it is added to the facts; NULL: never. */
	void (*seen)(void *user, const struct observation *o);
	/* Called at most every tick µs; NULL: never. */
	void (*tick)(void *user, const struct probe *p, uint64_t now);
	void *user;
	uint64_t tick_every; /* µs */
};

/*
 * Runs p until it is done and all its asks have come back. 0 then, -ERR_LIMIT when stop or
 * deadline ended it: asks that were waiting or in flight are given back as not sent: stopped, and
 * the wire can only be freed. Owners of asks live as long as the wire is used.
 */
int drive_run(const struct drive *d, struct probe *p);

#endif
