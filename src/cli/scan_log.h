/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The list of a scan from logs and captures: the domains whose look-ups failed there, the most
 * frequent first, and what was said of each. No mail address can come out (intake/logname.h), and
 * no client's (intake/asked.h).
 */
#ifndef CLI_SCAN_LOG_H
#define CLI_SCAN_LOG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/rng.h"
#include "cli/opt.h"
#include "dns/msg.h"
#include "render/record.h"

enum { SCAN_LOG_DOMAINS = 200000 }; /* held at once, some 80 MB */

struct scan_log;

struct scan_log_files {
	const struct opt_texts *mail, *resolver, *captures; /* paths; "-": standard input */
	struct rng *rng;				    /* for hashes that nobody can foresee */
};

/* Reads all files. 0, or -ERR_OPEN with *ret_why, a line for the user. */
int scan_log_read(struct arena *a, const struct scan_log_files *files, struct scan_log **ret,
	const char **ret_why);
/* Takes NULL. */
void scan_log_free(struct scan_log *l);

/*
 * The questions as lines of a list (a names_read of intake/names.h): each domain with each type
 * that failed, MX where a line did not say which; what is no failure is left out.
 */
ptrdiff_t scan_log_lines(void *log, char *to, size_t most);

/* What the logs say of that question; none: *ret_n is 0. In the scratch arena. */
const struct record_log *scan_log_of(
	const struct scan_log *l, const struct question *q, struct arena *scratch, size_t *ret_n);

/* Lines for the end of a scan: what was read, what could not be. */
void scan_log_sum(struct scan_log *l, struct buf *out);

#endif
