/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One line on standard error that tells how far a long run is, and one before it that says how
 * long. */
#include "cli/progress.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define SECOND 1e6
#define NEWEST 0.25 /* of a rate is the last tick's, the rest what was before */

enum {
	SPAN_TEXT = 32,
	MINUTE = 60,
	HOUR = 3600,
	LINE_TEXT = 256,
	COLUMNS = 80,	    /* of a terminal that does not say */
	LOG_EVERY = 1000000 /* µs between two lines of a log */
};

/* A terminal gets one line that is drawn over; a log, or a terminal that cannot, lines of its own.
 */
static bool draws(void)
{
	const char *term = getenv("TERM");

	return isatty(STDERR_FILENO) && (!term || strcmp(term, "dumb") != 0);
}

/* A line that wraps could not be wiped. */
static int columns(void)
{
	struct winsize w;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &w) < 0 || !w.ws_col)
		return COLUMNS;
	return w.ws_col;
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

struct line {
	char text[LINE_TEXT];
	size_t n;
};

/* Appends; what does not fit is left out. */
__attribute__((format(printf, 2, 3))) static void add(struct line *l, const char *form, ...)
{
	size_t room = sizeof(l->text) - l->n;
	va_list args;
	int n;

	va_start(args, form);
	n = vsnprintf(l->text + l->n, room, form, args);
	va_end(args);
	if (n > 0)
		l->n += (size_t)n < room ? (size_t)n : room - 1;
}

/* "sweep: asked 120 of 900+, found 3, 50/s, loss 0.0%, 16 s+ left, 3 s": + is "or more". */
static void tell(struct line *l, const struct progress *g, double rate)
{
	char span[SPAN_TEXT];

	add(l, "%s: asked %zu", g->phase ? g->phase : "start", g->asked);
	if (g->expected > g->asked)
		add(l, " of %zu+", g->expected);
	add(l, ", found %zu, %.0f/s", g->found, rate);
	if (g->steady)
		add(l, ", loss %.1f%%", 100 * (double)g->lost / (double)g->steady);
	if (g->waiting)
		add(l, ", waits %s at most for a server that went silent",
			span_text((double)g->waiting / SECOND, span));
	else if (rate > 0 && g->expected > g->asked)
		add(l, ", %s+ left", span_text((double)(g->expected - g->asked) / rate, span));
}

void progress_tick(void *user, const struct probe *p, uint64_t now)
{
	struct progress_line *l = user;
	struct progress g = probe_progress(p);
	struct line line = { .n = 0 };
	char span[SPAN_TEXT];

	if (!l->began)
		l->began = now;
	if (!draws() && l->at && now - l->at < LOG_EVERY)
		return;
	see_rate(l, &g, now);
	tell(&line, &g, l->rate);
	add(&line, ", %s", span_text((double)(now - l->began) / SECOND, span));
	if (draws())
		fprintf(stderr, "\r\033[K%.*s", columns() - 1, line.text);
	else
		fprintf(stderr, "%s\n", line.text);
	fflush(stderr);
	l->at = now;
	l->asked = g.asked;
	l->drawn = true;
}

void progress_clear(struct progress_line *l)
{
	if (l->drawn && draws())
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
