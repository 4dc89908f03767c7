/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Many probes side by side, each with facts of its own: one for every name of a list. A job begins
 * when there is room and ends when its probe is done and all its asks have come back.
 *
 *	struct jobs *j = jobs_new(arena, &conf);
 *	drive_run(&drive, jobs_probe(j));       // drive.facts NULL: each job keeps its own
 *
 * What one job was told another need not ask again: a reply is given to all jobs that would send
 * the same query within its life, as if it had come to them.
 */
#ifndef PROBE_JOBS_H
#define PROBE_JOBS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "probe/bulk.h"
#include "probe/probe.h"

struct job {
	struct arena *arena; /* messages of its facts go here */
	struct facts *facts;
	struct probe *probe;
	void *user;
};

struct jobs_conf {
	size_t most;	    /* jobs at once, at most JOBS_MOST */
	uint32_t life;	    /* µs for which a reply is shared; 0: it is not */
	size_t most_shared; /* replies held for that, oldest go first */
	/* BULK_ONE: *ret is filled, and lives until done. */
	enum bulk_more (*more)(void *user, struct job *ret);
	void (*done)(void *user, const struct job *job);
	void *user;
};

enum { JOBS_MOST = 4096 };

struct jobs_totals {
	uint64_t begun, done, asked, shared; /* shared: asks that another job's reply answered */
};

struct jobs;

struct jobs *jobs_new(struct arena *a, const struct jobs_conf *conf);
/* Memory of shared replies. Takes NULL. */
void jobs_free(struct jobs *j);
struct probe *jobs_probe(struct jobs *j);
struct jobs_totals jobs_totals(const struct jobs *j);

/* After a run that was stopped: calls gone for each job that is not done. */
void jobs_each_left(struct jobs *j, void (*gone)(void *user, const struct job *job));

#endif
