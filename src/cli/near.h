/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "Did you mean": the known word that lies nearest to one that is not known. */
#ifndef CLI_NEAR_H
#define CLI_NEAR_H

#include <stddef.h>

/* A search begun with near_begin(), fed with every candidate; best is NULL when none is near. */
struct near {
	const char *word;
	const char *best;
	unsigned int distance;
};

/* A search for word; what it finds differs in at most a third of the letters, and in two. */
struct near near_begin(const char *word);
void near_try(struct near *n, const char *candidate);

#endif
