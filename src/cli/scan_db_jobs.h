/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The jobs of a scan that a queue does, in its database: those that were cut and whose results are
 * not there. A job goes in the commit that its results come in, so that a name is in a job, or
 * among the results, or not read yet.
 *
 *	queue (scan, next)	the scan's id and the number of the next job; one row
 *	job (id, text)		as it is offered
 *	pending (name)		"NAME TYPE" of all jobs, for this run only
 */
#ifndef CLI_SCAN_DB_JOBS_H
#define CLI_SCAN_DB_JOBS_H

#include "cli/scan_db.h"

struct db_jobs;

/*
 * Makes the tables if need be. *ret_scan: the id of the scan that is there, in the arena, or NULL:
 * none is, or it is not to go on: then its jobs are gone. 0, or -ERR_OPEN: scan_db_error().
 */
struct db_jobs_conf {
	struct scan_db *db;
	bool resume;
};
int db_jobs_open(struct arena *a, const struct db_jobs_conf *conf, struct db_jobs **ret,
	const char **ret_scan);
/* Takes NULL. */
void db_jobs_close(struct db_jobs *j);

/* A scan begins. */
void db_jobs_begin(struct db_jobs *j, const char *scan);
/* The number after that of the last job, from 1. */
int64_t db_jobs_next(struct db_jobs *j);
/* Safe with the next commit. */
void db_jobs_add(struct db_jobs *j, int64_t id, struct span text);
void db_jobs_done(struct db_jobs *j, int64_t id);

/* Calls for each job that is there. */
void db_jobs_each(
	struct db_jobs *j, void (*call)(void *user, int64_t id, struct span text), void *user);

/* Names that are in jobs of before. name: "NAME TYPE", in lower case but for the type. */
void db_jobs_pend(struct db_jobs *j, const char *name);
bool db_jobs_pends(struct db_jobs *j, const char *name);

#endif
