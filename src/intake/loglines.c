/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of blocks. */
#include "intake/loglines.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"

/* more: octets of the line that are not in it. */
static void give(struct loglines *l, struct span line, uint64_t more)
{
	l->lines++;
	if (line.n > LOGLINES_MOST) {
		more += line.n - LOGLINES_MOST;
		line.n = LOGLINES_MOST;
	}
	l->overlong += more > 0;
	l->skipped += more;
	if (!more && line.n && line.p[line.n - 1] == '\r')
		line.n--;
	l->take(l->user, line);
}

static void hold(struct loglines *l, struct span part)
{
	size_t fits = LOGLINES_MOST - l->n;

	if (!part.n)
		return;
	if (!l->held)
		l->held = malloc(LOGLINES_MOST);
	if (!l->held)
		err_no_memory();
	if (fits > part.n)
		fits = part.n;
	memcpy(l->held + l->n, part.p, fits);
	l->n += fits;
	l->rest += part.n - fits;
}

static void give_held(struct loglines *l)
{
	struct span line = { (const uint8_t *)l->held, l->n };
	uint64_t more = l->rest;

	l->n = 0;
	l->rest = 0;
	give(l, line, more);
}

void loglines_feed(struct loglines *l, struct span block)
{
	l->octets += block.n;
	while (block.n) {
		const uint8_t *end = memchr(block.p, '\n', block.n);
		struct span part = { block.p, end ? (size_t)(end - block.p) : block.n };

		if (end && !l->n) {
			give(l, part, 0);
		} else {
			hold(l, part);
			if (end)
				give_held(l);
		}
		block.p += part.n + (end != NULL);
		block.n -= part.n + (end != NULL);
	}
}

void loglines_end(struct loglines *l)
{
	if (l->n)
		give_held(l);
	free(l->held);
	l->held = NULL;
}
