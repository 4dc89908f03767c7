/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One line on standard error that tells how far a long run is. */
#include "cli/progress.h"

#include <stdio.h>
#include <unistd.h>

#define SECOND 1e6

/* A terminal gets one line that is drawn over; a log gets lines of its own. */
static const char *before(void)
{
	return isatty(STDERR_FILENO) ? "\r\033[K" : "";
}

static const char *after(void)
{
	return isatty(STDERR_FILENO) ? "" : "\n";
}

void progress_tick(void *user, const struct probe *p, uint64_t now)
{
	struct progress_line *l = user;
	struct progress g = probe_progress(p);
	double rate = 0;

	if (!l->began)
		l->began = now;
	if (l->at && now > l->at && g.asked >= l->asked)
		rate = (double)(g.asked - l->asked) / ((double)(now - l->at) / SECOND);
	fprintf(stderr, "%s%s: asked %zu", before(), g.phase ? g.phase : "start", g.asked);
	if (g.expected > g.asked)
		fprintf(stderr, " of %zu or more", g.expected);
	fprintf(stderr, ", %.0f/s, found %zu", rate, g.found);
	if (rate > 0 && g.expected > g.asked)
		fprintf(stderr, ", %.0f s or more left", (double)(g.expected - g.asked) / rate);
	fprintf(stderr, ", %.0f s%s", (double)(now - l->began) / SECOND, after());
	fflush(stderr);
	l->at = now;
	l->asked = g.asked;
	l->drawn = true;
}

void progress_clear(struct progress_line *l)
{
	if (l->drawn && isatty(STDERR_FILENO))
		fputs("\r\033[K", stderr);
	l->drawn = false;
}
