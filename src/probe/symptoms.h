/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which query shapes a diagnosis asks of the last zone's servers: some always, the rest when what
 * is known by then asks for it. A table of symptoms decides; `diagnose --plan` prints it.
 */
#ifndef PROBE_SYMPTOMS_H
#define PROBE_SYMPTOMS_H

#include "base/arena.h"
#include "facts/facts.h"

struct symptom {
	const char *when; /* a part of a sentence: "the resolver fails, or says nothing" */
	bool (*holds)(const struct facts *f, const struct question *q);
	const char *const
		*rows; /* of the table of shapes, ended by NULL; NULL: all but on demand */
};
extern const struct symptom symptom_table[];
extern const size_t symptom_count;

/*
 * The rows for that question, given what is known; each once. NULL and *ret_n 0: all. In the arena.
 */
const char *const *symptoms_rows(
	struct arena *a, const struct facts *f, const struct question *q, size_t *ret_n);

#endif
