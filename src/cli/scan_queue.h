/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The coordinator of scan --queue: cuts the list into jobs, offers them, takes results, and keeps
 * the list of jobs whose result is not there, which it offers again when the queue has lost them.
 */
#ifndef CLI_SCAN_QUEUE_H
#define CLI_SCAN_QUEUE_H

#include "cli/run.h"
#include "cli/scan_log.h"
#include "cli/scan_out.h"
#include "intake/names.h"
#include "probe/bulk.h"

struct scan_queue_conf {
	struct run *run;
	const struct run_addrs *servers; /* that the agents are to ask; none: their own resolvers */
	struct scan_out *out;
	const struct scan_log *log; /* NULL: none */
	/* The next name or server of the list, as for a scan without queue. */
	enum bulk_more (*more)(void *user, struct names_item *ret);
	void *user;
};

/* Whether the settings want one. */
bool scan_queue_wanted(const struct settings *s);

/* Whether it can be: 0 or -ERR_USAGE, said. */
int scan_queue_check(const struct run *r);

/* Does the scan. 0, or negative: said. *ret_left: names that were given away and are not done. */
int scan_queue_run(const struct scan_queue_conf *conf, bool *ret_whole, uint64_t *ret_left);

#endif
