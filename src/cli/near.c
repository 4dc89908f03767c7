/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "Did you mean": edit distance with swapped neighbours as one step. */
#include <string.h>

#include "cli/near.h"

enum { NEAR_MAX = 31, NEAR_ROWS = 3 };

static unsigned int least(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

/* Optimal string alignment distance; words longer than NEAR_MAX are never near. */
static unsigned int distance(const char *a, const char *b)
{
	unsigned int row[NEAR_ROWS][NEAR_MAX + 1];
	size_t na = strlen(a), nb = strlen(b);

	if (na > NEAR_MAX || nb > NEAR_MAX)
		return NEAR_MAX;
	for (size_t j = 0; j <= nb; j++)
		row[0][j] = (unsigned int)j;
	for (size_t i = 1; i <= na; i++) {
		unsigned int *now = row[i % NEAR_ROWS], *last = row[(i - 1) % NEAR_ROWS];
		const unsigned int *before = row[(i + 1) % NEAR_ROWS];

		now[0] = (unsigned int)i;
		for (size_t j = 1; j <= nb; j++) {
			now[j] = least(last[j - 1] + (a[i - 1] != b[j - 1]),
				least(last[j], now[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				now[j] = least(now[j], before[j - 2] + 1);
		}
	}
	return row[na % NEAR_ROWS][nb];
}

struct near near_begin(const char *word)
{
	size_t most = strlen(word) / 3;

	if (most < 1)
		most = 1;
	if (most > 2)
		most = 2;
	/* One more than is allowed: only something nearer replaces it. */
	return (struct near){ .word = word, .distance = (unsigned int)most + 1 };
}

void near_try(struct near *n, const char *candidate)
{
	unsigned int d = distance(n->word, candidate);
	size_t len = strlen(n->word);

	/* "conf" for "config": what was begun right is near, however much is missing. */
	if (len >= 3 && strncmp(n->word, candidate, len) == 0)
		d = 0;
	if (d < n->distance) {
		n->best = candidate;
		n->distance = d;
	}
}
