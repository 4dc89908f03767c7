/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * scan with a probe that takes many queries for each name: what tree, mail and diagnose do, for a
 * list, many at once, with what servers on the way say shared among them.
 */
#ifndef CLI_SCAN_JOBS_H
#define CLI_SCAN_JOBS_H

#include "cli/scan_work.h"
#include "probe/jobs.h"
#include "render/record.h"

/* Of --probe, ended by NULL: "lookup", which is no job, comes first. */
extern const char *const scan_probes[];

/* Of --survey: "none", then what is looked at; ended by NULL. */
extern const char *const scan_surveys[];

struct scan_jobs;

/* What becomes of each name; record: valid during the call. */
struct scan_jobs_conf {
	struct run *run;	     /* of scan: settings, and its plan with hints and resolvers */
	const struct optout *optout; /* whom not to ask; NULL: anybody may be */
	bool survey;		     /* of a server's addresses one is asked */
	int probe;		     /* index in scan_probe_table, not 0 */
	enum bulk_more (*more)(void *user, struct names_item *ret);
	void (*done)(void *user, const struct record *record);
	void *user;
};

/* Checks what all jobs have of the settings. 0 or -ERR_USAGE, said. */
int scan_jobs_new(struct arena *a, const struct scan_jobs_conf *conf, struct scan_jobs **ret);
struct probe *scan_jobs_probe(struct scan_jobs *s);
/* ICMP errors are read whole (net/rawicmp.h). To be said before the run. */
void scan_jobs_quotes(struct scan_jobs *s);
struct jobs_totals scan_jobs_totals(const struct scan_jobs *s);
/* Takes NULL. */
void scan_jobs_free(struct scan_jobs *s);

#endif
