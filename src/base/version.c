/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Versions by their numbers. */
#include "base/version.h"

enum { PART_MOST = 1000000 }; /* larger numbers count as this */

/* The next number; *p is moved behind its dot, or to the end. */
static unsigned long next_part(const char **p)
{
	unsigned long v = 0;

	for (; **p >= '0' && **p <= '9'; ++*p)
		v = v < PART_MOST ? v * 10 + (unsigned long)(**p - '0') : v;
	if (**p == '.')
		++*p;
	else
		*p = "";
	return v;
}

int version_compare(const char *a, const char *b)
{
	while (*a || *b) {
		unsigned long x = next_part(&a), y = next_part(&b);

		if (x != y)
			return x < y ? -1 : 1;
	}
	return 0;
}
