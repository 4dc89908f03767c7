/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a scan came to. */
#include "cli/scan_sum.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dns/text.h"

static const double second = 1e6; /* µs */

static void count(struct scan_sum *s, const char *slug)
{
	size_t i = 0;

	while (i < SCAN_VERDICTS - 1 && *s->verdicts[i].slug &&
		strcmp(s->verdicts[i].slug, slug) != 0)
		i++;
	/* The record's own goes with the record. */
	if (!*s->verdicts[i].slug)
		snprintf(s->verdicts[i].slug, SCAN_SLUG, "%s",
			i < SCAN_VERDICTS - 1 ? slug : "others");
	s->verdicts[i].n++;
}

static void rank(struct scan_sum *s, const struct record *r)
{
	char name[NAME_TEXT], type[TEXT_MNEMONIC];
	size_t i = SCAN_SLOWEST;

	while (i && s->slowest[i - 1].elapsed < r->elapsed)
		i--;
	if (i == SCAN_SLOWEST)
		return;
	memmove(&s->slowest[i + 1], &s->slowest[i], (SCAN_SLOWEST - 1 - i) * sizeof(s->slowest[0]));
	s->slowest[i].elapsed = r->elapsed;
	if (r->subject)
		snprintf(s->slowest[i].what, SCAN_WHAT, "%s", r->subject);
	else
		snprintf(s->slowest[i].what, SCAN_WHAT, "%s %s", name_text(r->question->name, name),
			text_type(r->question->type, type));
}

void scan_sum_add(struct scan_sum *s, const struct record *r)
{
	s->n++;
	s->states[r->state]++;
	count(s, r->verdict);
	if (!r->cannot)
		rank(s, r);
}

static int by_count(const void *a, const void *b)
{
	const struct scan_count *x = a, *y = b;

	if (x->n != y->n)
		return (x->n < y->n) - (x->n > y->n);
	return strcmp(x->slug, y->slug);
}

static void put_verdicts(const struct scan_sum *s, struct buf *out)
{
	struct scan_sum sorted = *s;
	size_t n = 0;

	while (n < SCAN_VERDICTS && *s->verdicts[n].slug)
		n++;
	qsort(sorted.verdicts, n, sizeof(sorted.verdicts[0]), by_count);
	for (size_t i = 0; i < n; i++)
		buf_printf(out, "%s%s %llu", i ? ", " : "  ", sorted.verdicts[i].slug,
			(unsigned long long)sorted.verdicts[i].n);
	if (n)
		buf_char(out, '\n');
}

static void put_slowest(const struct scan_sum *s, struct buf *out)
{
	for (size_t i = 0; i < SCAN_SLOWEST && s->slowest[i].elapsed; i++)
		buf_printf(out, "%s%s %.1f s", i ? ", " : "  slowest: ", s->slowest[i].what,
			(double)s->slowest[i].elapsed / second);
	if (s->slowest[0].elapsed)
		buf_char(out, '\n');
}

void scan_sum_text(const struct scan_sum *s, const struct scan_sum_rest *rest, struct buf *out)
{
	double seconds = (double)s->elapsed / second;

	buf_printf(out,
		"%llu lines in %.1f s, %.0f a second: %llu ok, %llu fault, %llu undecided\n",
		(unsigned long long)s->n, seconds, seconds > 0 ? (double)s->n / seconds : 0,
		(unsigned long long)s->states[RECORD_OK],
		(unsigned long long)s->states[RECORD_FAULT],
		(unsigned long long)s->states[RECORD_UNDECIDED]);
	put_verdicts(s, out);
	put_slowest(s, out);
	if (rest->late || rest->strays)
		buf_printf(out,
			"  taken for no answer: %llu replies after their time-out, %llu packets "
			"that "
			"fit no query\n",
			(unsigned long long)rest->late, (unsigned long long)rest->strays);
	if (rest->skipped)
		buf_printf(out, "  %llu were in the database already\n",
			(unsigned long long)rest->skipped);
	if (rest->stopped)
		buf_printf(out,
			"  stopped: %llu that were begun are not done, nor what was not read\n",
			(unsigned long long)rest->left);
}
