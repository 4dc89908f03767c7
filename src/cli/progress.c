/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One line on standard error that tells how far a long run is, and one before it that says how
 * long. */
#include "cli/progress.h"

#include <stdio.h>
#include <unistd.h>

#define SECOND 1e6
#define NEWEST 0.25 /* of a rate is the last tick's, the rest what was before */

enum { SPAN_TEXT = 32, MINUTE = 60, HOUR = 3600 };

/* A terminal gets one line that is drawn over; a log gets lines of its own. */
static const char *before(void)
{
	return isatty(STDERR_FILENO) ? "\r\033[K" : "";
}

static const char *after(void)
{
	return isatty(STDERR_FILENO) ? "" : "\n";
}

/* "40 s", "5 min 20 s", "2 h 5 min" */
static const char *span_text(double seconds, char out[SPAN_TEXT])
{
	unsigned long s = seconds > 0 ? (unsigned long)(seconds + 0.5) : 0;

	if (s < MINUTE)
		snprintf(out, SPAN_TEXT, "%lu s", s);
	else if (s < HOUR)
		snprintf(out, SPAN_TEXT, "%lu min %lu s", s / MINUTE, s % MINUTE);
	else
		snprintf(out, SPAN_TEXT, "%lu h %lu min", s / HOUR, s % HOUR / MINUTE);
	return out;
}

/* Asks a second, smoothed: single ticks of a slow run see none or one. */
static void see_rate(struct progress_line *l, const struct progress *g, uint64_t now)
{
	double last;

	if (!l->at || now <= l->at || g->asked < l->asked)
		return;
	last = (double)(g->asked - l->asked) / ((double)(now - l->at) / SECOND);
	l->rate = l->rate > 0 ? l->rate * (1 - NEWEST) + last * NEWEST : last;
}

void progress_tick(void *user, const struct probe *p, uint64_t now)
{
	struct progress_line *l = user;
	struct progress g = probe_progress(p);
	char span[SPAN_TEXT];

	if (!l->began)
		l->began = now;
	see_rate(l, &g, now);
	fprintf(stderr, "%s%s: asked %zu", before(), g.phase ? g.phase : "start", g.asked);
	if (g.expected > g.asked)
		fprintf(stderr, " of %zu or more", g.expected);
	fprintf(stderr, ", found %zu, %.0f/s", g.found, l->rate);
	if (g.steady)
		fprintf(stderr, ", loss %.1f%%", 100 * (double)g.lost / (double)g.steady);
	if (g.waiting)
		fprintf(stderr, ", waits %s at most for a server that went silent",
			span_text((double)g.waiting / SECOND, span));
	else if (l->rate > 0 && g.expected > g.asked)
		fprintf(stderr, ", %s or more left",
			span_text((double)(g.expected - g.asked) / l->rate, span));
	fprintf(stderr, ", %s%s", span_text((double)(now - l->began) / SECOND, span), after());
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

void progress_forecast(const struct progress_forecast *f)
{
	uint32_t least = f->budget && f->budget < f->queries ? f->budget : f->queries;
	char span[SPAN_TEXT];

	fprintf(stderr, "%u queries or more to %s, at most %u a second: this lasts %s or more%s\n",
		least, f->servers == 1 ? "the server" : "each server", f->rate,
		span_text((double)least / f->rate, span),
		least < f->queries ? "; the budget ends it before all is asked" : "");
}
