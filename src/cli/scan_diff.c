/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scan --diff A B: what differs between two runs. */
#include "cli/scan_diff.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/scan_db.h"
#include "cli/verb.h"

static void print_line(struct span line)
{
	fwrite(line.p, 1, line.n, stdout);
}

int scan_diff(struct run *r)
{
	const char *why;
	struct scan_pair pair;
	int64_t n;

	if (r->words.n != 2)
		return run_complain(r, "--diff compares two databases: scan --diff A B"), CLI_USAGE;
	pair = (struct scan_pair){ r->words.v[0], r->words.v[1] };
	n = scan_db_diff(r->arena, pair, print_line, &why);
	if (n < 0)
		return run_complain(r, "%s", why), CLI_USAGE;
	if (fflush(stdout))
		return run_complain(r, "standard output: %s", strerror(errno)), CLI_LOCAL;
	return n ? CLI_FAULT : CLI_OK;
}
