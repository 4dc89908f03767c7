/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The catalogue of faults: what each finding id means, in plain words, offline. `explain`, the
 * man page and reports print it.
 */
#ifndef FAULT_FAULT_H
#define FAULT_FAULT_H

#include <stddef.h>

struct fault {
	const char *id;
	const char *title; /* a line */
	/*
	 * The one-line summary of a finding: "{key}" is replaced by its detail of that key, else
	 * "{servers}" by its servers and "{subject}" by its subject. "[with {key}|without]" is the
	 * first text when all its keys are there, else the second (none: nothing); not nested.
	 */
	const char *summary;
	const char *explain;		 /* paragraphs, separated by an empty line */
	const char *seen;		 /* how it is told from its neighbours */
	const char *const *advice_here;	 /* for the one who runs the tool; ended by NULL */
	const char *const *advice_there; /* for the other side; ended by NULL */
	const char *const *refs;	 /* RFCs, Zonemaster tags, stories; ended by NULL */
};

/* All entries, ascending by id. */
extern const struct fault *const fault_table[];
extern const size_t fault_count;

/* NULL when there is no such id. */
const struct fault *fault_find(const char *id);

#endif
